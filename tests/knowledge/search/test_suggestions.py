"""What is offered while somebody types."""

from __future__ import annotations

import pytest

from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import Viewer
from knowledge.languages import Language
from knowledge.search.suggestions import Suggestion, suggest
from tests import factories
from tests.knowledge.search.scene import VISITOR, index_all

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def texts(db: None) -> None:
    first = factories.article("mute", title="Mute a microphone", body="The microphone is muted.")
    factories.text(first, title="静音麦克风", body="麦克风已静音。")
    factories.article("camera", title="Choose the camera & microphone", body="A microphone.")
    factories.article("secret", title="Microphone CANARY", body="canaryword", audience="internal")
    factories.article("draft", title="Microphone DRAFT", body="draftword", is_published=False)
    index_all()


def offered(typed: str, language: str = Language.EN, viewer: Viewer = VISITOR) -> list[Suggestion]:
    with acting_as(DatabaseRole.CUSTOMER):
        return suggest(typed, language=language, viewer=viewer)


def test_titles_that_hold_it_those_that_begin_so_first() -> None:
    made = offered("m")
    assert made == []
    made = offered("mic")
    assert [(one.kind, one.key) for one in made[:2]] == [("article", "mute"), ("article", "camera")]
    assert made[0].shown == "Mute a <mark>mic</mark>rophone"
    assert made[1].shown == "Choose the camera &amp; <mark>mic</mark>rophone"


def test_words_are_completed_after_what_stands_before() -> None:
    (word,) = [one for one in offered("broken micr") if one.kind == "word"]
    assert (word.text, word.shown) == ("broken microphone", "broken <mark>micr</mark>ophone")


def test_chinese_from_one_character_on() -> None:
    assert [one.key for one in offered("静", Language.ZH)] == ["mute"]


@pytest.mark.parametrize("typed", ["CANARY", "canaryw", "DRAFT", "draftw", "%", "_", "\\", "'", ""])
def test_nothing_hidden_and_no_error(typed: str) -> None:
    assert offered(typed) == []
