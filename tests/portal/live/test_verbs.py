"""Every verb on a ticket reaches the pages that show it, notes only those of staff."""

from types import SimpleNamespace

from accounts.models import Event
from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import Viewer
from tests import factories
from tests.live_stream import Live, Page, session_of
from tickets import escalation, lifecycle
from tickets.models import Escalation, Ticket
from tickets.models.ticket import Severity


def urgent_ticket(cast: SimpleNamespace) -> Ticket:
    with acting_as(DatabaseRole.ENGINE) as now:
        factories.team(cast.engineer)
        return factories.ticket(cast.developer, severity=Severity.URGENT, now=now)


def hears_the_newest(page: Page, ticket: Ticket) -> bool:
    """Read on to the newest event of the ticket; raises queue.Empty when it never comes."""
    with acting_as(DatabaseRole.ENGINE):
        newest = Event.objects.about(ticket.event_subject).latest("id")
    while True:
        told = page.next()["data"]
        assert told["ticket"] == ticket.pk
        if told["event"] == newest.pk:
            return True


def test_a_customer_hears_of_opening_ringing_acknowledging_and_answering(
    live_process: Live, live_cast: SimpleNamespace
) -> None:
    page = live_process.open(session_of(live_cast.developer))
    ticket = urgent_ticket(live_cast)
    engineer = Viewer.of(live_cast.engineer)
    assert hears_the_newest(page, ticket)
    with acting_as(DatabaseRole.ENGINE) as now:
        escalation.start(ticket=ticket, reason=Escalation.Reason.URGENT, now=now)
    assert hears_the_newest(page, ticket)
    with acting_as(DatabaseRole.ENGINE) as now:
        escalation.acknowledge(ticket=ticket, by=engineer, now=now)
    assert hears_the_newest(page, ticket)
    with acting_as(DatabaseRole.ENGINE) as now:
        lifecycle.reply(ticket=ticket, by=engineer, body="I am on it.", now=now)
    assert hears_the_newest(page, ticket)
    assert "on it" not in page.text


def test_a_note_reaches_staff_without_its_text(
    live_process: Live, live_cast: SimpleNamespace
) -> None:
    ticket = urgent_ticket(live_cast)
    customer = live_process.open(session_of(live_cast.developer))
    staff = live_process.open(session_of(live_cast.engineer))
    engineer = Viewer.of(live_cast.engineer)
    with acting_as(DatabaseRole.ENGINE) as now:
        lifecycle.add_note(ticket=ticket, by=engineer, body="canary-5f1c", now=now)
    assert hears_the_newest(staff, ticket)
    with acting_as(DatabaseRole.ENGINE) as now:
        noted = Event.objects.get(verb="ticket.noted")
        lifecycle.reply(ticket=ticket, by=engineer, body="Hello.", now=now)
    assert hears_the_newest(customer, ticket)
    assert f'"event": {noted.pk}}}' in staff.text
    assert f'"event": {noted.pk}}}' not in customer.text
    assert "canary" not in staff.text + customer.text
