"""What stands below the first line of our mails is never taken for what somebody newly wrote."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail

from accounts.viewer import Viewer
from tests import factories
from tickets import lifecycle
from tickets.intake.mail import newly_written
from tickets.intake.mail_marker import MARKERS

pytestmark = pytest.mark.django_db
Turn = Callable[[], Any]


@pytest.mark.parametrize("language", MARKERS)
@pytest.mark.parametrize(
    "quoted",
    [lambda text: text, lambda text: "".join(f"> {line}\n" for line in text.splitlines())],
    ids=["as it is", "with >"],
)
def test_a_mail_program_that_puts_no_head_above_what_it_quotes(
    cast: SimpleNamespace,
    clock: Any,
    handle_due: Turn,
    send_due: Turn,
    language: str,
    quoted: Callable[[str], str],
) -> None:
    cast.developer.language = language
    cast.developer.save()
    ticket = factories.ticket(cast.developer)
    lifecycle.reply(ticket=ticket, by=Viewer.of(cast.engineer), body="Try 4.2.", now=clock.now)
    handle_due()
    send_due()
    (ours,) = [
        one for one in mail.outbox if "Try 4.2." in one.body and one.to == [cast.developer.email]
    ]
    assert ours.body.startswith(MARKERS[language])
    found = newly_written.split(f"That works, thanks.\n\n{quoted(str(ours.body))}")
    assert found.new == "That works, thanks."
    assert "Try 4.2." in found.folded


def test_whoever_may_not_answer_is_not_asked_to(
    cast: SimpleNamespace, clock: Any, handle_due: Turn, send_due: Turn
) -> None:
    ticket = factories.ticket(cast.developer)
    from tickets import ownership

    ownership.follow(ticket=ticket, by=Viewer.of(cast.viewer), now=clock.now)
    lifecycle.reply(ticket=ticket, by=Viewer.of(cast.engineer), body="Try 4.2.", now=clock.now)
    handle_due()
    send_due()
    to_viewer = [one.body for one in mail.outbox if one.to == [cast.viewer.email]]
    assert to_viewer
    assert not any(marker in body for body in to_viewer for marker in MARKERS.values())
