"""What a stranger sends twice at once, over two connections, is one enquiry."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from django.db import connection

from accounts.tenancy import DatabaseRole, acting_as
from portal.database import DatabaseUrls
from portal.mail_in import understanding
from tests.mails import SUPPORT, mail
from tests.processes import wait_until
from tickets import enquiries
from tickets.intake.store import store
from tickets.models import Enquiry, EnquiryMessage

WAITING = """
select count(*) from pg_locks join pg_stat_activity using (pid)
where datname = current_database() and not granted
"""


@pytest.fixture
def other() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def understand(key: uuid.UUID) -> None:
    try:
        understanding.handle(understanding.claim_one(key))
    finally:
        connection.close()


def test_two_first_mails_at_once_are_one_enquiry(
    committed_database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch, other: ThreadPoolExecutor
) -> None:
    """The second comes while the first is about to open one, and waits for it."""
    first, second = (
        store(mail("Pia@New.example", body=body), recipients=[SUPPORT], source="smtp").pk
        for body in ("What does it cost?", "And at night?")
    )
    begun: list[Future[None]] = []
    opened = enquiries.open_enquiry

    def slowly(**what: Any) -> Enquiry:
        if not begun:
            begun.append(other.submit(understand, second))
            with psycopg.connect(committed_database.owner, autocommit=True) as watching:
                wait_until(lambda: watching.execute(WAITING).fetchone() == (1,), "it waits")
        return opened(**what)

    monkeypatch.setattr(enquiries, "open_enquiry", slowly)
    understanding.handle(understanding.claim_one(first))
    begun[0].result(20)
    with acting_as(DatabaseRole.ENGINE):
        found = Enquiry.objects.get()
        assert found.address == "pia@new.example"
        bodies = EnquiryMessage.objects.order_by("pk").values_list("body", flat=True)
        assert [one.strip() for one in bodies] == ["What does it cost?", "And at night?"]


def test_mails_of_different_strangers_do_not_wait_for_each_other(
    committed_database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch, other: ThreadPoolExecutor
) -> None:
    keys = [
        store(mail(sender), recipients=[SUPPORT], source="smtp").pk
        for sender in ("pia@new.example", "kim@other.example")
    ]
    opened, depth = enquiries.open_enquiry, 0

    def slowly(**what: Any) -> Enquiry:
        nonlocal depth
        depth += 1
        if depth == 1:
            other.submit(understand, keys[1]).result(20)
        return opened(**what)

    monkeypatch.setattr(enquiries, "open_enquiry", slowly)
    understanding.handle(understanding.claim_one(keys[0]))
    with acting_as(DatabaseRole.ENGINE):
        assert Enquiry.objects.count() == 2
