"""What a mail says, whatever its program did to it."""

from __future__ import annotations

import base64
import datetime as dt

import pytest

from tickets.intake.mail.parsed import Address, ParsedMail, Problem
from tickets.intake.mail.parsing import parse

ENOUGH = b"From: a@b.example\nMessage-ID: <m@b.example>\nDate: Tue, 5 Mar 2024 10:12:13 +0800\n"


def with_fields(fields: bytes, body: bytes = b"Hello\n") -> ParsedMail:
    return parse(ENOUGH + fields + b"\n" + body)


def in_parts(kind: bytes, *parts: bytes) -> ParsedMail:
    joined = b"".join(b"--B\n" + part + b"\n" for part in parts)
    return with_fields(b"Content-Type: multipart/" + kind + b"; boundary=B\n", joined + b"--B--\n")


def words(*pieces: bytes, charset: str = "gb2312") -> bytes:
    coded = [f"=?{charset}?B?{base64.b64encode(piece).decode()}?=" for piece in pieces]
    return "\n ".join(coded).encode()


# Subjects and names


def test_gb2312_words_may_hold_characters_of_gbk() -> None:
    assert with_fields(b"Subject: " + words("镕喆".encode("gbk")) + b"\n").subject == "镕喆"


def test_a_character_cut_over_two_words_is_one_character() -> None:
    raw = "加入频道后黑屏".encode("gbk")
    assert with_fields(b"Subject: " + words(raw[:5], raw[5:]) + b"\n").subject == "加入频道后黑屏"


def test_words_of_two_charsets_are_not_joined() -> None:
    both = words("黑".encode("gbk")) + b"\n " + words("屏".encode(), charset="utf-8")
    assert with_fields(b"Subject: " + both + b"\n").subject == "黑屏"


def test_text_between_words_stays() -> None:
    assert with_fields(b"Subject: Re: =?utf-8?Q?caf=C3=A9_x?= open\n").subject == "Re: café x open"


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "gbk"])
def test_raw_bytes_in_a_subject_are_read(charset: str) -> None:
    assert with_fields("Subject: 加入频道后黑屏\n".encode(charset)).subject == "加入频道后黑屏"


def test_a_subject_never_holds_line_breaks_or_turned_directions() -> None:
    subject = (
        "=?utf-8?B?"
        + base64.b64encode("a\r\nBcc: x@y.example\u202eb\u2028c\0".encode()).decode()
        + "?="
    )
    assert with_fields(f"Subject: {subject}\n".encode()).subject == "a Bcc: x@y.example b c"


def test_a_name_that_looks_like_two_addresses_is_one_name() -> None:
    mail = parse(b'From: "boss@x.example, ceo@y.example" <lin@customer.example>\n\nHi')
    assert mail.from_ == Address("boss@x.example, ceo@y.example", "lin@customer.example")


def test_a_name_never_holds_line_breaks() -> None:
    name = "=?utf-8?Q?a=0D=0ABcc:_x@y.example?="
    assert parse(f"From: {name} <a@b.example>\n\nHi".encode()).from_.name == "a Bcc: x@y.example"


def test_encoded_commas_and_brackets_make_no_recipients() -> None:
    name = words(b"a@x.example, <b@x.example>", charset="utf-8")
    found = with_fields(b"To: " + name + b" <c@x.example>\n").to
    assert [one.address for one in found] == ["c@x.example"]


def test_an_encoded_address_with_a_line_break_is_none() -> None:
    assert parse(b"From: <=?utf-8?Q?a=0Ab?=@x.example>\n\nHi").from_.address == ""


def test_groups_and_comments_are_opened() -> None:
    mail = with_fields(b"To: team: a@x.example, B <b@x.example>;, c@x.example (C, really)\n")
    assert [one.address for one in mail.to] == ["a@x.example", "b@x.example", "c@x.example"]
    assert mail.to[2].name == "C, really"


def test_domains_are_lower_case_and_local_parts_as_written() -> None:
    assert parse(b"From: A.B@Customer.EXAMPLE\n\nHi").from_ == Address("", "A.B@customer.example")


def test_two_senders_are_a_problem() -> None:
    assert Problem.SEVERAL_FROM in parse(b"From: a@b.example\nFrom: c@d.example\n\nHi").problems
    assert Problem.SEVERAL_FROM in parse(b"From: a@b.example, c@d.example\n\nHi").problems


# Message-IDs, dates, fields


def test_message_ids_may_hold_several_at_signs() -> None:
    mail = parse(b"Message-ID: <3f6c@Lins-iPhone@local>\nReferences: <a@b@c>\n\t<d@e>\n\nHi")
    assert mail.message_id == "<3f6c@Lins-iPhone@local>"
    assert mail.references == ("<a@b@c>", "<d@e>")


