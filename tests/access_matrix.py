"""Who gets what at every address: the table `test_access_matrix.py` drives.

One row is one request; the columns are the people. A cell is what they get:

    200 …   that status code
    login   a redirect to sign in
    desk    staff on the portal: a redirect to the workspace
    done    a redirect elsewhere: the change was made, or there is nothing here to see
    outside the page for people who belong to no organization
    =404    404, word for word as for what does not exist

`{…}` in a path or in a value is filled in from the scene; `=404` asks for the same path once
more, with the names of things that do not exist.
"""

# ruff: noqa: E501  a table is read along its lines
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

WHO: Final = (
    *("anonymous", "owner", "admin", "developer", "viewer", "stranger", "former"),
    *("engineer", "manager", "read_token", "write_token", "foreign_token"),
)


@dataclass(frozen=True)
class Row:
    method: str
    path: str
    cells: str
    data: dict[str, Any] = field(default_factory=dict)

    def expected(self, who: str) -> str:
        return dict(zip(WHO, self.cells.split(), strict=True))[who]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


TICKET = "/tickets/{ticket}/"
CHAT = "/chat/{chat}/"
DESK = "/admin/ticket/{ticket}/"
DESK_CHAT = "/admin/chats/{chat}/"
MINE = "/admin/my-duty/"
ARTICLE = "/admin/article/{written}/"
CONTACT = {"kind": "push", "address": "ntfy://other", "delay_seconds": "60", "enabled": "on"}
API = "/api/v1/tickets/"
FACTS = {"product": "im", "platform": "ios", "sdk_version": "4.2", "environment": "production"}
PROFILE = {"name": "Somebody", "language": "en", "time_zone": "UTC"}
TOKEN = {"name": "ci", "scopes": ["tickets:read"], "days": "30"}
POLICY = {"calendar": "{calendar_version}", "response_seconds": "10 min", "step": "publish"}
WAY = {"product": "im", "platform": "", "from": "1.0.0", "to": "2.0.0"}
NEW = {"subject": "Silence", "body": "Nothing arrives.", "severity": "normal"}
SPAN = {"starts_at": "{day_after}T10:00", "ends_at": "{day_after}T12:00"}
SHIFTS = {
    **{"shifts-TOTAL_FORMS": "1", "shifts-INITIAL_FORMS": "0", "shifts-0-person": "{engineer}"},
    **{f"shifts-0-{name}": moment for name, moment in SPAN.items()},
}
LAYER = {
    "drill_minutes": "15",
    "confirm_minutes": "10",
    "note_minutes": "15",
    "accept_minutes": "10",
    **{"time_zone": "UTC", "layers-TOTAL_FORMS": "1", "layers-INITIAL_FORMS": "0"},
    **{"layers-0-name": "Days", "layers-0-length": "1", "layers-0-unit": "weeks"},
    **{"layers-0-starts_on": "2026-01-05", "layers-0-hand_over_at": "09:00"},
    "layers-0-member_0": "{engineer}",
}
# fmt: off
PORTAL = [
    # method, path                          anon  owner admin devel viewer foreign former engineer manager
    ("GET", "/",                           "login 200   200   200   200   200   outside desk desk"),
    ("GET", "/tickets/",                   "login 200   200   200   200   200   outside desk desk"),
    ("GET", "/tickets/new/",               "login 200   200   200   403   200   outside desk desk"),
    ("POST", "/tickets/new/",              "login done  done  done  403   done  outside desk desk", NEW),
    ("POST", "/tickets/new/suggestions/",  "login 200   200   200   403   200   outside desk desk", {"subject": "Silence"}),
    ("GET", "/tickets/new/read/en/{answering}/", "login 200 200  200   200   200   outside desk desk"),
    ("POST", "/tickets/new/answered/",     "login done  done  done  403   done  outside desk desk", {"article": "{answering}"}),
    ("GET", "/tickets/new/answered/{deflection}/", "login =404 =404 200 =404 =404 outside desk desk"),
    ("GET", "/upgrades/",                  "login 200   200   200   200   200   outside desk desk"),
    ("POST", "/upgrades/",                 "login done  done  done  403   done  outside desk desk", WAY),
    ("GET", "/upgrades/{checklist}/",      "login 200   200   200   200   =404  outside desk desk"),
    ("POST", "/upgrades/{checklist}/tick/", "login done done  done  403   =404  outside desk desk", {"item": "{item}"}),
    ("POST", "/upgrades/{checklist}/remove/", "login done done done 403   =404  outside desk desk"),
    ("GET", "/settings/versions/",         "login 200   200   200   200   200   outside desk desk"),
    ("POST", "/settings/versions/",        "login done  done  done  403   done  outside desk desk", {"product": "im", "platform": "ios", "version": "4.2"}),
    ("POST", "/settings/versions/{stated}/forget/", "login done done done 403 =404 outside desk desk"),
    ("POST", "/settings/releases/",        "login done  done  done  done  done  outside desk desk", {"wanted": "no"}),
    ("GET", "/mail/releases/{release_mute}/", "200 200  200   200   200   200   200   200   200"),
    ("POST", "/mail/releases/{release_mute}/", "200 200 200   200   200   200   200   200   200"),
    ("POST", "/mail/releases/{release_mute}/unmute/", "200 200 200 200 200 200  200   200   200"),
    ("GET", "/mail/releases/nonsense/",    "404   404   404   404   404   404   404   404   404"),
    ("GET", "/docs/en/search/",            "200   200   200   200   200   200   200   200   200"),
    ("GET", "/docs/en/search/suggestions/", "200  200   200   200   200   200   200   200   200"),
    ("GET", "/docs/en/search/open/x/article:en:{answering}/", "done done done done done done done done done"),
    ("GET", "/docs/en/search/open/x/article:en:nothing/", "404 404 404 404 404 404 404 404 404"),
    ("GET", "/docs/en/upgrade/",           "200   200   200   200   200   200   200   200   200"),
    ("GET", "/alarm/",                     "login 200   200   200   200   200   outside desk desk"),
    ("GET", "/down/",                      "login 200   200   200   403   200   outside desk desk"),
    ("POST", "/down/",                     "login done  done  done  403   done  outside desk desk", {"body": "Dead."}),
    ("GET", TICKET,                        "login 200   200   200   200   =404  outside desk desk"),
    ("GET", TICKET + "live/",              "login 200   200   200   200   =404  outside desk desk"),
    ("POST", TICKET + "reply/",            "login done  done  done  403   =404  outside desk desk", {"body": "More."}),
    ("POST", TICKET + "close/",            "login done  done  done  403   =404  outside desk desk"),
    ("POST", "/tickets/{solved}/reopen/",  "login done  done  done  403   =404  outside desk desk"),
    ("POST", TICKET + "severity/",         "login done  done  done  403   =404  outside desk desk", {"severity": "important", "reason": "Worse."}),
    ("POST", "/tickets/{proposed}/severity/answer/", "login done done done 403 =404 outside desk desk", {"answer": "agree"}),
    ("POST", TICKET + "facts/",            "login done  done  done  403   =404  outside desk desk", FACTS),
    ("POST", TICKET + "follow/",           "login done  done  done  done  =404  outside desk desk"),
    ("POST", TICKET + "unfollow/",         "login done  done  done  done  =404  outside desk desk"),
    ("POST", TICKET + "mute/",             "login done  done  done  done  =404  outside desk desk"),
    ("POST", TICKET + "unmute/",           "login done  done  done  done  =404  outside desk desk"),
    ("GET", "/chat/",                      "login 200   200   200   200   200   outside desk desk"),
    ("GET", "/chat/box/",                  "login 200   200   200   200   200   outside desk desk"),
    ("POST", "/chat/start/",               "login done  done  done  403   422   outside desk desk", {"body": "Where?", "severity": "normal"}),
    ("GET", CHAT + "live/",                "login =404  =404  200   =404  =404  outside desk desk"),
    ("POST", CHAT + "say/",                "login =404  =404  done  =404  =404  outside desk desk", {"body": "There.", "key": "{draft}"}),
    ("POST", CHAT + "here/",               "login =404  =404  204   =404  =404  outside desk desk", {"read": "1"}),
    ("POST", CHAT + "typing/",             "login =404  =404  204   =404  =404  outside desk desk"),
    ("POST", CHAT + "end/",                "login =404  =404  done  =404  =404  outside desk desk", {"solved": "no"}),
    # The frame reads no cookie: whoever is signed in at the portal is nobody there.
    ("GET", "/widget.js",                  "done  done  done  done  done  done  done  done  done"),
    ("GET", "/widget/frame/",              "200   200   200   200   200   200   200   200   200"),
    ("POST", "/widget/session/",           "401   401   401   401   401   401   401   401   401", {"organization": "STAR", "token": "x.y.z"}),
    ("GET", "/widget/chat/box/",           "401   401   401   401   401   401   401   401   401"),
    ("POST", "/widget/chat/start/",        "401   401   401   401   401   401   401   401   401", {"body": "Where?", "severity": "normal"}),
    ("GET", "/widget" + CHAT + "live/",    "401   401   401   401   401   401   401   401   401"),
    ("POST", "/widget" + CHAT + "say/",    "401   401   401   401   401   401   401   401   401", {"body": "There.", "key": "{draft}"}),
    ("POST", "/widget" + CHAT + "here/",   "401   401   401   401   401   401   401   401   401", {"read": "1"}),
    ("POST", "/widget" + CHAT + "typing/", "401   401   401   401   401   401   401   401   401"),
    ("POST", "/widget" + CHAT + "end/",    "401   401   401   401   401   401   401   401   401", {"solved": "no"}),
    ("GET", "/widget/chat/files/{file}/",  "401   401   401   401   401   401   401   401   401"),
    ("GET", "/attachments/{file}/",        "login 200   200   200   200   =404  outside desk desk"),
    ("GET", "/attachments/{note_file}/",   "login =404  =404  =404  =404  =404  outside desk desk"),
    ("GET", "/attachments/{draft}/",       "login =404  =404  200   =404  =404  outside desk desk"),
    ("GET", "/team/",                      "login 200   200   200   200   200   outside desk desk"),
    ("POST", "/team/leave/",               "login done  done  done  done  done  outside desk desk"),
    ("POST", "/team/members/{member}/role/", "login done done 403 403 =404 outside desk desk", {"role": "viewer"}),
    ("POST", "/team/members/{member}/remove/", "login done done 403 403 =404 outside desk desk"),
    ("POST", "/team/invitations/",         "login done  done  403   403   done  outside desk desk", {"email": "n@starcast.example", "role": "viewer", "language": "en"}),
    ("POST", "/team/invitations/{invitation}/resend/", "login done done 403 403 =404 outside desk desk"),
    ("POST", "/team/invitations/{invitation}/revoke/", "login done done 403 403 =404 outside desk desk"),
    ("GET", "/settings/",                  "login 200   200   200   200   200   200   200   200"),
    ("POST", "/settings/profile/",         "login done  done  done  done  done  done  done  done", PROFILE),
    ("POST", "/settings/tokens/",          "login 200   200   403   403   200   outside desk desk", TOKEN),
    ("POST", "/settings/tokens/{token}/revoke/", "login done done 403 403 =404 outside desk desk"),
    ("POST", "/settings/widget/renew/",    "login 200   200   403   403   200   outside desk desk"),
    ("POST", "/settings/widget/off/",      "login done  done  403   403   done  outside desk desk"),
    ("GET", "/settings/mails/",            "login 200   200   200   200   200   outside desk desk"),
    ("POST", "/settings/mails/choose/",    "login done  done  done  done  done  outside desk desk", {"wanted": ["own"]}),
    ("GET", "/settings/hotline/",          "login 200   200   200   200   200   outside desk desk"),
    ("POST", "/settings/hotline/pin/",     "login 200   200   403   403   422   outside desk desk"),
    ("POST", "/settings/hotline/contact/", "login done  done  403   403   422   outside desk desk", {"contact": ""}),
    ("POST", "/organization/",             "login done  done  done  done  404   outside desk desk", {"organization": "STAR"}),
    ("POST", "/preferences/",              "done  done  done  done  done  done  done  done  done", {"theme": "dark", "language": "en"}),
    # A link in a mail: for whoever holds it, and of use to the invited address alone.
    ("GET", "/invitation/{link}/",         "200   200   200   200   200   200   200   200   200"),
    ("POST", "/invitation/{link}/",        "200   403   403   403   403   403   403   403   403"),
    ("GET", "/invitation/nonsense/",       "404   404   404   404   404   404   404   404   404"),
    # A page's signed link is its own key: whoever was rung holds it, signed in or not.
    ("GET", "/page/{page}/",               "200   200   200   200   200   200   200   200   200"),
    ("POST", "/page/{page}/acknowledge/",  "done  done  done  done  done  done  done  done  done"),
    ("GET", "/page/nonsense/",             "404   404   404   404   404   404   404   404   404"),
    ("POST", "/page/nonsense/acknowledge/", "404  404   404   404   404   404   404   404   404"),
    ("GET", "/healthz",                     "503   503   503   503   503   503   503   503   503"),
    # So is the link of a contact check, and the address of a calendar.
    ("GET", "/contact/{contact}/",         "200   200   200   200   200   200   200   200   200"),
    ("POST", "/contact/{contact}/confirm/", "200  200   200   200   200   200   200   200   200"),
    ("GET", "/contact/nonsense/",          "404   404   404   404   404   404   404   404   404"),
    ("POST", "/contact/nonsense/confirm/", "404   404   404   404   404   404   404   404   404"),
    ("GET", "/calendar/{feed_token}.ics",    "200   200   200   200   200   200   200   200   200"),
    ("GET", "/calendar/nonsense.ics",      "404   404   404   404   404   404   404   404   404"),
    # So are those of drills and handovers.
    ("GET", "/page/drill/{drill_link}/",   "200   200   200   200   200   200   200   200   200"),
    ("POST", "/page/drill/{drill_link}/confirm/", "done done done done done done done done done"),
    ("GET", "/page/drill/nonsense/",       "404   404   404   404   404   404   404   404   404"),
    ("POST", "/page/drill/nonsense/confirm/", "404 404 404 404 404 404 404 404 404"),
    ("GET", "/page/handover/{handover_link}/", "200 200 200 200 200 200 200 200 200"),
    ("POST", "/page/handover/{handover_link}/accept/", "done done done done done done done done done"),
    ("GET", "/page/handover/nonsense/",    "404   404   404   404   404   404   404   404   404"),
    ("POST", "/page/handover/nonsense/accept/", "404 404 404 404 404 404 404 404 404"),
    # And that which mutes the mails about a ticket to one person.
    ("GET", "/mail/{mute_link}/",          "200   200   200   200   200   200   200   200   200"),
    ("POST", "/mail/{mute_link}/",         "200   200   200   200   200   200   200   200   200"),
    ("POST", "/mail/{mute_link}/unmute/",  "200   200   200   200   200   200   200   200   200"),
    ("GET", "/mail/nonsense/",             "404   404   404   404   404   404   404   404   404"),
    ("POST", "/mail/nonsense/",            "404   404   404   404   404   404   404   404   404"),
    ("POST", "/mail/nonsense/unmute/",     "404   404   404   404   404   404   404   404   404"),
    # The outbox of development; tests sit at the machine itself.
    ("GET", "/outbox/",                    "200   200   200   200   200   200   200   200   200"),
    ("GET", "/outbox/nonsense/",           "404   404   404   404   404   404   404   404   404"),
    ("GET", "/outbox/nonsense/html/",      "404   404   404   404   404   404   404   404   404"),
    # Webhooks of the telephone provider: signed, or refused whoever it is.
    ("POST", "/hotline/call/", "403 403 403 403 403 403 403 403 403"),
    ("POST", "/hotline/call/language/", "403 403 403 403 403 403 403 403 403"),
    ("POST", "/hotline/call/pin/1/", "403 403 403 403 403 403 403 403 403"),
    ("POST", "/hotline/call/ended/", "403 403 403 403 403 403 403 403 403"),
    ("POST", "/hotline/call/message/", "403 403 403 403 403 403 403 403 403"),
    ("POST", "/hotline/call/message/recording/", "403 403 403 403 403 403 403 403 403"),
    ("POST", "/hotline/leg/00000000-0000-0000-0000-000000000001/", "403 403 403 403 403 403 403 403 403"),
    ("POST", "/hotline/leg/00000000-0000-0000-0000-000000000001/key/", "403 403 403 403 403 403 403 403 403"),
    ("POST", "/hotline/leg/00000000-0000-0000-0000-000000000001/told/", "403 403 403 403 403 403 403 403 403"),
    ("POST", "/hotline/leg/00000000-0000-0000-0000-000000000001/done/", "403 403 403 403 403 403 403 403 403"),
    ("POST", "/hotline/leg/00000000-0000-0000-0000-000000000001/recording/", "403 403 403 403 403 403 403 403 403"),
    ("GET", "/health/",                    "503   503   503   503   503   503   503   503   503"),
]
DOCS = "/docs/en/"
READ = DOCS + "a/{article}/"
OWN = DOCS + "a/{star_article}/"
# Staff read here what everybody does; what is for StarCast is for its members.
READING = [
    # method, path                          anon  owner admin devel viewer foreign former engineer manager
    ("GET", "/robots.txt",                 "200   200   200   200   200   200   200   200   200"),
    ("GET", "/docs/",                      "done  done  done  done  done  done  done  done  done"),
    ("GET", "/docs/sitemap.xml",           "200   200   200   200   200   200   200   200   200"),
    ("GET", DOCS,                          "200   200   200   200   200   200   200   200   200"),
    ("GET", READ,                          "200   200   200   200   200   200   200   200   200"),
    ("GET", OWN,                           "=404  200   200   200   200   =404  =404  =404  =404"),
    ("POST", READ + "feedback/",        "done  done  done  done  done  done  done  done  done", {"helped": "yes"}),
    ("POST", OWN + "feedback/",            "=404  done  done  done  done  =404  =404  =404  =404", {"helped": "yes"}),
    ("GET", OWN + "feedback/given/",       "=404  200   200   200   200   =404  =404  =404  =404"),
    ("GET", DOCS + "articles/",            "200   200   200   200   200   200   200   200   200"),
    ("GET", DOCS + "products/im/",         "200   200   200   200   200   200   200   200   200"),
    ("GET", DOCS + "kinds/faq/",           "200   200   200   200   200   200   200   200   200"),
    ("GET", DOCS + "categories/tokens/",   "200   200   200   200   200   200   200   200   200"),
    ("GET", DOCS + "releases/",            "200   200   200   200   200   200   200   200   200"),
    ("GET", DOCS + "releases/im/",         "200   200   200   200   200   200   200   200   200"),
    ("GET", DOCS + "releases/im.atom",     "200   200   200   200   200   200   200   200   200"),
    ("GET", DOCS + "errors/",              "200   200   200   200   200   200   200   200   200"),
    ("GET", DOCS + "errors/im/",           "200   200   200   200   200   200   200   200   200"),
    ("GET", DOCS + "errors/im/1101/",      "200   200   200   200   200   200   200   200   200"),
    ("GET", "/docs/files/{article}.zip",   "200   200   200   200   200   200   200   200   200"),
    ("GET", "/docs/files/{star_article}.zip", "=404 200 200 200 200 =404 =404 =404 =404"),
    ("GET", "/docs/files/{article}/src/Main.kt", "200 200 200 200 200 200 200 200 200"),
    ("GET", "/docs/files/{star_article}/src/Main.kt", "=404 200 200 200 200 =404 =404 =404 =404"),
]
WORKSPACE = [
    # method, path                         anon   engineer manager; 403 for every customer
    ("GET", "/admin/",                     "login done  done"),
    ("GET", "/admin/queue/",               "login 200   200"),
    ("GET", "/admin/alarm/",               "login 200   200"),
    ("GET", "/admin/queue/live/",          "login 200   200"),
    ("POST", "/admin/queue/assign/",       "login done  done", {"ticket": "{ticket_id}", "to": "me"}),
    ("GET", "/admin/chats/",               "login 200   200"),
    ("GET", "/admin/chats/live/",          "login 200   200"),
    ("GET", DESK_CHAT + "live/",           "login 200   200"),
    ("POST", DESK_CHAT + "say/",           "login done  done", {"body": "Here.", "key": "{draft}"}),
    ("POST", DESK_CHAT + "here/",          "login 204   204", {"read": "1"}),
    ("POST", DESK_CHAT + "typing/",        "login 204   204"),
    ("POST", DESK_CHAT + "join/",          "login done  done"),
    ("POST", DESK_CHAT + "end/",           "login done  done", {"solved": "no"}),
    ("GET", DESK,                          "login 200   200"),
    ("GET", DESK + "live/main/",           "login 200   200"),
    ("GET", DESK + "live/side/",           "login 200   200"),
    ("GET", DESK + "live/nothing/",        "login 404   404"),
    ("GET", "/admin/ticket/STAR-999/",     "login 404   404"),
    ("POST", DESK + "reply/",              "login done  done", {"body": "We look."}),
    ("POST", DESK + "replying/",           "login 204   204"),
    ("POST", DESK + "note/",               "login done  done", {"body": "Odd."}),
    ("POST", DESK + "severity/",           "login done  done", {"severity": "urgent", "reason": "Worse."}),
    ("POST", DESK + "date/",               "login done  done", {"until": "{tomorrow}", "reason": "Their release."}),
    ("POST", "/admin/ticket/{dated}/date/end/", "login done done"),
    ("GET", DESK + "facts/",               "login 200   200"),
    ("POST", DESK + "facts/",              "login done  done", {"sdk_version": "4.2"}),
    ("POST", DESK + "assign/",             "login done  done", {"owner": "me"}),
    ("POST", DESK + "resolve/",            "login done  done"),
    ("POST", "/admin/ticket/{solved}/close/", "login done done"),
    ("POST", "/admin/ticket/{solved}/reopen/", "login done done"),
    ("POST", "/admin/ticket/{ringing}/acknowledge/", "login done done"),
    ("POST", DESK + "ring/",               "login done  done"),
    ("POST", DESK + "escalate/",           "login done  done", {"level": "L3", "reason": "Stuck."}),
    ("POST", DESK + "join/",               "login done  done", {"other": "{solved}"}),
    ("POST", DESK + "not-the-same/",       "login done  done", {"other": "{solved}"}),
    ("POST", DESK + "split/",              "login done  done"),
    ("GET", DESK + "call/",                "login 200   200"),
    ("POST", DESK + "call/",               "login done  done", {"way": "in", "started_at": "{call_began}", "minutes": "5", "spoken_with": "Bob Lin", "was_spoken_to": "yes", "body": "All well."}),
    ("GET", "/admin/calls/",               "login 200   200"),
    ("GET", "/admin/calls/new/",           "login 200   200"),
    ("GET", "/admin/calls/new/STAR/",      "login 200   200"),
    ("POST", "/admin/calls/new/STAR/",     "login done  done", {"way": "in", "started_at": "{call_began}", "minutes": "5", "reporter": "{developer}", "severity": "important", "said": "Slow."}),
    ("GET", "/admin/calls/new/ZZZ/",       "login 404   404"),
    ("GET", "/admin/calls/recordings/{recording}/", "login 200 200"),
    ("GET", "/admin/attachment/{file}/",   "login 200   200"),
    ("GET", "/admin/attachment/{note_file}/", "login 200 200"),
    ("GET", "/admin/attachment/{draft}/",  "login =404  =404"),
    ("GET", "/admin/articles/",            "login 200   200"),
    ("GET", "/admin/articles/new/",        "login 200   200"),
    ("POST", "/admin/articles/new/",       "login done  done", {"language": "en", "kind": "faq", "title": "Silence", "body": "None."}),
    ("POST", "/admin/articles/new/preview/", "login 200 200", {"body": "# x"}),
    ("GET", "/admin/articles/gaps/",       "login 200   200"),
    ("GET", DESK + "article/",             "login 200   200"),
    ("POST", DESK + "article/",            "login done  done", {"language": "en", "kind": "faq", "title": "Silence", "body": "None."}),
    ("GET", "/admin/ticket/STAR-999/article/", "login 404 404"),
    ("GET", ARTICLE + "en/",               "login 200   200"),
    ("GET", ARTICLE + "zh/",               "login 200   200"),
    ("GET", ARTICLE + "fr/",               "login 404   404"),
    ("GET", "/admin/article/nothing/en/",  "login 404   404"),
    ("POST", ARTICLE + "en/",              "login done  done", {"title": "Silence", "body": "None.", "written_on": "1"}),
    ("POST", ARTICLE + "en/preview/",      "login 200   200", {"body": "# x"}),
    ("POST", ARTICLE + "en/submit/",       "login done  done"),
    ("POST", ARTICLE + "en/send-back/",    "login 422   422", {"reason": "More."}),
    ("POST", ARTICLE + "zh/submit/",       "login 404   404"),
    ("POST", ARTICLE + "en/publish/",      "login 403   done", {"revision": "1"}),
    ("POST", ARTICLE + "en/archive/",      "login done  done"),
    ("GET", ARTICLE + "en/history/",       "login 200   200"),
    ("GET", ARTICLE + "zh/history/",       "login 404   404"),
    ("POST", ARTICLE + "en/history/1/revert/", "login done done"),
    ("POST", ARTICLE + "en/history/9/revert/", "login 404 404"),
    ("GET", ARTICLE + "details/",          "login 200   200"),
    ("POST", ARTICLE + "details/",         "login done  done", {"kind": "guide", "audience": "public"}),
    ("GET", ARTICLE + "files/",            "login 200   200"),
    ("POST", ARTICLE + "files/",           "login 422   422", {"kind": "image"}),
    ("GET", ARTICLE + "files/view/src/main.go", "login 200 200"),
    ("GET", ARTICLE + "files/view/src/none.go", "login 404 404"),
    ("POST", ARTICLE + "files/{article_file}/remove/", "login done done"),
    ("GET", "/admin/duty/",                "login 200   200"),
    ("GET", "/admin/duty/coverage/",       "login 200   200"),
    ("GET", "/admin/duty/ladders/",        "login 200   200"),
    ("GET", "/admin/duty/rosters/files/",  "login 403   200"),
    ("POST", "/admin/duty/rosters/files/", "login 403   422"),
    ("GET", "/admin/duty/rosters/export/json/", "login 403 200"),
    ("GET", "/admin/duty/rosters/export/ical/", "login 403 200"),
    ("GET", "/admin/duty/swap/",           "login 200   200"),
    ("POST", "/admin/duty/swap/",          "login done  422", {"shift": "{shift}", "asked": "{lead}"}),
    ("GET", "/admin/duty/override/",       "login 200   200"),
    ("POST", "/admin/duty/override/",      "login done  done", {"roster": "{roster}", "person": "{engineer}"} | SPAN),
    ("GET", "/admin/duty/leave/",          "login 200   200"),
    ("POST", "/admin/duty/leave/",         "login done  done", {"person": "{engineer}"} | SPAN),
    ("GET", "/admin/duty/temporary/",      "login 403   200"),
    ("POST", "/admin/duty/temporary/",     "login 403   done", {"roster": "{roster}"} | SPAN | SHIFTS),
    ("POST", "/admin/duty/changes/{duty_change}/cancel/", "login 403 done"),
    ("POST", "/admin/duty/changes/999999/cancel/", "login 404 404"),
    ("POST", "/admin/duty/swaps/{swap}/withdraw/", "login done 403"),
    ("POST", "/admin/duty/swaps/{swap}/accept/", "login 403 done"),
    ("POST", "/admin/duty/swaps/{swap}/decline/", "login 403 done"),
    ("POST", "/admin/duty/swaps/{swap}/eat/", "login 404 404"),
    ("GET", "/admin/duty/rosters/add/",    "login 403   200"),
    ("POST", "/admin/duty/rosters/add/",   "login 403   done", {"team": "{team}", "name": "More"} | LAYER),
    ("GET", "/admin/duty/rosters/{roster}/", "login 200 200"),
    ("POST", "/admin/duty/rosters/{roster}/", "login 403 done", {"name": "Renamed"} | LAYER),
    ("POST", "/admin/duty/rosters/{roster}/end/", "login 403 done"),
    ("GET", "/admin/duty/rosters/999999/", "login 404   404"),
    ("GET", "/admin/policies/",            "login 200   200"),
    ("GET", "/admin/policies/premium/urgent/", "login 200 200"),
    ("POST", "/admin/policies/premium/urgent/", "login 403 done", POLICY),
    ("GET", "/admin/policies/premium/awful/", "login 404 404"),
    ("GET", "/admin/calendars/new/",       "login 403   200"),
    ("POST", "/admin/calendars/new/",      "login 403   done", {"name": "Always", "around_the_clock": "on", "step": "publish"}),
    ("GET", "/admin/calendars/{calendar}/", "login 200  200"),
    ("POST", "/admin/calendars/{calendar}/", "login 403 done", {"name": "Always", "around_the_clock": "on", "step": "publish"}),
    ("GET", "/admin/duty/coverage/",       "login 200   200"),
    ("GET", MINE,                          "login 200   200"),
    ("POST", MINE + "methods/add/",        "login done  done", CONTACT),
    ("POST", MINE + "methods/{method}/",   "login done  =404", CONTACT),
    ("POST", MINE + "methods/{method}/move/", "login done =404", {"to": "up"}),
    ("POST", MINE + "methods/{method}/remove/", "login done =404"),
    ("POST", MINE + "methods/{method}/check/", "login done =404"),
    ("POST", MINE + "methods/{method}/code/", "login 422 =404", {"code": "000000"}),
    ("POST", MINE + "quiet-hours/",        "login done  done", {"starts_at": "22:00", "ends_at": "07:00"}),
    ("POST", MINE + "calendars/",          "login 200   200"),
    ("POST", MINE + "calendars/{feed}/revoke/", "login done =404"),
    ("POST", "/admin/ticket/{handed}/hand-over/", "login done done", {"to": "{second}", "note": "Ask Bob."}),
    ("GET", "/admin/mail/",                "login 200   200"),
    ("GET", "/admin/mail/{mail}/",         "login 200   200"),
    ("GET", "/admin/mail/{mail}/html/",    "login 200   200"),
    ("GET", "/admin/mail/{mail}/download/", "login 200  200"),
    ("GET", "/admin/mail/{mail}/files/0/", "login 200   200"),
    ("POST", "/admin/mail/{mail}/replay/", "login done  done"),
    ("POST", "/admin/mail/{mail}/discard/", "login done done"),
    ("POST", "/admin/mail/{mail}/enquiry/", "login done done"),
    ("POST", "/admin/mail/{mail}/note/",   "login done  done", {"ticket": "{ticket}"}),
    ("POST", "/admin/mail/{mail}/comment/", "login done done", {"ticket": "{ticket}", "person": "developer@starcast.example", "confirm": "on"}),
    ("POST", "/admin/mail/{mail}/open/",   "login done  done", {"person": "developer@starcast.example", "organization": "STAR", "severity": "normal", "confirm": "on"}),
    ("POST", "/admin/mail/bounces/forgive/", "login done done", {"address": "x@elsewhere.example"}),
    ("GET", "/admin/enquiries/",           "login 200   200"),
    ("GET", "/admin/enquiries/{enquiry}/", "login 200   200"),
    ("POST", "/admin/enquiries/{enquiry}/answer/", "login done done", {"body": "It costs nothing to ask."}),
    ("GET", "/admin/enquiries/{enquiry}/files/{enquiry_file}/", "login 200   200"),
    ("POST", "/admin/enquiries/{enquiry}/link/", "login done done", {"ticket": "{ticket}"}),
    ("POST", "/admin/enquiries/{enquiry}/close/", "login done done"),
    ("GET", "/admin/ticket/{ticket}/articles/", "login 200 200"),
    ("POST", "/admin/ticket/{ticket}/articles/link/", "login done done", {"article": "{answering}"}),
    ("POST", "/admin/ticket/{ticket}/articles/unlink/", "login done done", {"article": "{answering}"}),
    ("GET", "/admin/announce/",            "login 200   200"),
    ("GET", "/admin/announce/{release}/",  "login 200   200"),
    ("POST", "/admin/announce/{release}/", "login done  done"),
    ("GET", "/admin/handover/",            "login 200   200"),
    ("GET", "/admin/handover/live/",       "login 200   200"),
    ("POST", "/admin/handover/accept/",    "login done  done"),
    ("POST", "/admin/handover/{handover}/note/", "login done 403", {"note": "Shard 7."}),
    ("POST", "/admin/handover/{handover}/accept/", "login done done"),
    ("POST", "/admin/drill/{drill}/confirm/", "login done =404"),
    ("GET", "/admin/search/",              "login 200   200"),
    ("GET", "/admin/login/",               "login done  done"),
    ("GET", "/admin/logout/",              "login done  done"),
    ("POST", "/admin/logout/",             "login done  done"),
    ("GET", "/admin/password_change/done/", "login 200  200"),
    ("GET", "/admin/autocomplete/",        "login 403   403"),
    ("GET", "/admin/jsi18n/",              "login 200   200"),
    ("GET", "/admin/r/1/1/",               "login 404   404"),
    ("GET", "/admin/accounts/",            "login 200   200"),
    ("GET", "/admin/nowhere/",             "login 404   404"),
]
# Unfold's pages for plain editing: what an engineer and a manager may do to such a row.
EDITING = [
    # model, a row,                         engineer        manager
    ("accounts/deadline", "{deadline}",     "view",         "view"),
    ("accounts/delivery", "{delivery}",     "view",         "view"),
    ("accounts/event", "{event}",           "view",         "view"),
    ("accounts/organization", "{star}",     "view",         "view add change"),
    ("accounts/user", "{developer}",        "view",         "view change"),
    ("knowledge/category", "{category}",    "view add change delete", "view add change delete"),
    ("knowledge/errorcode", "{error_code}", "view add change delete", "view add change delete"),
    ("knowledge/product", "{product}",      "view",         "view add change"),
    ("knowledge/release", "{release_row}",  "view add change", "view add change"),
    ("tickets/ladder", "{ladder}",          "view",         "view add change delete"),
    ("tickets/roster", "{roster}",          "view",         "view"),
    ("tickets/team", "{team}",              "view",         "view add change delete"),
]
TOKENS = [
    # method, path                              read write foreign; 401 for everybody without one
    ("GET", API,                                "200 200 200"),
    ("POST", API,                               "403 201 201", NEW),
    ("GET", API + "{ticket}/",                  "200 200 =404"),
    ("GET", API + "{ticket}/entries/",          "200 200 =404"),
    ("POST", API + "{ticket}/replies/",         "403 201 =404", {"body": "More."}),
    ("POST", API + "{ticket}/resolve/",         "403 200 =404"),
    ("POST", API + "{solved}/reopen/",          "403 200 =404"),
]
LOGIN = [
    # method, path                         anonymous, everybody signed in
    ("GET", "/admin/password_change/",     "login done"),
    ("GET", "/accounts/login/",            "200   done"),
    ("GET", "/accounts/logout/",           "login 200"),
    ("POST", "/accounts/logout/",          "login login"),
    ("GET", "/accounts/inactive/",         "200   200"),
    ("GET", "/accounts/signup/",           "200   done"),
    ("GET", "/accounts/reauthenticate/",   "login 200"),
    ("GET", "/accounts/email/",            "login 200"),
    ("GET", "/accounts/confirm-email/",    "200   200"),
    ("GET", "/accounts/confirm-email/nonsense/", "200 200"),
    ("GET", "/accounts/password/change/",  "login 200"),
    ("GET", "/accounts/password/set/",     "login done"),
    ("GET", "/accounts/password/reset/",   "200   200"),
    ("GET", "/accounts/password/reset/done/", "200 200"),
    ("GET", "/accounts/password/reset/key/1-nonsense/", "200 200"),
    ("GET", "/accounts/password/reset/key/done/", "200 200"),
    ("GET", "/accounts/login/code/confirm/", "login done"),
    ("GET", "/accounts/2fa/",              "login 200"),
    ("GET", "/accounts/2fa/authenticate/", "login done"),
    ("GET", "/accounts/2fa/reauthenticate/", "login done"),
    ("GET", "/accounts/2fa/totp/activate/", "login done"),
    ("GET", "/accounts/2fa/totp/deactivate/", "login 404"),
    ("GET", "/accounts/2fa/recovery-codes/", "login 404"),
    ("GET", "/accounts/2fa/recovery-codes/generate/", "login done"),
    ("GET", "/accounts/2fa/recovery-codes/download/", "login 404"),
    ("GET", "/accounts/2fa/webauthn/",     "login 200"),
    ("GET", "/accounts/2fa/webauthn/add/", "login done"),
    ("GET", "/accounts/2fa/webauthn/reauthenticate/", "login done"),
    ("GET", "/accounts/2fa/webauthn/keys/1/remove/", "login done"),
    ("GET", "/accounts/2fa/webauthn/keys/1/edit/", "login done"),
    ("GET", "/accounts/2fa/webauthn/login/", "login done"),
    ("GET", "/accounts/sessions/",         "login 200"),
]
# fmt: on


