"""The way of a text to its readers: reviewed by somebody else, shown, taken away, shown again."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Event
from accounts.viewer import Viewer
from knowledge import publishing, writing
from knowledge.languages import Language
from knowledge.models import Article, Revision, TextState, Translation
from tests import factories
from tests.factories import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast: SimpleNamespace) -> Translation:
    """Written by the engineer Zhao Min."""
    article = writing.create_article(by=Viewer.of(cast.engineer), now=NOON, key="t", kind="faq")
    revision = writing.save_revision(
        article=article,
        language=Language.EN,
        by=Viewer.of(cast.engineer),
        now=NOON,
        title="Tokens",
        body="## Why\n\nOld.",
    )
    return Translation.objects.get(pk=revision.translation_id)


def state(text: Translation) -> str:
    text.refresh_from_db()
    return text.state


def test_from_draft_to_readers_and_away(cast: SimpleNamespace, draft: Translation) -> None:
    writer, other = Viewer.of(cast.engineer), Viewer.of(cast.second)
    publishing.submit(translation=draft, by=writer, now=NOON)
    assert state(draft) == TextState.REVIEW
    publishing.publish(translation=draft, by=other, now=NOON)
    assert state(draft) == TextState.PUBLISHED
    assert "<h2" in draft.html
    assert Article.objects.get().is_published
    publishing.archive(translation=draft, by=other, now=NOON)
    assert state(draft) == TextState.ARCHIVED
    assert (draft.html, draft.body, draft.published_revision) == ("", "", None)
    assert not Article.objects.get().is_published
    publishing.publish(translation=draft, by=other, now=NOON)
    assert Article.objects.get().is_published


def test_nobody_publishes_their_own_text(cast: SimpleNamespace, draft: Translation) -> None:
    with pytest.raises(PermissionDenied, match="Somebody else"):
        publishing.publish(translation=draft, by=Viewer.of(cast.engineer), now=NOON)
    assert not state(draft) == TextState.PUBLISHED


def test_what_was_saved_after_the_review_is_not_published(
    cast: SimpleNamespace, draft: Translation
) -> None:
    """The colleague read revision 1; the writer saved another before they pressed the button."""
    read = draft.latest_revision
    factories.text(draft.article, language=Language.EN, title="Unread", is_published=False)
    with pytest.raises(ValidationError, match="Read it first"):
        publishing.publish(translation=draft, by=Viewer.of(cast.second), now=NOON, was_read=read)
    assert state(draft) == TextState.DRAFT
    publishing.publish(translation=draft, by=Viewer.of(cast.second), now=NOON, was_read=read + 1)
    assert state(draft) == TextState.PUBLISHED


def test_nobody_shows_their_own_text_to_others_by_its_details(
    cast: SimpleNamespace, draft: Translation
) -> None:
    """Published for staff by a colleague, it would be everybody's by one's own hand."""
    writer, other = Viewer.of(cast.engineer), Viewer.of(cast.second)
    article = draft.article
    writing.change_article(article=article, by=writer, now=NOON, audience="internal")
    publishing.publish(translation=draft, by=other, now=NOON)
    with pytest.raises(ValidationError, match="a colleague has to change its readers"):
        writing.change_article(article=article, by=writer, now=NOON, audience="public")
    assert Article.objects.get().audience == "internal"
    writing.change_article(article=article, by=other, now=NOON, audience="public")
    writing.change_article(article=article, by=writer, now=NOON, audience="internal")
    assert Article.objects.get().audience == "internal"


def test_a_manager_may(cast: SimpleNamespace, draft: Translation) -> None:
    writing.save_revision(
        article=draft.article,
        language=Language.EN,
        by=Viewer.of(cast.lead),
        now=NOON,
        title="Tokens",
        body="By a manager.",
    )
    publishing.publish(translation=draft, by=Viewer.of(cast.lead), now=NOON)
    assert state(draft) == TextState.PUBLISHED


def test_what_readers_see_stays_while_a_new_text_is_written(
    cast: SimpleNamespace, draft: Translation
) -> None:
    publishing.publish(translation=draft, by=Viewer.of(cast.second), now=NOON)
    factories.text(draft.article, language=Language.EN, title="New", is_published=False)
    draft.refresh_from_db()
    assert (draft.title, draft.state, draft.published_revision) == ("Tokens", TextState.DRAFT, 1)


def test_publishing_twice_is_once(cast: SimpleNamespace, draft: Translation) -> None:
    for _time in range(2):
        publishing.publish(translation=draft, by=Viewer.of(cast.second), now=NOON)
    assert Event.objects.filter(verb="article.published").count() == 1


def test_a_review_ends_with_a_reason(cast: SimpleNamespace, draft: Translation) -> None:
    publishing.submit(translation=draft, by=Viewer.of(cast.engineer), now=NOON)
    by = Viewer.of(cast.second)
    with pytest.raises(ValidationError, match="what is missing"):
        publishing.send_back(translation=draft, by=by, now=NOON, reason=" ")
    publishing.send_back(translation=draft, by=by, now=NOON, reason="No example.")
    assert state(draft) == TextState.DRAFT
    with pytest.raises(ValidationError, match="not in review"):
        publishing.send_back(translation=draft, by=by, now=NOON, reason="Again.")
    publishing.submit(translation=draft, by=by, now=NOON)
    with pytest.raises(ValidationError, match="Only a draft"):
        publishing.submit(translation=draft, by=by, now=NOON)


def test_an_old_text_comes_back_as_a_new_draft(cast: SimpleNamespace, draft: Translation) -> None:
    factories.text(draft.article, language=Language.EN, title="Worse", body="Worse.")
    old = Revision.objects.get(number=1)
    made = publishing.revert(revision=old, by=Viewer.of(cast.second), now=NOON)
    assert (made.number, made.title, made.body) == (3, "Tokens", "## Why\n\nOld.")
    assert made.note == "As in revision 1"
    assert state(draft) == TextState.DRAFT


def test_one_language_stays_when_the_other_goes(draft: Translation, cast: SimpleNamespace) -> None:
    other = factories.text(draft.article)
    publishing.publish(translation=draft, by=Viewer.of(cast.second), now=NOON)
    publishing.archive(translation=other, by=Viewer.of(cast.second), now=NOON)
    assert Article.objects.get().is_published
