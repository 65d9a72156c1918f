"""The screens behind the links of drills and handovers, on a phone and without a login."""

from __future__ import annotations

import datetime as dt
import uuid
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Deadline, User
from accounts.viewer import Viewer
from portal import duty_links, page_links
from tests.portal.conftest import Clock
from tests.shift_scene import CHANGE, handle_due, make_scene, owned
from tickets import handover, lifecycle
from tickets.models import Handover, ReachabilityDrill, Ticket

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def scene(db: None, clock: Clock) -> SimpleNamespace:
    made = make_scene()
    made.ticket = owned(made)
    clock.now = CHANGE - 15 * MINUTE
    handle_due()
    return made


@pytest.fixture
def drill(scene: SimpleNamespace) -> ReachabilityDrill:
    return ReachabilityDrill.objects.get(person=scene.ben)


@pytest.fixture
def waiting(scene: SimpleNamespace, clock: Clock) -> Handover:
    """Proposed to Ben, whose drill is left out of the story here."""
    clock.now = CHANGE
    Deadline.objects.filter(kind="drill.confirm").update(settled_at=clock.now)
    handle_due()
    return Handover.objects.get()


def drill_link(drill: ReachabilityDrill) -> str:
    return reverse("page:drill", args=[duty_links.DRILL.token(drill.pk, drill.person_id)])


def handover_link(made: Handover) -> str:
    return reverse(
        "page:handover", args=[duty_links.HANDOVER.token(made.pk, made.to_person_id or 0)]
    )


def text(answer: Any) -> str:
    return str(answer.content.decode())


def outcome() -> str:
    return str(ReachabilityDrill.objects.order_by("pk").first().outcome)  # type: ignore[union-attr]


def owner(ticket: Ticket) -> User | None:
    return Ticket.objects.get(pk=ticket.pk).owner


def test_the_drill_says_that_nothing_is_down(client: Any, drill: ReachabilityDrill) -> None:
    shown = text(client.get(drill_link(drill)))
    for wanted in ("Nothing is down", "IM core", "I can be reached", "data-countdown"):
        assert wanted in shown


def test_looking_confirms_and_accepts_nothing(
    client: Any, drill: ReachabilityDrill, waiting: Handover, scene: SimpleNamespace
) -> None:
    for link, verb in ((drill_link(drill), "confirm"), (handover_link(waiting), "accept")):
        for method in (client.get, client.head):
            assert method(link).status_code == 200
        assert client.get(f"{link}{verb}/").status_code == 405
    assert ReachabilityDrill.objects.get(pk=drill.pk).confirmed_at is None
    assert owner(scene.ticket) == scene.ana


def test_one_press_confirms(client: Any, drill: ReachabilityDrill, clock: Clock) -> None:
    clock.forward(seconds=22)
    shown = text(client.post(f"{drill_link(drill)}confirm/", follow=True))
    assert "Reached in 22 s." in shown
    assert outcome() == "reached"


def test_late_but_before_the_shift_one_press_brings_it_back(
    client: Any, drill: ReachabilityDrill, clock: Clock, scene: SimpleNamespace
) -> None:
    clock.now = CHANGE - 4 * MINUTE
    handle_due()
    assert "give me my shift back" in text(client.get(drill_link(drill)))
    shown = text(client.post(f"{drill_link(drill)}confirm/", follow=True))
    assert "the shift is yours" in shown


def test_after_the_shift_began_it_says_who_has_it(
    client: Any, drill: ReachabilityDrill, clock: Clock
) -> None:
    clock.now = CHANGE - 5 * MINUTE
    handle_due()
    clock.now = CHANGE + MINUTE
    shown = text(client.post(f"{drill_link(drill)}confirm/", follow=True))
    assert "Cara Voss has the shift" in shown
    assert "I can be reached" not in shown


def test_one_press_accepts_a_handover(
    client: Any, waiting: Handover, scene: SimpleNamespace, clock: Clock
) -> None:
    shown = text(client.get(handover_link(waiting)))
    assert "Ana Souza" in shown
    assert "There is no note" in shown
    clock.forward(minutes=1)
    assert "It is yours." in text(client.post(f"{handover_link(waiting)}accept/", follow=True))
    assert owner(scene.ticket) == scene.ben


def test_the_note_is_read_behind_the_login_only(
    client: Any, waiting: Handover, scene: SimpleNamespace, clock: Clock
) -> None:
    handover.write_note(
        handover=waiting, by=Viewer.of(scene.ana), note="CANARY", now=clock.forward(seconds=9)
    )
    shown = text(client.get(handover_link(waiting)))
    assert "CANARY" not in shown
    assert "waits for you in the workspace" in shown


