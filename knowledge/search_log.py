"""Note what was searched for and what was opened of it: the one place where queries are kept.

Nothing of it names a person; the rows are deleted after 180 days.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Final

from accounts.models import Organization
from knowledge.languages import Language
from knowledge.models import SearchClick, SearchRecord
from knowledge.models.search_log import LONGEST_TEXT

KEPT_FOR: Final = dt.timedelta(days=180)


def note(
    *,
    text: str,
    language: Language,
    hits: int,
    organization: Organization | None,
    now: dt.datetime,
    product: str = "",
) -> uuid.UUID:
    """Put down a search and give the key its clicks go by. The text is cut to 200 characters."""
    row = SearchRecord(
        text=" ".join(text.replace("\0", " ").split())[:LONGEST_TEXT],
        language=language,
        hits=hits,
        organization=organization,
        product=product,
        at=now,
    )
    row.save(force_insert=True)
    return row.pk


def clicked(
    *, search: uuid.UUID, target: str, now: dt.datetime, article_id: int | None = None
) -> None:
    """Put down that a hit of that search was opened; a second time changes nothing."""
    SearchClick.objects.bulk_create(
        [
            SearchClick(
                id=uuid.uuid5(search, target),
                search_id=search,
                article_id=article_id,
                target=target,
                at=now,
            )
        ],
        ignore_conflicts=True,
    )
