"""No page asks more than twelve queries, a forecast apart, and none more with more to show.

Counted is everything a request sends: session, person, memberships and the page itself; not
the statements that open its transaction and take its role.
"""

from __future__ import annotations

import datetime as dt
import uuid
from types import SimpleNamespace
from typing import Any, Final

import pytest
from django.urls import resolve

from accounts import agenda, api_tokens, hotline_pins, invitations
from accounts.access import Role
from accounts.tenancy import acting_for
from accounts.viewer import Viewer
from knowledge import (
    article_files,
    catalogue,
    checklists,
    running_versions,
    search_log,
    versions,
    writing,
)
from knowledge.languages import Language
from knowledge.models import Article, Change, ErrorCode, FileKind, Platform
from knowledge.search import index
from tests import access_matrix, factories, telephone
from tests.access_scene import NOWHERE
from tests.factories import NOON
from tests.portal.queries import queries_of
from tickets import (
    chats,
    deflections,
    enquiries,
    escalation,
    handover,
    lifecycle,
    ownership,
    ticket_articles,
)
from tickets.models import (
    Call,
    CallLeg,
    CallRecording,
    Enquiry,
    Escalation,
    Inbound,
    Roster,
)
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db
LIMIT: Final = 12
# A forecast brings together rosters, skills, customers and their peaks, and who a ladder would
# ring now is one: nobody waits for it.
HIGHER_LIMITS: Final = {
    "/admin/duty/": 13,
    "/admin/ticket/STAR-1/": 13,
    "/admin/duty/coverage/": 22,
    "/admin/duty/ladders/": 14,
    "/admin/my-duty/": 15,
    # A search reads words, passages and tickets, and notes what was asked; a way reads releases,
    # changes and guides, and what the organization runs.
    "/docs/en/search/?q=news": 15,
    "/docs/en/upgrade/?product=im&from=1.0.0": 15,
    # A text stands beside the other language, what changed there, and its preview.
    "/admin/article/written/en/": 14,
    "/admin/article/written/zh/": 14,
    # Beside the form, the tickets that name it and whom it answered.
    "/admin/article/written/details/": 15,
    # The conversation, and the preview of what is written of it.
    "/admin/ticket/STAR-1/article/": 13,
    # Each kind of gap and each part of the figure is a question of its own.
    "/admin/articles/gaps/": 24,
    "/admin/articles/gaps/?product=im": 24,
    "/admin/articles/gaps/?kind=tickets": 16,
}

