"""Something of everything, so that every address of the access matrix leads somewhere.

A plugin of `tests/conftest.py`: its fixture `scene` is made once for a module.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.utils import timezone

from accounts import api_tokens, contact_checks, contacts, hotline_pins, invitations, team
from accounts.access import Role
from accounts.models import Deadline, Delivery, Event, Membership
from accounts.tenancy import acting_for
from accounts.viewer import Viewer
from knowledge import article_files, catalogue, checklists, running_versions, versions, writing
from knowledge.languages import Language
from knowledge.models import FileKind
from portal import duty_links, mute_links, page_links, release_mute_links
from tests import factories, telephone
from tests.cast import LoginClient, make_cast
from tests.mails import mail, received
from tickets import (
    agreed_dates,
    attachments,
    deflections,
    duty_changes,
    enquiries,
    enquiry_files,
    escalation,
    feeds,
    handover,
    lifecycle,
    ownership,
    reachability,
    severity,
    swaps,
)
from tickets.intake import message_ids
from tickets.models import (
    CalendarVersion,
    Call,
    CallRecording,
    Enquiry,
    Escalation,
    Ladder,
    Page,
    Roster,
)
from tickets.models.ticket import Severity
from tickets.oncall import duty

# What a name becomes when nothing has it.
NOWHERE = {
    "ticket": "STAR-999",
    "solved": "STAR-999",
    "proposed": "STAR-999",
    "chat": "STAR-999",
    "ringing": "STAR-999",
    "dated": "STAR-999",
    "calendar": "999999",
    "member": "999999",
    "method": "999999",
    "feed": "999999",
    "invitation": "999999",
    "token": "999999",
    "file": str(uuid.UUID(int=1)),
    "note_file": str(uuid.UUID(int=1)),
    "mail": str(uuid.UUID(int=1)),
    "enquiry": "999999",
    "enquiry_file": "00000000-0000-4000-8000-000000000000",
    "written": "nothing",
    "article_file": "999999",
    "draft": str(uuid.UUID(int=1)),
    "duty_change": "999999",
    "roster": "999999",
    "swap": "999999",
    "handed": "STAR-999",
    "handover": "999999",
    "drill": "999999",
    "recording": str(uuid.UUID(int=1)),
    "article": "nothing",
    "star_article": "nothing",
    "deflection": str(uuid.UUID(int=1)),
    "checklist": "999999",
    "stated": "999999",
    "release": "999999",
}


@pytest.fixture(scope="module")
def scene(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SimpleNamespace]:
    """One scene for all, in one transaction; each request is undone."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setattr("django.conf.settings.MEDIA_ROOT", tmp_path_factory.mktemp("media"))
        for name, value in telephone.SETTINGS.items():
            patch.setattr(f"django.conf.settings.{name}", value)
        with connection.cursor() as cursor:
            cursor.execute("select set_config('role', 'vigil_engine', true)")
        made = make_scene()
        made.rows = rows_of_everything()
        yield made
        transaction.set_rollback(True)


