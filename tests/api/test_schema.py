"""The description of the API: public, committed, and true."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.core.management import call_command
from django.urls import get_resolver

from tests.api.conftest import Caller
from tickets.models import Escalation

COMMITTED = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"


def test_the_committed_description_is_what_the_code_says(tmp_path: Path) -> None:
    fresh = tmp_path / "openapi.yaml"
    call_command("spectacular", file=str(fresh), validate=True, fail_on_warn=True)
    assert fresh.read_text() == COMMITTED.read_text(), (
        "Run: VIGIL_MODE=test .venv/bin/python manage.py spectacular --file docs/openapi.yaml"
    )


def test_it_is_served_to_everyone(db: None) -> None:
    response = Caller().get("/api/v1/schema/")
    assert response.status_code == 200
    assert yaml.safe_load(response.content)["info"]["title"] == "Vigil API"


def test_every_operation_is_explained_and_needs_the_token() -> None:
    described = yaml.safe_load(COMMITTED.read_text())
    for operations in described["paths"].values():
        for method, operation in operations.items():
            assert operation["summary"]
            assert operation["description"]
            assert operation["security"] == [{"token": []}]
            names = {parameter["name"] for parameter in operation.get("parameters", [])}
            assert ("Idempotency-Key" in names) == (method == "post")


def test_a_real_answer_has_exactly_the_described_fields(api: Caller) -> None:
    schemas = yaml.safe_load(COMMITTED.read_text())["components"]["schemas"]
    body = {"subject": "x", "body": "y", "severity": "urgent"}
    ticket: dict[str, Any] = api.send("tickets/", body).json()
    assert set(ticket) == set(schemas["Ticket"]["properties"]) == set(schemas["Ticket"]["required"])
    assert set(ticket["promises"][0]) == set(schemas["Promise"]["properties"])
    listed = api.read("tickets/").json()["results"][0]
    assert set(listed) == set(schemas["TicketSummary"]["properties"])
    entry = api.read("tickets/STAR-1/entries/").json()["results"][0]
    assert set(entry) == set(schemas["Entry"]["properties"])


def test_whatever_a_ladder_may_ring_for_is_described() -> None:
    schemas = yaml.safe_load(COMMITTED.read_text())["components"]["schemas"]
    assert schemas["EscalationReason"]["enum"] == Escalation.Reason.values


def test_no_api_view_is_without_a_description() -> None:
    names = set(yaml.safe_load(COMMITTED.read_text())["paths"])
    routes = get_resolver("portal.api_urls").url_patterns[1].url_patterns
    assert {
        f"/api/v1/{route.pattern}".replace("<str:reference>", "{reference}") for route in routes
    } == names
