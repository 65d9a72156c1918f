"""A real engine, killed as hard as it gets while it handles silence and people out of reach."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from accounts.models import Deadline, Delivery
from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import Viewer
from portal.database import DatabaseUrls
from portal.engine import deadlines
from tests import factories
from tests.cast import make_cast
from tests.mail_server import MailServer, mail_server
from tests.portal.engine.processes import engine, eventually
from tickets import escalation
from tickets.models import Escalation, LadderStep, Page, Ticket
from tickets.models.ticket import Severity

COUNT = 6


@pytest.fixture
def cast(committed_database: DatabaseUrls) -> SimpleNamespace:
    with acting_as(DatabaseRole.ENGINE):
        people = make_cast()
        LadderStep.objects.update(patience_seconds=3600)
        return people


def open_urgent(cast: SimpleNamespace) -> list[Ticket]:
    with acting_as(DatabaseRole.ENGINE) as now:
        return [
            factories.ticket(cast.developer, severity=Severity.URGENT, now=now)
            for _ in range(COUNT)
        ]


def release() -> None:
    """What a dead engine held is due again at once, as after its lease."""
    with acting_as(DatabaseRole.ENGINE) as now:
        Deadline.objects.filter(settled_at=None, due_at__lte=now).update(claimable_at=now)
        Delivery.objects.filter(sent_at=None, failed_at=None).update(claimable_at=now)


def pages(reason: Escalation.Reason) -> list[tuple[int, int, str]]:
    with acting_as(DatabaseRole.ENGINE):
        found = Page.objects.filter(escalation__reason=reason)
        return list(
            found.values_list("ticket_id", "step", "person_name").order_by("ticket_id", "step")
        )


def killed_again_and_again(
    urls: DatabaseUrls, log: Path, server: MailServer, reason: Escalation.Reason, done: int
) -> None:
    """Kill it as soon as there are 1, 2, … pages for that reason, and let the last one finish."""
    settings = {"VIGIL_EMAIL_URL": f"smtp://127.0.0.1:{server.port}?tls=no"}
    for wanted in (1, 2, done // 2):
        with engine(urls, log, **settings) as running:
            eventually(lambda wanted=wanted: len(pages(reason)) >= wanted)
            running.kill()
        release()
    with engine(urls, log, **settings):
        eventually(lambda: len(pages(reason)) >= done and settled())


def settled() -> bool:
    """Whether nothing that is due waits."""
    with acting_as(DatabaseRole.ENGINE) as now:
        return not (
            Deadline.objects.filter(settled_at=None, due_at__lte=now).exists()
            or Delivery.objects.filter(sent_at=None, failed_at=None, cancelled_at=None).exists()
        )


def test_silence_rings_each_ticket_once_however_often_the_engine_is_killed(
    cast: SimpleNamespace, fresh_database: DatabaseUrls, tmp_path: Path
) -> None:
    tickets = open_urgent(cast)
    while deadlines.handle_next(promises=True):
        pass
    with acting_as(DatabaseRole.ENGINE):
        Escalation.objects.update(silence_seconds=1)
    for ticket in tickets:
        with acting_as(DatabaseRole.STAFF, user_id=cast.engineer.pk) as now:
            escalation.acknowledge(ticket=ticket, by=Viewer.of(cast.engineer), now=now)
    with mail_server() as server:
        reason = Escalation.Reason.SILENCE
        killed_again_and_again(fresh_database, tmp_path / "engine.log", server, reason, COUNT)
    rung = pages(Escalation.Reason.SILENCE)
    assert rung == [(ticket.pk, 0, "Zhao Min") for ticket in tickets]


def test_who_is_out_of_reach_is_passed_over_once_however_often_the_engine_is_killed(
    cast: SimpleNamespace, fresh_database: DatabaseUrls, tmp_path: Path
) -> None:
    tickets = open_urgent(cast)
    with mail_server() as server:
        server.answers["RCPT"] = "550 no such mailbox"
        reason = Escalation.Reason.URGENT
        killed_again_and_again(fresh_database, tmp_path / "engine.log", server, reason, 3 * COUNT)
    assert pages(Escalation.Reason.URGENT) == [
        (ticket.pk, step, name)
        for ticket in tickets
        for step, name in enumerate(("Zhao Min", "Li Wei", "Chen Yu"))
    ]
    with acting_as(DatabaseRole.ENGINE):
        assert set(Page.objects.values_list("state", flat=True)) == {Page.State.UNREACHABLE}
