"""Reply addresses: given to one person for one ticket, and to be forged by nobody."""

import pytest
from django.conf import settings

from tickets.intake.reply_address import Invited, read, reply_address


@pytest.mark.parametrize(("ticket", "user"), [(1, 1), (35, 36), (2**40, 2**40)])
def test_an_address_is_read_back(ticket: int, user: int) -> None:
    assert read(reply_address(ticket_id=ticket, user_id=user)) == Invited(ticket, user)


def test_a_mail_server_may_change_the_case() -> None:
    assert read(reply_address(ticket_id=7, user_id=8).upper()) == Invited(7, 8)


def test_its_local_part_is_never_too_long_for_a_mail_server() -> None:
    address = reply_address(ticket_id=2**50, user_id=2**50)
    assert len(address.partition("@")[0]) <= 64


def test_nobody_can_name_another_ticket_or_person() -> None:
    head, _dot, mac = reply_address(ticket_id=7, user_id=8).partition("@")[0].rpartition(".")
    assert head == "reply+7.8"
    for forged in ("reply+6.8", "reply+7.9", "reply+07.8"):
        assert read(f"{forged}.{mac}@{settings.MAIL_DOMAIN}") is None


@pytest.mark.parametrize(
    "address", ["", "@", "reply+@x", "support@support.vigil.example", "a" * 999]
)
def test_any_other_address_invites_nobody(address: str) -> None:
    assert read(address) is None


def test_an_address_of_another_domain_is_not_ours() -> None:
    local = reply_address(ticket_id=7, user_id=8).partition("@")[0]
    assert read(f"{local}@evil.example") is None
