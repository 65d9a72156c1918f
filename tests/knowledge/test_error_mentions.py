"""Error codes are found in what somebody wrote, and of the platform they wrote about."""

from __future__ import annotations

import pytest

from knowledge.error_mentions import error_codes_in, mentions
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "names", "said", "bare"),
    [
        ("ERR_TOKEN_EXPIRED and errorCode=1102", ("ERR_TOKEN_EXPIRED",), (1102,), ()),
        ("错误码 2003，房间 4303", (), (2003,), (4303,)),
        ("E/IMCore: 1102", (), (1102,), ()),
        ("since 2026, port 443, 10:20:1101, v5.1101", (), (), ()),
    ],
)
def test_a_name_speaks_for_itself_a_number_beside_a_word(
    text: str, names: tuple[str, ...], said: tuple[int, ...], bare: tuple[int, ...]
) -> None:
    found = mentions(text)
    assert (found.names, found.said, found.bare) == (names, said, bare)


def test_a_number_alone_counts_only_of_a_known_product() -> None:
    code = factories.error_code(4303)
    factories.error_code(4303, of="rtc")
    assert error_codes_in("what is 4303", product=None) == []
    assert error_codes_in("what is 4303", product=code.product) == [code]
    assert len(error_codes_in("error 4303", product=None)) == 2


def test_of_another_platform_it_means_something_else() -> None:
    anywhere = factories.error_code(4303)
    web = factories.error_code(4303, platform="web")
    factories.error_code(4303, platform="ios")
    found = error_codes_in("error 4303", product=anywhere.product, platform="web")
    assert set(found) == {anywhere, web}
    assert len(error_codes_in("error 4303", product=anywhere.product)) == 3
