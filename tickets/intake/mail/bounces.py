"""Mails that say that a mail of ours did not arrive: by RFC 3464, and as programs say it freely.

Called a bounce is only what a mail system sent and what says so: a person who writes from
"postmaster", or who forwards a bounce to us, is a person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tickets.intake.mail import ses_notices
from tickets.intake.mail.addresses import bare_address
from tickets.intake.mail.bounce_words import (
    DELAYED,
    ORIGINAL_BEGINS,
    SAYS_UNDELIVERED,
    SENT_BY_PERSON,
    SUBJECT,
)
from tickets.intake.mail.fields import message_ids
from tickets.intake.mail.newly_written import split
from tickets.intake.mail.parsed import ParsedMail

MOST_TEXT: Final = 40_000  # characters of a mail's text that are looked at
MOST_ADDRESSES: Final = 50

_DAEMON: Final = re.compile(
    r"(?:mailer|mail|smtp|qmail)[-_. ]?daemon|post[-_.]?master|mdaemon|mail[-_. ]?delivery|"
    r"mail[-_.]?(?:system|server)|deliver(?:y)?[-_.](?:system|failure|status)|bounces?|mailadmin",
    re.I,
)
_DAEMON_NAME: Final = re.compile(
    r"mail delivery (?:sub)?system|mailer[- ]daemon|postmaster|mail administrator|"
    r"mail transfer system|mail delivery service|系统退信|邮件系统|internet mail delivery",
    re.I,
)
_MAIL: Final = re.compile(r"[^\s<>()\[\]:;,\"'|=]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{1,252}[A-Za-z0-9]")
_STATUS: Final = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY_CODE: Final = re.compile(
    r"(?<![\d.:/-])([45]\d\d)(?=[ -])(?! ?(?:bytes|octets|lines|kb|mb))", re.I
)
_ID_LINE: Final = re.compile(
    r"^[> \t]{0,8}message-id:[ \t]*\n?[ \t]*(<[^<>\n]{1,500}>)", re.I | re.M
)
_FIELD: Final = re.compile(r"^([a-z][a-z-]{1,40}):[ \t]*(.*)$", re.I)
_FAILED: Final = {"failed", "failure", "failed (bounced)", "expired", "bounced"}


@dataclass(frozen=True, slots=True)
class Bounce:
    """What did not arrive.

    `addresses` may be empty where the mail names none. `status` is that of RFC 3463 ("5.1.1"),
    "" where none is given; products use the same number for different things, so only its first
    digit is to be trusted. Not permanent: tried again, or to be tried again later.
    """

    addresses: tuple[str, ...]
    status: str
    is_permanent: bool
    original_message_id: str = ""
    reason: str = ""


@dataclass(slots=True)
class _Facts:
    addresses: list[str]
    statuses: list[str]
    actions: list[str]
    reason: str = ""


def read(mail: ParsedMail) -> Bounce | None:
    """None for whatever is no bounce, also for the good news that a mail arrived."""
    facts = _from_status_parts(mail)
    if facts is not None:
        if not _is_failure(facts) and not _is_undelivered(mail):
            return None
    elif (told := ses_notices.failed_in(mail)) is not None:
        facts = _Facts([], [], [told.action], told.reason)
        for address, status in told.recipients:
            _note("final-recipient", address, facts)
            _note("status", status, facts)
    elif _is_undelivered(mail):
        facts = _Facts([], [], [])
    else:
        return None
    return _bounce(mail, facts)


def _bounce(mail: ParsedMail, facts: _Facts) -> Bounce:
    said = _said(mail)
    addresses = facts.addresses or _named(mail, said)
    status = next(iter(facts.statuses), "") or _first(_STATUS, said)
    code = "" if status else _first(_REPLY_CODE, said)
    is_delay = "delayed" in facts.actions and not _FAILED & set(facts.actions)
    if not facts.actions and not status.startswith("5"):
        is_delay = is_delay or DELAYED.search(f"{mail.subject}\n{said}") is not None
    return Bounce(
        addresses=tuple(dict.fromkeys(addresses))[:MOST_ADDRESSES],
        status=status,
        is_permanent=not is_delay and not (status or code).startswith(("4", "2")),
        original_message_id=_original_id(mail),
        reason=facts.reason or _reason(said),
    )


def _from_status_parts(mail: ParsedMail) -> _Facts | None:
    parts = mail.kept_of("message/delivery-status", "message/global-delivery-status")
    if not parts:
        return None
    facts = _Facts([], [], [])
    for part in parts:
        text = part.content[: 4 * MOST_TEXT].decode("utf-8", "replace")
        for field, value in _unfolded(text):
            _note(field, value, facts)
    return facts


def _note(field: str, value: str, facts: _Facts) -> None:
    if field in ("final-recipient", "original-recipient", "x-actual-recipient"):
        address = bare_address(value.rpartition(";")[2].strip().strip("<>"))
        if address and (field != "x-actual-recipient" or not facts.addresses):
            facts.addresses.append(address)
    elif field == "action":
        facts.actions.append(value.strip().lower())
    elif field == "status" and (found := _STATUS.search(value)):
        facts.statuses.append(found[1])
    elif field == "diagnostic-code" and not facts.reason:
        facts.reason = value.partition(";")[2].strip()[:500] or value[:500]


def _unfolded(text: str) -> list[tuple[str, str]]:
    fields: list[tuple[str, str]] = []
    for line in text.splitlines():
        if line[:1] in " \t" and fields and line.strip():
            fields[-1] = (fields[-1][0], f"{fields[-1][1]} {line.strip()}"[:2000])
        elif found := _FIELD.match(line):
            fields.append((found[1].lower(), found[2]))
    return fields


def _is_failure(facts: _Facts) -> bool:
    if any(action in _FAILED or action.startswith(("fail", "delay")) for action in facts.actions):
        return True
    return not facts.actions and any(status[0] in "45" for status in facts.statuses)


def _is_undelivered(mail: ParsedMail) -> bool:
    """Whether a mail system says in words of its own that a mail did not arrive."""
    if _is_by_person(mail):
        return False
    is_report = mail.content_type == "multipart/report" and mail.content_parameters.get(
        "report-type", ""
    ).lower() in ("delivery-status", "")
    is_told = is_report or mail.has_header("x-failed-recipients")
    if not is_told and not is_from_mail_system(mail):
        return False  # before the words are looked at: nearly all mail is a person's
    said = _said(mail)
    by_subject = SUBJECT.search(mail.subject) is not None
    in_words = SAYS_UNDELIVERED.search(said) is not None
    if is_told:
        return by_subject or in_words or not mail.subject
    if in_words:
        return by_subject or _is_about_a_mail(mail, said)
    return by_subject and (
        bool(_original_id(mail)) or _is_about_a_mail(mail, said) or not said.strip()
    )


def is_from_mail_system(mail: ParsedMail) -> bool:
    """Whether it came from no person's address, or from nobody."""
    written = mail.from_.address or mail.header("from")
    if mail.return_path == "" or not written.strip():
        return True
    local = written.strip("<> ").partition("@")[0]
    if _DAEMON.search(local) or _DAEMON_NAME.search(mail.from_.name):
        return True
    path = (mail.return_path or "").partition("@")[0]
    return _DAEMON.fullmatch(path) is not None or mail.has_header("x-failed-recipients")


