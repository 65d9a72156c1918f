"""Addresses of the knowledge base. Those of articles and files stand in `knowledge.addresses`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from portal.docs import (
    reading_article,
    reading_errors,
    reading_feedback,
    reading_feeds,
    reading_files,
    reading_home,
    reading_lists,
    reading_releases,
    reading_sitemap,
)

app_name = "docs"
in_language: list[URLPattern | URLResolver] = [
    path("", reading_home.home, name="home"),
    path("a/<slug:key>/", reading_article.article, name="article"),
    path("a/<slug:key>/feedback/", reading_feedback.give, name="feedback"),
    path("a/<slug:key>/feedback/given/", reading_feedback.given, name="feedback_given"),
    path("articles/", reading_lists.articles, name="articles"),
    path("products/<slug:product>/", reading_lists.of_product, name="of_product"),
    path("kinds/<slug:kind>/", reading_lists.of_kind, name="of_kind"),
    path("categories/<slug:category>/", reading_lists.of_category, name="of_category"),
    path("releases/", reading_releases.products, name="all_releases"),
    path("releases/<slug:product>/", reading_releases.releases, name="releases"),
    path("releases/<slug:product>.atom", reading_feeds.releases, name="releases_feed"),
    path("errors/", reading_errors.products, name="errors"),
    path("errors/<slug:product>/", reading_errors.of_product, name="error_codes"),
    path("errors/<slug:product>/<path:code>/", reading_errors.code, name="error_code"),
    path("", include("portal.docs.use_urls")),
]
urlpatterns = [
    path("", reading_home.front, name="front"),
    path("sitemap.xml", reading_sitemap.sitemap, name="sitemap"),
    path("files/<slug:key>.zip", reading_files.sample_zip, name="sample_zip"),
    path("files/<slug:key>/<path:path>", reading_files.file, name="file"),
    path("<docs_language:language>/", include(in_language)),
]
