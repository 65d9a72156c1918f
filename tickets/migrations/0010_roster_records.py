"""Versions of rosters, changes of duty, and swaps, from the rotation each roster had.

Deploy: before. New tables, a column, old columns made optional; the one rotation of each roster
becomes the first layer of its first version. That is valid from when its first turn began, as
nothing else was ever on record.
"""

import datetime as dt
from zoneinfo import ZoneInfo

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def keep_rotations(apps, schema_editor):
    """Write down each roster's rotation with its people as they are called now."""
    Roster = apps.get_model("tickets", "Roster")
    RosterMember = apps.get_model("tickets", "RosterMember")
    RosterVersion = apps.get_model("tickets", "RosterVersion")
    for roster in Roster.objects.order_by("pk"):
        members = RosterMember.objects.filter(roster=roster).order_by("position")
        people = [
            {"key": key, "name": name} for key, name in members.values_list("user_id", "user__name")
        ]
        layer = {
            "name": roster.name,
            "members": people,
            "length": roster.length,
            "unit": roster.unit,
            "starts_on": roster.starts_on.isoformat(),
            "hand_over_at": roster.hand_over_at.isoformat(),
            "weekdays": None,
            "from": None,
            "until": None,
        }
        RosterVersion.objects.create(
            roster=roster,
            definition={
                "time_zone": roster.time_zone,
                "layers": [layer] if people else [],
            },
            valid_from=_first_turn(roster),
        )


def _first_turn(roster):
    """When the first turn began; the present if that is to come or cannot be reckoned."""
    from django.utils import timezone

    try:
        zone = ZoneInfo(roster.time_zone)
        begun = dt.datetime.combine(roster.starts_on, roster.hand_over_at, zone)
        return min(begun.astimezone(dt.UTC), timezone.now())
    except (KeyError, ValueError, OSError, OverflowError):
        return timezone.now()


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0009_promises_pinned"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DutyChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("override", "override"),
                            ("swap", "swap"),
                            ("drill", "not reached before the shift"),
                            ("leave", "leave"),
                            ("temporary", "temporary schedule"),
                        ],
                        max_length=9,
                    ),
                ),
                ("person_name", models.CharField(blank=True, max_length=80)),
                ("replaces_name", models.CharField(blank=True, max_length=80)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("shifts", models.JSONField(default=list)),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("created_at", models.DateTimeField()),
                ("created_by_name", models.CharField(blank=True, max_length=80)),
                ("cancelled_at", models.DateTimeField(null=True)),
                ("cancelled_by_name", models.CharField(blank=True, max_length=80)),
            ],
            options={
                "verbose_name": "change of duty",
                "verbose_name_plural": "changes of duty",
                "ordering": ["starts_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="RosterVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("definition", models.JSONField()),
                ("valid_from", models.DateTimeField()),
                ("created_by_name", models.CharField(blank=True, max_length=80)),
            ],
            options={
                "verbose_name": "version of a roster",
                "verbose_name_plural": "versions of rosters",
                "ordering": ["roster", "valid_from"],
            },
        ),
        migrations.CreateModel(
            name="Swap",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asker_name", models.CharField(max_length=80)),
                ("asked_name", models.CharField(max_length=80)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("return_starts_at", models.DateTimeField(null=True)),
                ("return_ends_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "waiting for an answer"),
                            ("accepted", "accepted"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn"),
                            ("expired", "no answer in time"),
                        ],
                        default="asked",
                        max_length=9,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "swap",
                "verbose_name_plural": "swaps",
                "ordering": ["starts_at", "id"],
            },
        ),
        migrations.AddField(
            model_name="roster",
            name="ended_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="ended"),
        ),
        migrations.AddField(
            model_name="dutychange",
            name="cancelled_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="dutychange",
            name="created_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="dutychange",
            name="person",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="dutychange",
            name="replaces",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="dutychange",
            name="roster",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="duty_changes",
                to="tickets.roster",
            ),
        ),
        migrations.AddField(
            model_name="rosterversion",
            name="created_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="rosterversion",
            name="roster",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="versions",
                to="tickets.roster",
            ),
        ),
        migrations.AddField(
            model_name="swap",
            name="asked",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="swap",
            name="asker",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="swap",
            name="return_roster",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tickets.roster",
            ),
        ),
        migrations.AddField(
            model_name="swap",
            name="roster",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="swaps",
                to="tickets.roster",
            ),
        ),
        migrations.AddIndex(
            model_name="dutychange",
            index=models.Index(fields=["ends_at", "starts_at"], name="duty_change_by_time"),
        ),
        migrations.AddConstraint(
            model_name="dutychange",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                name="duty_change_ends_after_its_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="dutychange",
            constraint=models.CheckConstraint(
                condition=models.Q(("starts_at__gte", models.F("created_at"))),
                name="duty_change_is_not_of_the_past",
            ),
        ),
        migrations.AddConstraint(
            model_name="dutychange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "leave"), ("replaces__isnull", False), ("roster", None)),
                    models.Q(
                        ("kind", "temporary"),
                        ("person", None),
                        ("replaces", None),
                        ("roster__isnull", False),
                    ),
                    models.Q(
                        ("kind__in", ["override", "swap", "drill"]),
                        ("roster__isnull", False),
                        models.Q(
                            ("person__isnull", False), ("replaces__isnull", False), _connector="OR"
                        ),
                    ),
                    _connector="OR",
                ),
                name="duty_change_says_who",
            ),
        ),
        migrations.AddConstraint(
            model_name="rosterversion",
            constraint=models.UniqueConstraint(
                fields=("roster", "valid_from"), name="one_version_of_a_roster_at_a_time"
            ),
        ),
        migrations.AddIndex(
            model_name="swap",
            index=models.Index(
                condition=models.Q(("state", "asked")),
                fields=["expires_at"],
                name="swap_waiting_for_an_answer",
            ),
        ),
        migrations.AddConstraint(
            model_name="swap",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_at__gt", models.F("starts_at")),
                    ("starts_at__gt", models.F("created_at")),
                ),
                name="swap_is_of_the_future",
            ),
        ),
        migrations.AddConstraint(
            model_name="swap",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("return_ends_at", None),
                        ("return_roster", None),
                        ("return_starts_at", None),
                    ),
                    models.Q(
                        ("return_ends_at__gt", models.F("return_starts_at")),
                        ("return_roster__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="swap_returns_a_stretch",
            ),
        ),
        migrations.AddConstraint(
            model_name="swap",
            constraint=models.CheckConstraint(
                condition=models.Q(("asker", models.F("asked")), _negated=True),
                name="swap_is_between_two_people",
            ),
        ),
        migrations.RemoveConstraint(model_name="roster", name="turn_has_a_length"),
        migrations.RemoveConstraint(model_name="roster", name="roster_starts_in_this_century"),
        migrations.AlterField("roster", "starts_on", models.DateField(null=True)),
        migrations.AlterField("roster", "hand_over_at", models.TimeField(null=True)),
        migrations.AlterField("roster", "length", models.PositiveSmallIntegerField(null=True)),
        migrations.AlterField("roster", "unit", models.CharField(max_length=6, null=True)),
        migrations.RunPython(keep_rotations, migrations.RunPython.noop),
    ]
