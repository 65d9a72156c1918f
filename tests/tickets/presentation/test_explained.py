"""What a person reads about how a promise came about."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from tests import factories
from tests.factories import NOON
from tests.tickets.scenes import after, answer, promise, write
from tests.tickets.test_explanation import ALWAYS, HOUR, at, row, told
from tickets import ledger, lifecycle, severity
from tickets.models import Promise, Ticket
from tickets.models.ticket import Severity
from tickets.presentation.explained import UPDATES_TOLD, ExplainedPromises, explained
from tickets.presentation.explained_steps import Reader, StepLine, step_line
from tickets.presentation.explained_summary import summary
from tickets.presentation.moments import moment
from tickets.sla.explanation import Explanation
from tickets.sla.facts import FactKind

CUSTOMER = Reader(now=at("20 17:00"), staff=False)
STAFF = Reader(now=at("20 17:00"), staff=True)
STARTED = row(FactKind.STARTED, "20 17:00", by="Zhao Min", reason="opened", policy="p v1")
PAUSED = row(FactKind.PAUSED, "20 17:10", reason="waiting on customer")
RESUMED = row(FactKind.RESUMED, "20 17:53")


@pytest.mark.parametrize(
    ("when", "text"),
    [
        ("20 17:00", "17:00"),
        ("23 10:00", "Mon 10:00"),
        ("14 10:00", "Sat 10:00"),
        ("28 10:00", "28 Nov, 10:00"),
    ],
)
def test_a_moment_says_as_much_of_the_day_as_is_needed(when: str, text: str) -> None:
    assert moment(at(when), at("20 17:00")) == text


def test_a_moment_of_another_year_says_so() -> None:
    assert moment(at("20 10:00").replace(year=2027), at("20 17:00")) == "20 Nov 2027, 10:00"


def test_seconds_are_said_only_when_there_are_any() -> None:
    odd = at("20 10:00") + dt.timedelta(seconds=37)
    assert moment(odd, odd, seconds=True) == "10:00:37"
    assert moment(odd, odd) == "10:00"


def test_times_are_in_the_readers_zone() -> None:
    with timezone.override(ZoneInfo("Asia/Shanghai")):
        assert moment(at("20 17:00"), at("20 10:00")) == "Sat 01:00"


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (
            told(2, STARTED, now="20 17:00"),
            "due Mon 10:00: 2 h of working time; Sat, Sun are closed",
        ),
        (
            told(2, STARTED, now="20 17:00", calendar=ALWAYS),
            "due 19:00: 2 h, around the clock",
        ),
        (
            told(2, STARTED, PAUSED, RESUMED, now="20 18:00"),
            "due Mon 10:43: 2 h of working time; Sat, Sun are closed;"
            " paused 43 min while we waited for you",
        ),
        (
            told(2, STARTED, PAUSED, now="20 17:30", calendar=ALWAYS),
            "paused, 1 h 50 min left: 2 h, around the clock; paused 20 min while we waited for you",
        ),
        (
            told(2, STARTED, row(FactKind.RETARGETED, "20 17:00", HOUR), now="20 17:00"),
            "due 18:00: 1 h of working time; changed once",
        ),
        (
            told(2, STARTED, row(FactKind.MET, "20 17:20"), now="21 00:00"),
            "done 17:20, with 1 h 40 min to spare: 2 h of working time",
        ),
        (
            told(2, STARTED, row(FactKind.MET, "20 20:00"), now="21 00:00", calendar=ALWAYS),
            "due 19:00, done 1 h late: 2 h, around the clock",
        ),
        (
            told(2, STARTED, now="20 20:00", calendar=ALWAYS),
            "was due 19:00: 2 h, around the clock",
        ),
        (
            told(2, STARTED, row(FactKind.CANCELLED, "20 18:00"), now="21 00:00"),
            "no longer needed since 18:00: 2 h of working time",
        ),
        (
            told(2, row(FactKind.STARTED, "16 17:00"), now="16 17:00"),
            "due Tue 10:00: 2 h of working time; closed Mon 18:00 – Tue 09:00",
        ),
        (
            told(400, row(FactKind.STARTED, "20 17:00"), now="20 17:00"),
            "due 22 Jan 2027, 12:00: 400 h of working time; closed for 46 d 3 h in between",
        ),
        (
            told(1, STARTED, now="20 17:00", calendar=ALWAYS, until="21 10:00"),
            "due Sat 10:00: promised by Zhao Min",
        ),
    ],
)
def test_one_sentence_says_where_it_stands_and_what_it_is_made_of(
    found: Explanation, sentence: str
) -> None:
    assert summary(found, CUSTOMER) == sentence


def lines(found: Explanation, reader: Reader) -> list[str]:
    made = [step_line(step, reader) for step in found.steps]
    return [f"{line.when}: {line.text}" + (f" ({line.note})" if line.note else "") for line in made]


def test_the_steps_to_a_customer() -> None:
    assert lines(told(2, STARTED, PAUSED, RESUMED, now="20 18:00"), CUSTOMER) == [
        "17:00: the clock starts: 2 h (ticket opened · p v1)",
        "17:00 – 17:10: open, 10 min counted",
        "17:10 – 17:53: paused 43 min while we waited for you",
        "17:53 – 18:00: open, 7 min counted",
        "18:00 – Mon 09:00: closed, nothing counts",
        "Mon 09:00 – 10:43: open, 1 h 43 min will count",
        "Mon 10:43: due, 1 h 43 min left",
    ]


def test_staff_read_who_it_was_and_of_the_customer_as_a_third() -> None:
    found = lines(told(2, STARTED, PAUSED, RESUMED, now="20 18:00"), STAFF)
    assert found[0].endswith("(Zhao Min · ticket opened · p v1)")
    assert found[2] == "17:10 – 17:53: paused 43 min while we waited for the customer"


def test_the_end_of_a_broken_promise() -> None:
    met = row(FactKind.MET, "20 20:00", reason="solved")
    found = told(2, STARTED, met, now="21 00:00", calendar=ALWAYS)
    assert lines(found, CUSTOMER)[1:] == [
        "17:00 – 19:00: 2 h counted",
        "19:00: the time ran out (p v1)",
        "19:00 – 20:00: 1 h counted",
        "20:00: done, 1 h late (solved)",
    ]


def test_the_tone_of_a_line_is_never_its_only_word() -> None:
    closed = told(2, STARTED, now="20 18:00").stretches[1]
    line = step_line(closed, CUSTOMER)
    assert line == StepLine("moon", "18:00 – Mon 09:00", "closed, nothing counts", "", tone="faint")


def told_of(ticket: Ticket, now: dt.datetime, *, staff: bool = False) -> ExplainedPromises:
    rows = ledger.with_rows(Promise.objects.filter(ticket=ticket).order_by("pk"))
    return explained(list(rows), now, staff=staff)


@pytest.mark.django_db
class TestATicket:
    def test_the_promise_that_runs_out_next_is_the_headline(self, cast: SimpleNamespace) -> None:
        ticket = factories.ticket(cast.developer, severity=Severity.URGENT)
        found = told_of(ticket, NOON)
        assert found.headline == "due 12:15: 15 min, around the clock"
        assert [one.label for one in found.present] == [
            "First answer by an engineer",
            "Restore goal",
        ]
        answer(cast, ticket, after(5))
        found = told_of(ticket, after(5))
        assert found.headline == "due 12:35: 30 min, around the clock"

    def test_every_promise_is_explained_also_of_earlier_cycles(self, cast: SimpleNamespace) -> None:
        ticket = factories.ticket(cast.developer, severity=Severity.URGENT)
        answer(cast, ticket, after(5))
        answer(cast, ticket, after(40))
        lifecycle.resolve(ticket=ticket, by=factories.Viewer.of(cast.engineer), now=after(60))
        write(cast, ticket, after(90))
        found = told_of(ticket, after(90))
        everything = [*found.present, *found.earlier]
        assert {one.key for one in everything} == {p.pk for p in ticket.promises.all()}
        assert all(one.lines for one in everything)
        assert [str(one.status) for one in found.earlier].count("broken") == 1

    def test_a_ledger_that_makes_no_sense_does_not_hide_the_ticket(
        self, cast: SimpleNamespace, caplog: pytest.LogCaptureFixture
    ) -> None:
        ticket = factories.ticket(cast.developer)
        response = promise(ticket, "response")
        response.facts.create(
            organization_id=ticket.organization_id,
            kind="resumed",
            at=after(1),
            policy_version=response.policy_version,
        )
        found = told_of(ticket, after(2))
        assert found.present[0].sentence == "the ledger of this promise cannot be followed"
        assert found.present[1].lines

    def test_of_many_updates_the_oldest_are_only_counted(self, cast: SimpleNamespace) -> None:
        ticket = factories.ticket(cast.developer, severity=Severity.URGENT)
        for number in range(UPDATES_TOLD + 3):
            answer(cast, ticket, after(5 + number))
        found = told_of(ticket, after(100))
        assert found.left_out == 2
        assert len(found.earlier) == UPDATES_TOLD
        assert [bool(one.lines) for one in found.earlier].count(True) == 6

    def test_a_regrade_is_told_with_both_targets(self, cast: SimpleNamespace) -> None:
        ticket = factories.ticket(cast.developer)
        severity.change(
            ticket=ticket,
            by=factories.Viewer.of(cast.developer),
            to=Severity.URGENT,
            reason="",
            now=after(10),
        )
        response = told_of(ticket, after(10), staff=True).present[0]
        assert any("25 min in all instead of 8 h" in line.text for line in response.lines)
