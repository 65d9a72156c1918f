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

# Said of the mail itself, as a whole clause: "this auto-reply does not work" is a person's.
_BY: Final = r"(?:系统|系統|邮箱|郵箱|假期|休假|外出|程序|服务器|由|的|[a-z0-9]){0,20}"
_SURE: Final = re.compile(
    r"^\W{0,4}(?:[您你]好\W{0,3})?(?:"
    r"[这此该本這該]封?(?:电子|電子)?(?:邮件|郵件|信件|信)?[是为系由為係](?:一封)?(?:来自.{1,20}的)?"
    rf"{_BY}(?:自动|自動)(?:回复|答复|应答|发送|发出|生成|回覆|回復|答覆|發送|發出|產生)"
    r"|由?(?:系统|系統)(?:自动|自動)(?:回复|回覆|发送|發送|发出|發出|生成|產生)"
    r"|(?:邮件|郵件)?(?:自动|自動)(?:回复|回覆)(?=\W*$)|auto(?:matic)?[- ]?reply(?=\W*$)"
    r"|this (?:is|message is|e-?mail is) an? auto(?:mat(?:ic(?:ally)?|ed))?[- ]?"
    r"(?:generated |sent )?(?:reply|response|message|e-?mail|notification)"
    r"|this (?:message|e-?mail) (?:was|has been|is) (?:(?:sent|generated|created) automatically|"
    r"automatically (?:sent|generated|created))"
    r")的?(?:邮件|郵件|通知|消息)?"
    r"(?=\W*$|[^\w\s]|\s*[请請]|\s+(?:from|sent|by|please)\b)",
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
# In other languages, of which too little is known to go by the words alone.
_AWAY_ELSEWHERE: Final = re.compile(
    r"\b(?:urlaub|abwesend|nicht im (?:büro|haus|dienst)|(?:en|de) (?:congés?|vacances|"
    r"vacaciones|férias|ferie)|absente?|(?:fuori|hors d[ue]|fuera de la) (?:ufficio|bureau|"
    r"oficina)|afwezig|met vakantie|på (?:semester|ferie)|lomalla|urlopie|dovolen|отпуск\w*|"
    r"izin\w*)\b"
    r"|休暇|不在|휴가|부재",
    re.I,
)
_ANY: Final = (_AWAY, _CANNOT, _LATER, _URGENT, _RECEIVED)


def is_away_text(text: str, *, is_announced: bool = False) -> bool:
    """Whether a mail that says only this was written by a program, in answer to another.

    `is_announced` when its subject says so already: less need be said then.
    """
    text = text.strip()
    if not text or len(text) > MOST_TEXT or _asks(text):
        return False
    pattern = _SENTENCES if _CHINESE.search(text) else _ENGLISH_SENTENCES
    sentences = [one.strip() for one in pattern.findall(text) if one.strip()][:MOST_SENTENCES]
    said = [one for one in sentences if not _POLITE.fullmatch(one) and len(one) > 3]
    if is_announced and all(_POLITE.fullmatch(one) for one in sentences):
        return True  # a greeting, and nothing else
    telling = (_AWAY, _RECEIVED, *([_AWAY_ELSEWHERE] if is_announced else []))
    if not any(kind.search(one) for one in said for kind in telling):
        return False  # it takes one of these, and most mails have none
    hits = [[kind.search(one) is not None for kind in (*_ANY, *telling, _SURE)] for one in said]
    covered = sum(len(one) for one, hit in zip(said, hits, strict=True) if any(hit))
    if covered < 0.6 * sum(len(one) for one in said if not _is_name(one)):
        return False
    if is_announced:
        return True
    away, cannot, later, urgent, received, *_more = (any(kind) for kind in zip(*hits, strict=True))
    return (away and (cannot or later or urgent)) or (received and later and len(text) < 300)


def calls_itself_automatic(text: str) -> bool:
    """Whether one of its first lines says that a program wrote it. What asks is a person's."""
    first = text.strip()[:200].split("\n")
    return not _asks(text) and any(_SURE.search(line.strip()) for line in first)


def _asks(text: str) -> bool:
    return "?" in text or "？" in text


def _is_name(sentence: str) -> bool:
    return len(sentence) <= 12 and not re.search(r"[我您你]", sentence)
