"""Case 25: CRLF or `a@x,b@y` in a name or subject: no header and no recipient is added.

Of everything we send: mails about tickets, answers to enquiries, and the machine's own answer.
"""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail

from accounts.models import Deadline, Delivery
from accounts.viewer import Viewer
from tests import factories, mails
from tickets import enquiries, lifecycle
from tickets.models import Enquiry

pytestmark = pytest.mark.django_db
Turn = Callable[[], Any]

VICTIM = "victim@elsewhere.example"
HOSTILE = [
    f"Hello\r\nBcc: {VICTIM}",
    f"Hello\nBcc: {VICTIM}\n\nAnother mail",
    f"Hello\rBcc: {VICTIM}",
    f"Hello\r\n Bcc: {VICTIM}",
    f"Hello\x00\x0bBcc: {VICTIM}",
    f"Hello\u2028Bcc: {VICTIM}",
    f"Hello\u0085Bcc: {VICTIM}",
    f"=?utf-8?q?Hello=0D=0ABcc=3A_{VICTIM.replace('@', '=40')}?=",
    f"a@x.example, {VICTIM}",
    f'" <{VICTIM}>, "',
    f"Eve <{VICTIM}>",
    f'Eve\\" <{VICTIM}>;',
    "B" * 5000,
]


@pytest.fixture(params=HOSTILE, ids=lambda text: repr(text)[:30])
def hostile(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def each_goes_to_one() -> list[EmailMessage]:
    """What was sent, as a mail program reads it, after it was looked at from all sides."""
    assert not Deadline.objects.exclude(last_error="").exists()
    assert not Delivery.objects.exclude(last_error="").exists()
    read = []
    for one in mail.outbox:
        assert len(one.recipients()) == 1
        assert VICTIM not in one.recipients()
        raw = one.message().as_bytes()
        head = raw.partition(b"\n\n")[0]
        assert max(map(len, head.splitlines())) <= 998
        parsed = message_from_bytes(raw, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        names = [name.lower() for name in parsed.keys()]  # noqa: SIM118  each as often as it is
        assert len(names) == len(set(names)), "no header twice"
        assert not set(names) & {"bcc", "cc", "resent-to", "sender"}
        assert [one.addr_spec for one in parsed["To"].addresses] == one.to
        for name in ("From", "Reply-To"):
            if name in parsed:
                (only,) = parsed[name].addresses
                assert only.domain == "support.vigil.example"
        read.append(parsed)
    return read


@pytest.fixture(autouse=True)
def own_domain(settings: Any) -> None:
    settings.MAIL_DOMAIN = "support.vigil.example"
    settings.DEFAULT_FROM_EMAIL = "Vigil <support@support.vigil.example>"


def test_mails_about_a_ticket(
    cast: SimpleNamespace, clock: Any, handle_due: Turn, send_due: Turn, hostile: str
) -> None:
    for person in (cast.developer, cast.engineer):
        person.name = hostile[:80].replace("\x00", "")
        person.save()
    cast.star.name = hostile[:80].replace("\x00", "")
    cast.star.save()
    ticket = factories.ticket(cast.developer)
    # Past what the verb would have cleaned: as if it had come in by an older way.
    type(ticket).objects.filter(pk=ticket.pk).update(subject=hostile[:200].replace("\x00", ""))
    ticket.refresh_from_db()
    handle_due()
    lifecycle.reply(ticket=ticket, by=Viewer.of(cast.engineer), body="Look.", now=clock.now)
    lifecycle.reply(ticket=ticket, by=Viewer.of(cast.developer), body="Well?", now=clock.now)
    handle_due()
    send_due()
    assert len(each_goes_to_one()) >= 3


def test_answers_to_an_enquiry(
    cast: SimpleNamespace, clock: Any, handle_due: Turn, send_due: Turn, hostile: str
) -> None:
    enquiry = enquiries.open_enquiry(
        channel=Enquiry.Channel.EMAIL,
        name=hostile,
        address="new@elsewhere.example",
        subject=hostile,
        body="Hello",
        now=clock.now,
    )
    cast.engineer.name = hostile[:80].replace("\x00", "")
    cast.engineer.save()
    handle_due()
    enquiries.reply(enquiry=enquiry, by=Viewer.of(cast.engineer), body="Yes.", now=clock.now)
    handle_due()
    send_due()
    read = each_goes_to_one()
    assert {str(one["To"]) for one in read} == {"new@elsewhere.example"}
    assert len(read) == 2, "the answer, and word that it arrived"


def test_what_a_mail_brings_along_goes_no_further(
    clock: Any, handle_due: Turn, send_due: Turn, hostile: str
) -> None:
    """The same, through parsing: an encoded word may hold line ends, a name an address."""
    raw = mails.mail("new@elsewhere.example").replace(
        b"Subject: Messages do not arrive",
        b"Subject: =?utf-8?b?" + _encoded(hostile[:60]) + b"?=",
    )
    raw = raw.replace(
        b"From: new@elsewhere.example",
        b"From: =?utf-8?b?" + _encoded(hostile[:60]) + b"?= <new@elsewhere.example>",
    )
    mails.received(raw)
    enquiry = Enquiry.objects.get()
    assert enquiry.address == "new@elsewhere.example"
    assert "\n" not in enquiry.subject + enquiry.name
    assert "\r" not in enquiry.subject + enquiry.name
    handle_due()
    send_due()
    assert {str(one["To"]) for one in each_goes_to_one()} == {"new@elsewhere.example"}


def _encoded(text: str) -> bytes:
    import base64

    return base64.b64encode(text.encode())


@pytest.mark.parametrize(
    "address",
    ["a@x.example,b@y.example", "a@x.example\nBcc: b@y.example", "a@x.example b@y.example"],
)
def test_an_address_that_is_two_is_sent_nothing(
    cast: SimpleNamespace, clock: Any, send_due: Turn, address: str
) -> None:
    Delivery.objects.create(
        kind=Delivery.Kind.EMAIL,
        key="two",
        subject="person/1",
        channel="email",
        address=address,
        payload={"subject": "Hello", "text": "Hello.", "language": "en"},
        due_at=clock.now,
        claimable_at=clock.now,
    )
    send_due()
    assert mail.outbox == []
    assert "not an e-mail address" in Delivery.objects.get().last_error