def test_message_ids_without_brackets_get_them() -> None:
    assert with_fields(b"In-Reply-To: a@b.example\n").in_reply_to == ("<a@b.example>",)


@pytest.mark.parametrize(
    ("written", "read", "problem"),
    [
        (
            b"Tue, 5 Mar 2024 10:12:13 +0800 (CST)",
            dt.datetime(2024, 3, 5, 2, 12, 13, tzinfo=dt.UTC),
            None,
        ),
        (b"Tue, 5 Mar 2024 10:12:13", dt.datetime(2024, 3, 5, 10, 12, 13, tzinfo=dt.UTC), None),
        (
            b"Thu, 1 Jan 1970 00:00:00 +0000",
            dt.datetime(1970, 1, 1, tzinfo=dt.UTC),
            Problem.DATE_IMPLAUSIBLE,
        ),
        (
            b"Thu, 1 Jan 2099 00:00:00 +0000",
            dt.datetime(2099, 1, 1, tzinfo=dt.UTC),
            Problem.DATE_IMPLAUSIBLE,
        ),
        (b"2024-99-99", None, Problem.DATE_UNREADABLE),
        (b"Tue, 99 Foo 99999999 99:99:99 +9999999", None, Problem.DATE_UNREADABLE),
        (b"", None, Problem.NO_DATE),
    ],
)
def test_dates(written: bytes, read: dt.datetime | None, problem: Problem | None) -> None:
    mail = parse(b"From: a@b.example\nMessage-ID: <m@b>\nDate: " + written + b"\n\nHi")
    assert mail.date == read
    assert mail.problems == (() if problem is None else (problem,))


def test_fields_for_the_rest_are_kept_topmost_first() -> None:
    mail = with_fields(
        b"Authentication-Results: ours; dmarc=pass\nAuthentication-Results: theirs; dmarc=fail\n"
        b"Received: a\nReceived: b\nAuto-Submitted: no\nPrecedence: Bulk\nList-Id: <x>\nReturn-Path: <>\n"
    )
    assert mail.authentication_results == ("ours; dmarc=pass", "theirs; dmarc=fail")
    assert (mail.received_count, mail.precedence, mail.list_id) == (2, "bulk", "<x>")
    assert mail.return_path == ""
    assert mail.header("List-ID") == "<x>"
    assert parse(ENOUGH + b"\nHi").return_path is None


# Texts


@pytest.mark.parametrize(
    ("charset", "codec", "problem"),
    [
        (b"gb2312", "gb18030", None),
        (b"GBK", "gb18030", None),
        (b"utf-8", "utf-8", None),
        (b"iso-8859-1", "utf-8", None),
        (b"iso-8859-1", "gbk", Problem.WRONG_CHARSET),
        (b"us-ascii", "gbk", Problem.WRONG_CHARSET),
        (b"utf-8", "gbk", Problem.WRONG_CHARSET),
        (b"x-made-up", "gbk", Problem.UNKNOWN_CHARSET),
        (b"", "gbk", None),
        (b"big5", "big5", None),
    ],
)
def test_charsets_declared_and_true(charset: bytes, codec: str, problem: Problem | None) -> None:
    text = "加入之後畫面全黑，請幫忙" if codec == "big5" else "加入频道后画面全黑，请帮忙看看"
    mail = with_fields(b"Content-Type: text/plain; charset=" + charset + b"\n", text.encode(codec))
    assert mail.text == text
    assert mail.problems == (() if problem is None else (problem,))


def test_western_text_without_charset_is_not_taken_for_chinese() -> None:
    text = "Grüße aus München, schöne Füße"
    assert (
        with_fields(b"Content-Type: text/plain; charset=iso-8859-1\n", text.encode("latin-1")).text
        == text
    )


def test_flowed_lines_are_joined_and_signatures_kept_apart() -> None:
    mail = with_fields(
        b"Content-Type: text/plain; format=flowed\n", b"one \ntwo\n> a \n> b\n-- \nAnna\n"
    )
    assert mail.text == "one two\n> a b\n-- \nAnna"


def test_broken_quoted_printable_is_read_as_far_as_it_goes() -> None:
    mail = with_fields(
        b"Content-Transfer-Encoding: quoted-printable\n", b"50=% of =C3=A4 =\nrest ="
    )
    assert mail.text.startswith("50=% of ä rest")


