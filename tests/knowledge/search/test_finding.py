"""What the search answers, over real articles in the database."""

from __future__ import annotations

import pytest

from accounts.viewer import SYSTEM
from knowledge import catalogue, releasing
from knowledge.languages import Language
from tests import factories
from tests.knowledge.search.scene import ask, index_all, keys

pytestmark = pytest.mark.django_db

ZH, EN = Language.ZH, Language.EN


@pytest.fixture
def texts(db: None) -> None:
    """A small knowledge base: two pages in both languages, others in one."""
    token = factories.article(
        "token-expired",
        title="The token has expired",
        body="## Renew\n\nCall `renewToken` before it ends. Error ERR_TOKEN_EXPIRED is reported.",
    )
    factories.text(token, title="令牌已过期", body="## 续期\n\n在到期前调用 `renewToken`。")
    push = factories.article(
        "offline-push",
        title="Offline push does not arrive",
        body="Check the certificate of the vendor channel. Permissions of notifications matter.",
        kind="troubleshooting",
        platforms=["android", "ios"],
        versions_from="4.0.0",
        versions_before="6.0.0",
    )
    factories.text(push, title="收不到离线推送", body="请检查厂商通道的证书。通知权限也有关系。")
    factories.article(
        "echo", title="回声消除", body="开启回声消除后，扬声器的声音不会被麦克风采集。", language=ZH
    )
    factories.article("codecs", title="Video codecs", body="H.264 and VP8 are supported by all.")
    index_all()


@pytest.mark.parametrize(
    ("question", "language", "first"),
    [
        ("how do I renew a token?", "en", "token-expired"),
        ("renewToken", "zh", "token-expired"),
        ("令牌过期了怎么办", "zh", "token-expired"),
        ("离线推送收不到", "zh", "offline-push"),
        ("pushes do not arrive offline", "en", "offline-push"),
        ("证书", "zh", "offline-push"),
        ("ERR_TOKEN_EXPIRED", "en", "token-expired"),
        ("h.264", "en", "codecs"),
        ("ＶＰ８", "en", "codecs"),
    ],
)
def test_the_page_that_answers_comes_first(
    texts: None, question: str, language: str, first: str
) -> None:
    assert keys(question, language=language)[0] == first


def test_a_question_in_one_language_is_answered_with_the_parallel_page(texts: None) -> None:
    (hit, *_rest) = ask("离线推送收不到", language="en").articles
    assert (hit.key, hit.language, hit.is_other_language) == ("offline-push", "en", False)


def test_what_there_is_in_the_other_language_only_is_offered_last(texts: None) -> None:
    hit = ask("回声消除", language="en").articles[-1]
    assert (hit.key, hit.language, hit.is_other_language) == ("echo", "zh", True)


def test_the_snippet_shows_the_place_with_the_words_marked(texts: None) -> None:
    hit = ask("renew token", language="en").articles[0]
    assert hit.title == "The <mark>token</mark> has expired"
    assert "<mark>renewToken</mark>" in hit.snippet
    assert hit.section == "Renew"


def test_mistyped_words_are_understood_and_said(texts: None) -> None:
    factories.article("second", title="Certificate again", body="A certificate runs out.")
    index_all()
    found = ask("certifcate", language="en")
    assert found.corrected == {"certifcate": "certificate"}
    assert {hit.key for hit in found.articles} >= {"offline-push", "second"}
    assert ask("certificate", language="en").corrected == {}


@pytest.mark.parametrize("typed", ["ERR_CERTIFCATE_REVOKED", "certifcate revoked"])
def test_a_mistyped_name_of_an_error_finds_its_code(texts: None, typed: str) -> None:
    factories.error_code(1307, "ERR_CERTIFICATE_REVOKED")
    factories.article("second", title="Certificate again", body="A certificate was revoked.")
    factories.article("third", title="Certificate", body="Another certificate was revoked.")
    index_all()
    assert [hit.error_code.number for hit in ask(typed, language="en").hits if hit.error_code] == [
        1307
    ]


@pytest.mark.parametrize(
    ("filters", "is_found"),
    [
        ({"kinds": ["troubleshooting"]}, True),
        ({"kinds": ["guide"]}, False),
        ({"platform": "ios"}, True),
        ({"platform": "web"}, False),
        ({"version": "4.0.0"}, True),
        ({"version": "5.9"}, True),
        ({"version": "3.9.9"}, False),
        ({"version": "6.0.0"}, False),
        ({"version": "6.0.0-rc.1"}, True),
        ({"version": "nonsense"}, True),
    ],
)
def test_filters(texts: None, filters: dict[str, object], is_found: bool) -> None:
    assert ("offline-push" in keys("offline push", **filters)) is is_found


def test_the_filter_by_product_leaves_pages_for_all_products(texts: None) -> None:
    im, rtc = factories.product("im"), factories.product("rtc")
    factories.article("im-only", title="Offline push of messages", body="…", product=im)
    index_all()
    assert {"im-only", "offline-push"} <= set(keys("offline push", product=im))
    assert "im-only" not in keys("offline push", product=rtc)
    assert "offline-push" in keys("offline push", product=rtc)


def test_nothing_fits_nonsense(texts: None) -> None:
    assert ask("qwrtzplk").hits == []


def test_pages_for_each_platform_are_one_hit(texts: None) -> None:
    step = "Create the engine, ask for the microphone, join the channel, leave it and destroy {}. "
    prose = "".join(step.format(f"the {n}th object of the session") for n in range(20))
    for platform in ("android", "ios", "web"):
        factories.article(
            f"join-{platform}",
            title=f"Join a channel ({platform})",
            body=f"On {platform}. {prose}",
            platforms=[platform],
        )
    index_all()
    found = ask("join a channel").articles
    joined = [hit for hit in found if hit.key.startswith("join-")]
    assert len(joined) == 1
    assert len(joined[0].folded) == 2
    assert (
        len([h for h in ask("join channel", platform="web").articles if h.key == "join-web"]) == 1
    )


def test_error_codes_by_number_name_and_words(texts: None) -> None:
    product = factories.product("im")
    code, _changed = catalogue.set_error_code(
        product=product,
        platform="",
        number=101204,
        name="ERR_ROOM_FULL",
        by=SYSTEM,
        now=factories.NOON,
        meaning_en="The room is full.",
        meaning_zh="房间已满。",
    )
    for question in (
        "101204",
        "we see code 101204 since Monday",
        "错误码101204",
        "ERR_ROOM_FULL",
        "err_room_full in the log",
        "the room is full",
    ):
        hits = [hit for hit in ask(question).hits if hit.kind == "error_code"]
        assert [hit.error_code for hit in hits] == [code], question
    assert not [hit for hit in ask("1012045").hits if hit.kind == "error_code"]
    assert not [hit for hit in ask("the room").hits if hit.kind == "error_code"]
    assert ask("101204", language="zh").hits[0].snippet == "房间已满。"
    assert ask("101204", kinds=["faq"]).hits == []


def test_releases_by_version(texts: None) -> None:
    product = factories.product("im")
    for version in ("5.2.0", "5.2.1", "5.10.0"):
        releasing.set_release(
            product=product,
            platform="",
            version=version,
            changes=[],
            by=SYSTEM,
            now=factories.NOON,
            released_on=factories.NOON.date(),
        )

    def found(question: str) -> list[str]:
        hits = ask(question, kinds=["release"]).hits
        return [hit.release.version for hit in hits if hit.release]

    assert found("5.2.1") == found("what changed in v5.2.1?") == ["5.2.1"]
    assert found("5.2") == ["5.2.1", "5.2.0"]
    assert found("5.1") == []
