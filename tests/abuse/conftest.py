"""The API's caller, for abuse of the API; the engine's turns, for what it sends."""

from tests.api.conftest import _no_limits_from_before, api, caller_of, clock
from tests.portal.conftest import handle_due, send_due

__all__ = ["_no_limits_from_before", "api", "caller_of", "clock", "handle_due", "send_due"]
