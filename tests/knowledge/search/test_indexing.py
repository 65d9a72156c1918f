"""How texts get into the index and out of it, and what is learnt over them."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from django.core.management import call_command

from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import SYSTEM
from knowledge import publishing
from knowledge.models import (
    ArticleFile,
    SearchDocument,
    SearchLearning,
    SearchPassage,
    SearchPosting,
    SearchWord,
    Translation,
)
from knowledge.search import index, latent, learning
from tests import factories
from tests.knowledge.search.scene import index_all, keys

pytestmark = pytest.mark.django_db


def text_of(key: str) -> Translation:
    return Translation.objects.get(article__key=key)


def test_only_what_changed_is_taken_in_again() -> None:
    factories.article("one")
    factories.article("draft", is_published=False)
    assert index.outdated() == [text_of("one").pk]
    index_all()
    assert index.outdated() == []
    factories.text(text_of("one").article, title="New", body="Other", language="en")
    assert index.outdated() == [text_of("one").pk]


def test_a_new_revision_replaces_the_old_words() -> None:
    article = factories.article("one", body="elephant")
    index_all()
    assert keys("elephant") == ["one"]
    factories.text(article, title="One", body="giraffe", language="en")
    index_all()
    assert keys("elephant") == []
    assert keys("giraffe") == ["one"]


def test_an_archived_text_leaves_nothing_behind() -> None:
    factories.article("one", body="elephant")
    index_all()
    publishing.archive(translation=text_of("one"), by=SYSTEM, now=factories.NOON)
    for model in (SearchDocument, SearchPassage, SearchPosting):
        assert not model.objects.exists()
    assert keys("elephant") == []
    index_all()
    assert not SearchWord.objects.exists()


def test_sample_code_is_found_and_taken_in_again_when_it_changes() -> None:
    article = factories.article("sample", kind="sample")
    made = ArticleFile.objects.create(
        article=article,
        path="src/Main.kt",
        kind="sample",
        content=b"engine.joinChannel(token)",
        size=1,
        digest="1" * 64,
    )
    index_all()
    assert keys("joinChannel") == ["sample"]
    made.content, made.digest = b"engine.leaveChannel()", "2" * 64
    made.save()
    assert index.outdated() == [text_of("sample").pk]
    index_all()
    assert keys("joinChannel src") == ["sample"]
    assert keys("leaveChannel") == ["sample"]


def test_a_page_between_two_learnings_is_found_by_new_words_too() -> None:
    factories.article("one", body="An elephant.")
    index_all()
    factories.article("two", body="A giraffe.")
    index_all(and_learn=False)
    assert keys("giraffe") == ["two"]


def test_words_are_learnt_from_what_everyone_may_read() -> None:
    factories.article("open", body="elephant elephants")
    factories.article("inside", body="giraffe", audience="internal")
    index_all()
    assert SearchWord.objects.filter(shown__in=["elephant", "elephants"]).exists()
    assert not SearchWord.objects.filter(shown="giraffe").exists()
    assert SearchLearning.objects.get().audience == "public"


def test_where_most_is_for_customers_visitors_see_no_learnt_word() -> None:
    factories.article("one", body="giraffe", audience="customers")
    factories.article("two", body="giraffe", audience="customers")
    factories.article("open", body="elephant")
    index_all()
    assert SearchLearning.objects.get().audience == "customers"
    with acting_as(DatabaseRole.CUSTOMER):
        assert not SearchWord.objects.exists()
    with acting_as(DatabaseRole.CUSTOMER, organizations=[1]):
        assert SearchWord.objects.filter(shown="giraffe").exists()
    assert keys("elephant") == ["open"]


def test_learning_is_due_when_much_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    now = factories.NOON
    assert not learning.is_due(now)
    factories.article("one")
    index_all(and_learn=False)
    assert learning.is_due(now)
    learning.learn()
    learnt_at = SearchLearning.objects.get().learnt_at
    assert learnt_at is not None
    assert not learning.is_due(learnt_at + dt.timedelta(hours=24))
    assert learning.is_due(learnt_at + dt.timedelta(hours=49))
    for number in range(6):
        factories.article(f"more-{number}")
    index_all(and_learn=False)
    assert learning.is_due(learnt_at)


def test_the_command_makes_the_whole_index_anew() -> None:
    factories.article("one", body="elephant")
    call_command("reindex_knowledge", quiet=True)
    assert keys("elephant") == ["one"]
    SearchPosting.objects.all().delete()
    call_command("reindex_knowledge", learn_only=True, quiet=True)
    assert keys("elephant") == []
    call_command("reindex_knowledge", quiet=True)
    assert keys("elephant") == ["one"]


def test_a_lone_page_is_answered_with_its_likely_translation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two articles nobody tied say the same: learnt from the pages that are tied."""
    monkeypatch.setattr(latent, "DOCUMENTS_EACH", 10)  # text by chance has no more to tell
    chance = random.Random(3)  # noqa: S311  pages by chance, the same each time
    letters = "bcdfgklmnp"
    english = [[f"{topic}a{a}e{b}o" for a in letters for b in "rt"] for topic in "jqvwxz"]
    chinese = [[chr(0x4E00 + 40 * n + m) * 2 for m in range(20)] for n in range(6)]
    for number in range(40):
        mine, theirs = english[number % 6], chinese[number % 6]
        made = factories.article(
            f"p{number}", title=chance.choice(mine), body=" ".join(chance.choices(mine, k=12))
        )
        factories.text(
            made, title=chance.choice(theirs), body=" ".join(chance.choices(theirs, k=12))
        )
    factories.article("lone-en", title=english[2][0], body=" ".join(english[2][:15]))
    factories.article("lone-zh", title=chinese[2][0], body=" ".join(chinese[2][5:]), language="zh")
    index_all()
    lone = SearchDocument.objects.get(article__key="lone-en")
    assert lone.parallel == SearchDocument.objects.get(article__key="lone-zh")
    assert lone.likeness > learning.PARALLEL
