"""Where a signature begins: what a program or a person puts under every mail they write."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

MOST_LINES: Final = 25  # of a signature below its mark
MOST_AFTER_CLOSING: Final = 12  # lines below "Best regards,"
LONGEST_LINE: Final = 90  # of such a line

DELIMITER: Final = "-- "  # (RFC 3676, 4.3); without the blank, people draw a line with it, too
_DASHES: Final = re.compile(r"--|__|—|——")
_RULE: Final = re.compile(r"[-_=*~—─+]{3,80}")
_NAME: Final = re.compile(
    r"(?:[Mm]y name is )?(?:[a-zA-ZÀ-ÿА-я]{2,20}|"
    r"[A-ZÀ-ÞА-Я][\w.'’-]*(?:[ ,]+[A-ZÀ-ÞА-Я][\w.'’-]*){1,3})"
)
_OFFICE: Final = re.compile(
    r"公司|集团|集團|工程师|工程師|经理|經理|总监|總監|\b(?:Inc|Ltd|LLC|GmbH|Corp)\b"
)
_CONTACT: Final = re.compile(
    r"@|https?://|www\.|\+?\d[\d ()/-]{6,}\d|\b(?:tel|fax|phone|mobile|mob)\b|电话|手机|传真|邮箱|"
    r"地址|電話",
    re.I,
)
_DEVICE: Final = (
    r"iphone|ipad|ipod|android|手机|手機|平板|邮箱|郵箱|邮件|郵件|outlook|mail\b|mail for|windows|"
    r"华为|huawei|小米|"
    r"xiaomi|oppo|vivo|荣耀|honor|samsung|galaxy|miui|钉钉|企业微信|wps|foxmail|yahoo|网易|新浪|"
    r"客户端|blackberry|gmail|macbook|spark|thunderbird|typeapp|mobile|phone|smartphone|telefon|"
    r"tablet|app\b|nokia|移动|bluemail|protonmail|proton|mac\b|zoho|aqua|airmail|laptop|desktop"
)
_ADDRESS_AT_MOST: Final = re.compile(r"[\s.。!>\])]*(?:[<(\[]?https?://[^\s]{1,300})?[\s.>\])]*")
_SENT_FROM: Final = re.compile(
    r"(?:"
    rf"(?:发自|發自|来自|來自|寄自|发送自|傳送自|送信元).{{0,30}}(?:{_DEVICE}).{{0,30}}"
    rf"|(?:从|從|由|用|通过|使用).{{0,30}}(?:{_DEVICE}).{{0,20}}(?:发送|傳送|发出|寄出|發送)"
    r"|(?:网易邮箱大师|QQ邮箱|企业微信|钉钉邮箱)$"
    r"|(?:签名由|簽名由).{0,20}(?:定制|定製)|(?:本邮件由|此邮件由|该邮件由).{0,30}(?:发送|自动发送)"
    rf"|(?:获取|取得|下载|下載).{{0,30}}outlook.{{0,30}}"
    rf"|sent (?:from|via|using|with|by) .{{0,40}}(?:{_DEVICE}).{{0,60}}"
    r"|sent from my (?:[^\s.]+ ?){1,4}$"
    r"|get (?:\[|<)?outlook for .{1,80}"
    rf"|(?:von|aus) mein.{{1,60}} gesendet|gesendet (?:von|mit|über|"
    rf"aus).{{0,40}}(?:{_DEVICE}).{{0,40}}"
    r"|diese nachricht wurde von mein.{1,60} gesendet.{0,20}"
    rf"|envoyé (?:de|depuis|à partir|avec).{{0,40}}(?:{_DEVICE}).{{0,40}}"
    r"|(?:télécharger|obtenez|obtenir|holen sie sich|descarga|obtener|obtén|scarica|baixe|obter|"
    r"pobierz|hämta|hent|download|hanki|скачать|загрузить) outlook .{1,60}|outlook (?:für|pour|"
    r"para|per|voor) .{2,20}"
    rf"|envia(?:do|da) (?:desde|do|de|a partir|pelo|con|via).{{0,40}}(?:{_DEVICE}).{{0,40}}"
    rf"|inviat[oa] (?:da|dal|con|tramite).{{0,40}}(?:{_DEVICE}).{{0,40}}"
    rf"|(?:verstuurd|verzonden) (?:vanaf|met|van|via).{{0,40}}(?:{_DEVICE}).{{0,40}}"
    rf"|wysłan[oe] (?:z|przy|za).{{0,40}}(?:{_DEVICE}).{{0,40}}"
    rf"|(?:skickat|sendt|send) (?:från|fra|via|med).{{0,40}}(?:{_DEVICE}).{{0,40}}"
    rf"|lähetetty .{{0,60}}|отправлено (?:с|из|от).{{0,60}}|надіслано з.{{0,60}}"
    rf"|odesláno z.{{0,60}}|odoslané z.{{0,60}}|elküldve.{{0,60}}|trimis de pe.{{0,60}}|"
    rf"gửi từ.{{0,60}}"
    rf"|.{{0,40}}(?:{_DEVICE}).{{0,20}}(?:から送信|에서 보냄|gönderildi)"
    r"|στάλθηκε από.{0,60}|dikirim dari.{0,60}|נשלח מ.{0,60}|أرسل من.{0,60}"
    r")",
    re.I,
)
_CLOSING: Final = re.compile(
    r"(?:"
    r"(?:(?:with|many|my)? ?(?:best|kind|kindest|warm|warmest|friendly|sincere|"
    r"highest)(?: and kind| & kind)? )?regards"
    r"|best wishes|with best wishes|cheers|all the best|rgds|brgds|br|kr|best"
    r"|(?:mit )?(?:freundliche[nmr]?|beste[nmr]?|viele[nmr]?|herzliche[nmr]?|liebe[nmr]?|"
    r"schöne[nmr]?|sonnige[nmr]?)"
    r"(?: und herzlichen?)? (?:grü(?:ß|ss)en?|gruß|gruss|gruessen?)(?: aus [\w -]{2,30})?|gruß|"
    r"gruss|lg|vg|mfg|hochachtungsvoll"
    r"|(?:bien |très )?cordialement|(?:bien )?amicalement|bien à (?:vous|toi)|"
    r"salutations(?: distinguées)?"
    r"|(?:un )?(?:cordial |atento )?saludos?(?: cordiales)?|atentamente|atte"
    r"|(?:cordiali|distinti|cari) saluti|cordialmente|un saluto"
    r"|(?:com os melhores )?cumprimentos|atenciosamente|abraços?|att"
    r"|(?:met )?(?:vriendelijke|hartelijke|beste) groet(?:en)?|mvg|groeten|groetjes"
    r"|(?:med )?(?:vänlig(?:a)?|vennlig|venlig|bästa|beste|bedste|mange) (?:hälsning(?:ar)?|"
    r"hilsen|hilsner)|mvh|vh|hilsen"
    r"|ystävällisin terveisin|terveisin|yst\.? terv\.?"
    r"|z poważaniem|pozdrawiam(?: serdecznie)?|z wyrazami szacunku|(?:z )?pozdrowieniami"
    r"|s pozdravem|s pozdravom|с уважением|з повагою|üdvözlettel|tisztelettel|saygılarımla|"
    r"iyi çalışmalar"
    r"|cu stimă|cu respect|με εκτίμηση|lep pozdrav|srdačan pozdrav|trân trọng|hormat kami|salam"
    r"|祝好|此致|敬礼|敬禮|此致敬礼|顺颂商祺|順頌商祺|順頌 ?商祺|顺祝商祺|祝商祺|顺颂时祺|祝顺利|"
    r"祝工作顺利|祝工作愉快|"
    r"祝您工作愉快|祝您生活愉快|祝您工作顺利|以上，祝好|顺祝商安|谨启|敬上"
    r")(?: ?[/|] ?[\w ]{2,40})?[ ,，.。!！~～:：]*",
    re.I,
)
_SENTENCE_END: Final = re.compile(r"[.?!。？！]$")
_ABBREVIATION: Final = re.compile(r"\b(?:inc|ltd|co|corp|jr|sr|dr|ag|e\.v)\.$", re.I)
_TABLE_REST: Final = re.compile(r"[|\s\u00a0]*\|[|\s\u00a0]*")
_DISCLAIMER_MAIL: Final = re.compile(
    r"e-?mail|message|邮件|郵件|nachricht|courriel|mensaje|correo|messaggio|bericht|mensagem|"
    r"wiadomość|сообщение|meddelande|メール",
    re.I,
)
_DISCLAIMER: Final = re.compile(
    r"confidential|privileged|intended (?:solely|only|recipient|for)|disclos|保密|机密|機密|"
    r"vertraulich|confidentiel|confidencial|riservat|vertrouwelijk|poufn|конфиденциальн|"
    r"konfidentiell|秘密",
    re.I,
)


def signature_at(lines: Sequence[str]) -> int:
    """The first line of the signature at the end of a text; len(lines) if there is none.

    Below the line that a phone adds stands only what it quotes, marked or not.
    """
    found = len(lines)
    for number in range(1, len(lines)):
        if not lines[number - 1].strip() and is_sent_from(lines[number]):
            found = _above_table(lines, number)
            break
    end = _without_blank(lines, found)
    while (cut := _signature_before(lines, end)) < end:
        found = cut
        end = _without_blank(lines, cut)
    return found


@lru_cache(maxsize=64)  # the same last lines are asked about several times
def is_sent_from(line: str) -> bool:
    plain = line.replace("\u00a0", " ").strip(" *_\t>|\u200e[")
    found = _SENT_FROM.match(plain) if len(plain) <= 140 else None
    return found is not None and _ADDRESS_AT_MOST.fullmatch(plain, found.end()) is not None


def _signature_before(lines: Sequence[str], end: int) -> int:
    """Where the signature that ends before `end` begins; `end` if there is none."""
    first = max(0, end - MOST_LINES - 1)
    for number in range(first, end):
        line = lines[number].strip(" \t\u00a0*")
        below = [one.strip() for one in lines[number + 1 : end] if one.strip()]
        if lines[number] == DELIMITER and number > 0:
            return number
        if _DASHES.fullmatch(line) and number > 0 and (not below or _is_signed(below)):
            return number
        if is_sent_from(line) and len(below) <= 6 and _are_short(below):
            return _above_table(lines, number)
        if _CLOSING.fullmatch(line) and len(below) <= MOST_AFTER_CLOSING and _are_short(below):
            return number
        if _RULE.fullmatch(line) and 0 < len(below) <= 10 and _is_signature_below(line, below):
            return number
        if _TABLE_REST.fullmatch(line) and _is_table(lines[number:end]):
            return number
    return _disclaimer_before(lines, end)


def trimmed(line: str) -> str:
    """Without blanks at its end, but for the one that makes a delimiter of two dashes."""
    bare = line.rstrip()
    return DELIMITER if bare == "--" and line[2:3] in (" ", "\u00a0") else bare


def _is_signed(below: Sequence[str]) -> bool:
    """Whether somebody's name, closing, office or address stands there, and no sentence."""
    if any(is_sent_from(line) or _CLOSING.fullmatch(line) for line in below):
        return _are_short(below)
    if any(len(line) > 70 or _ends_sentence(line) for line in below):
        return False
    is_name = len(below) <= 3 and _NAME.fullmatch(below[0]) is not None
    return is_name or any(_CONTACT.search(line) or _OFFICE.search(line) for line in below)


