"""Who reads which article: by the database alone, whatever a view forgets to filter."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError

from accounts.models import Organization
from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import Viewer
from knowledge.models import Article, ArticleFile, Revision, Translation
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def premium(db: None) -> Organization:
    return factories.organization("Premium", key="PREM", plan="premium")


@pytest.fixture
def trial(db: None) -> Organization:
    return factories.organization("Trial", key="TRY", plan="trial")


@pytest.fixture(autouse=True)
def articles(premium: Organization) -> None:
    factories.article("everyone")
    factories.article("all-customers", audience="customers")
    factories.article("by-plan", audience="plan", plans=["premium", "enterprise"])
    factories.article("by-name", audience="organizations", organizations=[premium])
    factories.article("staff-only", audience="internal")
    factories.article("draft", is_published=False)
    for made in Article.objects.all():
        ArticleFile.objects.create(
            article=made, path="a.txt", kind="sample", content=b"x", size=1, digest="0" * 64
        )


def seen(*organizations: Organization) -> set[str]:
    """By the wall; what the application's own filter lets through must be the same."""
    pks = [row.pk for row in organizations]
    viewer = Viewer(user=None, roles=dict.fromkeys(pks, "developer"))
    with acting_as(DatabaseRole.CUSTOMER, organizations=pks):
        by_wall = set(Article.objects.values_list("key", flat=True))
        texts = set(Translation.objects.values_list("article__key", flat=True))
        files = set(ArticleFile.objects.values_list("article__key", flat=True))
        assert texts == files == by_wall
    with acting_as(DatabaseRole.STAFF):
        assert set(Article.objects.visible_to(viewer).values_list("key", flat=True)) == by_wall
        mine = Translation.objects.visible_to(viewer)
        assert set(mine.values_list("article__key", flat=True)) == by_wall
    return by_wall


def test_visitors_see_what_is_for_everyone() -> None:
    assert seen() == {"everyone"}


def test_a_customer_sees_what_is_for_all_customers(trial: Organization) -> None:
    assert seen(trial) == {"everyone", "all-customers"}


def test_plans_and_names_open_more(premium: Organization) -> None:
    assert seen(premium) == {"everyone", "all-customers", "by-plan", "by-name"}


def test_a_new_revision_is_not_read_before_it_is_published(trial: Organization) -> None:
    article = Article.objects.get(key="everyone")
    factories.text(
        article, language=article.translations.get().language, body="CANARY", is_published=False
    )
    with acting_as(DatabaseRole.CUSTOMER, organizations=[trial.pk]):
        assert not Translation.objects.filter(body__contains="CANARY").exists()


def test_customers_read_no_revisions(trial: Organization) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        acting_as(DatabaseRole.CUSTOMER, organizations=[trial.pk]),
    ):
        Revision.objects.count()