def test_broken_base64_is_read_as_far_as_it_goes() -> None:
    mail = with_fields(
        b"Content-Transfer-Encoding: base64\n", base64.b64encode(b"Hello there!")[:-1] + b"*%"
    )
    assert mail.text.startswith("Hello there")
    assert mail.problems == (Problem.BROKEN_ENCODING,)


def test_nul_bytes_are_taken_out() -> None:
    mail = with_fields(b"Subject: a\0b\n", b"x\0y\n")
    assert (mail.subject, mail.text) == ("ab", "xy")
    assert mail.problems == (Problem.NUL_BYTES,)


def test_the_plain_part_is_preferred_and_html_kept() -> None:
    mail = in_parts(b"alternative", b"\nplain\n", b"Content-Type: text/html\n\n<b>rich</b>\n")
    assert (mail.text, mail.text_from_html) == ("plain", False)
    assert "<b>rich</b>" in mail.html


def test_html_alone_becomes_text() -> None:
    mail = with_fields(
        b"Content-Type: text/html\n", b"<p>one</p><script>x()</script><p>two &amp; three"
    )
    assert (mail.text, mail.text_from_html) == ("one\n\ntwo & three", True)


def test_an_empty_plain_part_gives_way_to_html() -> None:
    mail = in_parts(b"alternative", b"\n \n", b"Content-Type: text/html\n\n<p>rich</p>\n")
    assert (mail.text, mail.text_from_html) == ("rich", True)


def test_text_around_attachments_is_one_text() -> None:
    mail = in_parts(
        b"mixed",
        b"\nabove\n",
        b"Content-Type: image/png\n\nx",
        b"Content-Type: text/plain\n\nbelow\n",
    )
    assert mail.text == "above\nbelow"


# Files and parts of other kinds


def test_attachments_without_a_name_get_one() -> None:
    mail = in_parts(
        b"mixed",
        b"\ntext",
        b"Content-Type: application/pdf\n\nx",
        b"Content-Type: image/png\nContent-ID: <i1>\nContent-Disposition: inline\n\ny",
        b"Content-Type: application/x-unheard-of\n\nz",
        b"Content-Type: message/rfc822\n\nSubject: x\n\nHi",
    )
    assert [one.name for one in mail.attachments] == [
        "attachment-1.pdf", "image-2.png", "attachment-3.bin", "message-4.eml",
    ]  # fmt: skip
    assert [one.is_inline for one in mail.attachments] == [False, True, False, False]
    assert mail.attachments[1].content_id == "i1"


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        (b'attachment; filename="../../etc/passwd"', "passwd"),
        (b'attachment; filename="C:\\\\x\\\\log.txt"', "log.txt"),
        (b"attachment; filename*=UTF-8''%E6%97%A5%E5%BF%97.txt", "日志.txt"),
        (b"attachment; filename*0*=gbk''%C8%D5; filename*1*=%D6%BE; filename*2=.txt", "日志.txt"),
        (b'attachment; filename="' + words("日志.txt".encode("gbk")) + b'"', "日志.txt"),
        (b'attachment; filename="' + "日志.txt".encode("gbk") + b'"', "日志.txt"),
        (b'attachment; filename="a\r\n b\xe2\x80\xaefdp.exe"', "a b fdp.exe"),
        (b'attachment; filename="...."', "attachment-1.bin"),
        (b'attachment; filename="' + b"x" * 500 + b'.log"', "x" * 116 + ".log"),
    ],
)
def test_names_of_files_are_fit_to_be_shown_and_stored(disposition: bytes, name: str) -> None:
    mail = in_parts(
        b"mixed",
        b"Content-Type: application/octet-stream\nContent-Disposition: " + disposition + b"\n\nx",
    )
    assert [one.name for one in mail.attachments] == [name]


def test_text_files_are_files() -> None:
    mail = in_parts(b"mixed", b"\nsee log", b'Content-Type: text/plain; name="sdk.log"\n\nline\n')
    assert mail.text == "see log"
    assert [(one.name, one.content) for one in mail.attachments] == [("sdk.log", b"line\n")]


def test_an_invitation_is_kept_and_is_a_file() -> None:
    mail = in_parts(
        b"alternative", b"\ncome", b"Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR"
    )
    assert [(part.type, part.parameters["method"]) for part in mail.kept] == [
        ("text/calendar", "REQUEST")
    ]
    assert [one.name for one in mail.attachments] == ["invitation-1.ics"]


def test_base64_of_a_file_may_hold_anything() -> None:
    content = bytes(range(256)) * 9
    part = b"Content-Type: image/jpeg\nContent-Transfer-Encoding: BASE64\n\n" + base64.encodebytes(
        content
    )
    assert in_parts(b"mixed", part).attachments[0].content == content
