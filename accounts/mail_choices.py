"""Which mails a customer's people want.

Kept are the kinds somebody does not want, so that a kind added later reaches everybody.
Mails to engineers are their work: for them nothing here counts.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User


class MailKind(TextChoices):
    """The key is stored; the label is what somebody ticks."""

    OWN = "own", gettext_lazy("Answers in tickets I opened")
    FOLLOWED = "followed", gettext_lazy("Answers in tickets I follow")
    STATE = "state", gettext_lazy("What becomes of them: solved, closed, severity, agreed dates")
    PROMISE = "promise", gettext_lazy("A promise to us runs out soon, or was broken")
    CHAT = "chat", gettext_lazy("What I missed in a chat after I left")
    RELEASE = "release", gettext_lazy("Releases that concern what we run")


HINTS: Final = {
    MailKind.OWN: gettext_lazy("Without it you have to look into the portal yourself."),
    MailKind.STATE: gettext_lazy("Also a proposed severity, which needs your word."),
    MailKind.RELEASE: gettext_lazy("Only those with a security note or a breaking change."),
    MailKind.PROMISE: gettext_lazy("At most one mail for each promise before, and one after."),
}


def wants(person: User, kind: MailKind) -> bool:
    """Whether this person is to get mails of that kind."""
    return kind not in person.unwanted_mails


def choose(*, user: User, wanted: Collection[str]) -> None:
    """Save which kinds somebody wants; no event, as for the rest of a profile.

    Raises ValidationError when a kind is unknown; then nothing is saved.
    """
    if set(wanted) - set(MailKind.values):
        raise ValidationError({"wanted": _("There is no such kind of mail.")})
    unwanted = [kind for kind in MailKind.values if kind not in wanted]
    User.objects.filter(pk=user.pk).update(unwanted_mails=unwanted)
