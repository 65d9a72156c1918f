"""A request repeated under its Idempotency-Key has one effect and one answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.models import IdempotentRequest
from tests import factories
from tests.api.conftest import NEW, Caller
from tests.factories import NOON
from tickets.models import Entry, Ticket

KEY = {"Idempotency-Key": "0d1f3a52-7b0c"}


def test_the_first_answer_is_given_again_byte_for_byte(api: Caller) -> None:
    first = api.send("tickets/", NEW, headers=KEY)
    again = api.send("tickets/", NEW, headers=KEY)
    assert (again.status_code, again.content) == (201, first.content)
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert Ticket.objects.count() == 1


def test_without_a_key_every_request_counts(api: Caller) -> None:
    api.send("tickets/", NEW)
    api.send("tickets/", NEW)
    assert Ticket.objects.count() == 2


def test_every_post_can_be_repeated(api: Caller, cast: SimpleNamespace) -> None:
    factories.ticket(cast.owner)
    posts: list[tuple[str, Any]] = [
        ("replies", {"body": "Hello"}),
        ("resolve", None),
        ("reopen", None),
    ]
    for verb, body in posts:
        key = {"Idempotency-Key": f"once {verb}"}
        first, again = (
            api.send(f"tickets/STAR-1/{verb}/", body, headers=key) for _each in range(2)
        )
        assert first.status_code in {200, 201}
        assert (again.status_code, again.content) == (first.status_code, first.content)
        assert again["Idempotent-Replayed"] == "true"
    assert Entry.objects.count() == 2
    assert Ticket.objects.get().cycle == 2


@pytest.mark.parametrize(
    ("path", "body"),
    [("tickets/", NEW | {"subject": "Another"}), ("tickets/STAR-1/replies/", NEW)],
)
def test_the_key_belongs_to_one_address_and_body(
    api: Caller, path: str, body: dict[str, str]
) -> None:
    api.send("tickets/", NEW, headers=KEY)
    response = api.send(path, body, headers=KEY)
    assert response.status_code == 422
    assert list(response.json()) == ["detail"]
    assert Entry.objects.count() == 1


def test_each_token_has_keys_of_its_own(api: Caller, caller_of: Callable[..., Caller]) -> None:
    api.send("tickets/", NEW, headers=KEY)
    assert caller_of().send("tickets/", NEW, headers=KEY).json()["reference"] == "STAR-2"


def test_a_refused_request_does_not_use_up_its_key(api: Caller) -> None:
    assert api.send("tickets/", NEW | {"severity": "?"}, headers=KEY).status_code == 400
    assert not IdempotentRequest.objects.exists()
    assert api.send("tickets/", NEW, headers=KEY).status_code == 201


def test_a_key_is_kept_for_a_day_and_may_then_be_used_anew(
    api: Caller, clock: SimpleNamespace
) -> None:
    api.send("tickets/", NEW, headers=KEY)
    clock.now = NOON + dt.timedelta(hours=24)
    assert api.send("tickets/", NEW, headers=KEY)["Idempotent-Replayed"] == "true"
    clock.now += dt.timedelta(seconds=1)
    other = NEW | {"subject": "Another"}
    assert api.send("tickets/", other, headers=KEY).json()["reference"] == "STAR-2"
    assert api.send("tickets/", other, headers=KEY)["Idempotent-Replayed"] == "true"


def test_a_token_that_lost_its_rights_gets_no_old_answers(
    api: Caller, clock: SimpleNamespace
) -> None:
    api.send("tickets/", NEW, headers=KEY)
    clock.now += dt.timedelta(days=31)
    assert api.send("tickets/", NEW, headers=KEY).status_code == 401


@pytest.mark.parametrize("key", ["", "x" * 256, "ключ", "tab\there", "\x7f"])
def test_what_cannot_be_a_key_is_refused_by_name(api: Caller, key: str) -> None:
    response = api.send("tickets/", NEW, headers={"Idempotency-Key": key})
    assert response.status_code == 400
    assert list(response.json()["errors"]) == ["Idempotency-Key"]
    assert not Ticket.objects.exists()
