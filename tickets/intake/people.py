"""Whom we know at an address: members and staff, by addresses they have proven to be theirs."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from allauth.account.models import EmailAddress
from django.db.models import Count

from accounts import access
from accounts.models import Membership, Organization, User
from accounts.viewer import Viewer
from tickets.intake.letter import Letter
from tickets.models import BouncedAddress, Inbound, Ticket

WINDOW: Final = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Known:
    """A person who may log in, with their organizations by key."""

    user: User
    viewer: Viewer
    organizations: dict[int, Organization]

    @property
    def is_staff(self) -> bool:
        return self.viewer.is_person_of_staff

    def may(self, verb: str, organization_id: int) -> bool:
        return access.allows(self.viewer, verb, organization_id)

    @property
    def writes_for(self) -> list[Organization]:
        """The organizations in which they may open a ticket."""
        return [one for key, one in self.organizations.items() if self.may("ticket.open", key)]


@dataclass(slots=True)
class Around:
    """What is known around some mails. By sender: who that is, how many mails came from there in
    the last hour, whether our own mail there has bounced. And the tickets of the reply addresses.
    """

    known: dict[str, Known] = field(default_factory=dict)
    bounced: set[str] = field(default_factory=set)
    tickets: dict[int, Ticket] = field(default_factory=dict)
    recent: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def around(letters: Iterable[Letter], *, now: dt.datetime) -> Around:
    """For all of these mails at once, in at most five queries; in the engine's role."""
    letters = list(letters)
    addresses = {one.sender for one in letters if one.sender}
    invited = {one.ticket_id for letter in letters for one in letter.addressed.invited}
    rows = EmailAddress.objects.filter(
        email__in=addresses, verified=True, user__is_active=True
    ).select_related("user__staff_profile")
    people: dict[str, User] = {row.email.lower(): row.user for row in rows}
    memberships: dict[int, list[Membership]] = defaultdict(list)
    of_customers = [user.pk for user in people.values() if not user.is_staff]
    for one in Membership.objects.filter(user__in=of_customers).select_related("organization"):
        memberships[one.user_id].append(one)
    known = {}
    for address, user in people.items():
        own = memberships[user.pk]
        viewer = Viewer.of(user, own)
        known[address] = Known(user, viewer, {one.organization_id: one.organization for one in own})
    counted = (
        Inbound.objects.filter(sender__in=addresses, received_at__gt=now - WINDOW)
        .values_list("sender")
        .annotate(Count("pk"))
        .order_by()
    )
    bounced = BouncedAddress.objects.filter(address__in=addresses).values_list("address", flat=True)
    tickets = Ticket.objects.select_related("organization").in_bulk(invited) if invited else {}
    return Around(known, set(bounced), tickets, defaultdict(int, dict(counted)))
