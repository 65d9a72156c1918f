"""A frame of the chat widget listens with its key, and is cut off as a session is."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from accounts import widget_identity, widget_keys
from accounts.models import Membership, User, WidgetSession
from accounts.tenancy import DatabaseRole, acting_as, acting_for
from accounts.viewer import Viewer
from tests import factories
from tests.live_cast import happen
from tests.live_stream import Live, session_of
from tests.widget_signer import signed


@pytest.fixture
def key(live_cast: SimpleNamespace) -> str:
    """Of the developer's frame."""
    with acting_as(DatabaseRole.ENGINE):
        live_cast.owner = factories.member(live_cast.star, factories.Role.OWNER, "Olivia Owner")
    with acting_as(DatabaseRole.ENGINE) as now:
        secret = factories.widget_secret(live_cast.owner, now)
    with acting_as(DatabaseRole.LOGIN) as now:
        token = signed(secret, email=live_cast.developer.email, now=now)
        return widget_identity.sign_in(organization_key="STAR", token=token, now=now)


def test_a_frame_hears_of_its_own_organization_only(
    live_process: Live, live_cast: SimpleNamespace, key: str
) -> None:
    frame = live_process.open(authorization=f"Bearer {key}")
    assert frame.status == 200
    happen(live_cast.bright, "ticket/8")
    happen(live_cast.star, "ticket/7", internal=True)
    happen(live_cast.star, "ticket/9")
    assert frame.next()["data"]["ticket"] == 9


@pytest.mark.parametrize("wrong", ["vgw_guessed", "vgw_", "vgl_other", ""])
def test_a_guessed_key_hears_nothing(live_process: Live, key: str, wrong: str) -> None:
    assert live_process.open(authorization=f"Bearer {wrong}").status == 401


def test_a_key_goes_before_a_session(
    live_process: Live, live_cast: SimpleNamespace, key: str
) -> None:
    both = live_process.open(session_of(live_cast.engineer), authorization=f"Bearer {key}")
    happen(live_cast.bright, "ticket/8")
    happen(live_cast.star, "ticket/9")
    assert both.next()["data"]["ticket"] == 9


@pytest.mark.parametrize("what", ["member", "person", "key", "time"])
def test_whoever_loses_access_is_cut_off_with_the_next_look(
    live_process: Live, live_cast: SimpleNamespace, key: str, what: str
) -> None:
    frame = live_process.open(authorization=f"Bearer {key}")
    with acting_as(DatabaseRole.ENGINE) as now:
        if what == "member":
            Membership.objects.filter(user=live_cast.developer).delete()
        elif what == "person":
            User.objects.filter(pk=live_cast.developer.pk).update(is_active=False)
        elif what == "time":
            WidgetSession.objects.all().delete()
        else:
            owner = Viewer.of(live_cast.owner)
            with acting_for(owner):
                widget_keys.turn_off(by=owner, organization=live_cast.star, now=now)
    live_process.check()
    while frame.next()["event"] != "bye":
        pass  # that the widget was turned off is told, too
    frame.wait_closed()


def test_only_our_own_frame_may_send_its_key_from_another_port(live_process: Live) -> None:
    ours = live_process.application.origin
    asked = live_process.open(method="OPTIONS", origin=ours)
    assert (asked.status, asked.headers["access-control-allow-headers"]) == (204, "authorization")
    assert live_process.open(method="OPTIONS", origin="https://evil.example").status == 404
