"""My duty: one's own contact methods, quiet hours, shifts and calendars."""

from __future__ import annotations

import datetime as dt
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from accounts import contact_checks
from accounts.models import ContactMethod, QuietHours
from tests import factories
from tests.factories import NOON
from tests.portal.conftest import Clock, clock
from tickets.models import CalendarFeed

__all__ = ["clock"]
pytestmark = pytest.mark.django_db

PAGE = "/admin/my-duty/"
ADD = {"kind": "push", "address": "ntfy://mine", "delay_seconds": "120", "fallback_address": ""}


@pytest.fixture
def mine(cast: SimpleNamespace, browser_of: Any, clock: Clock) -> Any:
    return browser_of(cast.engineer)


def at(name: str, *keys: int) -> str:
    return reverse(f"admin:{name}", args=keys)


def words(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def values(method: ContactMethod, **other: Any) -> dict[str, Any]:
    names = ("kind", "address", "delay_seconds", "fallback_address")
    return {name: getattr(method, name) for name in names} | {"enabled": "on"} | other


def test_it_says_how_and_when_one_is_rung(cast: SimpleNamespace, mine: Any) -> None:
    factories.contact_method(cast.engineer, "ntfy://mine", kind="push", delay_seconds=120)
    factories.contact_method(cast.engineer, "ntfy://other", kind="chat", verified_at=None)
    shown = words(mine.get(PAGE))
    assert "For an urgent page: e-mail at once · push after 2 min" in shown
    assert "not verified, not rung" in shown


def test_it_says_when_one_is_on_duty(cast: SimpleNamespace, mine: Any) -> None:
    assert "for more than 8 weeks IM core · Rung 0 on duty" in words(mine.get(PAGE))
    factories.roster(cast.team, cast.second, cast.engineer, name="Nights")
    shown = words(mine.get(PAGE))
    assert "Mon 30 Nov 00:00 – Mon 7 Dec 00:00 IM core · Nights" in shown


def test_a_secret_in_an_address_is_not_shown_in_the_list(cast: SimpleNamespace, mine: Any) -> None:
    factories.contact_method(cast.engineer, "json://user:PASSWORD@example.com/", kind="push")
    shown = words(mine.get(PAGE))
    assert "PASSWORD" not in shown
    assert "example.com" in shown


def test_add_type_the_code_and_be_rung(cast: SimpleNamespace, mine: Any) -> None:
    assert mine.post(at("my_duty_add"), ADD).status_code == 302
    method = ContactMethod.objects.get(kind="push")
    shown = words(mine.get(PAGE))
    assert "Code in the message" in shown
    wrong = mine.post(at("my_duty_code", method.pk), {"code": "12345"})
    assert (wrong.status_code, "This is not the code" in words(wrong)) == (422, True)
    code = contact_checks.code(method.checks.get().pk)
    answer = mine.post(at("my_duty_code", method.pk), {"code": code}, follow=True)
    assert "Confirmed: from now on you are rung there." in words(answer)
    method.refresh_from_db()
    assert method.verified_at == NOON


def test_wrong_codes_are_counted_over_requests(cast: SimpleNamespace, mine: Any) -> None:
    mine.post(at("my_duty_add"), ADD)
    method = ContactMethod.objects.get(kind="push")
    code = contact_checks.code(method.checks.get().pk)
    wrong = "111111" if code != "111111" else "111112"
    said = [words(mine.post(at("my_duty_code", method.pk), {"code": wrong})) for _ in range(5)]
    assert "Too many wrong codes" in said[-1]
    assert "Too many wrong codes" in words(mine.post(at("my_duty_code", method.pk), {"code": code}))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"address": "nonsense"}, "not an address Apprise can ring"),
        ({"address": ""}, "This field is required"),
        ({"kind": "email", "address": "ntfy://mine"}, "valid e-mail address"),
        ({"address": "json://10.0.0.1/"}, "our own network"),
        ({"fallback_address": "ntfy://mine"}, "another address than the first"),
        ({"fallback_address": "not one"}, "valid e-mail address"),
        ({"delay_seconds": "7"}, "valid choice"),
        ({"kind": "pigeon"}, "valid choice"),
        ({"address": "ntfy://a\u202eb"}, "not an address Apprise can ring"),
    ],
)
def test_what_cannot_be_rung_is_refused_with_the_reason(
    mine: Any, change: dict[str, str], reason: str
) -> None:
    answer = mine.post(at("my_duty_add"), ADD | change)
    assert answer.status_code == 422
    assert reason in words(answer)
    assert not ContactMethod.objects.exclude(kind="email").exists()


def test_the_same_address_twice_is_refused(mine: Any) -> None:
    mine.post(at("my_duty_add"), ADD)
    again = mine.post(at("my_duty_add"), ADD)
    assert (again.status_code, "already exists" in words(again)) == (422, True)


def test_removing_the_last_verified_one_asks_first(cast: SimpleNamespace, mine: Any) -> None:
    method = cast.engineer.contact_methods.get()
    warned = mine.post(at("my_duty_remove", method.pk))
    assert warned.status_code == 422
    assert "This is the only verified way to ring this person." in words(warned)
    assert "Remove it all the same" in words(warned)
    assert ContactMethod.objects.filter(pk=method.pk).exists()
    mine.post(at("my_duty_remove", method.pk), {"even_if_last": "1"})
    assert not ContactMethod.objects.filter(pk=method.pk).exists()
    assert "the address you log in with" in words(mine.get(PAGE))


