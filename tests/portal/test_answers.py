"""Answers beside a half-written ticket; what counts as answered, and what does not."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from knowledge.models import ErrorCode, Translation
from knowledge.search import index
from tests import factories
from tests.factories import NOON
from tickets.models import Deflection, Ticket, TicketArticle

pytestmark = pytest.mark.django_db
DRAFT = {"subject": "Token expired", "body": "Since noon.", "product": "im"}
NEW = DRAFT | {"severity": "normal"}
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def articles(cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.tenancy.database_now", lambda read: NOON)
    token = factories.article("token-expired", title="The token has expired", product=cast.product)
    factories.article("secret", title="Token expired canary", audience="internal")
    factories.product("rtc")
    ErrorCode.objects.create(
        product=cast.product, number=4303, meaning_en="Signed in elsewhere.", article=token
    )
    index.reindex(list(Translation.objects.values_list("pk", flat=True)))


def suggested(browser: Any, **data: str) -> str:
    response = browser.post("/tickets/new/suggestions/", data)
    assert response.status_code == 200
    return str(response.content.decode())


def answer(browser: Any, **more: str) -> Any:
    return browser.post("/tickets/new/answered/", DRAFT | {"article": "token-expired"} | more)


def counted(now: dt.datetime) -> int:
    return Deflection.objects.counted(now).count()


def test_the_title_finds_articles_they_may_read(cast: SimpleNamespace, browser_of: Any) -> None:
    text = suggested(browser_of(cast.developer), subject="token expired")
    assert "/docs/en/a/token-expired/" in text
    assert "canary" not in text


def test_the_body_is_asked_where_the_title_says_nothing(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    text = suggested(browser_of(cast.developer), subject="Help", body="the token has expired")
    assert "/docs/en/a/token-expired/" in text


def test_an_error_code_in_the_text_is_explained_with_its_article(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    text = suggested(browser_of(cast.developer), body="E/IMCore: 4303 and out", product="im")
    assert "Signed in elsewhere." in text
    assert "/docs/en/a/token-expired/" in text


def test_of_another_product_the_number_means_nothing(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    text = suggested(browser_of(cast.developer), body="error 4303", product="rtc")
    assert "Signed in elsewhere." not in text


def test_a_suggestion_that_is_seen_counts_nothing(cast: SimpleNamespace, browser_of: Any) -> None:
    browser = browser_of(cast.developer)
    suggested(browser, **DRAFT)
    assert "Ask your server" in browser.get("/tickets/new/read/en/token-expired/").content.decode()
    assert not Deflection.objects.exists()


def test_this_answered_it_ends_the_draft_and_opens_no_ticket(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    browser = browser_of(cast.developer)
    response = answer(browser)
    row = Deflection.objects.get()
    assert (row.organization, row.user, row.subject) == (
        cast.star,
        cast.developer,
        DRAFT["subject"],
    )
    page = browser.get(response["Location"])
    assert 'data-draft-clear="new-ticket"' in page.content.decode()
    assert not Ticket.objects.exists()


def test_a_second_click_is_the_same_answer(cast: SimpleNamespace, browser_of: Any) -> None:
    key = {"submission": str(factories.fresh_key())}
    for _time in range(2):
        answer(browser_of(cast.developer), **key)
    assert Deflection.objects.count() == 1


def test_one_person_and_one_article_count_once_a_day(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    for _time in range(5):
        answer(browser_of(cast.developer))
    answer(browser_of(cast.owner))
    assert Deflection.objects.count() == 6
    assert counted(NOON + 48 * HOUR) == 2


def test_it_counts_a_day_later_if_nothing_followed(cast: SimpleNamespace, browser_of: Any) -> None:
    answer(browser_of(cast.developer))
    assert counted(NOON + 23 * HOUR) == 0
    assert counted(NOON + 24 * HOUR) == 1


@pytest.mark.parametrize(
    ("who", "hours", "product", "counts"),
    [
        ("developer", 5, "im", 0),
        ("developer", 5, "", 0),
        ("developer", 5, "rtc", 1),
        ("developer", 25, "im", 1),
        ("admin", 5, "im", 1),
    ],
)
def test_a_ticket_about_the_same_within_a_day_undoes_it(
    cast: SimpleNamespace, browser_of: Any, who: str, hours: int, product: str, counts: int
) -> None:
    answer(browser_of(cast.developer))
    about = factories.product(product) if product else None
    factories.ticket(getattr(cast, who), product=about, now=NOON + hours * HOUR)
    assert counted(NOON + 48 * HOUR) == counts


def test_a_question_of_unknown_product_is_undone_by_any_ticket(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    answer(browser_of(cast.developer), product="")
    factories.ticket(cast.developer, product=factories.product("rtc"), now=NOON + HOUR)
    assert counted(NOON + 48 * HOUR) == 0


def test_the_ticket_can_be_opened_anyway_with_all_that_was_written(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    browser = browser_of(cast.developer)
    answer(browser, body="What I wrote.")
    row = Deflection.objects.get()
    form = browser.get("/tickets/new/", {"answered": str(row.pk)}).content.decode()
    assert "What I wrote." in form
    assert f'name="answered" value="{row.pk}"' in form
    browser.post("/tickets/new/", NEW | {"answered": str(row.pk)})
    row.refresh_from_db()
    assert row.ticket == Ticket.objects.get()
    assert counted(NOON + 48 * HOUR) == 0


def test_nobody_undoes_anothers(cast: SimpleNamespace, browser_of: Any) -> None:
    answer(browser_of(cast.developer))
    row = Deflection.objects.get()
    browser_of(cast.stranger).post("/tickets/new/", NEW | {"answered": str(row.pk)})
    row.refresh_from_db()
    assert row.ticket is None
    assert browser_of(cast.admin).get(f"/tickets/new/answered/{row.pk}/").status_code == 404


@pytest.mark.parametrize("key", ["secret", "nope", "", "a\x00b"])
def test_what_they_may_not_read_answers_nothing(
    cast: SimpleNamespace, browser_of: Any, key: str
) -> None:
    assert answer(browser_of(cast.developer), article=key).status_code == 404
    assert not Deflection.objects.exists()


def test_who_comes_from_an_article_has_it_linked(cast: SimpleNamespace, browser_of: Any) -> None:
    browser = browser_of(cast.developer)
    form = browser.get("/tickets/new/", {"article": "token-expired"}).content.decode()
    assert "The token has expired" in form
    browser.post("/tickets/new/", NEW | {"from_article": "token-expired"})
    link = TicketArticle.objects.get()
    assert (link.article.key, link.source) == ("token-expired", "from-here")
    page = browser.get(f"/tickets/{link.ticket.reference}/").content.decode()
    assert "Linked articles" in page


@pytest.mark.parametrize("key", ["secret", "nope", "a\x00b", "x" * 5000])
def test_an_article_that_is_none_stops_no_ticket(
    cast: SimpleNamespace, browser_of: Any, key: str
) -> None:
    browser = browser_of(cast.developer)
    browser.get("/tickets/new/", {"article": key})
    assert browser.post("/tickets/new/", NEW | {"from_article": key}).status_code == 302
    assert not TicketArticle.objects.exists()


def test_without_a_script_a_button_looks_for_answers(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    page = browser_of(cast.developer).post("/tickets/new/", DRAFT | {"look": "1"})
    text = page.content.decode()
    assert page.status_code == 200
    assert "/docs/en/a/token-expired/" in text
    assert "Since noon." in text
    assert not Ticket.objects.exists()


def test_an_urgent_ticket_is_opened_by_one_request(cast: SimpleNamespace, browser_of: Any) -> None:
    assert browser_of(cast.developer).post("/down/", {"body": "token expired"}).status_code == 302
    assert Ticket.objects.get().severity == "urgent"
