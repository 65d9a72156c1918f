"""The screen behind a page's link: look at it, take it, see who has it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from accounts.viewer import Viewer
from portal import page_links
from tests import factories
from tests.portal.conftest import Clock
from tickets import escalation, lifecycle
from tickets.models import Escalation, Page, Ticket
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db


@pytest.fixture
def ringing(cast: SimpleNamespace, clock: Clock, handle_due: Callable[[], None]) -> Ticket:
    ticket = factories.ticket(
        cast.developer, subject="Rooms <above> 5,000 are silent", severity=Severity.URGENT
    )
    handle_due()
    return ticket


@pytest.fixture
def link(ringing: Ticket) -> str:
    return address(Page.objects.get())


def address(page: Page) -> str:
    return reverse("page:show", args=[page_links.token(page.pk)])


def press(client: Any, link: str) -> Any:
    return client.post(f"{link}acknowledge/", follow=True)


def test_it_shows_at_a_glance_what_is_wrong(client: Any, link: str) -> None:
    answer = client.get(link)
    for text in ("STAR-1", "Urgent", "StarCast", "Rooms &lt;above&gt; 5,000 are silent"):
        assert text in answer.content.decode()
    assert "I'm on it" in answer.content.decode()
    assert "data-countdown" in answer.content.decode()


def test_its_times_are_those_of_the_person_rung(
    cast: SimpleNamespace, client: Any, link: str
) -> None:
    cast.engineer.time_zone = "Asia/Shanghai"
    cast.engineer.save()
    assert "20:03" in client.get(link).content.decode(), "next in line at 12:03 UTC"


def test_looking_never_acknowledges(client: Any, link: str) -> None:
    for method in (client.get, client.head, client.get):
        assert method(link).status_code == 200
    assert client.get(f"{link}acknowledge/").status_code == 405
    assert Escalation.objects.get().state == "ringing"


def test_one_press_takes_the_ticket_without_a_login(
    cast: SimpleNamespace, client: Any, link: str, ringing: Ticket
) -> None:
    answer = press(client, link)
    assert "It is yours." in answer.content.decode()
    assert "/admin/ticket/STAR-1/" in answer.content.decode()
    ringing.refresh_from_db()
    assert ringing.owner == cast.engineer
    assert Escalation.objects.get().acknowledged_by == cast.engineer


def test_a_press_from_another_site_is_refused(client: Any, link: str) -> None:
    client.handler.enforce_csrf_checks = True
    assert client.post(f"{link}acknowledge/").status_code == 403
    assert Escalation.objects.get().state == "ringing"


def test_whoever_is_too_late_sees_who_was_first(
    cast: SimpleNamespace, client: Any, link: str, ringing: Ticket, clock: Clock
) -> None:
    escalation.acknowledge(ticket=ringing, by=Viewer.of(cast.second), now=clock.now)
    for answer in (client.get(link), press(client, link)):
        assert "Li Wei has it." in answer.content.decode()
        assert "I'm on it" not in answer.content.decode()
    assert Escalation.objects.get().acknowledged_by == cast.second


def test_the_first_rung_may_still_take_it_while_the_second_rings(
    cast: SimpleNamespace, client: Any, link: str, clock: Clock, handle_due: Callable[[], None]
) -> None:
    clock.forward(seconds=181)
    handle_due()
    assert "It is yours." in press(client, link).content.decode()


def test_a_link_goes_on_through_a_ladder_that_started_anew(
    client: Any, link: str, clock: Clock, handle_due: Callable[[], None]
) -> None:
    for _step in range(9):
        clock.forward(seconds=180)
        handle_due()
    assert "It is yours." in press(client, link).content.decode()


def test_when_it_is_over_the_screen_says_so(
    cast: SimpleNamespace,
    client: Any,
    link: str,
    ringing: Ticket,
    clock: Clock,
    handle_due: Callable[[], None],
) -> None:
    lifecycle.close(ticket=ringing, by=Viewer.of(cast.developer), now=clock.now)
    handle_due()
    assert "Nobody is being rung about this any more." in press(client, link).content.decode()


def test_an_old_link_does_not_take_what_rings_again_for_somebody_else(
    cast: SimpleNamespace,
    client: Any,
    link: str,
    ringing: Ticket,
    clock: Clock,
    handle_due: Callable[[], None],
) -> None:
    lifecycle.close(ticket=ringing, by=Viewer.of(cast.developer), now=clock.now)
    handle_due()
    lifecycle.reopen(ticket=ringing, by=Viewer.of(cast.developer), now=clock.forward(hours=1))
    handle_due()
    press(client, link)
    assert Escalation.objects.latest("id").state == "ringing"


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}])
def test_somebody_who_left_cannot_take_it(
    cast: SimpleNamespace, client: Any, link: str, change: dict[str, bool]
) -> None:
    type(cast.engineer).objects.filter(pk=cast.engineer.pk).update(**change)
    assert press(client, link).status_code == 403
    assert client.get(link).status_code == 403
    assert Escalation.objects.get().state == "ringing"


def test_a_link_is_good_for_a_day(client: Any, link: str) -> None:
    now = dt.datetime.now(dt.UTC)
    with time_machine.travel(now + dt.timedelta(hours=23, minutes=59), tick=False):
        assert client.get(link).status_code == 200
    with time_machine.travel(now + dt.timedelta(hours=24, minutes=1), tick=False):
        assert client.get(link).status_code == 410
        assert press(client, link).status_code == 410
    assert Escalation.objects.get().state == "ringing"


def test_a_forged_link_is_no_page(client: Any, link: str, ringing: Ticket) -> None:
    own = page_links.token(Page.objects.get().pk)
    other = page_links.token(uuid.uuid4())
    swapped = other.split("~")[0] + own[own.index("~") :]
    for forged in (swapped, other, own[:-1], own + "x", "x", str(Page.objects.get().pk)):
        assert client.get(reverse("page:show", args=[forged])).status_code == 404
        assert press(client, reverse("page:show", args=[forged])).status_code == 404


def test_the_address_stays_between_us(client: Any, link: str) -> None:
    answer = client.get(link)
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert "noindex" in answer["X-Robots-Tag"]


def test_it_speaks_the_language_of_who_is_rung(
    cast: SimpleNamespace, client: Any, link: str
) -> None:
    type(cast.engineer).objects.filter(pk=cast.engineer.pk).update(language="zh-hans")
    answer = client.get(link, headers={"accept-language": "en"})
    assert answer["Content-Language"] == "zh-hans"
    assert '<html lang="zh-hans"' in answer.content.decode()
