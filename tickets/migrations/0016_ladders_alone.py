"""A step belongs to a ladder, and the old column and rounds of a team go.

Deploy: after. Carries over what code of the version before wrote meanwhile; takes short locks
on small tables.
"""

import django.db.models.deletion
from django.db import migrations, models

CARRY_OVER = """
insert into tickets_ladder (team_id, severity, rounds, silence_minutes)
select id, '', least(greatest(rounds, 1), 20), 15 from tickets_team team
where exists (
    select from tickets_ladderstep step where step.team_id = team.id and step.ladder_id is null)
on conflict do nothing;
update tickets_ladderstep step set
    ladder_id = ladder.id,
    position = step.position + coalesce((
        select max(other.position) + 1 from tickets_ladderstep other
        where other.ladder_id = ladder.id), 0)
from tickets_ladder ladder
where ladder.team_id = step.team_id and ladder.severity = '' and step.ladder_id is null;
set constraints all immediate;
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0015_ladders")]

    operations = [
        migrations.RunSQL(CARRY_OVER, migrations.RunSQL.noop),
        migrations.AlterField(
            "ladderstep",
            "ladder",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="steps",
                to="tickets.ladder",
                verbose_name="ladder",
            ),
        ),
        migrations.RemoveConstraint("ladderstep", "one_step_a_position"),
        migrations.RemoveField("ladderstep", "team"),
        migrations.RemoveField("team", "rounds"),
        migrations.AddConstraint(
            "ladderstep",
            models.UniqueConstraint(
                fields=["ladder", "position"],
                name="one_step_a_place",
                violation_error_message="Two steps cannot stand in the same place.",
            ),
        ),
        migrations.AlterModelOptions(
            "ladderstep",
            options={
                "ordering": ["ladder", "position"],
                "verbose_name": "ladder step",
                "verbose_name_plural": "ladder steps",
            },
        ),
    ]
