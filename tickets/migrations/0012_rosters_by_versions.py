"""Rosters no longer have a rotation of their own: their versions say how they are made.

Deploy: after. Drops columns and a table the new code does not read.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tickets", "0011_roster_walls")]

    operations = [
        migrations.RemoveField(
            model_name="rostermember",
            name="roster",
        ),
        migrations.RemoveField(
            model_name="rostermember",
            name="user",
        ),
        migrations.RemoveField(
            model_name="roster",
            name="hand_over_at",
        ),
        migrations.RemoveField(
            model_name="roster",
            name="length",
        ),
        migrations.RemoveField(
            model_name="roster",
            name="starts_on",
        ),
        migrations.RemoveField(
            model_name="roster",
            name="unit",
        ),
        migrations.DeleteModel(
            name="RosterMember",
        ),
    ]
