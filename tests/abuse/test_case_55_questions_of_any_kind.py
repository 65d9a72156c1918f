"""Case 55 for the search: whatever is typed, an answer or no hits, in bounded time."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from accounts.tenancy import acting_for
from accounts.viewer import Viewer
from knowledge.search import question
from knowledge.search.suggestions import suggest
from tests import factories
from tests.knowledge.search.scene import VISITOR, ask, index_all
from tickets.search import find_tickets

pytestmark = pytest.mark.django_db

QUESTIONS = [
    "",
    " ",
    "?!。，、；：",
    "'",
    '"',
    "''; drop table knowledge_article; --",
    "%",
    "_",
    "\\",
    "%_\\",
    "%s %(x)s {0} {x}",
    "a\x00b",
    "\x00",
    "🙂👩‍💻🇨🇳",
    "\u202e\u200b",
    "\ud7ff\uffff",
    "token & | ! ( ) : * <->",
    "a" * 10_000,
    "token " * 2_000,
    "令牌" * 5_000,
    " ".join(f"word{number}" for number in range(2_000)),
    "_" * 10_000,
    "." * 10_000,
    "a." * 5_000,
    "1" * 10_000,
    "1.2." * 2_500,
    "9" * 30 + " -2147483649 2147483648 99999.99999.99999 5.2",
    "C++ C# .NET",
]


@pytest.fixture(autouse=True)
def articles(cast: SimpleNamespace) -> None:
    factories.article("token", title="Token 100% _of_ it", body="The token's %_\\ 'end'.")
    factories.ticket(cast.owner, subject="Token 100% broken", body="It's %_\\ over")
    index_all()


@pytest.mark.parametrize("asked", QUESTIONS, ids=range(len(QUESTIONS)))
def test_an_answer_or_no_hits(cast: SimpleNamespace, asked: str) -> None:
    developer = Viewer.of(cast.developer)
    for viewer in (VISITOR, developer, Viewer.of(cast.engineer)):
        for language in ("en", "zh"):
            found = ask(asked, viewer=viewer, language=language, version=asked, platform="x")
            assert all(hit.title for hit in found.hits)
    with acting_for(developer):
        find_tickets(asked, viewer=developer)
        suggest(asked, language="en", viewer=developer)


def test_a_long_question_is_cut_to_its_rarest_words(django_assert_max_num_queries: object) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        read = question.read(cursor, " ".join(f"w{number}" for number in range(5_000)))
    assert len(read.weights) == question.MOST_WORDS