def _is_by_person(mail: ParsedMail) -> bool:
    """Whether the subject says that somebody answers a bounce or passes it on."""
    if mail.return_path == "" or not SENT_BY_PERSON.match(mail.subject):
        return False
    is_daemon = _DAEMON.fullmatch(mail.from_.address.partition("@")[0]) is not None
    return not is_daemon or bool(split(mail).folded)


def _is_about_a_mail(mail: ParsedMail, said: str) -> bool:
    if mail.kept_of("message/rfc822", "text/rfc822-headers", "message/rfc822-headers"):
        return True
    return bool(_STATUS.search(said) or _REPLY_CODE.search(said) or _named(mail, said))


def _said(mail: ParsedMail) -> str:
    """The mail system's own words: what stands above the mail it returns."""
    text = mail.text[:MOST_TEXT]
    found = ORIGINAL_BEGINS.search(text)
    return text[: found.start()] if found and found.start() > 20 else text


def _named(mail: ParsedMail, said: str) -> list[str]:
    """Addresses that may be those that failed: all named but the one that was told, and ours."""
    failed = mail.header("x-failed-recipients")
    known = {one.address.lower() for one in mail.to} | {mail.from_.address.lower()}
    found = [bare_address(one) for one in _MAIL.findall(failed or said)[:MOST_ADDRESSES]]
    return [
        one
        for one in found
        if one and (failed or one.lower() not in known) and not _DAEMON.fullmatch(one.split("@")[0])
    ]


def _original_id(mail: ParsedMail) -> str:
    returned = [
        part.content[:MOST_TEXT].decode("utf-8", "replace")
        for part in mail.kept_of("message/rfc822", "text/rfc822-headers", "message/rfc822-headers")
    ]
    returned += [
        one.content[:MOST_TEXT].decode("utf-8", "replace")
        for one in mail.attachments[:5]
        if one.type.startswith(("text/", "message/"))
    ]
    for text in [*returned, mail.text[: 4 * MOST_TEXT]]:
        if found := _ID_LINE.search(text):
            return next(iter(message_ids(found[1])), "")
    answered = mail.in_reply_to or mail.references
    return answered[-1] if answered else ""


def _reason(said: str) -> str:
    if said.startswith("{"):
        return ""
    for line in said.splitlines()[:200]:
        if _STATUS.search(line) or _REPLY_CODE.search(line):
            return line.strip()[:500]
    found = SAYS_UNDELIVERED.search(said)
    if found is None:
        return ""
    start = said.rfind("\n", 0, found.start()) + 1
    return said[start:].partition("\n")[0].strip()[:500]


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""
