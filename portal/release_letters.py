"""The mails that tell customers of a release: who gets one, and what it says.

Of each organization that runs less than it, every member with a verified address who has not
said no, for that organization or for all such mails; whoever belongs to several gets one mail, of
the first of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import agenda
from accounts.mail_choices import MailKind, wants
from accounts.models import Deadline, Delivery, Membership, Organization, User
from accounts.readers import as_read_by
from knowledge import announcing, languages
from knowledge.models import Change, Platform, Release, ReleaseMailMute
from portal import release_mute_links
from tickets import versions_in_use
from tickets.versions_in_use import InUse

AT_ONCE: Final = 50  # organizations in one transaction of the engine


def tell(row: Deadline, now: dt.datetime) -> None:
    """Put down the mails to some organizations, and have the next ones told after that."""
    release = Release.objects.select_related("product").get(pk=row.data["release"])
    after = int(row.data["after"])
    pks = list(
        Organization.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
    )[:AT_ONCE]
    if not pks:
        return
    changes = announcing.told_of(release)
    concerned = versions_in_use.below(
        release,
        now=now,
        platforms=announcing.platforms_of(release, changes),
        only=Q(organization__in=pks),
    )
    for organization in Organization.objects.filter(pk__in=concerned).order_by("pk"):
        runs = concerned[organization.pk]
        theirs = [one for one in changes if any(one.concerns(use.platform) for use in runs)]
        for person in readers(organization):
            _write(release, theirs, organization, runs, person, now=now)
    announcing.tell_from(release, after=pks[-1], now=now)


def readers(organization: Organization) -> list[User]:
    """Active members with a verified address who did not mute such mails."""
    members = Membership.objects.filter(organization=organization).values("user_id")
    muted = ReleaseMailMute.objects.filter(organization=organization).values("user_id")
    people = (
        User.objects.filter(pk__in=members, is_active=True, is_staff=False)
        .exclude(pk__in=muted)
        .order_by("pk")
    )
    verified = set(
        EmailAddress.objects.filter(user_id__in=members, verified=True).values_list(
            "user_id", "email"
        )
    )
    return [
        person
        for person in people
        if (person.pk, person.email) in verified and wants(person, MailKind.RELEASE)
    ]


def upgrade_address(release: Release, one: InUse, language: str) -> str:
    """The upgrade path from the version in use, on the configured origin."""
    platform = one.platform or release.platform
    query = {
        "product": release.product.key,
        "platform": platform,
        "from": str(one.version),
        "to": release.version,
    }
    return f"{settings.PUBLIC_URL}{reverse('docs:upgrade', args=[language])}?{urlencode(query)}"


def _write(
    release: Release,
    changes: Sequence[Change],
    organization: Organization,
    in_use: Iterable[InUse],
    person: User,
    *,
    now: dt.datetime,
) -> None:
    mute = release_mute_links.address(organization_id=organization.pk, user_id=person.pk)
    with as_read_by(person):
        language = languages.of_page()
        runs = [(one, upgrade_address(release, one, language)) for one in in_use]
        context: dict[str, Any] = {
            "release": release,
            "platform": Platform(release.platform).label if release.platform else "",
            "changes": [(_kind(change), change.text) for change in changes],
            "organization": organization,
            "runs": runs,
            "link": runs[0][1],
            "mute_link": mute,
            "subject": _subject(release, changes),
        }
        text = render_to_string("emails/release.txt", context)
        html = render_to_string("emails/release.html", context)
    agenda.send(
        kind=Delivery.Kind.EMAIL,
        key=f"release:{release.pk}:{person.pk}",
        channel="email",
        address=person.email,
        subject=f"release/{release.pk}",
        payload={
            "language": person.language,
            "subject": context["subject"],
            "text": text,
            "html": html,
            "reader": person.pk,
            "mutes_releases_of": organization.pk,
        },
        due_at=now,
        organization_id=organization.pk,
    )


def _kind(change: Change) -> str:
    """ "Breaking change", "Security, Android"."""
    return ", ".join(filter(None, (str(change.get_kind_display()), change.platform_words)))


def _subject(release: Release, changes: Sequence[Change]) -> str:
    """The weightiest of what is in it comes first."""
    words = {"release": str(release)}
    if any(change.kind == "security" for change in changes):
        return _("%(release)s: security note for the version you run") % words
    return _("%(release)s: breaking changes for the version you run") % words
