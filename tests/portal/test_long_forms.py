"""A release with many lines of notes is saved; other pages take no more fields than before."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest

from knowledge.models import Change
from tests import factories

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"


def fields(cast: SimpleNamespace, lines: int) -> dict[str, Any]:
    sent: dict[str, Any] = {
        "product": cast.product.pk,
        "platform": "",
        "version": "5.0.0",
        "released_on": "2026-06-01",
        "changes-TOTAL_FORMS": lines,
        "changes-INITIAL_FORMS": 0,
    }
    for line in range(lines):
        place = f"changes-{line}-"
        texts = {
            "text_en": f"Line {line} & more",
            "text_zh": f"第 {line} 行",
            "platforms": "Web, iOS",
        }
        more = {"id": "", "release": "", "position": line, "kind": "fix", "article": ""}
        sent |= {f"{place}{name}": value for name, value in (texts | more).items()}
        sent[f"{place}fixed_in"] = ""
    return sent


def test_a_release_with_sixty_changes_is_saved(cast: SimpleNamespace, browser_of: Any) -> None:
    release = factories.release("5.0.0")
    address = f"/admin/knowledge/release/{release.pk}/change/"
    desk = browser_of(cast.engineer)
    answer = desk.post(address, urlencode(fields(cast, 60)), content_type=FORM)
    assert answer.status_code == 302
    made = list(Change.objects.filter(release=release).order_by("position"))
    assert len(made) == 60
    assert (made[59].text_en, made[59].text_zh) == ("Line 59 & more", "第 59 行")
    assert made[59].platforms == ["ios", "web"]


def test_there_is_an_end_to_that_too(cast: SimpleNamespace, browser_of: Any) -> None:
    release = factories.release("5.0.0")
    address = f"/admin/knowledge/release/{release.pk}/change/"
    desk = browser_of(cast.engineer)
    many = urlencode({f"x{number}": "" for number in range(2_001)})
    assert desk.post(address, many, content_type=FORM).status_code == 400
    assert desk.post("/admin/articles/new/", many[:5_000], content_type=FORM).status_code == 400


def test_a_platform_the_release_is_not_for_is_refused_at_its_line(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    release = factories.release("5.0.0", platform="ios")
    address = f"/admin/knowledge/release/{release.pk}/change/"
    sent = fields(cast, 1) | {"platform": "ios", "changes-0-platforms": "fax"}
    for wrong in ("fax", "web", "\0", "x" * 500):
        answer = browser_of(cast.engineer).post(address, sent | {"changes-0-platforms": wrong})
        assert answer.status_code == 200
        assert not Change.objects.exists()
