"""Compare versions where the rows are: what `knowledge.versions` does, as an expression."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db.models import Func, IntegerField, Q, QuerySet, Value

from knowledge.models import Article
from knowledge.versions import Version


class SortKey(Func):
    """The sort key of a version in its full form, as `Version.sort_key` makes it."""

    function = "vigil_version_key"
    output_field = ArrayField(IntegerField())


def about_version(articles: QuerySet[Article], version: Version) -> QuerySet[Article]:
    """Those whose range of versions holds this one; a range without an end holds all."""
    key = Value(version.sort_key, output_field=ArrayField(IntegerField()))
    return articles.alias(
        first_key=SortKey("versions_from"), before_key=SortKey("versions_before")
    ).filter(
        Q(versions_from="") | Q(first_key__lte=key), Q(versions_before="") | Q(before_key__gt=key)
    )
