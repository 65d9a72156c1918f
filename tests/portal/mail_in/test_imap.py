"""IMAP mailboxes are emptied into the raw store: stored first, marked as seen only then."""

from __future__ import annotations

import imaplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError

from accounts.tenancy import DatabaseRole, acting_as
from portal.mail_in import fetching, imap
from portal.mail_in.fetching import recipients_of
from portal.mail_in.imap import Mailbox, Poller, mailbox
from tests.dovecot import Dovecot, dovecot
from tests.imap_server import ImapServer, imap_server
from tests.mails import SUPPORT, URGENT, mail
from tests.processes import wait_until
from tickets.models import Inbound

LIMIT = 100_000
MANY = 120_000  # mails, whose UIDs together are too long for one line of imaplib


def stored() -> list[Inbound]:
    with acting_as(DatabaseRole.ENGINE):
        return list(Inbound.objects.order_by("received_at", "pk"))


@contextmanager
def polling(*urls: str, every: float = 0.05, limit: int = LIMIT) -> Iterator[list[Poller]]:
    """A poller for each mailbox; they end with the block."""
    stop = threading.Event()
    boxes = [mailbox(url, number) for number, url in enumerate(urls, start=1)]
    pollers = [Poller(box, every=every, limit=limit, stop=stop) for box in boxes]
    for one in pollers:
        one.start()
    try:
        yield pollers
    finally:
        stop.set()
        for one in pollers:
            one.join(10)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Failures are tried again at once."""
    monkeypatch.setattr(imap, "pause_after", lambda failures: 0.01)


@pytest.fixture
def server() -> Iterator[ImapServer]:
    with imap_server("support", "hotline") as running:
        yield running


pytestmark = pytest.mark.usefixtures("quick")


@pytest.mark.usefixtures("committed_database")
class TestFetching:
    def test_a_mail_is_kept_as_it_came_and_marked(self, server: ImapServer) -> None:
        raw = mail(to=URGENT)
        server.boxes["support"].put(raw)
        with polling(server.url("support")):
            wait_until(lambda: server.boxes["support"].unseen() == 0, "it is marked")
        (row,) = stored()
        assert bytes(row.raw) == raw
        assert row.source == "imap support@127.0.0.1/INBOX"
        assert row.envelope == {"uid": "1", "recipients": [URGENT]}
        assert row.is_urgent

    def test_several_mailboxes_are_looked_into_at_once(self, server: ImapServer) -> None:
        for user in server.boxes:
            for number in range(3):
                server.boxes[user].put(mail(subject=f"{user} {number}"))
        with polling(server.url("support"), server.url("hotline")):
            wait_until(lambda: not any(box.unseen() for box in server.boxes.values()), "all seen")
        assert sorted({row.source for row in stored()}) == [
            "imap hotline@127.0.0.1/INBOX",
            "imap support@127.0.0.1/INBOX",
        ]
        assert len(stored()) == 6

    def test_what_comes_while_it_waits_is_fetched_too(self, server: ImapServer) -> None:
        with polling(server.url("support")):
            for number in range(1, 4):
                server.boxes["support"].put(mail())
                wait_until(lambda: server.boxes["support"].unseen() == 0, "it is marked")
                assert len(stored()) == number

    def test_nothing_is_marked_while_it_cannot_be_kept(
        self, server: ImapServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tried = threading.Event()

        def away(*args: Any, **more: Any) -> None:
            tried.set()
            raise OperationalError("the database is away")

        server.boxes["support"].put(mail())
        monkeypatch.setattr(fetching, "store", away)
        with polling(server.url("support")) as (poller,):
            assert tried.wait(10)
            wait_until(lambda: poller.is_failing, "it is said to be failing")
            assert server.boxes["support"].unseen() == 1
            monkeypatch.undo()
            wait_until(lambda: server.boxes["support"].unseen() == 0, "it is fetched after all")
            wait_until(lambda: not poller.is_failing, "it is said to be well")
        assert len(stored()) == 1

    def test_kept_and_not_marked_is_fetched_again_and_kept_once(self, server: ImapServer) -> None:
        for number in range(3):
            server.boxes["support"].put(mail(subject=str(number)))
        for _time in range(2):
            with polling(server.url("support")):
                wait_until(lambda: server.boxes["support"].unseen() == 0, "all are marked")
            server.boxes["support"].seen.clear()  # as if it had died before it could mark them
        assert len(stored()) == 3

    def test_a_connection_that_dies_within_a_mail_loses_and_doubles_nothing(
        self, server: ImapServer
    ) -> None:
        raws = [mail(subject=str(number), body="A line.\n" * 500) for number in range(4)]
        for raw in raws:
            server.boxes["support"].put(raw)
        server.dies_within = 2
        with polling(server.url("support")):
            wait_until(lambda: server.boxes["support"].unseen() == 0, "all are marked")
        assert server.dies_within is None
        assert sorted(bytes(row.raw) for row in stored()) == sorted(raws)

    def test_a_mailbox_that_lets_nobody_in_stops_no_other(
        self, server: ImapServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.boxes["support"].put(mail())
        wrong = server.url("hotline", "pa55w0rd")
        with polling(wrong, server.url("support")) as (refused, well):
            wait_until(lambda: server.boxes["support"].unseen() == 0, "the other is fetched")
            wait_until(lambda: refused.is_failing, "the refusal is noticed")
            assert not well.is_failing
        assert len(stored()) == 1
        said = caplog.text
        assert "imap hotline@127.0.0.1/INBOX" in said
        assert "pa55w0rd" not in said

    def test_a_mail_the_server_cannot_read_holds_up_none_behind_it(
        self, server: ImapServer
    ) -> None:
        for number in range(3):
            server.boxes["support"].put(mail(subject=str(number)))
        server.boxes["support"].refused = {1}
        with polling(server.url("support")) as (poller,):
            wait_until(lambda: server.boxes["support"].unseen() == 1, "the others are marked")
            wait_until(lambda: poller.is_failing, "and somebody is told")
            server.boxes["support"].refused = set()
            wait_until(lambda: server.boxes["support"].unseen() == 0, "it is fetched after all")
        assert len(stored()) == 3

    def test_of_a_mail_too_large_the_head_is_kept(self, server: ImapServer) -> None:
        raw = mail(body="A line.\n" * 5000)
        server.boxes["support"].put(raw)
        with polling(server.url("support"), limit=1000):
            wait_until(lambda: server.boxes["support"].unseen() == 0, "it is marked")
        (row,) = stored()
        assert row.envelope["too_large"] == len(raw)
        assert bytes(row.raw) == raw.partition(b"\n\n")[0] + b"\n\n"

    def test_an_empty_mail_is_kept_like_any(self, server: ImapServer) -> None:
        server.boxes["support"].put(b"")
        with polling(server.url("support")):
            wait_until(lambda: server.boxes["support"].unseen() == 0, "it is marked")
        assert [bytes(row.raw) for row in stored()] == [b""]

    @pytest.mark.parametrize("seen", [0, MANY - 3])
    def test_more_than_one_answer_can_name_is_fetched_all_the_same(
        self, server: ImapServer, monkeypatch: pytest.MonkeyPatch, seen: int
    ) -> None:
        """A hundred thousand unseen ones, and a few behind a hundred thousand seen ones.

        imap-tools raises imaplib's limit to 20 MB; here it is as Python has it, so that the test
        needs no two million mails.
        """
        monkeypatch.setattr(imaplib, "_MAXLINE", 1_000_000)
        box, first = server.boxes["support"], 10_000_001
        box.mails = dict.fromkeys(range(first, first + MANY), mail())
        box.seen = set(range(first, first + seen))
        assert sum(len(f"{uid} ") for uid in box.mails) > 1_000_000
        taken = min(MANY - seen, fetching.AT_A_LOOK)
        with polling(server.url("support")) as (poller,):
            wait_until(lambda: len(box.seen) >= seen + taken, "a look's worth is marked", 30)
            assert poller.failures == 0
        assert min(box.seen) == first
        assert len(stored()) == 1, "they are all the same"

    def test_an_answer_in_several_lines_is_read_whole(self, server: ImapServer) -> None:
        for number in range(5):
            server.boxes["support"].put(mail(subject=str(number)))
        server.names_at_once = 2
        with polling(server.url("support"), every=3600) as (poller,):
            wait_until(lambda: server.boxes["support"].unseen() == 0, "all are marked by one look")
            assert poller.failures == 0

    def test_what_somebody_else_took_away_is_passed_over(self, server: ImapServer) -> None:
        for _number in range(2):
            server.boxes["support"].put(mail())
        server.boxes["support"].gone = {1}
        with polling(server.url("support")) as (poller,):
            wait_until(lambda: server.boxes["support"].seen == {2}, "the other is marked")
            assert poller.failures == 0
        assert len(stored()) == 1

    def test_nothing_is_ever_removed_from_a_mailbox(self, server: ImapServer) -> None:
        """Not even what its owner has marked as deleted and may still want."""
        server.boxes["support"].put(mail())
        with polling(server.url("support")):
            wait_until(lambda: server.boxes["support"].unseen() == 0, "it is marked")
        names = {command.split(" ")[0] for command in server.commands}
        assert names.isdisjoint({"EXPUNGE", "CLOSE", "MOVE", "DELETE"})
        assert not [one for one in server.commands if "\\Deleted" in one]


@pytest.mark.dovecot
@pytest.mark.usefixtures("committed_database")
class TestDovecot:
    """The same with a real server."""

    @pytest.fixture
    def running(self) -> Iterator[Dovecot]:
        with dovecot() as server:
            yield server

    def test_mails_are_kept_as_they_came_and_marked(self, running: Dovecot) -> None:
        raws = [mail(subject=str(number), body="Zeile — 一行\n" * 100) for number in range(5)]
        raws.append(b"")
        raws.append(b"Subject: nothing but a head\r\n\r\n")
        for raw in raws:
            running.put(raw)
        with polling(running.url):
            wait_until(lambda: running.unseen() == 0, "all are marked")
            running.put(mail(subject="later"))
            wait_until(lambda: running.unseen() == 0, "the later one too")
        kept = [bytes(row.raw).replace(b"\r\n", b"\n") for row in stored()]
        assert len(kept) == 8
        assert {raw.replace(b"\r\n", b"\n") for raw in raws} < set(kept)

    def test_a_server_that_dies_amid_the_mails_loses_and_doubles_nothing(
        self, running: Dovecot
    ) -> None:
        for number in range(20):
            running.put(mail(subject=str(number), body="A line.\n" * 2000))
        with polling(running.url):
            wait_until(lambda: len(stored()) > 3, "some are fetched")
            running.kill()
            running.start()
            wait_until(lambda: running.unseen() == 0, "all are marked", 60)
        assert len(stored()) == len({bytes(row.raw) for row in stored()}) == 20

    def test_a_wrong_password_and_a_folder_that_is_not_there_stop_no_other(
        self, running: Dovecot
    ) -> None:
        running.put(mail())
        wrong = running.url.replace(":secret@", ":pa55w0rd@")
        absent = running.url.replace("/INBOX", "/Absent")
        with polling(wrong, absent, running.url) as (refused, missing, well):
            wait_until(lambda: running.unseen() == 0, "the third is fetched")
            wait_until(lambda: refused.is_failing and missing.is_failing, "both are noticed", 30)
            assert not well.is_failing
        assert len(stored()) == 1


class TestAddresses:
    def test_an_address_is_read_with_its_odd_characters(self) -> None:
        found = mailbox("imaps://support%40vigil.example:p%40%2Fss@mail.example/Inbox%2FVigil", 1)
        assert found == Mailbox(
            host="mail.example",
            port=993,
            user="support@vigil.example",
            password="p@/ss",
            folder="Inbox/Vigil",
            is_encrypted=True,
        )
        assert "p@/ss" not in repr(found) + found.name

    @pytest.mark.parametrize("url", ["", "mail.example", "imap://mail.example", "http://a:b@c/"])
    def test_what_is_none_ends_the_process_and_shows_no_password(
        self, url: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(SystemExit):
            mailbox(url, 3)
        said = "".join(capsys.readouterr())
        assert "address 3" in said
        assert "a:b" not in said

    def test_recipients_are_those_of_ours_that_the_head_names(self) -> None:
        raw = mail(
            to=f'"a, b" <{SUPPORT}>, x@elsewhere.example',
            Cc=URGENT.upper(),
            Delivered_To=f"reply+1.1.x@{settings.MAIL_DOMAIN}",
        )
        assert recipients_of(raw) == [f"reply+1.1.x@{settings.MAIL_DOMAIN}", SUPPORT, URGENT]
        assert recipients_of(b"\n\nTo: " + SUPPORT.encode()) == []
        assert recipients_of(b"") == []
