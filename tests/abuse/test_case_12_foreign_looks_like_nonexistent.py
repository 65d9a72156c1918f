"""Case 12: what belongs to others answers exactly as what does not exist, and counts as a try."""

from types import SimpleNamespace

import pytest

from tests import factories
from tests.api.conftest import Caller

NOWHERE = ["BRIT-1", "BRIT-2", "STAR-1", "ZZZ-1", "brit-1", "1", "BRIT-01", "BRIT-99999999999999"]


@pytest.mark.parametrize("reference", NOWHERE)
@pytest.mark.parametrize(
    ("method", "rest"),
    [
        ("GET", ""),
        ("GET", "entries/"),
        ("POST", "replies/"),
        ("POST", "resolve/"),
        ("POST", "reopen/"),
    ],
)
def test_case_12(
    api: Caller, cast: SimpleNamespace, reference: str, method: str, rest: str
) -> None:
    ticket = factories.ticket(cast.stranger)
    address = f"/api/v1/tickets/{reference}/{rest}"
    response = api.generic(method, address, b'{"body": "x"}', "application/json")
    assert (response.status_code, response.content) == (404, b'{"detail":"Not found."}')
    ticket.refresh_from_db()
    assert (ticket.state, ticket.entries.count()) == ("new", 1)


def test_case_12_tries_are_limited(
    api: Caller, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.api_authentication.PerToken.rate", "5/min", raising=False)
    codes = [api.read(f"tickets/BRIT-{number}/").status_code for number in range(1, 8)]
    assert codes == [404] * 5 + [429] * 2
