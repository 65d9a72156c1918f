"""The way from one version to another: facts in, path out."""

from __future__ import annotations

import pytest

from knowledge.upgrades import (
    ChangeFact,
    Fix,
    GuideFact,
    Problem,
    ReleaseFact,
    UpgradePath,
    find_path,
)
from knowledge.versions import parse, parse_range


def release(version: str, *changes: ChangeFact, platform: str = "") -> ReleaseFact:
    return ReleaseFact(parse(version), platform, changes)


def change(
    key: str, kind: str = "breaking", position: int = 0, fix: str = "", of: tuple[str, ...] = ()
) -> ChangeFact:
    version, _at, platform = fix.partition("@")
    return ChangeFact(key, kind, position, Fix(parse(version), platform) if fix else None, of)


def path(
    first: str,
    last: str,
    *releases: ReleaseFact,
    platform: str = "android",
    guides: tuple[GuideFact, ...] = (),
) -> UpgradePath:
    found = find_path(
        parse(first), parse(last), platform=platform, releases=releases, guides=guides
    )
    assert isinstance(found, UpgradePath), found
    return found


def problem(first: str, last: str, *releases: ReleaseFact, platform: str = "android") -> Problem:
    found = find_path(parse(first), parse(last), platform=platform, releases=releases)
    assert isinstance(found, Problem)
    return found


def test_each_release_after_the_first_up_to_the_last_is_on_the_way() -> None:
    found = path(
        "4.8.0",
        "5.2.0",
        release("5.2.0", change("d")),
        release("4.8.0", change("a")),
        release("5.0.0", change("c")),
        release("4.9.0", change("b")),
        release("5.3.0", change("e")),
    )
    assert found.items == ("b", "c", "d")
    assert [str(step.version) for step in found.steps] == ["4.9.0", "5.0.0", "5.2.0"]


def test_4_10_comes_after_4_9() -> None:
    found = path(
        "4.8.0", "4.10.0", release("4.10.0", change("ten")), release("4.9.0", change("nine"))
    )
    assert found.items == ("nine", "ten")


def test_in_one_release_what_breaks_comes_first_then_as_it_was_written() -> None:
    found = path(
        "1.0.0",
        "2.0.0",
        release(
            "2.0.0",
            change("known", "known_issue", 0),
            change("old", "deprecation", 1),
            change("second", "breaking", 3),
            change("hole", "security", 9),
            change("first", "breaking", 2),
        ),
    )
    assert found.items == ("first", "second", "hole", "old", "known")


def test_features_and_fixes_ask_nothing_and_a_release_with_nothing_else_is_no_step() -> None:
    found = path(
        "1.0.0", "1.2.0", release("1.1.0", change("x", "fix"), change("y", "feature")),
        release("1.2.0"),
    )  # fmt: skip
    assert found.steps == ()


def test_a_release_for_all_platforms_concerns_each_and_that_of_another_none() -> None:
    releases = (
        release("2.0.0", change("all")),
        release("2.0.0", change("android"), platform="android"),
        release("2.0.0", change("ios"), platform="ios"),
    )
    assert path("1.0.0", "2.0.0", *releases).items == ("all", "android")
    assert len(path("1.0.0", "2.0.0", *releases).steps) == 1
    assert path("1.0.0", "2.0.0", *releases, platform="").items == ("all", "android", "ios")


def test_a_change_of_some_platforms_concerns_those_alone() -> None:
    releases = (
        release("2.0.0", change("all"), change("both", position=1, of=("ios", "android"))),
        release("2.1.0", change("web", of=("web",))),
    )
    assert path("1.0.0", "2.1.0", *releases).items == ("all", "both")
    assert path("1.0.0", "2.1.0", *releases, platform="web").items == ("all", "web")
    assert path("1.0.0", "2.1.0", *releases, platform="").items == ("all", "both", "web")


def test_an_issue_of_one_platform_alone_is_over_with_the_fix_for_it() -> None:
    issue = change("issue", "known_issue", fix="1.2.0@android", of=("android",))
    releases = (release("1.1.0", issue), release("1.2.0"), release("1.2.0", platform="android"))
    assert path("1.0.0", "1.2.0", *releases, platform="").items == ()