def make_scene() -> SimpleNamespace:
    """The cast, their browsers and tokens, and `names`: what `{…}` in the matrix stands for.

    To be called in the role of the engine, in a transaction that is rolled back.
    """
    cast = make_cast()
    now = timezone.now()
    factories.member(cast.star, Role.OWNER, "Ohm Owner")  # so that the first may leave
    spare = factories.team(name="Spare", is_default=False)
    nights = factories.roster(cast.team, cast.second, name="Nights")
    leaving = Membership.objects.create(
        organization=cast.star, user=cast.former, role=Role.DEVELOPER
    )
    owner, staff = Viewer.of(cast.owner), Viewer.of(cast.engineer)
    ticket = factories.ticket(cast.former, now=now)
    _follow(ticket, cast.former, now)
    file = _file(cast, cast.former, now)
    lifecycle.reply(
        ticket=ticket, by=Viewer.of(cast.former), body="Log.", attachment_ids=[file.pk], now=now
    )
    lifecycle.reply(ticket=ticket, by=staff, body="We look.", now=now)
    note_file = _file(cast, cast.engineer, now)
    lifecycle.add_note(
        ticket=ticket, by=staff, body="Trace.", attachment_ids=[note_file.pk], now=now
    )
    draft = _file(cast, cast.developer, now)
    team.remove(membership=leaving, by=owner, now=now)

    solved = factories.ticket(cast.developer, now=now)
    lifecycle.resolve(ticket=solved, by=Viewer.of(cast.developer), now=now)
    proposed = factories.ticket(cast.developer, severity=Severity.IMPORTANT, now=now)
    severity.change(ticket=proposed, by=staff, to=Severity.NORMAL, reason="It is not.", now=now)
    dated = factories.ticket(cast.developer, now=now)
    tomorrow = now + dt.timedelta(days=1)
    agreed_dates.agree(ticket=dated, by=staff, until=tomorrow, reason="Their release.", now=now)
    ringing = factories.ticket(cast.developer, severity=Severity.URGENT, now=now)
    escalation.start(ticket=ringing, reason=Escalation.Reason.URGENT, now=now)
    handed = factories.ticket(cast.developer, severity=Severity.URGENT, now=now)
    ownership.assign(ticket=handed, by=staff, owner=cast.engineer, now=now)
    proposed_over = handover.propose(ticket=handed, by=staff, to=cast.second, note="", now=now)
    drill = reachability.ask(
        roster=Roster.objects.earliest("pk"),
        person=cast.engineer,
        starts_at=now,
        ends_at=now + dt.timedelta(hours=1),
        now=now,
    )
    if drill is None:
        raise AssertionError("Nobody was asked.")
    invitation, link = _invitation(cast, owner, now)
    token_id = _token(cast, cast.owner, cast.star, "tickets:read", now)[0]
    always = CalendarVersion.objects.get(calendar__name="Around the clock")
    method = factories.contact_method(cast.engineer, "ntfy://topic", kind="push")
    asked = contacts.add(user=cast.engineer, by=staff, kind="push", address="ntfy://new", now=now)
    feed, calendar = feeds.make(by=staff, team=None, now=now)
    hotline_pins.rotate(by=owner, organization=cast.star, now=now)
    held = received(
        mail("x@elsewhere.example", References=message_ids.of_ticket(ticket.pk), html="<p>x</p>",
             files=(("app.log", b"x"),))
    )  # fmt: skip
    received(mail("pia@new.example", subject="Prices?"))
    names: dict[str, Any] = {
        **_articles(cast, now),
        "mail": held.pk,
        "enquiry": Enquiry.objects.latest("pk").pk,
        "enquiry_file": _enquiry_file(cast, now),
        "recording": _recording(now),
        "method": method.pk,
        "contact": contact_checks.token(asked.checks.get().pk),
        "feed": feed.pk,
        "feed_token": calendar,
        "ticket": ticket.reference,
        "ticket_id": ticket.pk,
        "solved": solved.reference,
        "proposed": proposed.reference,
        "chat": factories.chat(cast.developer, now=now).ticket.reference,
        "ringing": ringing.reference,
        "dated": dated.reference,
        "tomorrow": f"{tomorrow:%Y-%m-%dT%H:%M}",
        "file": file.pk,
        "note_file": note_file.pk,
        "draft": draft.pk,
        "member": Membership.objects.get(user=cast.viewer).pk,
        "invitation": invitation,
        "link": link,
        "token": token_id,
        "handed": handed.reference,
        "handover": proposed_over.pk,
        "second": cast.second.pk,
        "drill": drill.pk,
        "drill_link": duty_links.DRILL.token(drill.pk, cast.engineer.pk),
        "handover_link": duty_links.HANDOVER.token(proposed_over.pk, cast.second.pk),
        "mute_link": mute_links.token(ticket_id=ticket.pk, user_id=cast.developer.pk),
        "page": page_links.token(Page.objects.latest("rung_at").pk),
        "deadline": Deadline.objects.latest("pk").pk,
        "delivery": Delivery.objects.filter(kind=Delivery.Kind.PAGE).earliest("due_at").pk,
        "event": Event.objects.latest("pk").pk,
        "calendar": always.calendar_id,
        "calendar_version": always.pk,
        "star": cast.star.pk,
        "developer": cast.developer.pk,
        "product": cast.product.pk,
        "team": spare.pk,
        "ladder": Ladder.objects.get(team=spare).pk,
        "roster": nights.pk,
        "lead": cast.lead.pk,
        "engineer": cast.engineer.pk,
        "call_began": f"{now - dt.timedelta(minutes=30):%Y-%m-%dT%H:%M}",
        "day_after": f"{now + dt.timedelta(days=2):%Y-%m-%d}",
    }
    names |= _duty(cast, nights, now) | _upgrade(cast, now) | _knowledge(cast, now)
    cast.names = {name: str(value) for name, value in names.items()}
    cast.secrets = {
        "read_token": _token(cast, cast.owner, cast.star, "tickets:read", now)[1],
        "write_token": _token(cast, cast.owner, cast.star, "tickets:write", now)[1],
        "foreign_token": _token(cast, cast.stranger, cast.bright, "tickets:write", now)[1],
    }
    cast.sessions = {}
    for who in ("owner", "admin", "developer", "viewer", "stranger", "former", "engineer"):
        cast.sessions[who] = _session(getattr(cast, who))
    cast.sessions["manager"] = _session(cast.lead)
    return cast


