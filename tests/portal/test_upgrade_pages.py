"""The upgrade path as a page for anybody, and as a checklist of an organization."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.models import Event
from knowledge.models import ChecklistTick, UpgradeChecklist
from tests import factories
from tests.factories import NOON

pytestmark = pytest.mark.django_db
PAGE = "/docs/en/upgrade/"
WAY = {"product": "im", "platform": "android", "from": "4.8.0", "to": "5.1.0"}


@pytest.fixture(autouse=True)
def releases(cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.tenancy.database_now", lambda read: NOON)
    factories.release("4.8.0", ("breaking", "Long ago."))
    factories.release("5.0.0", ("feature", "Shiny."), ("breaking", "login() takes a token."))
    factories.release("5.1.0", ("security", "A hole is closed."), platform="android")
    factories.release("5.1.0", ("breaking", "Only on iOS."), platform="ios")
    factories.release("6.0.0", ("breaking", "Not out yet."), released_on=dt.date(2027, 1, 1))


def kept(browser_of: Any, person: Any) -> UpgradeChecklist:
    browser_of(person).post("/upgrades/", WAY)
    return UpgradeChecklist.objects.get()


def test_anybody_sees_the_way(client: Any) -> None:
    page = client.get(PAGE, WAY)
    text = page.content.decode()
    assert page.status_code == 200
    assert text.index("login() takes a token.") < text.index("A hole is closed.")
    for absent in ("Long ago.", "Shiny.", "Only on iOS.", "Keep as a checklist"):
        assert absent not in text


def test_a_change_of_another_platform_is_not_on_the_way(client: Any) -> None:
    made = factories.release("5.0.2", ("breaking", "Tabs."), ("breaking", "Doze."))
    made.changes.filter(text_en="Tabs.").update(platforms=["web"])
    made.changes.filter(text_en="Doze.").update(platforms=["android", "ios"])
    text = client.get(PAGE, WAY).content.decode()
    assert "Tabs." not in text
    assert "Doze." in text
    assert "Android, iOS" in text
    text = client.get("/docs/en/releases/im/", {"platform": "web"}).content.decode()
    assert "Tabs." in text
    assert "Doze." not in text
    feed = client.get("/docs/en/releases/im.atom").content.decode()
    assert "Web: Tabs." in feed


def test_without_a_target_it_leads_to_the_newest_that_is_out(client: Any) -> None:
    page = client.get(PAGE, {"product": "im", "platform": "android", "from": "v4.8"})
    assert "4.8.0 → 5.1.0" in page.content.decode()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"from": "5.1.0"}, "nothing on the way"),
        ({"from": "6.0.0"}, "older than"),
        ({"to": "9.9.9"}, "There is no release 9.9.9; the newest one is 5.1.0."),
        ({"to": "6.0.0"}, "There is no release 6.0.0"),
        ({"from": "4.9.9"}, "We know of no release 4.9.9"),
    ],
)
def test_what_makes_no_way_gets_a_clear_answer(client: Any, asked: Any, words: str) -> None:
    assert words in client.get(PAGE, WAY | asked).content.decode()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"from": "five"}, "Write it like 5.2.1"),
        ({"from": ""}, "Say which version you run."),
        ({"product": "nope"}, "no such product"),
        ({"platform": "vms"}, "does not run there"),
        ({"to": "9" * 5000}, "characters"),
        ({"from": "4\x00"}, "Null"),
    ],
)
def test_bad_input_is_told_at_its_field(client: Any, asked: Any, words: str) -> None:
    page = client.get(PAGE, WAY | asked)
    assert page.status_code == 422
    assert words in page.content.decode()


def test_a_member_starts_from_what_their_tickets_say(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    factories.ticket(cast.developer, product=cast.product, platform="ios", sdk_version="4.8.0")
    text = browser_of(cast.viewer).get(PAGE).content.decode()
    assert 'value="4.8.0"' in text
    assert "from=4.8.0" in text


def test_a_member_keeps_it_and_a_colleague_ticks_it_off(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    checklist = kept(browser_of, cast.developer)
    assert (checklist.organization, checklist.from_version) == (cast.star, "4.8.0")
    item = checklist.known[0]
    browser_of(cast.owner).post(f"/upgrades/{checklist.pk}/tick/", {"item": item})
    text = browser_of(cast.viewer).get(f"/upgrades/{checklist.pk}/").content.decode()
    assert "1 of 2 done" in text
    assert "Olivia Owner" in text
    assert ChecklistTick.objects.get().at == NOON
    browser_of(cast.admin).post(f"/upgrades/{checklist.pk}/tick/", {"item": item, "done": "no"})
    assert not ChecklistTick.objects.exists()
    verbs = Event.objects.filter(subject=checklist.event_subject).values_list("verb", flat=True)
    assert sorted(verbs) == ["checklist.kept", "checklist.ticked", "checklist.unticked"]


def test_keeping_it_twice_keeps_one(cast: SimpleNamespace, browser_of: Any) -> None:
    kept(browser_of, cast.developer)
    assert kept(browser_of, cast.owner).by == cast.developer


def test_what_is_published_later_is_new_on_it(cast: SimpleNamespace, browser_of: Any) -> None:
    checklist = kept(browser_of, cast.developer)
    factories.release("5.0.1", ("known_issue", "Calls drop."))
    text = browser_of(cast.owner).get(f"/upgrades/{checklist.pk}/").content.decode()
    assert text.count("New since you began") == 1
    assert "0 of 3 done" in text


def test_an_item_that_is_not_on_the_way_is_not_ticked(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    checklist = kept(browser_of, cast.developer)
    browser_of(cast.owner).post(f"/upgrades/{checklist.pk}/tick/", {"item": "change:999999"})
    assert not ChecklistTick.objects.exists()


def test_who_only_reads_sees_it_and_changes_nothing(cast: SimpleNamespace, browser_of: Any) -> None:
    checklist = kept(browser_of, cast.developer)
    reader = browser_of(cast.viewer)
    assert reader.get(f"/upgrades/{checklist.pk}/").status_code == 200
    tick = {"item": checklist.known[0]}
    assert reader.post(f"/upgrades/{checklist.pk}/tick/", tick).status_code == 403
    assert reader.post(f"/upgrades/{checklist.pk}/remove/").status_code == 403
    assert reader.post("/upgrades/", WAY | {"from": "5.0.0"}).status_code == 403


def test_another_organization_finds_nothing(cast: SimpleNamespace, browser_of: Any) -> None:
    checklist = kept(browser_of, cast.developer)
    stranger = browser_of(cast.stranger)
    assert stranger.get(f"/upgrades/{checklist.pk}/").status_code == 404
    assert "4.8.0" not in stranger.get("/upgrades/").content.decode()
    tick = {"item": checklist.known[0]}
    assert stranger.post(f"/upgrades/{checklist.pk}/tick/", tick).status_code == 404


def test_a_way_that_cannot_be_is_not_kept(cast: SimpleNamespace, browser_of: Any) -> None:
    for wrong in ({"to": "9.9.9"}, {"from": "x"}, {"product": "nope"}, {"product": "a\x00"}):
        response = browser_of(cast.developer).post("/upgrades/", WAY | wrong, follow=True)
        assert response.status_code == 200
    assert not UpgradeChecklist.objects.exists()


def test_it_can_be_removed(cast: SimpleNamespace, browser_of: Any) -> None:
    checklist = kept(browser_of, cast.developer)
    browser_of(cast.owner).post(f"/upgrades/{checklist.pk}/remove/")
    assert not UpgradeChecklist.objects.exists()
