"""Case 4: a public mail domain cannot be a tenant's, because no domain is."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from accounts.access import Role
from accounts.models import Membership, Organization
from tests import factories


def test_an_organization_has_no_domain_to_claim() -> None:
    assert [field.name for field in Organization._meta.fields if "domain" in field.name] == []


@pytest.mark.django_db
def test_sharing_a_mail_provider_with_a_member_means_nothing(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    factories.member(cast.star, Role.OWNER, "Olga", email="olga@gmail.com")
    other = factories.user("Somebody", email="somebody@gmail.com")
    assert "Olga" not in browser_of(other).get("/team/").content.decode()
    assert not Membership.objects.filter(user=other).exists()
