"""A mail's bytes to what it says."""

from __future__ import annotations

from typing import Final

from tickets.intake.mail.addresses import addresses_of
from tickets.intake.mail.bodies import contents_of
from tickets.intake.mail.charsets import Report
from tickets.intake.mail.contents import MOST_TEXT
from tickets.intake.mail.fields import date_of, message_ids, text_of
from tickets.intake.mail.html_text import MOST_HTML, html_to_text
from tickets.intake.mail.parsed import Address, ParsedMail, Problem
from tickets.intake.mail.structure import Fields, read_structure

_MOST_FIELDS_KEPT: Final = 400
_MOST_SUBJECT: Final = 500


def parse(raw: bytes) -> ParsedMail:
    """Never raises; takes time and memory in proportion to the mail's size, which is bounded.

    Whatever was wrong stands in `problems`.
    """
    problems: dict[Problem, None] = {}
    try:
        return _parse(raw, problems)
    except (RecursionError, MemoryError, ValueError, LookupError, TypeError, OverflowError):
        return ParsedMail(problems=(*problems, Problem.NOT_READ))


def _parse(raw: bytes, problems: dict[Problem, None]) -> ParsedMail:
    def report(problem: Problem) -> None:
        problems[problem] = None

    if not raw.strip():
        return ParsedMail(problems=(Problem.EMPTY,))
    top = read_structure(raw, report)
    found = contents_of(top, report)
    plain, html = found.text, found.markup
    is_from_html = bool(html) and not plain
    text = html_to_text(html)[:MOST_TEXT] if is_from_html else plain
    if is_from_html and len(html) > MOST_HTML:
        report(Problem.TEXT_CUT)
    if not text.strip() and not found.attachments:
        report(Problem.NO_TEXT)
    if len(top.fields) > _MOST_FIELDS_KEPT:
        report(Problem.HEADERS_CUT)
    fields = [
        (name, text_of(value, report, found.charset))
        for name, value in top.fields[:_MOST_FIELDS_KEPT]
    ]
    values = dict(reversed(fields))  # the first of each name
    sender = _everyone(top.fields, "sender", report)
    return_path = values.get("return-path")
    return ParsedMail(
        message_id=_own_id(values.get("message-id", ""), report),
        in_reply_to=message_ids(values.get("in-reply-to", "")),
        references=message_ids(values.get("references", "")),
        from_=_from(top.fields, report),
        sender=sender[0] if sender else None,
        to=_everyone(top.fields, "to", report),
        cc=_everyone(top.fields, "cc", report),
        reply_to=_everyone(top.fields, "reply-to", report),
        subject=values.get("subject", "")[:_MOST_SUBJECT],
        date=date_of(values.get("date", ""), report),
        text=text,
        html=html,
        text_from_html=is_from_html,
        attachments=tuple(found.attachments),
        kept=tuple(found.kept),
        content_type=top.type.kind,
        content_parameters=top.type.parameters,
        authentication_results=tuple(
            value for name, value in fields if name == "authentication-results"
        ),
        auto_submitted=values.get("auto-submitted", ""),
        precedence=values.get("precedence", "").lower(),
        list_id=values.get("list-id", ""),
        return_path=None if return_path is None else return_path.strip("<> "),
        received_count=sum(1 for name, _value in top.fields if name == "received"),
        headers=tuple(fields),
        problems=tuple(problems),
    )


def _own_id(value: str, report: Report) -> str:
    found = message_ids(value)
    if not found:
        report(Problem.NO_MESSAGE_ID)
        return ""
    return found[0]


def _from(fields: Fields, report: Report) -> Address:
    """The author; a second one, or a second field, is what a forger would send."""
    written = [value for name, value in fields if name == "from"]
    if not written:
        report(Problem.NO_FROM)
        return Address("", "")
    found = addresses_of(written[0], report)
    if len(written) > 1 or len(found) > 1:
        report(Problem.SEVERAL_FROM)
    if not found or not found[0].address:
        report(Problem.FROM_UNREADABLE)
    return found[0] if found else Address("", "")


def _everyone(fields: Fields, name: str, report: Report) -> tuple[Address, ...]:
    found = (addresses_of(value, report) for key, value in fields if key == name)
    return tuple(one for several in found for one in several)
