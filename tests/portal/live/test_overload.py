"""Too many streams, or readers too slow, cost the others nothing."""

import asyncio
from types import SimpleNamespace

from portal.live import hub
from portal.live.listener import Listener
from portal.live.stream import MOST_PENDING, Stream
from tests.live_cast import happen
from tests.live_stream import Live, session_of


def test_one_person_has_at_most_twenty_streams(
    live_process: Live, live_cast: SimpleNamespace
) -> None:
    cookie = session_of(live_cast.developer)
    pages = [live_process.open(cookie) for _ in range(hub.MOST_PER_PERSON)]
    refused = live_process.open(cookie)
    assert refused.status == 429
    assert refused.headers["retry-after"]
    assert live_process.open(session_of(live_cast.stranger)).status == 200
    live_process.leave(pages[0])
    assert live_process.open(cookie).status == 200


def test_a_full_process_says_so(live_process: Live, live_cast: SimpleNamespace) -> None:
    live_process.application.hub.most_streams = 1
    page = live_process.open(session_of(live_cast.developer))
    assert live_process.open(session_of(live_cast.stranger)).status == 503
    live_process.leave(page)
    assert live_process.open(session_of(live_cast.stranger)).status == 200


def test_a_page_that_is_closed_is_forgotten(live_process: Live, live_cast: SimpleNamespace) -> None:
    page = live_process.open(session_of(live_cast.developer))
    live_process.leave(page)
    assert not live_process.application.hub.streams


def test_a_slow_reader_gets_one_hint_for_each_ticket() -> None:
    async def told() -> bytes:
        stream = quiet_stream()
        await stream.next()  # the greeting
        for event in range(1, 1001):
            stream.tell(event % 3, event)
        return await stream.next()

    text = asyncio.run(told()).decode()
    assert text.count("event: change") == 3
    assert text.endswith('id: 1000\ndata: {"ticket": 1, "event": 1000}\n\n')


def test_a_slow_reader_of_many_tickets_is_told_that_everything_changed() -> None:
    async def told() -> bytes:
        stream = quiet_stream()
        await stream.next()
        for event in range(1, MOST_PENDING + 10):
            stream.tell(event, event)
        return await stream.next()

    last = MOST_PENDING + 9
    expected = f'event: change\nid: {last}\ndata: {{"ticket": null, "event": {last}}}\n\n'
    assert asyncio.run(told()).decode() == expected


def test_a_reader_that_stalls_holds_nobody_up(
    live_process: Live, live_cast: SimpleNamespace
) -> None:
    stalled = live_process.open(session_of(live_cast.developer))
    live_process.call(stalled.reading.clear)
    other = live_process.open(session_of(live_cast.developer))
    happen(live_cast.star, "ticket/7")
    assert other.next_changes(1) == [7]


def quiet_stream() -> Stream:
    return Stream("key", Listener(user_id=1, is_staff=True, organizations=frozenset()))
