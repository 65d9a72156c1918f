"""Articles of tickets: sent in replies, linked by hand, and kept from whom they are not for."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Event
from accounts.viewer import Viewer
from knowledge.models import ErrorCode
from tests import factories
from tests.factories import NOON
from tickets import joining, lifecycle, ticket_articles
from tickets.models import Entry, Ticket, TicketArticle

pytestmark = pytest.mark.django_db
ADDRESS = "https://desk.example/docs/en/a/{}/"


@pytest.fixture
def ticket(cast: SimpleNamespace) -> Ticket:
    factories.article("open-to-all", title="Open to all")
    factories.article("inside", title="Canary of the staff", audience="internal")
    factories.article("of-others", audience="organizations", organizations=[cast.bright])
    factories.article("half-written", is_published=False)
    return factories.ticket(cast.developer, product=cast.product)


def reply(ticket: Ticket, person: Any, body: str) -> Entry:
    return lifecycle.reply(ticket=ticket, by=Viewer.of(person), body=body, now=NOON)


def test_what_an_engineer_sends_is_linked(cast: SimpleNamespace, ticket: Ticket) -> None:
    entry = reply(ticket, cast.engineer, f"See [this]({ADDRESS.format('open-to-all')}).")
    link = TicketArticle.objects.get()
    assert (link.article.key, link.entry, link.source, link.by_name) == (
        "open-to-all", entry, "reply", "Zhao Min",
    )  # fmt: skip


@pytest.mark.parametrize("key", ["inside", "of-others", "half-written"])
def test_what_the_customer_may_not_read_is_not_sent(
    cast: SimpleNamespace, ticket: Ticket, key: str
) -> None:
    with pytest.raises(ValidationError, match=f"StarCast may not read {key}"):
        reply(ticket, cast.engineer, f"See {ADDRESS.format(key)}")
    assert not TicketArticle.objects.exists()
    assert ticket.entries.count() == 1


@pytest.mark.parametrize(
    "address",
    [
        *(
            "https://desk.example/docs/files/inside/main.py",
            "https://desk.example/docs/en/a/in%73ide/",
        ),
        " ".join(
            [*(ADDRESS.format(f"x{number}") for number in range(60)), ADDRESS.format("inside")]
        ),
    ],
)
def test_nor_however_its_address_is_written(
    cast: SimpleNamespace, ticket: Ticket, address: str
) -> None:
    with pytest.raises(ValidationError, match="StarCast may not read inside"):
        reply(ticket, cast.engineer, f"See {address}")


def test_in_a_note_it_may_stand(cast: SimpleNamespace, ticket: Ticket) -> None:
    by = Viewer.of(cast.engineer)
    lifecycle.add_note(ticket=ticket, by=by, body=ADDRESS.format("inside"), now=NOON)
    assert ticket.entries.count() == 2


def test_the_refusal_is_told_at_the_composer_with_the_text_kept(
    cast: SimpleNamespace, ticket: Ticket, browser_of: Any
) -> None:
    body = f"As {ADDRESS.format('inside')} says."
    response = browser_of(cast.engineer).post(
        f"/admin/ticket/{ticket.reference}/reply/", {"body": body}
    )
    assert response.status_code == 422
    text = response.content.decode()
    assert "may not read inside" in text
    assert body in text


def test_what_a_customer_names_is_theirs_to_say(cast: SimpleNamespace, ticket: Ticket) -> None:
    reply(ticket, cast.developer, ADDRESS.format("inside"))
    assert not TicketArticle.objects.exists()


def test_both_sides_see_what_is_linked_and_only_staff_what_is_internal(
    cast: SimpleNamespace, ticket: Ticket, browser_of: Any
) -> None:
    engineer = browser_of(cast.engineer)
    for key in ("open-to-all", ADDRESS.format("inside")):
        engineer.post(f"/admin/ticket/{ticket.reference}/articles/link/", {"article": key})
    ours = engineer.get(f"/admin/ticket/{ticket.reference}/").content.decode()
    theirs = browser_of(cast.developer).get(f"/tickets/{ticket.reference}/").content.decode()
    assert "Open to all" in ours
    assert "Canary of the staff" in ours
    assert "Open to all" in theirs
    assert "Canary" not in theirs
    assert "inside" not in theirs


def test_linking_an_internal_article_is_an_internal_event(
    cast: SimpleNamespace, ticket: Ticket
) -> None:
    from knowledge.models import Article

    for key in ("open-to-all", "inside"):
        ticket_articles.link(
            ticket=ticket,
            article=Article.objects.get(key=key),
            by=Viewer.of(cast.engineer),
            now=NOON,
        )
    told = Event.objects.filter(verb="ticket.article_linked").order_by("pk")
    assert list(told.values_list("data__article", "internal")) == [
        ("open-to-all", False),
        ("inside", True),
    ]


def test_customers_link_nothing_by_hand(cast: SimpleNamespace, ticket: Ticket) -> None:
    from knowledge.models import Article

    with pytest.raises(PermissionDenied):
        ticket_articles.link(
            ticket=ticket,
            article=Article.objects.get(key="open-to-all"),
            by=Viewer.of(cast.developer),
            now=NOON,
        )


def test_a_link_can_be_taken_away(cast: SimpleNamespace, ticket: Ticket, browser_of: Any) -> None:
    engineer, path = browser_of(cast.engineer), f"/admin/ticket/{ticket.reference}/articles/"
    engineer.post(f"{path}link/", {"article": "open-to-all"})
    engineer.post(f"{path}unlink/", {"article": "open-to-all"})
    assert not TicketArticle.objects.exists()


def test_joined_tickets_share_their_articles(cast: SimpleNamespace, ticket: Ticket) -> None:
    other = factories.ticket(cast.developer, subject="Again")
    reply(other, cast.engineer, ADDRESS.format("open-to-all"))
    joining.join(kept=ticket, joined=other, by=Viewer.of(cast.engineer), now=NOON)
    assert TicketArticle.objects.filter(ticket=ticket).get().article.key == "open-to-all"


def test_the_error_codes_of_a_ticket_are_explained_to_engineers(
    cast: SimpleNamespace, ticket: Ticket, browser_of: Any
) -> None:
    ErrorCode.objects.create(
        product=cast.product, number=4303, meaning_en="Signed in elsewhere.", remedy_en="Sign out."
    )
    reply(ticket, cast.developer, "The log says error 4303.")
    text = browser_of(cast.engineer).get(f"/admin/ticket/{ticket.reference}/").content.decode()
    assert "Signed in elsewhere." in text
    assert "Sign out." in text
