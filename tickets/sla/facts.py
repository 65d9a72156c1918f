"""What can happen to a promise clock: the rows of its ledger."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tickets.instants import instant
from tickets.sla.calendar import Calendar


class FactKind(StrEnum):
    """The kinds of facts, by the word they are kept under."""

    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    RETARGETED = "retargeted"
    BREACHED = "breached"
    MET = "met"
    CANCELLED = "cancelled"
    RESTORED = "restored"  # of the ledger alone: what it takes back is left out, and so is it


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened to a clock at the instant `at`.

    `target_seconds` is the new target of a `retargeted` (a stricter or looser promise after
    the severity changed) and of no other kind. With it may come another calendar to count
    by, and whether the clock may pause from now on; None leaves these as they are.
    ValueError if `at` has no time zone or the target is missing, misplaced or below one second.
    """

    kind: FactKind
    at: datetime
    target_seconds: int | None = None
    calendar: Calendar | None = None
    pausable: bool | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", instant(self.at))
        if (self.kind is FactKind.RETARGETED) != (self.target_seconds is not None):
            raise ValueError("A retargeted fact, and no other, has a target.")
        if self.target_seconds is not None and self.target_seconds < 1:
            raise ValueError(f"A target of {self.target_seconds} seconds cannot be kept.")


class ImpossibleFact(ValueError):
    """A fact that cannot follow from those before it."""

    def __init__(self, fact: Fact, reason: str) -> None:
        self.fact = fact
        self.reason = reason
        super().__init__(f"{fact.kind} at {fact.at}: {reason}.")
