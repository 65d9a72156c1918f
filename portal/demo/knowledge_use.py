"""What people did with the knowledge base: wrote, linked, searched, began an upgrade.

Through the same verbs as everywhere. Days are counted back from now.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from accounts.models import Organization, User
from accounts.viewer import SYSTEM, Viewer
from knowledge import checklists, publishing, search_log, versions, writing
from knowledge.languages import Language
from knowledge.models import Article, Product, Revision, Translation
from knowledge.upgrade_reading import ReadPath, read_path
from portal.demo.people import read
from tickets import deflections, ticket_articles
from tickets.models import Ticket

Row = dict[str, Any]


class KnowledgeUse:
    def __init__(
        self,
        organizations: Mapping[str, Organization],
        staff: Mapping[str, User],
        products: Mapping[str, Product],
        now: dt.datetime,
    ) -> None:
        self.organizations = {one.key: one for one in organizations.values()}
        self.staff, self.products, self.now = staff, products, now

    def play(self) -> None:
        known: Any = read("knowledge_use.json")
        for row in known["new"]:
            self._write(row)
        for row in known["revised"]:
            self._revise(row)
        for row in known["linked"]:
            self._link(row)
        for row in known["answered"]:
            self._answer(row)
        for row in known["searches"]:
            self._search(row)
        self._upgrade(known["upgrade"])

    def _ago(self, row: Row) -> dt.datetime:
        return self.now - dt.timedelta(days=row["days_ago"])

    def _write(self, row: Row) -> None:
        by, at = Viewer.of(self.staff[row["owner"]]), self._ago(row)
        article = writing.create_article(
            by=by,
            now=at,
            key=row["key"],
            kind=row["kind"],
            product=self.products[row["product"]],
            owner=by.user,
        )
        for language in Language:
            if language in row:
                revision = writing.save_revision(
                    article=article, language=language, by=by, now=at, **row[language]
                )
                self._take_on(revision.translation, row, by=by)

    def _revise(self, row: Row) -> None:
        """What is added makes the other language's text the older one."""
        by = Viewer.of(self.staff[row["owner"]])
        text = Translation.objects.select_related("article").get(
            article__key=row["key"], language=row["language"]
        )
        newest = Revision.objects.get(translation=text, number=text.latest_revision)
        writing.save_revision(
            article=text.article,
            language=Language(row["language"]),
            by=by,
            now=self._ago(row),
            title=newest.title,
            summary=newest.summary,
            body=newest.body + row["add"],
            note=row["note"],
        )
        self._take_on(text, row, by=by)

    def _take_on(self, text: Translation, row: Row, *, by: Viewer) -> None:
        if row.get("step") == "review":
            publishing.submit(translation=text, by=by, now=self._ago(row))
        elif row.get("step") == "published":
            publishing.publish(translation=text, by=SYSTEM, now=self._ago(row))

    def _link(self, row: Row) -> None:
        ticket = Ticket.objects.get(
            organization=self.organizations[row["customer"]], number=row["number"]
        )
        ticket_articles.link(
            ticket=ticket,
            article=Article.objects.get(key=row["article"]),
            by=Viewer.of(self.staff[row["by"]]),
            now=ticket.resolved_at or self.now,
        )

    def _answer(self, row: Row) -> None:
        deflections.answered(
            organization=self.organizations[row["customer"]],
            article=Article.objects.get(key=row["article"]),
            by=Viewer.of(User.objects.get(email=row["person"])),
            now=self._ago(row),
            key=uuid.uuid4(),
            subject=row["subject"],
        )

    def _search(self, row: Row) -> None:
        for time in range(row["times"]):
            search_log.note(
                text=row["text"],
                language=Language(row["language"]),
                hits=row["hits"],
                organization=self.organizations.get(row.get("customer", "")),
                product=row.get("product", ""),
                now=self.now - dt.timedelta(days=3 * time, hours=5),
            )

    def _upgrade(self, row: Row) -> None:
        """Begun by one, ticked off by several, not done yet."""
        product, by = self.products[row["product"]], User.objects.get(email=row["by"])
        first, last = versions.parse(row["from"]), versions.parse(row["to"])
        found = read_path(
            product=product,
            platform=row["platform"],
            first=first,
            last=last,
            viewer=Viewer.of(by),
            language=Language.EN,
            on=self.now.date(),
        )
        if not isinstance(found, ReadPath):
            raise ValueError(found)
        items = [item.key for item in found.items]
        kept = checklists.keep(
            organization=self.organizations[row["customer"]],
            by=Viewer.of(by),
            now=self._ago(row),
            product=product,
            platform=row["platform"],
            first=first,
            last=last,
            items=items,
        )
        for day, (item, email) in enumerate(zip(items, row["done"], strict=False), start=1):
            checklists.tick(
                checklist=kept,
                item=item,
                items=items,
                by=Viewer.of(User.objects.get(email=email)),
                now=self._ago(row) + dt.timedelta(days=day),
            )
