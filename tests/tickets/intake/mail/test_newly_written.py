"""What the sender newly wrote, as a reader of the ticket sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tickets.intake.mail import replies, reply_shapes
from tickets.intake.mail.newly_written import MOST_LINES, split
from tickets.intake.mail.parsing import parse

SAMPLES = Path(__file__).resolve().parents[3] / "samples" / "mail"
WRITTEN = {
    "dingtalk": "请安排今天处理，频道号 8812。",
    "foxmail": "抓包在附件里，请查收。\n\n\n\n林晓\n某某科技有限公司",
    "gmail": "好的，我今天下午试一下，有结果马上告诉您。",
    "iphone": "重启后恢复了。",
    "netease_163_webmail": "日志已经上传到工单，频道号 8812。",
    "netease_mail_master": "频道号是 8812，时间是上午十点。",
    "outlook_desktop": "您好：\n\n\n\n问题只在安卓 14 上出现，王喆的手机没有问题。\n\n\n\n林晓\n\n某某科技有限公司",
    "outlook_phone": "下午两点可以开会。",
    "qq_webmail": "已经按您说的升级到 4.2.1，画面正常了，谢谢！",
    "wecom": "已确认，可以关闭。",
}
ALL = replies.CHINESE + replies.OTHERS
TO_STAY = replies.CHINESE_TO_STAY + replies.OTHERS_TO_STAY


@pytest.mark.parametrize(("text", "new"), [case[1:] for case in ALL], ids=[case[0] for case in ALL])
def test_what_a_program_quotes_is_folded(text: str, new: str) -> None:
    found = split(text)
    assert found.new == new
    assert found.folded


@pytest.mark.parametrize("text", [*reply_shapes.CHINESE, *reply_shapes.OTHERS])
def test_quotes_begin_in_many_shapes(text: str) -> None:
    assert split(text).new == (
        reply_shapes.N if text.startswith(reply_shapes.N) else reply_shapes.E
    )


@pytest.mark.parametrize("text", TO_STAY, ids=[text[:12] for text in TO_STAY])
def test_what_only_looks_like_a_quote_stays(text: str) -> None:
    assert split(text).new == text
    assert split(text).folded == ""


def test_every_sample_is_tried() -> None:
    assert {file.stem for file in SAMPLES.glob("*.eml")} == set(WRITTEN)


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_mails_of_chinese_programs(name: str) -> None:
    mail = parse((SAMPLES / f"{name}.eml").read_bytes())
    assert mail.problems == ()
    assert "黑屏" in mail.subject
    assert mail.from_.address.endswith("@customer.example")
    assert split(mail).new == WRITTEN[name]


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_their_html_alone_says_the_same(name: str) -> None:
    mail = parse((SAMPLES / f"{name}.eml").read_bytes())
    first = WRITTEN[name].split("\n")[0]
    found = split(mail.html)
    assert found.new.split("\n")[0] == first
    assert "技术支持" not in found.new
    assert "技术支持" in found.folded


@pytest.mark.parametrize("case", ALL, ids=[case[0] for case in ALL])
def test_nothing_is_lost(case: tuple[str, str, str]) -> None:
    found = split(case[1])
    shown = sorted(f"{found.new}\n{found.folded}".replace("&nbsp;", " ").split())
    assert shown == sorted(case[1].replace("&nbsp;", " ").split())


@pytest.mark.parametrize(
    "signed",
    [
        "-- \nwhatever stands below\nis signed",
        "--\nAnna Schmidt\nAcme Inc.",
        "--\nrick",
        "--\n林晓\n某某科技有限公司",
        "--\n林晓 | +86 10 1234 5678",
        "--\nBest regards\nAnna",
        "--",
    ],
)
def test_below_two_dashes_stands_a_signature_if_it_looks_like_one(signed: str) -> None:
    assert split(f"It works.\n\n{signed}").new == "It works."
    html = signed.replace("\n", "<br>")
    assert split(f"<p>It works.</p>{html}").new == "It works."


def test_a_mail_that_only_forwards_is_shown_whole() -> None:
    text = "---------- Forwarded message ---------\nFrom: a@b.example\nDate: 5/3/2024\nSubject: x\n\nHi"
    assert split(text).new == text
    assert split(text).folded == ""


def test_a_mail_of_nothing_but_quotes_is_shown_whole() -> None:
    assert split("> one\n> two").new == "> one\n> two"


def test_line_ends_of_mail_and_of_files_are_the_same() -> None:
    text = replies.CHINESE[0][1]
    assert split(text.replace("\n", "\r\n")) == split(text)


def test_indented_blocks_of_html_are_the_senders() -> None:
    found = split(
        "<div>see:</div><blockquote style='margin:0 0 0 40px;border:none'>my list</blockquote>"
    )
    assert (found.new, found.folded) == ("see:\n\nmy list", "")


def test_answers_between_quotes_of_html_keep_what_they_answer() -> None:
    found = split("<div>Hi</div><blockquote type=cite>which?</blockquote><div>4.2.1</div>")
    assert found.new == "Hi\n\n> which?\n>\n4.2.1"


def test_a_marked_signature_of_html_is_folded() -> None:
    found = split("<div>Works.</div><div class='gmail_signature'>Anna<br>Acme</div>")
    assert (found.new, found.folded) == ("Works.", "Anna\nAcme")


def test_html_marks_help_where_the_plain_part_lost_them() -> None:
    raw = (
        b"From: a@b.example\nContent-Type: multipart/alternative; boundary=x\n\n--x\n\nWorks. old\n"
        b"--x\nContent-Type: text/html\n\n<p>Works.</p><div class=gmail_quote>old</div>\n--x--\n"
    )
    assert split(parse(raw)).new == "Works."


@pytest.mark.parametrize(
    "text",
    [
        "On 3/5/24 10:12\n" * 50_000,
        "From: x\nDate: 1\n\n" * 50_000,
        "Sent from my iPhone\n" * 50_000,
        "Regards,\n" * 50_000,
        "> a\nb\n" * 50_000,
        "<a@b.example> wrote\n" * 50_000,
        ("(" * 500 + "\n") * 5_000,
        "<p>" + "<blockquote>" * 20_000 + "deep",
        "<div>" * 50_000 + "deep",
        "-" * 1_000_000,
    ],
    ids=range(10),
)
def test_hostile_texts_are_read_in_bounds_and_nothing_is_lost(text: str) -> None:
    found = split(text)
    assert found.new or found.folded
    assert found.new.count("\n") <= MOST_LINES
