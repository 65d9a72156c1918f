"""Who is told of a release, by which mail, and who is not."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Deadline, Delivery, Event
from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import Viewer
from knowledge import announcing, release_mails, running_versions
from knowledge.models import Release
from portal import release_letters, release_mute_links
from tests import factories
from tests.factories import NOON
from tickets import versions_in_use

pytestmark = pytest.mark.django_db
OLD = NOON - dt.timedelta(days=181)


def state(cast: SimpleNamespace, version: str, platform: str = "android", **more: Any) -> None:
    running_versions.state(
        organization=cast.star,
        by=Viewer.of(cast.developer),
        now=more.pop("now", NOON),
        product=cast.product,
        platform=platform,
        version=version,
    )


def release(**fields: Any) -> Release:
    return factories.release("5.2.0", ("security", "A hole is closed."), **fields)


def told(cast: SimpleNamespace, of: Release) -> list[Delivery]:
    with acting_as(DatabaseRole.STAFF):
        announcing.announce(release=of, by=Viewer.of(cast.engineer), now=NOON)
    while row := Deadline.objects.filter(kind=announcing.TELL, settled_at=None).first():
        release_letters.tell(row, NOON)
        Deadline.objects.filter(pk=row.pk).update(settled_at=NOON)
    return list(Delivery.objects.filter(subject=f"release/{of.pk}").order_by("address"))


def test_each_member_of_who_runs_less_gets_one_mail(cast: SimpleNamespace) -> None:
    state(cast, "5.1.0")
    state(cast, "5.0.0", "ios")
    mails = told(cast, release())
    assert [mail.address.split("@")[0] for mail in mails] == [
        "admin", "developer", "owner", "viewer",
    ]  # fmt: skip
    text = mails[0].payload["text"]
    assert "A hole is closed." in text
    assert "/docs/en/upgrade/?product=im&platform=android&from=5.1.0&to=5.2.0" in text
    assert "platform=ios&from=5.0.0" in text


@pytest.mark.parametrize(
    ("version", "platform", "of", "is_told"),
    [
        ("5.2.0", "android", "", False),
        ("5.3.0", "android", "", False),
        ("5.1.0", "ios", "android", False),
        ("5.1.0", "android", "android", True),
        ("5.1.0", "", "android", True),
    ],
)
def test_whom_it_does_not_concern_hears_nothing(
    cast: SimpleNamespace, version: str, platform: str, of: str, is_told: bool
) -> None:
    state(cast, version, platform)
    assert bool(told(cast, release(platform=of))) is is_told


def test_who_runs_another_platform_than_the_changes_are_of_hears_nothing(
    cast: SimpleNamespace,
) -> None:
    state(cast, "5.1.0", "android")
    made = release()
    made.changes.update(platforms=["web", "ios"])
    assert told(cast, made) == []


def test_each_hears_of_what_is_of_their_platform(cast: SimpleNamespace) -> None:
    state(cast, "5.1.0", "android")
    made = factories.release(
        "5.2.0", ("security", "In all."), ("breaking", "In tabs."), ("breaking", "In pockets.")
    )
    made.changes.filter(text_en="In tabs.").update(platforms=["web"])
    made.changes.filter(text_en="In pockets.").update(platforms=["android"])
    text = told(cast, made)[0].payload["text"]
    assert "In all." in text
    assert "Breaking change, Android: In pockets." in text
    assert "In tabs." not in text


def test_tickets_tell_what_is_run_and_the_latest_word_counts(cast: SimpleNamespace) -> None:
    about = {"product": cast.product, "platform": "android"}
    factories.ticket(cast.developer, **about, sdk_version="v5.1", now=NOON - dt.timedelta(days=2))
    made = release()
    assert list(versions_in_use.below(made, now=NOON)) == [cast.star.pk]
    state(cast, "5.2.0", now=NOON - dt.timedelta(days=1))
    assert versions_in_use.below(made, now=NOON) == {}
    factories.ticket(cast.developer, **about, sdk_version="5.0.0", now=NOON)
    assert list(versions_in_use.below(made, now=NOON)) == [cast.star.pk]


@pytest.mark.parametrize(
    "ticket", [{"sdk_version": "the newest"}, {"sdk_version": "5.0.0", "now": OLD}]
)
def test_old_tickets_and_what_is_no_version_say_nothing(cast: SimpleNamespace, ticket: Any) -> None:
    factories.ticket(cast.developer, product=cast.product, platform="android", **ticket)
    assert versions_in_use.of_organization(cast.star, now=NOON) == []


def test_nobody_is_told_twice(cast: SimpleNamespace) -> None:
    state(cast, "5.1.0")
    made = release()
    assert len(told(cast, made)) == 4
    assert len(told(cast, made)) == 4
    assert Event.objects.filter(verb="release.announced").count() == 1


def test_who_muted_such_mails_gets_none(cast: SimpleNamespace) -> None:
    state(cast, "5.1.0")
    release_mails.mute(organization=cast.star, by=Viewer.of(cast.viewer), now=NOON)
    assert "viewer@starcast.example" not in [mail.address for mail in told(cast, release())]


def test_who_wants_no_mails_of_that_kind_gets_none(cast: SimpleNamespace) -> None:
    state(cast, "5.1.0")
    cast.viewer.unwanted_mails = ["release"]
    cast.viewer.save()
    assert "viewer@starcast.example" not in [mail.address for mail in told(cast, release())]


def test_who_left_or_proved_no_address_gets_none(cast: SimpleNamespace) -> None:
    state(cast, "5.1.0")
    factories.member(cast.star, name="Unproven", email="new@starcast.example", verified=False)
    addresses = [mail.address for mail in told(cast, release())]
    assert cast.former.email not in addresses
    assert "new@starcast.example" not in addresses


def test_it_is_written_in_the_language_of_each(cast: SimpleNamespace) -> None:
    cast.viewer.language = "zh-hans"
    cast.viewer.save()
    state(cast, "5.1.0")
    mails = {mail.address: mail.payload["text"] for mail in told(cast, release())}
    assert "/docs/zh/upgrade/" in mails["viewer@starcast.example"]
    assert "/docs/en/upgrade/" in mails["owner@starcast.example"]


@pytest.mark.parametrize(
    ("fields", "kind"),
    [({"released_on": dt.date(2027, 1, 1)}, "security"), ({}, "feature")],
)
def test_what_is_not_out_or_asks_nothing_is_not_announced(
    cast: SimpleNamespace, fields: Any, kind: str
) -> None:
    made = factories.release("5.2.0", (kind, "So."), **fields)
    with pytest.raises(ValidationError):
        announcing.announce(release=made, by=Viewer.of(cast.engineer), now=NOON)


def test_staff_see_beforehand_how_many_it_concerns(cast: SimpleNamespace, browser_of: Any) -> None:
    state(cast, "5.1.0")
    made, engineer = release(), browser_of(cast.engineer)
    text = engineer.get(f"/admin/announce/{made.pk}/").content.decode()
    assert "1 customer runs less" in text
    assert "4 people are told" in text
    assert not Deadline.objects.filter(kind=announcing.TELL).exists()
    engineer.post(f"/admin/announce/{made.pk}/")
    assert Deadline.objects.filter(kind=announcing.TELL).count() == 1


def test_the_link_in_the_mail_mutes_and_takes_it_back(cast: SimpleNamespace, client: Any) -> None:
    link = release_mute_links.token(organization_id=cast.star.pk, user_id=cast.viewer.pk)
    client.get(f"/mail/releases/{link}/")
    assert not release_mails.ReleaseMailMute.objects.exists()
    client.post(f"/mail/releases/{link}/")
    assert release_mails.ReleaseMailMute.objects.get().user == cast.viewer
    client.post(f"/mail/releases/{link}/unmute/")
    assert not release_mails.ReleaseMailMute.objects.exists()
    gone = release_mute_links.token(organization_id=cast.star.pk, user_id=cast.former.pk)
    assert client.post(f"/mail/releases/{gone}/").status_code == 410
