"""Case 7 for articles: searching, suggesting and counting what somebody may not read."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import Viewer
from knowledge.models import (
    SearchDocument,
    SearchPassage,
    SearchPosting,
    SearchWord,
)
from knowledge.search.suggestions import suggest
from tests import factories
from tests.knowledge.search.scene import VISITOR, ask, index_all

pytestmark = pytest.mark.django_db
SECRET = "orchidplan"


@pytest.fixture(autouse=True)
def articles(cast: SimpleNamespace) -> None:
    factories.article("open", title="Open plans", body="An orchid is a flower. Plans are open.")
    body = f"The {SECRET} begins. {SECRET} goes on."
    for key, fields in {
        "internal": {"audience": "internal"},
        "theirs": {"audience": "organizations", "organizations": [cast.bright]},
        "draft": {"is_published": False},
    }.items():
        factories.article(key, title=f"About {SECRET}", body=body, **fields)
    index_all()


def readers(cast: SimpleNamespace) -> list[Viewer]:
    return [VISITOR, Viewer.of(cast.developer)]


@pytest.mark.parametrize(
    "question", [SECRET, "orchidpla", "orchidplans", f"open {SECRET}", "begins"]
)
def test_no_hit_no_correction_no_count(cast: SimpleNamespace, question: str) -> None:
    for viewer in readers(cast):
        found = ask(question, viewer=viewer)
        assert {hit.key for hit in found.articles} <= {"open"}
        assert SECRET not in str(found.corrected)


def test_those_who_may_read_it_find_it(cast: SimpleNamespace) -> None:
    theirs = ask(SECRET, viewer=Viewer.of(cast.stranger))
    assert [hit.key for hit in theirs.articles] == ["theirs"]
    staff = ask(SECRET, viewer=Viewer.of(cast.engineer))
    assert {hit.key for hit in staff.articles} == {"internal", "theirs"}


@pytest.mark.parametrize("typed", [SECRET, "orchidp", "About"])
def test_nothing_is_suggested(cast: SimpleNamespace, typed: str) -> None:
    for viewer, organizations in ((VISITOR, []), (Viewer.of(cast.developer), [cast.star.pk])):
        with acting_as(DatabaseRole.CUSTOMER, organizations=organizations):
            assert suggest(typed, language="en", viewer=viewer) == []


def test_scores_of_what_one_may_read_do_not_change_by_the_rest(cast: SimpleNamespace) -> None:
    before = [(hit.key, hit.score) for hit in ask("orchid flower open plans begins").articles]
    for number in range(5):
        factories.article(
            f"more-{number}", title="Orchid", body="orchid flower " * 9, audience="internal"
        )
    index_all()
    after = [(hit.key, hit.score) for hit in ask("orchid flower open plans begins").articles]
    assert after == before


def test_as_many_queries_as_for_nonsense(cast: SimpleNamespace) -> None:
    for viewer in readers(cast):
        counts = []
        for question in (SECRET, "zrchzdplzn"):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                ask(question, viewer=viewer)
            counts.append(len(asked))
        assert counts[0] == counts[1]


@pytest.mark.parametrize("model", [SearchDocument, SearchPassage, SearchPosting])
def test_the_wall_alone_hides_the_index_rows(cast: SimpleNamespace, model: type) -> None:
    column = "pk" if model is SearchDocument else "document_id"
    open_text = SearchDocument.objects.get(article__key="open").pk
    for organizations in ([], [cast.star.pk]):
        with acting_as(DatabaseRole.CUSTOMER, organizations=organizations):
            assert set(model.objects.values_list(column, flat=True)) == {open_text}


def test_the_filter_alone_hides_the_article(cast: SimpleNamespace) -> None:
    """As the engine, which sees every row."""
    from knowledge.search import find

    found = find(SECRET, language="en", viewer=Viewer.of(cast.developer))
    assert found.articles == []


def test_no_learnt_word_tells_of_it(cast: SimpleNamespace) -> None:
    with acting_as(DatabaseRole.CUSTOMER, organizations=[cast.star.pk]):
        assert not SearchWord.objects.filter(shown__startswith="orchidp").exists()
        with connection.cursor() as cursor:
            cursor.execute("select shown from vigil_similar_words(%s, 0)", [[SECRET]])
            assert {shown for (shown,) in cursor.fetchall()} <= {"orchid"}
