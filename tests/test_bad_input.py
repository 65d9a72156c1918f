"""Every form and every field: what cannot be is answered in words, and nothing typed is lost.

The fields of the API stand in `tests/api/test_bad_input.py`.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Final
from urllib.parse import urlencode

import pytest
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.forms import BaseFormSet
from django.utils.html import escape

from tests.access_scene import NOWHERE, browser, rows_of_everything, undone

HUGE: Final = "9" * 5_000
LONG: Final = "x" * 50_001
NUL: Final = "a\x00b"
KEPT: Final = "What was typed stays."
DESK: Final = "/admin/ticket/{ticket}/"
PROFILE: Final = {"name": KEPT, "language": "en", "time_zone": "UTC"}
TOKEN: Final = {"name": KEPT, "scopes": "tickets:read", "days": "30"}
INVITATION: Final = {"email": "kept@starcast.example", "role": "viewer", "language": "en"}
FACTS: Final = {"sdk_version": KEPT, "product": "", "platform": "", "environment": ""}
POLICY: Final = {
    "calendar": "{calendar_version}",
    "response_seconds": "4 h",
    "resolution_seconds": "3 d",
    "note": KEPT,
    "step": "publish",
}
CALENDAR: Final = {
    "name": KEPT,
    "zone": "Asia/Shanghai",
    "hours_mon": "09:00-18:00",
    "hours_tue": "09:00-18:00",
    "step": "publish",
}
SPAN: Final = {"starts_at": "{tomorrow}", "ends_at": "{day_after}T23:00"}
ROSTER: Final = {
    "name": KEPT,
    "time_zone": "Asia/Shanghai",
    "drill_minutes": "20",
    "confirm_minutes": "10",
    "note_minutes": "15",
    "accept_minutes": "10",
    "layers-TOTAL_FORMS": "1",
    "layers-INITIAL_FORMS": "0",
    "layers-0-name": "Day and night",
    "layers-0-length": "1",
    "layers-0-unit": "weeks",
    "layers-0-starts_on": "2026-01-05",
    "layers-0-hand_over_at": "08:00",
    "layers-0-member_0": "{second}",
}
# The fields of a roster, wrong.
NOT_A_ROSTER: Final = {
    "name": ["", LONG, NUL],
    "time_zone": ["", "Mars/Olympus", NUL, "../../etc/passwd", "Asia", HUGE],
    "drill_minutes": ["", "-1", "241", "soon", NUL, HUGE],
    "confirm_minutes": ["", "0", "21", NUL],
    "note_minutes": ["", "-1", "241", NUL],
    "accept_minutes": ["", "0", "121", NUL],
    "layers-0-name": ["", LONG, NUL],
    "layers-0-length": ["", "0", "-1", "1001", NUL, HUGE],
    "layers-0-unit": ["", "years", NUL],
    "layers-0-starts_on": ["", "someday", "0001-01-01", "9999-12-31", NUL],
    "layers-0-hand_over_at": ["", "25:00", NUL],
    "layers-0-weekdays": ["7", NUL],
    "layers-0-opens": ["08:00", "25:00", NUL],
    "layers-0-member_0": ["", "x", NUL, HUGE, "-1", "{developer}"],
}
WHEN: Final = ["", "soon", "0001-01-01T00:00", "9999-12-31T23:59", NUL, HUGE]
WHAT: Final = ["x", NUL, HUGE, "-1", "999999"]
WHO: Final = [*WHAT, "{developer}"]
METHOD: Final = {"kind": "push", "address": "ntfy://kept", "delay_seconds": "60"}
NOTED_CALL: Final = {
    "way": "in",
    "started_at": "{call_began}",
    "minutes": "5",
    "spoken_with": KEPT,
    "was_spoken_to": "yes",
    "body": KEPT,
}
OPENED_FROM_CALL: Final = {
    "way": "in",
    "started_at": "{call_began}",
    "minutes": "5",
    "reporter": "{developer}",
    "severity": "important",
    "said": KEPT,
}
ARTICLE: Final = "/admin/article/{written}/"
WRITTEN: Final = {"title": "Silence", "body": KEPT}
RELEASE: Final = {
    "product": "{product}",
    "platform": "",
    "version": "9.1.0",
    "released_on": "2026-01-05",
    "note_en": KEPT,
    "changes-TOTAL_FORMS": "1",
    "changes-INITIAL_FORMS": "0",
    "changes-0-kind": "known_issue",
    "changes-0-text_en": KEPT,
    "changes-0-position": "0",
}
SIGN_UP: Final = {
    "email": "kept@starcast.example",
    "name": KEPT,
    "password1": "long enough 4 all",
    "password2": "long enough 4 all",
}

# who, address, what is right, {field: what is wrong}, the answer
FORMS: Final[list[tuple[str, str, dict[str, Any], dict[str, list[str]], int]]] = [
    (
        "anonymous",
        "/docs/en/a/{article}/feedback/",
        {"helped": "no", "words": KEPT},
        {"helped": ["", "maybe", NUL, HUGE], "words": ["x" * 2001, NUL]},
        422,
    ),
    (
        "developer",
        "/down/",
        {"body": KEPT},
        {
            "body": ["", " ", LONG, NUL],
            "organization": ["BRIT", "ZZZ", NUL, HUGE],
            "product": ["nope", NUL],
            "submission": ["x", NUL],
        },
        422,
    ),
    (
        "developer",
        "/tickets/{ticket}/reply/",
        {"body": KEPT},
        {"body": ["", " ", LONG, NUL], "submission": ["x", NUL]},
        422,
    ),
    (
        "developer",
        "/tickets/{ticket}/close/",
        {"body": KEPT},
        {"body": [LONG, NUL], "submission": ["x", NUL]},
        422,
    ),
    (
        "admin",
        "/chat/start/",
        {"body": KEPT, "severity": "normal"},
        {
            "body": ["", " ", LONG, NUL],
            "severity": ["", "awful", NUL, HUGE],
            "submission": ["x", NUL, HUGE],
        },
        422,
    ),
    (
        "developer",
        "/chat/{chat}/say/",
        {"body": KEPT, "key": "{draft}"},
        {"body": ["", " ", LONG, NUL], "key": ["", "x", NUL, HUGE]},
        422,
    ),
    (
        "engineer",
        "/admin/chats/{chat}/say/?open={chat}",
        {"body": KEPT, "key": "{draft}"},
        {"body": ["", " ", LONG, NUL], "key": ["", "x", NUL, HUGE], "kept": ["x", NUL]},
        422,
    ),
    (
        "developer",
        "/tickets/{ticket}/severity/",
        {"severity": "important", "reason": KEPT},
        {"severity": ["", "awful", NUL, HUGE], "reason": [LONG, NUL]},
        422,
    ),
    (
        "developer",
        "/tickets/{proposed}/severity/answer/",
        {"answer": "agree"},
        {"answer": ["", "perhaps", NUL, HUGE]},
        422,
    ),
    (
        "developer",
        "/tickets/{ticket}/facts/",
        FACTS,
        {
            "sdk_version": ["1" * 41, NUL],
            "product": ["nope", NUL, HUGE],
            "platform": ["vms", NUL],
            "environment": ["moon", NUL],
        },
        422,
    ),
    ("owner", "/team/members/{member}/role/", {}, {"role": ["", "king", NUL, HUGE]}, 302),
    (
        "owner",
        "/team/invitations/",
        INVITATION,
        {
            "email": [
                "",
                "nobody",
                NUL,
                "x" * 300 + "@a.example",
                "a@b.example\r\nBcc: c@d.example",
            ],
            "role": ["", "king", NUL],
            "language": ["", "tlh", NUL],
        },
        422,
    ),
    (
        "owner",
        "/settings/profile/",
        PROFILE,
        {
            "name": ["", LONG, NUL],
            "language": ["", "tlh", NUL],
            "time_zone": ["", "Mars/Olympus", NUL, "../../etc/passwd"],
        },
        422,
    ),
    (
        "owner",
        "/settings/tokens/",
        TOKEN,
        {
            "name": ["", LONG, NUL],
            "scopes": ["", "everything", NUL],
            "days": ["", "0", "-1", "many", NUL, HUGE],
        },
        422,
    ),
    (
        "owner",
        "/settings/versions/",
        {"product": "im", "platform": "ios", "version": "4.2"},
        {
            "product": ["", "nope", NUL, HUGE],
            "platform": ["vms", "unity", NUL, HUGE],
            "version": ["", "five", NUL, HUGE],
        },
        422,
    ),
    ("owner", "/settings/releases/", {}, {"wanted": ["", "perhaps", NUL, HUGE]}, 302),
    (
        "owner",
        "/upgrades/",
        {"product": "im", "from": "1.0.0", "to": "2.0.0"},
        {
            "product": ["", "nope", NUL, HUGE],
            "platform": ["vms", NUL],
            "from": ["", "x", NUL, HUGE, "9.0.0"],
            "to": ["x", NUL, HUGE, "9.0.0", "0.1.0"],
        },
        302,
    ),
    ("owner", "/upgrades/{checklist}/tick/", {}, {"item": ["", "x", NUL, HUGE]}, 302),
    ("owner", "/upgrades/{checklist}/tick/", {"done": "no"}, {"item": ["", "x", NUL, HUGE]}, 302),
    ("owner", "/tickets/new/answered/", {}, {"article": ["", "x", NUL, HUGE]}, 404),
    ("engineer", DESK + "articles/link/", {}, {"article": ["", "x", NUL, HUGE]}, 302),
    ("engineer", DESK + "articles/unlink/", {}, {"article": ["", "x", NUL, HUGE]}, 404),
    ("owner", "/organization/", {}, {"organization": ["", "BRIT", NUL, HUGE]}, 404),
    ("anonymous", "/preferences/", {}, {"language": [NUL, "tlh"], "theme": [NUL, HUGE]}, 302),
    (
        "anonymous",
        "/accounts/signup/",
        SIGN_UP,
        {"email": ["", "x", NUL, LONG], "password1": ["", "short", NUL], "password2": ["other"]},
        200,
    ),
    (
        "anonymous",
        "/accounts/login/",
        {"login": "kept@starcast.example", "password": "wrong"},
        {"login": ["", NUL, LONG], "password": ["", NUL, LONG]},
        200,
    ),
    ("anonymous", "/accounts/password/reset/", {}, {"email": ["", "x", NUL, LONG]}, 200),
    (
        "engineer",
        DESK + "reply/",
        {"body": KEPT},
        {
            "body": ["", " ", LONG, NUL],
            "attachment": ["x", NUL, NOWHERE["file"], "{draft}"],
            "next_update": ["never", NUL, HUGE],
            "next_update_at": ["soon", NUL, HUGE],
            "submission": ["x", NUL],
        },
        422,
    ),
    (
        "engineer",
        DESK + "note/",
        {"body": KEPT},
        {
            "body": ["", " ", LONG, NUL],
            "attachment": ["x", NUL, NOWHERE["file"], "{draft}"],
            "submission": ["x", NUL],
        },
        422,
    ),
    (
        "engineer",
        DESK + "escalate/",
        {"level": "L3", "reason": KEPT},
        {"level": ["", "L9", NUL, HUGE], "reason": ["", " ", LONG, NUL]},
        422,
    ),
    (
        "engineer",
        DESK + "severity/",
        {"severity": "urgent", "reason": KEPT},
        {"severity": ["", "awful", NUL, HUGE], "reason": [LONG, NUL]},
        422,
    ),
    (
        "engineer",
        DESK + "facts/",
        FACTS,
        {
            "sdk_version": ["1" * 41, NUL],
            "product": ["nope", NUL, HUGE, "999999"],
            "platform": ["vms", NUL],
            "environment": ["moon", NUL],
        },
        422,
    ),
    (
        "engineer",
        DESK + "date/",
        {"until": "{tomorrow}", "reason": KEPT},
        {"until": ["", "soon", NUL, HUGE, "2020-01-01T10:00"], "reason": ["", " ", LONG, NUL]},
        422,
    ),
    (
        "manager",
        "/admin/policies/premium/normal/",
        POLICY,
        {
            "calendar": ["", "x", NUL, "999999"],
            "response_seconds": ["", "soon", "0 min", "9999 d", NUL, HUGE],
            "update_seconds": ["soon", NUL],
            "resolution_seconds": ["1 min", NUL],
            "warn_response": ["0", "100", "half", NUL, HUGE],
            "pauses_resolution": ["lunch", NUL],
            "budget_L1": ["x", "9 d", NUL],
            "note": [LONG, NUL],
        },
        422,
    ),
    (
        "manager",
        "/admin/calendars/new/",
        CALENDAR,
        {
            "name": ["", "Around the clock", LONG, NUL],
            "zone": ["", "Mars/Olympus", NUL, "../../etc/passwd", "Asia"],
            "hours_mon": ["x", "09:00-12:00, 11:00-13:00", "22:00-10:00", NUL, HUGE],
            "country": ["XX", NUL],
            "subdivision": ["BY", NUL],
            "closed": ["tomorrow", "2027-01-02..2027-01-01", NUL, LONG],
            "special": ["2027-01-01", NUL, LONG],
            "breaks": ["2027-01-01 9-99", NUL],
            "note": [LONG, NUL],
        },
        422,
    ),
    *(
        (
            "engineer",
            DESK + what,
            {"other": "{solved}"},
            {"other": ["", " ", "STAR-0", "THEIR-1", "{ticket}", NUL, HUGE, LONG, "%_\\'"]},
            422,
        )
        for what in ("join/", "not-the-same/")
    ),
    (
        "engineer",
        "/admin/ticket/{handed}/hand-over/",
        {"to": "{second}", "note": KEPT},
        {"to": ["", "x", NUL, HUGE, "999999", "{developer}"], "note": [LONG, NUL]},
        422,
    ),
    (
        "engineer",
        "/admin/my-duty/methods/add/",
        METHOD,
        {
            "kind": ["", "pigeon", NUL, HUGE],
            "address": ["", " ", "nowhere", "file:///etc/passwd", NUL, LONG],
            "delay_seconds": ["", "-1", "soon", "86400", NUL, HUGE],
            "fallback_address": ["nowhere", METHOD["address"], NUL, LONG],
        },
        422,
    ),
    (
        "engineer",
        "/admin/my-duty/methods/{method}/",
        METHOD,
        {
            "kind": ["", "pigeon", NUL],
            "address": ["", "nowhere", "https://[", NUL, LONG],
            "delay_seconds": ["", "7", NUL, HUGE],
            "fallback_address": ["nowhere", NUL, LONG],
        },
        422,
    ),
    (
        "engineer",
        "/admin/my-duty/quiet-hours/",
        {"starts_at": "22:00", "ends_at": "07:00"},
        {"starts_at": ["", "25:00", "07:00", NUL, HUGE], "ends_at": ["", "late", NUL]},
        422,
    ),
    ("engineer", "/admin/mail/{mail}/note/", {}, {"ticket": ["", "STAR-999", NUL, LONG]}, 422),
    (
        "engineer",
        "/admin/mail/{mail}/comment/",
        {"ticket": "{ticket}", "person": "developer@starcast.example", "confirm": "on"},
        {
            "ticket": ["", "STAR-999", NUL, HUGE],
            "person": ["", "nobody", "x@elsewhere.example", "owner@brightclass.example", NUL, LONG],
            "confirm": [""],
        },
        422,
    ),
    (
        "engineer",
        "/admin/mail/{mail}/open/",
        {
            "person": "developer@starcast.example",
            "organization": "STAR",
            "severity": "normal",
            "confirm": "on",
        },
        {
            "person": ["", "nobody", "x@elsewhere.example", NUL],
            "organization": ["", "BRIT", "NONE", NUL, HUGE],
            "severity": ["", "worst", NUL],
            "confirm": [""],
        },
        422,
    ),
    ("engineer", "/admin/mail/bounces/forgive/", {}, {"address": ["", NUL, LONG]}, 302),
    (
        "engineer",
        "/admin/enquiries/{enquiry}/answer/",
        {"body": "Yes."},
        {"body": ["", NUL, LONG], "attachment": ["x", NUL], "submission": ["x", NUL]},
        422,
    ),
    ("engineer", "/admin/enquiries/{enquiry}/link/", {}, {"ticket": ["", "STAR-999", NUL]}, 422),
    ("engineer", "/admin/enquiries/{enquiry}/close/", {}, {"as": [NUL, HUGE]}, 302),
    ("engineer", "/admin/handover/{handover}/note/", {}, {"note": ["", " ", LONG, NUL]}, 422),
    (
        "manager",
        "/admin/duty/rosters/add/",
        ROSTER | {"team": "{team}"},
        NOT_A_ROSTER | {"team": ["", "x", NUL, HUGE, "999999"]},
        422,
    ),
    ("manager", "/admin/duty/rosters/{roster}/", ROSTER, NOT_A_ROSTER, 422),
    (
        "manager",
        "/admin/duty/override/",
        SPAN | {"roster": "{roster}", "person": "{lead}", "reason": KEPT},
        {
            "roster": ["", *WHAT],
            "person": ["", *WHO],
            "replaces": WHO,
            "starts_at": WHEN,
            "ends_at": [*WHEN, "2020-01-01T08:00"],
            "reason": [LONG, NUL],
        },
        422,
    ),
    (
        "engineer",
        "/admin/duty/leave/",
        SPAN | {"person": "{engineer}", "reason": KEPT},
        {
            "person": ["", *WHO, "{second}"],
            "stand_in": [*WHO, "{engineer}"],
            "starts_at": WHEN,
            "ends_at": [*WHEN, "2020-01-01T08:00"],
            "reason": [LONG, NUL],
        },
        422,
    ),
    (
        "manager",
        "/admin/duty/temporary/",
        SPAN
        | {
            "roster": "{roster}",
            "reason": KEPT,
            "shifts-TOTAL_FORMS": "1",
            "shifts-INITIAL_FORMS": "0",
            "shifts-0-person": "{lead}",
            "shifts-0-starts_at": "{tomorrow}",
            "shifts-0-ends_at": "{day_after}T23:00",
        },
        {
            "roster": ["", *WHAT],
            "starts_at": WHEN,
            "ends_at": [*WHEN, "2020-01-01T08:00"],
            "shifts-0-person": ["", *WHO],
            "shifts-0-starts_at": [*WHEN, "{day_after}T23:00"],
            "shifts-0-ends_at": [*WHEN, "{day_after}T23:30"],
        },
        422,
    ),
    (
        "engineer",
        "/admin/duty/swap/",
        {"shift": "{shift}", "asked": "{lead}", "note": KEPT},
        {
            "shift": ["", "x", NUL, HUGE],
            "asked": ["", *WHO, "{engineer}"],
            "in_return": ["x", NUL, "{shift}"],
            "starts_at": [*WHEN[1:], "2099-01-05T08:00"],
            "ends_at": WHEN[1:],
            "note": [LONG, NUL],
        },
        422,
    ),
    (
        "manager",
        "/admin/duty/rosters/files/",
        {"how": "overrides", "roster": "{roster}", "text": "x"},
        {
            "how": ["", "magic", "json", NUL],
            "roster": ["", "x", NUL, HUGE, "999999"],
            "text": ["BEGIN:VCALENDAR", NUL],
        },
        422,
    ),
    ("owner", "/settings/mails/choose/", {}, {"wanted": ["x", NUL, HUGE]}, 422),
    ("owner", "/settings/hotline/contact/", {}, {"contact": ["x", NUL, HUGE, "-1", "999999"]}, 422),
    (
        "engineer",
        DESK + "call/",
        NOTED_CALL,
        {
            "way": ["", "sideways", NUL, HUGE],
            "started_at": [*WHEN, "{tomorrow}", "2020-01-01T00:00"],
            "minutes": ["", "x", "-1", "721", NUL, HUGE],
            "spoken_with": ["", " ", LONG, NUL],
            "was_spoken_to": ["", "perhaps", NUL],
            "body": ["", " ", LONG, NUL],
        },
        422,
    ),
    (
        "engineer",
        "/admin/calls/new/STAR/",
        OPENED_FROM_CALL,
        {
            "reporter": ["", *WHO[:-1], "{engineer}"],
            "way": ["", NUL],
            "started_at": [*WHEN, "{tomorrow}"],
            "minutes": ["", "-1", NUL, HUGE],
            "severity": ["", "awful", NUL],
            "product": ["x", NUL, HUGE],
            "subject": ["x" * 201, NUL],
            "said": ["", " ", LONG, NUL],
            "answered": [LONG, NUL],
            "submission": ["x", NUL],
        },
        422,
    ),
    (
        "engineer",
        ARTICLE + "en/",
        WRITTEN | {"written_on": "1"},
        {
            "title": ["", " ", "x" * 201, NUL],
            "summary": ["x" * 401, NUL],
            "body": ["", " ", "x" * 1_000_001, NUL],
            "note": ["x" * 201, NUL],
            "written_on": ["0", "2", "x", NUL, HUGE, "-1"],
        },
        422,
    ),
    (
        "engineer",
        "/admin/articles/new/",
        WRITTEN | {"language": "en", "kind": "faq"},
        {
            "title": ["", " ", "x" * 201, NUL],
            "body": ["", " ", "x" * 1_000_001, NUL],
            "language": ["", "fr", NUL],
            "kind": ["", "poem", NUL],
            "product": ["nope", NUL, HUGE],
            "platform": ["amiga", NUL],
            "versions_from": ["latest", "x" * 41, NUL],
            "key": ["silence-explained", "a b", "x" * 81, NUL],
        },
        422,
    ),
    (
        "engineer",
        DESK + "article/",
        WRITTEN | {"language": "en", "kind": "faq"},
        {"title": [""], "body": ["", NUL], "key": ["silence-explained"]},
        422,
    ),
    (
        "engineer",
        ARTICLE + "details/",
        {"kind": "guide", "audience": "public", "versions_from": "5.0.0"},
        {
            "kind": ["", "poem", NUL],
            "product": ["nope", NUL],
            "platforms": ["amiga", NUL],
            "versions_from": ["latest", NUL],
            "versions_before": ["4.0", "x" * 41, NUL],
            "audience": ["", "aliens", NUL],
            "plans": ["nope", NUL],
            "organizations": ["ZZZ", NUL, LONG],
            "categories": ["999999", "x", NUL, HUGE],
            "owner": ["999999", "{developer}", "x", NUL, HUGE],
            "review_on": ["someday", NUL, HUGE],
            "tested_with": ["newest", NUL],
            "checked_on": ["someday", NUL],
        },
        422,
    ),
    (
        "engineer",
        ARTICLE + "files/",
        {"kind": "image"},
        {"kind": ["", "poem", NUL], "folder": [NUL, "x" * 121]},
        422,
    ),
    ("engineer", ARTICLE + "en/send-back/", {}, {"reason": ["", " ", "x" * 1001, NUL]}, 422),
    (
        "engineer",
        "/admin/knowledge/category/{category}/change/",
        {"key": "silence", "name_en": KEPT, "name_zh": KEPT, "position": "1"},
        {
            "parent": ["{category}", "999999", "x", NUL],
            "key": ["", "a b", NUL],
            "name_en": ["", LONG, NUL],
            "position": ["", "-1", "99999", NUL, HUGE],
        },
        200,
    ),
    (
        "engineer",
        "/admin/knowledge/errorcode/{error_code}/change/",
        {"product": "{product}", "platform": "", "number": "4303", "meaning_en": KEPT},
        {
            "product": ["", "999999", NUL],
            "platform": ["amiga", "unity", NUL],
            "number": ["", "x", NUL, HUGE],
            "meaning_en": ["", LONG, NUL],
            "article": ["nothing", NUL, LONG],
        },
        200,
    ),
    (
        "engineer",
        "/admin/knowledge/release/{release_row}/change/",
        RELEASE,
        {
            "product": ["", "999999", NUL],
            "platform": ["amiga", "unity", NUL],
            "version": ["", "latest", "x" * 41, NUL],
            "released_on": ["", "someday", NUL],
            "end_of_support": ["1999-01-01", "someday", NUL],
            "changes-0-kind": ["", "poem", NUL],
            "changes-0-platforms": ["windows phone", "android, x", "unity", "x" * 121, NUL],
            "changes-0-text_en": ["", LONG, NUL],
            "changes-0-article": ["nothing", NUL],
            "changes-0-fixed_in": ["9.9.9", "latest", "1.0.0", NUL],
            "changes-0-position": ["", "-1", "x", NUL],
        },
        200,
    ),
    ("engineer", DESK + "assign/", {}, {"owner": ["x", NUL, HUGE, "-1", "{developer}"]}, 404),
    ("engineer", "/admin/queue/assign/", {}, {"ticket": ["", "x", NUL, HUGE, "999999"]}, 302),
]
CASES = [
    pytest.param(who, path, good, field, wrong, status, id=f"{path}-{field}-{wrong[:12]!r}")
    for who, path, good, fields, status in FORMS
    for field, values in fields.items()
    for wrong in values
]


@pytest.mark.parametrize(("who", "path", "good", "field", "wrong", "status"), CASES)
def test_a_wrong_value_is_told_and_nothing_is_lost(
    scene: SimpleNamespace,
    who: str,
    path: str,
    good: dict[str, Any],
    field: str,
    wrong: str,
    status: int,
) -> None:
    cache.clear()
    good = {name: _filled(value, scene) for name, value in good.items()}
    sent = good | {field: _filled(wrong, scene)}
    with undone():
        response = browser(scene, who).post(path.format_map(scene.names), sent)
        assert response.status_code == status
        changed = set(rows_of_everything()) ^ set(scene.rows)
        assert not {table for table, _digest in changed} - {"django_cache"}
        if status in (200, 422):
            text = response.content.decode()
            assert _told(response, field), text
            for name, value in good.items():
                assert name in (field, "step") or "password" in name or escape(value) in text
            if wrong == LONG and field in ("body", "reason"):
                assert LONG in text


def _filled(value: str, scene: SimpleNamespace) -> str:
    return value.format_map(scene.names) if "{" in value else value


def _told(response: Any, field: str) -> bool:
    """An error at the field, above the form, or in the list of problems."""
    forms = [
        value
        for layer in response.context or ()
        for data in layer.dicts
        for key, value in data.items()
        if key == "form" or key.endswith("_form") or key == "facts"
    ]
    errors = [set(form.errors) for form in forms if getattr(form, "is_bound", False)]
    rows = response.context and (response.context.get("layers") or response.context.get("rows"))
    if isinstance(rows, BaseFormSet):
        errors += [{f"{form.prefix}-{name}" for name in form.errors} for form in rows.forms]
        errors += [{"__all__"} for form in rows.forms if form.non_field_errors()]
    if response.context and (page := response.context.get("adminform")):  # one of Unfold's
        errors.append(set(page.form.errors))
        for inline in response.context.get("inline_admin_formsets", ()):
            for form in inline.formset.forms:
                errors.append({f"{form.prefix}-{name}" for name in form.errors})
                errors.append({"__all__"} if form.non_field_errors() else set())
    problems = response.context.get("problems") if response.context else None
    return bool(problems) or any({field, "files", "__all__"} & names for names in errors)


@pytest.mark.parametrize(
    ("who", "path", "field"),
    [
        ("owner", "/team/members/{member}/role/", "role"),
        ("engineer", "/admin/queue/assign/", "ticket"),
    ],
)
def test_where_there_is_no_form_to_show_a_sentence_comes_along(
    scene: SimpleNamespace, who: str, path: str, field: str
) -> None:
    with undone():
        response = browser(scene, who).post(path.format_map(scene.names), {field: "nonsense"})
        assert [str(message) for message in get_messages(response.wsgi_request)]


@pytest.mark.parametrize(
    "value", ["", NUL, "x" * 1_000, HUGE, f"due_{HUGE}_1", "-1", "%", "'\";--"]
)
@pytest.mark.parametrize(
    ("who", "path", "name"),
    [
        *(("owner", "/tickets/", name) for name in ("q", "state", "severity", "product", "who")),
        ("owner", "/tickets/", "before"),
        *(
            ("anonymous", "/docs/en/articles/", name)
            for name in ("kind", "platform", "version", "after")
        ),
        *(("owner", "/docs/zh/releases/im/", name) for name in ("platform", "after", "at")),
        *(("owner", "/docs/en/errors/im/", name) for name in ("platform", "after")),
        *(("owner", "/tickets/new/", name) for name in ("subject", "article", "answered")),
        *(
            ("anonymous", "/docs/en/search/", name)
            for name in ("q", "kind", "product", "platform", "version", "s")
        ),
        ("anonymous", "/docs/en/search/suggestions/", "q"),
        ("engineer", "/admin/ticket/{ticket}/articles/", "q"),
        ("engineer", "/admin/queue/", "q"),
        ("engineer", "/admin/queue/", "after"),
        ("engineer", "/admin/queue/?view=all", "after"),
        ("engineer", "/admin/queue/?q=x", "after"),
        ("engineer", "/admin/queue/", "view"),
        ("engineer", "/admin/queue/live/", "current"),
        ("engineer", "/admin/search/", "s"),
        ("engineer", "/admin/chats/", "open"),
        ("engineer", "/admin/chats/live/", "open"),
        ("developer", "/chat/", "new"),
        *(("developer", "/widget/frame/", name) for name in ("organization", "origin", "language")),
        *(("engineer", "/admin/duty/", name) for name in ("from", "weeks")),
        *(
            ("engineer", "/admin/duty/coverage/", n)
            for n in ("day", "product", "language", "level")
        ),
        ("manager", "/admin/duty/rosters/add/", "team"),
        ("manager", "/admin/duty/rosters/{roster}/", "more"),
        *(
            ("engineer", "/admin/articles/", name)
            for name in ("q", "kind", "product", "state", "language", "owner", "need", "page")
        ),
        *(
            ("engineer", "/admin/articles/new/", n)
            for n in ("title", "kind", "product", "language")
        ),
        *(("engineer", "/admin/articles/gaps/", name) for name in ("product", "kind")),
        *(("engineer", "/admin/article/{written}/en/history/", n) for n in ("old", "new", "view")),
        ("engineer", "/admin/knowledge/errorcode/", "q"),
        ("engineer", "/admin/knowledge/release/", "product__id__exact"),
        ("manager", "/admin/accounts/user/", "q"),
        ("manager", "/admin/accounts/user/", "p"),
        ("manager", "/admin/accounts/user/", "o"),
        ("manager", "/admin/accounts/user/", "is_staff__exact"),
        ("manager", "/admin/accounts/organization/", "q"),
        ("manager", "/admin/accounts/event/", "organization__id__exact"),
        ("manager", "/admin/accounts/delivery/", "condition"),
        ("manager", "/admin/accounts/delivery/", "p"),
    ],
)
def test_no_parameter_makes_a_page_fail(
    scene: SimpleNamespace, who: str, path: str, name: str, value: str
) -> None:
    with undone():
        response = browser(scene, who).get(
            f"{_filled(path, scene)}{'&' if '?' in path else '?'}{urlencode({name: value})}"
        )
        assert response.status_code in (200, 302, 400, 404)
