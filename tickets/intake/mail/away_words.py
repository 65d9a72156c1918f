"""Automatic replies that no header gives away: nearly all of what they say is what such say.

A customer may write that they will be on leave, too; so each sentence is looked at, and a mail
that also says something else is a person's.
"""

from __future__ import annotations

import re
from typing import Final

MOST_TEXT: Final = 1_500  # characters; nobody's automatic reply is longer
MOST_SENTENCES: Final = 25

_SENTENCES: Final = re.compile(r"[^。！？!?;；\n，,]+[。！？!?;；\n，,]*")
_ENGLISH_SENTENCES: Final = re.compile(r"[^.!?\n]+[.!?\n]*")
_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")

# Said by themselves.
_SURE: Final = re.compile(
    r"(?:这|此|该|本)(?:封)?(?:邮件)?(?:是|为|系)?(?:一封|来自.{1,20}的)?.{0,12}自动(?:回复|答复|"
    r"应答|发送|生成)"
    r"|(?:這|此|本)(?:封)?(?:郵件|信)?(?:是|為|係)?(?:一封)?.{0,12}自動(?:回覆|回復|發送|產生)"
    r"|^\W{0,4}[\[【(（]?自动回复[\]】)）]?(?:[:：]|\W*$)|系统自动(?:回复|发送|发出|生成)"
    r"|this (?:is|message is|e-?mail is) an? auto(?:mat(?:ic(?:ally)?|ed))?[- ]?(?:generated |"
    r"sent )?"
    r"(?:reply|response|message|e-?mail|notification)|^\W{0,4}auto[- ]?reply\W*$",
    re.I,
)
_AWAY: Final = re.compile(
    r"休假|年假|产假|病假|婚假|陪产假|事假|出差|外出|放假|度假|離職|离职|"
    r"不在办公室|不在公司|不在辦公室|假期中"
    r"|(?:i am|i'm|i will be|i’m|we are|am) (?:currently )?(?:out of (?:the |my )?office|"
    r"on (?:\w+ ){0,2}(?:leave|vacation|holiday)"
    r"|away|travell?ing|on a business trip)|out of (?:the )?office|our office(?:s)? (?:is|are|"
    r"will be) closed",
    re.I,
)
_CANNOT: Final = re.compile(
    r"(?:无法|不能|不便|可能不|不會|暂时不|難以|无法及时|未能|不方便|無法).{0,14}(?:回复|答复|"
    r"处理|查看|收取|阅读|查收|回覆|處理|接听|查看邮件|收发)"
    r"|(?:limited|no|intermittent|not have|without) (?:regular )?access to (?:my |"
    r"the )?(?:e-?mail|mail|inbox)"
    r"|(?:not|unable|delay\w*) .{0,30}(?:respond|reply|answer|repl|response)",
    re.I,
)
_LATER: Final = re.compile(
    r"(?:回来|返回|结束|返岗|上班|收到|看到|届时|尽快|儘快|第一时间|及时|稍后|稍後|盡快|会在|将在|"
    r"会|将).{0,24}"
    r"(?:回复|答复|回覆|联系|聯繫|处理|處理|查看|与您联络)"
    r"|(?:reply|respond|get back|return|answer|contact you|be in touch).{0,60}(?:return|soon|"
    r"possible|back|earliest|within|hours|days|shortly)"
    r"|(?:as soon as|when|upon|after|once) .{0,30}(?:return|back)|will (?:be )?(?:back|return)",
    re.I,
)
_URGENT: Final = re.compile(
    r"(?:如有|如遇|若有|如果|如需|紧急|急事|有急|緊急|急需).{0,24}(?:联系|聯繫|致电|电话|拨打|"
    r"致電|联络|转|找|发邮件)|(?:请|請)(?:联系|致电|拨打|"
    r"電).{0,30}"
    r"|(?:urgent|emergency|immediate|in the meantime|during my absence|"
    r"assistance).{0,80}(?:contact|call|reach|e-?mail|write|phone|please)"
    r"|(?:please|contact|call).{0,60}(?:urgent|emergency|in my absence|immediate)",
    re.I,
)
_RECEIVED: Final = re.compile(
    r"^\W{0,3}(?:您好)?.{0,6}(?:您|你)(?:的|发给我的|发来的|发送的|寄来的)?(?:邮件|来信|信件|来函|"
    r"信息|郵件|來信|mail|"
    r"email).{0,4}(?:我|我们|本人)?(?:已|已经|已經)(?:收到|收悉)"
    r"|^\W{0,3}(?:我|我们|本人)?(?:已经|已|已經)?(?:收到|收悉)(?:了)?(?:您|你)(?:的|"
    r"发来的)?(?:邮件|来信|信件|郵件|來信)\W*$|"
    r"^\W{0,3}(?:来信|邮件|信件)(?:我)?(?:已|已经)(?:收到|收悉)\W*$"
    r"|thank(?:s| you) for (?:your (?:e-?mail|message|mail|inquiry|enquiry)|contacting|writing|"
    r"reaching out|getting in touch)"
    r"|(?:we|i) have received your (?:e-?mail|message|mail|inquiry|request)|your (?:e-?mail|"
    r"message|inquiry|request) has been received",
    re.I,
)
_POLITE: Final = re.compile(
    r"\W*(?:(?:您|你|大家)好|尊敬的.{0,12}|亲爱的.{0,12}|谢谢.{0,10}|感谢.{0,16}|多谢.{0,6}|"
    r"祝.{0,12}|敬请谅解|请谅解|见谅|"
    r"抱歉|給您.{0,8}不便.{0,8}|"
    r"(?:由此)?给您(?:带来|造成).{0,8}不便.{0,10}|此致|敬礼|顺颂.{0,6}|(?:请)?(?:勿|"
    r"不要)(?:直接)?回复.{0,8}|"
    r"(?:hi|hello|dear|hallo)\b.{0,40}|thank(?:s| you).{0,40}|(?:best|kind|"
    r"warm)?\s?regards.{0,20}|sincerely|cheers|"
    r"sorry.{0,40}|apologi[sz]e.{0,40}|we appreciate.{0,60}|please (?:do not|"
    r"don't) reply.{0,40})\W*",
    re.I,
)
_ANY: Final = (_AWAY, _CANNOT, _LATER, _URGENT, _RECEIVED)