def rows() -> Iterator[Row]:
    """The whole table, each row with all columns."""
    for method, path, cells, *data in [*PORTAL, *READING]:
        # A token opens nothing but the API: here it is as if nobody had come.
        anonymous = cells.split()[0]
        yield Row(method, path, f"{cells} {' '.join([anonymous] * 3)}", *data)
    for method, path, cells, *data in WORKSPACE:
        yield _workspace(method, path, *cells.split(), *data)
    for model, key, engineer, manager in EDITING:
        yield from _editing(f"/admin/{model}/", key, engineer.split(), manager.split())
    for method, path, cells, *data in TOKENS:
        # The API knows no session: whoever is signed in has still shown no token.
        yield Row(method, path, f"{'401 ' * 9}{cells}", *data)
    yield Row("GET", "/api/v1/schema/", "200 " * 12)
    yield Row("GET", "/api/nowhere/", "404 " * 12)
    for method, path, cells in LOGIN:
        anonymous, signed_in = cells.split()
        yield Row(method, path, f"{anonymous} {f'{signed_in} ' * 8} {f'{anonymous} ' * 3}")


def _workspace(
    method: str, path: str, anonymous: str, engineer: str, manager: str, data: Any = None
) -> Row:
    cells = f"{anonymous} {'403 ' * 6}{engineer} {manager} {f'{anonymous} ' * 3}"
    return Row(method, path, cells, data or {})


def _editing(path: str, key: str, engineer: list[str], manager: list[str]) -> Iterator[Row]:
    def may(right: str, answer: str) -> tuple[str, str]:
        found = [answer if right in rights else "403" for rights in (engineer, manager)]
        return found[0], found[1]

    yield _workspace("GET", path, "login", *may("view", "200"))
    yield _workspace("GET", f"{path}add/", "login", *may("add", "200"))
    yield _workspace("GET", f"{path}{key}/", "login", "done", "done")
    yield _workspace("GET", f"{path}{key}/change/", "login", *may("view", "200"))
    yield _workspace("GET", f"{path}{key}/history/", "login", *may("view", "200"))
    yield _workspace("GET", f"{path}{key}/delete/", "login", *may("delete", "200"))
    # An empty form is shown again with its errors; who may not is refused before it is read.
    yield _workspace("POST", f"{path}add/", "login", *may("add", "200"))
    yield _workspace("POST", f"{path}{key}/change/", "login", *may("change", "200"))
    yield _workspace(
        "POST", f"{path}{key}/delete/", "login", *may("delete", "done"), {"post": "yes"}
    )
