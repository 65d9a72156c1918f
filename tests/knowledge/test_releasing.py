"""Lines of release notes keep their rows, for checklists of customers name them."""

from __future__ import annotations

import pytest

from knowledge import releasing
from knowledge.models import Change
from knowledge.releasing import ChangeText
from tests import factories

pytestmark = pytest.mark.django_db
LOGIN = "`login()` no longer takes a password: pass a token."
PUSH = "Certificates for push are refused: upload a key in their place."


def note(*changes: ChangeText) -> dict[str, int]:
    """Write these lines down; their rows by their English text."""
    releasing.set_release(
        product=factories.product(),
        platform="",
        version="5.0.0",
        changes=changes,
        by=factories.SYSTEM,
        now=factories.NOON,
        released_on=factories.NOON.date(),
    )
    return dict(Change.objects.order_by("position").values_list("text_en", "pk"))


def breaking(english: str, chinese: str = "", **fields: object) -> ChangeText:
    return ChangeText("breaking", english, chinese, **fields)  # type: ignore[arg-type]


def test_a_line_with_a_typo_mended_is_the_same_line() -> None:
    before = note(breaking(LOGIN.replace("longer", "lnoger")), breaking(PUSH))
    after = note(breaking(LOGIN), breaking(PUSH))
    assert list(after.values()) == list(before.values())


def test_a_line_translated_and_then_mended_in_the_other_language_is_the_same_line() -> None:
    before = note(breaking(PUSH))
    assert note(breaking(PUSH, "不再接受推送证书。")) == before
    assert list(note(breaking("Bring a key.", "不再接受推送证书。")).values()) == [before[PUSH]]


def test_mended_lines_that_moved_are_known_by_their_article() -> None:
    about = {"article": factories.article()}
    before = note(breaking(LOGIN, **about), breaking(PUSH, **about))
    after = note(breaking(PUSH + "!", **about), breaking(LOGIN + "!", **about))
    assert after == {PUSH + "!": before[PUSH], LOGIN + "!": before[LOGIN]}


@pytest.mark.parametrize("other", [breaking(PUSH), ChangeText("fix", LOGIN + "!")])
def test_another_change_in_the_place_of_one_is_not_the_one_that_was_ticked_off(
    other: ChangeText,
) -> None:
    before = note(breaking(LOGIN))
    assert note(other)[other.text_en] != before[LOGIN]
    assert Change.objects.count() == 1
