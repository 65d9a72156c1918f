"""When customers peak: their own hours or the usual ones, kept by managers, seen by them."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation

from accounts.models import Event, Organization, PeakHours
from accounts.peak_words import in_words
from accounts.scenarios import EVERY_DAY, PRESETS, PeakSpan, Scenario, overlap


def span(days: str, start: str, end: str) -> PeakSpan:
    weekdays = tuple(int(day) for day in days)
    return PeakSpan(weekdays, dt.time.fromisoformat(start), dt.time.fromisoformat(end))


@pytest.mark.parametrize(
    ("spans", "shared"),
    [
        ([span("01234", "18:00", "22:00"), span("56", "09:00", "22:00")], False),
        ([span("0", "18:00", "22:00"), span("0", "21:59", "23:00")], True),
        ([span("0", "18:00", "22:00"), span("0", "22:00", "23:00")], False),
        ([span("0", "20:00", "02:00"), span("1", "01:00", "03:00")], True),
        ([span("0", "20:00", "02:00"), span("1", "02:00", "03:00")], False),
        ([span("6", "20:00", "02:00"), span("0", "01:00", "03:00")], True),
        ([span("0", "01:00", "03:00"), span("6", "20:00", "02:00")], True),
        ([span("0", "08:00", "08:00"), span("1", "07:00", "09:00")], True),
        ([span("01", "08:00", "08:00")], False),
        ([span("0", "20:00", "00:00"), span("1", "00:00", "01:00")], False),
    ],
)
def test_overlapping_hours_are_found_past_midnight_and_past_the_week(
    spans: list[PeakSpan], shared: bool
) -> None:
    assert overlap(spans) == shared


@pytest.mark.parametrize("spans", PRESETS.values(), ids=PRESETS)
def test_no_preset_overlaps_itself(spans: tuple[PeakSpan, ...]) -> None:
    assert not overlap(spans)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ("01234", "Mon–Fri 18:00–22:00"),
        ("56", "Sat, Sun 18:00–22:00"),
        ("0123456", "every day 18:00–22:00"),
        ("0246", "Mon, Wed, Fri, Sun 18:00–22:00"),
        ("0124", "Mon–Wed, Fri 18:00–22:00"),
    ],
)
def test_hours_are_said_in_words(days: str, words: str) -> None:
    with translation.override("en"):
        assert in_words(span(days, "18:00", "22:00")) == words


@pytest.mark.django_db
def test_own_hours_count_before_the_usual_ones(cast: SimpleNamespace) -> None:
    cast.star.scenario = Scenario.EDUCATION
    assert cast.star.peaks == list(PRESETS[Scenario.EDUCATION])
    PeakHours.objects.create(
        organization=cast.star, weekdays=[6], starts_at=dt.time(20), ends_at=dt.time(2)
    )
    assert cast.star.peaks == [span("6", "20:00", "02:00")]
    cast.star.scenario = Scenario.OTHER
    assert cast.bright.peaks == []


@pytest.mark.django_db
def test_a_customer_sees_their_hours_on_the_team_page(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    Organization.objects.filter(pk=cast.star.pk).update(
        scenario="education", time_zone="Asia/Shanghai"
    )
    page = browser_of(cast.viewer).get("/team/").content.decode()
    assert "Mon–Fri 18:00–22:00" in page
    assert "usual for such services" in page
    PeakHours.objects.create(
        organization=cast.star, weekdays=[6], starts_at=dt.time(20), ends_at=dt.time(2)
    )
    PeakHours.objects.create(
        organization=cast.bright, weekdays=[1], starts_at=dt.time(3), ends_at=dt.time(4)
    )
    page = browser_of(cast.viewer).get("/team/").content.decode()
    assert "Sun 20:00–02:00" in page
    assert "Asia/Shanghai" in page
    assert "03:00" not in page
    assert "usual for such services" not in page


def sent(cast: SimpleNamespace, *rows: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The organization's page as a browser sends it, with these rows of peak hours."""
    given: dict[str, Any] = {
        "name": cast.star.name,
        "slug": cast.star.slug,
        "plan": "premium",
        "time_zone": "Asia/Shanghai",
        "scenario": "live",
        "membership_set-TOTAL_FORMS": "0",
        "membership_set-INITIAL_FORMS": "0",
        "peaks_of_its_own-TOTAL_FORMS": str(len(rows)),
        "peaks_of_its_own-INITIAL_FORMS": "0",
    }
    for number, row in enumerate(rows):
        given |= {f"peaks_of_its_own-{number}-{name}": value for name, value in row.items()}
    return given | fields


WEEKEND = {"weekdays": ["5", "6"], "starts_at": "20:00", "ends_at": "02:00"}
SUNDAY = {"weekdays": ["6"], "starts_at": "01:00", "ends_at": "03:00"}
NO_DAY = {"weekdays": [], "starts_at": "01:00", "ends_at": "03:00"}


@pytest.mark.django_db
def test_a_manager_keeps_the_hours_and_it_is_recorded(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    address = reverse("admin:accounts_organization_change", args=[cast.star.pk])
    assert browser_of(cast.lead).post(address, sent(cast, WEEKEND)).status_code == 302
    assert [row.span for row in cast.star.peaks_of_its_own.all()] == [span("56", "20:00", "02:00")]
    assert "peaks_of_its_own" in Event.objects.get(verb="organization.changed").data["fields"]
    page = browser_of(cast.lead).get(address).content.decode()
    assert 'value="20:00"' in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rows", "fields", "why"),
    [
        ([WEEKEND, SUNDAY], {}, "Two rows of peak hours overlap."),
        ([NO_DAY], {}, "Choose at least one weekday."),
        ([SUNDAY | {"weekdays": ["7"]}], {}, "Select a valid choice."),
        ([SUNDAY | {"starts_at": "25:00"}], {}, "Enter a valid time."),
        ([], {"time_zone": "Mars/Olympus"}, "is not a time zone"),
        ([], {"scenario": "banking"}, "Select a valid choice."),
    ],
)
def test_hours_that_cannot_be_are_refused_and_nothing_is_kept(
    rows: list[dict[str, Any]],
    fields: dict[str, Any],
    why: str,
    cast: SimpleNamespace,
    browser_of: Any,
) -> None:
    address = reverse("admin:accounts_organization_change", args=[cast.star.pk])
    answer = browser_of(cast.lead).post(address, sent(cast, *rows, **fields))
    assert answer.status_code == 200
    assert why in answer.content.decode()
    assert not PeakHours.objects.exists()
    assert Organization.objects.get(pk=cast.star.pk).scenario == ""


@pytest.mark.django_db
def test_an_engineer_cannot_change_them(cast: SimpleNamespace, browser_of: Any) -> None:
    address = reverse("admin:accounts_organization_change", args=[cast.star.pk])
    assert browser_of(cast.engineer).post(address, sent(cast, WEEKEND)).status_code == 403


@pytest.mark.django_db
def test_a_row_needs_weekdays_in_the_database_too(cast: SimpleNamespace) -> None:
    for weekdays in ([], [7]):
        row = PeakHours(
            organization=cast.star,
            weekdays=weekdays,
            starts_at=dt.time(1),
            ends_at=dt.time(2),
        )
        with pytest.raises(ValidationError):
            row.full_clean()
    assert set(EVERY_DAY) == {day for day, _name in PeakHours.WEEKDAYS}
