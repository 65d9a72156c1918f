"""One problem, one ticket: join two that came in by different ways, and split them again.

The joined ticket's messages move to the kept one and remember where they were written; its
number leads there from then on. Of the promises of each kind the stricter stays, the severity
becomes the higher one, and whoever is being rung is rung for the kept ticket. A split puts all
of that back, as if there had been no join: only that the kept ticket keeps its owner, and waits
for the customer no more if it did. What was written meanwhile stays where it was written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import access, agenda, events
from accounts.viewer import Viewer
from tickets import (
    engine_requests,
    handover,
    holdings,
    joined_promises,
    lifecycle,
    promises,
    severity,
    silence,
    ticket_articles,
)
from tickets.chats import hints
from tickets.lifecycle.ending import CLOSES_AFTER
from tickets.models import (
    AgreedDate,
    Attachment,
    Call,
    Chat,
    Entry,
    Escalation,
    Follower,
    Join,
    Ticket,
)
from tickets.models.promise import PauseReason
from tickets.models.ticket import Severity, State


@transaction.atomic
def join(*, kept: Ticket, joined: Ticket, by: Viewer, now: dt.datetime) -> Join:
    """Make `joined` part of `kept`; both of one customer, `kept` not solved.

    `ValidationError` with a sentence for people when they cannot be one. Joining is no answer:
    nobody's clock is met by it.
    """
    access.require(by, "ticket.join", kept.organization_id)
    kept, joined = _both_locked(kept, joined)
    _refuse_impossible(kept, joined)
    if by.user is None:
        raise ValueError("Only a person says that two tickets are about the same.")
    rings_for = _what_rings(joined)
    passing = handover.open_for(joined, now)
    before = joined.state
    joined.state = State.JOINED
    joined.updated_at = now
    joined.save(update_fields=["state", "updated_at"])
    if before in (State.NEW, State.OPEN) and kept.state == State.WAITING:
        kept.state = State.OPEN
    elif before == State.OPEN and kept.state == State.NEW:
        kept.state = State.OPEN
    kept.owner = kept.owner or joined.owner
    kept.updated_at = now
    kept.save(update_fields=["state", "owner", "updated_at"])
    row = Join.objects.create(
        organization_id=kept.organization_id,
        kept=kept,
        joined=joined,
        by=by.user,
        by_name=by.name,
        at=now,
        state_before=before,
        open_before=joined_promises.take_over(kept, joined, by=by, now=now),
    )
    severity.take_over(kept, joined, by=by, now=now)
    promises.end_agreed_date(joined, AgreedDate.Ending.ENDED, now=now)
    promises.weigh_pauses(kept, by=by, now=now)
    holdings.record(kept, kept.owner, by, now)
    if passing is not None:
        handover.go_on_in(kept, passing, now=now)
    agenda.strike(subject=joined.event_subject, kind="ticket.close", now=now)
    _move_messages(joined, kept, origin=joined)
    _follow_too(joined, kept, now=now)
    ticket_articles.same_links(kept, joined)
    engine_requests.silence(joined, now=now, key=f"joined:{row.pk}")
    if rings_for is not None:
        reason, level = rings_for
        engine_requests.ring(kept, reason=str(reason), now=now, level=level)
    engine_requests.listen(kept, now=now)
    event = events.record(
        verb="ticket.joined",
        subject=kept.event_subject,
        by=by,
        at=now,
        organization_id=kept.organization_id,
        join=row.pk,
        joined=joined.reference,
    )
    engine_requests.announce(kept, event.pk, now=now)
    return row


@transaction.atomic
def split(*, ticket: Ticket, by: Viewer, now: dt.datetime) -> Ticket:
    """Make a joined ticket one of its own again, with its messages, state and promises."""
    access.require(by, "ticket.join", ticket.organization_id)
    row = Join.objects.select_related("kept").filter(joined=ticket, **STANDING).first()
    if row is None:
        raise ValidationError(_("This ticket is not part of another one any more."))
    kept, ticket = _both_locked(row.kept, ticket)
    ended = Join.objects.filter(pk=row.pk, **STANDING)
    if not ended.update(ended_by=by.user, ended_by_name=by.name, ended_at=now):
        raise ValidationError(_("This ticket is not part of another one any more."))
    answered_at = joined_promises.last_answer(kept, row.at)
    _move_back(ticket, kept)
    ticket = _as_before(ticket, row, answered_at=answered_at, by=by, now=now)
    if ticket.is_unsolved:
        _owe_again(ticket, [row], answered_at=answered_at, by=by, now=now)
    if kept.is_unsolved:
        since = severity.give_back(kept, ticket, by=by, now=now) or row.at
        ended = Join.objects.filter(kept=kept, ended_at__isnull=False, at__gte=since)
        rows = [row, *ended.exclude(pk=row.pk)]
        rows.sort(key=lambda one: one.at, reverse=True)
        # What was said in the chat of the other one has gone back, and answered that.
        answered_at = joined_promises.last_answer(kept, row.at)
        _owe_again(kept, rows, answered_at=answered_at, by=by, now=now)
        joined_promises.end_what_only_the_join_promised(kept, by=by, now=now)
        if joined_promises.are_below_severity(kept):
            promises.regrade(kept, by=by, now=now, consented=False)
    if ticket.severity == Severity.URGENT and promises.owes_answer(ticket):
        engine_requests.ring(ticket, reason=str(Escalation.Reason.URGENT), now=now)
    if ticket.state == State.RESOLVED:
        agenda.schedule(
            kind="ticket.close",
            key=f"close:{ticket.pk}:split:{row.pk}",
            due_at=now + CLOSES_AFTER,
            subject=ticket.event_subject,
            organization_id=ticket.organization_id,
            ticket=ticket.pk,
        )
    event = events.record(
        verb="ticket.split",
        subject=kept.event_subject,
        by=by,
        at=now,
        organization_id=kept.organization_id,
        join=row.pk,
        joined=ticket.reference,
    )
    engine_requests.announce(kept, event.pk, now=now)
    return ticket


@transaction.atomic
def decline(*, kept: Ticket, joined: Ticket, by: Viewer, now: dt.datetime) -> None:
    """Say that two tickets are not about the same; twice changes nothing. Proposed no more."""
    access.require(by, "ticket.join", kept.organization_id)
    kept, joined = _both_locked(kept, joined)
    if kept.organization_id != joined.organization_id or by.user is None:
        raise ValidationError(_("Only tickets of one customer can be joined."))
    if Join.objects.filter(kept=kept, joined=joined, declined=True).exists():
        return
    Join.objects.create(
        organization_id=kept.organization_id,
        kept=kept,
        joined=joined,
        declined=True,
        by=by.user,
        by_name=by.name,
        at=now,
    )
    events.record(
        verb="ticket.join_declined",
        subject=kept.event_subject,
        by=by,
        at=now,
        organization_id=kept.organization_id,
        internal=True,
        joined=joined.reference,
    )


def _as_before(
    ticket: Ticket, row: Join, *, answered_at: dt.datetime | None, by: Viewer, now: dt.datetime
) -> Ticket:
    """In the state it was in, unless somebody has written since; its messages are back already.

    Who wrote in its chat, which went on, is heard from: then it waits for them no more, and is
    solved no more.
    """
    replies = Entry.objects.filter(ticket=ticket, kind=Entry.Kind.REPLY, at__gt=row.at)
    is_heard_from = replies.filter(by_staff=False).exists()
    ticket.state = row.state_before
    if answered_at and ticket.state == State.NEW:
        ticket.state = State.OPEN
    elif is_heard_from and ticket.state == State.WAITING:
        ticket.state = State.OPEN
    ticket.updated_at = now
    ticket.save(update_fields=["state", "updated_at"])
    if is_heard_from and not ticket.is_unsolved:
        return lifecycle.reopen(ticket=ticket, by=by, now=now)
    return ticket


def _owe_again(
    side: Ticket,
    joins: Sequence[Join],
    *,
    answered_at: dt.datetime | None,
    by: Viewer,
    now: dt.datetime,
) -> None:
    """Give a side back what it owed and waited for before these joins, the last one first."""
    agreed = None
    for join in joins:
        is_kept = side.pk == join.kept_id
        agreed = promises.agree_again(side, ended_at=join.at, now=now) or agreed
        waits_for = promises.waits_for(side)
        if is_kept:  # if it waits for the customer, then for a question asked since
            waits_for.discard(PauseReason.CUSTOMER)
        joined_promises.give_back(
            side,
            join.open_before["kept" if is_kept else "joined"],
            since=join.at,
            lent_to=join.kept,
            waits_for=waits_for,
            answered_at=answered_at,
            by=by,
            now=now,
        )
    if agreed is not None and agreed.until <= now:
        promises.end_agreed_date(side, AgreedDate.Ending.REACHED, now=agreed.until)
        promises.weigh_pauses(side, by=by, now=agreed.until)
    promises.weigh_pauses(side, by=by, now=now)
    engine_requests.listen(side, now=now)


STANDING = {"declined": False, "ended_at": None}


def current(ticket: Ticket) -> Ticket:
    """The ticket to go on in: the one it has become part of, or itself. One query if joined."""
    if ticket.state != State.JOINED:
        return ticket
    row = Join.objects.filter(joined=ticket, **STANDING).select_related(
        "kept__organization", "kept__product"
    )
    found = row.first()
    return found.kept if found else ticket


def has_parts(ticket: Ticket) -> bool:
    """Whether other tickets are part of this one."""
    return Join.objects.filter(kept=ticket, **STANDING).exists()


def _both_locked(one: Ticket, other: Ticket) -> tuple[Ticket, Ticket]:
    """Both, locked in the order of their keys, so that two engineers cannot block each other.

    What belongs to them (chats, calls, handovers) is locked and moved after that, as everywhere.
    """
    if one.pk == other.pk:
        raise ValidationError(_("A ticket cannot be joined to itself."))
    locked = {ticket.pk: lifecycle.locked(ticket) for ticket in sorted((one, other), key=_key)}
    return locked[one.pk], locked[other.pk]


def _key(ticket: Ticket) -> int:
    return ticket.pk


def _refuse_impossible(kept: Ticket, joined: Ticket) -> None:
    names = {"kept": kept.reference, "joined": joined.reference}
    if kept.organization_id != joined.organization_id:
        raise ValidationError(_("Only tickets of one customer can be joined."))
    if State.JOINED in (kept.state, joined.state):
        raise ValidationError(_("One of the two is part of another ticket already."))
    if not kept.is_unsolved:
        raise ValidationError(_("%(kept)s is solved. Reopen it first.") % names)
    if has_parts(joined):
        raise ValidationError(
            _("Other tickets are part of %(joined)s. Join %(kept)s to it instead.") % names
        )


def _what_rings(joined: Ticket) -> tuple[Escalation.Reason, str] | None:
    """What somebody is being rung for, or will be again, and of which level (or any).

    That must not get lost: a ladder that ran out waits until there is anybody to ring.
    """
    last = Escalation.objects.filter(ticket=joined).order_by("-id").first()
    if last is not None:
        wanted = last.state in silence.STILL_WANTED
        return (Escalation.Reason(last.reason), last.level) if wanted else None
    if joined.severity == Severity.URGENT and promises.owes_answer(joined):
        return Escalation.Reason.URGENT, ""
    return None


def _move_messages(source: Ticket, target: Ticket, *, origin: Ticket) -> None:
    Entry.objects.filter(ticket=source).update(ticket=target, origin=origin)
    Attachment.objects.filter(ticket=source).update(ticket=target)
    if Chat.objects.filter(ticket=source).update(ticket=target, origin=origin):
        hints.changed(source)
    Call.objects.filter(ticket=source).update(ticket=target)


def _move_back(ticket: Ticket, kept: Ticket) -> None:
    Call.objects.filter(ticket=kept, entry__origin=ticket).update(ticket=ticket)
    Attachment.objects.filter(ticket=kept, entry__origin=ticket).update(ticket=ticket)
    Entry.objects.filter(ticket=kept, origin=ticket).update(ticket=ticket, origin=None)
    Chat.objects.filter(ticket=kept, origin=ticket).update(ticket=ticket, origin=None)


def _follow_too(joined: Ticket, kept: Ticket, *, now: dt.datetime) -> None:
    """Who was told of the one is told of the other, after a split too."""
    people = {joined.reporter_id, *joined.followers.values_list("user_id", flat=True)}
    Follower.objects.bulk_create(
        [
            Follower(organization_id=kept.organization_id, ticket=kept, user_id=user, at=now)
            for user in sorted(people)
        ],
        ignore_conflicts=True,
    )
