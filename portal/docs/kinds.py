"""How kinds of articles and of changes are shown: an icon and a tone beside the word."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from knowledge.models import ArticleKind, ChangeKind

ICONS: Final[dict[str, str]] = {
    ArticleKind.FAQ: "circle-help",
    ArticleKind.GUIDE: "book-open",
    ArticleKind.SAMPLE: "code",
    ArticleKind.MIGRATION: "refresh-cw",
    ArticleKind.RELEASE_NOTES: "tag",
    ArticleKind.TROUBLESHOOTING: "wrench",
    ArticleKind.KNOWN_ISSUE: "circle-alert",
}
PLURALS: Final[dict[str, object]] = {
    ArticleKind.FAQ: _("FAQs"),
    ArticleKind.GUIDE: _("Guides"),
    ArticleKind.SAMPLE: _("Sample code"),
    ArticleKind.MIGRATION: _("Migration guides"),
    ArticleKind.RELEASE_NOTES: _("Release notes"),
    ArticleKind.TROUBLESHOOTING: _("Troubleshooting"),
    ArticleKind.KNOWN_ISSUE: _("Known issues"),
}
# Badges of changes; only what a reader has to act on has a colour.
TONES: Final[dict[str, str]] = {
    ChangeKind.BREAKING: "badge-urgent",
    ChangeKind.SECURITY: "badge-urgent",
    ChangeKind.DEPRECATION: "badge-important",
    ChangeKind.KNOWN_ISSUE: "badge-important",
    ChangeKind.FEATURE: "badge-accent",
    ChangeKind.FIX: "",
}
