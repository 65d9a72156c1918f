"""Replies as mail programs write them, each with what its sender newly wrote: (name, text, new).

Written after the formats of these programs, for these tests.
"""

from __future__ import annotations

from typing import Final

QUOTED_BARE: Final = "Dear Ms Lin,\nyour ticket was received.\n\nVigil"
QUOTED: Final = "> Dear Ms Lin,\n> your ticket was received.\n>\n> Vigil"

CHINESE: Final = [
    (
        "qq_webmail",
        "已经按您说的改了，还是黑屏。\n&nbsp;\n\n\n\n\n------------------&nbsp;原始邮件&nbsp;------------------\n"
        "发件人:                                                                                   "
        '                                     "技术支持"                                           '
        "                                         <support@vendor.example>;\n"
        "发送时间:&nbsp;2024年3月5日(星期二) 上午10:12\n"
        '收件人:&nbsp;"林"<lin@customer.example>;\n\n主题:&nbsp;Re: 黑屏\n\n\n\n您好，请升级到 4.2。',
        "已经按您说的改了，还是黑屏。",
    ),
    (
        "qq_webmail_english",
        "It works now.\n\n\n\n\n------------------ Original ------------------\n"
        'From:  "Support"<support@vendor.example>;\nDate:  Tue, Mar 5, 2024 10:12 AM\n'
        'To:  "Lin"<lin@customer.example>; \n\nSubject:  Re: black screen\n\n\n\nPlease update.',
        "It works now.",
    ),
    (
        "qq_mobile",
        "收到，谢谢\n\n\n发自我的iPhone\n\n\n------------------ 原始邮件 ------------------\n"
        "发件人: 技术支持 <support@vendor.example>\n发送时间: 2024年3月5日 10:12\n"
        "收件人: 林 <lin@customer.example>\n主题: 回复：黑屏\n\n您好",
        "收到，谢谢",
    ),
    (
        "netease_163_webmail",
        '日志已经上传。\n\n\n\n\n\n\n\n\n\n\n\n在 2024-03-05 10:12:13，"技术支持" <support@vendor.example> 写道：\n\n'
        "您好，请提供日志。\n\n",
        "日志已经上传。",
    ),
    (
        "netease_163_webmail_quoted_head_english",
        '日志已经上传。\n\n\nAt 2024-03-05 10:12:13, "技术支持" <support@vendor.example> wrote:\n\n>您好，\n>请提供日志。\n',
        "日志已经上传。",
    ),
    (
        "netease_mail_master",
        "频道号是 8812。\n\n\n| |\n林小姐\n|\n|\nlin@163.example\n|\n签名由网易邮箱大师定制\n\n\n"
        "---- 回复的原邮件 ----\n| 发件人 | 技术支持<support@vendor.example> |\n"
        "| 发送日期 | 2024年03月05日 10:12 |\n| 收件人 | lin<lin@163.example> |\n| 抄送至 |  |\n"
        "| 主题 | Re: 黑屏 |\n您好，请问频道号是多少？",
        "频道号是 8812。",
    ),
    (
        "netease_mail_master_older",
        "频道号是 8812。\n\n\n| |\nlin\n|\n|\nlin@163.example\n|\n\n签名由 网易邮箱大师 定制\n\n"
        "在2024年03月05日 10:12，技术支持<support@vendor.example> 写道：\n您好，请问频道号是多少？",
        "频道号是 8812。",
    ),
    (
        "outlook_desktop",
        "您好：\n\n问题只在安卓 14 上出现。\n\n发件人: 技术支持 <support@vendor.example> \n"
        "发送时间: 2024年3月5日 10:12\n收件人: 林 <lin@customer.example>\n抄送: 王 <wang@customer.example>\n"
        "主题: Re: 黑屏\n\n您好，请问是哪个系统版本？",
        "您好：\n\n问题只在安卓 14 上出现。",
    ),
    (
        "outlook_web",
        "已测试，正常。\n________________________________\n发件人: 技术支持 <support@vendor.example>\n"
        "发送时间: 2024年3月5日 2:12\n收件人: 林 <lin@customer.example>\n主题: Re: 黑屏\n\n请测试。",
        "已测试，正常。",
    ),
    (
        "outlook_phone",
        "下午两点可以开会。\n\n获取 Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\n"
        "发件人: 技术支持 <support@vendor.example>\n发送时间: Tuesday, March 5, 2024 10:12:13 AM\n"
        "收件人: 林 <lin@customer.example>\n主题: Re: 黑屏\n\n何时方便？",
        "下午两点可以开会。",
    ),
    (
        "gmail",
        "好的，我试一下。\n\n技术支持 <support@vendor.example> 于2024年3月5日周二 10:12写道：\n\n> 您好，\n> 请升级。\n>",
        "好的，我试一下。",
    ),
    (
        "gmail_wrapped",
        "好的，我试一下。\n\nSupport of a Vendor <support-with-a-long-name@vendor.example> 于2024年3月5日周二\n"
        "10:12写道：\n\n> 您好，\n> 请升级。\n>",
        "好的，我试一下。",
    ),
    (
        "gmail_traditional",
        "已經好了，謝謝！\n\n技術支援 <support@vendor.example> 於 2024年3月5日 週二 上午10:12寫道：\n\n> 您好\n",
        "已經好了，謝謝！",
    ),
    (
        "iphone",
        "重启后恢复了。\n\n发自我的 iPhone\n\n> 在 2024年3月5日，10:12，技术支持 <support@vendor.example> 写道：\n> \n"
        "> \ufeff您好，\n> 请重启。\n",
        "重启后恢复了。",
    ),
    (
        "apple_mail",
        "重启后恢复了。\n\n> 2024年3月5日 10:12，技术支持 <support@vendor.example> 写道：\n> \n> 您好，\n> 请重启。\n",
        "重启后恢复了。",
    ),
    (
        "foxmail",
        "附件是抓包。\n\n\n\n林晓\n某某科技有限公司\n \n发件人： 技术支持\n发送时间： 2024-03-05 10:12\n收件人： 林晓\n"
        "抄送： 王\n主题： Re: 黑屏\n您好，请提供抓包。",
        "附件是抓包。\n\n\n\n林晓\n某某科技有限公司",
    ),
    (
        "foxmail_rule",
        "附件是抓包。\n\n\n________________________________\n林晓\n电话：13900000000\nlin@customer.example\n \n"
        "发件人： 技术支持\n发送时间： 2024-03-05 10:12\n收件人： 林晓\n主题： Re: 黑屏\n您好，请提供抓包。",
        "附件是抓包。",
    ),
    (
        "dingtalk",
        "请安排今天处理。\n\n\n------------------------------------------------------------------\n"
        "发件人：技术支持 <support@vendor.example>\n日　期：2024年03月05日 10:12:13\n"
        "收件人：林<lin@customer.example>\n抄　送：王<wang@customer.example>\n主　题：Re: 黑屏\n\n您好",
        "请安排今天处理。",
    ),
    (
        "dingtalk_phone",
        "请安排今天处理。\n\n来自钉钉专属商务邮箱\n------------------------------------------------------------------\n"
        "发件人：技术支持<support@vendor.example>\n日　期：2024年03月05日 10:12:13\n收件人：林<lin@customer.example>\n"
        "主　题：Re: 黑屏\n\n您好",
        "请安排今天处理。",
    ),
    (
        "wecom",
        "已确认。\n\n\n林晓\n\n发自我的企业微信\n\n------------------ Original ------------------\n"
        "From: 技术支持 <support@vendor.example>\nDate: 周二,3月 5,2024 10:12 上午\n"
        "To: 林 <lin@customer.example>\nSubject: Re: 黑屏\n\n您好",
        "已确认。\n\n\n林晓",
    ),
    (
        "coremail",
        '收到。\n\n\n> -----原始邮件-----\n> 发件人: "技术支持" <support@vendor.example>\n'
        "> 发送时间: 2024-03-05 10:12:13 (星期二)\n> 收件人: lin@customer.example\n> 抄送: \n> 主题: Re: 黑屏\n> \n> 您好",
        "收到。",
    ),
    (
        "huawei_phone",
        "明天再试。\n\n发自我的华为手机\n\n\n-------- 原始邮件 --------\n发件人： 技术支持 <support@vendor.example>\n"
        "日期： 2024年3月5日周二 上午10:12\n收件人： lin@customer.example\n主 题： Re: 黑屏\n您好",
        "明天再试。",
    ),
    (
        "yahoo_traditional",
        "沒有問題了\n\n    技術支援 <support@vendor.example> 於 2024年3月5日 星期二 上午10:12:13 [GMT+8] 寫道：  \n \n 您好",
        "沒有問題了",
    ),
    (
        "forwarded_by_163_with_a_word",
        '请看下面客户的反馈。\n\n\n\n-------- 转发邮件信息 --------\n发件人："客户" <c@client.example>\n'
        "发送日期：2024-03-05 10:12:13\n收件人：lin@customer.example\n主题：黑屏\n看不到画面",
        "请看下面客户的反馈。",
    ),
    (
        "outlook_mac",
        "可以关闭工单。\n\n祝好\n林晓\n\n发件人: 技术支持 <support@vendor.example>\n日期: 星期二, 2024年3月5日 10:12\n"
        "收件人: 林 <lin@customer.example>\n主题: Re: 黑屏\n\n您好",
        "可以关闭工单。",
    ),
    (
        "answered_below_the_quote",
        "在 2024年3月5日，10:12，技术支持 <support@vendor.example> 写道：\n> 请问版本号？\n\n版本号是 4.2.1。",
        "版本号是 4.2.1。",
    ),
]

