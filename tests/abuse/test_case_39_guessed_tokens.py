"""Case 39, for the API: guessing tokens is limited by address, whatever a header says of it."""

import pytest

from tests.api.conftest import Caller


def test_case_39(api: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.api_authentication.Unauthenticated.rate", "3/min", raising=False)
    stranger = Caller()
    answers = [
        stranger.get(
            "/api/v1/tickets/",
            headers={"X-Forwarded-For": spoofed, "Authorization": f"Bearer {spoofed}"},
        )
        for spoofed in ("1.1.1.1", "2.2.2.2", "3.3.3.3", "4.4.4.4")
    ]
    codes = [answer.status_code for answer in answers]
    assert codes == [401, 401, 401, 429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60
    assert api.read("tickets/").status_code == 200