def test_whoever_is_too_late_sees_who_has_it(
    client: Any, waiting: Handover, scene: SimpleNamespace, clock: Clock
) -> None:
    link = handover_link(waiting)
    handover.accept(handover=waiting, by=Viewer.of(scene.cara), now=clock.now)
    shown = text(client.post(f"{link}accept/", follow=True))
    assert "Cara Voss has it." in shown
    assert owner(scene.ticket) == scene.cara


def test_what_was_solved_is_accepted_by_nobody(
    client: Any, waiting: Handover, scene: SimpleNamespace, clock: Clock
) -> None:
    lifecycle.close(ticket=scene.ticket, by=Viewer.of(scene.developer), now=clock.now)
    shown = text(client.post(f"{handover_link(waiting)}accept/", follow=True))
    assert "nothing to hand over any more" in shown


def test_a_link_to_somebody_it_is_no_longer_proposed_to_accepts_nothing(
    client: Any, waiting: Handover, scene: SimpleNamespace, clock: Clock
) -> None:
    link = handover_link(waiting)
    handover.propose(
        ticket=scene.ticket, by=Viewer.of(scene.ana), to=scene.lead, note="", now=clock.now
    )
    client.post(f"{link}accept/")
    assert owner(scene.ticket) == scene.ana


def test_forged_and_foreign_links_are_no_page(
    client: Any, drill: ReachabilityDrill, waiting: Handover, scene: SimpleNamespace
) -> None:
    own = duty_links.DRILL.token(drill.pk, drill.person_id)
    forged = [
        own[:-1],
        f"{own}x",
        "x",
        f"{drill.pk}.{scene.cara.pk}{own[own.index('~') :]}",
        duty_links.DRILL.token(drill.pk, scene.cara.pk),  # signed, but not hers
        duty_links.DRILL.token(999_999, drill.person_id),
        duty_links.DRILL.token(drill.pk, 999_999),
        duty_links.HANDOVER.token(drill.pk, drill.person_id),  # of the other kind
    ]
    for token in forged:
        link = reverse("page:drill", args=[token])
        assert client.get(link).status_code == 404
        assert client.post(f"{link}confirm/").status_code == 404
    for token in (own, "x", duty_links.HANDOVER.token(999_999, scene.ben.pk)):
        link = reverse("page:handover", args=[token])
        assert client.get(link).status_code == 404
        assert client.post(f"{link}accept/").status_code == 404
    assert ReachabilityDrill.objects.get(pk=drill.pk).confirmed_at is None
    assert owner(scene.ticket) == scene.ana


def test_a_press_from_another_site_is_refused(
    client: Any, drill: ReachabilityDrill, waiting: Handover
) -> None:
    client.handler.enforce_csrf_checks = True
    assert client.post(f"{drill_link(drill)}confirm/").status_code == 403
    assert client.post(f"{handover_link(waiting)}accept/").status_code == 403


def test_links_are_good_for_a_day(client: Any, drill: ReachabilityDrill, waiting: Handover) -> None:
    links = drill_link(drill), handover_link(waiting)
    with time_machine.travel(
        dt.datetime.now(dt.UTC) + dt.timedelta(hours=24, minutes=1), tick=False
    ):
        assert [client.get(link).status_code for link in links] == [410, 410]
        assert client.post(f"{links[0]}confirm/").status_code == 410


def test_somebody_who_left_confirms_and_accepts_nothing(
    client: Any, drill: ReachabilityDrill, waiting: Handover, scene: SimpleNamespace
) -> None:
    links = drill_link(drill), handover_link(waiting)
    User.objects.filter(pk=scene.ben.pk).update(is_active=False)
    for link in links:
        assert client.get(link).status_code == 403
    assert client.post(f"{links[0]}confirm/").status_code == 403
    assert client.post(f"{links[1]}accept/").status_code == 403


def test_addresses_and_language_are_kept(
    client: Any, drill: ReachabilityDrill, scene: SimpleNamespace
) -> None:
    User.objects.filter(pk=scene.ben.pk).update(language="zh-hans", time_zone="Asia/Shanghai")
    answer = client.get(drill_link(drill), headers={"accept-language": "en"})
    assert answer["Content-Language"] == "zh-hans"
    assert "22:00" in text(answer)  # 14:00 in UTC
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]


def test_a_page_link_opens_neither(client: Any, drill: ReachabilityDrill) -> None:
    token = page_links.token(uuid.UUID(int=drill.pk))
    assert client.get(reverse("page:drill", args=[token])).status_code == 404
