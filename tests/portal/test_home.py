"""The member's first page."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tickets import lifecycle
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.tenancy.database_now", lambda read: NOON)


def test_strangers_sign_in_and_staff_work_elsewhere(
    cast: SimpleNamespace, client: Any, browser_of: Any
) -> None:
    assert client.get("/")["Location"] == "/accounts/login/?next=/"
    assert browser_of(cast.engineer).get("/")["Location"] == "/admin/queue/"


def test_whoever_belongs_nowhere_is_told_what_to_do(cast: SimpleNamespace, browser_of: Any) -> None:
    response = browser_of(cast.former).get("/")
    assert response.status_code == 200
    assert "former@starcast.example" in response.content.decode()


def test_what_needs_me_stands_apart_and_the_nearest_promise_first(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    normal = factories.ticket(cast.developer)
    urgent = factories.ticket(cast.developer, severity=Severity.URGENT)
    asked = factories.ticket(cast.owner)
    factories.ticket(cast.stranger)
    lifecycle.reply(
        ticket=asked, by=Viewer.of(cast.engineer), body="Which?", ask_customer=True, now=NOON
    )
    context = browser_of(cast.developer).get("/").context
    assert [row.ticket for row in context["waiting"]] == [asked]
    assert [row.ticket for row in context["working"]] == [urgent, normal]


def test_it_names_who_is_on_duty_and_ones_contact(cast: SimpleNamespace, browser_of: Any) -> None:
    cast.star.dedicated_contact = cast.second
    cast.star.save()
    text = browser_of(cast.developer).get("/").content.decode()
    assert "Zhao Min" in text
    assert "L2 · IM core · English, 中文" in text
    assert "Li Wei" in text


def test_the_figures_are_measured_from_the_last_30_days_promises(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    staff = Viewer.of(cast.engineer)
    for minutes, days in ((4, 1), (6, 2), (20, 3), (1, 40)):
        at = NOON - dt.timedelta(days=days)
        ticket = factories.ticket(cast.developer, severity=Severity.URGENT, now=at)
        answer = at + dt.timedelta(minutes=minutes)
        lifecycle.reply(ticket=ticket, by=staff, body="On it.", now=answer)
    kept = browser_of(cast.developer).get("/").context["kept"].urgent_answers
    assert (kept.in_time, kept.judged, kept.median) == (2, 3, dt.timedelta(minutes=6))
    nothing = browser_of(cast.stranger).get("/").context["kept"]
    assert nothing.answers.judged == 0
