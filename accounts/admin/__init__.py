"""Pages for plain editing of what this app owns, one aggregate a file."""

from accounts.admin import agenda, event, organization, user

__all__ = ["agenda", "event", "organization", "user"]
