"""A customer's scenario as a choice, and peak hours as rows.

Deploy: before. Scenarios typed in so far are recognised, or kept in words beside "other"; the
free text on peak hours stays as a remark. Locks the small table of organizations for a moment.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import accounts.time_zones
from accounts.rowsecurity import tenant_table

SCENARIOS = [
    ("education", "Online education"),
    ("live", "Live streaming"),
    ("enterprise", "Enterprise collaboration"),
    ("social", "Social"),
    ("games", "Games"),
    ("iot", "Internet of things"),
    ("other", "Other"),
]
CHINESE = {
    "在线教育": "education",
    "直播": "live",
    "企业协作": "enterprise",
    "社交": "social",
    "游戏": "games",
    "物联网": "iot",
}
KNOWN = {label.lower(): key for key, label in SCENARIOS} | CHINESE

# Row security is forced on the owner too, who has no policy: it would change nothing.
RECOGNISE = """
alter table accounts_organization no force row level security;
update accounts_organization set scenario_note = scenario
    where scenario <> '' and not (lower(trim(scenario)) = any (%(words)s));
update accounts_organization set scenario = coalesce(
    (%(keys)s::text[])[array_position(%(words)s::text[], lower(trim(scenario)))], 'other')
    where scenario <> '';
alter table accounts_organization force row level security;
"""
BACK = """
alter table accounts_organization no force row level security;
update accounts_organization set scenario = scenario_note where scenario_note <> '';
alter table accounts_organization force row level security;
"""


def array(words: list[str]) -> str:
    return "array[" + ", ".join(f"'{word}'" for word in words) + "]"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_contacts")]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="scenario_note",
            field=models.CharField(
                blank=True, default="", max_length=80, verbose_name="scenario, in words"
            ),
        ),
        migrations.AddField(
            model_name="organization",
            name="time_zone",
            field=models.CharField(
                default="UTC",
                max_length=40,
                validators=[accounts.time_zones.known_time_zone],
                verbose_name="time zone",
            ),
        ),
        migrations.AlterField(
            model_name="organization",
            name="peak_hours",
            field=models.CharField(
                blank=True,
                help_text="The hours themselves stand below; this is for people only.",
                max_length=80,
                verbose_name="remark on peak hours",
            ),
        ),
        migrations.RunSQL(
            RECOGNISE % {"words": array(list(KNOWN)), "keys": array(list(KNOWN.values()))}, BACK
        ),
        migrations.AlterField(
            model_name="organization",
            name="scenario",
            field=models.CharField(
                blank=True,
                choices=SCENARIOS,
                default="",
                max_length=10,
                verbose_name="scenario",
            ),
        ),
        migrations.CreateModel(
            name="PeakHours",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "weekdays",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        size=None,
                        verbose_name="weekdays",
                    ),
                ),
                ("starts_at", models.TimeField(verbose_name="from")),
                (
                    "ends_at",
                    models.TimeField(
                        help_text="Not after the start: on the next day. 00:00 is midnight.",
                        verbose_name="to",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="peaks_of_its_own",
                        to="accounts.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "peak hours",
                "verbose_name_plural": "peak hours",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("weekdays__contained_by", [0, 1, 2, 3, 4, 5, 6]),
                            ("weekdays__len__gte", 1),
                        ),
                        name="peak_on_weekdays",
                        violation_error_message="Choose at least one weekday.",
                    )
                ],
            },
        ),
        tenant_table("accounts_peakhours", customer="select"),
    ]