def _duty(cast: SimpleNamespace, nights: Roster, now: dt.datetime) -> dict[str, Any]:
    """An override on a roster, a swap of the engineer's first shift to come, and their second."""
    days = factories.roster(cast.team, cast.engineer, cast.second, name="Days", unit="days")
    change = duty_changes.override(
        roster=nights,
        by=Viewer.of(cast.lead),
        person=cast.lead,
        replaces=None,
        starts_at=now + dt.timedelta(days=5),
        ends_at=now + dt.timedelta(days=6),
        now=now,
    )
    ahead = duty.shifts([days], now, now + dt.timedelta(days=9), known_at=now)[days.pk]
    mine = [one for one in ahead if one.member == cast.engineer.pk and one.starts_at > now]
    swap = swaps.ask(
        roster=days,
        by=Viewer.of(cast.engineer),
        asked=cast.lead,
        starts_at=mine[0].starts_at,
        ends_at=mine[0].ends_at,
        now=now,
    )
    key = f"{days.pk}|{mine[1].starts_at:%Y%m%dT%H%M}|{cast.engineer.pk}"
    return {"duty_change": change.pk, "swap": swap.pk, "shift": key}


def _upgrade(cast: SimpleNamespace, now: dt.datetime) -> dict[str, Any]:
    """A release that breaks something, a checklist of the way to it, an answer by an article."""
    made = factories.release(
        "2.0.0", ("breaking", "It is otherwise."), released_on=now.date() - dt.timedelta(days=1)
    )
    item = f"change:{made.changes.get().pk}"
    by = Viewer.of(cast.developer)
    checklist = checklists.keep(
        organization=cast.star,
        by=by,
        now=now,
        product=cast.product,
        platform="",
        first=versions.parse("1.0.0"),
        last=versions.parse("2.0.0"),
        items=[item],
    )
    stated = running_versions.state(
        organization=cast.star, by=by, now=now, product=cast.product, platform="", version="1.0.0"
    )
    article = factories.article("answered-by", now=now)
    answered = deflections.answered(
        organization=cast.star, article=article, by=by, now=now, key=uuid.uuid4(), subject="Why?"
    )
    mute = release_mute_links.token(organization_id=cast.star.pk, user_id=cast.developer.pk)
    return {
        "release": made.pk,
        "item": item,
        "checklist": checklist.pk,
        "stated": stated.pk,
        "deflection": answered.pk,
        "release_mute": mute,
        "answering": article.key,
    }


def _knowledge(cast: SimpleNamespace, now: dt.datetime) -> dict[str, Any]:
    """A draft of the engineer's with a file, and one row of each list about it."""
    by = Viewer.of(cast.engineer)
    article = writing.create_article(by=by, now=now, key="silence-explained", kind="faq")
    writing.save_revision(
        article=article, language=Language.EN, by=by, now=now, title="Silence", body="It is normal."
    )
    files = {"src/main.go": b"package main"}
    article_files.set_files(article=article, kind=FileKind.SAMPLE, files=files, by=by, now=now)
    code, _is_new = catalogue.set_error_code(
        product=cast.product,
        platform="",
        number=4303,
        name="",
        meaning_en="Gone.",
        by=by,
        now=now,
    )
    category, _is_new = catalogue.set_category(
        key="silence", name_en="Silence", name_zh="静默", by=by, now=now
    )
    return {
        "written": article.key,
        "article_file": article.files.get().pk,
        "error_code": code.pk,
        "category": category.pk,
        "release_row": factories.release("9.1.0").pk,
    }


def browser(scene: SimpleNamespace, who: str) -> LoginClient:
    """A fresh client of that column."""
    client = LoginClient()
    if who in scene.sessions:
        client.cookies.update(scene.sessions[who])
    elif who in scene.secrets:
        client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {scene.secrets[who]}"
    return client


