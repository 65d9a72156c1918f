"""What the demo's people did with its knowledge base names only what there is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from knowledge.docs_tree import reading
from knowledge.languages import Language

DEMO = Path(__file__).resolve().parents[2] / "portal" / "demo"


def read(name: str) -> Any:
    return json.loads((DEMO / name).read_text(encoding="utf-8"))


USE = read("knowledge_use.json")
CUSTOMERS = {row["key"]: row for row in read("organizations.json")}
STAFF = {row["key"] for row in read("people.json")}
PAGES = {(page.key, page.language) for page in reading.read(DEMO / "knowledge").pages}


def members(customer: str) -> dict[str, str]:
    return {member["email"]: member["role"] for member in CUSTOMERS[customer]["members"]}


def test_articles_and_their_writers_are_known() -> None:
    keys = {key for key, _language in PAGES}
    assert not keys & {row["key"] for row in USE["new"]}
    assert {(row["key"], row["language"]) for row in USE["revised"]} <= PAGES
    assert {row["article"] for row in USE["linked"] + USE["answered"]} <= keys
    assert {row["owner"] for row in USE["new"] + USE["revised"]} <= STAFF
    assert {row["by"] for row in USE["linked"]} <= STAFF


def test_tickets_and_members_are_known() -> None:
    for row in USE["linked"]:
        tickets = read(f"tickets/{CUSTOMERS[row['customer']]['slug']}.json")
        assert row["number"] in {ticket["number"] for ticket in tickets}, row
    for row in USE["answered"]:
        assert members(row["customer"])[row["person"]] != "viewer", row
    upgrade = USE["upgrade"]
    assert {upgrade["by"], *upgrade["done"]} <= set(members(upgrade["customer"]))


def test_there_is_something_of_each_kind_for_an_editor() -> None:
    assert {row.get("step") for row in USE["new"] + USE["revised"]} == {None, "review", "published"}
    assert any(row["hits"] == 0 for row in USE["searches"])
    assert {row["language"] for row in USE["searches"]} == {*Language.values}
