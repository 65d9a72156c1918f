"""What the knowledge base lacks, as a list with what to do; each line goes when that is done."""

from __future__ import annotations

import datetime as dt
import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from accounts.viewer import Viewer
from knowledge import catalogue, publishing, search_log, writing
from knowledge.completeness_reading import of_products
from knowledge.languages import Language
from knowledge.models import ArticleFeedback, Translation
from tests import factories
from tickets import lifecycle, ticket_articles

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = NOW.date()


@pytest.fixture
def lines(cast: SimpleNamespace, browser_of: Any) -> Any:
    """The lines of one kind of gap, each its texts and where it leads."""
    reader = browser_of(cast.engineer)

    def read(kind: str, product: str = "") -> list[tuple[str, str, str]]:
        response = reader.get("/admin/articles/gaps/", {"kind": kind, "product": product})
        assert response.status_code == 200
        (group,) = response.context["groups"]
        return [(line.what, line.note, line.href) for line in group["group"].lines]

    return read


def test_searches_nobody_opened_a_result_of(cast: SimpleNamespace, lines: Any) -> None:
    for text in ("Offline push", "offline  push"):
        search_log.note(text=text, language=Language.EN, hits=0, organization=None, now=NOW)
    opened = search_log.note(text="token", language=Language.EN, hits=3, organization=None, now=NOW)
    search_log.clicked(search=opened, target="error:1", now=NOW)
    old = NOW - dt.timedelta(days=91)
    search_log.note(text="long ago", language=Language.EN, hits=0, organization=None, now=old)
    ((what, note, href),) = lines("searches")
    assert (what, note) == ("offline push", "searched 2 times, nothing was found · English")
    assert href == "/admin/articles/new/?title=offline+push&kind=faq&language=en"


def test_tickets_answered_without_an_article(cast: SimpleNamespace, lines: Any) -> None:
    staff = Viewer.of(cast.engineer)
    answered, silent = (factories.ticket(cast.developer, now=NOW) for _each in range(2))
    lifecycle.reply(ticket=answered, by=staff, body="Upgrade.", now=NOW)
    lifecycle.resolve(ticket=answered, by=staff, now=NOW)
    lifecycle.resolve(ticket=silent, by=Viewer.of(cast.developer), now=NOW)
    ((what, _note, href),) = lines("tickets")
    assert what.startswith(answered.reference)
    assert href == f"/admin/ticket/{answered.reference}/article/"
    ticket_articles.link(ticket=answered, article=factories.article(), by=staff, now=NOW)
    assert lines("tickets") == []


def test_words_of_readers_who_were_not_helped(cast: SimpleNamespace, lines: Any) -> None:
    article = factories.article()
    text = Translation.objects.get()
    for reader, words in (("a", "Which token?"), ("b", "")):
        ArticleFeedback.objects.create(
            translation=text, revision=1, helped=False, words=words, reader=reader, at=NOW
        )
    ((what, note, href),) = lines("feedback")
    assert (what, "Which token?" in note) == ("The token has expired", True)
    assert href == "/admin/article/token-expired/en/"
    factories.text(article, title="The token", body="This one.", language=Language.EN)
    assert lines("feedback") == []


def test_languages_behind_or_missing(lines: Any) -> None:
    article = factories.article()
    assert lines("languages") == [
        (
            "The token has expired",
            "there is no Chinese text",
            "/admin/article/token-expired/zh/",
        )
    ]
    factories.text(article)
    assert {note for _what, note, _href in lines("languages")} == {
        "nobody noted that it says the same as the Chinese text",
        "nobody noted that it says the same as the English text",
    }
    writing.save_revision(
        article=article,
        language=Language.ZH,
        by=Viewer(user=None, is_system=True),
        now=NOW,
        title="令牌已过期",
        body="向你的服务器要一个新的。",
        is_aligned=True,
    )
    assert lines("languages") == []
    factories.text(article, body="Ask your server for a new one, at once.", language=Language.EN)
    assert {note for _what, note, _href in lines("languages")} == {"the English text is newer"}


def test_articles_past_their_review(lines: Any) -> None:
    factories.article(review_on=TODAY - dt.timedelta(days=1))
    factories.article("fresh", review_on=TODAY)
    ((_what, _note, href),) = lines("reviews")
    assert href == "/admin/article/token-expired/details/"


def test_samples_not_checked_since_two_releases(cast: SimpleNamespace, lines: Any) -> None:
    day = dt.date(2026, 1, 1)
    about = {"kind": "sample", "product": cast.product}
    factories.article("ios", platforms=["ios"], checked_on=day, **about)
    factories.article("web", platforms=["web"], checked_on=day, **about)
    factories.article("never", **about)
    for version, platform in (("5.1.0", ""), ("5.2.0", "ios"), ("5.3.0", "android")):
        factories.release(version, platform=platform, released_on=dt.date(2026, 2, 1))
    factories.release("5.4.0", released_on=TODAY + dt.timedelta(days=1))
    found = {href.split("/")[3]: note for _what, note, href in lines("samples")}
    assert found == {
        "never": "never checked",
        "ios": "2 releases since it was checked on 2026-01-01",
    }


