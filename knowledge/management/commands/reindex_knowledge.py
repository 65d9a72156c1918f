"""`manage.py reindex_knowledge`: make the search index anew, and learn from all texts."""

from __future__ import annotations

import os
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from knowledge.search import learning

NICENESS: Final = 10  # those who ask go before


class Command(BaseCommand):
    help = "Take every published text into the search index anew, and learn from all of them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--learn-only", action="store_true", help="leave the index as it is")
        parser.add_argument("--quiet", action="store_true", help="no progress bar")

    def handle(self, *args: Any, **options: Any) -> None:
        os.nice(NICENESS)
        step: dict[str, int] = {}
        with tqdm(unit="text", disable=options["quiet"] or None) as bar:

            def progress(what: str, done: int, total: int) -> None:
                if what not in step:
                    bar.reset(total)
                    bar.set_description(what)
                bar.update(done - step.get(what, 0))
                step[what] = done

            if options["learn_only"]:
                learning.learn(progress=progress)
            else:
                learning.reindex_all(progress=progress)
        if not options["quiet"]:
            self.stdout.write(f"Words learnt: {step.get('written', 0)}.")
