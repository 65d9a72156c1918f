"""Render published articles again, after a release that renders them otherwise."""

from __future__ import annotations

from typing import Any, Final

from django.core.management.base import BaseCommand, CommandParser

from accounts.tenancy import DatabaseRole, acting_as
from knowledge import publishing
from knowledge.models import Translation
from knowledge.rendering import RENDERER

BATCH: Final = 50  # texts in one transaction


class Command(BaseCommand):
    help = "Renders published texts again that an older renderer made; all of them with --all."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="also what is up to date")

    def handle(self, *args: Any, all: bool, **options: Any) -> None:  # noqa: A002  its name outside
        with acting_as(DatabaseRole.ENGINE):
            texts = Translation.objects.published()
            if not all:
                texts = texts.filter(rendered_by__lt=RENDERER)
            waiting = list(texts.order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(waiting), BATCH):
            with acting_as(DatabaseRole.ENGINE):
                batch = Translation.objects.filter(pk__in=waiting[start : start + BATCH])
                for translation in batch.select_related("article"):
                    publishing.rerender(translation=translation)
            done = min(start + BATCH, len(waiting))
            self.stdout.write(f"{done} of {len(waiting)} texts rendered")
        if not waiting:
            self.stdout.write("Every text is up to date.")
