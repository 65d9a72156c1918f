"""Files with enquiries: those that came are shown, those of ours travel in the mail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from email import message_from_bytes
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Delivery
from tests.mails import mail as written
from tests.mails import received
from tests.portal.conftest import Clock
from tickets import attachments, enquiry_files
from tickets.models import Enquiry, EnquiryFile, EnquiryMessage

pytestmark = pytest.mark.django_db
Turn = Callable[[], Any]


@pytest.fixture(autouse=True)
def files_of_their_own(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def desk(cast: SimpleNamespace, clock: Clock, browser_of: Any) -> Client:
    client: Client = browser_of(cast.engineer)
    return client


@pytest.fixture
def enquiry(cast: SimpleNamespace, clock: Clock) -> Enquiry:
    received(written("pia@new.example", files=(("trace.log", b"E/IM"), ("../<b>.txt", b"x"))))
    return Enquiry.objects.get()


def upload(name: str = "sdk.zip", content: bytes = b"PK") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def answer(desk: Client, enquiry: Enquiry, *files: SimpleUploadedFile, **fields: Any) -> Any:
    form = {"body": "See the file.", "files": list(files)} | fields
    return desk.post(f"/admin/enquiries/{enquiry.pk}/answer/", form)


def test_files_that_came_are_named_in_the_enquiry_and_can_be_had(
    desk: Client, enquiry: Enquiry
) -> None:
    page = desk.get(f"/admin/enquiries/{enquiry.pk}/").content.decode()
    inbound = enquiry.messages.get().inbound
    assert inbound is not None
    assert "trace.log" in page
    assert "<b>" not in page
    got = desk.get(f"/admin/mail/{inbound.pk}/files/0/")
    assert b"".join(got.streaming_content) == b"E/IM"
    assert f'href="/admin/mail/{inbound.pk}/files/0/"' in page


def test_a_file_of_ours_travels_in_the_mail_and_stays_with_the_answer(
    desk: Client, enquiry: Enquiry, send_due: Turn
) -> None:
    assert answer(desk, enquiry, upload(), upload("note.txt", b"Read me.")).status_code == 302
    send_due()
    (sent,) = [one for one in mail.outbox if "See the file." in one.body]
    assert [(one[0], one[1]) for one in sent.attachments] == [
        ("sdk.zip", b"PK"),
        ("note.txt", b"Read me."),
    ]
    assert sent.to == ["pia@new.example"]
    page = desk.get(f"/admin/enquiries/{enquiry.pk}/").content.decode()
    kept = EnquiryFile.objects.get(name="sdk.zip")
    path = f"/admin/enquiries/{enquiry.pk}/files/{kept.pk}/"
    assert f'href="{path}"' in page
    got = desk.get(path)
    assert b"".join(got.streaming_content) == b"PK"
    assert got["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [("empty.txt", b"", "is empty"), ("big.bin", b"x" * 21, "is larger than")],
)
def test_the_limits_of_replies_hold(
    desk: Client,
    enquiry: Enquiry,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    content: bytes,
    told: str,
) -> None:
    monkeypatch.setattr(attachments, "MAX_BYTES", 20)
    page = answer(desk, enquiry, upload(name, content))
    if content:
        assert page.status_code == 422
        assert told in page.content.decode()
        assert not EnquiryMessage.objects.exclude(author=None).exists()


def test_together_they_are_no_more_than_a_mail_can_carry(
    desk: Client, enquiry: Enquiry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enquiry_files, "MAX_BYTES", 20)
    page = answer(desk, enquiry, upload("a", b"x" * 11), upload("b", b"x" * 10))
    assert page.status_code == 422
    assert "which no mail can carry" in page.content.decode()
    assert not Delivery.objects.filter(address="pia@new.example").exists()


def test_at_most_ten_files_at_a_time(desk: Client, enquiry: Enquiry) -> None:
    page = answer(desk, enquiry, *(upload(f"{number}.txt") for number in range(11)))
    assert "At most 10 files" in page.content.decode()


def test_a_form_sent_back_keeps_its_files(
    desk: Client, enquiry: Enquiry, monkeypatch: pytest.MonkeyPatch, send_due: Turn
) -> None:
    page = answer(desk, enquiry, upload(), body="x" * 60_000)
    assert page.status_code == 422
    draft = EnquiryFile.objects.get()
    assert f'name="attachment" value="{draft.pk}"' in page.content.decode()
    answer(desk, enquiry, attachment=str(draft.pk))
    send_due()
    assert [one[0] for one in mail.outbox[-1].attachments] == ["sdk.zip"]


def test_a_draft_of_a_colleague_or_of_another_enquiry_is_none_of_theirs(
    desk: Client, cast: SimpleNamespace, enquiry: Enquiry, browser_of: Any
) -> None:
    answer(desk, enquiry, upload(), body="x" * 60_000)
    draft = EnquiryFile.objects.get()
    page = answer(browser_of(cast.second), enquiry, attachment=str(draft.pk))
    assert "An attached file is gone" in page.content.decode()
    received(written("kim@other.example"))
    other = Enquiry.objects.get(address="kim@other.example")
    page = answer(desk, other, attachment=str(draft.pk))
    assert "An attached file is gone" in page.content.decode()
    assert desk.get(f"/admin/enquiries/{enquiry.pk}/files/{draft.pk}/").status_code == 404


def test_a_draft_nobody_sends_goes_with_its_file(
    desk: Client, enquiry: Enquiry, clock: Clock, handle_due: Turn
) -> None:
    answer(desk, enquiry, upload(), body="x" * 60_000)
    key = EnquiryFile.objects.get().storage_key
    clock.forward(hours=25)
    handle_due()
    assert not EnquiryFile.objects.exists()
    assert not default_storage.exists(key)


def test_the_sweep_of_files_without_a_row_leaves_those_alone(
    desk: Client, enquiry: Enquiry, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.engine import chores

    answer(desk, enquiry, upload())
    key = EnquiryFile.objects.get().storage_key
    later = clock.now + dt.timedelta(days=3650)
    assert key not in chores._orphans(key.partition("/")[0], before=later)


def test_a_file_that_is_gone_ends_in_quarantine_and_not_in_half_a_mail(
    desk: Client, enquiry: Enquiry, send_due: Turn
) -> None:
    answer(desk, enquiry, upload())
    default_storage.delete(EnquiryFile.objects.get().storage_key)
    send_due()
    delivery = Delivery.objects.get(key__startswith=f"enquiry:{enquiry.pk}:")
    assert delivery.sent_at is None
    assert "A file it carries is gone" in delivery.last_error


@pytest.mark.parametrize("name", ["old.eml", "crlf.txt", "gbk.html"])
def test_every_byte_of_a_file_arrives(
    desk: Client, enquiry: Enquiry, send_due: Turn, name: str
) -> None:
    content = "Subject: 主题\r\n\r\nOne\rtwo\n".encode("gbk" if name != "crlf.txt" else "utf-8")
    assert answer(desk, enquiry, upload(name, content)).status_code == 302
    send_due()

    message = next(one.message() for one in mail.outbox if "See the file." in str(one.body))
    parsed = message_from_bytes(message.as_bytes())
    part = next(one for one in parsed.walk() if one.get_filename() == name)
    assert part.get_payload(decode=True) == content
