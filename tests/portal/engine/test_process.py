"""A real engine process: sends at once, survives what may happen to it, ends when told to."""

from __future__ import annotations

import re
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from accounts.models import Deadline, Delivery, Event, User
from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import Viewer
from portal.database import DatabaseUrls
from portal.engine.health import status
from tests import factories
from tests.cast import make_cast
from tests.forwarder import Forwarder
from tests.mail_server import MailServer, mail_server
from tests.portal.engine.processes import engine, eventually
from tickets import escalation
from tickets.models import LadderStep, Page, Ticket
from tickets.models.ticket import Severity


@pytest.fixture
def cast(committed_database: DatabaseUrls) -> SimpleNamespace:
    with acting_as(DatabaseRole.ENGINE):
        return make_cast()


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "engine.log"


def to(server: MailServer) -> str:
    return f"smtp://127.0.0.1:{server.port}?tls=no"


def open_urgent(cast: SimpleNamespace) -> Ticket:
    with acting_as(DatabaseRole.ENGINE) as now:
        return factories.ticket(cast.developer, severity=Severity.URGENT, now=now)


def rung(server: MailServer) -> list[str]:
    """The addresses of the pages the mail server took, in order."""
    pages = [mail for mail in server.mails if "Importance: high" in mail]
    return [re.findall(r"^To: (.+?)\r$", mail, re.M)[0] for mail in pages]


def page_events() -> Counter[str]:
    with acting_as(DatabaseRole.ENGINE):
        return Counter(Event.objects.values_list("verb", flat=True))


def test_a_page_leaves_at_once_and_the_engine_ends_when_told_to(
    cast: SimpleNamespace, fresh_database: DatabaseUrls, server: MailServer, log: Path
) -> None:
    with engine(fresh_database, log, VIGIL_EMAIL_URL=to(server)) as running:
        eventually(lambda: status().is_ok)
        ticket = open_urgent(cast)
        eventually(lambda: page_events()["page.delivered"])
        assert rung(server) == ["zhao@vigil.example"]
        assert running.end() == 0
        assert "engine ended" in running.log
        assert "Traceback" not in running.log
    with acting_as(DatabaseRole.ENGINE):
        page = Page.objects.get(ticket=ticket)
        assert page.delivered_at is not None
        assert (page.delivered_at - ticket.opened_at).total_seconds() < 2
    assert status().state == "silent"


def test_an_engine_killed_between_any_two_steps_repeats_nothing_and_forgets_nothing(
    cast: SimpleNamespace, fresh_database: DatabaseUrls, server: MailServer, log: Path
) -> None:
    with acting_as(DatabaseRole.ENGINE):
        LadderStep.objects.update(patience_seconds=1)
    ticket = open_urgent(cast)
    everybody = ["zhao@vigil.example", "li@vigil.example", "chen@vigil.example"]
    for step in (1, 2, 3):
        with engine(fresh_database, log, VIGIL_EMAIL_URL=to(server)) as running:
            eventually(lambda step=step: len(set(rung(server))) >= step)
            running.kill()
        with acting_as(DatabaseRole.ENGINE) as now:  # dead for a while, whatever was due
            Deadline.objects.filter(settled_at=None).update(claimable_at=now)
            Delivery.objects.filter(sent_at=None).update(claimable_at=now)
    with acting_as(DatabaseRole.STAFF, user_id=cast.lead.pk) as now:
        assert escalation.acknowledge(ticket=ticket, by=Viewer.of(cast.lead), now=now).taken
    assert set(rung(server)) == set(everybody)  # what a kill held up may arrive after the next
    with acting_as(DatabaseRole.ENGINE):
        pages = list(Page.objects.filter(ticket=ticket).values_list("escalation", "step", "person"))
        assert len(pages) == len(set(pages)) == page_events()["page.rung"]
        steps = [step for _ladder, step, _person in sorted(pages, key=lambda row: row[:2])]
        assert steps == list(range(len(steps)))
    ids = Counter(re.findall(r"^Message-ID: (.+?)\r$", "".join(server.mails), re.M))
    # Under one id, and only what a kill found in hand: at most one thing by each of two ways.
    assert sum(ids.values()) - len(ids) <= 3 * 2


