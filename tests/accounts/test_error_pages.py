"""The pages shown when nothing else works must not need what may be broken."""

import pytest
from django.template.loader import get_template


@pytest.mark.parametrize("code", [400, 403, 404, 413, 500, 503])
def test_error_page_renders_without_request_database_or_context(code):
    html = get_template(f"{code}.html").render({})
    assert "<h1>" in html
    assert "None" not in html


def test_too_large_names_the_limit_when_it_is_known():
    assert "at most 20 MB" in get_template("413.html").render({"limit": "20 MB"})
