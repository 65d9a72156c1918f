"""Policies and calendars in versions, agreed dates, and what a promise is pinned to.

Deploy: before. New columns may be empty until 0009; adds an index over running promises.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_walls"),
        ("tickets", "0006_shift_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="WorkCalendar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="name")),
            ],
            options={
                "verbose_name": "calendar",
                "verbose_name_plural": "calendars",
                "ordering": ["name"],
            },
        ),
        migrations.AddField(
            model_name="promise",
            name="at_risk_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="promise",
            name="paused_for",
            field=models.CharField(
                blank=True,
                choices=[
                    ("waiting on customer", "waiting for the customer"),
                    ("agreed date", "waiting for an agreed date"),
                ],
                db_default="",
                default="",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="promise",
            name="paused_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="promise",
            name="calendar",
            field=models.CharField(max_length=60, null=True),
        ),
        migrations.CreateModel(
            name="AgreedDate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("until", models.DateTimeField(verbose_name="agreed date")),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("by_name", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ending",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reached", "the date came"),
                            ("written", "the customer wrote"),
                            ("ended", "ended by hand"),
                            ("solved", "solved before"),
                            ("replaced", "another date was agreed"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="accounts.organization"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agreed_dates",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="CalendarVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("definition", models.JSONField()),
                ("written", models.JSONField(default=dict)),
                ("holidays_until", models.DateField(null=True)),
                ("at", models.DateTimeField()),
                ("by_name", models.CharField(blank=True, max_length=80)),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="what changes")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "calendar version",
                "verbose_name_plural": "calendar versions",
                "ordering": ["calendar", "number"],
            },
        ),
        migrations.AddField(
            model_name="promise",
            name="calendar_version",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="promises",
                to="tickets.calendarversion",
            ),
        ),
        migrations.AddField(
            model_name="promisefact",
            name="calendar_version",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tickets.calendarversion",
            ),
        ),
        migrations.CreateModel(
            name="Policy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "plan",
                    models.CharField(
                        choices=[
                            ("trial", "Trial"),
                            ("standard", "Standard"),
                            ("premium", "Premium"),
                            ("enterprise", "Enterprise"),
                        ],
                        max_length=12,
                        verbose_name="plan",
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[
                            ("urgent", "Urgent"),
                            ("important", "Important"),
                            ("normal", "Normal"),
                        ],
                        max_length=9,
                        verbose_name="severity",
                    ),
                ),
            ],
            options={
                "verbose_name": "policy",
                "verbose_name_plural": "policies",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("plan", "severity"), name="one_policy_a_plan_and_severity"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PolicyVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("response_seconds", models.PositiveIntegerField()),
                ("update_seconds", models.PositiveIntegerField(null=True)),
                ("resolution_seconds", models.PositiveIntegerField(null=True)),
                ("pauses", models.JSONField(default=dict)),
                ("warn_at", models.JSONField(default=dict)),
                ("budgets", models.JSONField(default=dict)),
                ("valid_from", models.DateTimeField()),
                ("by_name", models.CharField(blank=True, max_length=80)),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="what changes")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "calendar_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.calendarversion",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="tickets.policy",
                    ),
                ),
            ],
            options={
                "verbose_name": "policy version",
                "verbose_name_plural": "policy versions",
                "ordering": ["policy", "number"],
            },
        ),
        migrations.AddField(
            model_name="promise",
            name="policy_version",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="promises",
                to="tickets.policyversion",
            ),
        ),
        migrations.AddField(
            model_name="promisefact",
            name="policy_version",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tickets.policyversion",
            ),
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(
                condition=models.Q(("state", "running")),
                fields=["at_risk_at"],
                name="promise_running_risk",
            ),
        ),
        migrations.AddField(
            model_name="calendarversion",
            name="calendar",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="versions",
                to="tickets.workcalendar",
            ),
        ),
        migrations.AddConstraint(
            model_name="agreeddate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("ticket",),
                name="one_agreed_date_at_a_time",
            ),
        ),
        migrations.AddIndex(
            model_name="policyversion",
            index=models.Index(fields=["policy", "-valid_from"], name="policy_in_force"),
        ),
        migrations.AddConstraint(
            model_name="policyversion",
            constraint=models.UniqueConstraint(
                fields=("policy", "number"), name="one_policy_version_a_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="calendarversion",
            constraint=models.UniqueConstraint(
                fields=("calendar", "number"), name="one_calendar_version_a_number"
            ),
        ),
    ]
