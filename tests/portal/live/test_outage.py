"""The database goes away and comes back; the streams stay, and nothing is missed."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from portal.database import DatabaseUrls
from tests.live_cast import happen
from tests.live_stream import Live, live, session_of
from tests.relay import Relay, relay


@pytest.fixture
def cable(committed_database: DatabaseUrls) -> Iterator[tuple[Relay, Live]]:
    """The live process, whose database is behind a cable of its own."""
    with relay(committed_database.app) as (cable, url), live(url) as running:
        yield cable, running


def reconnect(cable: Relay, running: Live) -> None:
    cable.plug()
    running.advance(3)  # the longest pause between attempts
    running.until(lambda: running.application.hub.listening)


def lose(cable: Relay, running: Live) -> None:
    cable.pull()
    running.until(lambda: not running.application.hub.listening)


def test_after_an_outage_every_page_fetches_everything(
    cable: tuple[Relay, Live], live_cast: SimpleNamespace
) -> None:
    wire, running = cable
    page = running.open(session_of(live_cast.developer))
    lose(wire, running)
    happen(live_cast.star, "ticket/7")  # nobody hears of it
    reconnect(wire, running)
    assert page.next()["data"] == {"ticket": None}
    event = happen(live_cast.star, "ticket/8")
    assert page.next()["data"] == {"ticket": 8, "event": event.pk}


def test_it_listens_again_after_any_number_of_breaks(
    cable: tuple[Relay, Live], live_cast: SimpleNamespace
) -> None:
    wire, running = cable
    page = running.open(session_of(live_cast.developer))
    for _ in range(3):
        lose(wire, running)
        reconnect(wire, running)
        assert page.next_changes(1) == [None]


def test_streams_outlive_an_outage_of_less_than_a_minute(
    cable: tuple[Relay, Live], live_cast: SimpleNamespace
) -> None:
    wire, running = cable
    page = running.open(session_of(live_cast.developer))
    lose(wire, running)
    running.call(lambda: setattr(running.clock, "time", running.clock.time + 50))
    running.check()
    assert not page.closed.is_set()
    reconnect(wire, running)
    running.check()
    running.call(lambda: setattr(running.clock, "time", running.clock.time + 50))
    assert not page.closed.is_set()


def test_unchecked_for_a_minute_they_are_closed_but_may_come_back(
    cable: tuple[Relay, Live], live_cast: SimpleNamespace
) -> None:
    wire, running = cable
    page = running.open(session_of(live_cast.developer))
    lose(wire, running)
    running.call(lambda: setattr(running.clock, "time", running.clock.time + 52))
    running.check()
    page.wait_closed()
    assert "bye" not in page.text


def test_without_a_database_a_new_page_is_told_to_try_again(
    cable: tuple[Relay, Live], live_cast: SimpleNamespace
) -> None:
    wire, running = cable
    cookie = session_of(live_cast.developer)
    lose(wire, running)
    assert running.open(cookie).status == 503
    assert running.open(path="/live/health").status == 503
    reconnect(wire, running)
    assert running.open(cookie).status == 200
