"""Versions in use, upgrade checklists, announcements of releases, and the log of searches.

Deploy: before. New tables only.
"""

import uuid
from typing import Final

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.rowsecurity import MINE, same_organization, shared_table, tenant_table

# A visitor's search has no organization; 0 stands for that, which none has.
OWN_SEARCHES: Final = (
    "coalesce(organization_id, 0) = any (array_append((select vigil_orgs()), 0::bigint))"
)
OWN_CHOICE: Final = f"{MINE} and user_id = (select vigil_user())"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_widget"),
        ("knowledge", "0006_search_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReleaseAnnouncement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by_name", models.CharField(max_length=80)),
                ("at", models.DateTimeField(verbose_name="announced")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "release",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="announcement",
                        to="knowledge.release",
                    ),
                ),
            ],
            options={
                "verbose_name": "announcement",
                "verbose_name_plural": "announcements",
            },
        ),
        migrations.CreateModel(
            name="SearchRecord",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("text", models.CharField(max_length=200, verbose_name="searched for")),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("zh", "Chinese")],
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                ("product", models.CharField(blank=True, default="", max_length=20)),
                ("hits", models.PositiveIntegerField(verbose_name="hits")),
                ("at", models.DateTimeField(verbose_name="searched")),
                (
                    "organization",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "search",
                "verbose_name_plural": "searches",
                "ordering": ["-at"],
            },
        ),
        migrations.CreateModel(
            name="SearchClick",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("target", models.CharField(max_length=100)),
                ("at", models.DateTimeField()),
                (
                    "article",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_clicks",
                        to="knowledge.article",
                    ),
                ),
                (
                    "search",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="clicks",
                        to="knowledge.searchrecord",
                    ),
                ),
            ],
            options={
                "ordering": ["at"],
            },
        ),
        migrations.CreateModel(
            name="UpgradeChecklist",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "platform",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("android", "Android"),
                            ("ios", "iOS"),
                            ("web", "Web"),
                            ("flutter", "Flutter"),
                            ("react-native", "React Native"),
                            ("unity", "Unity"),
                            ("windows", "Windows"),
                            ("macos", "macOS"),
                            ("server", "Server"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                ("from_version", models.CharField(max_length=40)),
                ("to_version", models.CharField(max_length=40)),
                (
                    "known",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=100), default=list, size=None
                    ),
                ),
                ("by_name", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="knowledge.product",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="ChecklistTick",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("item", models.CharField(max_length=100)),
                ("by_name", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
                (
                    "checklist",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ticks",
                        to="knowledge.upgradechecklist",
                    ),
                ),
            ],
            options={
                "ordering": ["checklist", "at", "id"],
            },
        ),
        migrations.CreateModel(
            name="ReleaseMailMute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "user"), name="mute_releases_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RunningVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "platform",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("android", "Android"),
                            ("ios", "iOS"),
                            ("web", "Web"),
                            ("flutter", "Flutter"),
                            ("react-native", "React Native"),
                            ("unity", "Unity"),
                            ("windows", "Windows"),
                            ("macos", "macOS"),
                            ("server", "Server"),
                        ],
                        default="",
                        max_length=12,
                        verbose_name="platform",
                    ),
                ),
                ("version", models.CharField(max_length=40, verbose_name="version")),
                ("by_name", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="knowledge.product",
                        verbose_name="product",
                    ),
                ),
            ],
            options={
                "verbose_name": "version in use",
                "verbose_name_plural": "versions in use",
                "ordering": ["product", "platform"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "product", "platform"), name="one_version_in_use"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="searchrecord",
            index=models.Index(fields=["at"], name="search_record_at"),
        ),
        migrations.AddConstraint(
            model_name="upgradechecklist",
            constraint=models.UniqueConstraint(
                fields=("organization", "product", "platform", "from_version", "to_version"),
                name="one_checklist_an_upgrade",
            ),
        ),
        migrations.AddConstraint(
            model_name="upgradechecklist",
            constraint=models.UniqueConstraint(
                fields=("organization", "id"), name="checklist_in_organization"
            ),
        ),
        migrations.AddConstraint(
            model_name="checklisttick",
            constraint=models.UniqueConstraint(
                fields=("checklist", "item"), name="one_tick_an_item"
            ),
        ),
        tenant_table(
            "knowledge_runningversion", customer="select, insert, update, delete", staff="select"
        ),
        tenant_table(
            "knowledge_upgradechecklist", customer="select, insert, delete", staff="select"
        ),
        tenant_table("knowledge_checklisttick", customer="select, insert, delete", staff="select"),
        same_organization("knowledge_checklisttick", "checklist_id", "knowledge_upgradechecklist"),
        tenant_table(
            "knowledge_releasemailmute",
            customer="select, insert, delete",
            customer_rows=OWN_CHOICE,
            staff="select",
        ),
        tenant_table(
            "knowledge_searchrecord",
            customer="insert",
            customer_rows=OWN_SEARCHES,
            staff="select",
            engine="select, insert, delete",
        ),
        shared_table(
            "knowledge_searchclick",
            customer="insert",
            staff="select",
            engine="select, insert, delete",
        ),
        shared_table("knowledge_releaseannouncement", staff="select, insert"),
    ]
