"""What the provider says in a webhook: checked to be its word, and read without trusting it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from twilio.request_validator import RequestValidator

LIMIT_BYTES: Final = 64_000
_CALL: Final = re.compile(r"CA[0-9a-f]{32}")
_RECORDING: Final = re.compile(r"RE[0-9a-f]{32}")
_NUMBER: Final = re.compile(r"\+?[0-9]{2,20}")
# What the provider puts in the place of a number that is withheld, blocked or unknown.
_NO_NUMBERS: Final = ("+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253")
_WHOLE: Final = re.compile(r"[0-9]{1,9}")
_STATUS: Final = re.compile(r"[a-z-]{1,20}")
_DIGITS: Final = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True, slots=True)
class Words:
    """`sequence` is -1 where the provider numbers nothing; texts are empty where none fit."""

    call: str
    parent: str
    caller: str
    called: str
    digits: str
    status: str
    dial_status: str
    sequence: int
    recording: str
    recording_status: str
    recording_seconds: int

    @property
    def is_readable(self) -> bool:
        return bool(self.call)


def is_configured() -> bool:
    """Whether there is a hotline at all."""
    return bool(
        settings.HOTLINE_NUMBERS and settings.TWILIO_ACCOUNT_SID and settings.TWILIO_AUTH_TOKEN
    )


def is_signed(request: HttpRequest) -> bool:
    """Whether the provider signed it for our own address, whatever Host the request names.

    A proxy may have changed host, port and scheme: what was signed is the address the provider
    was given, which is the configured one.
    """
    signature = request.headers.get("X-Twilio-Signature", "")
    if not signature.isascii():
        return False
    address = settings.PUBLIC_URL + request.get_full_path()
    validator = RequestValidator(settings.TWILIO_AUTH_TOKEN)
    is_valid = validator.validate(address, request.POST, signature)
    account = request.POST.get("AccountSid", "")
    return bool(is_valid) and constant_time_compare(account, settings.TWILIO_ACCOUNT_SID)


def read(request: HttpRequest) -> Words:
    """Take what has the form it should have, and nothing else."""

    def take(name: str, form: re.Pattern[str]) -> str:
        value = request.POST.get(name, "")
        return value if form.fullmatch(value) else ""

    def whole(name: str, default: int) -> int:
        found = take(name, _WHOLE)
        return int(found) if found else default

    return Words(
        call=take("CallSid", _CALL),
        parent=take("ParentCallSid", _CALL),
        caller="" if request.POST.get("From") in _NO_NUMBERS else take("From", _NUMBER),
        called=take("To", _NUMBER),
        digits=take("Digits", _DIGITS),
        status=take("CallStatus", _STATUS),
        dial_status=take("DialCallStatus", _STATUS),
        sequence=whole("SequenceNumber", -1),
        recording=take("RecordingSid", _RECORDING),
        recording_status=take("RecordingStatus", _STATUS),
        recording_seconds=whole("RecordingDuration", 0),
    )
