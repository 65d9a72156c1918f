"""A service that places texts by their meaning, where the operator has set one up.

Any that speaks OpenAI's `POST …/embeddings`. Off by default, and never needed: when it is away or
slow, the search answers from what the index itself knows, and asks it again a minute later.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import structlog
from django.conf import settings
from django.db import connection

from accounts.tenancy import DatabaseRole, acting_as

ASKED_SECONDS: Final = 0.8  # a question waits at most that long for its place
INDEXED_SECONDS: Final = 20.0
SILENT_SECONDS: Final = 60.0  # after a failure, questions are answered without it
BATCH: Final = 16  # texts of one call
READ: Final = 6_000  # characters of a text that are sent

_MISSING: Final = """
select d.translation_id, d.revision, t.title || E'\\n' || t.summary,
    (select string_agg(p.heading || E'\\n' || p.text, E'\\n' order by p.number)
        from knowledge_searchpassage p where p.document_id = d.translation_id)
from knowledge_searchdocument d
    join knowledge_translation t on t.id = d.translation_id
    left join knowledge_searchembedding e on e.document_id = d.translation_id
where e.document_id is null or e.revision <> d.revision or e.model <> %s
order by d.translation_id limit %s
"""
_WRITE: Final = """
insert into knowledge_searchembedding (document_id, revision, model, place)
select d.translation_id, n.revision, %s, n.place::halfvec
from unnest(%s::bigint[], %s::int[], %s::text[]) as n(pk, revision, place)
    join knowledge_searchdocument d on d.translation_id = n.pk
on conflict (document_id) do update set
    revision = excluded.revision, model = excluded.model, place = excluded.place
"""

log = structlog.get_logger(__name__)


class Unavailable(Exception):
    """The service does not answer, or not what it should."""


@dataclass(slots=True)
class _Health:
    """Whether this process asks at all: monotonic seconds from which it does again."""

    silent_until: float = 0.0


_health: Final = _Health()


def is_on() -> bool:
    return bool(settings.EMBEDDING_URL and settings.EMBEDDING_MODEL)


def place_of(text: str) -> str | None:
    """Where the service places a question, as pgvector writes it; None without a service."""
    if not is_on() or time.monotonic() < _health.silent_until:
        return None
    try:
        return _ask([text], ASKED_SECONDS)[0]
    except Unavailable as problem:
        _health.silent_until = time.monotonic() + SILENT_SECONDS
        log.warning("the embedding service is away", why=str(problem))
        return None


def catch_up(*, most: int = 200) -> int:
    """Have texts placed that are not yet, or were by another model; returns how many were."""
    placed = 0
    while is_on() and placed < most:
        with acting_as(DatabaseRole.ENGINE), connection.cursor() as cursor:
            cursor.execute(_MISSING, [settings.EMBEDDING_MODEL, BATCH])
            rows = cursor.fetchall()
        if not rows:
            break
        try:
            places = _ask([f"{head}\n{text or ''}"[:READ] for *_, head, text in rows])
        except Unavailable as problem:
            log.warning("the embedding service is away", why=str(problem))
            break
        with acting_as(DatabaseRole.ENGINE), connection.cursor() as cursor:
            keys, revisions = [row[0] for row in rows], [row[1] for row in rows]
            cursor.execute(_WRITE, [settings.EMBEDDING_MODEL, keys, revisions, places])
        placed += len(rows)
    return placed


def _ask(texts: Sequence[str], seconds: float = INDEXED_SECONDS) -> list[str]:
    """A vector for each text, in pgvector's writing."""
    import requests  # takes its time to load; without a service nobody needs it

    key = settings.EMBEDDING_KEY
    try:
        answer = requests.post(
            settings.EMBEDDING_URL.rstrip("/") + "/embeddings",
            json={"model": settings.EMBEDDING_MODEL, "input": list(texts)},
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=seconds,
            allow_redirects=False,
        )
        answer.raise_for_status()
        rows = sorted(answer.json()["data"], key=lambda row: row["index"])
        made = [_written(row["embedding"]) for row in rows]
    except (requests.RequestException, ValueError, KeyError, TypeError) as problem:
        raise Unavailable(type(problem).__name__) from problem
    if answer.status_code != requests.codes.ok or len(made) != len(texts):
        raise Unavailable(f"status {answer.status_code}, {len(made)} of {len(texts)} placed")
    return made


def _written(vector: Any) -> str:
    return "[" + ",".join(f"{float(value):.6g}" for value in vector) + "]"
