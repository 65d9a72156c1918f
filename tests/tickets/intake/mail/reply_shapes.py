"""What mail programs put between the new text and the quoted one, in many shapes."""

from __future__ import annotations

from typing import Final

N: Final = "新内容在此。"
E: Final = "New text."

CHINESE: Final[list[str]] = [
    N
    + '\n\n\n-----原始邮件-----\n发件人:"技术支持" <s@v.example>\n发送时间:2024-03-05 10:12:13 (星期二)\n收件人: x@y.example\n主题: Re: z\n\n旧',
    N
    + "\n\n发件人：技术支持 <s@v.example>\n日期：2024年3月5日 星期二 10:12\n收件人：x <x@y.example>\n主题：Re: z\n旧",
    N + "\n\n在2024年3月5日 10:12，技术支持<s@v.example>写道：\n旧",
    N + "\n\n在 2024/3/5 10:12, 技术支持 写道:\n> 旧",
    N + "\n\n于 2024/3/5 10:12, 技术支持 写道:\n> 旧",
    N + "\n\n于 2024年03月05日 10:12, 技术支持 写道:\n> 旧",
    N + "\n\n技术支持 <s@v.example>于2024年3月5日 周二上午10:12写道：\n> 旧",
    N + "\n\n技术支持 <s@v.example> 于 2024年3月5日周二 上午10:12写道：\n\n旧",
    N + "\n\n\n\n\n\n在 2024-03-05 10:12:13，技术支持 <s@v.example> 写道：\n\n旧",
    N
    + '\n\n\n--\n发自我的网易邮箱手机智能版\n\n\n在 2024-03-05 10:12:13，"技术支持" <s@v.example> 写道：\n\n旧',
    N
    + "\n\n发自我的iPhone\n\n------------------ Original ------------------\nFrom: 技术支持 <s@v.example>\nDate: 周二,3月 5,2024 10:12\nTo: x <x@y.example>\nSubject: Re: z\n\n旧",
    N
    + "\n\n从我的 iPhone 发送\n\n在 2024年3月5日，上午10:12，技术支持 <s@v.example> 写道：\n\n\ufeff旧",
    N
    + "\n\n发自 Windows 10 版邮件应用\n\n发件人: 技术支持\n发送时间: 2024年3月5日 10:12\n收件人: x\n主题: z\n\n旧",
    N
    + "\n\n来自我的华为手机\n\n-------- 原始邮件 --------\n发件人：技术支持 <s@v.example>\n时间：2024年3月5日周二 10:12\n收件人：x\n主题：z\n旧",
    N
    + '\n\n---原始邮件---\n发件人: "技术支持"<s@v.example>\n发送时间: 2024年3月5日(周二) 上午10:12\n收件人: "x"<x@y.example>;\n主题: Re: z\n\n旧',
    N
    + "\n\n---- 回复的原邮件 ----\n发件人\t技术支持<s@v.example>\n发送日期\t2024年03月05日 10:12\n收件人\tx<x@y.example>\n主题\tRe: z\n旧",
    N + "\n\n\n签名由 网易邮箱大师 定制\n\n在2024年03月05日 10:12，技术支持 写道：\n旧",
    N
    + "\n\n| |\nx\n邮箱：x@y.example\n|\n\n签名由 网易邮箱大师 定制\n\n在2024年03月05日 10:12，技术支持 写道：\n旧",
    N + "\n\n网易邮箱大师\n\n在2024年03月05日 10:12，技术支持<s@v.example> 写道：\n旧",
    N + "\n\n发自网易邮箱大师\n\n旧的签名",
    N
    + "\n\n发送自 Outlook for Android\n________________________________\nFrom: 技术支持 <s@v.example>\nSent: Tuesday, March 5, 2024 10:12:13 AM\nTo: x <x@y.example>\nSubject: Re: z\n\n旧",
    N + '\n\n2024年3月5日 10:12，"技术支持" <s@v.example> 写道：\n> 旧',
    N + "\n\n2024年3月5日(火) 10:12 技术支持 <s@v.example>:\n> 旧",
    N + "\n\n2024-03-05 10:12 GMT+08:00 技术支持 <s@v.example>:\n> 旧",
    N + "\n\n2024-03-05 10:12:13，技术支持 写道：\n旧",
    N + "\n\n技术支持 <s@v.example> 写道：\n> 旧",
    N + "\n\n技术支持 在 2024年3月5日 10:12 写道：\n旧",
    N + "\n\n引用 技术支持 在 2024-03-05 10:12:13 的来信：\n旧",
    N + "\n\n========== 2024-03-05 10:12:13 您在来信中写道： ==========\n旧",
    N
    + "\n\n-------- Forwarded Message --------\nSubject: z\nDate: Tue, 5 Mar 2024 10:12:13 +0800\nFrom: 技术支持 <s@v.example>\nTo: x@y.example\n\n旧",
    N
    + "\n\n寄件者: 技術支援 <s@v.example>\n寄件日期: 2024年3月5日 上午 10:12\n收件者: x\n主旨: Re: z\n\n旧",
    N
    + "\n\n從我的 iPhone 傳送\n\n> 技術支援 <s@v.example> 於 2024年3月5日 上午10:12 寫道：\n> \n> 旧",
    N
    + "\n\n发件人: s@v.example <s@v.example> 代表 技术支持\n发送时间: 星期二, 2024年3月5日 上午 10:12\n收件人: x\n旧",
    N
    + "\n\n*发件人:* 技术支持 <s@v.example>\n*发送时间:* 2024年3月5日 10:12\n*收件人:* x\n*主题:* z\n\n旧",
    N + "\n\n>发件人：技术支持\n>发送时间：2024-03-05 10:12\n>收件人：x\n>主题：z\n>旧",
    N + "\n\nFrom: 技术支持\nDate: 2024-03-05 10:12\nTo: x\nSubject: z\n旧",
    N + '\n\nFrom:"技术支持"<s@v.example>;\nDate:2024-03-05 10:12:13\nTo:x;\nSubject:z;\n旧',
    N + '\n\nAt 2024-03-05 10:12:13, "技术支持" <s@v.example> wrote:\n旧',
    N + "\n\n发自小米手机\n\n技术支持 <s@v.example> 于 2024年3月5日 上午10:12写道：\n旧",
    N + "\n\n在 2024年3月5日星期二，技术支持 <s@v.example> 写道：\n\n> 旧",
    N + "\n\n在 星期二, 2024-03-05 10:12:13 技术支持 <s@v.example> 写道 ----\n\n旧",
    N + "\n\n---- 在 星期二, 2024-03-05 10:12:13 +0800 技术支持 <s@v.example> 写道 ----\n\n旧",
    N + "\n\n主题: z\n发件人: 技术支持 <s@v.example>\n日期: 2024-03-05 10:12\n收件人: x\n\n旧",
    N + "\n\n——————————————————\n发件人：技术支持\n时间：2024-03-05 10:12\n主题：z\n旧",
    N + "\n\n--------------------------------\n在2024年3月5日，技术支持<s@v.example>写道：\n旧",
    N + "\n\nOn 2024年3月5日, 10:12 +0800, 技术支持 <s@v.example>, wrote:\n> 旧",
    N + "\n\nOn 03/05/2024 10:12，技术支持<s@v.example> wrote：\n旧",
]

