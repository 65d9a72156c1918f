import 'dart:async';

import 'package:flutter/foundation.dart';
import 'package:vigil_im/vigil_im.dart';

/// Comments of one live room, in batches of 200 ms.
class RoomFeed extends ChangeNotifier {
  RoomFeed(this._room);

  static const _kept = 200;

  final Room _room;
  final List<Message> _comments = [];
  StreamSubscription<List<Message>>? _subscription;

  List<Message> get comments => List.unmodifiable(_comments);

  static Future<RoomFeed> enter(String roomId) async {
    final room = await IMClient.instance.enterRoom(roomId);
    final feed = RoomFeed(room);
    await feed._start();
    return feed;
  }

  Future<void> _start() async {
    // One redraw for each batch instead of one for each comment.
    await _room.setDeliveryMode(
      DeliveryMode.batched(
        interval: const Duration(milliseconds: 200),
        maxItems: 40,
        sampling: 60, // a second; priority high is never left out
      ),
    );
    _subscription = _room.onBatch.listen(_take);
  }

  void _take(List<Message> batch) {
    _comments.addAll(batch);
    if (_comments.length > _kept) {
      _comments.removeRange(0, _comments.length - _kept);
    }
    notifyListeners();
  }

  /// Null if sent, else the code: 4205 room muted, 4290 too fast.
  Future<int?> send(String text) async {
    try {
      await _room.sendMessage(TextMessage(text));
      return null;
    } on IMException catch (error) {
      return error.code;
    }
  }

  Future<void> leave() async {
    await _subscription?.cancel();
    await _room.leave();
    dispose();
  }
}