def rows_of_everything() -> list[tuple[str, str]]:
    """A digest of each table the engine may read; not of sessions and of when a token was used."""
    with connection.cursor() as cursor:
        cursor.execute(_digests())
        return list(cursor.fetchall())


@cache
def _digests() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.relname::text from pg_class c"
            " where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'"
            " and has_table_privilege(c.oid, 'select') and c.relname not in"
            " ('django_session', 'usersessions_usersession', 'accounts_apitoken')"
        )
        tables = {table: table for (table,) in cursor.fetchall()}
    tables["accounts_apitoken"] = "(select id, revoked_at, scopes from accounts_apitoken)"
    digests = " union all ".join(
        f"select '{name}', md5(string_agg(r::text, '|' order by r::text)) from {source} r"
        for name, source in tables.items()
    )
    return f"{digests} order by 1"  # else several workers may give them in any order


def _session(person: Any) -> Any:
    client = LoginClient()
    client.force_login(person)
    return client.cookies


def _follow(ticket: Any, person: Any, now: Any) -> None:
    ownership.follow(ticket=ticket, by=Viewer.of(person), now=now)


def _file(cast: SimpleNamespace, person: Any, now: Any) -> Any:
    upload = SimpleUploadedFile("app.log", b"E/IMCore: 4303")
    by = Viewer.of(person)
    return attachments.keep(by=by, organization_id=cast.star.pk, upload=upload, now=now)


def _enquiry_file(cast: SimpleNamespace, now: dt.datetime) -> uuid.UUID:
    """Sent with an answer to the latest enquiry."""
    enquiry, by = Enquiry.objects.latest("pk"), Viewer.of(cast.engineer)
    upload = SimpleUploadedFile("prices.pdf", b"%PDF")
    draft = enquiry_files.keep(enquiry=enquiry, by=by, upload=upload, now=now)
    enquiries.reply(enquiry=enquiry, by=by, body="See the file.", file_ids=[draft.pk], now=now)
    return draft.pk


def _articles(cast: SimpleNamespace, now: dt.datetime) -> dict[str, str]:
    """One for everyone and one for StarCast, each with sample code, and what goes with them."""
    made = factories.article("token-expired", now=now)
    own = factories.article(
        "for-star", audience="organizations", organizations=[cast.star], now=now
    )
    for article in (made, own):
        factories.sample_file(article)
    category = factories.category("tokens")
    made.categories.add(category)
    factories.error_code(1101, "ERR_TOKEN_EXPIRED", article=made)
    factories.release("5.0.0", ("breaking", "Tokens end."), released_on=now.date())
    return {"article": made.key, "star_article": own.key}


def _recording(now: dt.datetime) -> Any:
    """A message of a caller nobody knew."""
    call = Call.objects.create(sid=telephone.sid(), caller=telephone.CALLER, started_at=now)
    return CallRecording.objects.create(
        call=call,
        sid=telephone.sid("RE"),
        kind=CallRecording.Kind.VOICEMAIL,
        seconds=12,
        at=now,
        fetched_at=now,
        storage_key=default_storage.save("00/recording", ContentFile(b"ID3")),
    ).pk


def _invitation(cast: SimpleNamespace, owner: Viewer, now: Any) -> tuple[int, str]:
    made = invitations.invite(
        organization=cast.star, by=owner, email="guest@starcast.example", role="viewer", now=now
    )
    link = "link-of-the-invitation"
    type(made).objects.filter(pk=made.pk).update(token_hash=invitations.digest(link))
    return made.pk, link


def _token(
    cast: SimpleNamespace, person: Any, organization: Any, scope: str, now: Any
) -> tuple[int, str]:
    by = Viewer.of(person)
    with acting_for(by):
        token, secret = api_tokens.create(
            by=by,
            organization=organization,
            name="test",
            scopes=(scope,),
            now=now,
            expires_at=now + dt.timedelta(days=30),
        )
    return token.pk, secret


class undone(transaction.Atomic):  # noqa: N801  reads as a word in a `with`
    """Take back whatever the block wrote."""

    def __init__(self) -> None:
        super().__init__(using=None, savepoint=True, durable=False)

    def __exit__(self, *problem: Any) -> None:
        transaction.set_rollback(True)
        super().__exit__(*problem)
