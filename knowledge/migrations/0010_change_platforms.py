"""A line of a release's notes may be of some platforms only.

Deploy: before. Lines there are stay of all platforms their release is for.
"""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0009_search_forgets")]

    operations = [
        migrations.AddField(
            model_name="change",
            name="platforms",
            field=django.contrib.postgres.fields.ArrayField(
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
    ]
