"""Fetch from the index what may answer a question, among what the reader may read.

One statement, under the reader's own role: the walls of the texts hold for each row of the index,
and the application's own filter is part of the statement.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db.models import Q, QuerySet

from accounts.viewer import Viewer
from knowledge import versions
from knowledge.languages import Language
from knowledge.models import Article, Product
from knowledge.search import embeddings
from knowledge.search.question import Question
from knowledge.search.ranking import Candidate
from knowledge.version_filter import about_version

_FINE: Final = 10_000  # steps of a score
_ROOM: Final = 1024  # more than a text has passages
MOST: Final = 100  # of each language: by words, and as many by meaning

_STATEMENT: Final = """
with asked as materialized (
    select * from unnest(%(words)s::bigint[], %(weights)s::real[]) as t(word, weight)
),
meant as materialized (
    select l2_normalize(sum(w.meaning)) as meaning from knowledge_searchword w
    where w.number = any(%(words)s::bigint[])
),
best as (
    -- The best passage's score and its number in one, so that one maximum finds both.
    select pk, max((score * {fine})::bigint * {room} + {room} - 1 - passage) as packed from (
        select p.document_id as pk, p.passage, sum(a.weight * p.impact) as score
        from asked a join knowledge_searchposting p using (word)
        group by p.document_id, p.passage
    ) passages
    group by pk
),
rated as materialized (
    select d.translation_id as pk, d.article_id, d.language, d.revision, b.packed as words,
        -(d.meaning <#> (select meaning from meant)) as meaning,
        d.parallel_id, d.likeness, {nearness} as nearness
    from ({readable}) readable(id) join knowledge_searchdocument d on d.article_id = readable.id
        left join best b on b.pk = d.translation_id
        {embeddings}
),
chosen as materialized (
    {chosen}
)
select pk, article_id, language, coalesce(words / {room} / {fine}::float8, 0),
    coalesce({room} - 1 - words %% {room}, 0), revision, meaning, parallel_id, likeness, nearness
from rated
where article_id in (select article_id from chosen)
    or pk in (select parallel_id from chosen)
"""
_NEARNESS: Final = """
case when vector_dims(e.place) = vector_dims(%(place)s::halfvec)
    then nullif(1 - (e.place <=> %(place)s::halfvec), 'NaN') end
"""
_EMBEDDINGS: Final = """
left join knowledge_searchembedding e on e.document_id = d.translation_id and e.model = %(model)s
"""
_BEST_OF: Final = """
(select article_id, parallel_id from rated where language = '{language}' and {by} > 0
order by {by} desc limit {most})
"""


@dataclass(frozen=True, slots=True)
class Filters:
    """`version`: of the SDK, for texts that hold for it; each empty or None: all."""

    kinds: Collection[str] = ()
    product: Product | None = None
    platform: str = ""
    version: versions.Version | None = None


def fetch(cursor: Any, question: Question, *, viewer: Viewer, filters: Filters) -> list[Candidate]:
    """At most some hundred texts: the best of each language by words, and by meaning."""
    readable, values = _readable(viewer, filters).query.sql_with_params()
    named = {f"readable{number}": value for number, value in enumerate(values)}
    place = embeddings.place_of(question.text)
    cursor.execute(
        _STATEMENT.format(
            readable=readable % tuple(f"%({name})s" for name in named),
            nearness=_NEARNESS if place else "null::float8",
            embeddings=_EMBEDDINGS if place else "",
            chosen=_chosen("words", "meaning", *(["nearness"] if place else [])),
            fine=_FINE,
            room=_ROOM,
        ),
        {
            **named,
            "words": list(question.weights),
            "weights": list(question.weights.values()),
            "place": place,
            "model": settings.EMBEDDING_MODEL,
        },
    )
    return list(map(Candidate._make, cursor.fetchall()))


def _chosen(*orders: str) -> str:
    """The best of each language in each of these orders."""
    return " union all ".join(
        _BEST_OF.format(language=language, by=by, most=MOST)
        for language in Language.values
        for by in orders
    )


def _readable(viewer: Viewer, filters: Filters) -> QuerySet[Article, Any]:
    """The articles that may answer this reader."""
    rows = Article.objects.visible_to(viewer)
    if filters.kinds:
        rows = rows.filter(kind__in=filters.kinds)
    if filters.product:
        rows = rows.filter(Q(product=filters.product) | Q(product=None))
    if filters.platform:
        rows = rows.filter(Q(platforms=[]) | Q(platforms__contains=[filters.platform]))
    if filters.version:
        return about_version(rows, filters.version).order_by().values("pk")
    return rows.order_by().values("pk")
