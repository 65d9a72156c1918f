"""Case 56: SQL in any value is a value; and nothing of ours builds SQL from values."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import factories
from tests.api.conftest import NEW, Caller
from tickets.models import Ticket

ROOT = Path(__file__).resolve().parents[2]
CORPUS = [
    "' or '1'='1",
    "'; drop table tickets_ticket; --",
    '" or 1=1 --',
    "1) union select password from accounts_user --",
    "%' and 1=(select 1 from pg_sleep(9)) --",
    "$$; select pg_sleep(9); $$",
    "\\'; select 1; --",
    "{{7*7}} %s %(x)s ? :x",
    "number desc, (select pg_sleep(9))",
]


@pytest.mark.parametrize("attack", CORPUS)
def test_case_56(api: Caller, cast: SimpleNamespace, attack: str) -> None:
    factories.ticket(cast.stranger, subject="Somebody else's")
    opened = api.send("tickets/", NEW | {"subject": attack, "body": attack, "sdk_version": "1"})
    assert opened.json()["subject"] == attack
    for parameter in ("ordering", "state", "product", "updated_since", "cursor", attack):
        assert api.read("tickets/", **{parameter: attack}).status_code == 400
    assert api.get(f"/api/v1/tickets/{attack.replace('/', '')}/").status_code == 404
    assert api.send("tickets/", NEW | {attack: attack}).status_code == 201
    keyed = api.send("tickets/", NEW, headers={"Idempotency-Key": attack})
    assert keyed.status_code == 201
    assert Ticket.objects.count() == 4


def test_case_56_no_sql_is_put_together_from_values() -> None:
    """Ruff's S608 and S610/S611 find SQL built from strings, `extra` and `RawSQL`."""
    found = subprocess.run(  # noqa: S603  our own command line
        [
            *(sys.executable, "-m", "ruff", "check", "--isolated", "--select", "S608,S610,S611"),
            *("--ignore-noqa", "--exclude", "*/migrations/*"),
            # Names the models give, and constants of ours; values are passed apart.
            *("--per-file-ignores", "accounts/row_statements.py:S608"),
            *("--per-file-ignores", "knowledge/search/*.py:S608"),
            *("accounts", "knowledge", "tickets", "portal"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout
