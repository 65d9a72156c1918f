"""No mail keeps the reader busy, fills its memory or makes it fail."""

from __future__ import annotations

import random

import pytest

from tickets.intake.mail import automatic, newly_written
from tickets.intake.mail.addresses import MOST_ADDRESSES
from tickets.intake.mail.contents import MOST_TEXT
from tickets.intake.mail.parsed import ParsedMail, Problem
from tickets.intake.mail.parsing import parse
from tickets.intake.mail.structure import MOST_LEVELS, MOST_PARTS

MB = 1_000_000
FROM = b"From: a@b.example\n"


def nested(levels: int, inside: bytes) -> bytes:
    opened = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level)
        for level in range(levels)
    )
    return FROM + opened + b"\n" + inside


HOSTILE: dict[str, bytes] = {
    "100 levels": nested(100, b"deep\n"),
    "1,000 levels": nested(1_000, b"deep\n"),
    "many lines like boundaries": nested(99, b"--b5x\n" * 200_000),
    "many parts": nested(50, b"--b49\n\nx\n" * 200_000),
    "parts without an end of their header": nested(99, b"--b98\nA: b\n" * 100_000),
    "parts with a level each": nested(2, b"--b1\nContent-Type: multipart/x; boundary=q\n\n" * 50_000),
    "10,000 recipients": FROM
    + b"To: " + b", ".join(b'"a, b" <u%d@x.example>' % number for number in range(10_000)) + b"\n\nHi",
    "30 MB": FROM + b"\n" + b"line of text\n" * (30 * MB // 13),
    "a million lines": FROM + b"\n" + b"x\n" * MB,
    "one long line": FROM + b"\n" + b"x" * (10 * MB),
    "many fields": FROM + b"X: y\n" * MB + b"\nHi",
    "a long field": FROM + b"Subject: " + b"x" * (10 * MB) + b"\n\nHi",
    "many words": FROM + b"Subject: " + b"=?utf-8?q?" * MB + b"\n\nHi",
    "comments": b"From: " + b"(" * (5 * MB) + b"\n\nHi",
    "quotes": b"From: " + b'"' * (5 * MB) + b"\n\nHi",
    "brackets": b"From: " + b"<" * (5 * MB) + b"\nReferences: " + b"<" * MB + b"\n\nHi",
    "parameters": FROM + b"Content-Type: a/b" + b';x="' * MB + b"\n\nHi",
    "pieces of parameters": FROM + b"Content-Type: a/b" + b";x*1*=%" * MB + b"\n\nHi",
    "blank lines": FROM + b" \n" * MB,
    "nothing but NUL": b"\0" * (5 * MB),
    "HTML nested": FROM + b"Content-Type: text/html\n\n" + b"<div>" * MB,
    "HTML of lines": FROM + b"Content-Type: text/html\n\n" + b"<br>" * MB,
    "HTML of entities": FROM + b"Content-Type: text/html\n\n" + b"&lt;" * MB,
    "encodings": FROM + b"Content-Transfer-Encoding: quoted-printable\n\n" + b"=C3=A4=\n" * MB,
    "base64 of rubbish": FROM + b"Content-Transfer-Encoding: base64\n\n" + b"*=A" * MB,
    "unknown charset": FROM + b"Content-Type: text/plain; charset=x\n\n" + bytes(range(256)) * 10_000,
    "a codec that is no charset": FROM + b"Content-Type: text/plain; charset=zlib\n\n\xffHi",
    "a boundary of nothing": FROM + b'Content-Type: multipart/mixed; boundary=""\n\n----\nHi',
    "no boundary": FROM + b"Content-Type: multipart/mixed\n\nHi",
    "half a mail": FROM + b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/pl",
}  # fmt: skip


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_hostile_mails_are_read_in_bounds(raw: bytes) -> None:
    mail = parse(raw)
    assert Problem.NOT_READ not in mail.problems
    assert mail.problems
    assert len(mail.text) <= MOST_TEXT
    assert len(mail.to) <= MOST_ADDRESSES
    assert len(mail.attachments) <= MOST_PARTS
    newly_written.split(mail)
    automatic.kind_of(mail)


def test_a_hundred_levels_are_read_to_the_bottom() -> None:
    assert MOST_LEVELS >= 100
    assert parse(HOSTILE["100 levels"]).text == "deep"


def test_below_the_last_level_nothing_is_lost() -> None:
    mail = parse(HOSTILE["1,000 levels"])
    assert Problem.TOO_DEEP in mail.problems
    assert "deep" in mail.text


def test_as_many_recipients_as_are_kept_are_right() -> None:
    mail = parse(HOSTILE["10,000 recipients"])
    assert Problem.TOO_MANY_RECIPIENTS in mail.problems
    assert mail.to[-1].address == f"u{MOST_ADDRESSES - 1}@x.example"
    assert mail.to[-1].name == "a, b"


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"", Problem.EMPTY),
        (b" \r\n\r\n", Problem.EMPTY),
        (b"Subject: x\n\nHi", Problem.NO_FROM),
        (b"From: nobody\n\nHi", Problem.FROM_UNREADABLE),
        (b"From: a@b.example\n\nHi", Problem.NO_MESSAGE_ID),
        (b"From: a@b.example\n\n", Problem.NO_TEXT),
        (b"From: a@b.example\nthis is no field\n\nHi", Problem.HEADER_BROKEN),
    ],
)
def test_what_was_wrong_is_said(raw: bytes, problem: Problem) -> None:
    assert problem in parse(raw).problems


def test_rubbish_never_raises() -> None:
    chance = random.Random(17)  # noqa: S311  # not for secrets
    pieces = [
        b"From: ", b"a@b.example", b"\n", b"\r\n", b"\n\n", b"--b", b"--", b"\0", b"\xff\xfe", b"=?gb2312?B?",
        b"?=", b"Content-Type: multipart/mixed; boundary=b", b"Content-Type: text/html; charset=", b"utf-7",
        b"Content-Transfer-Encoding: base64", b"Date: ", b"<blockquote>", b"&#x110000;", b"&#0;", b"> ", b"<",
        "写道：".encode(), "发件人：".encode("gbk"), b"Subject: ", b"To: ", b";", b'"', b"utf-16", b"begin 644 x",
        b"filename*=", b"''%", b"2024", b"10:12", b"message/delivery-status", b"Action: failed", b"iso-2022-jp",
        b"\x1b$B", b"+AGEA-", b"name*0*=x'", b"text/calendar", b" " * 50,
    ]  # fmt: skip
    for _mail in range(600):
        raw = b"".join(chance.choice(pieces) for _piece in range(chance.randint(1, 60)))
        mail = parse(raw)
        assert isinstance(mail, ParsedMail)
        assert Problem.NOT_READ not in mail.problems, raw
        newly_written.split(mail)
        automatic.kind_of(mail)
        whole = (
            f"{mail.subject}{mail.text}{mail.from_.name}{[one.name for one in mail.attachments]}"
        )
        assert "\0" not in whole
        whole.encode()  # no halves of surrogate pairs
