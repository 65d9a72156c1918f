"""Who a mail is from, where answers and bounces go, what it belongs to, who wrote it.

All of it derives from the delivery's id and payload; signed addresses exist only in the mail.
What a payload of a mail about a ticket holds beside `subject`, `text` and `html`:

- `thread` ("ticket/7" or "enquiry/3"), and `follows`, the Message-ID of the reader's own latest
  mail in it
- `reader`, the id of the person it is for
- `may_answer` and `may_mute`, and `label`, which names the ticket
- `from_name`, whose words it carries; absent when a machine wrote it

A mail about a release holds `mutes_releases_of`, the id of the organization it is sent for.
"""

from __future__ import annotations

import re
import uuid
from email.utils import parseaddr
from typing import Any, Final

from django.conf import settings

from portal import mute_links, release_mute_links
from tickets.intake import message_ids
from tickets.intake.bounce_address import bounce_address
from tickets.intake.reply_address import reply_address

NAME_LIMIT: Final = 60
_TICKET: Final = re.compile(r"ticket/([0-9]{1,18})")
_MESSAGE_ID: Final = re.compile(r"<[!-;=?-~]{1,120}@[!-;=?-~]{1,120}>")

# Asks Exchange for no answers by machines, and still for bounces, which "All" would end too.
NO_ANSWERS: Final = "DR, RN, NRN, OOF, AutoReply"


def envelope_sender(delivery_id: uuid.UUID) -> str:
    """Where a bounce goes: back to us, naming the delivery, unless the operator says otherwise."""
    return settings.RETURN_PATH or bounce_address(delivery_id)


def of(delivery_id: uuid.UUID, payload: dict[str, Any]) -> dict[str, str]:
    """All headers but To, Subject and Date. No value can hold a line end."""
    headers = {
        "From": _from(payload.get("from_name", "")),
        "Message-ID": message_ids.of_delivery(delivery_id),
        "X-Auto-Response-Suppress": NO_ANSWERS,
    }
    headers |= _written_by(payload)
    ticket = _TICKET.fullmatch(payload.get("thread", ""))
    if ticket is not None:
        headers |= _about(int(ticket[1]), payload)
    elif payload.get("thread", "").startswith("enquiry/"):
        headers |= _about_enquiry(payload)
    elif "mutes_releases_of" in payload:
        link = release_mute_links.address(
            organization_id=payload["mutes_releases_of"], user_id=payload["reader"]
        )
        headers |= _one_click(link)
    return headers


def shown_name(text: str) -> str:
    """A name for an address header: nothing in it looks like an address or ends the name."""
    visible = "".join(c if c.isprintable() and c not in '@<>",;:\\()' else " " for c in text)
    return unencoded(" ".join(visible.split()))[:NAME_LIMIT].strip()


def unencoded(text: str) -> str:
    """Text that no mail program takes for an encoded word (RFC 2047), which may hold anything."""
    return text.replace("=?", "= ?")


def message_id(text: str) -> str:
    """A Message-ID others made, in angle brackets; empty unless it is one and harmless."""
    bare = text.strip().removeprefix("<").removesuffix(">")
    whole = f"<{bare}>"
    return whole if _MESSAGE_ID.fullmatch(whole) else ""


def _from(name: str) -> str:
    """Our own address always; with somebody's name, so that a list of mails tells who wrote."""
    ours, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    person = shown_name(name)
    if person:
        return _mailbox(f"{person} ({ours or 'Vigil'})", address)
    return _mailbox(ours, address)


def _written_by(payload: dict[str, Any]) -> dict[str, str]:
    """RFC 3834: what a machine wrote says so; words of a person do not.

    `auto-replied` answers a mail of somebody unknown, which may be a machine too: those also
    say it in the way older ones understand.
    """
    if payload.get("from_name"):
        return {}
    if payload.get("is_answer"):
        return {"Auto-Submitted": "auto-replied", "Precedence": "bulk"}
    return {"Auto-Submitted": "auto-generated"}


def _about(ticket_id: int, payload: dict[str, Any]) -> dict[str, str]:
    """The conversation it belongs to, and what the reader may do with it."""
    conversation = message_ids.of_ticket(ticket_id)
    theirs = message_id(payload.get("follows", ""))
    headers = {
        "References": f"{conversation} {theirs}".strip(),
        "In-Reply-To": theirs or conversation,
    }
    reader = payload.get("reader")
    if reader is None:
        return headers
    if payload.get("may_answer"):
        label = shown_name(f"{payload.get('label', '')} · Vigil")
        address = reply_address(ticket_id=ticket_id, user_id=reader)
        headers["Reply-To"] = _mailbox(label, address)
    if payload.get("may_mute"):
        link = mute_links.address(ticket_id=ticket_id, user_id=reader)
        headers |= _one_click(link)
    return headers


def _one_click(link: str) -> dict[str, str]:
    """RFC 8058: mail programs offer to end such mails, and post to that address."""
    return {
        "List-Unsubscribe": f"<{link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _about_enquiry(payload: dict[str, Any]) -> dict[str, str]:
    """Of somebody who is no member: they answer where anybody may write."""
    theirs = message_id(payload.get("follows", ""))
    headers = {"References": theirs, "In-Reply-To": theirs} if theirs else {}
    boxes = sorted(settings.MAIL_BOXES)
    return headers | ({"Reply-To": f"{boxes[0]}@{settings.MAIL_DOMAIN}"} if boxes else {})


def _mailbox(name: str, address: str) -> str:
    """RFC 5322; Django encodes what is not ASCII. `name` holds no quotation marks."""
    return f'"{name}" <{address}>' if name else address
