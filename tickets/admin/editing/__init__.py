"""Pages for plain editing of teams, ladders, rosters and skills, one aggregate a file."""

from tickets.admin.editing import ladder, roster, skill, team

__all__ = ["ladder", "roster", "skill", "team"]
