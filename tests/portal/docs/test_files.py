"""Files of articles: images, sample code, and the zip of it."""

from __future__ import annotations

import io
import zipfile
from types import SimpleNamespace
from typing import Any

import pytest

from knowledge.models import Article, ArticleFile
from tests import factories

pytestmark = pytest.mark.django_db


def image(article: Article, path: str, content_type: str, content: bytes = b"GIF89a") -> None:
    ArticleFile.objects.create(
        article=article,
        path=path,
        kind="image",
        content_type=content_type,
        content=content,
        size=len(content),
        digest="ab" * 32,
    )


def test_images_are_shown_and_kept(client: Any) -> None:
    image(factories.article("about"), "images/图 1.gif", "image/gif")
    response = client.get("/docs/files/about/images/%E5%9B%BE%201.gif")
    assert response["Content-Type"] == "image/gif"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"].startswith("public")
    assert "Content-Disposition" not in response
    again = client.get(
        "/docs/files/about/images/%E5%9B%BE%201.gif", headers={"If-None-Match": response["ETag"]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize("content_type", ["image/svg+xml", "text/html", "application/pdf"])
def test_what_could_run_is_a_download_in_a_sandbox(client: Any, content_type: str) -> None:
    image(factories.article("about"), "a.svg", content_type, b"<svg onload=alert(1)>")
    response = client.get("/docs/files/about/a.svg")
    assert response["Content-Disposition"] == 'attachment; filename="a.svg"'
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Content-Type"] in ("image/svg+xml", "application/octet-stream")


def test_sample_code_is_plain_text_whatever_it_says(client: Any) -> None:
    factories.sample_file(factories.article("about"), "web/index.html", "<script>x</script>")
    response = client.get("/docs/files/about/web/index.html")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="index.html"'


def test_the_zip_has_every_file_in_one_folder_and_none_outside(client: Any) -> None:
    article = factories.article("about")
    for path in ("src/Main.kt", "README.md", "../../evil", "/etc/evil"):
        factories.sample_file(article, path)
    first, again = (client.get("/docs/files/about.zip") for _ in range(2))
    names = zipfile.ZipFile(io.BytesIO(first.content)).namelist()
    assert sorted(names) == ["about/README.md", "about/src/Main.kt"]
    assert first.content == again.content
    assert first["Content-Disposition"] == 'attachment; filename="about.zip"'


def test_files_of_what_may_not_be_read_are_not_found(
    cast: SimpleNamespace, browser_of: Any, client: Any
) -> None:
    factories.sample_file(factories.article("own", audience="plan", plans=["premium"]))
    for path in ("/docs/files/own/src/Main.kt", "/docs/files/own.zip"):
        assert browser_of(cast.owner).get(path).status_code == 200
        for reader in (client, browser_of(cast.stranger), browser_of(cast.engineer)):
            assert reader.get(path).status_code == 404
    assert browser_of(cast.owner).get("/docs/files/own.zip")["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    "path", ["none.kt", "../../../etc/passwd", "src%2F..%2F..%2Fx", "a%00b", "x" * 3000]
)
def test_wrong_paths_are_not_found(client: Any, path: str) -> None:
    factories.sample_file(factories.article("about"))
    assert client.get(f"/docs/files/about/{path}").status_code == 404


def test_an_article_without_sample_code_has_no_zip(client: Any) -> None:
    factories.article("about")
    assert client.get("/docs/files/about.zip").status_code == 404
