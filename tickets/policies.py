"""Which policy is in force, and the verb that puts a new version in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from django.db import connection, transaction
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts import access, events
from accounts.viewer import Viewer
from tickets import policy_rules
from tickets.models import CalendarVersion, Policy, PolicyVersion, Promise, Ticket
from tickets.models.ticket import Severity
from tickets.policy_versions import policy_version


def in_force(plan: str, severity: str, at: dt.datetime) -> PolicyVersion:
    """What a plan promises for a severity to a ticket opened at that instant.

    PolicyVersion.DoesNotExist if it promised nothing yet. One query.
    """
    of_policy = PolicyVersion.objects.filter(policy__plan=plan, policy__severity=severity)
    return _newest(of_policy, at)


def of_plan(plan: str, at: dt.datetime) -> dict[Severity, PolicyVersion]:
    """What a plan promises for each severity it offers, the most urgent first. One query."""
    found = all_in_force(at, plan=plan)
    return {severity: found[plan, severity] for severity in Severity if (plan, severity) in found}


def all_in_force(at: dt.datetime, plan: str | None = None) -> dict[tuple[str, str], PolicyVersion]:
    """The versions in force of all policies (or those of a plan), by plan and severity."""
    policies = Policy.objects.all() if plan is None else Policy.objects.filter(plan=plan)
    newest = PolicyVersion.objects.filter(policy=OuterRef("pk"), valid_from__lte=at)
    keys = policies.annotate(newest=Subquery(newest.order_by(*_NEWEST).values("pk")[:1]))
    found = _related(PolicyVersion.objects.filter(pk__in=keys.values("newest")))
    return {(version.policy.plan, version.policy.severity): version for version in found}


def pinned(ticket: Ticket, severity: str) -> PolicyVersion:
    """What was promised for a severity to whoever opened this ticket. One query.

    Plan and version are those of the ticket's opening, also for what is promised later, when
    it is graded anew or opened again: an edit moves no promise of a ticket, and neither does
    another plan.
    """
    first = Promise.objects.filter(ticket=ticket).order_by("pk")
    given = Subquery(first.values("policy_version__policy__plan")[:1])
    plan = Coalesce(given, Value(ticket.organization.plan))
    of_policy = PolicyVersion.objects.filter(policy__plan=plan, policy__severity=severity)
    return _kept(of_policy, ticket.opened_at)


def for_opening(ticket: Ticket) -> PolicyVersion:
    """What its plan promises a ticket that is opened just now. One query."""
    values = (ticket.organization.plan, str(ticket.severity), ticket.opened_at)
    with connection.cursor() as cursor:
        cursor.execute(_IN_FORCE, values)
        found = cursor.fetchone()
    if found is None:
        raise PolicyVersion.DoesNotExist(_NOTHING)
    return policy_version(found[0])


@transaction.atomic
def publish(
    *,
    plan: str,
    severity: str,
    by: Viewer,
    now: dt.datetime,
    calendar_version: CalendarVersion,
    response_seconds: int,
    update_seconds: int | None = None,
    resolution_seconds: int | None = None,
    pauses: Mapping[str, Collection[str]] | None = None,
    warn_at: Mapping[str, Collection[float]] | None = None,
    budgets: Mapping[str, int] | None = None,
    note: str = "",
) -> PolicyVersion:
    """Put a new version in force from now on; tickets opened before keep their promises.

    ValidationError, by field, for what cannot be promised; see `policy_rules`.
    """
    access.require(by, "plan.edit")
    policy, _is_new = Policy.objects.get_or_create(plan=plan, severity=severity)
    policy = Policy.objects.select_for_update().get(pk=policy.pk)
    last = policy.versions.order_by("number").last()
    version = draft(
        policy=policy,
        calendar_version=calendar_version,
        response_seconds=response_seconds,
        update_seconds=update_seconds,
        resolution_seconds=resolution_seconds,
        pauses=pauses,
        warn_at=warn_at,
        budgets=budgets,
        note=note,
    )
    version.number = last.number + 1 if last else 1
    # Whoever waited for the lock read the time before the version that went in meanwhile.
    version.valid_from = max(now, last.valid_from) if last else now
    version.by, version.by_name = by.user, by.name
    version.save(force_insert=True)
    events.record(
        verb="policy.published",
        subject=f"policy/{policy.pk}",
        by=by,
        at=now,
        organization_id=None,
        internal=True,
        policy=str(version),
        version=version.pk,
    )
    return version


def draft(
    *,
    policy: Policy,
    calendar_version: CalendarVersion,
    response_seconds: int,
    update_seconds: int | None = None,
    resolution_seconds: int | None = None,
    pauses: Mapping[str, Collection[str]] | None = None,
    warn_at: Mapping[str, Collection[float]] | None = None,
    budgets: Mapping[str, int] | None = None,
    note: str = "",
) -> PolicyVersion:
    """The version as it would be, not saved. ValidationError for what cannot be promised."""
    version = PolicyVersion(
        policy=policy,
        calendar_version=calendar_version,
        response_seconds=response_seconds,
        update_seconds=update_seconds,
        resolution_seconds=resolution_seconds,
        pauses={kind: sorted(reasons) for kind, reasons in (pauses or {}).items() if reasons},
        warn_at={kind: sorted(shares) for kind, shares in (warn_at or {}).items() if shares},
        budgets=dict(budgets or {}),
        note=note,
    )
    policy_rules.check(version)
    return version


_NEWEST = ("-valid_from", "-number")
_IN_FORCE = """
select version.id from tickets_policyversion as version
join tickets_policy as policy on policy.id = version.policy_id
where policy.plan = %s and policy.severity = %s and version.valid_from <= %s
order by version.valid_from desc, version.number desc limit 1
"""
_NOTHING = "Nothing is promised for this plan and severity."


def _kept(of_policy: QuerySet[PolicyVersion], at: dt.datetime) -> PolicyVersion:
    """The newest, whose contents are read once a process."""
    of_policy = of_policy.filter(valid_from__lte=at).order_by(*_NEWEST)
    pk = of_policy.values_list("pk", flat=True).first()
    if pk is None:
        raise PolicyVersion.DoesNotExist(_NOTHING)
    return policy_version(pk)


def _newest(of_policy: QuerySet[PolicyVersion], at: dt.datetime) -> PolicyVersion:
    found = _related(of_policy.filter(valid_from__lte=at)).order_by(*_NEWEST).first()
    if found is None:
        raise PolicyVersion.DoesNotExist(_NOTHING)
    return found


def _related(versions: QuerySet[PolicyVersion]) -> QuerySet[PolicyVersion]:
    return versions.select_related("policy", "calendar_version__calendar")
