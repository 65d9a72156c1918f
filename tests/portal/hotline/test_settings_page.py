"""The hotline's settings on the portal, and where its numbers are shown."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest

from accounts import hotline_pins
from accounts.models import Event, HotlinePin
from tests import telephone
from tests.telephone import Telephone
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
SETTINGS = "/settings/hotline/"


def shown_pin(response: Any) -> str:
    found = re.search(r'id="new-pin">([\d ]+)<', response.content.decode())
    return found[1].replace(" ", "") if found else ""


def test_a_new_pin_is_shown_once_and_works(
    cast: SimpleNamespace, browser_of: Any, client: Any
) -> None:
    owner = browser_of(cast.owner)
    pin = shown_pin(owner.post(SETTINGS + "pin/"))
    assert len(pin) == hotline_pins.DIGITS
    assert pin not in owner.get(SETTINGS).content.decode()
    Telephone(client).pin(pin)
    assert Ticket.objects.get().organization == cast.star
    assert "last used" in owner.get(SETTINGS).content.decode()
    assert pin not in str(list(Event.objects.values()))


def test_who_may_not_manage_it_sees_the_numbers_and_no_button(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    page = browser_of(cast.developer).get(SETTINGS).content.decode()
    assert telephone.CHINESE in page
    assert "settings/hotline/pin/" not in page


def test_the_contact_is_a_member_who_may_open_tickets(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    owner = browser_of(cast.owner)
    owner.post(SETTINGS + "pin/")
    saved = owner.post(SETTINGS + "contact/", {"contact": cast.developer.pk})
    assert saved.status_code == 302
    for wrong in (cast.viewer.pk, cast.stranger.pk, cast.engineer.pk, "x"):
        assert owner.post(SETTINGS + "contact/", {"contact": wrong}).status_code == 422
    assert HotlinePin.objects.get().contact == cast.developer


def test_the_numbers_are_shown_where_they_are_needed(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    for path in ("/", "/down/"):
        assert telephone.CHINESE in browser_of(cast.owner).get(path).content.decode()


def test_a_plan_without_hotline_is_promised_none(cast: SimpleNamespace, browser_of: Any) -> None:
    stranger = browser_of(cast.stranger)
    for path in ("/", "/down/", SETTINGS):
        assert telephone.CHINESE not in stranger.get(path).content.decode()
    assert "no hotline" in stranger.get(SETTINGS).content.decode()


def test_without_a_provider_no_page_promises_one(
    cast: SimpleNamespace, browser_of: Any, settings: Any
) -> None:
    settings.TWILIO_AUTH_TOKEN = ""
    owner = browser_of(cast.owner)
    for path in ("/", "/down/", "/settings/"):
        page = owner.get(path).content.decode()
        assert telephone.CHINESE not in page
        assert SETTINGS not in page
    page = owner.get(SETTINGS).content.decode()
    assert "There is no hotline here" in page
    assert "/down/" in page
    assert owner.post(SETTINGS + "pin/").status_code == 404
    assert owner.post(SETTINGS + "contact/", {"contact": ""}).status_code == 404


def test_without_a_provider_the_desk_says_what_to_set(
    cast: SimpleNamespace, browser_of: Any, settings: Any
) -> None:
    assert (
        "No hotline is connected" not in browser_of(cast.lead).get("/admin/calls/").content.decode()
    )
    settings.TWILIO_AUTH_TOKEN = ""
    told = browser_of(cast.lead).get("/admin/calls/").content.decode()
    assert "VIGIL_TWILIO_AUTH_TOKEN" in told
    assert "VIGIL_HOTLINE_NUMBERS" not in told, "only what is missing"
    engineer = browser_of(cast.engineer).get("/admin/calls/").content.decode()
    assert "No hotline is connected" in engineer
    assert "VIGIL_" not in engineer


def test_the_customer_sees_the_call_with_the_end_of_the_number(
    call: Telephone, pin: str, cast: SimpleNamespace, browser_of: Any
) -> None:
    engineer = call.engineer(call.pin(pin))
    engineer.done("no-answer")
    call.hang_up()
    path = Ticket.objects.get().reference
    page = browser_of(cast.owner).get(f"/tickets/{path}/").content.decode()
    assert telephone.CALLER not in page
    assert "…" + telephone.CALLER[-4:] in page
    assert "no answer" in page
    desk = browser_of(cast.engineer).get(f"/admin/ticket/{path}/").content.decode()
    assert telephone.CALLER in desk
