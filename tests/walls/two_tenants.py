"""Two customers with rows in every tenant table, and a probe for what leaks between them."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

import psycopg
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts import agenda, hotline_pins
from accounts.access import Role
from accounts.models import (
    ApiToken,
    Delivery,
    IdempotentRequest,
    Invitation,
    Organization,
    PeakHours,
    User,
)
from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import Viewer
from knowledge import (
    checklists,
    feedback,
    release_mails,
    running_versions,
    search_log,
    versions,
)
from knowledge.languages import Language
from knowledge.models import Article
from tests import factories
from tickets import (
    agreed_dates,
    attachments,
    chats,
    deflections,
    escalation,
    lifecycle,
    mail_mutes,
    severity,
    ticket_articles,
)
from tickets.models import (
    Call,
    CallLeg,
    CallRecording,
    Enquiry,
    Escalation,
    Handover,
    Inbound,
    Join,
    Ticket,
)
from tickets.models.ticket import Severity

# From the catalogue itself: information_schema hides what the asking role may not touch.
TENANT_TABLES = """
select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid
where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
  and a.attname = 'organization_id' and not a.attisdropped
union select 'accounts_organization' order by 1
"""
READABLE = "select has_table_privilege('vigil_customer', quote_ident(%s), 'select')"


@dataclass(frozen=True)
class Tenants:
    mine: Organization
    theirs: Organization
    me: User
    them: User
    my_ticket: Ticket
    their_ticket: Ticket


def make() -> Tenants:
    """Fill every tenant table for both; call in the engine's role."""
    engineer = factories.engineer("Zhao Min", level="L2")
    factories.team(engineer)
    made = []
    for name, key in (("Mine", "MINE"), ("Theirs", "THEIR")):
        organization = factories.organization(name, key=key)
        person = factories.member(organization, Role.OWNER, f"{name} owner")
        made.append((organization, person, _fill(organization, person, engineer)))
    (mine, me, my_ticket), (theirs, them, their_ticket) = made
    return Tenants(mine, theirs, me, them, my_ticket, their_ticket)


def _fill(organization: Organization, person: User, engineer: User) -> Ticket:
    now = timezone.now()
    viewer, staff = Viewer.of(person), Viewer.of(engineer)
    upload = SimpleUploadedFile("app.log", b"E/IMCore: 4303")
    draft = attachments.keep(by=viewer, organization_id=organization.pk, upload=upload, now=now)
    ticket = factories.ticket(person, severity=Severity.URGENT, now=now, attachment_ids=[draft.pk])
    escalation.start(ticket=ticket, reason=Escalation.Reason.URGENT, now=now)
    lifecycle.add_note(ticket=ticket, by=staff, body="CANARY in a note", now=now)
    lifecycle.reply(ticket=ticket, by=staff, body="On it.", now=now)
    waiting = factories.ticket(person, now=now)
    until = now + dt.timedelta(days=1)
    agreed_dates.agree(ticket=waiting, by=staff, until=until, reason="A release.", now=now)
    severity.change(ticket=ticket, by=staff, to=Severity.NORMAL, reason="It is not.", now=now)
    Inbound.objects.create(
        channel=Inbound.Channel.EMAIL,
        source="smtp",
        key=f"mail:{organization.key}",
        raw=b"Subject: CANARY",
        received_at=now,
        claimable_at=now,
        organization=organization,
        ticket=ticket,
    )
    Enquiry.objects.create(
        channel=Enquiry.Channel.EMAIL,
        address="prospect@example.com",
        subject="CANARY of an enquiry",
        opened_at=now,
        updated_at=now,
        organization=organization,
        ticket=ticket,
    )
    mail_mutes.mute(ticket=ticket, by=viewer, now=now)
    article = factories.article(
        f"for-{organization.slug}", audience="organizations", organizations=[organization]
    )
    feedback.give(
        translation=article.translations.get(),
        by=viewer,
        visitor="",
        organization=organization,
        helped=True,
        words="CANARY",
        now=now,
    )
    _fill_upgrades(organization, person, ticket)
    Join.objects.create(
        organization=organization,
        kept=ticket,
        joined=waiting,
        declined=False,
        by=engineer,
        by_name=engineer.name,
        at=now,
        ended_at=now,
    )
    call = Call.objects.create(
        organization=organization, ticket=ticket, sid=f"CA{organization.key}", started_at=now
    )
    CallLeg.objects.create(
        organization=organization,
        call=call,
        person=engineer,
        person_name=engineer.name,
        person_level="L2",
        dialled_at=now,
    )
    CallRecording.objects.create(
        organization=organization, call=call, sid=f"RE{organization.key}", kind="talk", at=now
    )
    hotline_pins.rotate(by=viewer, organization=organization, now=now)
    Handover.objects.create(
        organization=organization,
        ticket=ticket,
        from_person=engineer,
        from_name=engineer.name,
        note="CANARY in a handover",
        state="proposed",
        asked_at=now,
    )
    chat = factories.chat(person, now=now)
    chats.say(chat=chat, by=viewer, body="Still there?", key=uuid.uuid4(), now=now)
    factories.widget_secret(person, now)
    token = ApiToken.objects.create(
        organization=organization,
        created_by=person,
        name="t",
        hint="vgl_",
        token_hash=f"hash of {organization.pk}",
        scopes=["tickets:read"],
        created_at=now,
        expires_at=now + dt.timedelta(days=1),
    )
    IdempotentRequest.objects.create(
        organization=organization, token=token, key="k", fingerprint="f", created_at=now
    )
    Invitation.objects.create(
        organization=organization,
        email="new@example.com",
        role=Role.VIEWER,
        token_hash=f"invitation of {organization.pk}",
        invited_by=person,
        created_at=now,
        expires_at=now + dt.timedelta(days=7),
    )
    PeakHours.objects.create(
        organization=organization, weekdays=[0], starts_at=dt.time(18), ends_at=dt.time(22)
    )
    agenda.send(
        kind=Delivery.Kind.EMAIL,
        key=f"mail:{organization.pk}",
        channel="email",
        address="new@example.com",
        subject=f"invitation/{organization.pk}",
        payload={"subject": "Hello"},
        due_at=now,
        organization_id=organization.pk,
    )
    return ticket