PORTAL: Final = (
    "/",
    "/tickets/",
    "/tickets/new/",
    "/alarm/",
    "/down/",
    "/chat/",
    "/chat/box/",
    "/chat/{chat}/live/",
    "/tickets/STAR-1/",
    "/tickets/STAR-1/live/",
    "/team/",
    "/settings/",
    "/settings/hotline/",
    "/settings/versions/",
    "/upgrades/",
    "/upgrades/{checklist}/",
    "/tickets/new/answered/{deflection}/",
    "/tickets/new/read/en/answering/",
    "/docs/en/upgrade/?product=im&from=1.0.0",
    "/docs/en/search/?q=news",
    "/docs/en/search/suggestions/?q=news",
    "/settings/mails/",
    "/docs/en/",
    "/docs/en/a/article10/",
    "/docs/en/articles/?platform=ios&version=5.0",
    "/docs/en/products/im/",
    "/docs/en/kinds/faq/",
    "/docs/en/categories/tokens/",
    "/docs/en/releases/",
    "/docs/en/releases/im/",
    "/docs/en/releases/im.atom",
    "/docs/en/errors/",
    "/docs/en/errors/im/",
    "/docs/en/errors/im/1101/",
    "/docs/sitemap.xml",
)
WORKSPACE: Final = (
    "/admin/queue/",
    "/admin/queue/?view=at-risk",
    "/admin/queue/?view=mine",
    "/admin/queue/?view=unassigned",
    "/admin/queue/?view=waiting",
    "/admin/queue/?view=all",
    "/admin/queue/?q=Question",
    "/admin/alarm/",
    "/admin/queue/live/",
    "/admin/queue/live/?current=STAR-1",
    "/admin/ticket/STAR-1/",
    "/admin/ticket/STAR-1/live/main/",
    "/admin/ticket/STAR-1/live/side/",
    "/admin/ticket/STAR-1/facts/",
    "/admin/ticket/STAR-1/articles/?q=news",
    "/admin/announce/",
    "/admin/announce/{release}/",
    "/admin/chats/",
    "/admin/chats/?open={chat}",
    "/admin/chats/live/",
    "/admin/chats/{chat}/live/",
    "/admin/ticket/STAR-1/call/",
    "/admin/calls/",
    "/admin/calls/new/",
    "/admin/calls/new/STAR/",
    "/admin/duty/",
    "/admin/duty/coverage/",
    "/admin/duty/ladders/",
    "/admin/duty/rosters/files/",
    "/admin/duty/rosters/export/ical/",
    "/admin/duty/rosters/export/json/",
    "/admin/duty/swap/",
    "/admin/duty/override/",
    "/admin/duty/leave/",
    "/admin/duty/temporary/",
    "/admin/duty/rosters/add/",
    "/admin/duty/rosters/{roster}/",
    "/admin/policies/",
    "/admin/policies/premium/urgent/",
    "/admin/calendars/1/",
    "/admin/calendars/new/",
    "/admin/my-duty/",
    "/admin/mail/",
    "/admin/mail/?view=all",
    "/admin/enquiries/",
    "/admin/enquiries/?view=open",
    "/admin/handover/",
    "/admin/handover/live/",
    "/admin/articles/",
    "/admin/articles/?q=written&kind=faq&product=im&need=draft",
    "/admin/articles/?need=behind",
    "/admin/articles/new/",
    "/admin/articles/gaps/",
    "/admin/articles/gaps/?product=im",
    "/admin/articles/gaps/?kind=tickets",
    "/admin/ticket/STAR-1/article/",
    "/admin/article/written/en/",
    "/admin/article/written/zh/",
    "/admin/article/written/en/history/",
    "/admin/article/written/details/",
    "/admin/article/written/files/",
    "/admin/accounts/",
    *(
        f"/admin/{model}/"
        for model in (
            "accounts/deadline",
            "accounts/delivery",
            "accounts/event",
            "accounts/organization",
            "accounts/user",
            "knowledge/category",
            "knowledge/errorcode",
            "knowledge/product",
            "knowledge/release",
            "tickets/roster",
            "tickets/team",
        )
    ),
)
# Files, links from a mail, and what shows no rows.
NO_PAGES: Final = (
    *(
        "/attachments/",
        "/admin/attachment/",
        "/invitation/",
        "/page/",
        "/widget",
        "/contact/",
        "/mail/",
        "/outbox/",
        "/calendar/",
        "/hotline/",
        "/admin/calls/recordings/",
        "/admin/article/{written}/files/view/",
        "/health/",
        "/healthz",
        "/docs/files/",
        "/robots.txt",
    ),
    *("/docs/en/a/{article}/feedback/", "/docs/en/a/{star_article}/feedback/"),
    *("/admin/mail/{mail}", "/admin/enquiries/{enquiry}"),
    *("/admin/search/", "/admin/password_change/", "/admin/jsi18n/"),
)


NAMES: Final = {
    **{"roster": "1", "chat": "STAR-1", "checklist": "1", "release": "1"},
    "deflection": str(uuid.UUID(int=1)),
}


@pytest.fixture
def full(cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, settings: Any) -> SimpleNamespace:
    telephone.set_up(settings)
    monkeypatch.setattr("accounts.tenancy.database_now", lambda read: NOON)
    cast.star.dedicated_contact = cast.second
    cast.star.plan = "enterprise"  # as many seats as one likes
    cast.star.save()
    first = factories.ticket(cast.owner, severity=Severity.URGENT, product=cast.product)
    escalation.start(ticket=first, reason=Escalation.Reason.URGENT, now=NOON)
    cast.first, cast.staff = first, Viewer.of(cast.engineer)
    cast.written = factories.article("written", product=cast.product, kind="sample")
    factories.text(cast.written)
    ticket_articles.link(ticket=first, article=cast.written, by=cast.staff, now=NOON)
    cast.star.refresh_from_db()
    cast.chat = factories.chat(cast.owner)
    _upgrade(cast)
    hotline_pins.rotate(by=Viewer.of(cast.owner), organization=cast.star, now=NOON)
    return cast


