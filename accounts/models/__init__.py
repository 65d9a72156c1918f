"""Tables of the accounts app, one aggregate a file."""

from accounts.models.api_token import ApiToken
from accounts.models.contact_check import ContactCheck
from accounts.models.contact_method import ContactMethod
from accounts.models.deadline import Deadline
from accounts.models.delivery import Delivery
from accounts.models.event import Event
from accounts.models.hotline_pin import HotlinePin
from accounts.models.idempotent_request import IdempotentRequest
from accounts.models.invitation import Invitation
from accounts.models.membership import Membership
from accounts.models.organization import Organization
from accounts.models.peak_hours import PeakHours
from accounts.models.quiet_hours import QuietHours
from accounts.models.staff_profile import StaffProfile
from accounts.models.user import User
from accounts.models.widget_key import WidgetKey, WidgetSession

__all__ = [
    "ApiToken",
    "ContactCheck",
    "ContactMethod",
    "Deadline",
    "Delivery",
    "Event",
    "HotlinePin",
    "IdempotentRequest",
    "Invitation",
    "Membership",
    "Organization",
    "PeakHours",
    "QuietHours",
    "StaffProfile",
    "User",
    "WidgetKey",
    "WidgetSession",
]
