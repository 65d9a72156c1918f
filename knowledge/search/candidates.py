"""Fetch from the index what may answer a question, among what the reader may read.

One statement, under the reader's own role: the walls of the texts hold for each row of the index,
and the application's own filter is part of the statement.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings

from accounts.viewer import Viewer
from knowledge import versions
from knowledge.models import Product, Translation
from knowledge.search import embeddings
from knowledge.search.question import Question
from knowledge.search.ranking import Candidate

MOST: Final = 100  # of each language: by words, and as many by meaning

_STATEMENT: Final = """
with asked as materialized (
    select * from unnest(%(words)s::bigint[], %(weights)s::real[]) as t(word, weight)
),
meant as materialized (
    select sum(w.meaning) as meaning from knowledge_searchword w
    where w.number = any(%(words)s::bigint[])
),
readable as materialized (
    select d.translation_id as pk, d.article_id, d.language, d.parallel_id, d.likeness,
        nullif(1 - (d.meaning <=> (select meaning from meant)), 'NaN') as meaning,
        case when vector_dims(e.place) = vector_dims(%(place)s::halfvec)
            then nullif(1 - (e.place <=> %(place)s::halfvec), 'NaN') end as nearness
    from knowledge_searchdocument d join knowledge_article a on a.id = d.article_id
        left join knowledge_searchembedding e
            on e.document_id = d.translation_id and e.model = %(model)s
    where d.translation_id in ({readable})
        and (%(kinds)s::text[] is null or a.kind = any(%(kinds)s))
        and (%(product)s::bigint is null or a.product_id = %(product)s or a.product_id is null)
        and (%(platform)s = '' or a.platforms = '{{}}' or %(platform)s = any(a.platforms))
        and (%(version)s::int[] is null
            or a.versions_from = ''
            or string_to_array(split_part(a.versions_from, '-', 1), '.')::int[] <= %(version)s::int[])
        and (%(version)s::int[] is null
            or a.versions_before = ''
            or string_to_array(split_part(a.versions_before, '-', 1), '.')::int[] >= %(version)s::int[])
),
scores as (
    select p.document_id as pk, p.passage, sum(a.weight * p.impact) as score
    from asked a join knowledge_searchposting p using (word)
    group by 1, 2
),
best as (
    select distinct on (pk) pk, passage, score from scores order by pk, score desc, passage
),
rated as materialized (
    select r.*, b.passage, coalesce(b.score, 0) as words,
        row_number() over (partition by language order by b.score desc nulls last) as by_words,
        row_number() over (partition by language order by r.meaning desc nulls last) as by_meaning,
        row_number() over (partition by language order by r.nearness desc nulls last) as by_nearness
    from readable r left join best b using (pk)
),
chosen as (
    select * from rated
    where by_words <= %(most)s and words > 0
        or by_meaning <= %(most)s and meaning > 0
        or by_nearness <= %(most)s and nearness > 0
)
select pk, article_id, language, words, passage, meaning, parallel_id, likeness, nearness
from rated
where article_id in (select article_id from chosen)
    or pk in (select parallel_id from chosen)
"""


@dataclass(frozen=True, slots=True)
class Filters:
    """`version`: of the SDK, for texts that hold for it; each empty or None: all."""

    kinds: Collection[str] = ()
    product: Product | None = None
    platform: str = ""
    version: versions.Version | None = None


def fetch(cursor: Any, question: Question, *, viewer: Viewer, filters: Filters) -> list[Candidate]:
    """At most a few hundred texts: the best of each language by words, and by meaning."""
    readable, parameters = (
        Translation.objects.visible_to(viewer).published().values("pk").query.sql_with_params()
    )
    named = {f"readable{number}": value for number, value in enumerate(parameters)}
    names = tuple(f"%({name})s" for name in named)
    version = filters.version
    cursor.execute(
        _STATEMENT.format(readable=readable % names),
        {
            **named,
            "words": list(question.weights),
            "weights": list(question.weights.values()),
            "kinds": list(filters.kinds) or None,
            "product": filters.product.pk if filters.product else None,
            "platform": filters.platform,
            "version": [version.major, version.minor, version.patch] if version else None,
            "place": embeddings.place_of(question.text),
            "model": settings.EMBEDDING_MODEL,
            "most": MOST,
        },
    )
    return [Candidate(*row) for row in cursor.fetchall()]