def test_switching_off_the_last_verified_one_asks_first(cast: SimpleNamespace, mine: Any) -> None:
    method = cast.engineer.contact_methods.get()
    off = {name: value for name, value in values(method).items() if name != "enabled"}
    warned = mine.post(at("my_duty_change", method.pk), off)
    assert "only verified way" in words(warned)
    assert "Do it: ring me at the address I log in with" in words(warned)
    method.refresh_from_db()
    assert method.enabled
    done = mine.post(at("my_duty_change", method.pk), off | {"warned": "1", "even_if_last": "on"})
    assert done.status_code == 302
    method.refresh_from_db()
    assert not method.enabled


def test_delay_and_order_are_changed(cast: SimpleNamespace, mine: Any) -> None:
    method = cast.engineer.contact_methods.get()
    push = factories.contact_method(cast.engineer, "ntfy://mine", kind="push")
    mine.post(at("my_duty_change", method.pk), values(method, delay_seconds="120"))
    mine.post(at("my_duty_move", push.pk), {"to": "up"})
    kept = [(one.kind, one.delay_seconds) for one in cast.engineer.contact_methods.all()]
    assert kept == [("push", 0), ("email", 120)]


def test_a_delay_a_manager_chose_stays_a_choice(cast: SimpleNamespace, mine: Any) -> None:
    ContactMethod.objects.filter(user=cast.engineer).update(delay_seconds=45)
    assert "after 45 s" in words(mine.get(PAGE))


def test_a_test_page_can_be_sent_and_confirmed(cast: SimpleNamespace, mine: Any) -> None:
    method = cast.engineer.contact_methods.get()
    mine.post(at("my_duty_check", method.pk), {"which": "first"})
    check = method.checks.get()
    assert "message on its way" in words(mine.get(PAGE))
    contact_checks.ContactCheck.objects.update(sent_at=NOON)
    shown = words(mine.get(PAGE))
    assert "message handed over" in shown
    assert "not confirmed yet" in shown
    contact_checks.ContactCheck.objects.update(failed_at=NOON)
    assert "the message could not be sent" in words(mine.get(PAGE))
    contact_checks.ContactCheck.objects.filter(pk=check.pk).update(confirmed_at=NOON)
    assert "last message arrived:" in words(mine.get(PAGE))
    again = mine.post(at("my_duty_check", method.pk), {"which": "first"})
    assert "less than a minute" in words(again)


def test_another_persons_method_does_not_exist(cast: SimpleNamespace, mine: Any) -> None:
    theirs = cast.second.contact_methods.get()
    for name in ("change", "move", "remove", "check", "code"):
        answer = mine.post(at(f"my_duty_{name}", theirs.pk), values(theirs, delay_seconds="60"))
        assert answer.status_code == 404, name
    assert ContactMethod.objects.get(pk=theirs.pk).delay_seconds == 0
    assert str(cast.second.email) not in words(mine.get(PAGE))


@pytest.mark.parametrize(
    ("start", "end", "reason"),
    [
        ("22:00", "", "both a beginning and an end"),
        ("22:00", "22:00", "another time than they begin"),
        ("25:00", "07:00", "valid time"),
    ],
)
def test_quiet_hours_that_make_no_sense_are_refused(
    mine: Any, start: str, end: str, reason: str
) -> None:
    answer = mine.post(at("my_duty_quiet"), {"starts_at": start, "ends_at": end})
    assert (answer.status_code, reason in words(answer)) == (422, True)
    assert not QuietHours.objects.exists()


def test_quiet_hours_are_set_and_shown(cast: SimpleNamespace, mine: Any) -> None:
    mine.post(at("my_duty_quiet"), {"starts_at": "22:00", "ends_at": "07:00"})
    kept = QuietHours.objects.get(user=cast.engineer)
    assert (kept.starts_at, kept.ends_at) == (dt.time(22), dt.time(7))
    assert 'value="22:00"' in mine.get(PAGE).content.decode()


def test_a_calendars_address_is_shown_once(cast: SimpleNamespace, mine: Any) -> None:
    answer = mine.post(at("my_duty_feed"), {"team": cast.team.pk})
    found = re.search(
        r"http://127\.0\.0\.1:8000/calendar/([\w-]{43})\.ics", answer.content.decode()
    )
    assert found
    feed = CalendarFeed.objects.get()
    assert (feed.owner, feed.team) == (cast.engineer, cast.team)
    assert found[1] not in str(feed.__dict__)
    assert "/calendar/" not in mine.get(PAGE).content.decode()


def test_anothers_calendar_is_not_revoked(
    cast: SimpleNamespace, mine: Any, browser_of: Any
) -> None:
    browser_of(cast.second).post(at("my_duty_feed"))
    feed = CalendarFeed.objects.get()
    assert mine.post(at("my_duty_feed_revoke", feed.pk)).status_code == 404
    assert browser_of(cast.second).post(at("my_duty_feed_revoke", feed.pk)).status_code == 302
    feed.refresh_from_db()
    assert feed.revoked_at is not None


def test_a_team_that_does_not_exist_has_no_calendar(mine: Any) -> None:
    assert mine.post(at("my_duty_feed"), {"team": "999999"}).status_code == 404
    mine.post(at("my_duty_feed"), {"team": "nonsense"})
    assert not CalendarFeed.objects.exists()


def test_delivered_is_nowhere_said_to_be_acknowledged(cast: SimpleNamespace, mine: Any) -> None:
    method = cast.engineer.contact_methods.get()
    mine.post(at("my_duty_check", method.pk))
    contact_checks.ContactCheck.objects.update(sent_at=NOON)
    shown = words(mine.get(PAGE)).lower()
    assert "arrived" not in shown
    assert "acknowledged" not in shown