def is_away_text(text: str) -> bool:
    """Whether a mail that says only this was written by a program."""
    text = text.strip()
    if not text or len(text) > MOST_TEXT:
        return False
    first = text[:200]
    if any(_SURE.search(line) for line in first.split("\n")) and not _asks(text):
        return True
    if _asks(text):
        return False
    pattern = _SENTENCES if _CHINESE.search(text) else _ENGLISH_SENTENCES
    sentences = [one.strip() for one in pattern.findall(text) if one.strip()][:MOST_SENTENCES]
    if not any(_AWAY.search(one) or _RECEIVED.search(one) for one in sentences):
        return False  # it takes one of these, and most mails have neither
    said = [one for one in sentences if not _POLITE.fullmatch(one) and len(one) > 3]
    hits = [[kind.search(one) is not None for kind in _ANY] for one in said]
    kinds = [any(column) for column in zip(*hits, strict=True)]
    covered = sum(len(one) for one, hit in zip(said, hits, strict=True) if any(hit))
    is_covered = covered >= 0.6 * sum(len(one) for one in said if not _is_name(one))
    if not hits or not is_covered:
        return False
    away, cannot, later, urgent, received = kinds
    return (away and (cannot or later or urgent)) or (received and later and len(text) < 300)


def _asks(text: str) -> bool:
    return "?" in text or "？" in text


def _is_name(sentence: str) -> bool:
    return len(sentence) <= 12 and not re.search(r"[我您你]", sentence)
