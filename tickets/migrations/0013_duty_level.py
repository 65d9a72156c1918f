"""The level each team is to have on duty at all hours.

Deploy: before. Adds a column with a default to a small table.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0012_rosters_by_versions")]

    operations = [
        migrations.AddField(
            model_name="team",
            name="duty_level",
            field=models.CharField(
                choices=[("L1", "any level"), ("L2", "L2 or above"), ("L3", "L3 or lead")],
                db_default="L1",
                default="L1",
                help_text="The coverage forecast warns of hours in which nobody of it is on duty.",
                max_length=4,
                verbose_name="level on duty at all hours",
            ),
        )
    ]
