"""Say whether an article helped.

Open to everyone who may read the article, so no role is asked for; the database lets customers
add rows about what they read and see none. The row is the record: it is never changed, and
there is no event beside it, which a visitor could not write.
"""

from __future__ import annotations

import datetime as dt
import hashlib

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Organization
from accounts.viewer import Viewer
from knowledge.models import ArticleFeedback, Translation
from knowledge.models.feedback import LONGEST_WORDS


@transaction.atomic
def give(
    *,
    translation: Translation,
    by: Viewer,
    visitor: str,
    organization: Organization | None,
    helped: bool,
    words: str,
    now: dt.datetime,
) -> bool:
    """Record it; False when this reader has said so before.

    A person is one reader wherever they are; who is not signed in is told apart by `visitor`,
    a secret of their browser. Raises `ValidationError` for words that are too long or no text.
    """
    words = words.strip()
    if len(words) > LONGEST_WORDS:
        too_long = _("At most %(number)d characters.") % {"number": LONGEST_WORDS}
        raise ValidationError({"words": too_long})
    if "\0" in words:
        raise ValidationError({"words": _("It contains characters that are no text.")})
    if translation.published_revision is None:
        raise ValidationError(_("This text is not published."))
    try:
        with transaction.atomic():
            ArticleFeedback.objects.create(
                translation=translation,
                revision=translation.published_revision,
                helped=helped,
                words=words,
                reader=_digest(by, visitor),
                organization=organization,
                at=now,
            )
    except IntegrityError:
        return False
    return True


def _digest(by: Viewer, visitor: str) -> str:
    """Who it is, as far as it takes to count nobody twice."""
    name = f"person {by.user.pk}" if by.user else f"visitor {visitor}"
    return hashlib.sha256(name.encode()).hexdigest()