CHINESE_TO_STAY: Final = [
    "客户在群里写道：\n\n加入频道后没有声音。\n\n请帮忙看看。",
    "昨天 10:12 王经理在邮件里写道：这个功能必须保留。\n我同意他的看法。",
    "在 2024年3月5日 10:12 的日志里写道：\njoin channel failed\n之后就没有别的了。",
    "请看一下邮件模板：\n发件人：财务部\n收件人：全体员工\n主题：报销\n这三行显示为乱码。",
    "原始邮件\n这个按钮点了没有反应，请修复。",
    "导出的文件里有下面几列：\n发件人：显示正常\n主题：显示为空\n谢谢",
    "来自客户的反馈如下：\n1. 黑屏\n2. 无声",
    "步骤：\n-- 打开应用\n-- 加入频道\n-- 看到黑屏",
    "发自我的iPhone 这行字出现在每条消息后面，能去掉吗？\n我们用的是 4.2.1。",
    "主题：黑屏\n时间：2024年3月5日 10:12\n现象：加入频道后黑屏\n请尽快处理。",
    "在 2024年3月5日 10:12，用户反馈写道：\n画面卡住。\n请问原因？",
]

OTHERS: Final = [
    (
        "gmail_english",
        f"That fixed it.\n\nOn Tue, Mar 5, 2024 at 10:12 AM Support <support@vendor.example> wrote:\n\n{QUOTED}",
        "That fixed it.",
    ),
    (
        "apple_english",
        f"That fixed it.\n\nAnna\n\n> On 5 Mar 2024, at 10:12, Support <support@vendor.example> wrote:\n> \n{QUOTED}",
        "That fixed it.\n\nAnna",
    ),
    (
        "thunderbird_answers_below",
        f"On 3/5/24 10:12, Support wrote:\n{QUOTED}\n\nThat fixed it.\n\n-- \nAnna Lin\nAcme\n",
        "That fixed it.",
    ),
    (
        "yahoo_english",
        "That fixed it.\n\n    On Tuesday, March 5, 2024 at 10:12:13 AM GMT+8, Support <support@vendor.example> wrote:"
        f"  \n \n {QUOTED_BARE}",
        "That fixed it.",
    ),
    (
        "outlook_english",
        "That fixed it.\n\nKind regards,\nAnna\n\nFrom: Support <support@vendor.example>\nSent: Tuesday, March 5, 2024 10:12 AM\n"
        f"To: Anna <anna@customer.example>\nSubject: RE: black screen\n\n{QUOTED_BARE}",
        "That fixed it.",
    ),
    (
        "outlook_german",
        "Jetzt geht es.\n\nMit freundlichen Grüßen\nAnna Lin\n\nVon: Support <support@vendor.example>\n"
        "Gesendet: Dienstag, 5. März 2024 10:12\nAn: Anna <anna@customer.example>\nBetreff: AW: Bild\n\nHallo",
        "Jetzt geht es.",
    ),
    (
        "gmail_german",
        f"Jetzt geht es.\n\nAm Di., 5. März 2024 um 10:12 Uhr schrieb Support <\nsupport@vendor.example>:\n\n{QUOTED}",
        "Jetzt geht es.",
    ),
    (
        "gmail_french",
        f"Ça marche.\n\nLe mar. 5 mars 2024 à 10:12, Support <support@vendor.example> a écrit :\n\n{QUOTED}",
        "Ça marche.",
    ),
    (
        "outlook_french",
        "Ça marche.\n\nCordialement,\nAnne\n\nDe : Support <support@vendor.example>\n"
        "Envoyé : mardi 5 mars 2024 10:12\nÀ : Anne <anne@customer.example>\nObjet : RE: écran\n\nBonjour",
        "Ça marche.",
    ),
    (
        "gmail_spanish",
        f"Ya funciona.\n\nEl mar, 5 mar 2024 a las 10:12, Support (<support@vendor.example>)\nescribió:\n\n{QUOTED}",
        "Ya funciona.",
    ),
    (
        "outlook_spanish",
        "Ya funciona.\n\nDe: Support <support@vendor.example>\nEnviado el: martes, 5 de marzo de 2024 10:12\n"
        "Para: Ana <ana@customer.example>\nAsunto: RE: pantalla\n\nHola",
        "Ya funciona.",
    ),
    (
        "gmail_portuguese",
        f"Funciona.\n\nEm ter., 5 de mar. de 2024 às 10:12, Support <support@vendor.example>\nescreveu:\n\n{QUOTED}",
        "Funciona.",
    ),
    (
        "gmail_portugal",
        "Funciona.\n\nSupport <support@vendor.example> escreveu (terça, 5/03/2024 à(s)\n10:12):\n\n"
        + QUOTED,
        "Funciona.",
    ),
    (
        "gmail_dutch",
        f"Werkt.\n\nOp di 5 mrt 2024 om 10:12 schreef Support <support@vendor.example>:\n\n{QUOTED}",
        "Werkt.",
    ),
    (
        "gmail_swedish",
        f"Fungerar.\n\nDen tis 5 mars 2024 kl 10:12 skrev Support <support@vendor.example>:\n\n{QUOTED}",
        "Fungerar.",
    ),
    (
        "gmail_polish",
        f"Działa.\n\nwt., 5 mar 2024 o 10:12 Support <support@vendor.example> napisał(a):\n\n{QUOTED}",
        "Działa.",
    ),
    (
        "gmail_czech",
        f"Funguje.\n\nút 5. 3. 2024 v 10:12 odesílatel Support <support@vendor.example>\nnapsal:\n\n{QUOTED}",
        "Funguje.",
    ),
    (
        "gmail_russian_without_verb",
        f"Работает.\n\nвт, 5 мар. 2024 г. в 10:12, Support <support@vendor.example>:\n\n{QUOTED}",
        "Работает.",
    ),
    (
        "gmail_hungarian",
        f"Működik.\n\nSupport <support@vendor.example> ezt írta (időpont: 2024. márc. 5., K,\n10:12):\n\n{QUOTED}",
        "Működik.",
    ),
    (
        "gmail_turkish",
        "Çalışıyor.\n\nSupport <support@vendor.example>, 5 Mar 2024 Sal, 10:12 tarihinde şunu\nyazdı:\n\n"
        + QUOTED,
        "Çalışıyor.",
    ),
    (
        "gmail_japanese",
        f"直りました。\n\n2024年3月5日(火) 10:12 Support <support@vendor.example>:\n\n{QUOTED}",
        "直りました。",
    ),
    (
        "outlook_japanese",
        "直りました。\n\n差出人: Support <support@vendor.example>\n送信日時: 2024年3月5日 10:12\n"
        "宛先: 林 <lin@customer.example>\n件名: RE: 画面\n\nこんにちは",
        "直りました。",
    ),
    (
        "gmail_korean",
        f"됩니다.\n\n2024년 3월 5일 (화) 오전 10:12, Support <support@vendor.example>님이 작성:\n\n{QUOTED}",
        "됩니다.",
    ),
    (
        "gmail_vietnamese",
        f"Được rồi.\n\nVào Th 3, 5 thg 3, 2024 vào lúc 10:12 Support <support@vendor.example>\nđã viết:\n\n{QUOTED}",
        "Được rồi.",
    ),
    (
        "gmail_thai",
        f"ใช้ได้แล้ว\n\nในวันที่ อ. 5 มี.ค. 2024 เวลา 10:12 Support <support@vendor.example> เขียนว่า:\n\n{QUOTED}",
        "ใช้ได้แล้ว",
    ),
    (
        "gmail_hebrew",
        f"עובד.\n\n\u202bבתאריך יום ג׳, 5 במרץ 2024 ב-10:12 מאת \u202aSupport\u202c\u200f <\u202a"
        f"support@vendor.example\u202c\u200f>:\u202c\n\n{QUOTED}",
        "עובד.",
    ),
    (
        "zoho",
        "Works.\n\n\n\n---- On Tue, 05 Mar 2024 10:12:13 +0800 Support <support@vendor.example> wrote ----\n\n"
        + QUOTED_BARE,
        "Works.",
    ),
    (
        "proton",
        f"Works.\n\nOn Tuesday, March 5th, 2024 at 10:12 AM, Support <support@vendor.example> wrote:\n\n{QUOTED}",
        "Works.",
    ),
    (
        "spark",
        f"Works.\nOn Mar 5, 2024 at 10:12 AM +0800, Support <support@vendor.example>, wrote:\n{QUOTED}",
        "Works.",
    ),
    (
        "outlook_old",
        "Works.\n\n-----Original Message-----\nFrom: Support [mailto:support@vendor.example] \n"
        f"Sent: Tuesday, March 05, 2024 10:12 AM\nTo: Anna\nSubject: RE: x\n\n{QUOTED_BARE}",
        "Works.",
    ),
    (
        "samsung_phone",
        "Works.\n\n\nSent from my Galaxy\n\n\n-------- Original message --------\nFrom: Support <support@vendor.example>\n"
        f"Date: 3/5/24 10:12 (GMT+08:00)\nTo: anna@customer.example\nSubject: Re: x\n\n{QUOTED_BARE}",
        "Works.",
    ),
    (
        "mutt_answers_between",
        "On Tue, Mar 05, 2024 at 10:12:13AM +0800, Support wrote:\n> Which version?\n\n4.2.1\n\n> Which system?\n\n"
        "Android 14\n",
        "4.2.1\n\n> Which system?\n\nAndroid 14",
    ),
    (
        "disclaimer",
        "Works.\n\nThis e-mail and its attachments are confidential and intended solely for the\naddressee. "
        "If you are not the intended recipient, delete it.\n\nOn Tue, Mar 5, 2024 at 10:12 AM Support "
        f"<support@vendor.example> wrote:\n\n{QUOTED}",
        "Works.",
    ),
    (
        "lotus_notes",
        "Works.\n\n\n\n\nFrom:   Support <support@vendor.example>\nTo:     Anna/ACME@ACME\n"
        f"Date:   05.03.2024 10:12\nSubject:        Re: x\n\n\n\n{QUOTED_BARE}",
        "Works.",
    ),
]

OTHERS_TO_STAY: Final = [
    "On Monday my manager wrote:\n\nwe need this fixed.\n\nCan you help?",
    "On 2024-03-05 at 10:12 the server wrote:\n\nERROR 17\n\nand then stopped.",
    "Our form sends these:\nFrom: the user\nTo: us\nSubject: empty\nIs that right?",
    "Steps:\n---\n1. join\n2. leave\n---\nThe rest works.",
    "Regards the second point: we agree.\nBest, I think, would be version 5.\nSent from my point of view it is fine.",
    "We tested:\n\n--\n\nAnd the crash still happens on 4.2.1. Production is down since 10:00!",
    "Log below:\n--\n" + "\n".join(f"ERROR {n} join failed code=17 channel=c{n}" for n in range(8)),
    "Log:\n--\nERROR 1001\nERROR 1002",
    "Call me:\n--\nMy number is +49 30 1234567. It is urgent!",
    "Steps:\n—\nstill a black screen\nsince noon",
    "The log says:\n-----\nOriginal message lost\n-----\nWhat does it mean?",
    "From: 10:12\nTo: 10:40\nwe saw no picture.",
    "I wrote:\n\nhello\n\nand nobody answered on 5 March 2024.",
]
