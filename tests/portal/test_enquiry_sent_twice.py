"""An answer to an enquiry sent twice, by a double click or a reload, is one mail."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from accounts.models import Delivery, Event
from accounts.tenancy import DatabaseRole, acting_as, acting_for
from accounts.viewer import Viewer
from portal.database import DatabaseUrls
from tests.cast import make_cast
from tests.mails import mail as written
from tests.mails import received
from tickets import enquiries
from tickets.models import Enquiry, EnquiryFile, EnquiryMessage


@pytest.fixture
def desk(cast: SimpleNamespace, browser_of: Any) -> Client:
    client: Client = browser_of(cast.engineer)
    return client


@pytest.fixture
def enquiry(cast: SimpleNamespace) -> Enquiry:
    received(written("pia@new.example"))
    return Enquiry.objects.get()


def sent(**more: Any) -> dict[str, Any]:
    return {"body": "It costs nothing.", "submission": str(uuid.uuid4())} | more


def answer(desk: Client, enquiry: Enquiry, data: dict[str, Any]) -> Any:
    return desk.post(f"/admin/enquiries/{enquiry.pk}/answer/", data)


def log(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("sdk.log", content)


def answers() -> list[str]:
    ours = EnquiryMessage.objects.exclude(author=None).order_by("pk")
    return list(ours.values_list("body", flat=True))


def mails() -> int:
    return Delivery.objects.filter(key__startswith="enquiry:").count()


@pytest.mark.django_db
class TestTwice:
    def test_the_same_answer_twice_is_written_and_sent_once(
        self, desk: Client, enquiry: Enquiry
    ) -> None:
        data = sent()
        first = answer(desk, enquiry, data)
        events = Event.objects.count()
        second = answer(desk, enquiry, data)
        assert (second.status_code, second["Location"]) == (302, first["Location"])
        assert (answers(), mails()) == ([data["body"]], 1)
        assert Event.objects.count() == events

    def test_another_text_under_the_same_key_is_another_answer(
        self, desk: Client, enquiry: Enquiry
    ) -> None:
        data = sent()
        answer(desk, enquiry, data)
        answer(desk, enquiry, data | {"body": "Or a little."})
        assert (answers(), mails()) == (["It costs nothing.", "Or a little."], 2)

    def test_without_a_key_each_is_an_answer(self, desk: Client, enquiry: Enquiry) -> None:
        for _time in range(2):
            answer(desk, enquiry, {"body": "ok"})
        assert (answers(), mails()) == (["ok", "ok"], 2)

    def test_the_same_files_again_are_the_same_answer(self, desk: Client, enquiry: Enquiry) -> None:
        data = sent()
        for _time in range(2):
            answer(desk, enquiry, data | {"files": [log(b"a"), log(b"b")]})
        assert mails() == 1
        assert EnquiryFile.objects.exclude(message=None).count() == 2

    def test_a_further_file_is_not_dropped(self, desk: Client, enquiry: Enquiry) -> None:
        data = sent()
        answer(desk, enquiry, data | {"files": [log(b"a")]})
        answer(desk, enquiry, data | {"files": [log(b"a"), log(b"forgotten")]})
        assert mails() == 2
        assert EnquiryFile.objects.exclude(message=None).count() == 3

    def test_each_page_gives_its_form_a_key_of_its_own(
        self, desk: Client, enquiry: Enquiry
    ) -> None:
        pages = [desk.get(f"/admin/enquiries/{enquiry.pk}/").content.decode() for _time in range(2)]
        keys = [uuid.UUID(page.split('name="submission" value="')[1][:36]) for page in pages]
        assert keys[0] != keys[1]

    def test_a_form_sent_back_keeps_its_key(self, desk: Client, enquiry: Enquiry) -> None:
        data = sent(body="")
        page = answer(desk, enquiry, data)
        assert page.status_code == 422
        assert f'name="submission" value="{data["submission"]}"' in page.content.decode()

    def test_the_retry_once_it_was_ended_is_no_refusal(
        self, desk: Client, cast: SimpleNamespace, enquiry: Enquiry
    ) -> None:
        data = sent()
        answer(desk, enquiry, data)
        with acting_as(DatabaseRole.ENGINE) as now:
            enquiries.close(enquiry=enquiry, by=Viewer.of(cast.engineer), now=now)
        assert answer(desk, enquiry, data).status_code == 302
        assert mails() == 1

    def test_a_colleague_with_the_same_key_and_words_says_it_too(
        self, desk: Client, cast: SimpleNamespace, enquiry: Enquiry, browser_of: Any
    ) -> None:
        data = sent()
        for one in (desk, browser_of(cast.second)):
            answer(one, enquiry, data)
        assert mails() == 2

    def test_the_same_form_in_another_enquiry_is_said_there_too(
        self, desk: Client, enquiry: Enquiry
    ) -> None:
        received(written("kim@other.example"))
        data = sent()
        for one in Enquiry.objects.all():
            answer(desk, one, data)
        assert mails() == 2


def test_two_clicks_at_the_same_moment_send_one_mail(committed_database: DatabaseUrls) -> None:
    with acting_as(DatabaseRole.ENGINE) as now:
        by = Viewer.of(make_cast().engineer)
        enquiries.open_enquiry(
            channel=Enquiry.Channel.EMAIL,
            name="Pia",
            address="pia@new.example",
            subject="Price",
            body="What does it cost?",
            now=now,
        )
    key, ready = uuid.uuid4(), threading.Barrier(2)

    def click(_number: int) -> int:
        try:
            ready.wait(10)
            with acting_for(by) as now:
                found = Enquiry.objects.get()
                return enquiries.reply(
                    enquiry=found, by=by, body="Hello.", submission=key, now=now
                ).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(click, range(2))
    assert first == second
    with acting_as(DatabaseRole.ENGINE):
        assert mails() == 1
