"""Articles of tickets, and tickets that an article made needless.

Deploy: before. New tables only.
"""

import uuid
from typing import Final

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.rowsecurity import MINE, same_organization, tenant_table

# Not even that an article is linked, unless they may read it: the inner select has its own wall.
READABLE: Final = f"{MINE} and article_id in (select id from knowledge_article)"  # noqa: S608
OWN: Final = f"{MINE} and user_id = (select vigil_user())"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_widget"),
        ("knowledge", "0007_upgrades"),
        ("tickets", "0026_submissions_of_chats"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Deflection",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deflections",
                        to="knowledge.article",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="knowledge.product",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-at"],
                "indexes": [models.Index(fields=["article", "at"], name="deflection_of_article")],
            },
        ),
        migrations.CreateModel(
            name="TicketArticle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("reply", "in a reply"),
                            ("from-here", "the ticket was opened from it"),
                            ("hand", "by hand"),
                        ],
                        max_length=9,
                    ),
                ),
                ("by_name", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ticket_links",
                        to="knowledge.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tickets.entry",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="article_links",
                        to="tickets.ticket",
                        verbose_name="ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["ticket", "at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("ticket", "article"), name="link_an_article_once"
                    )
                ],
            },
        ),
        tenant_table("tickets_ticketarticle", customer="select, insert", customer_rows=READABLE),
        same_organization("tickets_ticketarticle", "ticket_id", "tickets_ticket"),
        same_organization("tickets_ticketarticle", "entry_id", "tickets_entry"),
        tenant_table(
            "tickets_deflection",
            customer="select, insert, update",
            customer_rows=OWN,
            staff="select",
        ),
        same_organization("tickets_deflection", "ticket_id", "tickets_ticket"),
    ]
