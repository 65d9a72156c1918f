"""`manage.py export_articles DIR`: all articles as files that `import_articles` reads again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.tenancy import DatabaseRole, acting_as
from knowledge.docs_tree.exporting import export


class Command(BaseCommand):
    help = "Write articles, sample code, releases and error codes as a tree of files."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with acting_as(DatabaseRole.ENGINE):
                pages = export(options["folder"])
        except OSError as error:
            raise CommandError(f"Cannot write {options['folder']}: {error}") from None
        self.stdout.write(f"{pages} pages written to {options['folder']}.")
