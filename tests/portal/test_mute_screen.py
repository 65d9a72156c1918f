"""One click ends the mails about one ticket to one person; looking at the link ends nothing."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from accounts.models import Delivery, Event, Membership
from accounts.viewer import Viewer
from portal import mute_links
from tests import factories
from tests.cast import LoginClient
from tests.portal.conftest import Clock
from tickets import lifecycle, mail_mutes, ownership
from tickets.models import MailMute, Ticket

pytestmark = pytest.mark.django_db
HandleDue = Callable[[], None]


@pytest.fixture
def ticket(cast: SimpleNamespace, clock: Clock, handle_due: HandleDue) -> Ticket:
    made = factories.ticket(cast.developer)
    handle_due()
    Delivery.objects.all().delete()
    return made


@pytest.fixture
def link(cast: SimpleNamespace, ticket: Ticket) -> str:
    token = mute_links.token(ticket_id=ticket.pk, user_id=cast.developer.pk)
    return f"/mail/{token}/"


def muted(person: Any) -> bool:
    return MailMute.objects.filter(user=person).exists()


def answered(cast: SimpleNamespace, ticket: Ticket, clock: Clock) -> None:
    lifecycle.reply(ticket=ticket, by=Viewer.of(cast.engineer), body="Look.", now=clock.now)


def told() -> list[str]:
    return sorted(Delivery.objects.filter(kind="email").values_list("address", flat=True))


def test_looking_changes_nothing_however_often(
    cast: SimpleNamespace, link: str, client: Any
) -> None:
    for _ in range(3):
        shown = client.get(link)
        assert shown.status_code == 200
        assert client.head(link).status_code == 200
    assert "Messages do not arrive" in shown.content.decode()
    assert not muted(cast.developer)


def test_a_mail_program_mutes_by_posting_without_a_login(
    cast: SimpleNamespace, link: str, ticket: Ticket, clock: Clock, handle_due: HandleDue
) -> None:
    """RFC 8058: no cookie, no page before, and an answer that is no redirect."""
    program = LoginClient(enforce_csrf_checks=True)
    posted = program.post(
        link, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )
    assert posted.status_code == 200
    assert muted(cast.developer)
    answered(cast, ticket, clock)
    handle_due()
    assert told() == []


def test_muting_twice_is_muting_once(cast: SimpleNamespace, link: str, client: Any) -> None:
    client.post(link)
    client.post(link)
    assert Event.objects.filter(verb="ticket.mail_muted").count() == 1
    assert "Send me mails again" in client.get(link).content.decode()


def test_the_same_link_takes_it_back(
    cast: SimpleNamespace,
    link: str,
    ticket: Ticket,
    client: Any,
    clock: Clock,
    handle_due: HandleDue,
) -> None:
    client.post(link)
    back = client.post(f"{link}unmute/")
    assert "You get mails about this ticket again" in back.content.decode()
    answered(cast, ticket, clock)
    handle_due()
    assert told() == ["developer@starcast.example"]


def test_others_still_hear_of_the_ticket_and_the_muted_of_others(
    cast: SimpleNamespace, link: str, ticket: Ticket, client: Any, clock: Clock, handle_due: Any
) -> None:
    ownership.follow(ticket=ticket, by=Viewer.of(cast.viewer), now=clock.now)
    client.post(link)
    other = factories.ticket(cast.developer)
    handle_due()
    Delivery.objects.all().delete()
    answered(cast, ticket, clock)
    answered(cast, other, clock)
    handle_due()
    assert told() == ["developer@starcast.example", "viewer@starcast.example"]


@pytest.mark.parametrize("change", ["1{}", "{}x", "nonsense"])
def test_a_forged_link_opens_nothing(
    cast: SimpleNamespace, link: str, client: Any, change: str
) -> None:
    token = change.format(link.split("/")[2])
    assert client.get(f"/mail/{token}/").status_code == 404
    assert client.post(f"/mail/{token}/").status_code == 404
    assert not MailMute.objects.exists()


def test_the_link_is_kept_out_of_caches_and_search_engines(link: str, client: Any) -> None:
    shown = client.get(link)
    assert "no-store" in shown["Cache-Control"]
    assert "noindex" in shown["X-Robots-Tag"]


def test_whoever_left_sees_nothing_of_the_ticket(
    cast: SimpleNamespace, link: str, client: Any
) -> None:
    Membership.objects.filter(user=cast.developer).delete()
    for answer in (client.get(link), client.post(link)):
        assert answer.status_code == 410
        assert "Messages do not arrive" not in answer.content.decode()
    assert not MailMute.objects.exists()


def test_the_page_speaks_the_readers_language(
    cast: SimpleNamespace, link: str, client: Any
) -> None:
    cast.developer.language = "zh-hans"
    cast.developer.save()
    assert client.get(link)["Content-Language"] == "zh-hans"


def test_the_tickets_page_says_that_its_mails_are_muted(
    cast: SimpleNamespace, ticket: Ticket, browser_of: Any
) -> None:
    browser: Client = browser_of(cast.developer)
    page = f"/tickets/{ticket.reference}/"
    assert "Mute mails" in browser.get(page).content.decode()
    browser.post(f"{page}mute/")
    assert muted(cast.developer)
    shown = browser.get(page).content.decode()
    assert "Muted: you do not hear of this ticket by mail." in shown
    browser.post(f"{page}unmute/")
    assert not muted(cast.developer)


def test_a_colleague_neither_sees_nor_changes_it(
    cast: SimpleNamespace, ticket: Ticket, browser_of: Any, clock: Clock
) -> None:
    mail_mutes.mute(ticket=ticket, by=Viewer.of(cast.developer), now=clock.now)
    browser: Client = browser_of(cast.owner)
    assert "Muted:" not in browser.get(f"/tickets/{ticket.reference}/").content.decode()
    browser.post(f"/tickets/{ticket.reference}/unmute/")
    assert muted(cast.developer)


def test_the_settings_list_what_is_muted_and_take_it_back(
    cast: SimpleNamespace, ticket: Ticket, browser_of: Any, clock: Clock
) -> None:
    browser: Client = browser_of(cast.developer)
    assert "Send me mails again" not in browser.get("/settings/mails/").content.decode()
    mail_mutes.mute(ticket=ticket, by=Viewer.of(cast.developer), now=clock.now)
    mail_mutes.mute(ticket=ticket, by=Viewer.of(cast.owner), now=clock.now)
    shown = browser.get("/settings/mails/").content.decode()
    assert shown.count("Send me mails again") == 1
    back = browser.post(f"/tickets/{ticket.reference}/unmute/", {"next": "/settings/mails/"})
    assert back["Location"] == "/settings/mails/"
    assert not muted(cast.developer)
