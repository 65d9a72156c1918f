"""Owners and admins see and renew the widget's secret; it is shown once."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.models import Event, WidgetKey

pytestmark = pytest.mark.django_db


def test_the_secret_is_shown_once_and_each_one_is_new(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    admin = browser_of(cast.admin)
    assert "Turn on and show the secret" in admin.get("/settings/").content.decode()
    shown = [_secret(admin.post("/settings/widget/renew/")) for _ in range(2)]
    assert len(set(shown)) == 2
    page = admin.get("/settings/").content.decode()
    assert not any(secret in page for secret in shown)
    assert "Secret number 2, made by Adam Admin" in page
    assert [event.data for event in Event.objects.filter(verb="widget.key_renewed")] == [
        {"generation": 1},
        {"generation": 2},
    ]


def test_turned_off_nothing_works_and_it_is_said(cast: SimpleNamespace, browser_of: Any) -> None:
    owner = browser_of(cast.owner)
    owner.post("/settings/widget/renew/")
    owner.post("/settings/widget/off/")
    assert not WidgetKey.objects.get().is_on
    assert "Off: there is no secret that works." in owner.get("/settings/").content.decode()


@pytest.mark.parametrize("who", ["developer", "viewer"])
def test_others_see_nothing_of_it(cast: SimpleNamespace, browser_of: Any, who: str) -> None:
    member = browser_of(getattr(cast, who))
    assert "Chat widget" not in member.get("/settings/").content.decode()
    assert member.post("/settings/widget/renew/").status_code == 403
    assert not WidgetKey.objects.exists()


def test_a_plan_without_chat_has_no_widget(cast: SimpleNamespace, browser_of: Any) -> None:
    assert "Chat widget" not in browser_of(cast.stranger).get("/settings/").content.decode()


def _secret(response: Any) -> str:
    found = re.search(r"vgk_[\w-]{43}", response.content.decode())
    assert found
    return found[0]
