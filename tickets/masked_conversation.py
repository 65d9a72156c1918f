"""What was said in a ticket, without whose it is: to write an article beside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from accounts.models import Membership, User
from accounts.viewer import Viewer
from knowledge.introduced_names import introduced
from knowledge.masking import Known, mask
from tickets.models import Entry, Ticket

_MOST: Final = 200  # messages shown, the newest left out
# Of mail for everybody: no customer's own.
_COMMON: Final = frozenset(
    "gmail.com googlemail.com outlook.com hotmail.com live.com yahoo.com icloud.com me.com"
    " proton.me protonmail.com gmx.de gmx.net qq.com foxmail.com 163.com 126.com yeah.net"
    " sina.com sina.cn sohu.com aliyun.com 139.com".split()
)


@dataclass(frozen=True, slots=True)
class MaskedMessage:
    by_staff: bool
    body: str


@dataclass(frozen=True, slots=True)
class MaskedConversation:
    reference: str
    subject: str
    messages: list[MaskedMessage]
    known: Known


def masked_conversation(viewer: Viewer, ticket: Ticket) -> MaskedConversation:
    """Replies of that ticket, notes left out, what belongs to the customer masked: three queries.

    So are the names of people, on both sides and in both scripts: an article is nobody's.
    `ticket` has its organization. What a mail quoted or signed is left out, too.
    """
    entries = list(
        Entry.objects.visible_to(viewer)
        .filter(ticket=ticket, kind=Entry.Kind.REPLY)
        .only("author_name", "by_staff", "body")
        .order_by("at", "pk")[:_MOST]
    )
    said = [ticket.subject, *(entry.body for entry in entries)]
    known = known_of(ticket, [entry.author_name for entry in entries], guessed=introduced(said))
    return MaskedConversation(
        reference=ticket.reference,
        subject=mask(ticket.subject, known, language=ticket.language),
        messages=[
            MaskedMessage(entry.by_staff, mask(entry.body, known, language=ticket.language))
            for entry in entries
        ],
        known=known,
    )


def known_of(ticket: Ticket, people: Iterable[str], *, guessed: Iterable[str] = ()) -> Known:
    """Names, customers and domains a ticket knows: a query for the members, one for colleagues.

    `people` took part in it; `guessed` seem to be named in it.
    """
    organization = ticket.organization
    named = {ticket.reporter_name, *people}
    customers = {organization.name}
    members = Membership.objects.filter(organization=organization)
    for name, email in members.values_list("user__name", "user__email"):
        named.add(name)
        domain = email.rpartition("@")[2].lower()
        if domain and domain not in _COMMON:
            customers.add(domain)
    colleagues = User.objects.filter(is_staff=True).values_list("name", flat=True)
    return Known(
        people=tuple(sorted(filter(None, named))),
        whole_names=tuple(sorted({*filter(None, colleagues), *guessed})),
        customers=tuple(sorted(customers)),
        ticket_keys=(organization.key,),
    )