def _fill_upgrades(organization: Organization, person: User, ticket: Ticket) -> None:
    """What it runs and upgrades to, what was searched for, and an article at its ticket."""
    now, by = timezone.now(), Viewer.of(person)
    product = factories.product()
    own: dict[str, Any] = {"organization": organization, "by": by, "now": now, "product": product}
    running_versions.state(**own, platform="", version="4.8.0")
    checklist = checklists.keep(
        **own,
        platform="",
        first=versions.parse("4.8.0"),
        last=versions.parse("5.0.0"),
        items=["change:1"],
    )
    checklists.tick(checklist=checklist, item="change:1", items=["change:1"], by=by, now=now)
    release_mails.mute(organization=organization, by=by, now=now)
    search_log.note(
        text="CANARY of a search", language=Language.EN, hits=0, organization=organization, now=now
    )
    article = Article.objects.get(key=f"for-{organization.slug}")
    ticket_articles.came_from(ticket=ticket, article=article, by=by, now=now)
    deflections.answered(
        organization=organization,
        article=article,
        by=by,
        now=now,
        key=uuid.uuid4(),
        subject="CANARY of a question",
    )


def make_committed() -> Tenants:
    with acting_as(DatabaseRole.ENGINE):
        return make()


def tenant_tables(connection: psycopg.Connection[tuple[str, ...]]) -> list[str]:
    return [name for (name,) in connection.execute(TENANT_TABLES)]


def leaks(connection: psycopg.Connection[tuple[str, ...]], tenants: Tenants) -> set[str]:
    """The tables in which a customer sees a foreign row, or misses all of their own."""
    found = set()
    for table in tenant_tables(connection):
        key = "id" if table == "accounts_organization" else "organization_id"
        if not connection.execute(READABLE, [table]).fetchone()[0]:
            continue
        with connection.transaction(force_rollback=True):
            connection.execute(
                "select set_config('role', 'vigil_customer', true),"
                " set_config('vigil.orgs', %s, true), set_config('vigil.user', %s, true)",
                [str(tenants.mine.pk), str(tenants.me.pk)],
            )
            rows = connection.execute(f"select {key} from {table}")  # noqa: S608  our own names
            seen = {key for (key,) in rows}
        if seen != {tenants.mine.pk}:
            found.add(table)
    return found
