"""Handovers, reachability drills, and when a roster asks for them.

Deploy: before. New tables, and columns with a default the database knows; takes short locks.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_walls"),
        ("tickets", "0004_ledger"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Handover",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_name", models.CharField(max_length=80)),
                ("to_name", models.CharField(blank=True, max_length=80)),
                ("by_hand", models.BooleanField(default=False)),
                ("changes_at", models.DateTimeField(null=True)),
                ("note", models.TextField(blank=True, verbose_name="note")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "waiting for a note"),
                            ("proposed", "waiting to be accepted"),
                            ("accepted", "accepted"),
                            ("ended", "no longer needed"),
                        ],
                        max_length=8,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("written_at", models.DateTimeField(null=True)),
                ("proposed_at", models.DateTimeField(null=True)),
                ("accept_by", models.DateTimeField(null=True)),
                ("paged_at", models.DateTimeField(null=True)),
                ("escalated_at", models.DateTimeField(null=True)),
                ("accepted_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "handover",
                "verbose_name_plural": "handovers",
                "ordering": ["-asked_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="ReachabilityDrill",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("person_name", models.CharField(max_length=80)),
                ("shift_starts_at", models.DateTimeField()),
                ("shift_ends_at", models.DateTimeField()),
                ("asked_at", models.DateTimeField()),
                ("confirm_by", models.DateTimeField()),
                ("messaged", models.BooleanField(default=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("asked", "waiting for an answer"),
                            ("reached", "reached"),
                            ("silent", "not reached"),
                            ("late", "reached too late"),
                            ("moot", "no longer on this shift"),
                        ],
                        default="asked",
                        max_length=7,
                    ),
                ),
                ("replaced_by_name", models.CharField(blank=True, max_length=80)),
            ],
            options={
                "verbose_name": "reachability drill",
                "verbose_name_plural": "reachability drills",
                "ordering": ["-asked_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="ShiftWatch",
            fields=[
                (
                    "roster",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="tickets.roster",
                    ),
                ),
                ("handled_until", models.DateTimeField()),
            ],
            options={
                "verbose_name": "watch over shift changes",
                "verbose_name_plural": "watch over shift changes",
            },
        ),
        migrations.AddField(
            model_name="roster",
            name="accept_minutes",
            field=models.PositiveSmallIntegerField(
                db_default=10,
                default=10,
                help_text="After that the one who comes on duty is paged, then the ladder.",
                verbose_name="minutes to accept a handover",
            ),
        ),
        migrations.AddField(
            model_name="roster",
            name="confirm_minutes",
            field=models.PositiveSmallIntegerField(
                db_default=10,
                default=10,
                help_text="After that the lead is told and the next takes the shift.",
                verbose_name="minutes to confirm a drill",
            ),
        ),
        migrations.AddField(
            model_name="roster",
            name="drill_minutes",
            field=models.PositiveSmallIntegerField(
                db_default=15,
                default=15,
                help_text="Who comes on duty is asked whether they can be reached. 0: nobody is.",
                verbose_name="drill, minutes before a shift",
            ),
        ),
        migrations.AddField(
            model_name="roster",
            name="note_minutes",
            field=models.PositiveSmallIntegerField(
                db_default=15,
                default=15,
                verbose_name="handover notes, minutes before a shift ends",
            ),
        ),
        migrations.AlterField(
            model_name="escalation",
            name="reason",
            field=models.CharField(
                choices=[
                    ("urgent", "urgent ticket opened"),
                    ("raised", "raised to urgent"),
                    ("reopened", "urgent ticket reopened"),
                    ("response", "first answer overdue"),
                    ("update", "next update overdue"),
                    ("resolution", "solution overdue"),
                    ("handover", "handover not accepted"),
                    ("manual", "escalated by hand"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="roster",
            constraint=models.CheckConstraint(
                condition=models.Q(("drill_minutes__lte", 240), ("note_minutes__lte", 240)),
                name="roster_asks_within_hours",
                violation_error_message="Ask at most 240 minutes before a shift changes.",
            ),
        ),
        migrations.AddConstraint(
            model_name="roster",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("accept_minutes__gte", 1),
                    ("accept_minutes__lte", 120),
                    ("confirm_minutes__gte", 1),
                    ("confirm_minutes__lte", 120),
                ),
                name="roster_waits_for_an_answer",
                violation_error_message="Wait 1 to 120 minutes for an answer.",
            ),
        ),
        migrations.AddConstraint(
            model_name="roster",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("drill_minutes", 0),
                    ("confirm_minutes__lte", models.F("drill_minutes")),
                    _connector="OR",
                ),
                name="drill_ends_before_the_shift",
                violation_error_message="A drill must be over before the shift begins: give less time to confirm, or ask earlier.",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="from_person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, to="accounts.organization"
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="roster",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="tickets.roster",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="handovers",
                to="tickets.ticket",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="to_person",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reachabilitydrill",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reachabilitydrill",
            name="replaced_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reachabilitydrill",
            name="roster",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="drills",
                to="tickets.roster",
            ),
        ),
        migrations.AddIndex(
            model_name="handover",
            index=models.Index(
                condition=models.Q(("state__in", ["asked", "proposed"])),
                fields=["asked_at"],
                name="handover_standing",
            ),
        ),
        migrations.AddIndex(
            model_name="handover",
            index=models.Index(
                condition=models.Q(("state", "accepted")),
                fields=["-accepted_at"],
                name="handover_accepted",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["asked", "proposed"])),
                fields=("ticket",),
                name="one_handover_at_a_time",
            ),
        ),
        migrations.AddIndex(
            model_name="reachabilitydrill",
            index=models.Index(fields=["person", "-asked_at"], name="drill_of_person"),
        ),
        migrations.AddIndex(
            model_name="reachabilitydrill",
            index=models.Index(fields=["roster", "shift_starts_at"], name="drill_of_shift"),
        ),
        migrations.AddConstraint(
            model_name="reachabilitydrill",
            constraint=models.UniqueConstraint(
                fields=("roster", "person", "shift_starts_at"), name="one_drill_a_shift_and_person"
            ),
        ),
    ]
