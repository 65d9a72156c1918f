"""Who hears what."""

from types import SimpleNamespace

import pytest
from django.conf import settings

from accounts.models import Membership, User
from accounts.tenancy import DatabaseRole, acting_as
from tests import factories
from tests.live_cast import happen
from tests.live_stream import Live, session_of

OUR_ORIGIN = settings.PUBLIC_URL


def test_a_change_is_told_with_ticket_and_event_and_nothing_more(
    live_process: Live, live_cast: SimpleNamespace
) -> None:
    page = live_process.open(session_of(live_cast.developer))
    event = happen(live_cast.star, "ticket/7", names=["Zhao Min"])
    assert page.next() == {
        "event": "change",
        "id": str(event.pk),
        "data": {"ticket": 7, "event": event.pk},
    }
    assert page.text.startswith("retry: 1000\n\n")
    assert "Zhao" not in page.text


def test_another_organization_hears_nothing(live_process: Live, live_cast: SimpleNamespace) -> None:
    page = live_process.open(session_of(live_cast.stranger))
    happen(live_cast.star, "ticket/7")
    happen(live_cast.bright, "ticket/8")
    assert page.next_changes(1) == [8]
    assert page.is_silent


def test_an_internal_event_is_told_to_staff_only(
    live_process: Live, live_cast: SimpleNamespace
) -> None:
    customer = live_process.open(session_of(live_cast.developer))
    engineer = live_process.open(session_of(live_cast.engineer))
    happen(live_cast.star, "ticket/7", internal=True)
    happen(live_cast.star, "ticket/8")
    assert engineer.next_changes(2) == [7, 8]
    assert customer.next_changes(1) == [8]
    assert customer.is_silent


def test_what_concerns_no_ticket_means_everything(
    live_process: Live, live_cast: SimpleNamespace
) -> None:
    engineer = live_process.open(session_of(live_cast.engineer))
    happen(None, "roster/3")
    assert engineer.next_changes(1) == [None]


def test_anonymous_forged_and_ended_sessions_are_401(
    live_process: Live, live_cast: SimpleNamespace
) -> None:
    ended = session_of(live_cast.developer)
    with acting_as(DatabaseRole.LOGIN):
        from django.contrib.sessions.models import Session

        Session.objects.filter(pk=ended).delete()
    for cookie in ("", "no-such-session", "a" * 32, "x'; --", ended):
        assert live_process.open(cookie).status == 401


def test_a_person_without_organization_is_403(
    live_process: Live, live_cast: SimpleNamespace
) -> None:
    with acting_as(DatabaseRole.ENGINE):
        former = factories.user("Fred Former")
        pretender = factories.user("No Profile", is_staff=True)
        Membership.objects.create(organization=live_cast.star, user=pretender, role="owner")
    assert live_process.open(session_of(former)).status == 403
    assert live_process.open(session_of(pretender)).status == 403


def test_a_password_change_ends_the_older_sessions(
    live_process: Live, live_cast: SimpleNamespace
) -> None:
    cookie = session_of(live_cast.developer)
    with acting_as(DatabaseRole.LOGIN):
        person = User.objects.get(pk=live_cast.developer.pk)
        person.set_password("another long password")
        person.save()
    assert live_process.open(cookie).status == 401


def test_only_our_own_pages_may_listen(live_process: Live, live_cast: SimpleNamespace) -> None:
    cookie = session_of(live_cast.developer)
    ours = live_process.open(cookie, origin=OUR_ORIGIN)
    assert ours.status == 200
    assert ours.headers["access-control-allow-origin"] == OUR_ORIGIN
    assert ours.headers["access-control-allow-credentials"] == "true"
    assert live_process.open(cookie, sec_fetch_site="same-origin").status == 200
    for headers in (
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": OUR_ORIGIN + ".evil.example"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
    ):
        page = live_process.open(cookie, **headers)
        assert page.status == 403
        assert "access-control-allow-origin" not in page.headers


def test_no_proxy_keeps_or_holds_back_a_stream(
    live_process: Live, live_cast: SimpleNamespace
) -> None:
    page = live_process.open(session_of(live_cast.developer))
    assert page.headers["content-type"] == "text/event-stream"
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-accel-buffering"] == "no"


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/live/"), ("HEAD", "/live/"), ("GET", "/"), ("GET", "/live"), ("GET", "/live/x")],
)
def test_everything_else_is_404(live_process: Live, method: str, path: str) -> None:
    assert live_process.open(path=path, method=method).status == 404


def test_health_says_whether_events_arrive(live_process: Live) -> None:
    assert live_process.open(path="/live/health").status == 200
    live_process.call(lambda: setattr(live_process.application.hub, "listening", False))
    assert live_process.open(path="/live/health").status == 503


def test_a_silent_stream_is_kept_alive(live_process: Live, live_cast: SimpleNamespace) -> None:
    page = live_process.open(session_of(live_cast.developer))
    live_process.advance(15)
    live_process.until(lambda: page.text.endswith(":\n\n"))
