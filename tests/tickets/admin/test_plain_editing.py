"""Unfold's pages: who may edit what, that it is recorded, and what a list costs."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.forms import CheckboxInput
from django.urls import reverse

from accounts import invitations
from accounts.access import Role
from accounts.models import ContactMethod, Deadline, Delivery, Event, Membership, Organization, User
from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tests.tickets.admin.queries import page_queries
from tickets.models import Roster
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db

LISTS = sorted(f"{m._meta.app_label}_{m._meta.model_name}" for m in admin.site._registry)
NO_MEMBERS = {
    "peaks_of_its_own-TOTAL_FORMS": "0",
    "peaks_of_its_own-INITIAL_FORMS": "0",
    "membership_set-TOTAL_FORMS": "0",
    "membership_set-INITIAL_FORMS": "0",
}


def changelist(name: str) -> str:
    return reverse(f"admin:{name}_changelist")


def fill(page: Any) -> dict[str, Any]:
    """What a browser would send back from a change page as it stands."""
    forms = [page.context["adminform"].form]
    for wrapped in page.context["inline_admin_formsets"]:
        forms += [wrapped.formset.management_form, *wrapped.formset.forms]
    sent = {}
    for bound in (bound for form in forms for bound in form):
        value = bound.value()
        if isinstance(bound.field.widget, CheckboxInput):
            value = "on" if value else None
        elif isinstance(bound.field, SimpleArrayField):
            value = bound.field.prepare_value(value)
        if value is not None:
            sent[bound.html_name] = value
    return sent


def test_a_roster_is_edited_in_one_place(cast: SimpleNamespace, browser_of: Any) -> None:
    roster = Roster.objects.earliest("pk")
    manager = browser_of(cast.lead)
    address = f"/admin/tickets/roster/{roster.pk}/change/"
    page = manager.get(address).content.decode()
    assert reverse("admin:roster_layers", args=[roster.pk]) in page
    assert "drill_minutes" not in page
    assert manager.post(address, {"name": "Mine", "drill_minutes": "1"}).status_code == 403
    roster.refresh_from_db()
    assert (roster.name, roster.drill_minutes) != ("Mine", 1)


def test_only_our_own_tables_have_pages() -> None:
    assert LISTS == [
        *("accounts_deadline", "accounts_delivery", "accounts_event", "accounts_organization"),
        *("accounts_user", "knowledge_category", "knowledge_errorcode", "knowledge_product"),
        *("knowledge_release", "tickets_ladder", "tickets_roster", "tickets_team"),
    ]


@pytest.mark.parametrize("name", LISTS)
def test_engineers_look_and_managers_edit(
    name: str, cast: SimpleNamespace, browser_of: Any
) -> None:
    factories.ticket(cast.developer, severity=Severity.URGENT)
    engineer, manager = browser_of(cast.engineer), browser_of(cast.lead)
    assert engineer.get(changelist(name)).status_code == 200
    by_all = {"knowledge_category", "knowledge_errorcode", "knowledge_release"}
    can_add = by_all | {
        *("accounts_organization", "knowledge_product", "tickets_ladder", "tickets_team"),
    }
    expected = 200 if name in by_all else 403
    assert engineer.get(reverse(f"admin:{name}_add")).status_code == expected
    assert (manager.get(reverse(f"admin:{name}_add")).status_code == 200) == (name in can_add)


def test_an_engineer_cannot_change_an_organization(cast: SimpleNamespace, browser_of: Any) -> None:
    address = reverse("admin:accounts_organization_change", args=[cast.star.pk])
    engineer = browser_of(cast.engineer)
    assert engineer.get(address).status_code == 200
    assert engineer.post(address, {"name": "Mine"} | NO_MEMBERS).status_code == 403


def test_a_change_is_recorded_with_who_and_what(cast: SimpleNamespace, browser_of: Any) -> None:
    address = reverse("admin:accounts_organization_change", args=[cast.star.pk])
    manager = browser_of(cast.lead)
    sent = fill(manager.get(address)) | {"plan": "enterprise"}
    assert manager.post(address, sent).status_code == 302
    cast.star.refresh_from_db()
    assert (cast.star.plan, cast.star.key) == ("enterprise", "STAR")
    event = Event.objects.get(verb="organization.changed")
    assert (event.actor, event.organization, event.data["fields"]) == (
        cast.lead,
        cast.star,
        ["plan"],
    )
    assert event.internal


def test_the_prefix_of_numbers_stays(cast: SimpleNamespace, browser_of: Any) -> None:
    address = reverse("admin:accounts_organization_change", args=[cast.star.pk])
    manager = browser_of(cast.lead)
    manager.post(address, fill(manager.get(address)) | {"key": "OTHER"})
    cast.star.refresh_from_db()
    assert cast.star.key == "STAR"


def test_the_last_owner_cannot_be_taken_away(cast: SimpleNamespace, browser_of: Any) -> None:
    address = reverse("admin:accounts_organization_change", args=[cast.star.pk])
    manager = browser_of(cast.lead)
    sent = fill(manager.get(address))
    for name, value in sent.items():
        if name.endswith("-role") and value == Role.OWNER:
            sent[name] = Role.VIEWER
    answer = manager.post(address, sent)
    assert "The last owner stays" in answer.content.decode()
    assert Membership.objects.filter(organization=cast.star, role=Role.OWNER).exists()
    assert not Event.objects.filter(verb="member.role_changed").exists()


def test_an_admin_made_a_viewer_loses_their_invitations(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    invitation = invitations.invite(
        organization=cast.star,
        by=Viewer.of(cast.admin),
        email="private@home.example",
        role="admin",
        now=NOON,
    )
    change_roles(browser_of(cast.lead), cast.star, {"admin": "viewer"})
    event = Event.objects.get(verb="member.role_changed")
    assert (event.actor, event.subject) == (cast.lead, f"member/{cast.admin.pk}")
    invitation.refresh_from_db()
    assert invitation.revoked_at is not None


def test_an_owner_hands_over_in_one_step(cast: SimpleNamespace, browser_of: Any) -> None:
    change_roles(browser_of(cast.lead), cast.star, {"owner": "admin", "admin": "owner"})
    assert Membership.objects.get(user=cast.owner).role == Role.ADMIN
    assert Membership.objects.get(user=cast.admin).role == Role.OWNER


def test_members_are_neither_swapped_nor_removed_nor_added(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    address = reverse("admin:accounts_organization_change", args=[cast.star.pk])
    manager = browser_of(cast.lead)
    sent = fill(manager.get(address))
    before = set(cast.star.membership_set.values_list("pk", "user"))
    sent |= {
        "membership_set-0-user": cast.stranger.pk,
        "membership_set-1-DELETE": "on",
        "membership_set-TOTAL_FORMS": str(len(before) + 1),
        f"membership_set-{len(before)}-user": cast.former.pk,
        f"membership_set-{len(before)}-role": "owner",
    }
    assert manager.post(address, sent).status_code == 302
    assert set(cast.star.membership_set.values_list("pk", "user")) == before


def test_a_customer_without_members_gets_the_first(cast: SimpleNamespace, browser_of: Any) -> None:
    new = factories.organization("Meshwork", key="MESH")
    address = reverse("admin:accounts_organization_change", args=[new.pk])
    manager = browser_of(cast.lead)
    first = {"membership_set-0-user": cast.former.pk, "membership_set-0-role": "owner"}
    sent = fill(manager.get(address)) | first | {"membership_set-TOTAL_FORMS": "1"}
    assert manager.post(address, sent).status_code == 302
    assert new.membership_set.get().user == cast.former
    assert Event.objects.get(verb="member.added").organization == new


def change_roles(manager: Any, organization: Organization, swaps: dict[str, str]) -> None:
    """Have every member of a role take another, as the page sends it."""
    address = reverse("admin:accounts_organization_change", args=[organization.pk])
    sent = fill(manager.get(address))
    for name, value in sent.items():
        if name.endswith("-role"):
            sent[name] = swaps.get(value, value)
    assert manager.post(address, sent).status_code == 302


def test_an_organization_can_be_added(cast: SimpleNamespace, browser_of: Any) -> None:
    manager = browser_of(cast.lead)
    address = reverse("admin:accounts_organization_add")
    sent = {"name": "Meshwork", "slug": "meshwork", "key": "MESH", "plan": "trial"}
    sent["time_zone"] = "Europe/Berlin"
    assert manager.post(address, sent | NO_MEMBERS).status_code == 302
    assert Event.objects.get(verb="organization.added").data["fields"]
    wrong = manager.post(address, sent | NO_MEMBERS | {"key": "mesh!"})
    assert "2 to 6 capital letters or digits." in wrong.content.decode()


@pytest.mark.parametrize("field", ["is_staff", "password", "email", "is_superuser"])
def test_nobody_is_made_staff_or_given_a_password(
    field: str, cast: SimpleNamespace, browser_of: Any
) -> None:
    address = reverse("admin:accounts_user_change", args=[cast.developer.pk])
    manager = browser_of(cast.lead)
    before = User.objects.get(pk=cast.developer.pk)
    sent = fill(manager.get(address)) | {field: "on"}
    assert manager.post(address, sent).status_code == 302
    after = User.objects.get(pk=cast.developer.pk)
    for name in ("is_staff", "password", "email", "is_superuser"):
        assert getattr(after, name) == getattr(before, name)


def test_a_person_gets_a_name_a_zone_and_loses_the_login(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    address = reverse("admin:accounts_user_change", args=[cast.developer.pk])
    manager = browser_of(cast.lead)
    sent = fill(manager.get(address)) | {"name": "Bo", "time_zone": "Asia/Shanghai"}
    sent.pop("is_active")
    manager.post(address, sent)
    person = User.objects.get(pk=cast.developer.pk)
    changed = (person.name, person.time_zone, person.is_active)
    assert changed == ("Bo", "Asia/Shanghai", False)
    wrong = manager.post(address, sent | {"time_zone": "Moon/Base"})
    assert "is not a time zone" in wrong.content.decode()


def test_contact_methods_are_for_managers_and_oneself(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    ContactMethod.objects.create(user=cast.second, kind="phone", address="secret-number")
    address = reverse("admin:accounts_user_change", args=[cast.second.pk])
    shown = {
        person.name: "secret-number" in browser_of(person).get(address).content.decode()
        for person in (cast.engineer, cast.second, cast.lead)
    }
    assert shown == {"Zhao Min": False, "Li Wei": True, "Chen Yu": True}


def test_a_manager_sets_level_and_contact_methods(cast: SimpleNamespace, browser_of: Any) -> None:
    address = reverse("admin:accounts_user_change", args=[cast.engineer.pk])
    manager = browser_of(cast.lead)
    sent = fill(manager.get(address)) | {"staff_profile-0-level": "L3"}
    sent |= {"contact_methods-0-address": "no address"}
    assert "valid e-mail" in manager.post(address, sent).content.decode()
    sent |= {"contact_methods-0-address": "zhao@phone.example"}
    assert "only verified way" in manager.post(address, sent).content.decode()
    sent |= {
        "contact_methods-0-address": "zhao@vigil.example",
        "contact_methods-0-delay_seconds": "60",
    }
    assert manager.post(address, sent).status_code == 302
    cast.engineer.staff_profile.refresh_from_db()
    assert cast.engineer.staff_profile.level == "L3"
    assert cast.engineer.contact_methods.get().delay_seconds == 60
    assert Event.objects.get(verb="user.changed").data["fields"] == [
        "staff_profile",
        "contact_methods",
    ]


def failed_delivery(organization: Organization) -> Delivery:
    """Staff see deliveries about a customer; mail about logins is nobody's to read."""
    return Delivery.objects.create(
        organization=organization,
        kind="page",
        key="page:1",
        subject="escalation/1",
        channel="email",
        address="secret-address",
        payload={"text": "secret-text"},
        due_at=NOON,
        claimable_at=NOON,
        attempts=9,
        last_error="refused",
        failed_at=NOON,
    )


