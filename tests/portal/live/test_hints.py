"""Hints of a chat: who types, and that something was seen, to those who may read the ticket."""

from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from portal.database import DatabaseUrls
from portal.live.hub import Hub
from portal.live.listener import Listener
from portal.live.messages import Hint, hinted
from tests.live_cast import happen
from tests.live_stream import Live, session_of

TICKET = 7


def hint(urls: DatabaseUrls, **told: Any) -> None:
    with psycopg.connect(urls.app, autocommit=True) as connection:
        connection.execute("select pg_notify('vigil_chat', %s)", [json.dumps(told)])


def test_typing_reaches_the_customer_and_staff_but_no_other_customer_and_not_oneself(
    committed_database: DatabaseUrls,
    live_cast: SimpleNamespace,
    live_process: Live,
) -> None:
    pages = {
        who: live_process.open(session_of(getattr(live_cast, who)))
        for who in ("developer", "stranger", "engineer")
    }
    engineer = live_cast.engineer.pk
    hint(committed_database, organization=live_cast.star.pk, ticket=TICKET, person=engineer)
    heard = pages["developer"].next()
    assert (heard["event"], heard["id"]) == ("typing", None)
    assert heard["data"] == {"ticket": TICKET, "person": engineer}
    happen(live_cast.bright, "ticket/8")
    assert pages["stranger"].next()["data"]["ticket"] == 8
    assert pages["engineer"].next()["event"] == "change"


def test_what_was_seen_makes_pages_fetch_without_moving_their_place(
    committed_database: DatabaseUrls,
    live_cast: SimpleNamespace,
    live_process: Live,
) -> None:
    page = live_process.open(session_of(live_cast.developer))
    hint(committed_database, organization=live_cast.star.pk, ticket=TICKET)
    heard = page.next()
    assert (heard["event"], heard["id"], heard["data"]) == ("change", None, {"ticket": TICKET})


def test_that_an_engineer_replies_no_customer_hears(
    committed_database: DatabaseUrls,
    live_cast: SimpleNamespace,
    live_process: Live,
) -> None:
    pages = {
        who: live_process.open(session_of(getattr(live_cast, who)))
        for who in ("developer", "engineer")
    }
    told = {"organization": live_cast.star.pk, "ticket": TICKET, "person": live_cast.developer.pk}
    hint(committed_database, **told, staff_only=True)
    heard = pages["engineer"].next()
    assert (heard["event"], heard["id"]) == ("replying", None)
    assert heard["data"] == {"ticket": TICKET, "person": live_cast.developer.pk}
    happen(live_cast.star, "ticket/7")
    assert pages["developer"].next()["event"] == "change"


def test_nonsense_is_ignored(
    committed_database: DatabaseUrls,
    live_cast: SimpleNamespace,
    live_process: Live,
) -> None:
    page = live_process.open(session_of(live_cast.developer))
    for payload in ("", "[]", "{}", '"x"', '{"organization": null, "ticket": 7}'):
        with psycopg.connect(committed_database.app, autocommit=True) as connection:
            connection.execute("select pg_notify('vigil_chat', %s)", [payload])
    happen(live_cast.star, "ticket/9")
    assert page.next()["data"]["ticket"] == 9


@pytest.mark.parametrize("payload", ["", "[]", "{}", '{"organization": 1, "ticket": "x"}'])
def test_what_is_no_hint_is_said_to_be_none(payload: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  whichever of them
        hinted(payload)


def test_a_slow_reader_is_told_of_fifty_typists_at_most() -> None:
    async def listen() -> bytes:
        hub = Hub(most_streams=1)
        everything = Listener(user_id=1, is_staff=True, organizations=frozenset())
        stream = hub.open("", everything)
        for ticket in range(500):
            hub.pass_on(Hint(organization=1, ticket=ticket, person=2))
        return await stream.next()

    assert asyncio.run(listen()).count(b"event: typing") == 50
