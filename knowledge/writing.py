"""Write articles: the article itself, its texts, and the files in it.

A text is never changed: each saving is a new revision, and what readers see changes only by
publishing (`knowledge.publishing`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts import access, events
from accounts.access import StaffRole
from accounts.models import Organization
from accounts.viewer import Viewer
from knowledge.languages import Language
from knowledge.models import Article, ArticleReader, Audience, Category, Revision, Translation
from knowledge.models.translation import LONGEST_BODY, TextState


@transaction.atomic
def create_article(
    *,
    by: Viewer,
    now: dt.datetime,
    key: str,
    kind: str,
    categories: Iterable[Category] = (),
    organizations: Iterable[Organization] = (),
    **fields: Any,
) -> Article:
    """A new article without a text yet. `fields` are the model's.

    Raises `ValidationError` for what the model refuses.
    """
    access.require(by, "article.write")
    article = Article(key=key, kind=kind, created_at=now, **fields)
    article.full_clean()
    article.save()
    article.categories.set(categories)
    _set_readers(article, organizations)
    record(article, "article.created", by=by, now=now, kind=kind)
    return article


@transaction.atomic
def change_article(
    *,
    article: Article,
    by: Viewer,
    now: dt.datetime,
    categories: Iterable[Category] | None = None,
    organizations: Iterable[Organization] | None = None,
    **fields: Any,
) -> bool:
    """Change what both languages share; False when nothing differs.

    Raises `ValidationError` for what the model refuses, and for other readers of a published
    text of one's own: that would be publishing it.
    """
    access.require(by, "article.write")
    article = Article.objects.select_for_update().get(pk=article.pk)
    readers = _readers_of(article)
    changed = [name for name, value in fields.items() if getattr(article, name) != value]
    for name in changed:
        setattr(article, name, fields[name])
    article.full_clean()
    if changed:
        article.save(update_fields=changed)
    if categories is not None:
        chosen = {category.pk for category in categories}
        if chosen != set(article.categories.values_list("pk", flat=True)):
            article.categories.set(chosen)
            changed.append("categories")
    if organizations is not None and _set_readers(article, organizations):
        changed.append("organizations")
    if readers != _readers_of(article) and article.audience != Audience.INTERNAL:
        _need_a_colleague(article, by)
    if changed:
        record(article, "article.changed", by=by, now=now, fields=changed)
    return bool(changed)


@transaction.atomic
def save_revision(
    *,
    article: Article,
    language: Language,
    by: Viewer,
    now: dt.datetime,
    title: str,
    body: str,
    summary: str = "",
    note: str = "",
    written_on: int | None = None,
    is_aligned: bool = False,
    is_behind: bool = False,
) -> Revision:
    """Save a text as the newest revision, a draft. Saving what is there already changes nothing.

    `written_on` is the number of the revision the writer began from: when somebody else saved
    meanwhile, `ValidationError` is raised and nothing is lost. `is_aligned`: it says the same
    as the newest text in the other language; `is_behind`: it says less, and the other says all.
    """
    access.require(by, "article.write")
    check_text(title=title, body=body, summary=summary)
    Article.objects.select_for_update().get(pk=article.pk)
    translation = _translation(article, language, title, summary, now)
    latest = translation.revisions.first()
    if written_on is not None and written_on != translation.latest_revision:
        raise ValidationError(
            _("%(name)s saved this text meanwhile. Your text is below: compare, then save again.")
            % {"name": latest.author_name if latest else ""}
        )
    if latest and (latest.title, latest.summary, latest.body) == (title, summary, body):
        _align(translation, is_aligned=is_aligned, is_behind=is_behind)
        return latest
    revision = Revision.objects.create(
        translation=translation,
        number=translation.latest_revision + 1,
        title=title,
        summary=summary,
        body=body,
        author=by.user,
        author_name=by.name,
        note=note,
        created_at=now,
    )
    translation.latest_revision = revision.number
    translation.state, translation.updated_at = TextState.DRAFT, now
    if not translation.is_published:
        translation.title, translation.summary = title, summary
    translation.save()
    _align(translation, is_aligned=is_aligned, is_behind=is_behind)
    record(article, "article.saved", by=by, now=now, language=language, revision=revision.number)
    return revision


def check_text(*, title: str, body: str, summary: str) -> None:
    """Raise `ValidationError` with a sentence a field for what cannot be saved."""
    wrong = {}
    if not title.strip():
        wrong["title"] = _("Give it a title.")
    elif len(title) > 200:
        wrong["title"] = _("At most 200 characters.")
    if len(summary) > 400:
        wrong["summary"] = _("At most 400 characters.")
    if not body.strip():
        wrong["body"] = _("Write something first.")
    elif len(body) > LONGEST_BODY:
        wrong["body"] = _("At most 200,000 characters: split it into several articles.")
    for field, text in (("title", title), ("summary", summary), ("body", body)):
        if "\0" in text:
            wrong[field] = _("It contains characters that are no text.")
    if wrong:
        raise ValidationError(wrong)


def record(article: Article, verb: str, *, by: Viewer, now: dt.datetime, **data: Any) -> None:
    """One event about an article; customers' timelines and webhooks never see it."""
    events.record(
        verb=verb,
        subject=f"article/{article.pk}",
        by=by,
        at=now,
        organization_id=None,
        internal=True,
        key=article.key,
        **data,
    )


def _translation(
    article: Article, language: Language, title: str, summary: str, now: dt.datetime
) -> Translation:
    translation, _is_new = Translation.objects.get_or_create(
        article=article,
        language=language,
        defaults={"title": title, "summary": summary, "updated_at": now},
    )
    return translation


def _align(translation: Translation, *, is_aligned: bool, is_behind: bool) -> None:
    """Note which of the two texts says all that the other says."""
    if not (is_aligned or is_behind):
        return
    other = Translation.objects.filter(
        article=translation.article_id, language=Language(translation.language).other
    ).first()
    if other is None:
        return
    if is_aligned:
        translation.aligned_with = other.latest_revision
        translation.save(update_fields=["aligned_with"])
    other.aligned_with = translation.latest_revision
    other.save(update_fields=["aligned_with"])


def _readers_of(article: Article) -> tuple[str, frozenset[str], frozenset[int]]:
    named = frozenset(article.readers.values_list("organization_id", flat=True))
    return article.audience, frozenset(article.plans), named


def _need_a_colleague(article: Article, by: Viewer) -> None:
    """Four eyes, as in publishing: whoever wrote what is shown does not say to whom as well."""
    if by.staff_role != StaffRole.ENGINEER or by.user is None:
        return
    shown = Revision.objects.filter(
        translation__article=article, number=F("translation__published_revision")
    )
    if shown.filter(author=by.user).exists():
        raise ValidationError(
            {"audience": _("You wrote what is published: a colleague has to change its readers.")}
        )


def _set_readers(article: Article, organizations: Iterable[Organization]) -> bool:
    """The customers who may read it; kept only while it is for certain customers."""
    wanted = {row.pk for row in organizations}
    if article.audience == Audience.ORGANIZATIONS and not wanted:
        raise ValidationError({"organizations": _("Say which customers may read it.")})
    if article.audience != Audience.ORGANIZATIONS:
        wanted = set()
    present = set(article.readers.values_list("organization_id", flat=True))
    article.readers.filter(organization_id__in=present - wanted).delete()
    ArticleReader.objects.bulk_create(
        ArticleReader(article=article, organization_id=pk) for pk in sorted(wanted - present)
    )
    return wanted != present
