"""How mail systems say, in subject and text, that a mail did not arrive."""

from __future__ import annotations

import re
from typing import Final

SUBJECT: Final = re.compile(
    r"undeliver|not delivered|non[- ]?deliver|delivery[ _](?:status|notification|failure|failed|"
    r"error|"
    r"problem|report|has failed|delay|incomplete|attempt|unsuccessful|reports? about)|"
    r"mail delivery|"
    r"mail (?:could not|not|failure|failed|error|status)|message (?:could not|not|status|rejected|"
    r"delay)|"
    r"return(?:ed|ing) (?:mail|message|to sender|e-?mail|to you)|failure (?:notice|notification|"
    r"report)|"
    r"(?:mail|message|email) (?:system|server) (?:error|report)|rejected (?:mail|message)|"
    r"error sending your|could not send|couldn.t be (?:delivered|sent)|unable to deliver|"
    r"failed (?:to deliver|delivery|mail)|bounce|unknown (?:user|address|recipient)|user unknown|"
    r"returned unread|no such (?:user|account)|mailbox (?:full|unavailable|is full)|"
    r"unzustellbar|nicht zugestellt|zustell(?:ung|fehler)|unbekannt|"
    r"退信|退件|投递失败|投遞失敗|无法投递|未能投递|未送达|无法送达|未能送达|無法傳遞|無法寄達|"
    r"发送失败|传送失败|邮件退回|被退回|未传递|未傳遞|传递状态|递送失败|"
    r"配信不能|配信できません|配信エラー|配信失敗|届けられません|送信エラー|不達|"
    r"échec|non (?:remis|distribué|délivr)|non livr|no (?:se )?(?:pudo )?entreg|devuelto|"
    r"no entregado|mancat[ao] (?:consegna|recapito)|impossibile recapitare|não entregue|"
    r"falha na entrega|onbestelbaar|niet (?:bezorgd|afgeleverd)|olever(?:erbar|ans)|"
    r"nie dostarczono|niedostarcz|недостав|не доставлен|nedoruč|iletilemedi|전송 ?실패|반송",
    re.I,
)

