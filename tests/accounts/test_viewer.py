"""Who somebody is, as the database has it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from accounts.access import Role, StaffRole
from accounts.models import Membership, StaffProfile
from accounts.viewer import SYSTEM, Viewer

pytestmark = pytest.mark.django_db


def test_a_member_has_a_role_in_each_of_their_organizations(cast: SimpleNamespace) -> None:
    Membership.objects.create(organization=cast.bright, user=cast.developer, role=Role.VIEWER)
    viewer = Viewer.of(cast.developer)
    assert viewer.roles == {cast.star.pk: "developer", cast.bright.pk: "viewer"}
    assert (viewer.is_staff, viewer.staff_role) == (False, None)


def test_staff_have_their_level_and_no_organization(cast: SimpleNamespace) -> None:
    Membership.objects.create(organization=cast.star, user=cast.engineer, role=Role.OWNER)
    viewer = Viewer.of(cast.engineer)
    assert (viewer.staff_role, viewer.level, viewer.roles) == (StaffRole.ENGINEER, "L2", {})
    assert Viewer.of(cast.lead).staff_role == StaffRole.MANAGER


def test_staff_without_a_profile_and_people_locked_out_are_nobody(cast: SimpleNamespace) -> None:
    StaffProfile.objects.filter(user=cast.engineer).delete()
    cast.engineer.refresh_from_db()
    cast.developer.is_active = cast.lead.is_active = False
    for person in (cast.engineer, cast.developer, cast.lead, cast.former):
        viewer = Viewer.of(person)
        assert (viewer.is_staff, viewer.is_person_of_staff, viewer.roles) == (False, False, {})


def test_the_system_is_staff_but_no_person(db: None) -> None:
    assert (SYSTEM.is_staff, SYSTEM.is_person_of_staff, SYSTEM.name) == (True, False, "")


def test_a_viewer_is_one_query(cast: SimpleNamespace, django_assert_num_queries: object) -> None:
    person = type(cast.developer).objects.get(pk=cast.developer.pk)
    staff = type(cast.engineer).objects.get(pk=cast.engineer.pk)
    for somebody in (person, staff):
        with django_assert_num_queries(1):  # type: ignore[operator]
            Viewer.of(somebody)
