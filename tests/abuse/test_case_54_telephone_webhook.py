"""54. Telephone webhook: bad signature, proxy URL, replayed CallSid, `+1900` → 403, no effect."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest

from accounts import dialling, hotline_pins
from accounts.viewer import Viewer
from tests import factories, telephone
from tests.factories import NOON
from tests.telephone import ACCOUNT, TOKEN, Telephone, signature
from tickets.models import Call, CallLeg, Escalation, Inbound, Ticket

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
PATH = "/hotline/call/"


@pytest.fixture(autouse=True)
def _hotline(settings: Any) -> None:
    telephone.set_up(settings)


@pytest.fixture
def pin(cast: SimpleNamespace) -> str:
    return hotline_pins.rotate(by=Viewer.of(cast.owner), organization=cast.star, now=NOON)


def words(**more: str) -> dict[str, str]:
    return {
        "AccountSid": ACCOUNT,
        "CallSid": telephone.sid(),
        "From": telephone.CALLER,
        "To": telephone.ENGLISH,
    } | more


def post(client: Any, data: dict[str, str], signed: str, path: str = PATH, **more: Any) -> int:
    headers = {"X-Twilio-Signature": signed} if signed else {}
    body = urlencode(data)
    return int(client.post(path, body, content_type=FORM, headers=headers, **more).status_code)


def is_untouched() -> bool:
    return not (Inbound.objects.exists() or Call.objects.exists() or Ticket.objects.exists())


def test_no_signature_a_bad_one_and_that_of_another_secret_are_refused(
    client: Any, settings: Any
) -> None:
    data = words()
    address = settings.PUBLIC_URL + PATH
    wrong = [
        "",
        "x",
        "签名",
        signature(address, data, "another secret"),
        signature(address, data | {"Digits": "1"}),
        signature(settings.PUBLIC_URL + "/hotline/call/pin/1/", data),
        signature(address, data)[:-1],
    ]
    for signed in wrong:
        assert post(client, data, signed.encode().decode("latin-1")) == 403
    assert is_untouched()
    assert post(client, data, signature(address, data)) == 200


def test_the_public_address_counts_and_never_the_host_header(client: Any, settings: Any) -> None:
    settings.PUBLIC_URL = "https://support.vigil.example"
    data = words()
    signed = signature("https://support.vigil.example" + PATH, data)
    assert post(client, data, signed, HTTP_HOST="127.0.0.1:8000") == 200, "behind a proxy"
    for forged in ("http://127.0.0.1:8000", "https://localhost"):
        data = words()
        host = forged.partition("//")[2]
        assert post(client, data, signature(forged + PATH, data), HTTP_HOST=host) == 403


def test_another_account_of_the_provider_is_refused(client: Any, settings: Any) -> None:
    data = words(AccountSid="AC" + "1" * 32)
    assert post(client, data, signature(settings.PUBLIC_URL + PATH, data)) == 403
    assert is_untouched()


def test_a_query_that_was_not_signed_is_refused(client: Any, settings: Any) -> None:
    data = words()
    signed = signature(settings.PUBLIC_URL + PATH, data)
    assert post(client, data, signed, path=f"{PATH}?step=1") == 403


@pytest.mark.parametrize("missing", ["HOTLINE_NUMBERS", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"])
def test_without_a_hotline_there_is_no_such_address(
    client: Any, settings: Any, missing: str
) -> None:
    setattr(settings, missing, {} if missing == "HOTLINE_NUMBERS" else "")
    data = words()
    assert post(client, data, signature(settings.PUBLIC_URL + PATH, data, "")) == 404
    assert post(client, data, signature(settings.PUBLIC_URL + PATH, data, TOKEN)) == 404


def test_a_get_does_nothing(client: Any) -> None:
    assert client.get(PATH).status_code == 405


def test_a_replayed_call_opens_no_second_ticket_and_dials_nobody_twice(
    client: Any, cast: SimpleNamespace, pin: str
) -> None:
    factories.contact_method(cast.engineer, "jsons://sms.example/+8613800000001", kind="phone")
    call = Telephone(client)
    call.ring()
    answers = {call.pin(pin).xml for _time in range(5)}
    assert len(answers) == 1, "the same answer each time"
    assert Ticket.objects.count() == Escalation.objects.count() == CallLeg.objects.count() == 1
    call.hang_up()
    call.pin(pin)
    call.ring()
    assert Ticket.objects.count() == CallLeg.objects.count() == 1
    assert Call.objects.get().state == "ended"


@pytest.mark.parametrize(
    "address",
    [
        "jsons://sms.example/+19005550100",
        "jsons://sms.example/+18095550100",
        "jsons://sms.example/+881612345678",
        "jsons://sms.example/+4470123456789",
        "jsons://sms.example/+33123456789",
        "jsons://sms.example/13800000001",
        "jsons://sms.example/+8613800000001/+8613800000002",
        "jsons://sms.example/+8613800000001?to=+19005550100",
        "jsons://+8613800000001/",
    ],
)
def test_numbers_that_cost_or_are_foreign_or_unclear_are_never_dialled(
    client: Any, cast: SimpleNamespace, pin: str, address: str
) -> None:
    factories.contact_method(cast.engineer, address, kind="phone")
    heard = Telephone(client).pin(pin)
    assert heard.number == ""
    assert Escalation.objects.get().state == "ringing", "rung by their other ways"


def test_only_verified_numbers_of_our_own_people_are_dialled(
    client: Any, cast: SimpleNamespace, pin: str
) -> None:
    number = "jsons://sms.example/+8613800000001"
    factories.contact_method(cast.engineer, number, kind="phone", verified_at=None)
    factories.contact_method(cast.second, number, kind="phone", enabled=False)
    factories.contact_method(cast.lead, number, kind="push")
    data = {"To": "+19005550100", "ForwardedFrom": "+19005550100", "DialCallSid": "x"}
    heard = Telephone(client).say("/hotline/call/pin/1/", Digits=pin, **data)
    assert heard.verbs == ["Say", "Record"]
    assert not CallLeg.objects.exists()


def test_the_number_of_a_caller_is_never_dialled(
    client: Any, cast: SimpleNamespace, pin: str
) -> None:
    call = Telephone(client, caller="+19005550100")
    assert call.pin(pin).number == ""


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("+8613800000001", True),
        ("+14155550100", True),
        ("+19005550100", False),
        ("+19765550100", False),
        ("+18765550100", False),
        ("+442071234567", False),
        ("8613800000001", False),
        ("+86138\n00000001", False),
        ("+86１３８00000001", False),
        ("", False),
    ],
)
def test_which_numbers_may_be_dialled(number: str, expected: bool) -> None:
    assert dialling.may_be_dialled(number, allowed=("+86", "+1")) is expected


def test_nothing_is_dialled_where_no_country_is_allowed() -> None:
    assert not dialling.may_be_dialled("+8613800000001", allowed=())
