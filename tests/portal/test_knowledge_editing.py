"""The plain editing of products, releases and error codes says what an empty field means."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast: SimpleNamespace, browser_of: Any) -> Any:
    return browser_of(cast.lead)


def page(client: Any, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return str(response.content.decode())


@pytest.mark.parametrize("table", ["release", "errorcode"])
def test_no_platform_means_all_of_them(cast: SimpleNamespace, desk: Any, table: str) -> None:
    factories.release("5.0.0")
    factories.error_code(1101, "ERR_TOKEN_EXPIRED")
    assert '<option value="" selected>All platforms</option>' in " ".join(
        page(desk, f"/admin/knowledge/{table}/add/").split()
    )
    assert "All platforms" in page(desk, f"/admin/knowledge/{table}/")


def test_the_list_of_error_codes_is_in_the_language_of_the_page(
    cast: SimpleNamespace, desk: Any
) -> None:
    code = factories.error_code(1101, "ERR_TOKEN_EXPIRED")
    code.meaning_zh = "令牌已过期"
    code.save()
    desk.cookies["vigil-language"] = "zh-hans"
    shown = page(desk, "/admin/knowledge/errorcode/")
    assert "令牌已过期" in shown


def test_lines_of_a_release_stand_below_each_other_with_all_their_fields(
    cast: SimpleNamespace, desk: Any
) -> None:
    release = factories.release("5.0.0", ("breaking", "Tokens end."), ("fix", "Sound is back."))
    shown = page(desk, f"/admin/knowledge/release/{release.pk}/change/")
    assert 'data-inline-type="stacked"' in shown
    for name in ("position", "kind", "platforms", "text_en", "text_zh", "article", "fixed_in"):
        assert f'name="changes-1-{name}"' in shown
