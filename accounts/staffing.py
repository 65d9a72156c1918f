"""Our own people: hire, and let go."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import access, agenda, events, letters, team
from accounts.models import ApiToken, ContactMethod, StaffProfile, User
from accounts.models.staff_profile import Level
from accounts.people import clean_address, clean_name
from accounts.viewer import Viewer

CHANGED: Final = "staff.changed"  # the kind of the deadline at which the engine looks what it means


@transaction.atomic
def hire(
    *,
    by: Viewer,
    email: str,
    name: str,
    level: str,
    is_manager: bool = False,
    languages: Sequence[str] = ("en",),
    language: str = "en",
    now: dt.datetime,
) -> User:
    """Create a person of staff and mail them a link to choose their password.

    The address counts as verified: until somebody opens the link sent to it, the account has
    no password and nobody can log in. Raises ValidationError by field.
    """
    access.require(by, "staff.edit")
    email = clean_address(email, field="email")
    name = clean_name(name, field="name")
    if level not in Level.values:
        raise ValidationError({"level": _("There is no such level.")})
    if User.objects.filter(email=email).exists():
        raise ValidationError({"email": _("There is an account with this address already.")})
    user = User.objects.create_user(email, None, name=name, language=language, is_staff=True)
    StaffProfile.objects.create(
        user=user, level=level, is_manager=is_manager, languages=list(languages)
    )
    ContactMethod.objects.create(
        user=user, kind=ContactMethod.Kind.EMAIL, address=email, verified_at=now
    )
    _verify_address(user)
    _mail_password_link(user, now=now)
    events.record(
        verb="staff.hired",
        subject=f"staff/{user.pk}",
        by=by,
        at=now,
        organization_id=None,
        internal=True,
        level=level,
        is_manager=is_manager,
    )
    return user


@transaction.atomic
def deactivate(*, user: User, by: Viewer, now: dt.datetime) -> None:
    """End a person's access at once: sessions, API tokens, password and links to reset it.

    Memberships end as when a colleague removes them, with the invitations they sent. Even
    the last owner's ends: safety comes first, the event says so, and a manager then makes
    another member the owner. Their history keeps its names. Nobody deactivates themselves,
    so a manager always remains.
    """
    access.require(by, "staff.edit")
    # Not the stronger lock: whoever holds a team's lock may be writing an event of theirs.
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not user.is_active:
        return
    if by.user is not None and by.user.pk == user.pk:
        raise ValidationError(_("Nobody lets themselves go: ask another manager."))
    user.is_active = False
    user.set_unusable_password()  # every link to reset it was signed with the old one
    user.save(update_fields=["is_active", "password"])
    end_sessions(user)
    ApiToken.objects.filter(created_by=user, revoked_at=None).update(revoked_at=now)
    team.end_all(user=user, by=by, now=now)
    events.record(
        verb="person.deactivated",
        subject=f"person/{user.pk}",
        by=by,
        at=now,
        organization_id=None,
        internal=True,
    )
    if user.is_staff:
        changed(user, now=now)


def changed(user: User, *, now: dt.datetime) -> None:
    """Have the engine look, once it is committed, whether duty is still covered without them.

    For whatever decides who may stand where: access that ended, level, languages, skills. Each
    change has a row of its own: one folded into an earlier one might be looked at too early.
    """
    agenda.schedule(
        kind=CHANGED,
        key=f"{CHANGED}:{uuid.uuid4()}",
        due_at=now,
        subject=f"staff/{user.pk}",
        organization_id=None,
    )


def end_sessions(user: User) -> None:
    """Log a person out everywhere. The database does it: staff may not read session keys."""
    with connection.cursor() as cursor:
        cursor.execute("select vigil_end_sessions(%s)", [user.pk])


def _verify_address(user: User) -> None:
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)


def _mail_password_link(user: User, *, now: dt.datetime) -> None:
    from allauth.account.forms import default_token_generator
    from allauth.account.utils import user_pk_to_url_str

    path = reverse(
        "account_reset_password_from_key",
        kwargs={
            "uidb36": user_pk_to_url_str(user),
            "key": default_token_generator.make_token(user),
        },
    )
    with translation.override(user.language):
        values = {
            "name": user.name,
            "link": settings.PUBLIC_URL + path,
            "again": settings.PUBLIC_URL + reverse("account_reset_password"),
        }
        title = _("Your account on Vigil")
        text = (
            _(
                "Hello %(name)s,\n\n"
                "an account was made for you. Choose your password within an hour:\n%(link)s\n\n"
                "After that, ask for a new link here:\n%(again)s"
            )
            % values
        )
    letters.post(
        address=user.email,
        language=user.language,
        title=title,
        text=text,
        subject=f"person/{user.pk}",
        now=now,
    )
