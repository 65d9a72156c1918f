"""The first wall alone: `visible_to` keeps tenants apart even where the database would not."""

from __future__ import annotations

import pytest

from accounts.models import Event
from accounts.viewer import Viewer
from tests.walls import two_tenants
from tests.walls.two_tenants import Tenants
from tickets.models import Attachment, Entry, Ticket

pytestmark = pytest.mark.django_db

# The test's own role is the engine's, which may see every row: only the filters hold here.
READS = [Ticket, Entry, Attachment, Event]


@pytest.fixture
def tenants(db: None) -> Tenants:
    return two_tenants.make()


@pytest.mark.parametrize("model", READS)
def test_the_filter_alone_hides_the_other_tenant(model: type, tenants: Tenants) -> None:
    assert model.objects.filter(organization=tenants.theirs).exists()
    seen = model.objects.visible_to(Viewer.of(tenants.me))
    assert {row.organization_id for row in seen} == {tenants.mine.pk}


def test_the_filter_alone_hides_notes_and_internal_events(tenants: Tenants) -> None:
    me = Viewer.of(tenants.me)
    assert not Entry.objects.visible_to(me).filter(kind="note").exists()
    assert not Event.objects.visible_to(me).filter(internal=True).exists()


@pytest.mark.parametrize("model", READS)
def test_a_person_without_an_organization_sees_nothing(model: type, tenants: Tenants) -> None:
    assert not model.objects.visible_to(Viewer(user=tenants.me)).exists()
