"""What readers say of articles, its walls, and versions compared in the database.

Deploy: before. A new table and a new function only.
"""

import uuid
from typing import Final

import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.operations import RunSQL

from accounts.rowsecurity import tenant_table

# `Version.sort_key` of a version in its full form: three numbers, a stage and its number.
VERSION_KEY: Final = """
create function vigil_version_key(version text) returns integer[]
language sql immutable parallel safe returns null on null input as $$
select case
    when version = '' then null
    when position('-' in version) = 0
        then string_to_array(version, '.')::integer[] || array[1, 0, 0]
    else string_to_array(split_part(version, '-', 1), '.')::integer[] || array[
        0,
        coalesce(array_position(
            array['alpha', 'beta', 'rc'],
            lower(split_part(substr(version, position('-' in version) + 1), '.', 1))
        ), 0),
        coalesce(left(substring(
            substr(version, position('-' in version) + 1) from '(?:^|[.])([0-9]+)$'
        ), 9)::integer, 0)
    ] end $$;
"""
# Of what they read, and in no other customer's name.
GIVEN: Final = """translation_id in (select id from knowledge_translation)
    and (organization_id is null or organization_id = any ((select vigil_orgs())::bigint[]))"""


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0007_upgrades"), ("accounts", "0008_widget")]

    operations = [
        migrations.CreateModel(
            name="ArticleFeedback",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("revision", models.PositiveIntegerField(verbose_name="revision")),
                ("helped", models.BooleanField(verbose_name="helped")),
                (
                    "words",
                    models.CharField(blank=True, default="", max_length=2000, verbose_name="words"),
                ),
                ("reader", models.CharField(max_length=64)),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "organization",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
                (
                    "translation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="feedback",
                        to="knowledge.translation",
                    ),
                ),
            ],
            options={
                "verbose_name": "feedback",
                "verbose_name_plural": "feedback",
                "ordering": ["-at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("translation", "reader"), name="one_feedback_a_reader_of_a_text"
                    )
                ],
            },
        ),
        tenant_table(
            "knowledge_articlefeedback",
            customer="insert",
            customer_rows=GIVEN,
            staff="select",
            engine="select, insert, delete",
        ),
        RunSQL(VERSION_KEY, "drop function vigil_version_key(text);"),
    ]
