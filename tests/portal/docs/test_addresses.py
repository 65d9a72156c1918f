"""Addresses written into texts are those the portal serves."""

from __future__ import annotations

from django.urls import reverse

from knowledge.addresses import article_path, file_path


def test_paths_of_articles_and_files_are_served() -> None:
    assert article_path("about", "zh") == reverse("docs:article", args=["zh", "about"])
    assert article_path("about", "en", "续期") == "/docs/en/a/about/#%E7%BB%AD%E6%9C%9F"
    path = "images/图 1?.png"
    assert file_path("about", path) == reverse("docs:file", args=["about", path])
