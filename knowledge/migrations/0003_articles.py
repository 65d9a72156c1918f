"""Releases, error codes, categories, and articles with their texts and files.

Deploy: before. New tables.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_widget"),
        ("knowledge", "0002_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Article",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=80, unique=True, verbose_name="key")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("faq", "FAQ"),
                            ("guide", "Guide"),
                            ("sample", "Sample code"),
                            ("migration", "Migration guide"),
                            ("release_notes", "Release notes"),
                            ("troubleshooting", "Troubleshooting"),
                            ("known_issue", "Known issue"),
                        ],
                        max_length=15,
                        verbose_name="kind",
                    ),
                ),
                (
                    "platforms",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
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
                            max_length=12,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="platforms",
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
                        verbose_name="readers",
                    ),
                ),
                (
                    "plans",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("trial", "Trial"),
                                ("standard", "Standard"),
                                ("premium", "Premium"),
                                ("enterprise", "Enterprise"),
                            ],
                            max_length=12,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="plans",
                    ),
                ),
                (
                    "versions_from",
                    models.CharField(
                        blank=True, default="", max_length=40, verbose_name="from version"
                    ),
                ),
                (
                    "versions_before",
                    models.CharField(
                        blank=True, default="", max_length=40, verbose_name="before version"
                    ),
                ),
                (
                    "review_on",
                    models.DateField(blank=True, null=True, verbose_name="to be reviewed"),
                ),
                (
                    "tested_with",
                    models.CharField(
                        blank=True, default="", max_length=40, verbose_name="tested with version"
                    ),
                ),
                (
                    "checked_on",
                    models.DateField(blank=True, null=True, verbose_name="last checked"),
                ),
                ("is_published", models.BooleanField(default=False, editable=False)),
                ("created_at", models.DateTimeField(verbose_name="created")),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        limit_choices_to={"is_staff": True},
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="articles",
                        to="knowledge.product",
                        verbose_name="product",
                    ),
                ),
            ],
            options={
                "verbose_name": "article",
                "verbose_name_plural": "articles",
                "ordering": ["key"],
            },
        ),
        migrations.CreateModel(
            name="ArticleReader",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="readers",
                        to="knowledge.article",
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
            ],
            options={
                "verbose_name": "reader",
                "verbose_name_plural": "readers",
            },
        ),
        migrations.AddField(
            model_name="article",
            name="organizations",
            field=models.ManyToManyField(
                blank=True,
                related_name="+",
                through="knowledge.ArticleReader",
                to="accounts.organization",
                verbose_name="customers",
            ),
        ),
        migrations.CreateModel(
            name="Category",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=40, unique=True, verbose_name="key")),
                ("name_en", models.CharField(max_length=60, verbose_name="English name")),
                ("name_zh", models.CharField(max_length=60, verbose_name="Chinese name")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="knowledge.category",
                        verbose_name="part of",
                    ),
                ),
            ],
            options={
                "verbose_name": "category",
                "verbose_name_plural": "categories",
                "ordering": ["position", "key"],
            },
        ),
        migrations.AddField(
            model_name="article",
            name="categories",
            field=models.ManyToManyField(
                blank=True,
                related_name="articles",
                to="knowledge.category",
                verbose_name="categories",
            ),
        ),
        migrations.CreateModel(
            name="ErrorCode",
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
                ("number", models.IntegerField(blank=True, null=True, verbose_name="number")),
                (
                    "name",
                    models.CharField(blank=True, default="", max_length=80, verbose_name="name"),
                ),
                (
                    "meaning_en",
                    models.CharField(blank=True, max_length=300, verbose_name="meaning, English"),
                ),
                (
                    "meaning_zh",
                    models.CharField(blank=True, max_length=300, verbose_name="meaning, Chinese"),
                ),
                (
                    "cause_en",
                    models.TextField(blank=True, max_length=2000, verbose_name="cause, English"),
                ),
                (
                    "cause_zh",
                    models.TextField(blank=True, max_length=2000, verbose_name="cause, Chinese"),
                ),
                (
                    "remedy_en",
                    models.TextField(blank=True, max_length=2000, verbose_name="remedy, English"),
                ),
                (
                    "remedy_zh",
                    models.TextField(blank=True, max_length=2000, verbose_name="remedy, Chinese"),
                ),
                (
                    "article",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="error_codes",
                        to="knowledge.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="error_codes",
                        to="knowledge.product",
                        verbose_name="product",
                    ),
                ),
            ],
            options={
                "verbose_name": "error code",
                "verbose_name_plural": "error codes",
                "ordering": ["product", "number", "name", "platform"],
            },
        ),
        migrations.CreateModel(
            name="Release",
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
                (
                    "sort_key",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), editable=False, size=None
                    ),
                ),
                ("released_on", models.DateField(verbose_name="released")),
                (
                    "end_of_support",
                    models.DateField(blank=True, null=True, verbose_name="end of support"),
                ),
                (
                    "note_en",
                    models.TextField(
                        blank=True, max_length=1000, verbose_name="in a few words, English"
                    ),
                ),
                (
                    "note_zh",
                    models.TextField(
                        blank=True, max_length=1000, verbose_name="in a few words, Chinese"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="releases",
                        to="knowledge.product",
                        verbose_name="product",
                    ),
                ),
            ],
            options={
                "verbose_name": "release",
                "verbose_name_plural": "releases",
                "ordering": ["product", "-sort_key", "platform"],
            },
        ),
        migrations.CreateModel(
            name="Change",
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
                            ("breaking", "Breaking change"),
                            ("security", "Security"),
                            ("deprecation", "Deprecation"),
                            ("known_issue", "Known issue"),
                            ("feature", "New"),
                            ("fix", "Fix"),
                        ],
                        max_length=11,
                        verbose_name="kind",
                    ),
                ),
                ("text_en", models.TextField(blank=True, max_length=2000, verbose_name="English")),
                ("text_zh", models.TextField(blank=True, max_length=2000, verbose_name="Chinese")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                (
                    "article",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="changes",
                        to="knowledge.article",
                        verbose_name="guide or known issue",
                    ),
                ),
                (
                    "fixed_in",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="fixes",
                        to="knowledge.release",
                        verbose_name="fixed in",
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="knowledge.release",
                    ),
                ),
            ],
            options={
                "verbose_name": "change",
                "verbose_name_plural": "changes",
                "ordering": ["release", "position", "id"],
            },
        ),
        migrations.CreateModel(
            name="Translation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("zh", "Chinese")],
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("review", "In review"),
                            ("published", "Published"),
                            ("archived", "Archived"),
                        ],
                        default="draft",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                (
                    "summary",
                    models.CharField(
                        blank=True, default="", max_length=400, verbose_name="summary"
                    ),
                ),
                ("body", models.TextField(blank=True, default="", verbose_name="text")),
                ("html", models.TextField(blank=True, default="")),
                ("contents", models.JSONField(blank=True, default=list)),
                ("rendered_by", models.PositiveSmallIntegerField(default=0)),
                ("latest_revision", models.PositiveIntegerField(default=0)),
                ("published_revision", models.PositiveIntegerField(blank=True, null=True)),
                ("aligned_with", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "published_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="published"),
                ),
                ("updated_at", models.DateTimeField(verbose_name="last change")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="translations",
                        to="knowledge.article",
                    ),
                ),
            ],
            options={
                "verbose_name": "article text",
                "verbose_name_plural": "article texts",
                "ordering": ["article", "language"],
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                (
                    "summary",
                    models.CharField(
                        blank=True, default="", max_length=400, verbose_name="summary"
                    ),
                ),
                ("body", models.TextField(max_length=1000000, verbose_name="text")),
                ("author_name", models.CharField(blank=True, max_length=80, verbose_name="author")),
                (
                    "note",
                    models.CharField(
                        blank=True, default="", max_length=200, verbose_name="what changed"
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="saved")),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "translation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="knowledge.translation",
                    ),
                ),
            ],
            options={
                "verbose_name": "revision",
                "verbose_name_plural": "revisions",
                "ordering": ["translation", "-number"],
            },
        ),
        migrations.CreateModel(
            name="ArticleFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", models.CharField(max_length=200, verbose_name="path")),
                (
                    "kind",
                    models.CharField(
                        choices=[("image", "Image"), ("sample", "Sample code")],
                        max_length=6,
                        verbose_name="kind",
                    ),
                ),
                ("content_type", models.CharField(max_length=100)),
                ("content", models.BinaryField(verbose_name="content")),
                ("size", models.PositiveIntegerField(verbose_name="size")),
                ("digest", models.CharField(max_length=64)),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="knowledge.article",
                    ),
                ),
            ],
            options={
                "verbose_name": "file",
                "verbose_name_plural": "files",
                "ordering": ["article", "position", "path"],
                "constraints": [
                    models.UniqueConstraint(fields=("article", "path"), name="one_file_per_path")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="articlereader",
            constraint=models.UniqueConstraint(
                fields=("article", "organization"), name="one_row_a_reader_of_an_article"
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["product", "kind"], name="article_product_kind"),
        ),
        migrations.AddConstraint(
            model_name="errorcode",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number__isnull", False)),
                fields=("product", "platform", "number"),
                name="one_error_per_number",
                violation_error_message="This product and platform has that number already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="errorcode",
            constraint=models.UniqueConstraint(
                condition=models.Q(("name", ""), _negated=True),
                fields=("product", "platform", "name"),
                name="one_error_per_name",
                violation_error_message="This product and platform has that name already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="errorcode",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("number__isnull", False),
                    models.Q(("name", ""), _negated=True),
                    _connector="OR",
                ),
                name="error_has_number_or_name",
                violation_error_message="An error code has a number or a name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="errorcode",
            constraint=models.CheckConstraint(
                condition=models.Q(("meaning_en", ""), ("meaning_zh", ""), _negated=True),
                name="error_means_something",
                violation_error_message="Write what it means in at least one language.",
            ),
        ),
        migrations.AddIndex(
            model_name="release",
            index=models.Index(fields=["product", "sort_key"], name="release_order"),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.UniqueConstraint(
                fields=("product", "platform", "version"), name="one_release_per_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("end_of_support__isnull", True),
                    ("end_of_support__gte", models.F("released_on")),
                    _connector="OR",
                ),
                name="release_is_supported_from_its_day",
                violation_error_message="Support cannot end before the release.",
            ),
        ),
        migrations.AddConstraint(
            model_name="change",
            constraint=models.CheckConstraint(
                condition=models.Q(("text_en", ""), ("text_zh", ""), _negated=True),
                name="change_says_something",
                violation_error_message="Write what changed in at least one language.",
            ),
        ),
        migrations.AddConstraint(
            model_name="translation",
            constraint=models.UniqueConstraint(
                fields=("article", "language"), name="one_text_per_language"
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.UniqueConstraint(
                fields=("translation", "number"), name="one_revision_per_number"
            ),
        ),
    ]
