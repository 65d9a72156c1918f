"""Accessibility of the pages of promises and duty, by axe in a real browser.

Each page twice: wide, light and in English, and on a phone, dark and in Chinese.
"""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser

from accounts.tenancy import DatabaseRole, acting_as
from portal.database import DatabaseUrls
from tests import factories, telephone
from tests.cast import make_cast
from tests.processes import processes
from tickets.models import Call, CallLeg
from tickets.models.ticket import Severity

pytestmark = pytest.mark.browser

STAFF = (
    "/admin/queue/",
    "/admin/ticket/STAR-1/",
    "/admin/policies/",
    "/admin/policies/premium/normal/",
    "/admin/calendars/new/",
    "/admin/duty/",
    "/admin/duty/?weeks=2",
    "/admin/duty/coverage/",
    "/admin/duty/ladders/",
    "/admin/duty/swap/",
    "/admin/duty/override/",
    "/admin/duty/leave/",
    "/admin/duty/temporary/",
    "/admin/duty/rosters/add/",
    "/admin/duty/rosters/files/",
    "/admin/handover/",
    "/admin/my-duty/",
    "/admin/calls/",
    "/admin/calls/new/STAR/",
    "/admin/ticket/STAR-1/call/",
    "/admin/ticket/STAR-1/article/",
    "/admin/articles/",
    "/admin/articles/new/",
    "/admin/articles/gaps/",
    "/admin/article/token-expired/en/",
    "/admin/article/token-expired/en/history/",
    "/admin/article/token-expired/details/",
    "/admin/article/token-expired/files/",
    "/admin/announce/",
)
CUSTOMER = (
    *("/", "/tickets/STAR-1/", "/down/", "/settings/hotline/", "/settings/versions/"),
    *("/upgrades/", "/tickets/new/", "/tickets/new/?article=token-expired"),
)
DOCS = (
    *("search/", "search/?q=token", "search/?q=qqxyzzyw", "upgrade/", "products/im/"),
    "upgrade/?product=im&platform=&from=4.0.0&to=5.0.0",
    *("", "articles/", "a/token-expired/", "a/token-expired/feedback/given/"),
    *("releases/", "releases/im/", "errors/", "errors/im/", "errors/im/1101/"),
)
TEXT = """## Why

| Code | Meaning |
|---|---|
| 1101 | A long sentence that needs all of its room in a narrow table |

> [!WARNING]
> Ask `server.example/a/very/long/path/that/is/one/word` first.

```kotlin tab="Kotlin"
val renewed = client.renewToken(tokens.fetch(userId = "somebody", scope = listOf("im", "rtc")))
```
```swift tab="Swift"
let a = 1
```

### More

{{file: src/Main.kt}}
"""
LOOKS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("en", {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}}),
    ("zh-hans", {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}}),
)
# English words are longer: what just fits in Chinese may not fit in them.
NARROW = {"color_scheme": "light", "viewport": {"width": 360, "height": 740}}


@pytest.fixture
def cast(committed_database: DatabaseUrls) -> SimpleNamespace:
    with acting_as(DatabaseRole.ENGINE):
        people = make_cast()
        body = "It says:\n\n```\nwarning: " + "a long line " * 20 + "\n```\n"
        ticket = factories.ticket(people.developer, body=body, severity=Severity.URGENT)
        article = factories.article("token-expired", body=TEXT)
        factories.text(article, body=TEXT)
        factories.sample_file(article)
        factories.sample_file(article, "src/Other.kt")
        factories.error_code(1101, "ERR_TOKEN_EXPIRED", article=article)
        factories.release("5.0.0", ("breaking", "Tokens end."), released_on=dt.date(2020, 1, 1))
        call = Call.objects.create(
            organization=people.star,
            ticket=ticket,
            sid=telephone.sid(),
            caller=telephone.CALLER,
            started_at=ticket.opened_at,
        )
        CallLeg.objects.create(
            organization=people.star,
            call=call,
            person=people.engineer,
            person_name=people.engineer.name,
            person_level="L2",
            outcome="silent",
            dialled_at=ticket.opened_at,
        )
    return people


def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    chromium: Browser, committed_database: DatabaseUrls, cast: SimpleNamespace
) -> None:
    axe, found = Axe(), []
    with processes(committed_database, **telephone.ENVIRONMENT) as run:
        run.start("web")
        for person, paths in ((cast.lead, STAFF), (cast.developer, CUSTOMER)):
            for language, look in LOOKS:
                # Axe is put into the page, which the pages' own policy does not allow.
                context = chromium.new_context(bypass_csp=True, **look)
                spoken = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": run.url}
                context.add_cookies([run.cookie_of(person), spoken])  # type: ignore[list-item]
                page = context.new_page()
                docs = (
                    () if person is cast.lead else (f"/docs/{language[:2]}/{one}" for one in DOCS)
                )
                for path in (*paths, *docs):
                    answer = page.goto(run.url + path)
                    assert (answer.status if answer else 0) == 200, path
                    for problem in axe.run(page).response["violations"]:
                        found.append((path, language, problem["id"], problem["nodes"][0]["html"]))
                    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                        found.append((path, language, "wider than the screen", ""))
                context.close()
        context = chromium.new_context(**NARROW)
        context.add_cookies([run.cookie_of(cast.developer)])  # type: ignore[list-item]
        page = context.new_page()
        for path in DOCS:
            page.goto(f"{run.url}/docs/en/{path}")
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append((path, "en", "wider than a narrow phone", ""))
        context.close()
    assert found == []
