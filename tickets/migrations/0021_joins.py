"""Tickets that are part of another one; messages remember the ticket they were written in.

Deploy: before. A new table, and a nullable column.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.rowsecurity import MINE, same_organization, tenant_table

CUSTOMER_ROWS = f"{MINE} and not declined"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_quarantine_index"),
        ("tickets", "0020_chats"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="origin",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tickets.ticket",
            ),
        ),
        migrations.AlterField(
            model_name="ticket",
            name="state",
            field=models.CharField(
                choices=[
                    ("new", "New"),
                    ("open", "Open"),
                    ("waiting", "Waiting for customer"),
                    ("resolved", "Resolved"),
                    ("closed", "Closed"),
                    ("joined", "Part of another"),
                ],
                default="new",
                max_length=8,
                verbose_name="state",
            ),
        ),
        migrations.CreateModel(
            name="Join",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("declined", models.BooleanField(default=False)),
                ("by_name", models.CharField(max_length=80)),
                ("at", models.DateTimeField(verbose_name="joined")),
                ("state_before", models.CharField(blank=True, max_length=8)),
                ("open_before", models.JSONField(default=dict)),
                ("ended_by_name", models.CharField(blank=True, max_length=80)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "joined",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="joined_by",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "kept",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="joins",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="accounts.organization"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["kept"], name="join_kept")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kept", models.F("joined")), _negated=True),
                        name="joined_to_another",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("declined", False), ("ended_at", None)),
                        fields=("joined",),
                        name="joined_to_one_at_a_time",
                    ),
                ],
            },
        ),
        tenant_table("tickets_join", customer="select", customer_rows=CUSTOMER_ROWS),
        same_organization("tickets_join", "kept_id", "tickets_ticket"),
        same_organization("tickets_join", "joined_id", "tickets_ticket"),
        same_organization("tickets_entry", "origin_id", "tickets_ticket"),
        # Where a message stands may change, what it says may not.
        migrations.RunSQL(
            "grant update (ticket_id, origin_id) on tickets_entry to vigil_staff, vigil_engine",
            "revoke update (ticket_id, origin_id) on tickets_entry from vigil_staff, vigil_engine",
        ),
    ]