def test_a_manager_has_quarantine_tried_again(cast: SimpleNamespace, browser_of: Any) -> None:
    delivery = failed_delivery(cast.star)
    deadline = Deadline.objects.create(
        kind="x", key="x", subject="x", due_at=NOON, claimable_at=NOON, failed_at=NOON, attempts=5
    )
    for row, name in ((delivery, "accounts_delivery"), (deadline, "accounts_deadline")):
        sent = {"action": "try_again", "_selected_action": [row.pk]}
        browser_of(cast.engineer).post(changelist(name), sent)
        row.refresh_from_db()
        assert row.failed_at is not None
        browser_of(cast.lead).post(changelist(name), sent)
        row.refresh_from_db()
        assert (row.failed_at, row.attempts) == (None, 0)
    assert Event.objects.filter(verb="delivery.retried").count() == 1
    answer = browser_of(cast.lead).post(
        changelist("accounts_delivery"),
        {"action": "try_again", "_selected_action": [delivery.pk]},
        follow=True,
    )
    assert "no longer in quarantine" in answer.content.decode()


def test_quarantine_shows_the_error_and_no_secret(cast: SimpleNamespace, browser_of: Any) -> None:
    delivery = failed_delivery(cast.star)
    manager = browser_of(cast.lead)
    listed = manager.get(changelist("accounts_delivery") + "?condition=quarantine")
    detail = manager.get(reverse("admin:accounts_delivery_change", args=[delivery.pk]))
    assert "escalation/1" in listed.content.decode()
    assert "refused" in detail.content.decode()
    for page in (listed, detail):
        assert "secret" not in page.content.decode()


