"""The search index.

Deploy: before. New tables only; pgvector must be there (deploy/extensions.sql).
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import knowledge.models.half_vector


class Migration(migrations.Migration):
    dependencies = [
        ("knowledge", "0004_article_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                (
                    "translation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="indexed",
                        serialize=False,
                        to="knowledge.translation",
                    ),
                ),
                (
                    "language",
                    models.CharField(choices=[("en", "English"), ("zh", "Chinese")], max_length=2),
                ),
                ("revision", models.PositiveIntegerField()),
                ("files", models.CharField(blank=True, default="", max_length=32)),
                (
                    "fingerprint",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "meaning",
                    knowledge.models.half_vector.HalfVectorField(dimensions=300, null=True),
                ),
                ("likeness", models.FloatField(default=0)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="knowledge.article",
                    ),
                ),
                (
                    "parallel",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="knowledge.searchdocument",
                    ),
                ),
            ],
            options={
                "verbose_name": "indexed text",
                "indexes": [
                    models.Index(fields=["translation", "article"], name="search_document_article")
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchEmbedding",
            fields=[
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="embedding",
                        serialize=False,
                        to="knowledge.searchdocument",
                    ),
                ),
                ("revision", models.PositiveIntegerField()),
                ("model", models.CharField(max_length=100)),
                ("place", knowledge.models.half_vector.HalfVectorField()),
            ],
            options={
                "verbose_name": "embedding",
            },
        ),
        migrations.CreateModel(
            name="SearchLearning",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("public", "Everyone"),
                            ("customers", "All customers"),
                            ("plan", "Customers with certain plans"),
                            ("organizations", "Certain customers"),
                            ("internal", "Staff only"),
                        ],
                        default="public",
                        max_length=13,
                    ),
                ),
                ("passages", models.PositiveIntegerField(default=0)),
                ("documents", models.PositiveIntegerField(default=0)),
                ("mean_length", models.FloatField()),
                ("learnt_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "learning",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="learning_is_one_row"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchPassage",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "document_id",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("number", models.SmallIntegerField()),
                ("heading", models.TextField(blank=True)),
                ("text", models.TextField(blank=True)),
                ("length", models.PositiveIntegerField()),
                (
                    "document",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passages",
                        to="knowledge.searchdocument",
                    ),
                ),
            ],
            options={
                "verbose_name": "passage",
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("word", models.CharField(max_length=120)),
                ("shown", models.CharField(max_length=120)),
                ("passages", models.PositiveIntegerField()),
                ("rarity", models.FloatField()),
                (
                    "meaning",
                    knowledge.models.half_vector.HalfVectorField(dimensions=300, null=True),
                ),
            ],
            options={
                "verbose_name": "word",
                "indexes": [models.Index(fields=["shown"], name="search_words_shown")],
            },
        ),
        migrations.CreateModel(
            name="SearchPosting",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "document_id",
                        "word",
                        "passage",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("passage", models.SmallIntegerField()),
                ("word", models.BigIntegerField()),
                ("impact", models.FloatField()),
                (
                    "document",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="knowledge.searchdocument",
                    ),
                ),
            ],
            options={
                "verbose_name": "posting",
                "indexes": [
                    models.Index(
                        fields=["word"],
                        include=("document", "passage", "impact"),
                        name="search_postings_of_a_word",
                    )
                ],
            },
        ),
    ]
