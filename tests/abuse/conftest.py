"""The API's caller, for abuse of the API."""

from tests.api.conftest import _no_limits_from_before, api, caller_of, clock

__all__ = ["_no_limits_from_before", "api", "caller_of", "clock"]