SAYS_UNDELIVERED: Final = re.compile(
    r"(?:could|can|was|were|has|have|is|are|will|did)(?:n['’]t| not|not)(?: yet| be| been|"
    r" able to be)*"
    r" (?:deliver|sent\b|reach|relay|accept|process|transmit|complet)|"
    r"cannot (?:deliver|be deliver|accept|send)|couldn['’]t (?:be )?(?:deliver|find)|"
    r"unable to (?:deliver|send|relay|reach|send or)|(?:not|un)[- ]?(?:deliverable|delivered)|"
    r"deliver(?:y|ing)[^.\n]{0,60}(?:fail|delay|error|problem|unsuccess|impossible|trouble|"
    r"incomplete)|"
    r"(?:fail|error|trouble|problem|difficult)[^.\n]{0,40}(?:deliver|sending|transmi|transfer)|"
    r"(?:returned|rejected|refused|bounced|blocked)[^.\n]{0,80}(?:mail|message|sender|recipient|"
    r"address|error|by the|server)|(?:mail|message|recipients?|address(?:es)?)[^.\n]{0,80}"
    r"(?:returned|rejected|refused|bounced|failed|undeliver|permanent)|"
    r"following (?:address|recipient|user)[^.\n]{0,60}(?:fail|error|reject|fatal|not|problem)|"
    r"(?:unknown|invalid|no such|unrecognized|nonexist\w*|disabled|inactive|unroutable|bad) "
    r"(?:local |destination |email |mail )?(?:user|address|recipient|mailbox|account|host|domain)|"
    r"(?:user|address|recipient|mailbox|account|host|domain|name)[^.\n]{0,60}(?:unknown|not found|"
    r"unavailable|does not exist|doesn['’]t (?:exist|have)|not (?:exist|listed|valid|our customer|"
    r"known)|is full|"
    r"disabled|over(?: ?quota| the)|inactive|invalid|not recogni|suspended|rejected)|"
    r"(?:mailbox|quota|storage)[^.\n]{0,30}(?:full|exceed)|hop count exceeded|too many hops|"
    r"mail loop|"
    r"permanent(?:ly)? (?:fatal )?(?:error|fail)|not listed in|failure reasons|failed recipient|"
    r"connection (?:timed out|refused)|host not found|relay(?:ing)? (?:access )?denied|"
    r"message (?:size )?exceeds|retry (?:time|timeout)|time ?out exceeded|status: [45]\.\d|"
    r"nicht (?:zugestellt|zustell|ausgeliefert|übermittelt)|unzustellbar|unbekannt|"
    r"n['’]a (?:pas )?(?:pu )?[^.\n]{0,20}(?:être )?(?:remis|distribu|délivr|livr|achemin)|"
    r"no se (?:ha )?(?:pudo|podido|puede)[^.\n]{0,30}entreg|"
    r"non (?:è stato )?[^.\n]{0,30}(?:recapit|consegna)|"
    r"não (?:foi|pôde|pode)[^.\n]{0,30}entreg|niet (?:worden )?(?:bezorg|aflever)|не (?:был[оа]? |"
    r"может )?"
    r"[^.\n]{0,30}доставлен|nie (?:mogła|została|można)[^.\n]{0,30}dostarcz|"
    r"退信|被退回|退回(?:给|給)?|(?:无法|未能|不能|没有|未|無法)(?:被|成功)?[^。\n]{0,12}(?:投递|"
    r"送达|发送|送达|递送|传递|寄達|傳遞|送出)|"
    r"(?:投递|发送|传递|送达|递送)[^。\n]{0,10}(?:失败|错误|异常)|(?:收件人|用户|邮箱|地址|帐号|"
    r"账号|域名)[^。\n]{0,20}"
    r"(?:不存在|不正确|无效|已满|被禁用|冻结|拒收|拒绝|错误|停用|找不到)|拒收|"
    r"(?:配信|送信|届け)[^。\n]{0,16}(?:でき|ません|失敗|不能|エラー)|見つかりません|ありません|"
    r"存在しません|"
    r"宛先[^。\n]{0,20}(?:不明|エラー)|전송하지 못|반송",
    re.I,
)

DELAYED: Final = re.compile(
    r"\bdelay|will (?:be |keep |continue |retry |try |re-?attempt)[^.\n]{0,40}(?:retr|try|attempt|"
    r"deliver|resend)|"
    r"still being|no action is required|temporar|warning: (?:message|could not)|"
    r"not yet been delivered|will retry|暂时|稍后|延迟|延時|重试|一時的|遅延|verzögert|"
    r"vorübergehend",
    re.I,
)

ORIGINAL_BEGINS: Final = re.compile(
    r"^[ \t]*[-=_* ]{0,40}(?:below (?:this line )?is a copy of|this is a copy of|"
    r"the original message(?! was)|original message(?! was)|"
    r"a copy of (?:the|your)|(?:the )?header(?:s)? of the original|message headers? follow|"
    r"the (?:body|text|first \d+ lines|headers?) of (?:the|your)|returned (?:message|mail)|"
    r"your original message|"
    r"unsent message|message text follows|the following (?:is|are) the (?:original|message)|"
    r"original (?:mail|message) (?:follows|header)|undelivered message|start of returned|"
    r"message header|原始邮件|原邮件|原始信件|邮件原文|オリジナル|元のメッセージ)[^\n]{0,80}$"
    r"|^(?:received|return-path|dkim-signature|mime-version|message-id|x-[a-z-]{2,40}):[ \t]",
    re.I | re.M,
)

# A person passes a bounce on, or answers one.
SENT_BY_PERSON: Final = re.compile(
    r"\s*(?:re|fw|fwd|aw|wg|tr|rv|sv|vs|antw|回复|答复|回覆|转发|轉寄|答覆|转)\s*[:：]", re.I
)
