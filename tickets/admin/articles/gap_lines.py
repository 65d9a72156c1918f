"""The gaps of the knowledge base as lines: what is missing, what to do, and where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.requests import TenantRequest
from knowledge import gaps
from knowledge.languages import Language
from knowledge.models import Product
from tickets import article_gaps


@dataclass(frozen=True, slots=True)
class Line:
    """`what` is missing something, `note` says what, `action` at `href` mends it."""

    what: str
    note: str
    action: str
    href: str


@dataclass(frozen=True, slots=True)
class Kind:
    key: str
    label: str | Promise
    explained: str | Promise
    read: Callable[[TenantRequest, Product | None, int], list[Any]]
    line: Callable[[Any], Line]


@dataclass(frozen=True, slots=True)
class Group:
    kind: Kind
    lines: list[Line]
    has_more: bool


def groups(request: TenantRequest, product: Product | None, only: str, limit: int) -> list[Group]:
    """Each kind of gap with its first lines, at most `limit`; only one kind when named."""
    made = []
    for kind in KINDS:
        if only in ("", kind.key):
            rows = kind.read(request, product, limit)
            lines = [kind.line(row) for row in rows[:limit]]
            made.append(Group(kind, lines, len(rows) > limit))
    return made


def _search(row: dict[str, Any]) -> Line:
    times = ngettext("searched once", "searched %(count)d times", row["times"]) % {
        "count": row["times"]
    }
    if row["empty"]:
        found = _("nothing was found")
    else:
        found = _("nobody opened a result")
    asked = {"title": row["words"], "kind": "faq", "language": row["language"]}
    if row["product"]:
        asked["product"] = row["product"]
    note = _("%(times)s, %(found)s") % {"times": times, "found": found}
    return Line(
        row["words"],
        f"{note} · {Language(row['language']).label}",
        _("Write the answer"),
        f"{reverse('admin:article_new')}?{urlencode(asked)}",
    )


def _ticket(ticket: Any) -> Line:
    product = f" · {ticket.product}" if ticket.product else ""
    return Line(
        f"{ticket.reference} {ticket.subject}",
        _("solved %(day)s") % {"day": _day(ticket.resolved_at)} + product,
        _("Write an article from it"),
        reverse("admin:ticket_article", args=[ticket.reference]),
    )


def _past_review(article: Any) -> Line:
    return Line(
        article.title,
        _("to be reviewed since %(day)s") % {"day": _day(article.review_on)},
        _("Read it, then set the next day"),
        reverse("admin:article_facts", args=[article.key]),
    )


def _language(text: Any) -> Line:
    language = Language(text.language)
    if text.is_missing:
        missing = language.other
        return Line(
            text.title,
            _("there is no %(language)s text") % {"language": missing.label},
            _("Translate it"),
            reverse("admin:article", args=[text.article.key, missing]),
        )
    if text.aligned_with is None:
        note = _("nobody noted that it says the same as the %(language)s text")
    else:
        note = _("the %(language)s text is newer")
    return Line(
        text.title,
        note % {"language": language.other.label},
        _("Bring it in line"),
        reverse("admin:article", args=[text.article.key, language]),
    )


def _release(release: Any) -> Line:
    lacks = []
    if not release.note_en or not release.note_zh:
        missing = [
            str(language.label) for language in Language if not getattr(release, f"note_{language}")
        ]
        lacks.append(
            _("no note in %(languages)s") % {"languages": get_text_list(missing, _("and"))}
        )
    if not release.has_changes:
        lacks.append(_("no changes listed"))
    if release.breaks_unguided:
        lacks.append(_("a breaking change without a guide"))
    return Line(
        str(release),
        " · ".join(lacks),
        _("Complete the notes"),
        reverse("admin:knowledge_release_change", args=[release.pk]),
    )


def _error_code(code: Any) -> Line:
    lacks = [
        str(_("no remedy in %(language)s") % {"language": language.label})
        for language in Language
        if not getattr(code, f"remedy_{language}")
    ]
    if code.article_id is None:
        lacks.append(_("no article"))
    elif not code.is_explained:
        lacks.append(_("customers cannot read its article"))
    platform = f" · {code.get_platform_display()}" if code.platform else ""
    return Line(
        f"{code} · {code.product}{platform}",
        " · ".join(lacks),
        _("Complete it"),
        reverse("admin:knowledge_errorcode_change", args=[code.pk]),
    )


def _sample(article: Any) -> Line:
    if article.checked_on is None:
        note = _("never checked")
    else:
        note = ngettext(
            "%(count)d release since it was checked on %(day)s",
            "%(count)d releases since it was checked on %(day)s",
            article.releases_since,
        ) % {"count": article.releases_since, "day": _day(article.checked_on)}
    return Line(
        article.title,
        note,
        _("Run it, then set version and day"),
        reverse("admin:article_facts", args=[article.key]),
    )


def _unhelpful(feedback: Any) -> Line:
    text = feedback.translation
    words = " ".join(feedback.words.split())
    return Line(
        text.title,
        f"“{words[:200]}{'…' if len(words) > 200 else ''}” · {_day(feedback.at)}",
        _("Answer it in the text"),
        reverse("admin:article", args=[text.article.key, text.language]),
    )


def _day(moment: Any) -> str:
    return date_format(moment, "Y-m-d")


KINDS: Final = (
    Kind(
        "searches",
        gettext_lazy("Searched in vain"),
        gettext_lazy("Of the last 90 days: nothing was found, or nobody opened what was."),
        lambda request, product, limit: gaps.searches(product, request.now, limit),
        _search,
    ),
    Kind(
        "tickets",
        gettext_lazy("Answered without an article"),
        gettext_lazy("Tickets solved in the last 90 days that no article is linked to."),
        lambda request, product, limit: article_gaps.answered_without(
            request.viewer, product, request.now, limit
        ),
        _ticket,
    ),
    Kind(
        "feedback",
        gettext_lazy("Did not help"),
        gettext_lazy("What readers of the text as it stands wrote."),
        lambda request, product, limit: gaps.unhelpful(product, request.now, limit),
        _unhelpful,
    ),
    Kind(
        "languages",
        gettext_lazy("Behind or missing in a language"),
        gettext_lazy("Published texts that the other language says more than, or lacks."),
        lambda request, product, limit: gaps.languages(product, limit),
        _language,
    ),
    Kind(
        "reviews",
        gettext_lazy("Past their review"),
        gettext_lazy("Published articles somebody meant to look at by now."),
        lambda request, product, limit: gaps.past_review(product, request.now.date(), limit),
        _past_review,
    ),
    Kind(
        "samples",
        gettext_lazy("Sample code not checked"),
        gettext_lazy("Since two releases of its product and platform, or ever."),
        lambda request, product, limit: gaps.samples(product, request.now.date(), limit),
        _sample,
    ),
    Kind(
        "releases",
        gettext_lazy("Releases without notes"),
        gettext_lazy("Supported ones: no note, no changes, or a breaking change without a guide."),
        lambda request, product, limit: gaps.releases(product, request.now.date(), limit),
        _release,
    ),
    Kind(
        "codes",
        gettext_lazy("Error codes not explained"),
        gettext_lazy("No remedy in one of the languages, or no article."),
        lambda request, product, limit: gaps.error_codes(product, limit),
        _error_code,
    ),
)
