"""`manage.py replay_promises`: what is stored follows from the ledger, and it says if not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts import tenancy
from accounts.models import Event
from accounts.viewer import Viewer
from tests import factories
from tests.tickets.scenes import after, answer, promise, write
from tickets import ledger, lifecycle, ownership, promises, replaying, severity
from tickets.models import PolicyVersion, Promise, PromiseFact, Ticket
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db
LATE = after(600)


@pytest.fixture(autouse=True)
def late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tenancy, "database_now", lambda read: LATE)


def replay_command(*args: str) -> tuple[int, str]:
    """The exit code and what was printed."""
    out = StringIO()
    try:
        call_command("replay_promises", *args, stdout=out, no_color=True)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def paused(cast: SimpleNamespace, ticket: Ticket) -> None:
    answer(cast, ticket, after(5), ask_customer=True)


def resumed(cast: SimpleNamespace, ticket: Ticket) -> None:
    answer(cast, ticket, after(5), ask_customer=True)
    write(cast, ticket, after(48))


def regraded(cast: SimpleNamespace, ticket: Ticket) -> None:
    by = Viewer.of(cast.developer)
    severity.change(ticket=ticket, by=by, to=Severity.URGENT, reason="r", now=after(10))
    answer(cast, ticket, after(12))


def downgraded(cast: SimpleNamespace, ticket: Ticket) -> None:
    regraded(cast, ticket)
    by = Viewer.of(cast.lead)
    severity.change(ticket=ticket, by=by, to=Severity.IMPORTANT, reason="r", now=after(30))


def reopened(cast: SimpleNamespace, ticket: Ticket) -> None:
    answer(cast, ticket, after(5))
    lifecycle.resolve(ticket=ticket, by=Viewer.of(cast.engineer), now=after(20))
    write(cast, ticket, after(30))


def broken(cast: SimpleNamespace, ticket: Ticket) -> None:
    by = Viewer.of(cast.developer)
    severity.change(ticket=ticket, by=by, to=Severity.URGENT, reason="r", now=after(0))
    for row in ticket.promises.all():
        promises.ran_out(row, now=after(31))
    answer(cast, ticket, after(40))


def broken_unseen(cast: SimpleNamespace, ticket: Ticket) -> None:
    by = Viewer.of(cast.developer)
    severity.change(ticket=ticket, by=by, to=Severity.URGENT, reason="r", now=after(0))
    severity.change(
        ticket=ticket, by=Viewer.of(cast.lead), to=Severity.NORMAL, reason="r", now=after(300)
    )


def named(cast: SimpleNamespace, ticket: Ticket) -> None:
    odd = dt.timedelta(microseconds=123456)
    answer(cast, ticket, after(5) + odd, next_update_at=after(700))


def named_and_drawn_in(cast: SimpleNamespace, ticket: Ticket) -> None:
    named(cast, ticket)
    by = Viewer.of(cast.developer)
    severity.change(ticket=ticket, by=by, to=Severity.URGENT, reason="r", now=after(20))


SCENARIOS = [
    paused,
    resumed,
    regraded,
    downgraded,
    reopened,
    broken,
    broken_unseen,
    named,
    named_and_drawn_in,
]


@pytest.fixture
def ticket(cast: SimpleNamespace) -> Ticket:
    return factories.ticket(cast.developer)


@pytest.mark.parametrize("play", SCENARIOS, ids=lambda play: play.__name__)
def test_what_is_stored_follows_from_the_ledger(
    cast: SimpleNamespace, ticket: Ticket, play: Callable[[SimpleNamespace, Ticket], None]
) -> None:
    play(cast, ticket)
    code, text = replay_command("star-1")
    assert (code, text.count("= as stored")) == (0, ticket.promises.count()), text
    assert "DIFFERS" not in text


@pytest.mark.parametrize("play", SCENARIOS, ids=lambda play: play.__name__)
def test_every_row_says_who_why_when_and_under_what(
    cast: SimpleNamespace, ticket: Ticket, play: Callable[[SimpleNamespace, Ticket], None]
) -> None:
    """Times are those of the facts: a breach is dated to its due time, whoever notices it."""
    play(cast, ticket)
    for row in PromiseFact.objects.filter(promise__ticket=ticket):
        assert row.reason, row.kind
        assert row.policy == str(row.policy_version)
        if row.kind == "breached":
            assert row.at == row.promise.breached_at < after(300)
            assert row.actor is None
        else:
            assert row.actor_name == getattr(row.actor, "name", None)


@pytest.mark.parametrize("play", SCENARIOS, ids=lambda play: play.__name__)
def test_nothing_moves_without_a_row(
    cast: SimpleNamespace, ticket: Ticket, play: Callable[[SimpleNamespace, Ticket], None]
) -> None:
    """What the rows on record give is what is stored, after every single row."""
    play(cast, ticket)
    for row in ticket.promises.select_related("policy_version", "calendar_version"):
        assert replaying.replay(row, LATE).agrees


def test_a_breach_unseen_is_recorded_under_the_policy_it_happened_under(
    cast: SimpleNamespace, ticket: Ticket
) -> None:
    broken_unseen(cast, ticket)
    breach = PromiseFact.objects.filter(kind="breached").earliest("pk")
    assert "/urgent" in breach.policy
    assert "/urgent" in str(breach.policy_version)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("due_at", after(1)),
        ("state", "cancelled"),
        ("target_seconds", 1),
        ("breached_at", after(100)),
        ("met_at", after(3)),
    ],
)
def test_a_state_that_does_not_follow_is_named(
    cast: SimpleNamespace, ticket: Ticket, field: str, value: object
) -> None:
    answer(cast, ticket, after(5))
    Promise.objects.filter(pk=promise(ticket, "resolution").pk).update(**{field: value})
    code, text = replay_command("STAR-1")
    assert code == 1
    assert "DIFFERS from what is stored" in text


def test_a_ledger_without_rows_cannot_be_replayed(cast: SimpleNamespace, ticket: Ticket) -> None:
    row = promise(ticket, "response")
    row.pk = None
    row.kind = "update"
    row.save(force_insert=True)
    code, text = replay_command("STAR-1")
    assert code == 1
    assert "cannot be replayed" in text


def test_it_explains_step_by_step_and_says_who_spent_the_time(
    cast: SimpleNamespace, ticket: Ticket
) -> None:
    resumed(cast, ticket)
    ownership.assign(ticket=ticket, by=Viewer.of(cast.lead), owner=cast.second, now=after(60))
    code, text = replay_command("STAR-1", "--time-zone", "Asia/Shanghai")
    assert code == 0
    assert "20:05 – 20:48: paused 43 min while we waited for the customer (Zhao Min)" in text
    assert "Time of the solution by level: nobody yet 5 min, L2 12 min, L3 9 h" in text


def test_another_policy_is_a_question_and_the_difference_its_answer(
    cast: SimpleNamespace, ticket: Ticket
) -> None:
    resumed(cast, ticket)
    urgent = PolicyVersion.objects.get(policy__plan="premium", policy__severity="urgent", number=1)
    code, text = replay_command("STAR-1", "--policy", "premium/urgent v1")
    assert code == 1
    assert "otherwise than stored: due" in text
    assert "paused" not in text  # an urgent promise waits for nobody
    assert replay_command("STAR-1", "--policy", str(urgent.pk)) == (code, text)


def test_under_its_own_policy_by_name_it_is_the_same(cast: SimpleNamespace, ticket: Ticket) -> None:
    resumed(cast, ticket)
    code, text = replay_command("STAR-1", "--policy", "premium/normal v1")
    assert (code, text.count("= as stored")) == (0, 2)


def test_a_policy_that_promises_no_such_thing_says_so(
    cast: SimpleNamespace, ticket: Ticket
) -> None:
    code, text = replay_command("STAR-1", "--policy", "trial/normal v1")
    assert code == 1
    assert "promises nothing of this kind" in text


@pytest.mark.parametrize(
    ("args", "problem"),
    [
        ((), "Name one ticket"),
        (("STAR-1", "--all"), "Name one ticket"),
        (("STAR-99",), "There is no ticket 'STAR-99'"),
        (("nonsense",), "There is no ticket 'nonsense'"),
        (("STAR-1", "--policy", "premium/urgent v99"), "There is no policy"),
        (("STAR-1", "--policy", "999999"), "There is no policy"),
        (("STAR-1", "--policy", "the old one"), "names no policy"),
        (("STAR-1", "--time-zone", "Mars/Base"), "no time zone named"),
        (("--all", "--policy", "1"), "own policy"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    ticket: Ticket, args: tuple[str, ...], problem: str
) -> None:
    with pytest.raises(CommandError, match=problem):
        replay_command(*args)


def test_all_unsolved_tickets_are_checked_in_batches(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tickets.management.commands.replay_promises.BATCH", 2)
    tickets = [factories.ticket(cast.developer) for _number in range(5)]
    assert replay_command("--all") == (
        0,
        "10 promises of unsolved tickets replayed, 0 differ.\n",
    )
    Promise.objects.filter(ticket=tickets[4], kind="response").update(target_seconds=7)
    code, text = replay_command("--all")
    assert code == 1
    assert "STAR-5 response" in text


def test_it_writes_nothing(cast: SimpleNamespace, ticket: Ticket) -> None:
    resumed(cast, ticket)
    before = (list(Promise.objects.values()), Event.objects.count(), PromiseFact.objects.count())
    replay_command("STAR-1")
    replay_command("--all")
    assert before == (
        list(Promise.objects.values()),
        Event.objects.count(),
        PromiseFact.objects.count(),
    )


def test_the_ledger_read_with_the_promise_is_the_ledger(
    cast: SimpleNamespace, ticket: Ticket
) -> None:
    named_and_drawn_in(cast, ticket)
    for brought in ledger.with_rows(Promise.objects.filter(ticket=ticket)):
        assert ledger.rows(brought) == ledger.rows(Promise.objects.get(pk=brought.pk))
