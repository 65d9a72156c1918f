"""Take published texts into the index, and out of it again.

What enters is fact: which words stand in which passage, and how often. What is learnt over all
texts (`learning`) is not touched, so that one page costs one page's work.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from django.db import connection

from accounts.tenancy import DatabaseRole, acting_as
from knowledge.models import ArticleFile, FileKind, SearchDocument
from knowledge.search import weighing
from knowledge.search.latent import DIMENSIONS
from knowledge.search.prepared import Prepared, prepare
from knowledge.search.words import number_of

BATCH: Final = 20  # texts of one transaction
ONE_AT_A_TIME: Final = 0x53454152  # advisory lock: indexing and learning wait for each other
USUAL_LENGTH: Final = 120.0  # words of a passage, until it has been measured

_OUTDATED: Final = f"""
with files as (
    select article_id, md5(string_agg(path || digest, '|' order by path)) as digest
    from knowledge_articlefile where kind = '{FileKind.SAMPLE}' group by article_id
)
select t.id
from knowledge_translation t
    left join knowledge_searchdocument d on d.translation_id = t.id
    left join files f on f.article_id = t.article_id
where t.published_revision is distinct from d.revision
    or d.translation_id is not null and coalesce(f.digest, '') <> d.files
order by t.id
"""  # noqa: S608  a constant of ours
_TEXTS: Final = """
select t.id, t.article_id, t.language, t.published_revision, t.title, t.summary, t.body
from knowledge_translation t
where t.id = any(%s) and t.published_revision is not null
"""
_DOCUMENT: Final = """
insert into knowledge_searchdocument
    (translation_id, article_id, language, revision, files, fingerprint, likeness)
values (%s, %s, %s, %s, %s, %s, 0)
on conflict (translation_id) do update set
    revision = excluded.revision, files = excluded.files, fingerprint = excluded.fingerprint
"""
_PASSAGES: Final = """
insert into knowledge_searchpassage (document_id, article_id, number, heading, text, length)
select %s, %s, * from unnest(%s::smallint[], %s::text[], %s::text[], %s::int[])
"""
_POSTINGS: Final = """
insert into knowledge_searchposting (document_id, article_id, passage, word, impact)
select %s, %s, * from unnest(%s::smallint[], %s::bigint[], %s::real[])
"""
_PLACE: Final = f"""
update knowledge_searchdocument set meaning = (
    select l2_normalize(sum(w.meaning * array_fill(c.weight, array[{DIMENSIONS}])::halfvec))
    from unnest(%s::bigint[], %s::real[]) as c(number, weight)
        join knowledge_searchword w using (number)
)
where translation_id = %s
"""  # noqa: S608  a constant of ours
_FILES_DIGEST: Final = f"""
select coalesce(md5(string_agg(path || digest, '|' order by path)), '')
from knowledge_articlefile where article_id = %s and kind = '{FileKind.SAMPLE}'
"""  # noqa: S608  a constant of ours


def outdated() -> list[int]:
    """Translations whose index rows are missing, old, or of a text that is no longer shown."""
    with acting_as(DatabaseRole.ENGINE), connection.cursor() as cursor:
        cursor.execute(_OUTDATED)
        return [pk for (pk,) in cursor.fetchall()]


def reindex(
    translation_ids: Iterable[int], *, done: Callable[[int], None] = lambda _count: None
) -> None:
    """Bring the index in line with these texts; what is no longer published leaves it.

    In batches, each in a transaction of its own, as the engine's role. `done` hears after each
    how many texts it had.
    """
    waiting = list(translation_ids)
    for start in range(0, len(waiting), BATCH):
        batch = waiting[start : start + BATCH]
        with acting_as(DatabaseRole.ENGINE), connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
            _take_in(cursor, batch)
        done(len(batch))


def _take_in(cursor: Any, batch: Sequence[int]) -> None:
    mean = mean_length(cursor)
    cursor.execute(_TEXTS, [list(batch)])
    texts = cursor.fetchall()
    for table in ("posting", "passage"):
        cursor.execute(
            f"delete from knowledge_search{table} where document_id = any(%s)",  # noqa: S608
            [list(batch)],
        )
    gone = set(batch) - {text[0] for text in texts}
    SearchDocument.objects.filter(pk__in=gone).delete()
    for pk, article, language, revision, title, summary, body in texts:
        prepared = prepare(title=title, summary=summary, body=body, files=sample_code(article))
        cursor.execute(_FILES_DIGEST, [article])
        files = cursor.fetchone()[0]
        cursor.execute(_DOCUMENT, [pk, article, language, revision, files, prepared.fingerprint])
        _write(cursor, pk, article, prepared, mean)


def _write(cursor: Any, pk: int, article: int, prepared: Prepared, mean: float) -> None:
    numbers = range(len(prepared.passages))
    cursor.execute(
        _PASSAGES,
        [
            pk,
            article,
            list(numbers),
            [passage.heading for passage in prepared.passages],
            [passage.text for passage in prepared.passages],
            [passage.length for passage in prepared.passages],
        ],
    )
    postings = [
        (number, number_of(word), weighing.impact(count, passage.length, mean))
        for number, passage in enumerate(prepared.passages)
        for word, count in passage.counts.items()
    ]
    columns = [list(column) for column in zip(*postings, strict=True)] or [[], [], []]
    cursor.execute(_POSTINGS, [pk, article, *columns])
    weights = {number_of(word): 1 + math.log(count) for word, count in prepared.counts.items()}
    cursor.execute(_PLACE, [list(weights), list(weights.values()), pk])


def sample_code(article_id: int) -> list[tuple[str, str]]:
    """The article's files of sample code that are text, as (path, content)."""
    rows = ArticleFile.objects.filter(article_id=article_id, kind=FileKind.SAMPLE)
    made = []
    for path, content in rows.values_list("path", "content"):
        try:
            made.append((path, bytes(content).decode()))
        except UnicodeDecodeError:
            continue
    return made


def mean_length(cursor: Any) -> float:
    """Words of a passage on average, as all impacts assume it."""
    cursor.execute("select mean_length from knowledge_searchlearning")
    row = cursor.fetchone()
    return float(row[0]) if row else USUAL_LENGTH