def _upgrade(cast: SimpleNamespace) -> None:
    """A way from 1.0.0 to 2.0.0 that is kept, and an article that answered something."""
    cast.release = factories.release("2.0.0", ("breaking", "It is otherwise."))
    cast.article = factories.article("answering", product=cast.product)
    by = Viewer.of(cast.owner)
    cast.checklist = checklists.keep(
        organization=cast.star,
        by=by,
        now=NOON,
        product=cast.product,
        platform="",
        first=versions.parse("1.0.0"),
        last=versions.parse("2.0.0"),
        items=[],
    )
    cast.deflection = deflections.answered(
        organization=cast.star, article=cast.article, by=by, now=NOON, key=uuid.uuid4()
    )
    codes = [(4303, "Signed in elsewhere."), (1102, "Malformed.")]
    for number, meaning in codes:
        ErrorCode.objects.create(product=cast.product, number=number, meaning_en=meaning)


def more(cast: SimpleNamespace, name: str) -> None:
    """One more of whatever a page may list."""
    owner = Viewer.of(cast.owner)
    colleague = factories.member(cast.star, Role.DEVELOPER, f"Colleague {name}")
    asked = factories.ticket(colleague, subject=f"Question {name}", product=cast.product)
    rung = factories.ticket(colleague, subject=f"Outage {name}", severity=Severity.URGENT)
    escalation.start(ticket=rung, reason=Escalation.Reason.URGENT, now=NOON)
    lifecycle.reply(
        ticket=asked, by=cast.staff, body="Try this.", ask_customer=name < "5", now=NOON
    )
    lifecycle.reply(ticket=cast.first, by=cast.staff, body=f"News {name}", now=NOON)
    article = factories.article(f"news-{name}", title=f"News {name}", product=cast.product)
    index.reindex(list(article.translations.values_list("pk", flat=True)))
    ticket_articles.link(ticket=cast.first, article=article, by=cast.staff, now=NOON)
    factories.release(f"1.{name}.0", ("breaking", f"News {name}"), ("security", "A hole."))
    running_versions.state(
        organization=cast.star,
        by=owner,
        now=NOON,
        product=factories.product(f"sdk{name}"),
        platform="",
        version="1.0.0",
    )
    checklists.keep(
        organization=cast.star,
        by=owner,
        now=NOON,
        product=cast.product,
        platform="",
        first=versions.parse("1.0.0"),
        last=versions.parse(f"1.{name}.0"),
        items=[],
    )
    chats.say(chat=cast.chat, by=cast.staff, body=f"News {name}", key=uuid.uuid4(), now=NOON)
    factories.chat(colleague, body=f"Where is {name}?")
    lifecycle.add_note(ticket=cast.first, by=cast.staff, body=f"Seen {name}", now=NOON)
    invitations.invite(
        organization=cast.star, by=owner, email=f"{name}@starcast.example", role="viewer", now=NOON
    )
    with acting_for(owner):
        api_tokens.create(
            by=owner,
            organization=cast.star,
            name=name,
            scopes=("tickets:read",),
            now=NOON,
            expires_at=NOON + dt.timedelta(days=30),
        )
    engineer = factories.engineer(f"Engineer {name}")
    _call(cast, engineer)
    ownership.assign(ticket=rung, by=cast.staff, owner=cast.engineer, now=NOON)
    handover.propose(ticket=rung, by=cast.staff, to=cast.lead, note="Ask Bob.", now=NOON)
    factories.team(engineer, name=f"Team {name}", is_default=False)
    factories.organization(f"Customer {name}", dedicated_contact=engineer)
    factories.product(f"product{name}")
    Inbound.objects.create(
        channel=Inbound.Channel.EMAIL,
        source="smtp",
        key=f"mail:{name}",
        raw=b"Subject: x",
        outcome=Inbound.Outcome.QUARANTINED,
        reason="unproven",
        organization=cast.star,
        ticket=asked,
        received_at=NOON,
        claimable_at=NOON,
        handled_at=NOON,
    )
    enquiries.open_enquiry(
        channel=Enquiry.Channel.EMAIL,
        name=name,
        address=f"{name}@new.example",
        subject=name,
        body="How much?",
        now=NOON,
    )
    _article(name)
    _articles(cast, name)
    agenda.schedule(
        kind="draft.expire",
        key=f"more:{name}",
        due_at=NOON,
        subject="attachment/0",
        organization_id=cast.star.pk,
        attachment="0",
    )


