"""Mails of mail systems and of people, written for these tests: (name, header fields, text)."""

from __future__ import annotations

from typing import Final

Case = tuple[str, str, str]

_ORIGINAL: Final = (
    "\nReceived: from desk.vendor.example by mx.example.net; Tue, 5 Mar 2024 10:12:13 +0800\n"
    "Message-ID: <original@desk.vendor.example>\nFrom: support@vendor.example\nTo: lin@customer.example\n"
    "Subject: Your ticket\n\nHello\n"
)

BOUNCES: Final[list[Case]] = [
    (
        "qmail",
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\nSubject: failure notice\n",
        "Hi. This is the qmail-send program at mx.example.net.\nI'm afraid I wasn't able to deliver your "
        "message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't "
        "work out.\n\n<lin@customer.example>:\n198.51.100.7 does not like recipient.\nRemote host said: "
        "550 5.1.1 <lin@customer.example>: no such user\nGiving up on 198.51.100.7.\n\n--- Below this line "
        "is a copy of the message.\n" + _ORIGINAL,
    ),
    (
        "exim",
        "Return-path: <>\nX-Failed-Recipients: lin@customer.example\nAuto-Submitted: auto-replied\n"
        "From: Mail Delivery System <Mailer-Daemon@mx.example.net>\n"
        "Subject: Mail delivery failed: returning message to sender\n",
        "This message was created automatically by mail delivery software.\n\nA message that you sent could "
        "not be delivered to one or more of its\nrecipients. This is a permanent error. The following "
        "address(es) failed:\n\n  lin@customer.example\n    Unrouteable address\n\n------ This is a copy of "
        "the message, including all the headers. ------\n" + _ORIGINAL,
    ),
    (
        "exim_delay",
        "Return-path: <>\nFrom: Mail Delivery System <Mailer-Daemon@mx.example.net>\n"
        "Subject: Warning: message 1rhX-0004 delayed 24 hours\n",
        "A message that you sent has not yet been delivered to one or more of its\nrecipients after more than "
        "24 hours on the queue on mx.example.net.\n\nThe address to which the message has not yet been "
        "delivered is:\n\n  lin@customer.example\n\nNo action is required on your part.\n",
    ),
    (
        "exchange_2007",
        "From: Microsoft Exchange <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@corp.example>\n"
        "Return-Path: <>\nSubject: Undeliverable: Your ticket\n",
        "Delivery has failed to these recipients or distribution lists:\n\nlin@customer.example\nThe "
        "recipient's e-mail address was not found in the recipient's e-mail system.\n\n#550 5.1.1 "
        "RESOLVER.ADR.RecipNotFound; not found ##\n",
    ),
    (
        "courier",
        'From: "Courier mail server at mx.example.net" <@>\nSubject: NOTICE: mail delivery status.\nReturn-Path: <>\n',
        "This is a delivery status notification from mx.example.net,\nrunning the Courier mail server.\n\n"
        "The original message was received on Tue, 05 Mar 2024.\n\n                     UNDELIVERABLE MAIL\n\n"
        "Your message to the following recipients cannot be delivered:\n\n<lin@customer.example>:\n"
        "    mx [198.51.100.7]:\n<<< 550 5.1.1 User unknown\n",
    ),
    (
        "qq",
        "From: PostMaster@mail.example\nReturn-Path: <>\nSubject: =?gb18030?B?z7XNs83L0MU=?=\n",
        "抱歉，您的邮件被退回来了……\n\n无法发送到 lin@customer.example\n\n退信原因：收件人邮件地址不存在，邮件无法送达。\n"
        "host mx [198.51.100.7] said: 550 Mailbox not found\n",
    ),
    (
        "netease",
        'From: "Postmaster" <Postmaster@mail.example>\nSubject: 系统退信\n',
        "您的邮件被退回，原因如下：\n\n收件人 lin@customer.example 不存在\n\n错误代码：550 User not found\n\n邮件主题：Your ticket\n",
    ),
    (
        "aliyun",
        "From: <postmaster@service.mail.example>\nSubject: 来自mail.example的退信\nAuto-Submitted: auto-replied\n",
        "很抱歉，您发给 lin@customer.example 的邮件未能投递成功。\n错误信息：554 RCPT (lin@customer.example) dosn't exist\n",
    ),
    (
        "japanese_provider",
        "From: MAILER-DAEMON@mail.example\nReturn-Path: <>\nSubject: Mail System Error - Returned Mail\n",
        "次のあて先へのメッセージはエラーのため送信できませんでした。\n\n送信先メールアドレスが見つかりません。\n\n<lin@customer.example>\n",
    ),
    (
        "german_provider",
        "From: GMX Mailer Daemon <mailer-daemon@mail.example>\nSubject: Mail delivery failed: returning message to sender\n",
        "This message was created automatically by mail delivery software.\n\nA message that you sent could "
        "not be delivered to one or more of\nits recipients.\n\nlin@customer.example:\n\nSMTP error from remote "
        "server after RCPT command: 550 No such mailbox\n",
    ),
    (
        "james",
        "Return-Path: <>\nFrom: postmaster@mx.example.net\nSubject: [BOUNCE]\n",
        "Message details:\n  MAIL FROM: support@vendor.example\n  RCPT TO: lin@customer.example\n\nError message "
        "below:\n550 - Requested action not taken: no such user here\n",
    ),
    (
        "trend_micro",
        'From: "InterScan Notification" <mailer-daemon@gate.example>\nReturn-Path: <>\nSubject: Mail could not be delivered\n',
        "Sent <<< RCPT TO:<lin@customer.example>\nReceived >>> 550 5.1.1 <lin@customer.example>... user unknown\n",
    ),
    (
        "opensmtpd",
        "Return-Path: <>\nFrom: Mailer Daemon <MAILER-DAEMON@mx.example.net>\nSubject: Delivery status notification: error\n",
        "    Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to this email.\n\n    An error has occurred "
        "while attempting to deliver a message for\n    the following list of recipients:\n\nlin@customer.example: "
        "550 5.1.1 User unknown\n",
    ),
    (
        "yandex",
        "From: mailer-daemon@mail.example\nReturn-Path: <>\nSubject: Недоставленное сообщение\n",
        "Это письмо отправлено почтовым сервером.\nК сожалению, мы вынуждены сообщить Вам о том, что Ваше письмо "
        "не может быть доставлено одному или нескольким адресатам.\n\n<lin@customer.example>: 550 user not found\n",
    ),
    (
        "telephone_provider",
        "From: post_master@sms.example\nIn-Reply-To: <original@desk.vendor.example>\nSubject: Re:Your ticket\n",
        "Error: Invalid user address\n\nError message below:\n550 - Requested action not taken: no such user here\n\n"
        "Message details:\n  RCPT TO: lin@customer.example\n",
    ),
    (
        "french_exchange",
        "From: Microsoft Outlook <postmaster@corp.example>\nReturn-Path: <>\nSubject: Non remis : Your ticket\n",
        "Votre message à lin@customer.example n'a pas pu être remis.\n\n550 5.1.10 RecipientNotFound\n",
    ),
    (
        "chinese_exchange",
        "From: Microsoft Outlook <postmaster@corp.example>\nReturn-Path: <>\nSubject: 未送达: Your ticket\n",
        "未能将邮件发送至 lin@customer.example。\n\n未找到 lin@customer.example，或 customer.example 处的 lin 未知。\n"
        "550 5.1.10 RESOLVER.ADR.RecipientNotFound\n",
    ),
    (
        "sns",
        "From: Notices <no-reply@sns.amazonaws.com>\nSubject: AWS Notification Message\n",
        '{"Type":"Notification","Message":"{\\"notificationType\\":\\"Bounce\\",\\"bounce\\":{\\"bounceType\\":'
        '\\"Permanent\\",\\"bouncedRecipients\\":[{\\"emailAddress\\":\\"lin@customer.example\\",\\"status\\":'
        '\\"5.1.1\\"}]}}"}\n',
    ),
]

