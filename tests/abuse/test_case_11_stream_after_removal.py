"""Abuse case 11: the live stream is open, and the membership is removed."""

from types import SimpleNamespace

from accounts.models import Membership
from accounts.tenancy import DatabaseRole, acting_as
from portal.live.revocation import CHECK_SECONDS
from tests.live_cast import happen
from tests.live_stream import Live, session_of


def test_the_stream_closes_within_ten_seconds_and_cannot_be_opened_again(
    live_process: Live, live_cast: SimpleNamespace
) -> None:
    cookie = session_of(live_cast.developer)
    page = live_process.open(cookie)
    colleague = live_process.open(session_of(live_cast.engineer))
    with acting_as(DatabaseRole.ENGINE):
        Membership.objects.filter(user=live_cast.developer).delete()
    assert CHECK_SECONDS < 10
    live_process.advance(CHECK_SECONDS)
    assert page.next()["event"] == "bye"
    page.wait_closed()
    happen(live_cast.star, "ticket/7")
    assert colleague.next_changes(1) == [7]
    assert page.is_silent
    assert live_process.open(cookie).status == 403
