"""Sizes of images, read from the beginning of their files."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.article_text.image_size import size_of

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">II", 640, 480)
JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00"
    b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", 480, 640) + b"\x03\x01\x22\x00"
)
VP8X = b"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00" + bytes(
    [0x7F, 2, 0, 0xDF, 1, 0]
)
VP8L = b"RIFF\x00\x00\x00\x00WEBPVP8L\x00\x00\x00\x00\x2f" + struct.pack("<I", 639 | 479 << 14)
VP8 = b"RIFF\x00\x00\x00\x00WEBPVP8 \x00\x00\x00\x00abc\x9d\x01\x2a" + struct.pack("<HH", 640, 480)


@pytest.mark.parametrize(
    "content",
    [
        PNG,
        b"GIF89a" + struct.pack("<HH", 640, 480),
        JPEG,
        VP8X,
        VP8L,
        VP8,
        b'<?xml version="1.0"?><svg width="640" height="480px" viewBox="0 0 1 1">',
        b"<svg xmlns='x' viewBox='0 0 640 480.5'>",
    ],
)
def test_width_and_height_are_read(content: bytes) -> None:
    assert size_of(content) == (640, 480)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        PNG[:18],
        JPEG[:26],
        b"\xff\xd8\xff\xe0\x00\x00",
        b"RIFF\x00\x00\x00\x00WEBPVP8L",
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">II", 0, 10),
        b"GIF89a" + struct.pack("<HH", 65535, 65535),
        b"<svg width='100%' height='100%'>",
        b"text",
    ],
)
def test_what_does_not_say_has_none(content: bytes) -> None:
    assert size_of(content) is None


@given(st.sampled_from([b"\xff\xd8", b"GIF89a", b"RIFF1234WEBP", PNG[:8], b"<svg "]), st.binary())
def test_nothing_makes_it_fail_or_go_on_for_ever(start: bytes, rest: bytes) -> None:
    size_of(start + rest)
