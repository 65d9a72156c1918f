"""Who may come into the workspace."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories

pytestmark = pytest.mark.django_db

PAGES = (
    "/admin/",
    "/admin/queue/",
    "/admin/queue/live/",
    "/admin/ticket/STAR-1/",
    "/admin/ticket/STAR-1/live/main/",
    "/admin/duty/",
    "/admin/accounts/organization/",
    "/admin/accounts/event/",
    "/admin/search/?s=star",
    "/admin/jsi18n/",
)
CHANGES = (
    *("reply", "note", "assign", "severity", "facts", "resolve", "close", "reopen"),
    *("acknowledge", "ring"),
)


@pytest.mark.parametrize("page", PAGES)
def test_a_customer_has_no_access(page: str, cast: SimpleNamespace, browser_of: Any) -> None:
    factories.ticket(cast.owner)
    assert browser_of(cast.owner).get(page).status_code == 403


@pytest.mark.parametrize("change", CHANGES)
def test_a_customer_changes_nothing_here(
    change: str, cast: SimpleNamespace, browser_of: Any
) -> None:
    factories.ticket(cast.owner)
    answer = browser_of(cast.owner).post(f"/admin/ticket/STAR-1/{change}/", {"body": "x"})
    assert answer.status_code == 403


def test_an_anonymous_visitor_is_sent_to_the_login_and_back(client: Any, db: None) -> None:
    answer = client.get("/admin/queue/", follow=True)
    assert answer.redirect_chain[-1][0] == "/accounts/login/?next=/admin/queue/"


def test_the_admin_has_no_login_form_of_its_own(cast: SimpleNamespace, client: Any) -> None:
    answer = client.post(
        "/admin/login/", {"username": cast.engineer.email, "password": factories.PASSWORD}
    )
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")
    assert client.get("/admin/queue/").status_code == 302


def test_staff_without_a_profile_is_refused(cast: SimpleNamespace, browser_of: Any) -> None:
    nobody = factories.user("Nobody", is_staff=True)
    for path in ("/admin/queue/", "/admin/login/?next=/admin/duty/"):
        assert browser_of(nobody).get(path, follow=True).status_code == 403


def test_the_index_is_the_queue(cast: SimpleNamespace, browser_of: Any) -> None:
    assert browser_of(cast.engineer).get("/admin/")["Location"] == "/admin/queue/"


def test_only_pages_for_plain_editing_relax_the_content_policy(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    factories.ticket(cast.owner)
    browser = browser_of(cast.engineer)
    for path in ("/admin/queue/", "/admin/ticket/STAR-1/", "/admin/duty/"):
        assert "unsafe" not in browser.get(path)["Content-Security-Policy"]
    assert "unsafe-eval" in browser.get("/admin/tickets/team/")["Content-Security-Policy"]
