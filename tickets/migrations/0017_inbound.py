"""What comes in from outside, as received; what a mail holds beside what was newly written.

Deploy: before. A new table, and a column with a default.
"""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from accounts.rowsecurity import same_organization, tenant_table


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_quarantine_index"),
        ("tickets", "0016_ladders_alone"),
    ]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="folded",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AlterField(
            model_name="ticket",
            name="channel",
            field=models.CharField(
                choices=[
                    ("portal", "portal"),
                    ("break-glass", "“Production is down”"),
                    ("api", "API"),
                    ("email", "e-mail"),
                    ("chat", "chat"),
                    ("phone", "phone"),
                ],
                default="portal",
                max_length=11,
                verbose_name="came in by",
            ),
        ),
        migrations.CreateModel(
            name="Inbound",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("email", "e-mail"), ("phone", "phone")], max_length=5
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="came in by")),
                ("key", models.CharField(max_length=120, unique=True)),
                ("raw", models.BinaryField()),
                ("envelope", models.JSONField(default=dict)),
                ("message_id", models.CharField(blank=True, max_length=250)),
                ("is_urgent", models.BooleanField(default=False)),
                ("received_at", models.DateTimeField(verbose_name="received")),
                ("claimable_at", models.DateTimeField()),
                ("lease_token", models.UUIDField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("last_error", models.TextField(blank=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "not yet looked at"),
                            ("opened", "opened a ticket"),
                            ("replied", "replied to a ticket"),
                            ("enquiry", "an enquiry"),
                            ("bounce", "a bounce"),
                            ("automatic", "an automatic reply"),
                            ("report", "a report"),
                            ("duplicate", "came twice"),
                            ("quarantined", "in quarantine"),
                            ("discarded", "set aside by a person"),
                        ],
                        default="",
                        max_length=11,
                        verbose_name="what it became",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=40, verbose_name="reason")),
                ("data", models.JSONField(default=dict)),
                ("handled_at", models.DateTimeField(null=True)),
                (
                    "entry",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="tickets.entry",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="accounts.organization",
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
            ],
            options={
                "verbose_name": "incoming message",
                "verbose_name_plural": "incoming messages",
                "ordering": ["-received_at"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("handled_at", None)),
                        fields=["-is_urgent", "claimable_at"],
                        name="inbound_claimable",
                    ),
                    models.Index(fields=["message_id"], name="inbound_message_id"),
                    models.Index(
                        condition=models.Q(("outcome", "quarantined")),
                        fields=["-received_at"],
                        name="inbound_quarantine",
                    ),
                    models.Index(fields=["ticket"], name="inbound_of_ticket"),
                ],
            },
        ),
        tenant_table("tickets_inbound"),  # no customer reads or writes any of it
        same_organization("tickets_inbound", "ticket_id", "tickets_ticket"),
        same_organization("tickets_inbound", "entry_id", "tickets_entry"),
    ]
