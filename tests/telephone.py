"""The telephone provider, as seen from here: requests signed as Twilio signs them."""

from __future__ import annotations

import re
import secrets
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

from django.conf import settings
from django.test import Client
from twilio.request_validator import RequestValidator

ACCOUNT = "AC" + "0" * 32
TOKEN = "a secret only the provider knows"  # noqa: S105
ENGLISH, CHINESE, EITHER = "+14155550100", "+861050001234", "+6531580000"
CALLER = "+8613900000001"


# A hotline with three numbers, as a site that has one is set up.
SETTINGS = {
    "HOTLINE_NUMBERS": {ENGLISH: "en", CHINESE: "zh-hans", EITHER: ""},
    "HOTLINE_DIALS": ("+86", "+1"),
    "HOTLINE_RECORDS": False,
    "TWILIO_ACCOUNT_SID": ACCOUNT,
    "TWILIO_AUTH_TOKEN": TOKEN,
}


# The same for a real process.
ENVIRONMENT = {
    "VIGIL_HOTLINE_NUMBERS": f"{ENGLISH}=en, {CHINESE}=zh-hans, {EITHER}",
    "VIGIL_HOTLINE_DIALS": "+86, +1",
    "VIGIL_TWILIO_ACCOUNT_SID": ACCOUNT,
    "VIGIL_TWILIO_AUTH_TOKEN": TOKEN,
}


def set_up(settings: Any) -> None:
    """On pytest-django's fixture, which puts everything back."""
    for name, value in SETTINGS.items():
        setattr(settings, name, value)


def sid(kind: str = "CA") -> str:
    return kind + secrets.token_hex(16)


def signature(address: str, data: dict[str, str], token: str = TOKEN) -> str:
    return str(RequestValidator(token).compute_signature(address, data))


def path_of(address: str) -> str:
    """Of an address in an answer: the path our test client asks for."""
    assert address.startswith(settings.PUBLIC_URL + "/hotline/"), address
    return address.removeprefix(settings.PUBLIC_URL)


class Heard:
    """An answer in TwiML."""

    def __init__(self, response: Any) -> None:
        assert response.status_code == 200, (response.status_code, response.content[:300])
        assert response["Content-Type"].startswith("text/xml")
        self.xml = response.content.decode()
        self.root = ElementTree.fromstring(self.xml)  # noqa: S314  our own answer

    @property
    def verbs(self) -> list[str]:
        return [element.tag for element in self.root]

    @property
    def words(self) -> str:
        return " ".join(element.text or "" for element in self.root.iter("Say"))

    @property
    def language(self) -> str:
        return next(element.attrib["language"] for element in self.root.iter("Say"))

    @property
    def number(self) -> str:
        """The number that is dialled; empty when none is."""
        return next((element.text or "" for element in self.root.iter("Number")), "")

    def action(self, verb: str = "") -> str:
        """Where the provider goes next."""
        for element in self.root.iter():
            if "action" in element.attrib and verb in ("", element.tag):
                return path_of(element.attrib["action"])
        raise AssertionError(f"No action in {self.xml}")

    def of_number(self, attribute: str) -> str:
        return path_of(next(self.root.iter("Number")).attrib[attribute])

    @property
    def leg(self) -> str:
        found = re.search(r"/leg/([0-9a-f-]{36})/", self.xml)
        assert found, self.xml
        return found[1]


class Telephone:
    """One call, as the provider tells of it."""

    def __init__(self, client: Client, *, called: str = ENGLISH, caller: str = CALLER) -> None:
        self.client, self.called, self.caller = client, called, caller
        self.sid = sid()

    def post(self, path: str, **data: str) -> Any:
        """Signed, with what every webhook carries; the raw response."""
        filled = {
            "AccountSid": ACCOUNT,
            "ApiVersion": "2010-04-01",
            "CallSid": self.sid,
            "CallStatus": "in-progress",
            "Direction": "inbound",
            "From": self.caller,
            "To": self.called,
        } | data
        signed = signature(settings.PUBLIC_URL + path, filled)
        return self.client.post(
            path,
            urlencode(filled),
            content_type="application/x-www-form-urlencoded",
            headers={"X-Twilio-Signature": signed},
        )

    def say(self, path: str, **data: str) -> Heard:
        return Heard(self.post(path, **data))

    def ring(self) -> Heard:
        return self.say("/hotline/call/", CallStatus="ringing")

    def pin(self, digits: str, number: int = 1) -> Heard:
        return self.say(f"/hotline/call/pin/{number}/", Digits=digits)

    def hang_up(self, sequence: int = 3) -> Heard:
        return self.say(
            "/hotline/call/ended/", CallStatus="completed", SequenceNumber=str(sequence)
        )

    def engineer(self, heard: Heard) -> Engineer:
        return Engineer(self, heard)


class Engineer:
    """The other end of a dialled number."""

    def __init__(self, telephone: Telephone, heard: Heard) -> None:
        self.telephone, self.heard, self.sid = telephone, heard, sid()

    def told(self, status: str, sequence: int) -> Heard:
        return self._say(
            self.heard.of_number("statusCallback"),
            CallStatus=status,
            SequenceNumber=str(sequence),
        )

    def picks_up(self) -> Heard:
        return self._say(self.heard.of_number("url"))

    def presses(self, digits: str) -> Heard:
        return self._say(f"/hotline/leg/{self.heard.leg}/key/", Digits=digits)

    def takes(self) -> Heard:
        self.told("ringing", 1)
        self.told("in-progress", 2)
        self.picks_up()
        return self.presses("1")

    def done(self, status: str) -> Heard:
        """The provider is done with this leg and asks on the caller's line what comes next."""
        return self.telephone.say(self.heard.action("Dial"), DialCallStatus=status)

    def _say(self, path: str, **data: str) -> Heard:
        data = {"CallSid": self.sid, "ParentCallSid": self.telephone.sid} | data
        return self.telephone.say(path, **data)
