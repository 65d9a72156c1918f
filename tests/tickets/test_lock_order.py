"""Tickets are locked before what belongs to them: joining and splitting block nobody in a circle.

Each test stops a join or a split in the middle, where it holds both tickets, lets another
connection begin with something of the one ticket, and goes on once that one waits.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.db import connection

from accounts.models import Deadline
from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import Viewer
from portal.database import DatabaseUrls
from portal.engine import promises as engine_promises
from tests import factories
from tests.cast import make_cast
from tests.processes import wait_until
from tickets import joining
from tickets.chats import being_there
from tickets.hotline import calls
from tickets.models import Call, Chat, Promise, Ticket
from tickets.models.ticket import Severity

WAITING = """
select count(*) from pg_locks join pg_stat_activity using (pid)
where datname = current_database() and not granted
"""
Begin = Callable[[SimpleNamespace], Ticket | None]


def a_call(scene: SimpleNamespace) -> Ticket | None:
    return calls.locked(scene.call).ticket


def a_chat(scene: SimpleNamespace) -> Ticket | None:
    return being_there.locked_with_ticket(Chat.objects.get(pk=scene.chat))[0]


def a_promise(scene: SimpleNamespace) -> Ticket | None:
    return engine_promises.locked(Deadline(data={"promise": scene.promise}))[0]


@pytest.fixture
def scene(committed_database: DatabaseUrls) -> SimpleNamespace:
    """Two tickets of one customer, one with a chat, a call and the promise that runs out first."""
    with acting_as(DatabaseRole.ENGINE) as now:
        cast = make_cast()
        kept = factories.ticket(cast.developer, severity=Severity.NORMAL, now=now)
        began = now - dt.timedelta(hours=1)
        chat = factories.chat(cast.developer, severity=Severity.URGENT, now=began)
        call = Call.objects.create(
            organization=cast.star,
            ticket=chat.ticket,
            entry=chat.ticket.entries.get(),
            sid="CA" + 32 * "0",
            started_at=now,
        )
        kind = Promise.Kind.RESPONSE
        return SimpleNamespace(
            urls=committed_database,
            staff=Viewer.of(cast.engineer),
            kept=kept.pk,
            joined=chat.ticket_id,
            chat=chat.pk,
            call=call.pk,
            promise=Promise.objects.get(ticket=chat.ticket, kind=kind).pk,
        )


class Other:
    """Another connection, which begins with something of a ticket and now waits for a lock."""

    def __init__(self, scene: SimpleNamespace, begin: Begin) -> None:
        self.pool = ThreadPoolExecutor(1)
        self.work = self.pool.submit(self._run, scene, begin)
        with psycopg.connect(scene.urls.owner, autocommit=True) as watching:
            wait_until(lambda: watching.execute(WAITING).fetchone() == (1,), "it waits")

    def _run(self, scene: SimpleNamespace, begin: Begin) -> int | None:
        try:
            with acting_as(DatabaseRole.ENGINE):
                ticket = begin(scene)
                return ticket.pk if ticket else None
        finally:
            connection.close()

    @property
    def ticket(self) -> int | None:
        """The key of the ticket it went on in; what went wrong is raised here."""
        with self.pool:
            return self.work.result(20)


@pytest.fixture
def others(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Other]]:
    """Has another begin before that step of joining or splitting; gives where it will stand."""

    def at(name: str, scene: SimpleNamespace, begin: Begin) -> list[Other]:
        step, found = getattr(joining, name), []

        def run(*args: Any, **more: Any) -> None:
            found.append(Other(scene, begin))
            step(*args, **more)

        monkeypatch.setattr(joining, name, run)
        return found

    return at


def both(scene: SimpleNamespace) -> tuple[Ticket, Ticket]:
    found = Ticket.objects.in_bulk([scene.kept, scene.joined])
    return found[scene.kept], found[scene.joined]


@pytest.mark.parametrize("begin", [a_call, a_chat, a_promise])
def test_who_begins_while_two_are_joined_goes_on_where_it_is_by_then(
    scene: SimpleNamespace, others: Callable[..., list[Other]], begin: Begin
) -> None:
    begun = others("_move_messages", scene, begin)
    with acting_as(DatabaseRole.ENGINE) as now:
        kept, joined = both(scene)
        joining.join(kept=kept, joined=joined, by=scene.staff, now=now)
    (other,) = begun
    assert other.ticket == scene.kept


@pytest.mark.parametrize("begin", [a_call, a_chat])
def test_who_begins_while_two_are_split_goes_on_in_its_own(
    scene: SimpleNamespace, others: Callable[..., list[Other]], begin: Begin
) -> None:
    with acting_as(DatabaseRole.ENGINE) as now:
        kept, joined = both(scene)
        joining.join(kept=kept, joined=joined, by=scene.staff, now=now)
    begun = others("_move_back", scene, begin)
    with acting_as(DatabaseRole.ENGINE) as now:
        joining.split(ticket=both(scene)[1], by=scene.staff, now=now)
    (other,) = begun
    assert other.ticket == scene.joined


def test_a_call_that_gets_its_ticket_meanwhile_is_locked_with_it(scene: SimpleNamespace) -> None:
    with acting_as(DatabaseRole.ENGINE):
        Call.objects.filter(pk=scene.call).update(ticket=None, entry=None)
    with acting_as(DatabaseRole.ENGINE):
        Call.objects.select_for_update().get(pk=scene.call)
        other = Other(scene, a_call)
        Call.objects.filter(pk=scene.call).update(ticket=scene.joined)
    assert other.ticket == scene.joined
