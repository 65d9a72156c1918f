"""Which tickets are proposed as one: pure, by who wrote, about what, by which way, and when."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.viewer import Viewer
from knowledge.search.words import words
from tests import factories
from tests.tickets.scenes import after
from tickets import join_proposals, joining
from tickets.models import Ticket
from tickets.models.ticket import Channel
from tickets.same_problem import ENOUGH, Known, likeness

NOON = dt.datetime(2027, 3, 1, 12, tzinfo=dt.UTC)


def known(**other: Any) -> Known:
    fields = {"reporter": 1, "product": 7, "channel": "phone", "opened_at": NOON}
    return Known(**(fields | other))


@pytest.mark.parametrize(
    ("other", "is_likely"),
    [
        ({"channel": "email"}, True),  # the same member about the same product by another way
        ({"channel": "email", "product": None}, True),  # of a call the product is not known
        ({"channel": "email", "product": None, "reporter": 2}, False),  # nothing in common
        ({"channel": "email", "reporter": 2}, True),  # a colleague, a moment later
        ({"channel": "email", "reporter": 2, "opened_at": NOON + dt.timedelta(hours=1)}, False),
        ({"opened_at": NOON + dt.timedelta(minutes=10)}, True),  # sent twice
        ({"opened_at": NOON + dt.timedelta(minutes=20)}, False),  # another problem of theirs
        ({"reporter": 2}, False),  # by the same way a colleague has a problem of their own
        ({"product": 8}, False),
        ({"opened_at": NOON + dt.timedelta(hours=25)}, False),
        ({"opened_at": NOON - dt.timedelta(hours=20), "channel": "portal"}, True),
    ],
)
def test_what_is_likely_the_same(other: dict[str, Any], is_likely: bool) -> None:
    assert (likeness(known(), known(**other)) >= ENOUGH) is is_likely
    assert likeness(known(), known(**other)) == likeness(known(**other), known())


SILENT = "Messages are sent but never arrive in rooms above 5,000 people"


@pytest.mark.parametrize(
    ("one", "other", "says"),
    [
        (SILENT, "Messages never arrive in big rooms", "the same"),
        (SILENT, "Nothing arrives in our rooms", "the same"),
        (SILENT, "Does the typing indicator count against messages of a room?", "another"),
        (SILENT, "How long is a recording kept in the Frankfurt region?", "another"),
        (SILENT, "直播间里大家都收不到消息", "nothing"),  # in another language
        (SILENT, "Call to the hotline", "nothing"),
        (SILENT, "Help!", "nothing"),
        (SILENT, "", "nothing"),
        ("Login fails: 1101", "joinChannel returns 1101 since this morning", "the same"),
        ("登录报错 1101", "Nobody can sign in any more: 1101", "the same"),
        ("ERR_TOKEN_EXPIRED", "Our Android app shows err_token_expired often", "the same"),
        ("大房间里消息收不到", "消息发出后大群收不到", "the same"),
        ("大房间里消息收不到", "云端录制的费用如何按月计算？", "another"),
        ("大房间里消息收不到", "热线来电", "nothing"),
    ],
)
def test_what_the_subjects_say(one: str, other: str, says: str) -> None:
    """By the same member about the same product, who tried another way at once."""
    here, there = (frozenset(words(subject)) for subject in (one, other))
    without = likeness(known(), known(channel="email"))
    likely = likeness(known(words=here), known(words=there, channel="email"))
    assert likely == likeness(known(words=there), known(words=here, channel="email"))
    weighed = {"the same": likely > without, "nothing": likely == without, "another": likely < 6}
    assert weighed[says]


def test_a_colleague_who_says_the_same_by_the_same_way_may_mean_it() -> None:
    said = frozenset(words("Messages never arrive"))
    assert likeness(known(words=said), known(words=said, reporter=2)) >= ENOUGH


def proposed(cast: SimpleNamespace, ticket: Ticket) -> list[tuple[Ticket, bool]]:
    found = join_proposals.proposals(ticket, Viewer.of(cast.engineer))
    return [(proposal.other, proposal.keeps_this) for proposal in found]


@pytest.fixture
def pair(cast: SimpleNamespace) -> tuple[Ticket, Ticket]:
    call = factories.ticket(cast.developer, channel=Channel.PHONE, now=after(0))
    mail = factories.ticket(cast.developer, channel=Channel.EMAIL, now=after(10))
    return call, mail


@pytest.mark.django_db
def test_the_older_one_is_to_be_kept(cast: SimpleNamespace, pair: tuple[Ticket, Ticket]) -> None:
    call, mail = pair
    assert proposed(cast, mail) == [(call, False)]
    assert proposed(cast, call) == [(mail, True)]


@pytest.mark.django_db
def test_what_a_person_found_different_is_proposed_no_more(
    cast: SimpleNamespace, pair: tuple[Ticket, Ticket]
) -> None:
    call, mail = pair
    for _time in range(2):
        joining.decline(kept=call, joined=mail, by=Viewer.of(cast.engineer), now=after(11))
    assert proposed(cast, mail) == proposed(cast, call) == []


@pytest.mark.django_db
def test_what_has_nothing_to_do_with_it_is_not_proposed(cast: SimpleNamespace) -> None:
    report = factories.ticket(cast.developer, subject=SILENT, now=after(0))
    typing = "Does the typing indicator count against the 50 messages a second?"
    factories.ticket(cast.developer, subject=typing, channel=Channel.CHAT, now=after(10))
    assert proposed(cast, report) == []
    again = "Rooms above 5,000 people are silent: messages never arrive"
    chat = factories.ticket(cast.developer, subject=again, channel=Channel.CHAT, now=after(10))
    assert proposed(cast, report) == [(chat, True)]


@pytest.mark.django_db
def test_what_a_person_split_again_is_proposed_no_more(
    cast: SimpleNamespace, pair: tuple[Ticket, Ticket]
) -> None:
    call, mail = pair
    joining.join(kept=call, joined=mail, by=Viewer.of(cast.engineer), now=after(11))
    mail.refresh_from_db()
    joining.split(ticket=mail, by=Viewer.of(cast.engineer), now=after(12))
    mail.refresh_from_db()
    assert proposed(cast, mail) == proposed(cast, call) == []


@pytest.mark.django_db
def test_of_many_tickets_the_same_members_and_the_nearest_in_time_are_looked_at(
    cast: SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: Any,
) -> None:
    monkeypatch.setattr(join_proposals, "LOOKED_AT", 2)
    for minute in (0, 1, 200):
        factories.ticket(cast.developer, channel=Channel.CHAT, now=after(minute))
    nearest = factories.ticket(cast.developer, channel=Channel.CHAT, now=after(57))
    call = factories.ticket(cast.developer, channel=Channel.PHONE, now=after(60))
    mail = factories.ticket(cast.developer, channel=Channel.EMAIL, now=after(65))
    for minute in (58, 59, 61, 62):
        factories.ticket(cast.owner, channel=Channel.PHONE, now=after(minute))
    with django_assert_num_queries(1):
        found = {other for other, _keeps in proposed(cast, call)}
    assert found == {nearest, mail}


@pytest.mark.django_db
def test_nothing_of_another_customer_is_proposed(
    cast: SimpleNamespace, pair: tuple[Ticket, Ticket]
) -> None:
    theirs = factories.ticket(cast.stranger, channel=Channel.CHAT, now=after(1))
    assert theirs not in [other for other, _keeps in proposed(cast, pair[0])]
