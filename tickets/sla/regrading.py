"""What an open clock is promised by when another wording takes it over."""

from dataclasses import replace

from tickets.sla.clock import Clock, Terms, total


def fair_terms(clock: Clock, wanted: Terms, *, may_end_later: bool) -> Terms:
    """The terms from the instant the clock stands at; its own when nothing is to change.

    Calendars may differ, so what counts is when each would be due: later than before only with
    consent (`may_end_later`); else the wanted target counted from now, or the clock's own terms
    where those end earlier. A paused clock is compared as if it ran again at once.
    """
    left = max(0.0, clock.remaining(clock.as_of))
    was_due = clock.due_at or clock.terms.calendar.add(clock.as_of, left)
    still = max(0.0, total(wanted.target_seconds, -clock.elapsed_seconds))
    if wanted.calendar.add(clock.as_of, still) > was_due:
        return wanted if may_end_later else clock.terms
    if wanted.calendar.add(clock.as_of, wanted.target_seconds) <= was_due:
        from_now = int(clock.elapsed_seconds) + wanted.target_seconds
        return replace(wanted, target_seconds=from_now)
    return clock.terms
