"""Members find their own tickets by words."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from accounts.tenancy import acting_for
from accounts.viewer import Viewer
from tests import factories
from tickets.models import Entry
from tickets.search import find_tickets

pytestmark = pytest.mark.django_db


def subjects(query: str, person: Any) -> list[str]:
    viewer = Viewer.of(person)
    with acting_for(viewer):
        return [hit.ticket.subject for hit in find_tickets(query, viewer=viewer)]


def test_by_subject_and_by_message_the_subject_first(cast: SimpleNamespace) -> None:
    factories.ticket(cast.developer, subject="Nothing works", body="The token expires at once.")
    factories.ticket(cast.developer, subject="Expired tokens", body="See the log.")
    factories.ticket(cast.developer, subject="Camera", body="It is black.")
    assert subjects("token expired", cast.developer) == ["Expired tokens", "Nothing works"]


@pytest.mark.parametrize("asked", ["retries", "retry"])
def test_a_plural_is_found_as_it_stands_and_by_its_word(cast: SimpleNamespace, asked: str) -> None:
    factories.ticket(cast.developer, subject="Too many retries", body="On every message.")
    assert subjects(asked, cast.developer) == ["Too many retries"]


def test_in_chinese_without_spaces(cast: SimpleNamespace) -> None:
    factories.ticket(cast.developer, subject="收不到离线推送", body="安卓收不到。")
    factories.ticket(cast.developer, subject="画面黑屏", body="摄像头没有画面。")
    assert subjects("离线推送怎么收不到", cast.developer) == ["收不到离线推送"]


def test_hits_are_marked_and_harmless(cast: SimpleNamespace) -> None:
    factories.ticket(cast.developer, subject="<b>Token</b>", body="A <i>token</i> is late.")
    viewer = Viewer.of(cast.developer)
    with acting_for(viewer):
        (hit,) = find_tickets("token", viewer=viewer)
    assert hit.title == "&lt;b&gt;<mark>Token</mark>&lt;/b&gt;"
    assert hit.snippet == "A &lt;i&gt;<mark>token</mark>&lt;/i&gt; is late."


def test_notes_and_others_tickets_are_never_found(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer, subject="Camera")
    Entry.objects.create(
        organization=ticket.organization,
        ticket=ticket,
        kind="note",
        author=cast.engineer,
        author_name="E",
        by_staff=True,
        body="orchid",
        at=factories.NOON,
    )
    factories.ticket(cast.stranger, subject="About orchid", body="orchid")
    assert subjects("orchid", cast.developer) == []
    assert subjects("orchid", cast.stranger) == ["About orchid"]


def test_the_filter_alone_hides_them_too(cast: SimpleNamespace) -> None:
    """As the engine, which sees every row."""
    factories.ticket(cast.stranger, subject="About orchid", body="orchid")
    assert find_tickets("orchid", viewer=Viewer.of(cast.developer)) == []


def test_wildcards_are_letters(cast: SimpleNamespace) -> None:
    factories.ticket(cast.developer, subject="axb", body="nothing")
    assert subjects("a_b", cast.developer) == []


def test_staff_have_their_queue(cast: SimpleNamespace) -> None:
    factories.ticket(cast.developer, subject="Camera")
    assert subjects("camera", cast.engineer) == []
