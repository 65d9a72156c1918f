"""A mail is read in blocks, and ends where SMTP says that it ends, and nowhere else."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from portal.mail_in.conversation import BUSY, TOO_LARGE, Smtp

LIMIT = 1_000


class Reader:
    """Gives the pieces as they come, and counts how often it is asked."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self.pieces = list(pieces)
        self.asked = 0
        self._buffer = bytearray()

    async def read(self, most: int) -> bytes:
        self.asked += 1
        if not self.pieces:
            return b""
        piece, rest = self.pieces[0][:most], self.pieces[0][most:]
        self.pieces[:1] = [rest] if rest else []
        return piece


class Desk:
    """A door that has room for so many bytes."""

    def __init__(self, limit: int, room: int) -> None:
        self.limit, self.room, self.held = limit, room, 0

    def pick_up(self, size: int) -> bool:
        if self.held + size > self.room:
            return False
        self.held += size
        return True

    def put_down(self, size: int) -> None:
        self.held -= size


def receive(
    *pieces: bytes, limit: int = LIMIT, room: int = 10**9
) -> tuple[str, bytes, bytes, SimpleNamespace]:
    """Why it is refused, the mail, what came behind its end, and the conversation."""
    closed: list[bool] = []
    talk: Any = SimpleNamespace(
        _reader=Reader(pieces),
        door=Desk(limit, room),
        transport=SimpleNamespace(close=lambda: closed.append(True)),
        closed=closed,
    )
    talk._taken = lambda waiting: Smtp._taken(talk, waiting)
    content = bytearray()
    refusal = asyncio.run(Smtp._receive(talk, content))
    assert talk.door.held == len(content)
    beyond = bytes(talk._reader._buffer) + b"".join(talk._reader.pieces)
    return refusal, bytes(content), beyond, talk


def by_lines(raw: bytes) -> tuple[bytes, bytes]:
    """The same by the words of RFC 5321, 4.5.2: line by line."""
    mail = b""
    while True:
        line, _end, raw = raw.partition(b"\r\n")
        if line == b".":
            return mail, raw
        mail += line.removeprefix(b".") + b"\r\n"


@pytest.mark.parametrize("seed", range(20))
def test_it_is_read_as_line_by_line_however_it_comes(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  no secret
    for _mail in range(200):
        raw = b"".join(
            chance.choices([b"\r", b"\n", b".", b"\r\n", b"\r\n.", b"a"], k=chance.randint(0, 25))
        )
        raw += b"\r\n.\r\nQUIT\r\n"
        cuts = sorted(chance.choices(range(len(raw) + 1), k=chance.randint(0, 8)))
        pieces = [raw[a:b] for a, b in zip([0, *cuts], [*cuts, len(raw)], strict=True)]
        refusal, mail, beyond, _talk = receive(*[one for one in pieces if one])
        assert (refusal, mail, beyond) == ("", *by_lines(raw)), pieces


@pytest.mark.parametrize(
    "end", [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r\n.\r", b"\r.\r\n", b"\r\n\x00.\r\n"]
)
def test_what_only_resembles_an_end_smuggles_nothing(end: bytes) -> None:
    raw = b"hello" + end + b"MAIL FROM:<x@y.example>\r\n"
    _refusal, mail, beyond, _talk = receive(raw + b".\r\nQUIT\r\n")
    assert mail == raw.replace(b"\r\n.", b"\r\n")
    assert beyond == b"QUIT\r\n"


def test_empty_lines_are_not_asked_for_one_by_one() -> None:
    raw = b"\r\n" * 500_000
    _refusal, mail, _beyond, talk = receive(raw + b".\r\n", limit=10**7)
    assert mail == raw
    assert talk._reader.asked < 20


def test_what_is_refused_is_read_to_its_end_and_not_kept() -> None:
    for more, said in (({}, TOO_LARGE), ({"room": 10}, BUSY)):
        refusal, mail, beyond, talk = receive(
            b"x\r\n" * 300, b"y" * 200, b"\r\n.\r\n", b"RSET\r\n", **more
        )
        assert (refusal, mail, beyond) == (said, b"", b"RSET\r\n")
        assert not talk.closed


def test_who_does_not_stop_after_a_refusal_is_hung_up_on() -> None:
    with pytest.raises(asyncio.IncompleteReadError):
        receive(*[b"x" * LIMIT] * 4)
    refusal, _mail, _beyond, talk = receive(*[b"x" * LIMIT] * 5, b"\r\n.\r\n")
    assert refusal == TOO_LARGE
    assert talk.closed


def test_a_connection_that_ends_before_the_mail_does_is_no_mail() -> None:
    with pytest.raises(asyncio.IncompleteReadError):
        receive(b"half a mail\r\n.")
