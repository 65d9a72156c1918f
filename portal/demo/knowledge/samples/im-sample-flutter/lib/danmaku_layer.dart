import 'package:flutter/material.dart';
import 'package:vigil_im/vigil_im.dart';

import 'room_feed.dart';

/// Draws all flying comments with one painter; put it over the player.
class DanmakuLayer extends StatefulWidget {
  const DanmakuLayer({super.key, required this.feed});

  final RoomFeed feed;

  @override
  State<DanmakuLayer> createState() => _DanmakuLayerState();
}

class _DanmakuLayerState extends State<DanmakuLayer> with SingleTickerProviderStateMixin {
  static const _crossing = Duration(seconds: 8);
  static const _lanes = 6;

  late final AnimationController _clock =
      AnimationController(vsync: this, duration: const Duration(hours: 1))..repeat();
  final List<_Flying> _flying = [];
  final Set<String> _seen = {};

  @override
  void initState() {
    super.initState();
    widget.feed.addListener(_launch);
  }

  void _launch() {
    final now = _clock.lastElapsedDuration ?? Duration.zero;
    _seen.retainAll({for (final each in widget.feed.comments) each.id});
    _flying.removeWhere((each) => now - each.since > _crossing);
    for (final message in widget.feed.comments) {
      if (!_seen.add(message.id)) continue;
      _flying.add(_Flying(message.text, now, _flying.length % _lanes));
    }
  }

  @override
  void dispose() {
    widget.feed.removeListener(_launch);
    _clock.dispose();
    super.dispose();
  }

  @override
  Widget build(BuildContext context) {
    return RepaintBoundary(
      child: CustomPaint(
        size: Size.infinite,
        painter: _DanmakuPainter(_clock, _flying, _crossing),
      ),
    );
  }
}

class _Flying {
  _Flying(String text, this.since, this.lane)
      : painter = TextPainter(
          text: TextSpan(text: text, style: const TextStyle(color: Colors.white, fontSize: 18)),
          textDirection: TextDirection.ltr,
        )..layout();

  final Duration since;
  final int lane;
  final TextPainter painter;
}

class _DanmakuPainter extends CustomPainter {
  _DanmakuPainter(this.clock, this.flying, this.crossing) : super(repaint: clock);

  final AnimationController clock;
  final List<_Flying> flying;
  final Duration crossing;

  @override
  void paint(Canvas canvas, Size size) {
    final now = clock.lastElapsedDuration ?? Duration.zero;
    for (final each in flying) {
      final part = (now - each.since).inMilliseconds / crossing.inMilliseconds;
      final x = size.width - part * (size.width + each.painter.width);
      each.painter.paint(canvas, Offset(x, 28.0 * each.lane));
    }
  }

  @override
  bool shouldRepaint(_DanmakuPainter old) => old.flying != flying;
}
