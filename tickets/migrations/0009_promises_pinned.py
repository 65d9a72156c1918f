"""Pin each promise and fact to the version it was given under.

Deploy: after, when no process of the former release gives promises any more. Rewrites the
promises and their facts; the ledger's triggers and row security are off for that moment.
"""

import django.db.models.deletion
from django.db import migrations, models

# Formerly a promise named its wording "premium.1/urgent/response".
PIN = """
alter table tickets_promise no force row level security;
alter table tickets_promisefact no force row level security;
alter table tickets_promisefact disable trigger tickets_promisefact_append_only;

update tickets_promise promise
set policy_version_id = version.id, calendar_version_id = version.calendar_version_id,
    at_risk_at = case when promise.state = 'running' and promise.breached_at is null
        then promise.due_at - make_interval(secs => 0.2 * promise.target_seconds) end,
    paused_for = case when promise.state = 'paused' then 'waiting on customer' else '' end
from tickets_policyversion version join tickets_policy policy on policy.id = version.policy_id
where version.number = 1 and promise.policy_version_id is null
  and policy.plan = split_part(promise.policy, '.', 1)
  and policy.severity = split_part(promise.policy, '/', 2);

update tickets_promisefact fact
set policy_version_id = version.id,
    calendar_version_id = case when fact.kind in ('started', 'retargeted')
        then version.calendar_version_id end
from tickets_policyversion version join tickets_policy policy on policy.id = version.policy_id
where version.number = 1 and fact.policy_version_id is null
  and policy.plan = split_part(fact.policy, '.', 1)
  and policy.severity = split_part(fact.policy, '/', 2);

set constraints all immediate;
alter table tickets_promisefact enable trigger tickets_promisefact_append_only;
alter table tickets_promisefact force row level security;
alter table tickets_promise force row level security;
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0008_policy_walls")]

    operations = [
        migrations.RunSQL(PIN, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="promise",
            name="policy_version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="promises",
                to="tickets.policyversion",
            ),
        ),
        migrations.AlterField(
            model_name="promise",
            name="calendar_version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="promises",
                to="tickets.calendarversion",
            ),
        ),
        migrations.AlterField(
            model_name="promisefact",
            name="policy_version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tickets.policyversion",
            ),
        ),
        migrations.RemoveField(model_name="promise", name="calendar"),
    ]