@pytest.mark.parametrize("name", ["accounts_event", "accounts_deadline", "accounts_delivery"])
def test_the_record_is_only_to_look_at(name: str, cast: SimpleNamespace, browser_of: Any) -> None:
    factories.ticket(cast.developer, severity=Severity.URGENT)
    failed_delivery(cast.star)
    model = next(m for m in admin.site._registry if m._meta.label_lower == name.replace("_", "."))
    row = model._default_manager.first()
    assert row is not None
    manager = browser_of(cast.lead)
    assert manager.get(reverse(f"admin:{name}_change", args=[row.pk])).status_code == 200
    assert manager.post(reverse(f"admin:{name}_change", args=[row.pk]), {}).status_code == 403
    assert manager.post(reverse(f"admin:{name}_delete", args=[row.pk]), {}).status_code == 403


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_the_same_however_long_it_is(
    name: str, cast: SimpleNamespace, browser_of: Any
) -> None:
    manager = browser_of(cast.lead)

    def cost() -> int:
        with page_queries() as queries:
            assert manager.get(changelist(name)).status_code == 200
        return len(queries)

    def more(number: int) -> None:
        organization = factories.organization(dedicated_contact=cast.second)
        factories.ticket(factories.member(organization), severity=Severity.URGENT)
        factories.product(f"product{number}")
        factories.team(cast.engineer, name=f"Team {number}", is_default=False)
        at = NOON + dt.timedelta(seconds=number)
        Delivery.objects.create(
            kind="page", key=str(number), subject="x", due_at=at, claimable_at=at, channel="email",
            organization=organization,
        )  # fmt: skip

    more(1)
    cost()  # the first request also notes that the session is in use
    before = cost()
    for number in range(2, 6):
        more(number)
    assert cost() == before
    assert before <= 12
