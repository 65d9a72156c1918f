"""Calls to the hotline, the engineers rung for them, and their recordings.

Deploy: before. New tables; the choices of a column are Django's own affair.
"""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.rowsecurity import MINE, same_organization, tenant_table


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_hotline"),
        ("tickets", "0021_joins"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="inbound",
            name="outcome",
            field=models.CharField(
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
                    ("call", "a step of a call"),
                    ("discarded", "set aside by a person"),
                ],
                default="",
                max_length=11,
                verbose_name="what it became",
            ),
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("sid", models.CharField(max_length=34, null=True, unique=True)),
                (
                    "way",
                    models.CharField(
                        choices=[("in", "they called"), ("out", "we called")],
                        default="in",
                        max_length=3,
                    ),
                ),
                ("caller", models.CharField(blank=True, max_length=40, verbose_name="caller")),
                (
                    "called",
                    models.CharField(blank=True, max_length=40, verbose_name="number called"),
                ),
                ("language", models.CharField(blank=True, max_length=10)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("greeting", "types the PIN"),
                            ("ringing", "is being connected"),
                            ("talking", "speaks with an engineer"),
                            ("voicemail", "at the voicemail"),
                            ("ended", "ended"),
                        ],
                        default="greeting",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("sequence", models.IntegerField(default=-1)),
                (
                    "wrong_pins",
                    models.PositiveSmallIntegerField(default=0, verbose_name="wrong PINs"),
                ),
                ("started_at", models.DateTimeField(verbose_name="began")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                ("noted_by_name", models.CharField(blank=True, max_length=80)),
                ("internal", models.BooleanField(default=False)),
                ("spoken_with", models.CharField(blank=True, max_length=80)),
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
                    "noted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calls",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "call",
                "verbose_name_plural": "calls",
                "ordering": ["-started_at"],
            },
        ),
        migrations.CreateModel(
            name="CallLeg",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_name", models.CharField(max_length=80)),
                ("person_level", models.CharField(max_length=10)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "is being rung"),
                            ("taken", "took the call"),
                            ("silent", "no answer"),
                            ("busy", "busy"),
                            ("failed", "could not be reached"),
                            ("machine", "answered, but pressed no key"),
                            ("given-up", "the caller hung up"),
                        ],
                        default="",
                        max_length=8,
                    ),
                ),
                ("sequence", models.IntegerField(default=-1)),
                ("dialled_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("taken_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="legs",
                        to="tickets.call",
                    ),
                ),
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
                    "method",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts.contactmethod",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="accounts.organization"
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="tickets.page",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["dialled_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="CallRecording",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("sid", models.CharField(max_length=34, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("voicemail", "voice message"), ("talk", "conversation")],
                        max_length=9,
                    ),
                ),
                ("seconds", models.PositiveIntegerField(default=0)),
                ("at", models.DateTimeField()),
                ("fetched_at", models.DateTimeField(null=True)),
                ("storage_key", models.CharField(blank=True, max_length=80)),
                ("size", models.PositiveBigIntegerField(default=0)),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recordings",
                        to="tickets.call",
                    ),
                ),
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
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=models.Q(("wrong_pins__gt", 0)),
                fields=["started_at"],
                name="call_with_wrong_pins",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.UniqueConstraint(
                fields=("organization", "id"), name="call_in_organization"
            ),
        ),
        migrations.AddConstraint(
            model_name="callleg",
            constraint=models.UniqueConstraint(
                fields=("call", "person"), name="each_person_once_a_call"
            ),
        ),
        # Who rang without a PIN that opens tickets is nobody's but ours to see.
        tenant_table(
            "tickets_call",
            customer="select",
            customer_rows=f"{MINE} and ticket_id is not null and not internal",
        ),
        tenant_table("tickets_callleg", customer="select"),
        tenant_table("tickets_callrecording"),
        same_organization("tickets_call", "ticket_id", "tickets_ticket"),
        same_organization("tickets_call", "entry_id", "tickets_entry"),
        same_organization("tickets_callleg", "call_id", "tickets_call"),
        same_organization("tickets_callleg", "entry_id", "tickets_entry"),
        same_organization("tickets_callrecording", "call_id", "tickets_call"),
        same_organization("tickets_callrecording", "entry_id", "tickets_entry"),
    ]