def test_releases_without_notes(lines: Any) -> None:
    factories.release("5.0.0", ("breaking", "Gone."), note_en="Big.", note_zh="大。")
    factories.release("5.1.0", ("fix", "Mended."), note_en="Small.")
    factories.release("5.2.0", note_en="Empty.", note_zh="空。")
    factories.release("5.3.0", ("fix", "Mended."), note_en="Whole.", note_zh="全。")
    factories.release("4.0.0", end_of_support=dt.date(2026, 6, 2))
    notes = {what.split()[-1]: note for what, note, _href in lines("releases")}
    assert notes == {
        "5.0.0": "a breaking change without a guide",
        "5.1.0": "no note in Chinese",
        "5.2.0": "no changes listed",
    }


def test_error_codes_not_explained(cast: SimpleNamespace, lines: Any) -> None:
    article = factories.article()
    staff = Viewer.of(cast.engineer)
    known = {"product": cast.product, "platform": "", "name": "", "meaning_en": "Gone."}
    both = {"remedy_en": "Ask again.", "remedy_zh": "重试。"}
    catalogue.set_error_code(number=1, article=article, by=staff, now=NOW, **known, **both)
    catalogue.set_error_code(number=2, remedy_en="Ask.", by=staff, now=NOW, **known)
    ((_what, note, _href),) = lines("codes")
    assert note == "no remedy in Chinese · no article"
    assert lines("codes", "im") != []


@pytest.mark.parametrize("is_there", ["archived", "draft", "internal", "read"])
def test_what_nobody_can_read_explains_nothing(
    cast: SimpleNamespace, lines: Any, is_there: str
) -> None:
    """An error code and a breaking change whose article is archived, not yet out, or staff's."""
    article = factories.article(
        audience="internal" if is_there == "internal" else "customers",
        is_published=is_there != "draft",
    )
    if is_there == "archived":
        text = article.translations.get()
        publishing.archive(translation=text, by=factories.SYSTEM, now=NOW)
    factories.error_code(article=article, remedy_en="Ask again.", remedy_zh="重试。")
    release = factories.release("5.0.0", ("breaking", "Gone."), note_en="Big.", note_zh="大。")
    release.changes.update(article=article)
    parts = of_products([cast.product], NOW)[cast.product.pk].parts
    done = {part.measure.key: part.done for part in parts}
    explained = is_there == "read"
    assert [note for _what, note, _href in lines("codes")] == (
        [] if explained else ["customers cannot read its article"]
    )
    assert [note for _what, note, _href in lines("releases")] == (
        [] if explained else ["a breaking change without a guide"]
    )
    assert (done["codes"], done["breaking"]) == (explained, explained)


def test_the_figure_is_counted_from_what_there_is(cast: SimpleNamespace) -> None:
    about = {"product": cast.product, "review_on": TODAY}
    article = factories.article(kind="guide", platforms=["ios"], **about)
    factories.article("faq", platforms=[], **about)
    factories.text(article)
    factories.release("5.0.0", ("breaking", "Gone."), note_en="Big.", note_zh="大。")
    factories.release("1.0.0", ("breaking", "Old."), note_en="Old.")
    factories.release("6.0.0", released_on=TODAY + dt.timedelta(days=9))
    for opened in (True, False):
        key = search_log.note(
            text="x", language=Language.EN, hits=1, organization=None, product="im", now=NOW
        )
        if opened:
            search_log.clicked(search=key, target=str(uuid.uuid4()), now=NOW)
    figure = of_products([cast.product], NOW)[cast.product.pk]
    counted = {part.measure.key: (part.done, part.total) for part in figure.parts}
    platforms = len(cast.product.platforms)
    assert counted == {
        "codes": (0, 0),
        "notes": (1, 2),
        "breaking": (0, 1),
        "kinds": (platforms + 1, 3 * platforms),
        "languages": (0, 2),
        "reviews": (2, 2),
        "questions": (1, 2),
    }


def test_the_page_takes_the_figure_apart(cast: SimpleNamespace, browser_of: Any) -> None:
    factories.release("5.0.0", ("fix", "Mended."), note_en="Big.", note_zh="大。")
    reader = browser_of(cast.engineer)
    text = reader.get("/admin/articles/gaps/?product=im").content.decode()
    assert "Supported releases with notes in both languages" in text
    assert "1 of 1" in text
    assert reader.get("/admin/articles/gaps/?product=nothing").status_code == 404
