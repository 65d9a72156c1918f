"""How long 3,000 pages of documentation take to come in, and a second time, when nothing changed.

    .venv/bin/python -m bench.articles_import [pages]

On a database of its own, through the same code as `manage.py import_articles`. The floor is
one bare insert of each text. Pages have some 6 kB: headings, a table, a
list, links to each other, and code in two languages.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

from django.db import connection, transaction

from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import SYSTEM
from bench.harness import Verdict, django_on
from knowledge.docs_tree import reading
from knowledge.docs_tree.importing import import_tree
from knowledge.models import Article
from tests.database import test_server

PAGES = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
GOAL_SECONDS = 120
WORDS = (
    "token message group client server send receive retry offline push callback signature".split()
)


def write_tree(root: Path) -> None:
    chance = random.Random(7)
    for number in range(PAGES // 2):
        for language in ("en", "zh"):
            path = root / language / f"part-{number % 20}" / f"page-{number}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(page(number, chance), encoding="utf-8")


def page(number: int, chance: random.Random) -> str:
    def words(count: int) -> str:
        return " ".join(chance.choices(WORDS, k=count))

    other = (number + 20) % (PAGES // 2)
    parts = [f"---\ntitle: {words(5)} {number}\nkind: guide\n---\n"]
    for section in range(5):
        parts.append(f"## {words(3)} {section}\n\n{words(90)} [{words(2)}](page-{other}.md).\n")
        parts.append(f"\n- {words(8)}\n- {words(8)}\n\n|a|b|\n|-|-|\n|{words(2)}|`{words(1)}`|\n")
    parts.append('\n```kotlin\nval client = Client(token)\nclient.send("hello")\n```\n')
    parts.append("\n```python\nfor message in client.history():\n    print(message)\n```\n")
    return "\n".join(parts)


def floor(tree: reading.Tree) -> float:
    """The same texts into one table, as files of some article; taken back."""
    article = Article.objects.first()
    began = time.perf_counter()
    with connection.cursor() as cursor:
        for number, page in enumerate(tree.pages):
            cursor.execute(
                "insert into knowledge_articlefile (article_id, path, kind, content_type, content,"
                " size, digest, position) values (%s, %s, 'sample', 'text/plain', %s, 0, '', 0)",
                [article.pk if article else None, str(number), page.body.encode()],
            )
    seconds = time.perf_counter() - began
    transaction.set_rollback(True)
    return seconds


def main() -> None:
    verdict = Verdict()
    with (
        tempfile.TemporaryDirectory() as folder,
        test_server() as server,
        server.fresh("import") as urls,
        django_on(urls),
    ):
        root = Path(folder)
        write_tree(root)
        began = time.perf_counter()
        tree = reading.read(root)
        read = time.perf_counter() - began
        began = time.perf_counter()
        first, _rows = import_tree(tree, by=SYSTEM)
        seconds = time.perf_counter() - began + read
        began = time.perf_counter()
        again, _rows = import_tree(reading.read(root), by=SYSTEM)
        second = time.perf_counter() - began
        with acting_as(DatabaseRole.ENGINE):
            bare = floor(tree)
    print(f"{len(tree.pages)} pages: {seconds:.1f} s, of which reading the files {read:.1f} s")
    print(f"bare inserts {bare:.2f} s: ratio {seconds / bare:.0f}; a second run {second:.1f} s")
    verdict.expect(first.texts == len(tree.pages), f"saved {first.texts}")
    verdict.expect(again.unchanged == len(tree.pages), f"unchanged again {again.unchanged}")
    verdict.expect(seconds < GOAL_SECONDS * PAGES / 3000, f"less than {GOAL_SECONDS} s for 3,000")
    verdict.end()


if __name__ == "__main__":
    main()
