"""Tables of the tickets app, one aggregate a file."""

from tickets.models.attachment import Attachment
from tickets.models.entry import Entry
from tickets.models.escalation import Escalation, Page
from tickets.models.follower import Follower
from tickets.models.ladder import Ladder, LadderStep
from tickets.models.promise import Promise, PromiseFact
from tickets.models.severity_change import SeverityChange
from tickets.models.skill import Skill
from tickets.models.team import Roster, RosterMember, Team
from tickets.models.ticket import Ticket

__all__ = [
    "Attachment",
    "Entry",
    "Escalation",
    "Follower",
    "Ladder",
    "LadderStep",
    "Page",
    "Promise",
    "PromiseFact",
    "Roster",
    "RosterMember",
    "SeverityChange",
    "Skill",
    "Team",
    "Ticket",
]
