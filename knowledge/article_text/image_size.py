"""Width and height of an image, from the first bytes of its file.

After the formats' own descriptions: PNG (RFC 2083), GIF89a, JPEG (ITU T.81), WebP (RFC 9649) and
SVG's `width`, `height` and `viewBox`. Pure; what is none of these has no size.
"""

from __future__ import annotations

import re
import struct
from typing import Final

Size = tuple[int, int] | None
_LARGEST: Final = 20_000  # pixels; beyond, the file is wrong or no picture for a page
# Markers of JPEG that are followed by the size: SOF0 to SOF15 without DHT, JPG and DAC.
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SVG: Final = re.compile(rb"<svg\b[^>]{0,2000}>", re.IGNORECASE)
_SIDE: Final = rb'\b%s\s*=\s*["\']\s*(\d{1,5})(?:\.\d+)?(?:px)?\s*["\']'
_BOX: Final = re.compile(
    rb'\bviewBox\s*=\s*["\'][\d.-]+[ ,]+[\d.-]+[ ,]+(\d{1,5})[\d.]*[ ,]+(\d{1,5})'
)


def size_of(content: bytes) -> Size:
    """Width and height in pixels; None where the file does not say."""
    size = _read(content)
    return size if size and all(0 < side <= _LARGEST for side in size) else None


def _read(content: bytes) -> Size:
    try:
        if content.startswith(b"\x89PNG\r\n\x1a\n"):
            return _pair(struct.unpack_from(">II", content, 16))
        if content[:6] in (b"GIF87a", b"GIF89a"):
            return _pair(struct.unpack_from("<HH", content, 6))
        if content.startswith(b"\xff\xd8"):
            return _jpeg(content)
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _webp(content)
        return _svg(content[:4000])
    except struct.error:
        return None


def _pair(numbers: tuple[int, ...]) -> tuple[int, int]:
    return numbers[0], numbers[1]


def _jpeg(content: bytes) -> Size:
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", content, at + 5)
            return width, height
        at += 2 + struct.unpack_from(">H", content, at + 2)[0]
    return None


def _webp(content: bytes) -> Size:
    form = content[12:16]
    if form == b"VP8X":
        wide, high = content[24:27], content[27:30]
        return int.from_bytes(wide, "little") + 1, int.from_bytes(high, "little") + 1
    if form == b"VP8L":
        bits = struct.unpack_from("<I", content, 21)[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack_from("<HH", content, 26)
    return width & 0x3FFF, height & 0x3FFF


def _svg(content: bytes) -> Size:
    opening = _SVG.search(content)
    if opening is None:
        return None
    width = re.search(_SIDE % b"width", opening[0])
    height = re.search(_SIDE % b"height", opening[0])
    if width and height:
        return int(width[1]), int(height[1])
    box = _BOX.search(opening[0])
    return (int(box[1]), int(box[2])) if box else None