PEOPLE: Final[list[Case]] = [
    (
        "asks_about_bounces",
        "From: Lin <lin@customer.example>\nSubject: our mails bounce\n",
        "Our notification mails to users were returned: 550 5.1.1 User unknown. Delivery failed for\n"
        "bob@client.example. Can your SDK cause this?\n",
    ),
    (
        "passes_a_bounce_on",
        "From: Lin <lin@customer.example>\nReturn-Path: <lin@customer.example>\n"
        "Subject: Fwd: Undelivered Mail Returned to Sender\n",
        "Please look at this.\n\n---------- Forwarded message ---------\nFrom: MAILER-DAEMON@mx.example.net\n"
        "Date: Tue, Mar 5, 2024 at 10:12\nSubject: Undelivered Mail\nTo: <lin@customer.example>\n\n"
        "<bob@client.example>: host mx said: 550 5.1.1 User unknown\n",
    ),
    (
        "answers_from_postmaster",
        "From: Admin <postmaster@customer.example>\nSubject: Re: Delivery of recordings failed\n",
        "We could not deliver the log yesterday, the disk was full. It is attached now.\n\n"
        "On Tue, Mar 5, 2024 at 10:12 AM Support <support@vendor.example> wrote:\n> please send the log\n",
    ),
    (
        "writes_from_postmaster",
        "From: Postmaster of Customer <postmaster@customer.example>\nSubject: Question about audio\n",
        "Hello,\nsince this morning some users hear an echo. Which logs do you need?\n",
    ),
    (
        "chinese_about_failures",
        "From: 林 <lin@customer.example>\nSubject: 消息发送失败，无法送达\n",
        "我们调用发送接口后，消息无法送达对方，返回错误 550。用户不存在的情况已排除，请协助排查。\n",
    ),
    (
        "chinese_asks_about_auto_replies",
        "From: 林 <lin@customer.example>\nSubject: 自动回复功能不生效\n",
        "我们在控制台打开了自动回复，但是没有生效，请看一下是不是配置问题。\n",
    ),
    (
        "will_be_on_leave",
        "From: 林 <lin@customer.example>\nSubject: Re: 黑屏\n",
        "黑屏的问题在 4.2.1 上还能复现，步骤见附件，频道号 8812，时间是今天上午十点左右，安卓 14 和 13 都有。\n"
        "我下周休假，紧急情况请联系小王。\n",
    ),
    (
        "english_on_leave_tomorrow",
        "From: Anna <anna@customer.example>\nSubject: Re: black screen\n",
        "The crash still happens in 4.2.1 when joining channel 8812, logs attached. It started after we "
        "updated the gateway, and only phones with Android 14 show it. I am on leave from tomorrow.\n",
    ),
    (
        "received_and_will_test",
        "From: 林 <lin@customer.example>\nSubject: Re: 黑屏\n",
        "邮件收到了，新包我们今天测试，结果明天发您。\n",
    ),
    (
        "thanks_and_asks",
        "From: Anna <anna@customer.example>\nSubject: Re: black screen\n",
        "Thank you for your message. When will you get back to us with a fix?\n",
    ),
    (
        "subject_says_failed",
        "From: Anna <anna@customer.example>\nSubject: Message delivery failed in our app\n",
        "Since 10:12 our app shows 'message rejected by the server' for all users.\n",
    ),
    *(
        (
            f"about_automatic_replies_{number}",
            f"From: Lin <lin@customer.example>\nSubject: {subject}\n",
            f"{text}\n",
        )
        for number, (subject, text) in enumerate(
            (
                ("自动回复（客服机器人）不生效，线上故障", "线上全部用户受影响，请尽快处理。"),
                ("自动回复: 客服机器人全部失效", "线上所有机器人自动回复都发不出去，请马上处理"),
                (
                    "Auto-reply: bot messages are not delivered in production",
                    "Our bot's replies have not been delivered since 10:00. All users are affected.",
                ),
                ("Out of office (OOO) status breaks login", "prod down"),
                (
                    "Out of office - presence status is wrong in SDK 4.2",
                    "setPresence returns 401.",
                ),
                ("Vacation message feature crashes the app", "crash in 4.2.1"),
                ("Autosvar - bot svarar inte", "prod down"),
                ("OOO", ""),
                ("自动回复: 直播", "黑屏"),
                ("机器人", "这个自动回复功能不生效，从十点开始。"),
                ("机器人", "该机器人自动回复失效"),
                ("机器人", "系统自动回复不生效，从十点开始。"),
                ("机器人", "自动回复：机器人不再回答"),
                ("Bot", "This is an auto-reply bug in the SDK."),
            )
        )
    ),
    (
        "answers_about_an_automatic_reply",
        "From: Anna <anna@customer.example>\nSubject: Re: Auto-reply (bot) stopped\n"
        "In-Reply-To: <1@desk.vendor.example>\n",
        "It stopped again at noon.\n",
    ),
    (
        "suppresses_replies",
        "From: Anna <anna@customer.example>\nX-Auto-Response-Suppress: DR, OOF, AutoReply\nSubject: Black screen\n",
        "Hello, we see a black screen since today.\n",
    ),
]

