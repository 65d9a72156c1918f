"""A service that places texts by meaning: used where it is set up, missed where it is away."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from knowledge.models import SearchEmbedding
from knowledge.search import embeddings
from tests import factories
from tests.knowledge.search.scene import index_all, keys

pytestmark = pytest.mark.django_db

TOPICS = {"animal": ["elephant", "giraffe", "trunk"], "vehicle": ["lorry", "truck"]}


@dataclass
class Service:
    """Speaks the embeddings interface on 127.0.0.1; `mood` is what it answers with."""

    url: str = ""
    mood: str = "well"
    asked: list[Any] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)


def place(text: str) -> list[float]:
    """By topic, so that `trunk` lies by the elephant although no page says it."""
    return [float(any(word in text.lower() for word in words)) for words in TOPICS.values()] + [0.1]


@pytest.fixture
def service(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    made = Service()

    class Call(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802  named by the base class
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            made.asked.append(asked)
            made.keys.append(self.headers["Authorization"])
            if made.mood == "slow":
                time.sleep(0.3)
            rows = [
                {"index": number, "embedding": place(text)}
                for number, text in enumerate(asked["input"])
            ]
            body = (
                b"<html>" if made.mood == "nonsense" else json.dumps({"data": rows[::-1]}).encode()
            )
            self.send_response(500 if made.mood == "broken" else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    monkeypatch.setattr(embeddings, "_health", embeddings._Health())
    with ThreadingHTTPServer(("127.0.0.1", 0), Call) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        made.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        settings.EMBEDDING_URL, settings.EMBEDDING_MODEL = made.url, "small"
        settings.EMBEDDING_KEY = "sesame"
        yield made
        server.shutdown()
        thread.join()


@pytest.fixture
def texts(db: None) -> None:
    factories.article("elephants", title="Elephants", body="The elephant is large.")
    factories.article("lorries", title="Lorries", body="A lorry carries goods.")
    index_all()


def test_what_only_the_service_understands_is_found(texts: None, service: Service) -> None:
    assert keys("trunk") == []
    assert embeddings.catch_up() == 2
    assert embeddings.catch_up() == 0
    assert keys("trunk") == ["elephants"]
    assert service.keys[0] == "Bearer sesame"
    assert service.asked[0]["model"] == "small"


def test_another_model_places_anew(texts: None, service: Service, settings: Any) -> None:
    embeddings.catch_up()
    settings.EMBEDDING_MODEL = "large"
    assert keys("trunk") == []
    assert embeddings.catch_up() == 2
    assert set(SearchEmbedding.objects.values_list("model", flat=True)) == {"large"}
    assert keys("trunk") == ["elephants"]


@pytest.mark.parametrize("mood", ["broken", "nonsense", "slow"])
def test_when_it_fails_the_search_answers_without_it(
    texts: None, service: Service, mood: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    embeddings.catch_up()
    monkeypatch.setattr(embeddings, "ASKED_SECONDS", 0.1)
    service.mood = mood
    assert keys("elephant") == ["elephants"]
    asked = len(service.asked)
    assert keys("elephant") == ["elephants"]
    assert len(service.asked) == asked  # not asked again for a while
    if mood != "slow":
        SearchEmbedding.objects.all().delete()
        assert embeddings.catch_up() == 0


def test_nobody_is_asked_when_it_is_off(texts: None, service: Service, settings: Any) -> None:
    settings.EMBEDDING_URL = ""
    assert embeddings.catch_up() == 0
    assert keys("elephant") == ["elephants"]
    assert service.asked == []
