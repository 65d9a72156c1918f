"""What belongs to a customer is taken out of a text; what an article needs stays."""

from __future__ import annotations

import time

import pytest

from knowledge.introduced_names import introduced
from knowledge.masking import Known, found, mask

KNOWN = Known(
    people=("Dana Petrov", "王小明", "李伟", "Bo Li"),
    customers=("Starcast Inc.", "星播科技有限公司", "starcast.example"),
    ticket_keys=("STAR",),
)
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"  # noqa: S105

MASKED = [
    ("Write to dana.petrov+dev@starcast.example please.", "Write to [e-mail] please."),
    ("邮箱是dana@starcast.example。", "邮箱是[e-mail]。"),
    ("Call +86 138 1234 5678 or +1 (415) 555-0132.", "Call [phone] or [phone]."),
    ("电话13812345678，座机 010-62345678", "电话[phone]，座机 [phone]"),
    ("(415) 555-0132", "[phone]"),
    ("from 203.0.113.7:8443 to 10.0.0.1", "from [IP] to [IP]"),
    ("via 2001:db8::8a2e:370:7334 and fe80::1", "via [IP] and [IP]"),
    ("Wi-Fi 00:1A:2b:3c:4D:5e", "Wi-Fi [device]"),
    (f"token={TOKEN}", "token=[secret]"),
    (f"the JWT was {TOKEN}", "the JWT was [secret]"),
    ('"appSecret": "s3cr3t-9f"', '"appSecret": [secret]'),
    ("Authorization: Bearer abcdef123456", "Authorization: [secret]"),
    ("Bearer abcdef123456", "Bearer [secret]"),
    ("密码：hunter22，重试", "密码：[secret]，重试"),
    ("userSig = eJw1jk0", "userSig = [secret]"),
    ("key 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b", "key [secret]"),
    ("https://bob:pa55word@host.example/x", "https://[secret]@host.example/x"),
    (
        "-----BEGIN PRIVATE KEY-----\nMIIabc\n-----END PRIVATE KEY-----\nrest",
        "[secret]\nrest",
    ),
    ("AppID: 1400123456", "AppID: [app ID]"),
    ("our app id is 88ac11", "our app id is [app ID]"),
    ("应用ID：1400123456", "应用ID：[app ID]"),
    ("sdkappid=1400123456&x=1", "sdkappid=[app ID]&x=1"),
    ("As in STAR-42 and star-7", "As in [ticket] and [ticket]"),
    ("Starcast asks; STARCAST INC. pays", "[customer] asks; [customer] pays"),
    ("我们星播的用户", "我们[customer]的用户"),
    ("星播科技有限公司", "[customer]"),
    ("GET https://api.starcast.example/v1", "GET https://[customer]/v1"),
    ("Thanks, Dana", "Thanks, [name]"),
    ("dana petrov wrote", "[name] wrote"),
    ("王小明说，小明在看", "[name]说，[name]在看"),
    ("问王总、李工、小李", "问[name]、[name]、[name]"),
]
KEPT = [
    "Error 4303 at 10:20:30 in IMCore 5.3.1",
    "ERR_TOKEN_EXPIRED (110005), see v4.2.0",
    "Build 20261102 took 1700000000000 ms",
    "std::vector and Foo::Bar, localhost ::1 or ::",
    "`client.connect(token)` returns a token",
    "The token is old.",
    "5.3.1-rc.1+build7",
    "https://docs.example.com/guides/offline-push-with-very-long-names-that-go-on",
    "com.example.application.messaging.push.OfflinePushConfigurationReceiver",
    "令牌已过期，请向服务器要一个新的。",
    "dana is a city; star of the show",
    "1-2-3 and 2026-11-02T10:20:30Z",
]


@pytest.mark.parametrize(("text", "masked"), MASKED)
def test_what_belongs_to_a_customer_is_masked(text: str, masked: str) -> None:
    assert mask(text, KNOWN) == masked


@pytest.mark.parametrize("text", KEPT)
def test_what_an_article_needs_stays(text: str) -> None:
    assert mask(text, KNOWN) == text


def test_of_colleagues_who_took_no_part_the_whole_name_is_masked() -> None:
    known = Known(whole_names=("Will Shore", "赵敏"))
    said = "Ask Will Shore or 赵敏; the shore will do"
    assert mask(said, known) == "Ask [name] or [name]; the shore will do"
    assert mask("Will it? 敏捷", known) == "Will it? 敏捷"


def test_guessed_names_mask_no_words_of_the_trade() -> None:
    said = (
        "由于网络，连接失败。网络恢复后重连。\n段错误：崩溃在 nativeInit。"
        "\n高延迟：端到端 800ms，延迟一直很高。"
        "\n另有错误码 101204，错误信息见日志。\n常量：3\n由于超时，请重试。"
    )
    assert mask(said, Known(whole_names=tuple(introduced([said])))) == said


def test_a_name_that_is_a_title_does_not_mask_the_title_everywhere() -> None:
    assert mask("顾老师：老师端黑屏", Known(people=("顾老师",))) == "[name]：老师端黑屏"


def test_masks_are_in_the_language_asked_for() -> None:
    assert mask("dana@a.example, 10.0.0.1", language="zh") == "[邮箱], [IP]"


def test_a_mask_is_not_masked_again() -> None:
    assert mask("Name: dana@a.example", Known(people=("Name Mail",))) == "[name]: [e-mail]"


def test_kinds_found_are_told() -> None:
    assert found("dana@a.example and 10.0.0.1 and a@b.example") == ["email", "ip"]
    assert found("nothing here") == []


def test_private_characters_cannot_pretend_to_be_masks() -> None:
    assert "[secret]" not in mask("\ue000")


@pytest.mark.parametrize(
    "text",
    ["a" * 60_000, "1" * 60_000, "a@" * 30_000, ":" * 60_000, "0 " * 30_000, "token=" * 9999],
)
def test_long_texts_take_no_time(text: str) -> None:
    began = time.process_time()
    mask(text, KNOWN)
    assert time.process_time() - began < 2
