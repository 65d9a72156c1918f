import 'dart:async';
import 'dart:convert';

import 'package:flutter/foundation.dart';
import 'package:http/http.dart' as http;
import 'package:permission_handler/permission_handler.dart';
import 'package:vigil_rtc/vigil_rtc.dart';

/// One call. Listen to it with a [ListenableBuilder].
class CallController extends ChangeNotifier {
  CallController(this.tokenAddress);

  final Uri tokenAddress;
  final List<RtcStream> streams = [];
  final List<StreamSubscription<Object?>> _subscriptions = [];

  Room? _room;
  String? problem;
  bool weakNetwork = false;

  bool get isJoined => _room != null;

  /// Joins with what the user grants; a refused microphone still lets the user listen.
  Future<void> join(String roomId) async {
    final engine = RtcEngine.instance;
    await engine.detachAll(); // hot restart keeps the native side; harmless otherwise
    await engine.init(const RtcConfig(appId: '8841', region: Region.euWest));
    _listen(engine);

    final granted = await [Permission.microphone, Permission.camera].request();
    final options = JoinOptions(
      publishAudio: granted[Permission.microphone]?.isGranted ?? false,
      publishVideo: granted[Permission.camera]?.isGranted ?? false,
    );
    try {
      _room = await engine.join(await _token(roomId), options: options);
      problem = null;
    } on RtcException catch (error) {
      problem = _explain(error.code);
    } on TimeoutException {
      problem = 'The token server does not answer';
    }
    notifyListeners();
  }

  Future<void> leave() async {
    final room = _room;
    if (room == null) return;
    _room = null;
    for (final subscription in _subscriptions) {
      await subscription.cancel();
    }
    _subscriptions.clear();
    streams.clear();
    await RtcEngine.instance.leave(room);
    notifyListeners();
  }

  void _listen(RtcEngine engine) {
    _subscriptions.addAll([
      engine.onTokenWillExpire.listen((room) async {
        await engine.renewToken(room, await _token(room));
      }),
      engine.onStreamAdded.listen((stream) {
        if (stream.kind != StreamKind.camera) return;
        stream.room.subscribe(stream.id, layer: Layer.low);
        streams.add(stream);
        notifyListeners();
      }),
      engine.onStreamRemoved.listen((stream) {
        streams.removeWhere((each) => each.id == stream.id);
        notifyListeners();
      }),
      engine.onStats.listen((stats) {
        final weak = stats.concealPct > 10 || stats.rttMs > 400;
        if (weak == weakNetwork) return; // no repaint every two seconds
        weakNetwork = weak;
        notifyListeners();
      }),
    ]);
  }

  Future<String> _token(String room) async {
    final address = tokenAddress.replace(queryParameters: {'room': room});
    final answer = await http.get(address).timeout(const Duration(seconds: 5));
    if (answer.statusCode != 200) throw RtcException(1101, 'token server: ${answer.statusCode}');
    return (jsonDecode(answer.body) as Map<String, dynamic>)['token'] as String;
  }

  String _explain(int code) => switch (code) {
        1101 || 1102 || 1104 => 'Please sign in again ($code)',
        2003 || 2105 => 'No connection to the call ($code)',
        6040 => 'The room is full',
        _ => 'The call could not be joined ($code)',
      };
}
