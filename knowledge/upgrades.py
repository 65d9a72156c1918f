"""The way from one version to another: everything on it that asks something of you, in order.

Pure: facts about releases and guides in, the path out. Versions order as semantic versions do.

What belongs to the path from `first` to `last` on a platform:
- breaking changes, security notes and deprecations of each release after `first`, up to `last`;
- of those changes that are of some platforms only, those of this one;
- known issues of those releases, unless a release up to `last` that the platform gets fixes them;
- migration guides that lead over a major version which lies on the way.

A change of a release for all platforms concerns each. A pre-release says nothing of its own once
the release it announced lies on the way, too: that one's notes hold everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from knowledge.versions import Version, VersionRange

# What a reader has to do something about, in the order in which it is told.
KINDS: Final = ("breaking", "security", "deprecation", "known_issue")


class Problem(StrEnum):
    """Why there is no way to show."""

    NOTHING_RELEASED = "nothing_released"
    UNKNOWN_TARGET = "unknown_target"
    SAME = "same"
    BACKWARDS = "backwards"


@dataclass(frozen=True, slots=True)
class Fix:
    """The release that ends a known issue."""

    version: Version
    platform: str = ""


@dataclass(frozen=True, slots=True)
class ChangeFact:
    """One line of a release's notes; `key` names it for ever ("change:12").

    `platforms` empty: all that the release is for.
    """

    key: str
    kind: str
    position: int = 0
    fix: Fix | None = None
    platforms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReleaseFact:
    version: Version
    platform: str = ""
    changes: tuple[ChangeFact, ...] = ()


@dataclass(frozen=True, slots=True)
class GuideFact:
    """A migration guide: for readers who come from or go to a version in `span`."""

    key: str
    span: VersionRange
    platforms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One version on the way; `guides` and `changes` are keys, in the order of reading."""

    version: Version
    guides: tuple[str, ...]
    changes: tuple[str, ...]

    @property
    def items(self) -> tuple[str, ...]:
        return self.guides + self.changes


@dataclass(frozen=True, slots=True)
class UpgradePath:
    """`steps` are those versions that ask something. `is_first_known`: `first` was released."""

    first: Version
    last: Version
    steps: tuple[Step, ...]
    is_first_known: bool

    @property
    def items(self) -> tuple[str, ...]:
        """All keys, each once, in order."""
        return tuple(dict.fromkeys(key for step in self.steps for key in step.items))


def find_path(
    first: Version,
    last: Version,
    *,
    platform: str,
    releases: Sequence[ReleaseFact],
    guides: Iterable[GuideFact] = (),
) -> UpgradePath | Problem:
    """The path for somebody on that platform ("": on any), or why there is none."""
    mine = [release for release in releases if _concerns(release.platform, platform)]
    if not mine:
        return Problem.NOTHING_RELEASED
    if first == last:
        return Problem.SAME
    if last < first:
        return Problem.BACKWARDS
    known = {release.version for release in mine}
    if last not in known:
        return Problem.UNKNOWN_TARGET
    passed = _passed(mine, first, last)
    versions = sorted({release.version for release in passed})
    places = _places(guides, versions, first, last, platform)
    steps = []
    for version in versions:
        changes = [
            change
            for release in passed
            if release.version == version
            for change in release.changes
            if change.kind in KINDS
            and (not change.platforms or not platform or platform in change.platforms)
            and not _is_fixed(change, release, last, platform)
        ]
        changes.sort(key=lambda change: (KINDS.index(change.kind), change.position))
        keys = tuple(dict.fromkeys(change.key for change in changes))
        step = Step(version, tuple(places.get(version, ())), keys)
        if step.items:
            steps.append(step)
    return UpgradePath(first, last, tuple(steps), first in known)


def _concerns(of_release: str, platform: str) -> bool:
    return not of_release or not platform or of_release == platform


def _passed(releases: Sequence[ReleaseFact], first: Version, last: Version) -> list[ReleaseFact]:
    """Those after `first`, up to `last`, without pre-releases of a version that is among them."""
    way = [release for release in releases if first < release.version <= last]
    final = {release.version for release in way if not release.version.pre}
    return [
        release
        for release in way
        if not release.version.pre or _final(release.version) not in final
    ]


def _final(version: Version) -> Version:
    return Version(version.major, version.minor, version.patch)


def _is_fixed(change: ChangeFact, release: ReleaseFact, last: Version, platform: str) -> bool:
    """Whether who arrives at `last` is rid of the issue. Of another platform's fix nobody is."""
    if change.fix is None or change.fix.version > last:
        return False
    only = change.platforms[0] if len(change.platforms) == 1 else release.platform
    return change.fix.platform in ("", platform, only)


def _places(
    guides: Iterable[GuideFact],
    versions: Sequence[Version],
    first: Version,
    last: Version,
    platform: str,
) -> dict[Version, list[str]]:
    """Each guide at the first version on the way from which on it is needed."""
    places: dict[Version, list[str]] = {}
    for guide in guides:
        if guide.platforms and platform and platform not in guide.platforms:
            continue
        needed = _needed_at(guide.span, versions, first, last)
        if needed is not None:
            places.setdefault(needed, []).append(guide.key)
    return places


def _needed_at(
    span: VersionRange, versions: Sequence[Version], first: Version, last: Version
) -> Version | None:
    """A guide of `>=4,<6` leads from 4 to 5: it is needed where 5 is reached.

    One that stays within a major version is needed where its range begins.
    """
    if span.first is None or span.before is None:
        return None
    crossings = [
        Version(major)
        for major in range(span.first.major + 1, span.before.major + 1)
        if Version(major) < span.before
    ] or [span.first]
    for crossing in crossings:
        if first < crossing <= _final(last):
            return next((one for one in versions if _final(one) >= crossing), None)
    return None