OTHERS: Final[list[str]] = [
    E + "\n\nOn Tue, 5 Mar 2024 at 10:12, Support <s@v.example> wrote:\nold",
    E + "\n\nOn Tue, Mar 5, 2024, 10:12 AM Support <s@v.example> wrote:\n\n> old",
    E + "\n\nOn Tuesday, 5 March 2024, 10:12:13 CET, Support <s@v.example> wrote:\n\nold",
    E + "\n\nOn 05.03.2024 10:12, Support wrote:\n> old",
    E + "\n\nOn 05/03/2024 10:12, Support via Desk wrote:\n> old",
    E + "\n\nSupport <s@v.example> wrote:\n> old",
    E + "\n\nOn Tue, Mar 5, 2024 at 10:12 AM Support <\ns@v.example> wrote:\n\nold",
    E
    + "\n\nOn Tue, Mar 5, 2024 at 10:12 AM, Very Long Name Of The Support Team At The\nVendor <s@v.example>\nwrote:\n\nold",
    E + "\n\nOn Mar 5, 2024, at 10:12 AM, Support <s@v.example<mailto:s@v.example>> wrote:\n\nold",
    E + "\n\nAm 05.03.2024 um 10:12 schrieb Support:\n> alt",
    E
    + "\n\nAm Dienstag, 5. März 2024, 10:12:13 MEZ hat Support <s@v.example> Folgendes geschrieben:\n\nalt",
    E + "\n\nAm Dienstag, den 5. März 2024 schrieb Support <s@v.example>:\n\nalt",
    E
    + '\n\nGesendet: Dienstag, 05. März 2024 um 10:12 Uhr\nVon: "Support" <s@v.example>\nAn: a@b.example\nBetreff: x\nalt',
    E + "\n\nLe 05/03/2024 à 10:12, Support a écrit :\n> vieux",
    E + "\n\nLe mardi 5 mars 2024 à 10:12:13 UTC+1, Support <s@v.example> a écrit :\n\nvieux",
    E + "\n\nIl giorno mar 5 mar 2024 alle ore 10:12 Support <s@v.example> ha scritto:\n\n> old",
    E + "\n\nIl 05/03/2024 10:12, Support ha scritto:\n> old",
    E + "\n\nEl 5/3/24 a las 10:12, Support escribió:\n> old",
    E + "\n\nEl martes, 5 de marzo de 2024, 10:12:13 CET, Support <s@v.example> escribió:\n\nold",
    E + "\n\nEm 05/03/2024 10:12, Support escreveu:\n> old",
    E + "\n\nOp 05-03-2024 om 10:12 schreef Support:\n> old",
    E + "\n\nDen 05.03.2024 10:12, skrev Support:\n> old",
    E + "\n\n5. mar. 2024 kl. 10:12 skrev Support <s@v.example>:\n\nold",
    E + "\n\nW dniu 05.03.2024 o 10:12, Support pisze:\n> old",
    E + "\n\nDne 05.03.2024 v 10:12 Support napsal(a):\n> old",
    E + "\n\n05.03.2024 10:12, Support пишет:\n> old",
    E + "\n\nВторник, 5 марта 2024, 10:12 +03:00 от Support <s@v.example>:\n\nold",
    E + "\n\n5 марта 2024, 10:12, Support <s@v.example>:\n\nold",
    E + "\n\n2024年3月5日 10:12、Support <s@v.example>のメール:\n\n> old",
    E + "\n\n2024/03/05 10:12、Support <s@v.example>のメール:\n\n> old",
    E + "\n\nOn 2024/03/05 10:12, Support wrote:\n> old",
    E
    + "\n\n-----Ursprüngliche Nachricht-----\nVon: Support\nGesendet: Dienstag, 5. März 2024 10:12\nAn: x\nBetreff: z\n\nalt",
    E
    + "\n\n-----Message d'origine-----\nDe : Support\nEnvoyé : mardi 5 mars 2024\nÀ : x\nObjet : z\n\nvieux",
    E
    + '\n\n----- Original Message -----\nFrom: "Support" <s@v.example>\nTo: "x" <x@y.example>\nSent: Tuesday, March 5, 2024 10:12:13 AM\nSubject: z\n\nold',
    E
    + "\n\n________________________________\nDa: Support <s@v.example>\nInviato: martedì 5 marzo 2024 10:12\nA: x\nOggetto: z\n\nold",
    E
    + "\n\n보낸 사람: Support <s@v.example>\n보낸 날짜: 2024년 3월 5일 화요일 오전 10:12\n받는 사람: x\n제목: z\n\nold",
    E
    + "\n\nFrom: Support [s@v.example]\nSent: Tuesday, March 05, 2024 10:12 AM\nTo: x\nCc: y\nSubject: z\n\nold",
    E + "\n\n## Please reply above this line ##\n\nold",
    E + "\n\n##- Please type your reply above this line -##\n\nold",
    E
    + "\n\nBegin forwarded message:\n\n> From: Support <s@v.example>\n> Date: 5 March 2024\n> Subject: z\n> To: x\n> \n> old",
    E + "\n\nSupport wrote on 05.03.2024 10:12:\n> old",
    E + "\n\nQuoting Support <s@v.example>:\n\n> old",
    E + "\n\nSupport schrieb am 05.03.2024 um 10:12:\n> alt",
    E
    + "\n\nLähettäjä: Support <s@v.example>\nLähetetty: tiistai 5. maaliskuuta 2024 10.12\nVastaanottaja: x\nAihe: z\n\nold",
    E
    + "\n\nSent from Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\nFrom: Support <s@v.example>\nSent: Tuesday, March 5, 2024 10:12:13 AM\nTo: x\nSubject: z\n\nold",
    E
    + "\n\nSent from Yahoo Mail for iPhone\n\n\nOn Tuesday, March 5, 2024, 10:12 AM, Support <s@v.example> wrote:\n\nold",
    E
    + "\n\nCheers,\nAnna\n\n-- \nAnna Lin | Acme\n+49 30 1234567\n\nOn Tue, Mar 5, 2024 at 10:12 AM Support <s@v.example> wrote:\n> old",
    E
    + "\n\nVon meinem iPhone gesendet\n\nAm 05.03.2024 um 10:12 schrieb Support <s@v.example>:\n\nalt",
    E
    + "\n\nEnvoyé de mon iPhone\n\nLe 5 mars 2024 à 10:12, Support <s@v.example> a écrit :\n\nvieux",
    E
    + "\n\nEnviado desde mi iPhone\n\nEl 5 mar 2024, a las 10:12, Support <s@v.example> escribió:\n\nold",
]
