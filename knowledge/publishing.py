"""Draft, review, published, archived: the way of a text to its readers, and back.

Four eyes: whoever wrote the newest revision does not publish it, unless they are a manager.
"""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import access
from accounts.access import StaffRole
from accounts.viewer import Viewer
from knowledge.languages import Language
from knowledge.models import Article, Revision, TextState, Translation
from knowledge.rendering import RENDERER, render_article
from knowledge.writing import record, save_revision


@transaction.atomic
def submit(*, translation: Translation, by: Viewer, now: dt.datetime) -> None:
    """Ask for a review of the newest revision."""
    access.require(by, "article.write")
    translation = _locked(translation)
    if translation.state != TextState.DRAFT:
        raise ValidationError(_("Only a draft can be submitted for review."))
    _move(translation, TextState.REVIEW, "article.submitted", by=by, now=now)


@transaction.atomic
def send_back(*, translation: Translation, by: Viewer, now: dt.datetime, reason: str) -> None:
    """End the review: it needs more work, and the reason says what."""
    access.require(by, "article.publish")
    if not reason.strip():
        raise ValidationError({"reason": _("Say what is missing.")})
    translation = _locked(translation)
    if translation.state != TextState.REVIEW:
        raise ValidationError(_("It is not in review."))
    _move(translation, TextState.DRAFT, "article.sent_back", by=by, now=now, reason=reason)


@transaction.atomic
def publish(
    *, translation: Translation, by: Viewer, now: dt.datetime, was_read: int | None = None
) -> None:
    """Show the newest revision to its readers, rendered once here.

    `was_read` is the number of the revision that was looked at: when somebody saved a newer one
    meanwhile, `ValidationError` is raised. Publishing what is published already changes nothing.
    """
    access.require(by, "article.publish")
    translation = _locked(translation)
    revision = newest(translation)
    if translation.published_revision == revision.number:
        return
    if was_read is not None and was_read != revision.number:
        raise ValidationError(
            _("%(name)s saved revision %(number)d meanwhile. Read it first, then publish it.")
            % {"name": revision.author_name or _("Somebody"), "number": revision.number}
        )
    if by.staff_role == StaffRole.ENGINEER and by.user and revision.author_id == by.user.pk:
        raise PermissionDenied(_("Somebody else has to publish what you wrote."))
    article = translation.article
    translation.title, translation.summary = revision.title, revision.summary
    translation.body = revision.body
    _render(translation)
    translation.published_revision, translation.published_at = revision.number, now
    translation.state, translation.updated_at = TextState.PUBLISHED, now
    translation.save()
    Article.objects.filter(pk=article.pk).update(is_published=True)
    record(
        article,
        "article.published",
        by=by,
        now=now,
        language=translation.language,
        revision=revision.number,
    )


@transaction.atomic
def rerender(*, translation: Translation) -> None:
    """Render the published text again: its files changed, or the renderer did. No new text."""
    translation = _locked(translation)
    if translation.is_published:
        _render(translation)
        translation.save(update_fields=["html", "contents", "rendered_by"])


@transaction.atomic
def archive(*, translation: Translation, by: Viewer, now: dt.datetime) -> None:
    """Take the text from its readers; its history stays, and it can be published again."""
    access.require(by, "article.publish")
    translation = _locked(translation)
    if translation.state == TextState.ARCHIVED:
        return
    translation.published_revision = None
    translation.body = translation.html = ""
    translation.contents = []
    _move(translation, TextState.ARCHIVED, "article.archived", by=by, now=now)
    others = translation.article.translations.filter(published_revision__isnull=False)
    Article.objects.filter(pk=translation.article_id).update(is_published=others.exists())


@transaction.atomic
def revert(*, revision: Revision, by: Viewer, now: dt.datetime) -> Revision:
    """Make an old text the newest revision again, as a draft."""
    translation = revision.translation
    return save_revision(
        article=translation.article,
        language=Language(translation.language),
        by=by,
        now=now,
        title=revision.title,
        summary=revision.summary,
        body=revision.body,
        note=_("As in revision %(number)d") % {"number": revision.number},
    )


def newest(translation: Translation) -> Revision:
    """The newest revision; there is one from the first saving on."""
    return translation.revisions.get(number=translation.latest_revision)


def _render(translation: Translation) -> None:
    rendered = render_article(
        translation.body, article=translation.article, language=translation.language
    )
    translation.html, translation.contents = rendered.html, rendered.contents
    translation.rendered_by = RENDERER


def _locked(translation: Translation) -> Translation:
    """The row as it is now. The article is locked, so that both languages wait for each other."""
    Article.objects.select_for_update().get(pk=translation.article_id)
    return Translation.objects.select_related("article").get(pk=translation.pk)


def _move(
    translation: Translation,
    state: TextState,
    verb: str,
    *,
    by: Viewer,
    now: dt.datetime,
    **data: str,
) -> None:
    translation.state, translation.updated_at = state, now
    translation.save()
    record(translation.article, verb, by=by, now=now, language=translation.language, **data)
