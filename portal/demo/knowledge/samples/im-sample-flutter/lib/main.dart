import 'package:flutter/material.dart';
import 'package:vigil_im/vigil_im.dart';

import 'danmaku_layer.dart';
import 'room_feed.dart';

Future<void> main() async {
  WidgetsFlutterBinding.ensureInitialized();
  // A hot restart leaves the native client alive, with its listeners. Without this line
  // every comment comes twice after the first restart, and the log says 1003.
  await IMClient.instance.detachAll();
  await IMClient.instance.init(const IMConfig(appId: '8841'));
  await IMClient.instance.login('u_82ab', await fetchToken('u_82ab'));
  runApp(SampleApp(feed: await RoomFeed.enter('show_main')));
}

/// Replace it by a call to your own server.
Future<String> fetchToken(String userId) async =>
    const String.fromEnvironment('VIGIL_TEST_TOKEN');

class SampleApp extends StatelessWidget {
  const SampleApp({super.key, required this.feed});

  final RoomFeed feed;

  @override
  Widget build(BuildContext context) {
    return MaterialApp(
      home: Scaffold(
        backgroundColor: Colors.black,
        body: DanmakuLayer(feed: feed),
        bottomNavigationBar: Padding(
          padding: const EdgeInsets.all(12),
          child: TextField(
            onSubmitted: feed.send,
            decoration: const InputDecoration(hintText: 'Say something'),
          ),
        ),
      ),
    );
  }
}