def test_two_engines_share_the_work_and_repeat_none_of_it(
    cast: SimpleNamespace, fresh_database: DatabaseUrls, server: MailServer, log: Path
) -> None:
    with acting_as(DatabaseRole.ENGINE) as now:
        for _ in range(30):
            factories.ticket(cast.developer, severity=Severity.URGENT, now=now)
    url = to(server)
    with (
        engine(fresh_database, log, VIGIL_EMAIL_URL=url),
        engine(fresh_database, log.with_suffix(".2"), VIGIL_EMAIL_URL=url),
    ):
        eventually(lambda: page_events()["page.delivered"] == 30)
        eventually(lambda: about_tickets(server) >= 60)  # each page, and each confirmation
    assert len(rung(server)) == 30
    assert about_tickets(server) == 60


def test_a_mail_server_that_hangs_holds_up_no_telephone(
    cast: SimpleNamespace, fresh_database: DatabaseUrls, server: MailServer, log: Path
) -> None:
    heard = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as telephone, _silent() as hanging:

        def answer() -> None:
            call, _address = telephone.accept()
            call.recv(65536)
            call.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            call.close()
            heard.set()

        threading.Thread(target=answer, daemon=True).start()
        with acting_as(DatabaseRole.ENGINE):
            factories.contact_method(
                User.objects.get(pk=cast.engineer.pk),
                f"json://127.0.0.1:{telephone.getsockname()[1]}/",
                kind="push",
            )
        silent = f"smtp://127.0.0.1:{hanging.getsockname()[1]}?tls=no"
        with engine(fresh_database, log, VIGIL_EMAIL_URL=silent):
            eventually(lambda: status().is_ok)
            for _ in range(8):  # more hanging mails than there are senders
                open_urgent(cast)
            assert heard.wait(5)


def test_a_database_that_goes_away_is_waited_for(
    cast: SimpleNamespace, fresh_database: DatabaseUrls, server: MailServer, log: Path
) -> None:
    direct = conninfo_to_dict(fresh_database.app)
    cable = Forwarder(int(str(direct["port"])))
    urls = DatabaseUrls(make_conninfo(fresh_database.app, port=cable.port), fresh_database.owner)
    with engine(urls, log, VIGIL_EMAIL_URL=to(server)) as running:
        eventually(lambda: status().is_ok)
        cable.cut()
        open_urgent(cast)
        eventually(lambda: "the database is away" in running.log)
        assert rung(server) == []
        cable.mend()
        eventually(lambda: rung(server) == ["zhao@vigil.example"])
        # Not each lane and each try says so; one that still had a good connection may interrupt.
        assert running.log.count("the database is away") <= 3
        assert "the database is back" in running.log
        assert running.process.poll() is None
        running.end()
    cable.cut()


def test_an_engine_may_start_before_its_database(
    cast: SimpleNamespace, fresh_database: DatabaseUrls, server: MailServer, log: Path
) -> None:
    direct = conninfo_to_dict(fresh_database.app)
    cable = Forwarder(int(str(direct["port"])))
    cable.cut()
    urls = DatabaseUrls(make_conninfo(fresh_database.app, port=cable.port), fresh_database.owner)
    open_urgent(cast)
    with engine(urls, log, VIGIL_EMAIL_URL=to(server)) as running:
        eventually(lambda: "the database is away" in running.log)
        cable.mend()
        eventually(lambda: rung(server) == ["zhao@vigil.example"])
        running.end()
    cable.cut()


def about_tickets(server: MailServer) -> int:
    """How many mails came that name a ticket; forecasts and the like do not."""
    subjects = (re.search(r"^Subject: .*", mail, re.MULTILINE) for mail in server.mails)
    return sum(bool(subject) and "STAR-" in subject[0] for subject in subjects)


def _silent() -> socket.socket:
    """Accepts connections and never says a word."""
    return socket.create_server(("127.0.0.1", 0))
