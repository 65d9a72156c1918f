"""Ladders for each team and severity, made of the one ladder each team had.

Deploy: before. Adds a table and columns that may be empty or have a default in the database,
and carries over what each team's ladder says; code of the version before goes on with the
old columns.
"""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

from accounts.rowsecurity import shared_table

SEVERITIES = [("urgent", "Urgent"), ("important", "Important"), ("normal", "Normal")]
LEVELS = [("L1", "L1"), ("L2", "L2"), ("L3", "L3"), ("lead", "Lead")]
STEP_KINDS = [
    ("roster", "whoever is on duty"),
    ("person", "a person"),
    ("leads", "the leads of the team's products"),
    ("contact", "the customer's dedicated contact"),
    ("managers", "the managers"),
]
REASONS = [
    ("urgent", "urgent ticket opened"),
    ("raised", "raised to urgent"),
    ("reopened", "urgent ticket reopened"),
    ("response", "first answer overdue"),
    ("update", "next update overdue"),
    ("resolution", "solution overdue"),
    ("handover", "handover not accepted"),
    ("manual", "escalated by hand"),
    ("silence", "no word for too long"),
]
RUNS = [
    ("ringing", "ringing"),
    ("acked", "acknowledged"),
    ("stopped", "stopped"),
    ("exhausted", "nobody acknowledged"),
    ("replaced", "escalated further"),
]
PAGES = [
    ("ringing", "rung"),
    ("silent", "no answer"),
    ("failed", "could not be reached"),
    ("acked", "acknowledged"),
    ("stopped", "no longer needed"),
]

CARRY_OVER = """
insert into tickets_ladder (team_id, severity, rounds, silence_minutes)
select id, '', least(greatest(rounds, 1), 20), 15 from tickets_team team
where exists (select from tickets_ladderstep step where step.team_id = team.id);
update tickets_ladderstep step set ladder_id = ladder.id
from tickets_ladder ladder where ladder.team_id = step.team_id and ladder.severity = '';
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0014_calendar_feeds")]

    operations = [
        migrations.CreateModel(
            name="Ladder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        blank=True,
                        choices=[("", "any severity"), *SEVERITIES],
                        default="",
                        help_text="A severity's own ladder goes before the one for any severity.",
                        max_length=9,
                        verbose_name="severity",
                    ),
                ),
                (
                    "rounds",
                    models.PositiveSmallIntegerField(
                        default=3,
                        help_text="How often the whole ladder is rung before it is made up anew.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(20),
                        ],
                        verbose_name="rounds",
                    ),
                ),
                (
                    "silence_minutes",
                    models.PositiveSmallIntegerField(
                        default=15,
                        help_text=(
                            "When nobody of ours writes for so long in an urgent ticket somebody"
                            " took, it rings again."
                        ),
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(240),
                        ],
                        verbose_name="minutes of silence",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ladders",
                        to="tickets.team",
                        verbose_name="team",
                    ),
                ),
            ],
            options={
                "verbose_name": "escalation ladder",
                "verbose_name_plural": "escalation ladders",
                "ordering": ["team", "severity"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("team", "severity"),
                        name="one_ladder_a_severity",
                        violation_error_message=(
                            "This team has a ladder for that severity already."
                        ),
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rounds__gte", 1), ("rounds__lte", 20)),
                        name="ladder_has_rounds",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("silence_minutes__gte", 1), ("silence_minutes__lte", 240)
                        ),
                        name="silence_has_a_length",
                    ),
                ],
            },
        ),
        shared_table("tickets_ladder", engine="select, insert, update, delete"),
        migrations.AddField(
            "ladderstep",
            "ladder",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="steps",
                to="tickets.ladder",
                verbose_name="ladder",
            ),
        ),
        migrations.AddField(
            "ladderstep",
            "level",
            models.CharField(
                blank=True,
                choices=LEVELS,
                db_default="",
                default="",
                max_length=4,
                verbose_name="lowest level",
            ),
        ),
        migrations.AddField(
            "ladderstep",
            "times",
            models.PositiveSmallIntegerField(
                db_default=1,
                default=1,
                help_text="Rung so often before the next step.",
                verbose_name="times",
            ),
        ),
        # New code names no team and no rounds of one.
        migrations.AlterField(
            "ladderstep",
            "team",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="ladder",
                to="tickets.team",
            ),
        ),
        migrations.AlterField(
            "team",
            "rounds",
            models.PositiveSmallIntegerField(
                db_default=3,
                default=3,
                help_text="How often the whole ladder is rung.",
                verbose_name="rounds",
            ),
        ),
        migrations.AlterField(
            "ladderstep",
            "kind",
            models.CharField(choices=STEP_KINDS, max_length=8, verbose_name="rings"),
        ),
        migrations.RemoveConstraint("ladderstep", "step_names_what_it_rings"),
        migrations.AddConstraint(
            "ladderstep",
            models.CheckConstraint(
                condition=(
                    models.Q(kind="roster", person=None, roster__isnull=False)
                    | models.Q(kind="person", person__isnull=False, roster=None)
                    | models.Q(kind__in=["leads", "contact", "managers"], person=None, roster=None)
                ),
                name="step_names_what_it_rings",
            ),
        ),
        migrations.AddConstraint(
            "ladderstep",
            models.CheckConstraint(
                condition=models.Q(times__gte=1, times__lte=10),
                name="step_is_rung_at_least_once",
                violation_error_message="A step is rung 1 to 10 times.",
            ),
        ),
        migrations.AddField(
            "escalation",
            "level",
            models.CharField(blank=True, db_default="", default="", max_length=4),
        ),
        migrations.AddField(
            "escalation",
            "source",
            models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="runs",
                to="tickets.ladder",
            ),
        ),
        migrations.AddField(
            "escalation",
            "silence_seconds",
            models.PositiveIntegerField(db_default=900, default=900),
        ),
        migrations.AlterField(
            "escalation", "reason", models.CharField(choices=REASONS, max_length=10)
        ),
        migrations.AlterField(
            "escalation",
            "state",
            models.CharField(choices=RUNS, default="ringing", max_length=9),
        ),
        migrations.AlterField(
            "page", "state", models.CharField(choices=PAGES, default="ringing", max_length=7)
        ),
        migrations.RunSQL(CARRY_OVER, migrations.RunSQL.noop),
    ]
