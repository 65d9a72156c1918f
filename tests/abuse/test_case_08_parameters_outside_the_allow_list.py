"""Case 8: filters, orderings and expansions nobody offered are refused, not obeyed."""

from types import SimpleNamespace

import pytest

from tests import factories
from tests.api.conftest import Caller


@pytest.mark.parametrize(
    "query",
    [
        "organization__name=BrightClass",
        "filter=organization__name",
        "ordering=organization__name",
        "ordering=reporter__password",
        "ordering=secret",
        "ordering=?",
        "ordering=-number,organization__name",
        "expand=organization",
        "fields=reporter__email",
        "reporter__email__startswith=o",
        "state__in=new,open",
        "format=csv",
    ],
)
def test_case_08(api: Caller, cast: SimpleNamespace, query: str) -> None:
    factories.ticket(cast.stranger)
    response = api.get(f"/api/v1/tickets/?{query}")
    assert response.status_code == 400
    assert list(response.json()["errors"]) == [query.split("=")[0]]
