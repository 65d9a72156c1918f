"""Hiring and letting go."""

from __future__ import annotations

from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command

from accounts import invitations, staffing
from accounts.models import Event, Membership, User
from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import Viewer
from tests.factories import NOON
from tests.letterbox import letters_to, link_in

pytestmark = pytest.mark.django_db
NEW = "new@vigil.example"


def hire(by: User, **fields: Any) -> User:
    values = {"email": NEW, "name": "Nia New", "level": "L1", "now": NOON} | fields
    with acting_as(DatabaseRole.STAFF, user_id=by.pk):
        return staffing.hire(by=Viewer.of(by), **values)


def test_a_manager_hires_and_the_newcomer_chooses_the_password(
    cast: SimpleNamespace, client: Any
) -> None:
    user = hire(cast.lead)
    assert not user.has_usable_password()
    assert Viewer.of(user).is_person_of_staff
    form = client.get(link_in(letters_to(NEW)[0]), follow=True)
    path = form.redirect_chain[-1][0]
    client.post(path, {"password1": "a long phrase 9", "password2": "a long phrase 9"})
    response = client.post("/accounts/login/", {"login": NEW, "password": "a long phrase 9"})
    assert response["Location"] == "/admin/queue/"
    assert Event.objects.get(verb="staff.hired").internal


def test_an_engineer_does_not_hire(cast: SimpleNamespace) -> None:
    with pytest.raises(PermissionDenied):
        hire(cast.engineer)


@pytest.mark.parametrize(
    "wrong",
    [{"email": "none"}, {"email": "zhao@vigil.example"}, {"name": " "}, {"level": "L9"}],
)
def test_wrong_details_are_refused_at_their_field(
    cast: SimpleNamespace, wrong: dict[str, str]
) -> None:
    with pytest.raises(ValidationError) as refusal:
        hire(cast.lead, **wrong)
    assert list(refusal.value.message_dict) == list(wrong)


def test_nobody_deactivates_themselves(cast: SimpleNamespace) -> None:
    with pytest.raises(ValidationError, match="another manager"):
        staffing.deactivate(user=cast.lead, by=Viewer.of(cast.lead), now=NOON)


def test_the_first_manager_is_made_by_command(db: None) -> None:
    out = StringIO()
    call_command(
        "create_staff", "Boss@Vigil.example", "--name", "The Boss", "--level", "lead", "--manager",
        stdout=out,
    )  # fmt: skip
    boss = User.objects.get(email="boss@vigil.example")
    assert boss.staff_profile.is_manager
    assert letters_to("boss@vigil.example")
    with pytest.raises(CommandError, match="already"):
        call_command("create_staff", boss.email, "--name", "Twin", "--level", "L1", stdout=out)


def test_taking_the_login_away_in_the_admin_ends_everything(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    manager, theirs = browser_of(cast.lead), browser_of(cast.owner)
    form = {"name": "Olivia Owner", "language": "en", "time_zone": "UTC"}
    answer = manager.post(f"/admin/accounts/user/{cast.owner.pk}/change/", form)
    assert answer.status_code == 302
    assert not User.objects.get(pk=cast.owner.pk).has_usable_password()
    assert theirs.get("/team/")["Location"].startswith("/accounts/login/")
    assert Event.objects.filter(verb="person.deactivated", subject=f"person/{cast.owner.pk}")


def test_who_is_let_go_takes_their_invitations_along_and_it_is_told(
    cast: SimpleNamespace,
) -> None:
    invitation = invitations.invite(
        organization=cast.star,
        by=Viewer.of(cast.admin),
        email="private@home.example",
        role="admin",
        now=NOON,
    )
    with acting_as(DatabaseRole.STAFF, user_id=cast.lead.pk):
        staffing.deactivate(user=cast.admin, by=Viewer.of(cast.lead), now=NOON)
    invitation.refresh_from_db()
    assert invitation.revoked_at == NOON
    assert not Membership.objects.filter(user=cast.admin).exists()
    event = Event.objects.get(verb="member.removed")
    assert (event.organization, event.actor, event.subject) == (
        cast.star,
        cast.lead,
        f"member/{cast.admin.pk}",
    )
    assert "last_owner" not in event.data


def test_the_last_owner_is_let_go_too_and_the_record_says_so(cast: SimpleNamespace) -> None:
    with acting_as(DatabaseRole.STAFF, user_id=cast.lead.pk):
        staffing.deactivate(user=cast.owner, by=Viewer.of(cast.lead), now=NOON)
    assert not Membership.objects.filter(user=cast.owner).exists()
    assert Event.objects.get(verb="member.removed").data["last_owner"] is True


def test_managers_do_not_lock_themselves_out_in_the_admin(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    form = {"name": "Chen Yu", "language": "en", "time_zone": "UTC"}
    formsets = {
        f"{prefix}-{name}_FORMS": str(count)
        for prefix, rows in (("staff_profile", 0), ("contact_methods", 0))
        for name, count in (("TOTAL", rows), ("INITIAL", rows))
    }
    answer = browser_of(cast.lead).post(
        f"/admin/accounts/user/{cast.lead.pk}/change/", form | formsets
    )
    assert answer.status_code == 200
    assert "Nobody lets themselves go" in answer.content.decode()
