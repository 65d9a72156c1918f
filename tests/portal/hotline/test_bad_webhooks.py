"""Webhooks with what should not be in them: never a 500, and what nobody understands is kept."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import get_resolver

from portal.hotline import words
from tests import telephone
from tests.telephone import Telephone
from tickets.models import Call, CallRecording, Inbound, Ticket

pytestmark = pytest.mark.django_db
LEG = "00000000-0000-0000-0000-000000000001"
PATHS = [
    "/hotline/call/",
    "/hotline/call/language/",
    "/hotline/call/pin/1/",
    "/hotline/call/pin/999999999999999999999/",
    "/hotline/call/ended/",
    "/hotline/call/message/",
    "/hotline/call/message/recording/",
    f"/hotline/leg/{LEG}/",
    f"/hotline/leg/{LEG}/key/",
    f"/hotline/leg/{LEG}/told/",
    f"/hotline/leg/{LEG}/done/",
    f"/hotline/leg/{LEG}/recording/",
]
BAD = [
    {},
    {"Digits": "1" * 10_000},
    {"Digits": "1\\x002"},
    {"Digits": "\x00"},
    {"From": "\x00", "To": "\x00", "CallStatus": "\x00"},
    {"From": "client:Anonymous", "To": "sip:x@y"},
    {"From": "+266696687", "To": ""},
    {"CallStatus": "x" * 5_000, "DialCallStatus": "'; drop table"},
    {"SequenceNumber": "-1"},
    {"SequenceNumber": "9" * 40},
    {"SequenceNumber": "１"},
    {"RecordingSid": "RE/../../x", "RecordingDuration": "5"},
    {"RecordingSid": telephone.sid("RE"), "RecordingDuration": "9" * 30},
    {"RecordingUrl": "http://169.254.169.254/", "RecordingSid": ""},
]


def test_every_address_of_the_hotline_is_tried() -> None:
    patterns = get_resolver("portal.hotline.urls").url_patterns
    assert len(patterns) == len({path.replace("9" * 21, "1") for path in PATHS})


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("data", BAD, ids=lambda data: "-".join(data) or "nothing")
def test_bad_words_never_break_a_call(client: Any, path: str, data: dict[str, str]) -> None:
    answer = Telephone(client).post(path, **data)
    assert answer.status_code == 200
    assert answer.content.startswith(b"<?xml")
    assert not Inbound.objects.filter(outcome="quarantined").exists()
    assert not CallRecording.objects.filter(seconds__gt=10**9).exists()


@pytest.mark.parametrize("sid", ["", "x", "CA", "CA" + "g" * 32, "CA" + "0" * 33, "\x00", "CA\x00"])
def test_a_webhook_of_no_call_waits_in_quarantine(client: Any, sid: str) -> None:
    answer = Telephone(client).post("/hotline/call/", CallSid=sid)
    assert answer.status_code == 400
    row = Inbound.objects.get()
    assert (row.outcome, row.reason) == ("quarantined", "no_call")
    assert not Call.objects.exists()


def test_what_is_too_large_is_refused(client: Any) -> None:
    answer = Telephone(client).post("/hotline/call/", Junk="x" * words.LIMIT_BYTES)
    assert answer.status_code == 413
    assert not Inbound.objects.exists()


def test_another_content_type_is_refused(client: Any) -> None:
    for kind in ("application/json", "multipart/form-data; boundary=x", "text/plain"):
        assert client.post("/hotline/call/", "x", content_type=kind).status_code == 403
    assert not Inbound.objects.exists()


def test_what_breaks_on_our_side_is_kept_and_the_caller_may_leave_a_message(
    call: Telephone, pin: str, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**arguments: Any) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("tickets.hotline.incoming.lifecycle.open_ticket", broken)
    heard = call.pin(pin)
    assert heard.verbs == ["Say", "Record"]
    row = Inbound.objects.get()
    assert (row.outcome, row.reason, row.last_error) == (
        "quarantined",
        "trouble",
        "RuntimeError: a bug",
    )
    assert not Ticket.objects.exists()
    assert pin.encode() not in bytes(row.raw)
