"""When an address fails: the fallback at once, and the person's next method before its time."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail

from accounts.models import ContactMethod, Delivery, QuietHours
from accounts.viewer import Viewer
from portal.engine import deliveries
from portal.engine.deliveries import OTHER_PAGES, PAGES_BY_MAIL
from tests import factories
from tests.factories import NOON
from tests.portal.conftest import Clock
from tickets import calling_help, escalation
from tickets.intake import message_ids
from tickets.models import Escalation, Page, Ticket
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db


@contextmanager
def receiver() -> Iterator[SimpleNamespace]:
    """A provider on a real socket; answers with `status` and keeps what it took."""
    heard = SimpleNamespace(messages=[], status=200, url="")

    class Hearing(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if heard.status == 200:
                heard.messages.append(body)
            self.send_response(heard.status)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Hearing) as server:
        heard.url = f"json://127.0.0.1:{server.server_address[1]}/"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield heard
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def providers() -> Iterator[tuple[SimpleNamespace, SimpleNamespace]]:
    with ExitStack() as stack:
        yield stack.enter_context(receiver()), stack.enter_context(receiver())


@pytest.fixture
def ring(
    cast: SimpleNamespace, clock: Clock, handle_due: Callable[[], None]
) -> Callable[..., Ticket]:
    def opened(severity: Severity = Severity.URGENT) -> Ticket:
        ticket = factories.ticket(cast.developer, severity=severity, now=clock.now)
        if severity != Severity.URGENT:
            calling_help.ring_by_hand(ticket=ticket, by=Viewer.of(cast.lead), now=clock.now)
        handle_due()
        return ticket

    return opened


def with_methods(cast: SimpleNamespace, *methods: dict[str, Any]) -> list[ContactMethod]:
    cast.engineer.contact_methods.all().delete()
    return [factories.contact_method(cast.engineer, **method) for method in methods]


def pages() -> list[Delivery]:
    return list(Delivery.objects.filter(kind="page").order_by("due_at", "key"))


def test_the_fallback_takes_what_the_first_address_does_not(
    cast: SimpleNamespace,
    providers: tuple[SimpleNamespace, SimpleNamespace],
    ring: Callable[..., Ticket],
    clock: Clock,
    send_due: Callable[[], int],
) -> None:
    first, second = providers
    first.status = 503
    (method,) = with_methods(
        cast,
        {
            "address": first.url,
            "kind": "push",
            "fallback_address": second.url,
            "fallback_verified_at": NOON,
        },
    )
    ring()
    send_due()
    assert (len(first.messages), len(second.messages)) == (0, 1)
    (delivery,) = pages()
    assert (delivery.carried_by, delivery.sent_at, delivery.attempts) == ("fallback", NOON, 1)
    assert "JSON did not take" in delivery.last_error
    method.refresh_from_db()
    assert method.trouble_at == NOON
    assert Page.objects.get().state == Page.State.RINGING  # delivered is not acknowledged
    assert Escalation.objects.get().acknowledged_at is None


def test_the_fallback_may_be_a_mail_with_the_same_key(
    cast: SimpleNamespace,
    providers: tuple[SimpleNamespace, SimpleNamespace],
    ring: Callable[..., Ticket],
    send_due: Callable[[], int],
) -> None:
    first, _second = providers
    first.status = 500
    with_methods(
        cast,
        {
            "address": first.url,
            "kind": "phone",
            "fallback_address": "zhao@home.example",
            "fallback_verified_at": NOON,
        },
    )
    ring()
    send_due()
    (letter,) = [one for one in mail.outbox if one.to == ["zhao@home.example"]]
    assert letter.extra_headers["Message-ID"] == message_ids.of_delivery(pages()[0].pk)
    assert Page.objects.get().channels == ["phone", "email"]


def test_a_working_first_address_is_the_only_one_used(
    cast: SimpleNamespace,
    providers: tuple[SimpleNamespace, SimpleNamespace],
    ring: Callable[..., Ticket],
    send_due: Callable[[], int],
) -> None:
    first, second = providers
    (method,) = with_methods(
        cast,
        {
            "address": first.url,
            "kind": "push",
            "fallback_address": second.url,
            "fallback_verified_at": NOON,
            "trouble_at": NOON,
        },
    )
    ring()
    send_due()
    assert (len(first.messages), len(second.messages)) == (1, 0)
    assert pages()[0].carried_by == "address"
    method.refresh_from_db()
    assert method.trouble_at is None


def test_a_fallback_nobody_verified_is_never_rung(
    cast: SimpleNamespace,
    providers: tuple[SimpleNamespace, SimpleNamespace],
    ring: Callable[..., Ticket],
    send_due: Callable[[], int],
) -> None:
    first, second = providers
    first.status = 503
    with_methods(cast, {"address": first.url, "kind": "push", "fallback_address": second.url})
    ring()
    send_due()
    assert second.messages == []
    assert (pages()[0].sent_at, pages()[0].fallback) == (None, "")


def test_when_both_fail_both_are_tried_again(
    cast: SimpleNamespace,
    providers: tuple[SimpleNamespace, SimpleNamespace],
    ring: Callable[..., Ticket],
    clock: Clock,
    send_due: Callable[[], int],
) -> None:
    first, second = providers
    first.status = second.status = 503
    with_methods(
        cast,
        {
            "address": first.url,
            "kind": "push",
            "fallback_address": second.url,
            "fallback_verified_at": NOON,
        },
    )
    ring()
    send_due()
    assert pages()[0].last_error.count("did not take") == 2
    assert pages()[0].failed_at is None
    first.status = 200
    clock.forward(seconds=2)
    send_due()
    assert (len(first.messages), pages()[0].carried_by) == (1, "address")


def test_a_method_that_failed_for_good_brings_the_next_one_forward(
    cast: SimpleNamespace,
    ring: Callable[..., Ticket],
    clock: Clock,
    send_due: Callable[[], int],
) -> None:
    with_methods(
        cast,
        {"address": "carrierpigeon://coop", "kind": "push"},
        {"address": "zhao@vigil.example", "delay_seconds": 120},
        {"address": "zhao@later.example", "delay_seconds": 300},
    )
    ring()
    (claimed,) = deliveries.claim(OTHER_PAGES, 5)
    deliveries.deliver(OTHER_PAGES, claimed)
    _failed, following, last = pages()
    assert (following.due_at, following.claimable_at) == (NOON, NOON)
    assert last.due_at == NOON + dt.timedelta(seconds=300)
    send_due()
    assert ["zhao@vigil.example"] in [message.to for message in mail.outbox]


def test_brought_forward_or_not_quiet_hours_hold_what_is_not_urgent(
    cast: SimpleNamespace, ring: Callable[..., Ticket], clock: Clock
) -> None:
    QuietHours.objects.create(user=cast.engineer, starts_at=dt.time(12, 1), ends_at=dt.time(18))
    with_methods(
        cast,
        {"address": "carrierpigeon://coop", "kind": "push"},
        {"address": "zhao@vigil.example", "delay_seconds": 120},
    )
    ring(Severity.NORMAL)
    clock.forward(seconds=90)
    deliveries.deliver(OTHER_PAGES, *deliveries.claim(OTHER_PAGES, 1))
    assert pages()[-1].due_at == NOON.replace(hour=18)


def test_an_urgent_page_leaves_in_quiet_hours(
    cast: SimpleNamespace, ring: Callable[..., Ticket], send_due: Callable[[], int]
) -> None:
    QuietHours.objects.create(user=cast.engineer, starts_at=dt.time(11), ends_at=dt.time(18))
    ring()
    assert send_due() >= 1
    assert pages()[0].sent_at == NOON


def test_a_page_that_is_not_urgent_waits_and_is_rung_once_when_quiet_hours_end(
    cast: SimpleNamespace,
    ring: Callable[..., Ticket],
    clock: Clock,
    handle_due: Callable[[], None],
    send_due: Callable[[], int],
) -> None:
    """The ladder goes round all the while; at the end of the quiet one page is enough."""
    for person in (cast.engineer, cast.second, cast.lead):
        QuietHours.objects.create(user=person, starts_at=dt.time(11), ends_at=dt.time(12, 20))
    ring(Severity.NORMAL)
    for _step in range(6):
        assert not [message for message in mail.outbox if "rung" in message.body]
        clock.forward(seconds=180)
        handle_due()
        send_due()
    assert Page.objects.filter(person=cast.engineer).count() == 3
    assert Page.objects.filter(person=cast.engineer).first().channels == []
    clock.now = NOON.replace(minute=20)
    send_due()
    to = [message.to[0] for message in mail.outbox if "rung" in message.body]
    assert sorted(to) == ["chen@vigil.example", "li@vigil.example", "zhao@vigil.example"]
    told = Page.objects.filter(person=cast.engineer).exclude(channels=[]).get()
    assert (told.channels, told.rung_at) == (["email"], clock.now)


def test_later_calls_of_an_acknowledged_page_never_leave(
    cast: SimpleNamespace,
    ring: Callable[..., Ticket],
    clock: Clock,
    send_due: Callable[[], int],
) -> None:
    with_methods(
        cast,
        {"address": "zhao@vigil.example"},
        {"address": "zhao@phone.example", "delay_seconds": 120},
    )
    ticket = ring()
    send_due()
    clock.forward(seconds=60)
    escalation.acknowledge(ticket=ticket, by=Viewer.of(cast.engineer), now=clock.now)
    later = Delivery.objects.get(address="zhao@phone.example")
    assert later.cancelled_at == clock.now
    clock.forward(minutes=5)
    send_due()
    assert not [message for message in mail.outbox if message.to == ["zhao@phone.example"]]


def test_later_calls_of_a_solved_ticket_never_leave(
    cast: SimpleNamespace,
    ring: Callable[..., Ticket],
    clock: Clock,
    send_due: Callable[[], int],
) -> None:
    with_methods(cast, {"address": "zhao@phone.example", "delay_seconds": 120})
    ticket = ring()
    escalation.stop(ticket=ticket, now=clock.forward(seconds=5))
    clock.forward(minutes=5)
    assert deliveries.claim(PAGES_BY_MAIL, 5) == []
    assert Delivery.objects.get(address="zhao@phone.example").cancelled_at is not None


def test_the_trail_tells_of_a_later_call_when_it_left(
    cast: SimpleNamespace,
    ring: Callable[..., Ticket],
    clock: Clock,
    send_due: Callable[[], int],
) -> None:
    with_methods(
        cast,
        {"address": "zhao@vigil.example"},
        {"address": "json://127.0.0.1:1/", "kind": "push", "delay_seconds": 120},
    )
    ring()
    send_due()
    assert Page.objects.get().channels == ["email"]
    clock.forward(seconds=120)
    send_due()
    assert Page.objects.get().channels == ["email"]  # it did not leave
