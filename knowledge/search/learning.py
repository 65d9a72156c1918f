"""Learn over all texts: how rare each word is, and what it means in either language.

Nightly, in a process of its own. Words are learnt from texts that everybody may read, so that
neither an order of hits nor a corrected word tells anything of the others; where most texts are
for all customers, from these, and then visitors get no benefit of it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from accounts.tenancy import DatabaseRole, acting_as
from knowledge.languages import Language
from knowledge.models import Audience
from knowledge.search import latent, weighing
from knowledge.search.index import ONE_AT_A_TIME, USUAL_LENGTH, mean_length, outdated, reindex
from knowledge.search.words import forms, number_of

if TYPE_CHECKING:
    from knowledge.search.latent import Matrix

Progress = Callable[[str, int, int], None]

MOST_LEARNT_FROM: Final = 12_000  # pages, sections and titles; bounds the time to some minutes
PARALLEL: Final = 0.6  # cosine from which two lone pages may be translations of each other
LENGTH_DRIFT: Final = 0.2  # of the mean length, from which all impacts are made anew
_WRITTEN: Final = 500  # rows of one statement


@dataclass(slots=True)
class _Text:
    """`parts`: title, then each passage's words with its heading's."""

    pk: int
    article: int
    language: str
    revision: int
    is_learnt_from: bool
    parts: list[list[str]] = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        return [word for part in self.parts for word in part]


def _silent(_what: str, _done: int, _all: int) -> None:
    pass


def reindex_all(*, progress: Progress = _silent) -> None:
    """Take every published text in anew, and learn. Searches go on meanwhile."""
    with acting_as(DatabaseRole.ENGINE), connection.cursor() as cursor:
        cursor.execute("select id from knowledge_translation where published_revision is not null")
        published = {pk for (pk,) in cursor.fetchall()}
    everything = sorted(published | set(outdated()))
    count = 0

    def done(batch: int) -> None:
        nonlocal count
        count += batch
        progress("indexed", count, len(everything))

    reindex(everything, done=done)
    if _measure_length():
        count = 0
        reindex(everything, done=done)
    learn(progress=progress)


def learn(*, progress: Progress = _silent) -> None:
    """Learn from the texts in the index, and place all of them anew."""
    texts, audience, surfaces = _texts()
    learnt_from = [text for text in texts if text.is_learnt_from]
    progress("read", len(texts), len(texts))
    spread: Counter[str] = Counter()
    total = 0
    for text in learnt_from:
        title = set(text.parts[0])
        for part in text.parts[1:]:
            spread.update(title | set(part))
            total += 1
    space = latent.learn(list(_documents(learnt_from)))
    progress("learnt", len(space.numbers), len(space.numbers))
    places = space.place(Counter(text.words) for text in texts)
    with acting_as(DatabaseRole.ENGINE) as now, connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        _write_words(cursor, spread, total, space, surfaces)
        _write_places(cursor, texts, places)
        _write_parallels(cursor, texts, places)
        _write_learning(cursor, audience, len(texts), total, now)
    progress("written", len(spread), len(spread))


def is_due(now: dt.datetime) -> bool:
    """Whether so much has come or gone since the last time that tonight is too late."""
    with acting_as(DatabaseRole.ENGINE), connection.cursor() as cursor:
        cursor.execute("select count(*) from knowledge_searchdocument")
        there = cursor.fetchone()[0]
        cursor.execute("select documents, learnt_at from knowledge_searchlearning")
        row = cursor.fetchone()
    if not there:
        return False
    if row is None or row[1] is None:
        return True
    return bool(abs(there - row[0]) > max(5, row[0] // 5) or now - row[1] > dt.timedelta(days=2))


def _texts() -> tuple[list[_Text], str, dict[str, Counter[str]]]:
    """All texts in the index, whose reading they are learnt from, and how words are written."""
    surfaces: dict[str, Counter[str]] = {}
    with acting_as(DatabaseRole.ENGINE), connection.cursor() as cursor:
        cursor.execute(
            "select audience, count(*) from knowledge_searchdocument "
            "join knowledge_article a on a.id = article_id group by 1"
        )
        counts: dict[str, int] = dict(cursor.fetchall())
        public, customers = counts.get(Audience.PUBLIC, 0), counts.get(Audience.CUSTOMERS, 0)
        audience = Audience.PUBLIC if public >= customers else Audience.CUSTOMERS
        allowed = {Audience.PUBLIC, audience}
        cursor.execute(
            "select d.translation_id, d.article_id, d.language, d.revision, a.audience, t.title "
            "from knowledge_searchdocument d join knowledge_article a on a.id = d.article_id "
            "join knowledge_translation t on t.id = d.translation_id order by 1"
        )
        texts = {
            row[0]: (_Text(row[0], row[1], row[2], row[3], row[4] in allowed), row[5])
            for row in cursor.fetchall()
        }
        for text, title in texts.values():
            text.parts.append([word for word, _surface in forms(title)])
        keys = list(texts)
        for start in range(0, len(keys), _WRITTEN):
            cursor.execute(
                "select document_id, heading, text from knowledge_searchpassage "
                "where document_id = any(%s) order by document_id, number",
                [keys[start : start + _WRITTEN]],
            )
            for pk, heading, content in cursor.fetchall():
                part = list(forms(f"{heading}\n{content}"))
                texts[pk][0].parts.append([word for word, _surface in part])
                if texts[pk][0].is_learnt_from:
                    for word, surface in part:
                        if word.isascii() and word.isalpha():
                            surfaces.setdefault(word, Counter())[surface] += 1
    return [text for text, _title in texts.values()], audience, surfaces


def _documents(texts: Sequence[_Text]) -> Iterator[list[str]]:
    """What is learnt from: pairs of pages as one, their titles, their sections, lone pages."""
    by_article: dict[int, list[_Text]] = {}
    for text in texts:
        by_article.setdefault(text.article, []).append(text)
    left = MOST_LEARNT_FROM - len(by_article)
    for pair in by_article.values():
        yield [word for text in pair for word in text.words]
        if len(pair) < 2:
            continue
        one, other = pair
        if len(one.parts) == len(other.parts):
            for mine, theirs in zip(one.parts, other.parts, strict=True):
                if mine and theirs and left > 0:
                    left -= 1
                    yield mine + theirs
        elif one.parts[0] and other.parts[0] and left > 0:
            left -= 1
            yield one.parts[0] + other.parts[0]


def _write_words(
    cursor: Any,
    spread: Counter[str],
    total: int,
    space: latent.Space,
    surfaces: dict[str, Counter[str]],
) -> None:
    cursor.execute("delete from knowledge_searchword")
    rows = list(spread.items())
    for start in range(0, len(rows), _WRITTEN):
        part = rows[start : start + _WRITTEN]
        cursor.execute(
            "insert into knowledge_searchword (number, word, shown, passages, rarity, meaning) "
            "select * from unnest(%s::bigint[], %s::text[], %s::text[], %s::int[], %s::real[], "
            "%s::text[]::halfvec[]) on conflict do nothing",
            [
                [number_of(word) for word, _count in part],
                [word for word, _count in part],
                [
                    surfaces[word].most_common(1)[0][0] if word in surfaces else word
                    for word, _count in part
                ],
                [count for _word, count in part],
                [weighing.rarity(count, total) for _word, count in part],
                [
                    _vector(space.vectors[space.numbers[word]]) if word in space.numbers else None
                    for word, _count in part
                ],
            ],
        )


def _write_places(cursor: Any, texts: Sequence[_Text], places: Matrix) -> None:
    """Texts that changed while we learnt are placed when they are taken in again."""
    cursor.execute("update knowledge_searchdocument set meaning = null, parallel_id = null")
    for start in range(0, len(texts), _WRITTEN):
        part = texts[start : start + _WRITTEN]
        cursor.execute(
            "update knowledge_searchdocument d set meaning = n.meaning::halfvec "
            "from unnest(%s::bigint[], %s::int[], %s::text[]) as n(pk, revision, meaning) "
            "where d.translation_id = n.pk and d.revision = n.revision",
            [
                [text.pk for text in part],
                [text.revision for text in part],
                [_vector(places[start + row]) for row in range(len(part))],
            ],
        )


def _write_parallels(cursor: Any, texts: Sequence[_Text], places: Matrix) -> None:
    """Tie lone texts to what is most likely their translation, written as an article of its own."""
    languages = Counter(text.article for text in texts)
    lone = {
        language: [
            row
            for row, text in enumerate(texts)
            if text.language == language and languages[text.article] == 1
        ]
        for language in Language.values
    }
    english, chinese = lone[Language.EN], lone[Language.ZH]
    found = latent.likeliest_parallels(places[english], places[chinese], least=PARALLEL)
    pairs = [(texts[english[e]].pk, texts[chinese[c]].pk, like) for e, c, like in found]
    pairs += [(chinese_pk, english_pk, like) for english_pk, chinese_pk, like in pairs]
    cursor.execute(
        "update knowledge_searchdocument d set parallel_id = n.parallel, likeness = n.likeness "
        "from unnest(%s::bigint[], %s::bigint[], %s::real[]) as n(pk, parallel, likeness) "
        "where d.translation_id = n.pk "
        "and exists (select from knowledge_searchdocument where translation_id = n.parallel)",
        [list(column) for column in zip(*pairs, strict=True)] or [[], [], []],
    )


def _write_learning(
    cursor: Any, audience: str, documents: int, passages: int, now: dt.datetime
) -> None:
    cursor.execute(
        "insert into knowledge_searchlearning "
        "(id, audience, documents, passages, mean_length, learnt_at) "
        "values (1, %s, %s, %s, %s, %s) on conflict (id) do update set "
        "audience = excluded.audience, documents = excluded.documents, "
        "passages = excluded.passages, learnt_at = excluded.learnt_at",
        [audience, documents, passages, USUAL_LENGTH, now],
    )


def _measure_length() -> bool:
    """Write down the mean length of a passage; whether it is far from what was assumed."""
    with acting_as(DatabaseRole.ENGINE), connection.cursor() as cursor:
        cursor.execute("select avg(length) from knowledge_searchpassage")
        measured = float(cursor.fetchone()[0] or USUAL_LENGTH)
        assumed = mean_length(cursor)
        if abs(measured - assumed) <= LENGTH_DRIFT * assumed:
            return False
        cursor.execute(
            "insert into knowledge_searchlearning (id, audience, documents, passages, mean_length) "
            "values (1, 'public', 0, 0, %s) "
            "on conflict (id) do update set mean_length = excluded.mean_length",
            [measured],
        )
        return True


def _vector(row: Any) -> str:
    return "[" + ",".join(f"{value:.4g}" for value in row.tolist()) + "]"