def _article(name: str) -> None:
    """An article with all that its page may name: a file, an error code, a change."""
    made = factories.article(
        f"article{name}", body="{{file: src/Main.kt}}", categories=[factories.category()], now=NOON
    )
    first = Article.objects.get(key="article10")
    factories.sample_file(first, f"src/{name}.kt")
    factories.category(f"part{name}", parent=factories.category()).articles.add(made)
    if unused := set(Platform) - set(ErrorCode.objects.values_list("platform", flat=True)):
        factories.error_code(1101, f"ERR_{name}", platform=min(unused), article=first)
    factories.error_code(2000 + int(name), f"ERR_OTHER_{name}", article=made)
    factories.release(f"5.{name}.0", ("fix", f"Fix {name}"), released_on=NOON.date())
    Change.objects.filter(text_en=f"Fix {name}").update(article=first)


def _articles(cast: SimpleNamespace, name: str) -> None:
    """More of whatever stands in the lists of the knowledge base, with every gap there is."""
    for language in Language:
        writing.save_revision(
            article=cast.written,
            language=language,
            by=cast.staff,
            now=NOON,
            title=f"Title {name}",
            body=f"Body {name} with article:other-{name}",
        )
    sample = factories.article(
        f"sample-{name}",
        product=cast.product,
        kind="sample",
        review_on=dt.date(2020, 1, 1),
        categories=[
            catalogue.set_category(
                key=f"c{name}", name_en=name, name_zh=name, by=cast.staff, now=NOON
            )[0]
        ],
    )
    files = {f"src/{number}.go": b"package main" for number in range(int(name[1:]))}
    article_files.set_files(
        article=cast.written, kind=FileKind.SAMPLE, files=files, by=cast.staff, now=NOON
    )
    factories.release(f"9.{name}.0")
    catalogue.set_error_code(
        product=cast.product,
        platform="",
        number=int(name),
        name="",
        meaning_en=name,
        article=sample,
        by=cast.staff,
        now=NOON,
    )
    search_log.note(text=f"how {name}", language=Language.EN, hits=0, organization=None, now=NOON)


def _call(cast: SimpleNamespace, engineer: Any) -> None:
    """A call on the first ticket that somebody took, with its recording."""
    call = Call.objects.create(
        organization=cast.star, ticket=cast.first, sid=telephone.sid(), started_at=NOON
    )
    CallLeg.objects.create(
        organization=cast.star,
        call=call,
        person=engineer,
        person_name=engineer.name,
        person_level="L2",
        outcome="taken",
        dialled_at=NOON,
        taken_at=NOON,
        ended_at=NOON,
    )
    CallRecording.objects.create(
        organization=cast.star, call=call, sid=telephone.sid("RE"), kind="talk", at=NOON
    )


@pytest.mark.parametrize("address", [*PORTAL, *WORKSPACE])
def test_few_queries_and_no_more_with_more_rows(
    full: SimpleNamespace, browser_of: Any, address: str
) -> None:
    reader = browser_of(full.lead if address.startswith("/admin/") else full.owner)
    for number in range(2):
        more(full, f"1{number}")
    address = address.format(
        roster=Roster.objects.order_by("pk")[0].pk,
        chat=full.chat.ticket.reference,
        checklist=full.checklist.pk,
        deflection=full.deflection.pk,
        release=full.release.pk,
    )
    reader.get(address)  # notes when the session was seen, which is done now and then only
    few = queries_of(reader, address)
    for number in range(12):
        more(full, f"2{number}")
    many = queries_of(reader, address)
    assert len(many) <= HIGHER_LIMITS.get(address, LIMIT), "\n".join(many)
    assert len(many) == len(few), "\n".join(many)


def test_every_page_with_a_row_in_the_access_matrix_is_counted() -> None:
    read = {
        resolve(row[1].partition("?")[0].format_map(NOWHERE | {"answering": "key"})).route
        for row in (*access_matrix.PORTAL, *access_matrix.READING, *access_matrix.WORKSPACE)
        if row[0] == "GET" and "200" in row[2].split() and not row[1].startswith(NO_PAGES)
    }
    assert read <= {
        resolve(address.partition("?")[0].format_map(NAMES)).route
        for address in (*PORTAL, *WORKSPACE)
    }
