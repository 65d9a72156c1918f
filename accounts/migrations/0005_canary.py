"""A delivery may be the watchdog's canary. Only a choice: nothing changes in the database.

Deploy: before or after.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_peaks")]

    operations = [
        migrations.AlterField(
            model_name="delivery",
            name="kind",
            field=models.CharField(
                choices=[
                    ("page", "page"),
                    ("email", "e-mail"),
                    ("canary", "canary"),
                    ("check", "check of an address"),
                ],
                max_length=10,
            ),
        ),
    ]
