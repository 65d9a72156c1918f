"""Tables of the tickets app, one aggregate a file."""

from tickets.models.agreed_date import AgreedDate
from tickets.models.attachment import Attachment
from tickets.models.bounced_address import BouncedAddress
from tickets.models.calendar_feed import CalendarFeed
from tickets.models.call import Call, CallLeg, CallRecording
from tickets.models.chat import Chat
from tickets.models.deflection import Deflection
from tickets.models.enquiry import Enquiry, EnquiryFile, EnquiryMessage
from tickets.models.entry import Entry
from tickets.models.escalation import Escalation, Page
from tickets.models.follower import Follower
from tickets.models.handover import Handover
from tickets.models.holding import Holding
from tickets.models.inbound import Inbound
from tickets.models.join import Join
from tickets.models.ladder import Ladder, LadderStep
from tickets.models.mail_mute import MailMute
from tickets.models.policy import CalendarVersion, Policy, PolicyVersion, WorkCalendar
from tickets.models.promise import Promise, PromiseFact
from tickets.models.roster_record import DutyChange, RosterVersion, Swap
from tickets.models.severity_change import SeverityChange
from tickets.models.shift import ReachabilityDrill, ShiftWatch
from tickets.models.skill import Skill
from tickets.models.team import Roster, Team
from tickets.models.ticket import Ticket
from tickets.models.ticket_article import TicketArticle

__all__ = [
    "AgreedDate",
    "Attachment",
    "BouncedAddress",
    "Deflection",
    "DutyChange",
    "Call",
    "CallLeg",
    "CallRecording",
    "CalendarFeed",
    "CalendarVersion",
    "Enquiry",
    "EnquiryFile",
    "EnquiryMessage",
    "Chat",
    "Entry",
    "Escalation",
    "Follower",
    "Handover",
    "Holding",
    "Inbound",
    "Join",
    "Ladder",
    "LadderStep",
    "MailMute",
    "Page",
    "Policy",
    "PolicyVersion",
    "Promise",
    "PromiseFact",
    "ReachabilityDrill",
    "Roster",
    "RosterVersion",
    "SeverityChange",
    "ShiftWatch",
    "Skill",
    "Swap",
    "Team",
    "Ticket",
    "TicketArticle",
    "WorkCalendar",
]
