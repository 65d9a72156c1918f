"""What the headers of a mail say: who wrote it, what it belongs to, where answers may go."""

from __future__ import annotations

import uuid
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from portal import mute_links
from portal.senders import mail
from tickets.intake import bounce_address, message_ids, reply_address

DELIVERY = uuid.UUID("0192a4b0-1234-4abc-8def-0123456789ab")
ABOUT = {
    "thread": "ticket/7",
    "reader": 8,
    "label": "STAR-42",
    "may_answer": True,
    "may_mute": True,
    "follows": "",
}


def sent(**changed: Any) -> EmailMessage:
    """The mail as a mail program reads it."""
    payload = {"subject": "Hello", "text": "Hi."} | changed
    composed = mail.compose(delivery_id=DELIVERY, address="bob@x.example", payload=payload)
    parsed = message_from_bytes(composed.message().as_bytes(), policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def test_mails_about_one_ticket_form_one_conversation() -> None:
    assert sent(**ABOUT)["References"] == message_ids.of_ticket(7)
    assert sent(**ABOUT)["In-Reply-To"] == message_ids.of_ticket(7)
    assert "References" not in sent()
    assert "References" not in sent(thread="person/7")


@pytest.mark.parametrize("stored", ["abc@x.example", "<abc@x.example>", " <abc@x.example> "])
def test_an_answer_stands_below_the_mail_it_answers(stored: str) -> None:
    found = sent(**ABOUT | {"follows": stored})
    assert found["In-Reply-To"] == "<abc@x.example>"
    assert found["References"].split() == [message_ids.of_ticket(7), "<abc@x.example>"]


@pytest.mark.parametrize(
    "forged",
    [
        "<a@x>\r\nBcc: v@y.example",
        "<a@x> <ticket-9.0@support.vigil.example>",
        "no-at-sign",
        "<>",
        "<a@b@c>" * 2,
        "<\u202ea@x>",
        "<" + "a" * 500 + "@x>",
    ],
)
def test_a_message_id_others_made_up_is_left_out(forged: str) -> None:
    """Abuse case 25."""
    found = sent(**ABOUT | {"follows": forged})
    assert found["References"] == message_ids.of_ticket(7)
    assert "Bcc" not in found


def test_answers_go_to_an_address_for_this_ticket_and_reader() -> None:
    (address,) = sent(**ABOUT)["Reply-To"].addresses
    assert reply_address.read(address.addr_spec) == reply_address.Invited(7, 8)
    assert address.display_name == "STAR-42 · Vigil"


def test_who_may_not_write_gets_no_address_to_write_to() -> None:
    assert "Reply-To" not in sent(**ABOUT | {"may_answer": False})
    assert "Reply-To" not in sent(thread="ticket/7")


def test_a_bounce_comes_back_naming_the_mail(settings: Any) -> None:
    composed = mail.compose(
        delivery_id=DELIVERY, address="b@x.example", payload={"subject": "S", "text": "T"}
    )
    assert bounce_address.read(composed.from_email) == DELIVERY
    assert "bounce" not in composed.message()["From"]
    settings.RETURN_PATH = "returned@relay.example"
    composed = mail.compose(
        delivery_id=DELIVERY, address="b@x.example", payload={"subject": "S", "text": "T"}
    )
    assert composed.from_email == "returned@relay.example"


def test_a_machine_says_that_it_is_one_and_a_persons_words_are_no_machines() -> None:
    """Abuse case 24 (RFC 3834): whatever wrote it, no machine is asked to answer."""
    notice, reply, answer = sent(**ABOUT), sent(from_name="Li Wei"), sent(is_answer=True)
    assert notice["Auto-Submitted"] == "auto-generated"
    assert "Auto-Submitted" not in reply
    assert (answer["Auto-Submitted"], answer["Precedence"]) == ("auto-replied", "bulk")
    for one in (notice, reply, answer):
        suppressed = one["X-Auto-Response-Suppress"].split(", ")
        assert {"OOF", "AutoReply"} <= set(suppressed)
        assert not {"All", "NDR"} & set(suppressed), "bounces must come back"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("", "Vigil"),
        ("Li Wei", "Li Wei (Vigil)"),
        ("李伟", "李伟 (Vigil)"),
        ("Bob Lin · StarCast", "Bob Lin · StarCast (Vigil)"),
        ("B" * 200, "B" * 60 + " (Vigil)"),
        ('Bob" <evil@x.example>, "', "Bob evil x.example (Vigil)"),
        ("Bob\r\nBcc: victim@x.example", "Bob Bcc victim x.example (Vigil)"),
        ("a@x.example,b@y.example", "a x.example b y.example (Vigil)"),
    ],
)
def test_a_mail_is_from_us_with_the_name_of_who_wrote(name: str, shown: str) -> None:
    """Abuse case 25: a name is a name, never an address, a header or a second sender."""
    found = sent(from_name=name)
    (address,) = found["From"].addresses
    assert (address.display_name, address.addr_spec) == (shown, "support@support.vigil.example")
    assert "Bcc" not in found


def test_one_click_mutes_and_only_where_it_may() -> None:
    found = sent(**ABOUT)
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = found["List-Unsubscribe"].strip("<>")
    assert mute_links.read(link.rstrip("/").rpartition("/")[2]) == (7, 8)
    assert "List-Unsubscribe" not in sent(**ABOUT | {"may_mute": False})


def test_a_header_line_is_never_longer_than_a_mail_server_takes() -> None:
    composed = mail.compose(
        delivery_id=DELIVERY,
        address="bob@x.example",
        payload=ABOUT
        | {"subject": "长" * 200, "text": "T", "from_name": "李" * 60}
        | {"follows": f"<{'a' * 120}@{'b' * 120}>"},
    )
    head = composed.message().as_bytes(linesep="\r\n").partition(b"\r\n\r\n")[0]
    assert max(map(len, head.split(b"\r\n"))) < 998
