"""Inviting into an organization: by whom, whom, and with which link."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts import invitations
from accounts.access import Role
from accounts.models import Event, Invitation, Membership
from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tests.letterbox import letters_to, link_in

pytestmark = pytest.mark.django_db
PHRASE = "a long phrase 9"
GUEST = "guest@starcast.example"


def invite(cast: SimpleNamespace, by: Any = None, **fields: Any) -> Invitation:
    values = {"email": GUEST, "role": Role.DEVELOPER, "now": NOON} | fields
    return invitations.invite(organization=cast.star, by=Viewer.of(by or cast.admin), **values)


def token_for(address: str) -> str:
    return link_in(letters_to(address)[-1]).split("/")[2]


def test_only_the_mail_holds_the_token(cast: SimpleNamespace) -> None:
    invitation = invite(cast)
    token = token_for(GUEST)
    assert len(token) >= 43
    assert invitation.token_hash == invitations.digest(token)
    assert token not in str(Event.objects.get(verb="member.invited").data)


def test_the_mail_speaks_the_language_chosen(cast: SimpleNamespace) -> None:
    invite(cast, language="zh-hans")
    assert letters_to(GUEST)[0].payload["language"] == "zh-hans"


def test_an_admin_cannot_invite_an_owner(cast: SimpleNamespace) -> None:
    with pytest.raises(PermissionDenied):
        invite(cast, role=Role.OWNER)
    assert invite(cast, by=cast.owner, role=Role.OWNER).role == Role.OWNER


@pytest.mark.parametrize("person", ["developer", "viewer", "stranger", "former"])
def test_others_cannot_invite_at_all(cast: SimpleNamespace, person: str) -> None:
    with pytest.raises(PermissionDenied):
        invite(cast, by=getattr(cast, person))


@pytest.mark.parametrize(
    "email",
    ["", "nobody", "a@b", "a b@x.example", "a\x00b@x.example", "a\u202eb@x.example",
     "a@x.example\nBcc: v@x.example", "a@x.example,b@x.example", "x" * 250 + "@x.example"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused_at_its_field(cast: SimpleNamespace, email: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        invite(cast, email=email)
    assert list(refusal.value.message_dict) == ["email"]


def test_a_member_is_not_invited_again(cast: SimpleNamespace) -> None:
    with pytest.raises(ValidationError, match="member already"):
        invite(cast, email="Developer@StarCast.example")


def test_one_open_invitation_is_enough(cast: SimpleNamespace) -> None:
    invite(cast)
    with pytest.raises(ValidationError, match="invited already"):
        invite(cast)


def test_open_invitations_take_seats_of_the_plan(cast: SimpleNamespace) -> None:
    cast.star.plan = "trial"  # 5 seats, 4 members
    cast.star.save()
    invite(cast)
    with pytest.raises(ValidationError, match="5 seats"):
        invite(cast, email="another@starcast.example")
    later = NOON + invitations.VALID_FOR
    assert invite(cast, email="another@starcast.example", now=later).pk


def test_an_invitation_that_ran_out_can_be_made_anew(cast: SimpleNamespace) -> None:
    first = invite(cast)
    second = invite(cast, now=NOON + invitations.VALID_FOR)
    first.refresh_from_db()
    assert first.revoked_at is not None
    assert second.pk != first.pk


def test_sending_again_replaces_the_link_and_the_week(cast: SimpleNamespace) -> None:
    invitation = invite(cast)
    old = token_for(GUEST)
    later = NOON + dt.timedelta(days=3)
    invitations.resend(invitation=invitation, by=Viewer.of(cast.admin), now=later)
    assert invitations.find(token=old, now=later) is None
    found = invitations.find(token=token_for(GUEST), now=later)
    assert found is not None
    assert found.expires_at == later + invitations.VALID_FOR


def test_nobody_can_be_mail_bombed(cast: SimpleNamespace) -> None:
    invitation = invite(cast)
    admin = Viewer.of(cast.admin)
    soon = NOON + dt.timedelta(minutes=4)
    with pytest.raises(ValidationError, match="less than 5 minutes"):
        invitations.resend(invitation=invitation, by=admin, now=soon)
    invitations.revoke(invitation=invitation, by=admin, now=soon)
    with pytest.raises(ValidationError, match="less than 5 minutes"):
        invite(cast, now=soon)


def test_accepting_makes_a_member_with_the_role_invited_to(cast: SimpleNamespace) -> None:
    invitation = invite(cast, role=Role.VIEWER)
    guest = factories.user("Gia Guest", email=GUEST)
    membership = invitations.accept(token=token_for(GUEST), user=guest, now=NOON)
    assert (membership.organization, membership.role) == (cast.star, Role.VIEWER)
    invitation.refresh_from_db()
    assert invitation.accepted_at == NOON
    assert Event.objects.filter(verb="member.joined", actor=guest).count() == 1


def test_an_invitation_of_another_organization_is_not_found(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    invitation = invite(cast)
    browser = browser_of(cast.stranger)
    for verb in ("revoke", "resend"):
        response = browser.post(f"/team/invitations/{invitation.pk}/{verb}/")
        assert response.status_code == 404


def test_a_guest_signs_up_confirms_and_joins_by_the_link(
    cast: SimpleNamespace, client: Any
) -> None:
    invitations.invite(
        organization=cast.star, by=Viewer.of(cast.admin), email=GUEST, role="developer",
        now=dt.datetime.now(dt.UTC),
    )  # fmt: skip
    path = link_in(letters_to(GUEST)[0])
    page = client.get(path).content.decode()
    assert "Adam Admin" in page
    assert f"/accounts/signup/?email=guest%40starcast.example&amp;next={path}" in page
    client.post(
        f"/accounts/signup/?next={path}",
        {"name": "Gia", "email": GUEST, "password1": PHRASE, "password2": PHRASE},
    )  # fmt: skip
    assert not Membership.objects.filter(user__email=GUEST).exists()
    assert client.post(path).status_code == 200, "not signed in before the address is confirmed"
    confirm = link_in(letters_to(GUEST)[-1])
    response = client.post(confirm)
    assert response["Location"] == path
    response = client.post(path)
    assert response["Location"] == "/"
    assert Membership.objects.get(user__email=GUEST).role == "developer"


def test_the_page_refuses_somebody_elses_invitation_in_words(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    invitations.invite(
        organization=cast.star, by=Viewer.of(cast.admin), email=GUEST, role="developer",
        now=dt.datetime.now(dt.UTC),
    )  # fmt: skip
    path = link_in(letters_to(GUEST)[0])
    browser = browser_of(cast.stranger)
    assert "You are signed in as owner@brightclass.example" in browser.get(path).content.decode()
    assert browser.post(path).status_code == 403


def test_a_link_that_is_none_says_so(client: Any, db: None) -> None:
    response = client.get("/invitation/nothing/")
    assert response.status_code == 404
    assert "not valid any more" in response.content.decode()
