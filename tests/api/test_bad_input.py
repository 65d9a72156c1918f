"""Wrong input: an answer that names the field, never a 500, and nothing left behind."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Event
from tests import factories
from tests.api.conftest import NEW, Caller
from tickets.models import Entry, Ticket


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("subject", None),
        ("subject", ""),
        ("subject", "   "),
        ("subject", "x" * 201),
        ("subject", "a\x00b"),
        ("subject", "a\ud800b"),
        ("subject", {"a": 1}),
        ("subject", ["a"]),
        ("subject", True),
        ("body", ""),
        ("body", "x" * 50_001),
        ("body", "a\x00b"),
        ("severity", "catastrophic"),
        ("severity", None),
        ("severity", 1),
        ("severity", ["urgent"]),
        ("product", "teleportation"),
        ("product", "im\x00"),
        ("product", "\ud800"),
        ("product", {"id": 1}),
        ("product", 1),
        ("platform", "vms"),
        ("sdk_version", "1" * 41),
        ("environment", "moon"),
    ],
)
def test_a_wrong_field_is_named(api: Caller, field: str, wrong: Any) -> None:
    response = api.send("tickets/", json.dumps(NEW | {field: wrong}))
    assert response.status_code == 400
    assert list(response.json()["errors"]) == [field]
    assert response.json()["detail"] == "Some values cannot be accepted."
    assert not Ticket.objects.exists()


def test_all_missing_fields_are_named_at_once(api: Caller) -> None:
    assert set(api.send("tickets/", {}).json()["errors"]) == {"subject", "body", "severity"}


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "NaN",
        '{"subject": Infinity}',
        "[" * 100_000,
        '{"a":' * 100_000,
        "1" * 5_000,
        b"\xff\xfe",
        "[]",
        '"text"',
        "null",
        "",
    ],
)
def test_what_is_no_object_is_refused_in_a_sentence(api: Caller, content: Any) -> None:
    response = api.send("tickets/", content)
    assert response.status_code == 400
    assert response.json()["detail"]


@pytest.mark.parametrize("content", ["{", "[" * 100_000])
def test_broken_json_is_refused_also_where_no_body_is_needed(
    api: Caller, cast: SimpleNamespace, content: str
) -> None:
    factories.ticket(cast.owner)
    assert api.send("tickets/STAR-1/resolve/", content).status_code == 400
    assert Ticket.objects.get().state == "new"


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"],
)
def test_another_content_type_is_415(api: Caller, content_type: str) -> None:
    response = api.post("/api/v1/tickets/", "subject=x", content_type=content_type)
    assert response.status_code == 415


def test_a_body_in_chunks_is_411_and_not_taken_for_empty(api: Caller) -> None:
    response = api.generic("POST", "/api/v1/tickets/", headers={"Transfer-Encoding": "chunked"})
    assert response.status_code == 411


def test_an_unknown_charset_is_refused(api: Caller) -> None:
    content_type = "application/json; charset=bz2"
    response = api.generic("POST", "/api/v1/tickets/", b"{}", content_type)
    assert response.status_code == 400


def test_a_request_too_large_is_413_and_names_the_limit(api: Caller) -> None:
    response = api.send("tickets/", NEW | {"padding": "x" * 3_000_000})
    assert response.status_code == 413
    assert "2048 KiB" in response.json()["detail"]


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("state", "lost"),
        ("severity", "severe"),
        ("product", "teleportation"),
        ("product", "im\x00"),
        ("updated_since", "yesterday"),
        ("updated_since", "2026-13-01T00:00:00Z"),
        ("ordering", "organization__name"),
        ("ordering", "-id"),
        ("cursor", "nonsense"),
        ("cursor", "cD1hYmM="),  # p=abc
        ("cursor", "cD0lMDA="),  # p=%00
        ("page_size", "0"),
        ("page_size", "-1"),
        ("page_size", "101"),
        ("page_size", "many"),
        ("page_size", "٣"),
        ("page_size", "9" * 5_000),
        ("expand", "organization"),
        ("subject__icontains", "x"),
    ],
)
def test_a_wrong_or_unknown_parameter_is_named(api: Caller, parameter: str, value: str) -> None:
    response = api.read("tickets/", **{parameter: value})
    assert response.status_code == 400
    assert list(response.json()["errors"]) == [parameter]


def test_addresses_with_one_ticket_know_no_parameters(api: Caller, cast: SimpleNamespace) -> None:
    factories.ticket(cast.owner)
    assert api.read("tickets/STAR-1/", expand="owner").status_code == 400
    assert api.get("/api/v1/tickets/STAR-1/entries/?ordering=body").status_code == 400
    assert api.post("/api/v1/tickets/STAR-1/resolve/?force=1").status_code == 400


def test_methods_and_addresses_that_do_not_exist_are_told_in_json(
    api: Caller, cast: SimpleNamespace
) -> None:
    factories.ticket(cast.owner)
    response = api.delete("/api/v1/tickets/STAR-1/")
    assert response.status_code == 405
    assert list(response.json()) == ["detail"]
    for path in ("", "v1/", "v2/tickets/", "v1/tickets", "v1/users/", "%00"):
        response = api.get(f"/api/{path}")
        assert response.status_code == 404
        assert response.json() == {"detail": "Not found."}


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(), max_size=60),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
FIELDS = ["subject", "body", "severity", "product", "platform", "sdk_version", "environment"]
FUZZ = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def unlimited(api: Caller, monkeypatch: pytest.MonkeyPatch) -> Caller:
    monkeypatch.setattr("portal.api_authentication.PerToken.rate", None, raising=False)
    return api


@FUZZ
@given(body=st.dictionaries(st.sampled_from(FIELDS), VALUES))
def test_no_body_makes_the_server_fail(unlimited: Caller, body: dict[str, Any]) -> None:
    assert unlimited.send("tickets/", json.dumps(NEW | body)).status_code in {201, 400}


@FUZZ
@given(content=st.binary(max_size=60) | st.text(max_size=60))
def test_no_bytes_make_the_server_fail(unlimited: Caller, content: str | bytes) -> None:
    assert unlimited.send("tickets/", content).status_code == 400


PARAMETERS = ["state", "severity", "product", "updated_since", "ordering", "cursor", "page_size"]


@FUZZ
@given(
    parameters=st.dictionaries(
        st.sampled_from(PARAMETERS) | st.text(max_size=5),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
        | st.datetimes(timezones=st.timezones()).map(lambda at: at.isoformat()),
    )
)
def test_no_query_makes_the_server_fail(unlimited: Caller, parameters: dict[str, str]) -> None:
    parameters = {name: value for name, value in parameters.items() if name.isprintable()}
    assert unlimited.read("tickets/", **parameters).status_code in {200, 400}


def test_a_refused_request_leaves_nothing_behind(
    api: Caller, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The write has already happened when the answer fails to be made."""
    from django.core.exceptions import ValidationError

    def too_late(*_args: Any, **_kwargs: Any) -> None:
        raise ValidationError("Too late.")

    monkeypatch.setattr("tickets.promises.start", too_late)
    response = api.send("tickets/", NEW)
    assert (response.status_code, response.json()) == (400, {"detail": "Too late."})
    assert not Ticket.objects.exists()
    assert not Entry.objects.exists()
    assert not Event.objects.filter(verb="ticket.opened").exists()
    cast.star.refresh_from_db()
    assert cast.star.ticket_count == 0