AWAY: Final[list[Case]] = [
    (
        "outlook_field",
        "From: lin@customer.example\nAuto-Submitted: auto-replied\nSubject: 自动答复: Your ticket\n",
        "我正在休假。\n",
    ),
    (
        "outlook_without_field",
        "From: lin@customer.example\nSubject: 自动答复: Your ticket\n",
        "您好\n",
    ),
    ("qq_subject", "From: lin@mail.example\nSubject: 自动回复:Re: Your ticket\n", "您好！\n"),
    (
        "qq_holiday",
        "From: lin@mail.example\nSubject: Re: Your ticket\n",
        "这是来自QQ邮箱的假期自动回复邮件。\n\n您好，我最近正在休假中，无法亲自回复您的邮件。我将在假期结束后，尽快给您回复。\n",
    ),
    (
        "chinese_trip",
        "From: lin@customer.example\nSubject: Re: Your ticket\n",
        "您好！\n我于3月5日至3月8日出差，期间无法及时回复邮件，如有急事请致电 13900000000。\n谢谢！\n",
    ),
    (
        "chinese_received",
        "From: lin@customer.example\nSubject: Re: Your ticket\n",
        "您好，您的邮件我已收到，我会尽快给您回复。谢谢！\n",
    ),
    (
        "chinese_left",
        "From: lin@customer.example\nSubject: Re: Your ticket\n",
        "您好，本人已离职，无法处理您的邮件，请联系王经理 wang@customer.example。\n",
    ),
    (
        "traditional",
        "From: lin@customer.example\nSubject: 自動回覆: Your ticket\n",
        "您好，我目前休假中。\n",
    ),
    (
        "english_subject",
        "From: anna@customer.example\nSubject: Automatic reply: Your ticket\n",
        "I am away.\n",
    ),
    (
        "english_text",
        "From: anna@customer.example\nSubject: Re: Your ticket\n",
        "Hello,\n\nI am out of the office until March 8 with limited access to email. For urgent matters "
        "please contact bob@customer.example.\n\nBest regards,\nAnna\n",
    ),
    (
        "english_desk",
        "From: help@customer.example\nSubject: Re: Your ticket\n",
        "Thank you for contacting us. We have received your message and will get back to you as soon as "
        "possible.\n",
    ),
    (
        "german_subject",
        "From: anna@customer.example\nSubject: Automatische Antwort: Your ticket\n",
        "Ich bin im Urlaub.\n",
    ),
    (
        "precedence",
        "From: anna@customer.example\nPrecedence: auto_reply\nSubject: Re: Your ticket\n",
        "Gone fishing.\n",
    ),
    (
        "answers_a_mail",
        "From: anna@customer.example\nSubject: Out of office: Your ticket\n"
        "In-Reply-To: <1@desk.vendor.example>\n",
        "Back on Tuesday.\n",
    ),
    (
        "without_a_return_path",
        "Return-Path: <>\nFrom: anna@customer.example\nSubject: Autosvar: Your ticket\n",
        "Tillbaka på tisdag.\n",
    ),
    ("x_autoreply", "From: anna@customer.example\nX-Autoreply: yes\nSubject: x\n", "Gone.\n"),
]


def raw(case: Case) -> bytes:
    _name, fields, text = case
    head = f"{fields}To: support@vendor.example\nDate: Tue, 5 Mar 2024 10:12:13 +0800\nMessage-ID: <{case[0]}@x.example>\n"
    return f"{head}MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{text}".encode()
