"""A text has at most 200,000 characters. The column stays as it is, and so does what is longer.

Deploy: any time.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0010_change_platforms")]

    operations = [
        migrations.AlterField(
            model_name="revision",
            name="body",
            field=models.TextField(max_length=200000, verbose_name="text"),
        ),
    ]
