"""Readers say whether an article helped, once each."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import ProgrammingError, transaction

from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import Viewer
from knowledge import feedback
from knowledge.models import ArticleFeedback, Translation
from tests import factories
from tests.factories import NOON

pytestmark = pytest.mark.django_db
NOBODY = Viewer(user=None)


def give(text: Translation, by: Viewer = NOBODY, visitor: str = "one", **said: Any) -> bool:
    asked: dict[str, Any] = {"helped": True, "words": "", "organization": None} | said
    with acting_as(DatabaseRole.CUSTOMER, organizations=by.organization_ids):
        return feedback.give(translation=text, by=by, visitor=visitor, now=NOON, **asked)


@pytest.fixture
def text(db: None) -> Translation:
    return factories.article("about").translations.get()


def test_it_is_recorded_with_its_words_and_the_text_it_is_about(text: Translation) -> None:
    assert give(text, helped=False, words="  What about iOS?  ")
    row = ArticleFeedback.objects.get()
    assert (row.helped, row.words, row.revision, row.at) == (False, "What about iOS?", 1, NOON)


def test_a_reader_counts_once(cast: SimpleNamespace, text: Translation) -> None:
    assert give(text)
    assert not give(text, helped=False)
    assert give(text, visitor="another")
    owner = Viewer.of(cast.owner)
    assert give(text, owner, organization=cast.star)
    assert not give(text, owner, visitor="at home", organization=cast.star)
    assert give(text, Viewer.of(cast.developer), organization=cast.star)
    assert ArticleFeedback.objects.count() == 4


def test_who_it_was_cannot_be_read_from_it(cast: SimpleNamespace, text: Translation) -> None:
    give(text, visitor="secret of a browser")
    give(text, Viewer.of(cast.owner))
    for row in ArticleFeedback.objects.all():
        assert len(row.reader) == 64
        assert "secret" not in row.reader


@pytest.mark.parametrize("words", ["x" * 2001, "a\0b"])
def test_words_that_cannot_be_kept_are_refused(text: Translation, words: str) -> None:
    with pytest.raises(ValidationError):
        give(text, words=words)
    assert not ArticleFeedback.objects.exists()


def test_customers_add_and_never_read_or_change(text: Translation) -> None:
    give(text)
    for forbidden in (
        lambda: ArticleFeedback.objects.count(),
        lambda: ArticleFeedback.objects.update(helped=False),
        lambda: ArticleFeedback.objects.all().delete(),
    ):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            acting_as(DatabaseRole.CUSTOMER),
        ):
            forbidden()


def test_nobody_speaks_of_what_they_may_not_read_or_for_others(cast: SimpleNamespace) -> None:
    hidden = factories.article("hidden", audience="internal").translations.get()
    public = factories.article("public").translations.get()
    for asked in (
        {"text": hidden},
        {"text": public, "by": Viewer.of(cast.owner), "organization": cast.bright},
        {"text": public, "organization": cast.star},
    ):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            give(**asked)
    assert not ArticleFeedback.objects.exists()


def test_staff_read_and_change_nothing(text: Translation) -> None:
    give(text)
    with acting_as(DatabaseRole.STAFF):
        assert ArticleFeedback.objects.count() == 1
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        acting_as(DatabaseRole.STAFF),
    ):
        ArticleFeedback.objects.update(helped=False)
