"""Pages for plain editing of teams, ladders, rosters and skills, one aggregate a file."""

from tickets.admin.editing import roster, skill, team

__all__ = ["roster", "skill", "team"]
