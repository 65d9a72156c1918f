"""Versions compared in the database order as they do in Python."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge import versions
from knowledge.models import Article
from knowledge.version_filter import about_version
from tests import factories

pytestmark = pytest.mark.django_db
NUMBERS = st.integers(0, 99_999)
PARTS = st.text("abrc019-", min_size=1, max_size=12)
VERSIONS = st.builds(
    versions.Version, NUMBERS, NUMBERS, NUMBERS, st.lists(PARTS, max_size=3).map(tuple)
)


@given(VERSIONS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_key_is_the_same(version: versions.Version) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select vigil_version_key(%s)", [str(version)])
        assert cursor.fetchone()[0] == version.sort_key


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("4.9.9", {"all", "before"}),
        ("5.0.0-rc.1", {"all", "before"}),
        ("5.0.0", {"all", "from", "span", "before"}),
        ("5.10.0", {"all", "from", "span", "before"}),
        ("6.0.0", {"all", "from"}),
    ],
)
def test_articles_about_a_version_are_found(asked: str, found: set[str]) -> None:
    factories.article("all")
    factories.article("from", versions_from="5.0.0")
    factories.article("before", versions_before="6.0.0-beta.1")
    factories.article("span", versions_from="5.0.0", versions_before="6.0.0")
    rows = about_version(Article.objects.all(), versions.parse(asked))
    assert set(rows.values_list("key", flat=True)) == found
