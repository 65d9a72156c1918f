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
                done = export(options["folder"])
        except OSError as error:
            raise CommandError(f"Cannot write {options['folder']}: {error}") from None
        self.stdout.write(f"{done.pages} pages written to {options['folder']}.")
        for problem in done.refused:
            self.stdout.write(f"  {problem}")
        if done.refused:
            raise CommandError(
                f"{len(done.refused)} not written as they are; the rest is there.", returncode=1
            )
