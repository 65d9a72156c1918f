"""The team: roles, removal, leaving, and what the page shows to whom."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts import api_tokens, invitations, team
from accounts.access import Role
from accounts.models import Event, Membership
from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON

pytestmark = pytest.mark.django_db


def seat(cast: SimpleNamespace, person: str) -> Membership:
    return Membership.objects.get(organization=cast.star, user=getattr(cast, person))


def test_an_admin_changes_a_role_and_it_is_recorded(cast: SimpleNamespace) -> None:
    team.change_role(
        membership=seat(cast, "viewer"), by=Viewer.of(cast.admin), role=Role.DEVELOPER, now=NOON
    )
    assert seat(cast, "viewer").role == Role.DEVELOPER
    event = Event.objects.get(verb="member.role_changed")
    assert (event.data["before"], event.data["after"]) == ("viewer", "developer")


@pytest.mark.parametrize(
    ("person", "target", "role"),
    [
        ("developer", "viewer", Role.ADMIN),
        ("viewer", "viewer", Role.OWNER),
        ("stranger", "viewer", Role.ADMIN),
        ("former", "viewer", Role.ADMIN),
        ("admin", "admin", Role.OWNER),  # nobody makes themselves an owner
        ("admin", "owner", Role.VIEWER),  # nor unmakes one without being one
    ],
)
def test_roles_that_may_not_are_refused(
    cast: SimpleNamespace, person: str, target: str, role: Role
) -> None:
    with pytest.raises(PermissionDenied):
        team.change_role(
            membership=seat(cast, target), by=Viewer.of(getattr(cast, person)), role=role, now=NOON
        )


def test_the_last_owner_stays(cast: SimpleNamespace) -> None:
    owner = Viewer.of(cast.owner)
    for verb in (
        lambda: team.change_role(membership=seat(cast, "owner"), by=owner, role="admin", now=NOON),
        lambda: team.remove(membership=seat(cast, "owner"), by=owner, now=NOON),
        lambda: team.leave(membership=seat(cast, "owner"), by=owner, now=NOON),
    ):
        with pytest.raises(ValidationError, match="last owner stays"):
            verb()
    team.change_role(membership=seat(cast, "admin"), by=owner, role=Role.OWNER, now=NOON)
    team.leave(membership=seat(cast, "owner"), by=owner, now=NOON)
    assert not Membership.objects.filter(user=cast.owner).exists()


def test_nobody_leaves_for_somebody_else(cast: SimpleNamespace) -> None:
    with pytest.raises(PermissionDenied):
        team.leave(membership=seat(cast, "viewer"), by=Viewer.of(cast.owner), now=NOON)


def test_whoever_is_removed_takes_their_tokens_and_invitations_along(
    cast: SimpleNamespace,
) -> None:
    admin = Viewer.of(cast.admin)
    _token, secret = api_tokens.create(
        by=admin, organization=cast.star, name="CI", scopes=["tickets:read"], now=NOON,
        expires_at=NOON + invitations.VALID_FOR,
    )  # fmt: skip
    invitation = invitations.invite(
        organization=cast.star, by=admin, email="private@home.example", role="admin", now=NOON
    )
    team.remove(membership=seat(cast, "admin"), by=Viewer.of(cast.owner), now=NOON)
    assert api_tokens.authenticate(secret, now=NOON) is None
    invitation.refresh_from_db()
    assert invitation.revoked_at == NOON


def test_everyone_sees_the_team_and_only_admins_the_controls(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    for person, controls in (
        ("owner", True),
        ("admin", True),
        ("developer", False),
        ("viewer", False),
    ):
        page = browser_of(getattr(cast, person)).get("/team/").content.decode()
        assert "Bob Lin" in page
        assert "4 of 50 seats" in page
        assert ("Send the invitation" in page) is controls, person
        assert "Sam Stranger" not in page


def test_the_team_page_does_not_grow_in_queries(
    cast: SimpleNamespace, browser_of: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        factories.member(cast.star, name=f"Member {number}")
    browser = browser_of(cast.admin)
    browser.get("/team/")
    with django_assert_max_num_queries(24):  # 12 and the role's own statements of this test
        browser.get("/team/")


def test_a_refused_invitation_keeps_what_was_typed(cast: SimpleNamespace, browser_of: Any) -> None:
    response = browser_of(cast.admin).post(
        "/team/invitations/", {"email": "no address", "role": "viewer", "language": "en"}
    )
    assert response.status_code == 422
    page = response.content.decode()
    assert "Enter a valid e-mail address." in page
    assert 'value="no address"' in page


def test_a_role_is_changed_and_a_member_removed_by_post(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    browser = browser_of(cast.admin)
    pk = seat(cast, "viewer").pk
    assert browser.post(f"/team/members/{pk}/role/", {"role": "developer"}).status_code == 302
    assert seat(cast, "viewer").role == "developer"
    assert browser.post(f"/team/members/{pk}/remove/").status_code == 302
    assert not Membership.objects.filter(pk=pk).exists()
    assert browser_of(cast.stranger).post(f"/team/members/{pk}/remove/").status_code == 404
    mine = seat(cast, "developer").pk
    assert browser_of(cast.developer).post(f"/team/members/{mine}/remove/").status_code == 403


def test_the_switcher_goes_to_ones_own_organizations_only(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    Membership.objects.create(organization=cast.bright, user=cast.developer, role=Role.VIEWER)
    browser = browser_of(cast.developer)
    browser.post("/organization/", {"organization": "STAR"})
    assert "StarCast · Premium" in " ".join(browser.get("/team/").content.decode().split())
    browser.post("/organization/", {"organization": "BRIT"})
    assert "BrightClass · Standard" in " ".join(browser.get("/team/").content.decode().split())
    other = factories.organization("Meshwork", key="MESH")
    assert browser.post("/organization/", {"organization": other.key}).status_code == 404


def test_who_belongs_nowhere_is_told_to_ask_a_colleague(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    page = browser_of(cast.former).get("/team/").content.decode()
    assert "You belong to no organization yet" in page
