"""Pages for plain editing of teams, ladders and rosters, one aggregate a file."""

from tickets.admin.editing import roster, team

__all__ = ["roster", "team"]
