"""Who is qualified for what, as a table; and what is stored says the same."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import StaffProfile
from tests import factories
from tickets.models import Skill
from tickets.oncall.qualification import LEVELS, Lack, Need, Skills, lacks, qualifies
from tickets.oncall.skills import need_of, skills_of

ANY = frozenset[str]()
MIN = Skills({"im": ANY, "rtc": frozenset({"ios"})}, frozenset({"zh", "en"}), "L2")


@pytest.mark.parametrize(
    ("need", "missing"),
    [
        (Need(), []),
        (Need(product="im"), []),
        (Need(product="push"), [Lack.PRODUCT]),
        (Need(product="im", platform="android"), []),
        (Need(product="rtc", platform="ios"), []),
        (Need(product="rtc", platform="android"), [Lack.PLATFORM]),
        (Need(product="push", platform="android"), [Lack.PRODUCT]),
        (Need(platform="android"), []),
        (Need(language="en"), []),
        (Need(language="zh-hans"), []),
        (Need(language="pt"), [Lack.LANGUAGE]),
        (Need(level="L1"), []),
        (Need(level="L2"), []),
        (Need(level="L3"), [Lack.LEVEL]),
        (Need(level="lead"), [Lack.LEVEL]),
        (Need("push", "", "pt", "lead"), [Lack.PRODUCT, Lack.LANGUAGE, Lack.LEVEL]),
    ],
)
def test_a_need_is_met_or_says_what_is_missing(need: Need, missing: list[Lack]) -> None:
    assert lacks(MIN, need) == missing
    assert qualifies(MIN, need) == (not missing)


def test_each_level_can_do_what_those_before_it_can() -> None:
    for has in LEVELS:
        able = [want for want in LEVELS if qualifies(Skills(level=has), Need(level=want))]
        assert able == list(LEVELS[: LEVELS.index(has) + 1])


def test_somebody_without_a_profile_meets_only_the_need_of_nothing() -> None:
    assert qualifies(Skills(), Need())
    assert lacks(Skills(), Need("im", "ios", "en", "L1")) == [
        Lack.PRODUCT,
        Lack.LANGUAGE,
        Lack.LEVEL,
    ]


def test_a_platform_alone_is_known_through_any_product() -> None:
    only = Skills({"rtc": frozenset({"ios"})})
    assert qualifies(only, Need(platform="ios"))
    assert not qualifies(only, Need(platform="web"))


def test_a_level_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="L9"):
        Need(level="L9")


def test_a_ticket_asks_for_its_product_platform_and_language(cast: SimpleNamespace) -> None:
    cast.developer.language = "zh-hans"
    ticket = factories.ticket(cast.developer, product=cast.product, platform="ios")
    assert need_of(ticket, level="L2") == Need("im", "ios", "zh", "L2")
    assert need_of(factories.ticket(cast.owner)) == Need(language="en")


def test_skills_come_from_rows_and_profile_in_two_queries(cast: SimpleNamespace) -> None:
    rtc = factories.product("rtc")
    Skill.objects.create(user=cast.engineer, product=rtc, platforms=["ios"])
    with CaptureQueriesContext(connection) as queries:
        found = skills_of([cast.engineer, cast.second, cast.lead.pk, cast.developer])
    assert len(queries) == 2
    assert found[cast.engineer.pk] == MIN
    assert found[cast.lead.pk].level == "lead"
    assert found[cast.developer.pk] == Skills()


def test_the_profile_lists_the_products_of_the_skills(cast: SimpleNamespace) -> None:
    def listed() -> Any:
        return StaffProfile.objects.get(user=cast.engineer).products

    assert listed() == ["im"]
    skill = Skill.objects.create(user=cast.engineer, product=factories.product("rtc"))
    assert listed() == ["im", "rtc"]
    skill.product = factories.product("push")
    skill.save()
    assert listed() == ["im", "push"]
    Skill.objects.filter(user=cast.engineer).delete()
    assert listed() == []
