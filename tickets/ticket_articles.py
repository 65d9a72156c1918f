"""Tie articles to tickets: those an engineer sends, and those a customer came from."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from itertools import islice
from typing import Final
from urllib.parse import unquote

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import access, events
from accounts.listing import listed
from accounts.models import Organization
from accounts.viewer import Viewer
from knowledge.models import Article
from tickets.models import Entry, Ticket, TicketArticle

MOST_LINKED: Final = 50  # by one message

# An article's address or its files', whatever stands before: on our own site only that matters.
_ADDRESS: Final = re.compile(r"/docs/(?:(?:en|zh)/a|files)/([A-Za-z0-9_-]{1,80})")


@transaction.atomic
def link(*, ticket: Ticket, article: Article, by: Viewer, now: dt.datetime) -> TicketArticle:
    """Link an article by hand; linking it again changes nothing.

    An article the customer may not read is seen by staff only.
    """
    access.require(by, "ticket.link_article", ticket.organization_id)
    return _link(ticket, article, TicketArticle.Source.HAND, by=by, now=now)


@transaction.atomic
def came_from(*, ticket: Ticket, article: Article, by: Viewer, now: dt.datetime) -> TicketArticle:
    """The ticket was opened from that article."""
    access.require(by, "ticket.open", ticket.organization_id)
    return _link(ticket, article, TicketArticle.Source.FROM_HERE, by=by, now=now)


@transaction.atomic
def unlink(*, ticket: Ticket, article: Article, by: Viewer, now: dt.datetime) -> None:
    """Take a link away; what a reply says, it still says."""
    access.require(by, "ticket.link_article", ticket.organization_id)
    gone, _by_model = TicketArticle.objects.filter(ticket=ticket, article=article).delete()
    if gone:
        _record(ticket, article, "ticket.article_unlinked", by=by, now=now)


def refuse_unreadable(ticket: Ticket, body: str) -> list[Article]:
    """The articles a reply to the customer names; `ValidationError` if they may not read one.

    Two queries at most, none for a text without such an address.
    """
    keys = named_in(body)
    if not keys:
        return []
    articles = list(Article.objects.filter(key__in=keys))
    customer = of_organization(ticket.organization_id)
    readable = set(
        Article.objects.visible_to(customer).filter(key__in=keys).values_list("pk", flat=True)
    )
    hidden = [article.key for article in articles if article.pk not in readable]
    if hidden:
        raise ValidationError(
            {
                "body": _(
                    "%(customer)s may not read %(articles)s: take it out, "
                    "or write in your own words what they need of it."
                )
                % {"customer": ticket.organization.name, "articles": listed(hidden)}
            }
        )
    return articles


def sent(
    ticket: Ticket, articles: Iterable[Article], entry: Entry, *, by: Viewer, now: dt.datetime
) -> None:
    """Link what a reply names. The reply's own event tells of it."""
    TicketArticle.objects.bulk_create(
        [
            TicketArticle(
                organization_id=ticket.organization_id,
                ticket=ticket,
                article=article,
                entry=entry,
                source=TicketArticle.Source.REPLY,
                by=by.user,
                by_name=by.name,
                at=now,
            )
            for article in islice(articles, MOST_LINKED)
        ],
        ignore_conflicts=True,
    )


def named_in(body: str) -> list[str]:
    """Keys of the articles whose addresses stand in a text, in order, each once."""
    return list(dict.fromkeys(_ADDRESS.findall(unquote(body))))


def of_organization(organization_id: int) -> Viewer:
    """Somebody of that organization, to ask what they may read."""
    return Viewer(user=None, roles={organization_id: access.Role.VIEWER})


def _link(
    ticket: Ticket, article: Article, source: TicketArticle.Source, *, by: Viewer, now: dt.datetime
) -> TicketArticle:
    row, is_new = TicketArticle.objects.get_or_create(
        ticket=ticket,
        article=article,
        defaults={
            "organization_id": ticket.organization_id,
            "source": source,
            "by": by.user,
            "by_name": by.name,
            "at": now,
        },
    )
    if is_new:
        _record(ticket, article, "ticket.article_linked", by=by, now=now)
    return row


def _record(ticket: Ticket, article: Article, verb: str, *, by: Viewer, now: dt.datetime) -> None:
    """Internal when the customer may not read it: not even its name is theirs to know."""
    readable = Article.objects.visible_to(of_organization(ticket.organization_id))
    events.record(
        verb=verb,
        subject=ticket.event_subject,
        by=by,
        at=now,
        organization_id=ticket.organization_id,
        internal=not readable.filter(pk=article.pk).exists(),
        article=article.key,
    )


def same_links(kept: Ticket, joined: Ticket) -> None:
    """What is linked to the one is linked to the other, after a split too."""
    rows = TicketArticle.objects.filter(ticket=joined)
    TicketArticle.objects.bulk_create(
        [
            TicketArticle(
                organization_id=kept.organization_id,
                ticket=kept,
                article_id=row.article_id,
                entry_id=row.entry_id,
                source=row.source,
                by_id=row.by_id,
                by_name=row.by_name,
                at=row.at,
            )
            for row in rows
        ],
        ignore_conflicts=True,
    )


def suits(article: Article, organization: Organization) -> bool:
    """Whether people of that organization may read it."""
    readable = Article.objects.visible_to(of_organization(organization.pk))
    return readable.filter(pk=article.pk).exists()
