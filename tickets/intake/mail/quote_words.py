"""The words mail programs put around what they quote, in the languages they speak."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final


class Label(StrEnum):
    """What a line of a quoted mail's head names."""

    FROM = "from"
    DATE = "date"
    TO = "to"
    COPY = "copy"
    SUBJECT = "subject"
    OTHER = "other"


_LABELS: Final = {
    Label.FROM: (
        "from|von|de|da|van|od|från|fra|lähettäjä|от|от кого|відправник|від|kimden|gönderen|feladó|"
        "expéditeur|remitente|mittente|afzender|avsändare|absender|de la|από|αποστολέας|nadawca|"
        "odosielateľ|odesílatel|pengirim|dari|từ|người gửi|จาก|מאת|من|발신|보낸사람|보낸 사람|"
        "差出人|送信元|寄件者|寄件人|发件人|發件人|发送人|发信人|发送者|emissor|remetente|saatja|"
        "no|nuo|"
        "siuntėjas|sūtītājs|pošiljatelj|pošiljalac|šalje"
    ),
    Label.DATE: (
        "sent|date|gesendet|datum|gesendet am|envoyé|envoyé le|enviado|enviada|enviado el|"
        "enviada em|"
        "fecha|data|inviato|data di invio|verzonden|skickat|skickad|sendt|dato|sendt den|lähetetty|"
        "päivämäärä|päiväys|wysłano|wysłane|data wysłania|odesláno|odoslané|dátum|отправлено|дата|"
        "дата отправки|надіслано|gönderme tarihi|gönderildi|tarih|elküldve|küldve|trimis|"
        "ημερομηνία|"
        "στάλθηκε|dikirim|tanggal|đã gửi|ngày|ngày gửi|ส่ง|ส่งแล้ว|วันที่|נשלח|תאריך|تاريخ الإرسال|"
        "التاريخ|보낸 날짜|보낸날짜|날짜|日時|送信日時|送信|日付|傳送日期|寄件日期|傳送時間|"
        "日期|发送时间|发送日期|發送時間|發送日期|时间|時間|發件日期|发件日期|発信日時|saadetud|"
        "kuupäev|"
        "poslano|message du|išsiųsta|nosūtīts|sent on|sent at|date sent"
    ),
    Label.TO: (
        "to|an|à|a|para|aan|till|til|vastaanottaja|do|komu|кому|alıcı|kime|címzett|către|pentru|"
        "προς|"
        "kepada|ke|tới|đến|người nhận|ถึง|אל|إلى|받는사람|받는 사람|받음|宛先|收件者|收件人|收信人|"
        "adressat|saaja|kam|destinataire|destinatario|destinatário|empfänger|ontvanger|mottagare|"
        "modtager|mottaker|za|prima|kas|gavėjas"
    ),
    Label.COPY: (
        "cc|kopie|copie|copie à|copia|kopio|kopia|dw|kopi|másolat|bilgi|копия|копія|cópia|tembusan|"
        "đồng gửi|สำเนา|עותק|نسخة|참조|副本|抄送|抄送人|抄送者|bcc|密送|副本抄送|κοιν|koopia|kópia|"
        "bilgisi|rozdzielnik"
    ),
    Label.SUBJECT: (
        "subject|betreff|objet|asunto|oggetto|onderwerp|ämne|emne|aihe|temat|předmět|predmet|тема|"
        "konu|tárgy|subiect|θέμα|subjek|perihal|chủ đề|tiêu đề|เรื่อง|หัวเรื่อง|נושא|الموضوع|제목|"
        "件名|主旨|主题|主題|标题|標題|assunto|sujet|teema|tēma|tema|zadeva|naslov"
    ),
    Label.OTHER: (
        "reply-to|reply to|importance|priority|wichtigkeit|priorität|importancia|importance haute|"
        "prioridad|priorité|重要性|优先级|附件|attachments|attachment|anlagen|anhänge|"
        "pièces jointes|"
        "adjuntos|allegati|sender|organization|organisation|组织|回复|回复至|答复|antwort an|"
        "répondre à|x-mailer|message-id|sensitivity|categories|signed by|mailing list|附檔"
    ),
}
LABELS: Final = {word: label for label, words in _LABELS.items() for word in words.split("|")}

