"""Enquiries of people who are no members, addresses that bounced, who a mail says it is from.

Deploy: before. New tables, a column with a default, and an index on a young table.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.rowsecurity import same_organization, shared_table, tenant_table

NOTIFY = """
create trigger tickets_inbound_notify after insert on tickets_inbound
    for each statement execute function accounts_engine_notify();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_quarantine_index"),
        ("tickets", "0017_inbound"),
    ]

    operations = [
        migrations.CreateModel(
            name="BouncedAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.EmailField(max_length=254, unique=True, verbose_name="address")),
                ("is_permanent", models.BooleanField(verbose_name="for good")),
                ("status", models.CharField(blank=True, max_length=12, verbose_name="status")),
                (
                    "detail",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="what the other side said"
                    ),
                ),
                ("count", models.PositiveIntegerField(default=1, verbose_name="bounces")),
                ("first_at", models.DateTimeField(verbose_name="first")),
                ("last_at", models.DateTimeField(verbose_name="last")),
            ],
            options={
                "verbose_name": "bounced address",
                "verbose_name_plural": "bounced addresses",
                "ordering": ["-last_at"],
            },
        ),
        migrations.CreateModel(
            name="Enquiry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("email", "e-mail"), ("phone", "phone")],
                        max_length=5,
                        verbose_name="came in by",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                ("address", models.CharField(max_length=254, verbose_name="address")),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("answered", "answered"),
                            ("closed", "closed"),
                            ("linked", "belongs to a ticket"),
                            ("spam", "spam"),
                        ],
                        db_default="open",
                        default="open",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                ("updated_at", models.DateTimeField(verbose_name="last change")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed")),
            ],
            options={
                "verbose_name": "enquiry",
                "verbose_name_plural": "enquiries",
                "ordering": ["-updated_at"],
            },
        ),
        migrations.CreateModel(
            name="EnquiryMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("author_name", models.CharField(blank=True, max_length=120)),
                ("body", models.TextField(verbose_name="text")),
                ("folded", models.TextField(blank=True, default="")),
                ("is_proven", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.AddField(
            model_name="inbound",
            name="sender",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=254, verbose_name="from"
            ),
        ),
        migrations.AddIndex(
            model_name="inbound",
            index=models.Index(fields=["sender", "received_at"], name="inbound_of_sender"),
        ),
        migrations.AddField(
            model_name="bouncedaddress",
            name="inbound",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="tickets.inbound",
            ),
        ),
        migrations.AddField(
            model_name="enquiry",
            name="organization",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, to="accounts.organization"
            ),
        ),
        migrations.AddField(
            model_name="enquiry",
            name="ticket",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="tickets.ticket",
            ),
        ),
        migrations.AddField(
            model_name="enquirymessage",
            name="author",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="enquirymessage",
            name="enquiry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="messages",
                to="tickets.enquiry",
            ),
        ),
        migrations.AddField(
            model_name="enquirymessage",
            name="inbound",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tickets.inbound",
            ),
        ),
        migrations.AddIndex(
            model_name="enquiry",
            index=models.Index(fields=["state", "-updated_at"], name="enquiry_list"),
        ),
        migrations.AddIndex(
            model_name="enquiry",
            index=models.Index(fields=["address", "-updated_at"], name="enquiry_of_address"),
        ),
        migrations.AddIndex(
            model_name="enquirymessage",
            index=models.Index(fields=["enquiry", "at"], name="enquiry_conversation"),
        ),
        tenant_table("tickets_enquiry"),  # no customer reads or writes any of it
        same_organization("tickets_enquiry", "ticket_id", "tickets_ticket"),
        shared_table("tickets_enquirymessage", engine="select, insert, update, delete"),
        shared_table("tickets_bouncedaddress", engine="select, insert, update, delete"),
        migrations.RunSQL(NOTIFY, "drop trigger tickets_inbound_notify on tickets_inbound;"),
    ]
