"""`manage.py import_articles DIR|FILE.jsonl`: articles from files. A second run changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from accounts.viewer import SYSTEM
from knowledge.docs_tree import reading
from knowledge.docs_tree.importing import import_tree

SHOWN = 200  # problems printed; the rest is counted


class Command(BaseCommand):
    help = "Take in articles: a folder of Markdown with front matter, or a file of JSON lines."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")
        parser.add_argument("--quiet", action="store_true", help="no progress bar")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            tree = reading.read(options["path"])
        except OSError as error:
            raise CommandError(f"Cannot read {options['path']}: {error}") from None
        with tqdm(total=2 * len(tree.pages), unit="step", disable=options["quiet"] or None) as bar:
            report, rows = import_tree(
                tree, by=SYSTEM, progress=bar.update, is_dry_run=options["dry_run"]
            )
        self.stdout.write(
            f"Articles: {report.created} new, {report.changed} changed. "
            f"Texts: {report.texts} saved, {report.unchanged} unchanged. "
            + "".join(f"{what.capitalize()}: {count} changed. " for what, count in rows.items())
        )
        self._list("Skipped", report.skipped)
        self._list("Leads nowhere", report.broken)
        if options["dry_run"]:
            self.stdout.write("That was a dry run: nothing was changed.")
        if report.skipped:
            raise CommandError(f"{len(report.skipped)} skipped; the rest is in.", returncode=1)

    def _list(self, title: str, problems: list[Any]) -> None:
        if not problems:
            return
        self.stdout.write(f"{title} ({len(problems)}):")
        for problem in problems[:SHOWN]:
            self.stdout.write(f"  {problem}")
        if len(problems) > SHOWN:
            self.stdout.write(f"  … and {len(problems) - SHOWN} more")
