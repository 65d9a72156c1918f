"""A page that no way leads through: the next on the ladder is rung at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from accounts.models import Delivery, Event
from portal.engine import deliveries
from portal.engine.deliveries import OTHER_PAGES, PAGES_BY_MAIL
from portal.senders import PermanentFailure
from tests import factories
from tests.portal.conftest import Clock
from tickets.models import Escalation, Page, Ticket
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db
HandleDue = Callable[[], None]


def refuse(delivery: Delivery) -> None:
    raise PermanentFailure("no such number")


def fail_pages() -> None:
    """Whatever pages are due fail for good."""
    for queue in (OTHER_PAGES, PAGES_BY_MAIL):
        broken = dataclasses.replace(queue, send=refuse)
        for delivery in deliveries.claim(broken, 10):
            deliveries.deliver(broken, delivery)


def trail(ticket: Ticket) -> list[tuple[str, str]]:
    return [
        (page.person_name, page.state)
        for page in Page.objects.filter(ticket=ticket).order_by("rung_at", "step")
    ]


@pytest.fixture
def ringing(cast: SimpleNamespace, clock: Clock, handle_due: HandleDue) -> Ticket:
    ticket = factories.ticket(cast.developer, severity=Severity.URGENT)
    handle_due()
    return ticket


def test_the_next_is_rung_at_once(ringing: Ticket, clock: Clock, handle_due: HandleDue) -> None:
    clock.forward(seconds=5)
    fail_pages()
    handle_due()
    assert trail(ringing) == [("Zhao Min", "failed"), ("Li Wei", "ringing")]
    run = Escalation.objects.get()
    assert (run.step, run.next_names) == (1, ["Chen Yu"])
    said = Event.objects.get(verb="page.failed")
    assert (said.data["names"], said.at) == (["Zhao Min"], clock.now)


def test_the_old_deadline_of_the_step_rings_nobody_twice(
    ringing: Ticket, clock: Clock, handle_due: HandleDue
) -> None:
    clock.forward(seconds=170)
    fail_pages()
    handle_due()
    clock.forward(seconds=10)
    handle_due()
    assert trail(ringing) == [("Zhao Min", "failed"), ("Li Wei", "ringing")]


def test_as_long_as_one_way_is_open_the_patience_holds(
    cast: SimpleNamespace, clock: Clock, handle_due: HandleDue
) -> None:
    factories.contact_method(cast.engineer, "json://example.com/x", kind="push")
    ticket = factories.ticket(cast.developer, severity=Severity.URGENT)
    handle_due()
    broken = dataclasses.replace(OTHER_PAGES, send=refuse)
    for delivery in deliveries.claim(broken, 10):
        deliveries.deliver(broken, delivery)
    handle_due()
    assert trail(ticket) == [("Zhao Min", "ringing")]


def test_others_on_the_step_have_their_time(
    cast: SimpleNamespace, clock: Clock, handle_due: HandleDue
) -> None:
    ticket = factories.ticket(cast.developer, severity=Severity.URGENT)
    handle_due()
    page = Page.objects.get()
    Page.objects.create(
        organization=page.organization,
        ticket=ticket,
        escalation=page.escalation,
        person=cast.lead,
        person_name="Chen Yu",
        person_level="lead",
        step=0,
        rung_at=clock.now,
    )
    fail_pages()
    handle_due()
    assert dict(trail(ticket)) == {"Zhao Min": "failed", "Chen Yu": "ringing"}


def test_where_nobody_can_be_reached_the_ladder_is_hurried_through_once_and_never_spins(
    ringing: Ticket, clock: Clock, handle_due: HandleDue
) -> None:
    for _try in range(6):
        clock.forward(seconds=1)
        fail_pages()
        handle_due()
    assert trail(ringing) == [("Zhao Min", "failed"), ("Li Wei", "failed"), ("Chen Yu", "failed")]
    run = Escalation.objects.get()
    assert run.state == Escalation.State.RINGING
    assert run.next_at is not None
    clock.now = run.next_at
    handle_due()
    assert trail(ringing)[3:] == [("Zhao Min", "ringing")], "the second round, in its own time"


def test_who_could_not_be_reached_is_named_even_when_the_step_is_over(
    ringing: Ticket, clock: Clock, handle_due: HandleDue
) -> None:
    clock.forward(seconds=180)
    handle_due()
    first = Page.objects.get(step=0)
    for delivery in Delivery.objects.filter(key__startswith=f"page:{first.pk}"):
        Delivery.objects.filter(pk=delivery.pk).update(attempts=19, due_at=clock.now)
    fail_pages()
    handle_due()
    assert dict(trail(ringing))["Zhao Min"] == "failed"


def test_an_engine_killed_in_between_loses_nothing(
    ringing: Ticket, clock: Clock, handle_due: HandleDue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It dies ringing the next: the failure stays written, and is looked at again."""
    fail_pages()

    def die(*args: object, **more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("tickets.ringing.ring", die)
        with pytest.raises(KeyboardInterrupt):
            handle_due()
    assert trail(ringing) == [("Zhao Min", "ringing")]
    handle_due()
    assert trail(ringing) == [("Zhao Min", "failed"), ("Li Wei", "ringing")]
