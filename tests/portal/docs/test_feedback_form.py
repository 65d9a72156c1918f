""" "Did this help?" in the browser."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache

from knowledge.models import ArticleFeedback
from tests import factories
from tests.cast import LoginClient

pytestmark = pytest.mark.django_db
PATH = "/docs/en/a/about/feedback/"


@pytest.fixture(autouse=True)
def _article(db: None) -> None:
    cache.clear()
    factories.text(factories.article("about"))


def test_a_visitor_answers_once_with_words(client: Any) -> None:
    for words in ("Thanks!", "Again"):
        response = client.post(PATH, {"helped": "yes", "words": words})
        assert response["Location"] == "/docs/en/a/about/feedback/given/"
    row = ArticleFeedback.objects.get()
    assert (row.helped, row.words, row.organization) == (True, "Thanks!", None)
    assert row.translation.language == "en"
    cookie = client.cookies["vigil-reader"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert "Thank you" in client.get(response["Location"]).content.decode()


def test_the_other_language_is_another_text(client: Any) -> None:
    client.post(PATH, {"helped": "yes"})
    client.post(PATH.replace("/en/", "/zh/"), {"helped": "no"})
    assert ArticleFeedback.objects.count() == 2


def test_a_member_answers_for_their_organization(cast: SimpleNamespace, browser_of: Any) -> None:
    member = browser_of(cast.owner)
    member.post(PATH, {"helped": "no", "words": "What about iOS?"})
    assert ArticleFeedback.objects.get().organization == cast.star
    assert "vigil-reader" not in member.cookies


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_pages_of_others_cannot_answer_for_a_reader(client: Any, headers: dict[str, str]) -> None:
    assert client.post(PATH, {"helped": "yes"}, headers=headers).status_code == 403
    assert not ArticleFeedback.objects.exists()


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://testserver"}, {}]
)
def test_our_own_form_works_without_a_token(headers: dict[str, str]) -> None:
    strict = LoginClient(enforce_csrf_checks=True)
    assert strict.post(PATH, {"helped": "yes"}, headers=headers).status_code == 302


def test_one_machine_answers_twenty_times_an_hour() -> None:
    answers = [LoginClient().post(PATH, {"helped": "yes"}) for _number in range(21)]
    assert [answer.status_code for answer in answers] == [302] * 20 + [429]
    assert "not recorded" in answers[-1].content.decode()
    assert ArticleFeedback.objects.count() == 20


def test_loading_the_answers_address_again_leads_back(client: Any) -> None:
    assert client.get(PATH)["Location"] == "/docs/en/a/about/"


def test_what_was_wrong_is_said_and_the_words_stay(client: Any) -> None:
    response = client.post(PATH, {"words": "Kept."})
    assert response.status_code == 422
    assert "Say yes or no." in response.content.decode()
    assert "Kept." in response.content.decode()
