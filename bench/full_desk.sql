-- Open tickets numbered %(first)s to %(last)s as the verbs leave them, in bulk: each with its
-- message, severity, two running promises with their facts and deadlines, and two events.
-- Run as superuser with session_replication_role = replica: no triggers, no row security.
create temp table desk on commit drop as
select n, now() - make_interval(secs => n %% 86400) as at,
       (array['urgent', 'important', 'normal', 'normal', 'normal'])[1 + n %% 5] as severity
from generate_series(%(first)s::bigint, %(last)s::bigint) n;

insert into tickets_ticket (id, organization_id, number, subject, severity, customer_severity,
  staff_severity, state, platform, sdk_version, environment, channel, language, reporter_id,
  reporter_name, opened_at, updated_at, cycle)
overriding system value
select n, %(organization)s, n, 'Messages do not arrive ' || n, severity, severity, '',
  (array['new', 'open', 'waiting'])[1 + n %% 3], 'android', '4.2.0', 'production', 'portal', 'en',
  %(reporter)s, 'Bob Lin', at, at, 1
from desk;

insert into tickets_severitychange (organization_id, ticket_id, before, after, by_id, by_name,
  by_staff, reason, outcome, answered_by_name, at)
select %(organization)s, n, '', severity, %(reporter)s, 'Bob Lin', false, '', 'applied', '', at
from desk;

insert into tickets_entry (organization_id, ticket_id, kind, author_id, author_name, author_level,
  by_staff, channel, body, at)
select %(organization)s, n, 'reply', %(reporter)s, 'Bob Lin', '', false, 'portal',
  'Since 02:50 nothing arrives.', at
from desk;

insert into tickets_promise (id, organization_id, ticket_id, kind, cycle, policy, policy_version_id,
  calendar_version_id, promised_by_name, target_seconds, state, started_at, due_at, at_risk_at)
overriding system value
select 2 * n + k, %(organization)s, n, (array['response', 'resolution'])[1 + k], 1,
  'premium/' || severity || ' v1', version.id, version.calendar_version_id, '', 604800, 'running',
  at, at + interval '7 days', at + interval '134 hours 24 minutes'
from desk join tickets_policy using (severity)
  join tickets_policyversion version on version.policy_id = tickets_policy.id,
  generate_series(0, 1) k
where plan = 'premium' and version.number = 1;

insert into tickets_promisefact (organization_id, promise_id, kind, at, actor_id, actor_name,
  reason, policy, policy_version_id, calendar_version_id, target_seconds)
select organization_id, id, 'started', started_at, %(reporter)s, 'Bob Lin', '', policy,
  policy_version_id, calendar_version_id, target_seconds
from tickets_promise where ticket_id between %(first)s and %(last)s;

insert into accounts_deadline (id, organization_id, kind, key, subject, data, due_at, claimable_at,
  attempts, last_error)
select gen_random_uuid(), %(organization)s, 'promise.due', 'promise:' || (2 * n + k),
  'promise/' || (2 * n + k), jsonb_build_object('promise', 2 * n + k), at + interval '7 days',
  at + interval '7 days', 0, ''
from desk, generate_series(0, 1) k;

insert into accounts_event (organization_id, actor_id, actor_name, verb, subject, data, internal, at)
select %(organization)s, %(reporter)s, 'Bob Lin', verb, 'ticket/' || n, '{}', false, at
from desk, (values ('ticket.opened'), ('promise.given')) as v(verb);
