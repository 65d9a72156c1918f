import 'package:flutter/material.dart';
import 'package:vigil_rtc/vigil_rtc.dart';

import 'call_controller.dart';

void main() => runApp(const MaterialApp(home: CallPage(roomId: 'demo')));

class CallPage extends StatefulWidget {
  const CallPage({super.key, required this.roomId});

  final String roomId;

  @override
  State<CallPage> createState() => _CallPageState();
}

class _CallPageState extends State<CallPage> {
  final _call = CallController(Uri.parse('https://api.example.com/rtc-token'));

  @override
  void initState() {
    super.initState();
    _call.join(widget.roomId);
  }

  @override
  void dispose() {
    _call.leave().whenComplete(_call.dispose);
    super.dispose();
  }

  @override
  Widget build(BuildContext context) {
    return Scaffold(
      appBar: AppBar(title: Text(widget.roomId)),
      body: ListenableBuilder(
        listenable: _call,
        builder: (context, _) => Column(
          children: [
            if (_call.problem case final String problem) Text(problem),
            if (_call.weakNetwork) const Text('Weak network'),
            Expanded(
              child: GridView.extent(
                maxCrossAxisExtent: 240,
                childAspectRatio: 16 / 9,
                children: [
                  for (final stream in _call.streams)
                    RtcVideoView(key: ValueKey(stream.id), stream: stream),
                ],
              ),
            ),
          ],
        ),
      ),
    );
  }
}
