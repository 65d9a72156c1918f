"""After a break nothing is missing; saying something twice is harmless."""

import datetime as dt
from types import SimpleNamespace

import psycopg
import pytest

from accounts.models import Event
from accounts.tenancy import DatabaseRole, acting_as
from portal.database import DatabaseUrls
from portal.live import replay
from tests.live_cast import happen
from tests.live_stream import Live, session_of

LONG_AGO = dt.timedelta(minutes=10)


def recorded(organization: object, subject: str, ago: dt.timedelta, **fields: object) -> Event:
    """An event that was written down some time ago."""
    with acting_as(DatabaseRole.ENGINE) as now:
        return Event.objects.create(
            organization=organization,
            verb="ticket.replied",
            subject=subject,
            at=now - ago,
            recorded_at=now - ago,
            **fields,
        )


def test_what_happened_after_the_pages_event_is_told(
    live_process: Live, live_cast: SimpleNamespace
) -> None:
    seen = recorded(live_cast.star, "ticket/1", LONG_AGO)
    missed = [happen(live_cast.star, f"ticket/{number}") for number in (2, 3)]
    happen(live_cast.bright, "ticket/4")
    happen(live_cast.star, "ticket/5", internal=True)
    page = live_process.open(session_of(live_cast.developer), query=f"after={seen.pk}")
    assert [page.next() for _ in range(3)] == [
        {"event": "change", "id": None, "data": {"ticket": 1, "event": seen.pk}},
        {"event": "change", "id": str(missed[0].pk), "data": {"ticket": 2, "event": missed[0].pk}},
        {"event": "change", "id": str(missed[1].pk), "data": {"ticket": 3, "event": missed[1].pk}},
    ]
    assert page.is_silent


def test_staff_resume_over_all_organizations(
    live_process: Live, live_cast: SimpleNamespace
) -> None:
    seen = recorded(live_cast.star, "ticket/1", LONG_AGO)
    happen(live_cast.bright, "ticket/4")
    happen(live_cast.star, "ticket/5", internal=True)
    page = live_process.open(session_of(live_cast.engineer), query=f"after={seen.pk}")
    assert page.next_changes(3) == [1, 4, 5]


def test_an_event_that_committed_late_with_a_lower_id_is_told(
    live_process: Live, live_cast: SimpleNamespace, committed_database: DatabaseUrls
) -> None:
    with psycopg.connect(committed_database.app) as slow:
        slow.execute("select set_config('role', 'vigil_engine', true)")
        slow.execute(
            "insert into accounts_event (organization_id, actor_name, verb, subject, data,"
            " internal, at) values (%s, '', 'page.rung', 'ticket/9', '{}', false, now())",
            [live_cast.star.pk],
        )
        seen = happen(live_cast.star, "ticket/1")
    page = live_process.open(session_of(live_cast.developer), query=f"after={seen.pk}")
    assert sorted(page.next_changes(2)) == [1, 9]


def test_the_browsers_own_place_counts_before_the_pages(
    live_process: Live, live_cast: SimpleNamespace
) -> None:
    old = recorded(live_cast.star, "ticket/1", 3 * LONG_AGO)
    recorded(live_cast.star, "ticket/2", 2 * LONG_AGO)
    seen = recorded(live_cast.star, "ticket/3", LONG_AGO)
    page = live_process.open(
        session_of(live_cast.developer), query=f"after={old.pk}", last_event_id=str(seen.pk)
    )
    happen(live_cast.star, "ticket/4")
    assert page.next_changes(2) == [3, 4]


@pytest.mark.parametrize("after", ["999999999", "0", "-1", "x", "9" * 30, "7%00"])
def test_an_unknown_event_means_everything(
    live_process: Live, live_cast: SimpleNamespace, after: str
) -> None:
    newest = happen(live_cast.star)
    page = live_process.open(session_of(live_cast.developer), query=f"after={after}")
    told = page.next()
    assert told["data"] == {"ticket": None, "event": newest.pk}
    assert told["id"] == str(newest.pk)


def test_another_organizations_event_is_as_unknown_as_none(
    live_process: Live, live_cast: SimpleNamespace
) -> None:
    foreign = happen(live_cast.bright)
    page = live_process.open(session_of(live_cast.developer), query=f"after={foreign.pk}")
    assert page.next()["data"] == {"ticket": None}


def test_too_much_missed_means_everything(
    live_process: Live, live_cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay, "MOST_REPLAYED", 5)
    cookie = session_of(live_cast.developer)
    seen = recorded(live_cast.star, "ticket/1", LONG_AGO)
    for number in range(4):
        happen(live_cast.star, f"ticket/{number + 2}")
    page = live_process.open(cookie, query=f"after={seen.pk}")
    assert page.next_changes(5) == [1, 2, 3, 4, 5]
    happen(live_cast.star, "ticket/6")
    page = live_process.open(cookie, query=f"after={seen.pk}")
    assert page.next_changes(1) == [None]
    assert page.is_silent


def test_a_page_that_names_no_event_is_told_from_now_on(
    live_process: Live, live_cast: SimpleNamespace
) -> None:
    happen(live_cast.star, "ticket/1")
    page = live_process.open(session_of(live_cast.developer))
    happen(live_cast.star, "ticket/2")
    assert page.next_changes(1) == [2]


def test_row_security_alone_keeps_foreign_events_from_a_replay(
    committed_database: DatabaseUrls, live_cast: SimpleNamespace
) -> None:
    happen(live_cast.bright, "ticket/4")
    happen(live_cast.star, "ticket/5")
    mine = [str(live_cast.star.pk), str(live_cast.developer.pk), "vigil_customer"]
    both = [live_cast.star.pk, live_cast.bright.pk]
    with psycopg.connect(committed_database.app) as connection:
        connection.execute(replay.BECOME, mine)
        asked = {"after": 1, "organizations": both, "most": 10}
        rows = connection.execute(replay.NEWEST_OF_MEMBER, asked).fetchall()
    assert [row[1] for row in rows] == ["ticket/5"]
