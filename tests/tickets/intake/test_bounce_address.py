"""Return addresses: each names one delivery, and nobody can make one up."""

import uuid

import pytest
from django.conf import settings

from tickets.intake.bounce_address import bounce_address, read

DELIVERY = uuid.UUID("0192a4b0-1234-4abc-8def-0123456789ab")


@pytest.mark.parametrize("delivery", [DELIVERY, uuid.UUID(int=0), uuid.UUID(int=2**128 - 1)])
def test_an_address_is_read_back(delivery: uuid.UUID) -> None:
    assert read(bounce_address(delivery)) == delivery


def test_a_mail_server_may_change_the_case() -> None:
    assert read(bounce_address(DELIVERY).upper()) == DELIVERY


def test_its_local_part_is_never_too_long_for_a_mail_server() -> None:
    assert len(bounce_address(DELIVERY).partition("@")[0]) <= 64


def test_nobody_can_name_another_delivery() -> None:
    own = bounce_address(DELIVERY).partition("@")[0]
    other = bounce_address(uuid.uuid4()).partition("@")[0]
    forged = f"{other.partition('.')[0]}.{own.partition('.')[2]}"
    assert read(f"{forged}@{settings.MAIL_DOMAIN}") is None


@pytest.mark.parametrize("address", ["", "@", "bounce+@x", "support@elsewhere.example", "a" * 999])
def test_any_other_address_names_nothing(address: str) -> None:
    assert read(address) is None


def test_an_address_of_another_domain_is_not_ours() -> None:
    local = bounce_address(DELIVERY).partition("@")[0]
    assert read(f"{local}@evil.example") is None


def test_a_name_that_decodes_to_more_than_one_spelling_is_still_signed() -> None:
    """The last of 26 characters holds three spare bits; each spelling has its own signature."""
    local, _at, domain = bounce_address(uuid.UUID(int=0)).partition("@")
    name, _dot, mac = local.partition(".")
    assert read(f"{name[:-1]}b.{mac}@{domain}") is None
