"""Writing: each saving is a revision, and nobody's text is lost."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from accounts.models import Event
from accounts.viewer import SYSTEM, Viewer
from knowledge import writing
from knowledge.languages import Language
from knowledge.models import Article, Category, Revision, TextState, Translation
from tests.factories import NOON

pytestmark = pytest.mark.django_db


def save(article: Article, by: Viewer = SYSTEM, **fields: object) -> Revision:
    values = {"language": Language.EN, "title": "Tokens", "body": "Old.", "now": NOON} | fields
    return writing.save_revision(article=article, by=by, **values)  # type: ignore[arg-type]


@pytest.fixture
def article(db: None) -> Article:
    return writing.create_article(by=SYSTEM, now=NOON, key="tokens", kind="faq")


def test_each_saving_is_a_revision_and_one_event(article: Article) -> None:
    save(article)
    second = save(article, body="New.")
    assert second.number == 2
    text = Translation.objects.get()
    assert (text.latest_revision, text.state, text.is_published) == (2, TextState.DRAFT, False)
    assert list(Event.objects.values_list("verb", flat=True)) == [
        "article.created",
        "article.saved",
        "article.saved",
    ]


def test_saving_what_is_there_changes_nothing(article: Article) -> None:
    first = save(article)
    assert save(article) == first
    assert Revision.objects.count() == 1


def test_somebody_elses_saving_is_not_overwritten(article: Article) -> None:
    save(article)
    save(article, body="Theirs.")
    with pytest.raises(ValidationError, match="saved this text meanwhile"):
        save(article, body="Mine.", written_on=1)
    assert save(article, body="Mine, compared.", written_on=2).number == 3


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"summary": "x" * 401}, "summary"),
        ({"body": "\n"}, "body"),
        ({"body": "x" * 1_000_001}, "body"),
        ({"body": "a\0b"}, "body"),
    ],
    ids=["no title", "long title", "long summary", "no body", "huge body", "NUL"],
)
def test_what_cannot_be_saved(article: Article, fields: dict[str, str], field: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        save(article, **fields)
    assert list(refusal.value.message_dict) == [field]
    assert not Revision.objects.exists()


def test_a_revision_is_never_changed(article: Article) -> None:
    save(article)
    with pytest.raises(DatabaseError, match="permission denied|append-only"), transaction.atomic():
        Revision.objects.update(body="Another.")


def test_customers_do_not_write(article: Article, cast: SimpleNamespace) -> None:
    with pytest.raises(PermissionDenied):
        save(article, by=Viewer.of(cast.developer))


def test_which_language_is_behind(article: Article) -> None:
    save(article)
    save(article, language=Language.ZH, title="令牌", body="旧。", is_aligned=True)
    english, chinese = Translation.objects.order_by("language")
    assert not english.is_behind
    assert not chinese.is_behind
    save(article, body="More.")
    english, chinese = Translation.objects.order_by("language")
    assert not english.is_behind
    assert chinese.is_behind
    save(article, language=Language.ZH, title="令牌", body="更多。", is_aligned=True)
    assert not any(text.is_behind for text in Translation.objects.all())


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "poem"}, "kind"),
        ({"key": "a key"}, "key"),
        ({"versions_from": "new"}, "versions_from"),
        ({"versions_from": "5.0", "versions_before": "4.0"}, "versions_before"),
        ({"audience": "plan"}, "plans"),
        ({"audience": "organizations"}, "organizations"),
        ({"platforms": ["dos"]}, "platforms"),
    ],
    ids=["kind", "key", "version", "crossing range", "no plan", "no customer", "platform"],
)
def test_what_no_article_can_be(fields: dict[str, object], field: str) -> None:
    values = {"key": "one", "kind": "faq"} | fields
    with pytest.raises(ValidationError) as refusal:
        writing.create_article(by=SYSTEM, now=NOON, **values)  # type: ignore[arg-type]
    assert list(refusal.value.message_dict) == [field]
    assert not Article.objects.filter(key="one").exists()


def test_changing_an_article_tells_what_changed(article: Article) -> None:
    category = Category.objects.create(key="tokens", name_en="Tokens", name_zh="令牌")
    changed = writing.change_article(
        article=article, by=SYSTEM, now=NOON, kind="guide", categories=[category]
    )
    assert changed
    assert Event.objects.latest("id").data["fields"] == ["kind", "categories"]
    article.refresh_from_db()
    assert not writing.change_article(article=article, by=SYSTEM, now=NOON, kind="guide")


def test_a_category_is_never_part_of_itself() -> None:
    upper = Category.objects.create(key="a", name_en="A", name_zh="甲")
    lower = Category.objects.create(key="b", parent=upper, name_en="B", name_zh="乙")
    upper.parent = lower
    with pytest.raises(ValidationError, match="part of itself"):
        upper.clean()