def _are_short(below: Sequence[str]) -> bool:
    return all(len(line) <= LONGEST_LINE or _CONTACT.search(line) for line in below)


def _is_signature_below(rule: str, below: Sequence[str]) -> bool:
    is_name = len(rule) >= 10 and len(below) <= 3 and all(len(line) <= 20 for line in below)
    if is_name and not any(_SENTENCE_END.search(line) for line in below):
        return True
    return _are_contacts(below)


def _ends_sentence(line: str) -> bool:
    return _SENTENCE_END.search(line) is not None and _ABBREVIATION.search(line) is None


def _is_table(below: Sequence[str]) -> bool:
    """Whether nothing but the short cells of a signature set as a table is left."""
    bars = sum(1 for line in below if _TABLE_REST.fullmatch(line.strip()))
    return bars >= 2 and all(len(line.strip()) <= 40 for line in below)


def is_rule(line: str) -> bool:
    return _RULE.fullmatch(line.strip()) is not None


def _are_contacts(below: Sequence[str]) -> bool:
    if any(len(line) > 70 or _SENTENCE_END.search(line) for line in below):
        return False
    return any(_CONTACT.search(line) for line in below)


def _above_table(lines: Sequence[str], number: int) -> int:
    """Some programs set their signature as a table, of which text keeps lone bars."""
    first = number
    for above in range(number - 1, max(-1, number - 12), -1):
        line = lines[above].strip()
        if _TABLE_REST.fullmatch(line):
            first = above
        elif len(line) > 40:
            break
    return first


def _disclaimer_before(lines: Sequence[str], end: int) -> int:
    start = end
    while start > 0 and lines[start - 1].strip() and end - start < 40:
        start -= 1
    text = " ".join(lines[start:end])[:4000]
    is_long = len(text) >= (30 if re.search(r"[\u4e00-\u9fff]", text) else 90)
    if start > 0 and is_long and _DISCLAIMER_MAIL.search(text) and _DISCLAIMER.search(text):
        return start
    return end


def _without_blank(lines: Sequence[str], end: int) -> int:
    while end > 0 and not lines[end - 1].strip(" \t\u00a0|"):
        end -= 1
    return end
