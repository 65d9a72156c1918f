"""Who loses access is cut off, by one look for all streams; others keep listening."""

from types import SimpleNamespace

import pytest

from accounts.models import Membership, User
from accounts.tenancy import DatabaseRole, acting_as
from portal.live import listener, revocation
from tests.live_cast import happen
from tests.live_stream import Live, session_of


def test_ten_seconds_are_kept() -> None:
    assert revocation.CHECK_SECONDS + revocation.CHECK_TIMEOUT_SECONDS < 10


def test_one_look_serves_any_number_of_streams(
    live_process: Live, live_cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for person in (live_cast.developer, live_cast.developer, live_cast.stranger):
        live_process.open(session_of(person))
    asked = []

    async def counted(connection: object, keys: set[str]) -> object:
        asked.append(keys)
        return await listener.listeners(connection, keys)  # type: ignore[arg-type]

    monkeypatch.setattr(revocation, "listeners", counted)
    live_process.check()
    assert [len(keys) for keys in asked] == [3]
    assert len(live_process.application.hub.streams) == 3


def test_losing_one_of_two_organizations_ends_the_stream(
    live_process: Live, live_cast: SimpleNamespace
) -> None:
    with acting_as(DatabaseRole.ENGINE):
        second = Membership.objects.create(
            organization=live_cast.bright, user=live_cast.developer, role="viewer"
        )
    page = live_process.open(session_of(live_cast.developer))
    with acting_as(DatabaseRole.ENGINE):
        second.delete()
    live_process.check()
    assert page.next()["event"] == "bye"


def test_a_new_organization_is_heard_without_a_new_page(
    live_process: Live, live_cast: SimpleNamespace
) -> None:
    page = live_process.open(session_of(live_cast.developer))
    with acting_as(DatabaseRole.ENGINE):
        Membership.objects.create(
            organization=live_cast.bright, user=live_cast.developer, role="viewer"
        )
    live_process.check()
    happen(live_cast.bright, "ticket/8")
    assert page.next_changes(1) == [8]


def test_an_event_about_something_else_than_a_ticket_makes_it_look_at_once(
    live_process: Live, live_cast: SimpleNamespace
) -> None:
    page = live_process.open(session_of(live_cast.developer))
    with acting_as(DatabaseRole.ENGINE):
        Membership.objects.filter(user=live_cast.developer).delete()
    happen(live_cast.star, f"user/{live_cast.developer.pk}", verb="member.removed", internal=True)
    assert page.next()["event"] == "bye"
    page.wait_closed()


def test_leaving_staff_ends_the_stream(live_process: Live, live_cast: SimpleNamespace) -> None:
    page = live_process.open(session_of(live_cast.engineer))
    with acting_as(DatabaseRole.ENGINE):
        User.objects.filter(pk=live_cast.engineer.pk).update(is_staff=False)
    live_process.check()
    assert page.next()["event"] == "bye"


def test_nothing_is_said_after_the_farewell(live_process: Live, live_cast: SimpleNamespace) -> None:
    page = live_process.open(session_of(live_cast.developer))
    live_process.call(page.reading.clear)
    happen(live_cast.star, "ticket/6")
    with acting_as(DatabaseRole.ENGINE):
        Membership.objects.filter(user=live_cast.developer).delete()
    live_process.check()
    happen(live_cast.star, "ticket/7")
    live_process.call(page.reading.set)
    page.wait_closed()
    assert "ticket/7" not in page.text
    assert '"ticket": 7' not in page.text


def test_a_browser_that_does_not_read_is_cut_off(
    live_process: Live, live_cast: SimpleNamespace
) -> None:
    page = live_process.open(session_of(live_cast.developer))
    live_process.call(page.reading.clear)
    happen(live_cast.star, "ticket/6")
    with acting_as(DatabaseRole.ENGINE):
        Membership.objects.filter(user=live_cast.developer).delete()
    live_process.check()
    live_process.until(lambda: not live_process.application.hub.streams)