# "… wrote:", the name before it: nothing but an address or a date in brackets may follow.
_LAST_VERBS: Final = (
    r"wrote|writes|pisze|(?:您|你)?在来信中写道|的来信|a écrit|écrit|escribió|escribio|ha escrito|"
    r"ha scritto|scrive|escreveu|"
    r"kirjoitti|napisał|napisała|napisał\(a\)|nadesłał|napsal|napsala|napsal\(a\)|napísal|"
    r"napísal\(a\)|написал|написала|написал\(а\)|пишет|писал|писал\(а\)|написав|пише|написа|"
    r"ezt írta|írta|yazdı|şunu yazdı|şunları yazdı|a scris|έγραψε|menulis|đã viết|viết|"
    r"เขียนว่า|เขียน|님이 작성|님이 작성하였습니다|작성|님이 씀|のメール|書きました|"
    r"さんは書きました|"
    r"va escriure|je napisao|je napisao/la|je napisal|je napisala|je napisal/-a|parašė|rakstīja|"
    r"kirjutas|כתב|כתבה|כתב/ה|כתב\(ה\)|كتب|写道|寫道|写到|撰写|寫信|написал\(-а\)"
)
# "schrieb …:", the name after it.
_MIDDLE_VERBS: Final = (
    r"schrieb|schreef|skrev|schreiben|geschreven|geschrieben|shkroi|skrifaði|napsal|napisał|"
    r"تمت كتابة ما يلي بواسطة|odesílatel"
)
LAST_VERB: Final = re.compile(
    rf"(?<![A-Za-z\u00c0-\u024f\u0370-\u05ff])(?:{_LAST_VERBS})(?!\w)", re.I
)
MIDDLE_VERB: Final = re.compile(rf"(?<!\w)(?:{_MIDDLE_VERBS})(?!\w)", re.I)

QUOTING: Final = re.compile(
    r"(?:Quoting|Zitat von|Citando|Quoto|Citando a|Cytowanie|引用) .{1,200}"
)

_ORIGINAL: Final = (
    r"original message|original appointment|original email|original mail|original|"
    r"forwarded message|forwarded mail|fwd message|begin forwarded message|reply message|"
    r"replied message|message transmitted|forwarded by .{1,60}|"
    r"ursprüngliche nachricht|urspr\. nachricht|originalnachricht|original-nachricht|"
    r"weitergeleitete nachricht|anfang der weitergeleiteten nachricht|ursprüngliche mail|"
    r"message d'origine|message d’origine|message original|message initial|mail original|"
    r"message transféré|courriel original|e-mail d'origine|début du message réexpédié|"
    r"mensaje original|mensaje reenviado|mensagem original|mensagem encaminhada|mensaje enviado|"
    r"messaggio originale|messaggio inoltrato|messaggio inoltrato|inizio messaggio inoltrato|"
    r"oorspronkelijk bericht|origineel bericht|doorgestuurd bericht|oorspronkelijke bericht|"
    r"ursprungligt meddelande|originalmeddelande|vidarebefordrat meddelande|"
    r"oprindelig meddelelse|original meddelelse|videresendt meddelelse|oprindelig besked|"
    r"opprinnelig melding|videresendt melding|alkuperäinen viesti|välitetty viesti|"
    r"wiadomość oryginalna|oryginalna wiadomość|wiadomość przekazana|treść oryginalnej wiadomości|"
    r"původní zpráva|původní e-mail|pôvodná správa|přeposlaná zpráva|eredeti üzenet|"
    r"továbbított üzenet|mesaj original|mesaj redirecționat|"
    r"исходное сообщение|пересылаемое сообщение|пересланное сообщение|оригинальное сообщение|"
    r"оригінальне повідомлення|початкове повідомлення|переслане повідомлення|"
    r"orijinal mesaj|özgün ileti|orjinal mesaj|iletilen mesaj|αρχικό μήνυμα|προωθημένο μήνυμα|"
    r"pesan asli|pesan terusan|tin nhắn gốc|thư gốc|ข้อความต้นฉบับ|הודעה מקורית|الرسالة الأصلية|"
    r"원본 메일|원본 메시지|원본메세지|전달된 메시지|元のメッセージ|元のメール|転送メッセージ|"
    r"原始邮件|原始郵件|原邮件|原始信息|原始訊息|原始消息|原信|原件|原文|邮件原件|邮件原文|"
    r"回复的原邮件|"
    r"回复的邮件|回覆的原郵件|转发的邮件|轉寄郵件|转发邮件|转发邮件信息|转发的原邮件|被转发的邮件|"
    r"邮件信息|轉寄的郵件|已轉寄的郵件|已转发的邮件|已转发邮件|izvorna poruka|izvorno sporočilo|"
    r"algne kiri"
)
SEPARATOR: Final = re.compile(
    rf"[-_=*—─－]{{2,60}} {{0,3}}(?:{_ORIGINAL}) {{0,3}}[:：]? {{0,3}}[-_=*—─－]{{2,60}}", re.I
)
# Without dashes around it these count only where a head or quoted lines come next.
BARE_SEPARATOR: Final = re.compile(
    rf"(?:下面是|以下是|"
    rf"以下為)?[-_=*—─－]{{0,60}} {{0,3}}(?:{_ORIGINAL}) {{0,3}}[-_=*—─－]{{0,60}}[:：]?",
    re.I,
)
REPLY_ABOVE: Final = re.compile(
    r"[-#=*_ ]{0,40}(?:please )?(?:type|write|enter)? ?(?:your )?(?:reply|respond|antworten?|"
    r"répond(?:re|ez)|responda|rispondi|请在?此行|请在本行|請在此行|请于此行|在此行)[^\n]{0,25}"
    r"(?:above (?:this|the) line|oberhalb dieser (?:linie|zeile)|au-dessus de cette ligne|"
    r"por encima de esta línea|sopra questa (?:riga|linea)|以?上方?(?:回复|回覆|答复|书写|输入))"
    r"[^\n]{0,30}",
    re.I,
)