@pytest.mark.parametrize(
    ("fix", "is_told"),
    [
        ("", True),
        ("5.1.0", False),
        ("5.2.0", False),
        ("5.2.1", True),
        ("5.1.0@android", False),
        ("5.1.0@ios", True),
    ],
)
def test_a_known_issue_is_told_while_it_is_open_where_one_arrives(fix: str, is_told: bool) -> None:
    found = path(
        "4.0.0",
        "5.2.0",
        release("5.0.0", change("issue", "known_issue", fix=fix)),
        release("5.2.0"),
    )
    assert (found.items == ("issue",)) is is_told


def test_a_pre_release_says_nothing_once_its_release_is_on_the_way() -> None:
    releases = (
        release("5.0.0-rc.1", change("rc")),
        release("5.0.0", change("final")),
        release("5.1.0-beta.1", change("beta")),
    )
    assert path("4.0.0", "5.0.0", *releases).items == ("final",)
    assert path("4.0.0", "5.0.0-rc.1", *releases).items == ("rc",)
    assert path("5.0.0-rc.1", "5.0.0", *releases).items == ("final",)
    assert path("4.0.0", "5.1.0-beta.1", *releases).items == ("final", "beta")


GUIDES = (
    GuideFact("3-to-4", parse_range(">=3.0.0,<5.0.0")),
    GuideFact("4-to-5", parse_range(">=4.0.0,<6.0.0")),
    GuideFact("storage", parse_range(">=5.2.0,<5.4.0")),
    GuideFact("ios-only", parse_range(">=4.0.0,<6.0.0"), ("ios",)),
    GuideFact("endless", parse_range(">=4.0.0")),
)


@pytest.mark.parametrize(
    ("first", "last", "guides"),
    [
        ("3.9.0", "5.3.0", ["3-to-4", "4-to-5", "storage"]),
        ("4.8.0", "5.0.0", ["4-to-5"]),
        ("4.8.0", "5.0.0-rc.1", ["4-to-5"]),
        ("5.0.0", "5.3.0", ["storage"]),
        ("5.2.0", "5.3.0", []),
        ("3.6.0", "3.9.0", []),
    ],
)
def test_a_guide_stands_where_its_crossing_lies_on_the_way(
    first: str, last: str, guides: list[str]
) -> None:
    versions = ("3.6.0", "3.9.0", "4.0.0", "4.8.0", "5.0.0-rc.1", "5.0.0", "5.2.0", "5.3.0")
    found = path(first, last, *(release(one) for one in versions), guides=GUIDES)
    assert [key for step in found.steps for key in step.guides] == guides


def test_guides_are_read_before_the_changes_of_their_version() -> None:
    releases = (release("4.6.0", change("a")), release("5.0.0", change("b")))
    assert path("4.0.0", "5.0.0", *releases, guides=GUIDES).items == ("a", "4-to-5", "b")


def test_there_is_no_way_to_where_one_is_or_came_from_or_to_what_does_not_exist() -> None:
    releases = (release("4.0.0"), release("5.0.0"))
    assert problem("5.0.0", "5.0.0", *releases) == Problem.SAME
    assert problem("5.0.0", "4.0.0", *releases) == Problem.BACKWARDS
    assert problem("4.0.0", "9.9.9", *releases) == Problem.UNKNOWN_TARGET
    assert problem("4.0.0", "5.0.0") == Problem.NOTHING_RELEASED
    ios = (release("4.0.0", platform="ios"), release("5.0.0", platform="ios"))
    assert problem("4.0.0", "5.0.0", *ios) == Problem.NOTHING_RELEASED


def test_a_version_nobody_released_can_be_come_from_and_that_is_said() -> None:
    releases = (release("4.0.0", change("a")), release("5.0.0", change("b")))
    found = path("4.0.7", "5.0.0", *releases)
    assert found.items == ("b",)
    assert not found.is_first_known
    assert path("4.0.0", "5.0.0", *releases).is_first_known


def test_a_platforms_own_version_is_known_to_it_alone() -> None:
    releases = (release("4.0.0"), release("5.0.1", platform="ios"), release("5.0.0"))
    assert problem("4.0.0", "5.0.1", *releases) == Problem.UNKNOWN_TARGET
