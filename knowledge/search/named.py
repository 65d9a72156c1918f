"""Things a question names outright: error codes by number or name, releases by version."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, Final

from django.db.models import Q

from accounts.viewer import Viewer
from knowledge import versions
from knowledge.models import ErrorCode, Product, Release
from knowledge.search.words import forms

MOST: Final = 5  # of each
_MOST_NAMED: Final = 20  # numbers, names or versions of one question that are looked up
# Chinese may stand directly before and behind: "错误码101204是什么".
_VERSION: Final = re.compile(
    r"(?<![A-Za-z0-9_.])[vV]?(\d{1,5}(?:\.\d{1,5}){1,2}(?:-(?:alpha|beta|rc)[.\d]*)?)(?![A-Za-z0-9_])"
)
_NUMBER: Final = re.compile(r"(?<![A-Za-z0-9_.])(-?\d{2,9})(?![A-Za-z0-9_]|\.\d)")
_NAME: Final = re.compile(r"(?<![A-Za-z0-9_])[A-Za-z][A-Za-z0-9_]{4,79}(?![A-Za-z0-9_])")
_LARGEST: Final = 2**31 - 1
# By its name, by its number, or by all the words of its name ("token expired").
_CODES: Final = """
select id from (
    select id, product_id, number, name, platform, number = any(%(numbers)s::int[]) as by_number,
        upper(name) = any(%(names)s::text[]) as by_name,
        array_remove(array_remove(string_to_array(lower(name), '_'), 'err'), 'error') as parts
    from knowledge_errorcode
    where (%(product)s::bigint is null or product_id = %(product)s)
        and (%(platform)s = '' or platform in ('', %(platform)s))
) codes
where by_number or by_name or cardinality(parts) > 1 and parts <@ %(said)s::text[]
order by by_name desc, by_number desc nulls last, product_id, number, name, platform
limit %(most)s
"""


def error_codes(
    cursor: Any,
    text: str,
    *,
    product: Product | None,
    platform: str,
    corrected: Collection[str] = (),
) -> list[ErrorCode]:
    """Codes whose number or name stands in the question, or all the words of whose name do.

    `corrected` are words that are meant where others were typed.
    """
    numbers = [int(found) for found in _NUMBER.findall(_VERSION.sub(" ", text))[:_MOST_NAMED]]
    cursor.execute(
        _CODES,
        {
            "numbers": [number for number in numbers if abs(number) <= _LARGEST],
            "names": [found.upper() for found in _NAME.findall(text)[:_MOST_NAMED]],
            "said": sorted({one for _word, one in forms(" ".join((text, *corrected)))})[:200],
            "product": product.pk if product else None,
            "platform": platform,
            "most": MOST,
        },
    )
    keys = [pk for (pk,) in cursor.fetchall()]
    rows = ErrorCode.objects.select_related("product", "article").in_bulk(keys)
    return [rows[pk] for pk in keys]


def releases(
    cursor: Any, text: str, *, viewer: Viewer, product: Product | None, platform: str
) -> list[Release]:
    """Releases whose version stands in the question; `5.2` means every 5.2.x, newest first."""
    meant = Q()
    for found in _VERSION.findall(text)[:_MOST_NAMED]:
        try:
            version = versions.parse(found)
        except ValueError:
            continue
        if found.count(".") == 1 and not version.pre:
            meant |= Q(sort_key__0=version.major, sort_key__1=version.minor)
        else:
            meant |= Q(version=str(version))
    if not meant:
        return []
    cursor.execute("select (now() at time zone 'utc')::date")
    rows = Release.objects.visible_to(viewer, on=cursor.fetchone()[0]).filter(meant)
    if product is not None:
        rows = rows.filter(product=product)
    if platform:
        rows = rows.filter(platform__in=["", platform])
    return list(rows.select_related("product").order_by("-sort_key", "product", "platform")[:MOST])
