"""Opening a ticket: nothing typed or attached is lost, and the promise stands before it."""

from __future__ import annotations

import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import factories
from tickets import attachments
from tickets.models import Attachment, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def form(**fields: Any) -> dict[str, Any]:
    return {
        "severity": "important",
        "subject": "Push does not arrive",
        "body": "On **Android** only.",
        "product": "im",
        "platform": "android",
        "sdk_version": "5.2.1",
        "environment": "staging",
        "submission": str(uuid.uuid4()),
    } | fields


def log(name: str = "app.log", content: bytes = b"4303") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/plain")


def test_the_cards_state_the_promise_of_the_customers_plan(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    premium = browser_of(cast.developer).get("/tickets/new/").content.decode()
    standard = browser_of(cast.stranger).get("/tickets/new/").content.decode()
    assert "An engineer answers within 15 minutes, 24×7" in premium
    assert "An engineer answers within 30 minutes, 24×7" in standard


def test_a_ticket_is_opened_with_everything_in_the_form(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    response = browser_of(cast.developer).post("/tickets/new/", form(files=[log()]))
    assert response["Location"] == "/tickets/STAR-1/"
    ticket = Ticket.objects.get()
    assert (ticket.severity, ticket.environment, ticket.sdk_version, ticket.product) == (
        "important",
        "staging",
        "5.2.1",
        cast.product,
    )
    assert Attachment.objects.get().entry == ticket.entries.get()


def test_the_next_ticket_starts_from_the_facts_of_the_last(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    factories.ticket(cast.owner, sdk_version="4.0.0", platform="web")
    factories.ticket(cast.developer, sdk_version="5.2.1", platform="ios", product=cast.product)
    factories.ticket(cast.owner, sdk_version="4.0.1", platform="web")
    initial = browser_of(cast.developer).get("/tickets/new/").context["form"].initial
    assert (initial["sdk_version"], initial["platform"], initial["product"]) == (
        "5.2.1",
        "ios",
        "im",
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subject", ""),
        ("subject", "x" * 201),
        ("subject", "a\x00b"),
        ("body", ""),
        ("body", "   "),
        ("body", "x" * 50_001),
        ("body", "a\x00b"),
        ("severity", ""),
        ("severity", "apocalyptic"),
        ("product", "nope"),
        ("product", "\x00"),
        ("platform", "toaster"),
        ("environment", "moon"),
        ("sdk_version", "5" * 41),
        ("sdk_version", "5\x00"),
        ("submission", "not-a-key"),
    ],
)
def test_bad_input_is_answered_at_the_field_and_keeps_all_else(
    cast: SimpleNamespace, browser_of: Any, field: str, value: str
) -> None:
    response = browser_of(cast.developer).post(
        "/tickets/new/", form(**{field: value}, files=[log("mein Protokoll.log")])
    )
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    text = response.content.decode()
    assert field == "body" or "On **Android** only." in text
    assert field == "subject" or "Push does not arrive" in text
    assert "mein Protokoll.log" in text
    assert not Ticket.objects.exists()


def test_a_kept_file_comes_along_when_the_form_is_sent_again(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    browser = browser_of(cast.developer)
    browser.post("/tickets/new/", form(subject="", files=[log()]))
    draft = Attachment.objects.get()
    browser.post("/tickets/new/", form(kept=[str(draft.pk)]))
    draft.refresh_from_db()
    assert draft.ticket == Ticket.objects.get()


def test_case_2_another_tenants_draft_cannot_be_claimed(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    browser_of(cast.stranger).post("/tickets/new/", form(subject="", files=[log()]))
    draft = Attachment.objects.get()
    response = browser_of(cast.developer).post("/tickets/new/", form(kept=[str(draft.pk), "x"]))
    assert response.status_code == 302
    draft.refresh_from_db()
    assert draft.entry is None


def test_case_9_fields_that_are_not_in_the_form_are_ignored(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    smuggled = {
        "organization": "BRIT",
        "organization_id": cast.bright.pk,
        "reporter": cast.owner.pk,
        "state": "closed",
        "staff_severity": "normal",
        "by_staff": "true",
        "number": "999",
    }
    browser_of(cast.developer).post("/tickets/new/", form(**smuggled))
    ticket = Ticket.objects.get()
    assert (ticket.organization, ticket.number, ticket.reporter, ticket.state) == (
        cast.star,
        1,
        cast.developer,
        "new",
    )
    assert not ticket.entries.get().by_staff


def test_sent_twice_the_form_opens_one_ticket(cast: SimpleNamespace, browser_of: Any) -> None:
    browser, twice = browser_of(cast.developer), form()
    first = browser.post("/tickets/new/", twice)
    second = browser.post("/tickets/new/", twice)
    assert first["Location"] == second["Location"]
    assert Ticket.objects.count() == 1


def test_case_33_a_file_too_large_is_a_413_that_names_the_limit_and_keeps_the_text(
    cast: SimpleNamespace, browser_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "MAX_BYTES", 3_000_000)
    large = log("huge.log", b"x" * 3_000_001)
    response = browser_of(cast.developer).post("/tickets/new/", form(files=[large, log()]))
    assert response.status_code == 413
    text = response.content.decode()
    assert "“huge.log” is larger than 3 MB." in text
    assert "On **Android** only." in text
    assert [draft.name for draft in Attachment.objects.all()] == ["app.log"]


def test_case_33_a_body_over_the_limit_is_refused_before_it_is_read(
    cast: SimpleNamespace, browser_of: Any, settings: Any
) -> None:
    settings.REQUEST_MAX_BYTES = 2_000
    response = browser_of(cast.developer).post("/tickets/new/", form(files=[log("a", b"x" * 3000)]))
    assert response.status_code == 413
    assert "at most 2.0 kB" in response.content.decode()


def test_text_that_is_too_much_for_one_request_is_a_413(
    cast: SimpleNamespace, browser_of: Any, settings: Any
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000
    response = browser_of(cast.developer).post("/tickets/new/", form(body="x" * 3_000))
    assert response.status_code == 413


def test_more_than_ten_files_get_a_message_and_ten_are_kept(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    many = [log(f"{number}.log") for number in range(12)]
    response = browser_of(cast.developer).post("/tickets/new/", form(files=many))
    assert response.status_code == 422
    assert "At most 10 files at a time." in response.content.decode()
    assert Attachment.objects.count() == 10


def test_a_viewer_may_not_open_a_ticket(cast: SimpleNamespace, browser_of: Any) -> None:
    assert browser_of(cast.viewer).post("/tickets/new/", form()).status_code == 403
