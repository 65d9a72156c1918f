"""Contact methods: added, changed and removed by their owners, and verified before they ring."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.db.utils import ProgrammingError

from accounts import contact_checks, contacts, reaching
from accounts.contact_checks import Answer
from accounts.models import ContactCheck, ContactMethod, Delivery, Event, QuietHours, User
from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON

pytestmark = pytest.mark.django_db

NTFY = "ntfy://secret-topic"


def after(minutes: float) -> dt.datetime:
    return NOON + dt.timedelta(minutes=minutes)


def add(person: User, *, now: dt.datetime = NOON, **values: Any) -> ContactMethod:
    values = {"kind": "push", "address": NTFY} | values
    return contacts.add(user=person, by=Viewer.of(person), now=now, **values)


def rung(person: User) -> list[str]:
    calls = reaching.calls_for([person], urgent=True, at=NOON)[person.pk]
    return [method.address for method, _due in calls]


def code_of(method: ContactMethod) -> str:
    latest = method.checks.last()
    assert latest is not None
    return contact_checks.code(latest.pk)


def type_code(method: ContactMethod, typed: str, *, now: dt.datetime = NOON) -> Answer:
    return contact_checks.confirm_by_code(
        method=method, typed=typed, by=Viewer.of(method.user), now=now
    )


def test_a_new_method_is_asked_and_not_rung(cast: SimpleNamespace) -> None:
    method = add(cast.engineer)
    delivery = Delivery.objects.get(kind="check")
    assert (delivery.channel, delivery.address) == ("push", NTFY)
    assert delivery.organization_id is None
    assert (method.verified_at, method.position) == (None, 1)
    assert rung(cast.engineer) == [cast.engineer.email]
    assert Event.objects.get(verb="contact.added").internal


def test_neither_code_nor_link_is_stored_anywhere(cast: SimpleNamespace) -> None:
    method = add(cast.engineer)
    code = code_of(method)
    with connection.cursor() as cursor:
        for table in ("accounts_contactcheck", "accounts_delivery", "accounts_event"):
            cursor.execute(f"select string_agg(row::text, ' ') from {table} row")  # noqa: S608
            stored = cursor.fetchone()[0]
            assert code not in stored.replace("-", " ").split()
            assert contact_checks.token(method.checks.get().pk) not in stored


def test_the_typed_code_verifies_it(cast: SimpleNamespace) -> None:
    method = add(cast.engineer)
    code = code_of(method)
    assert type_code(method, f" {code[:3]} {code[3:]} ", now=after(1)) == Answer.CONFIRMED
    method.refresh_from_db()
    assert method.verified_at == after(1)
    assert rung(cast.engineer) == [cast.engineer.email, NTFY]
    assert Event.objects.filter(verb="contact.verified").count() == 1


def test_a_code_works_once_and_for_an_hour(cast: SimpleNamespace) -> None:
    method = add(cast.engineer)
    code = code_of(method)
    assert type_code(method, code, now=after(60)) == Answer.NOTHING_OPEN
    assert type_code(method, code, now=after(59)) == Answer.CONFIRMED
    assert type_code(method, code, now=after(59)) == Answer.NOTHING_OPEN


def test_after_five_wrong_codes_the_right_one_is_refused_too(cast: SimpleNamespace) -> None:
    method = add(cast.engineer)
    code = code_of(method)
    wrong = "000000" if code != "000000" else "000001"
    answers = [type_code(method, wrong) for _attempt in range(5)]
    assert answers == [Answer.WRONG] * 4 + [Answer.NO_MORE]
    assert type_code(method, code) == Answer.NO_MORE
    method.refresh_from_db()
    assert method.verified_at is None


def test_a_new_message_ends_the_code_before(cast: SimpleNamespace) -> None:
    method = add(cast.engineer)
    before = code_of(method)
    contact_checks.ask(method=method, by=Viewer.of(cast.engineer), now=after(1))
    assert code_of(method) != before
    assert type_code(method, before, now=after(2)) == Answer.WRONG


def test_a_changed_address_asks_anew_and_ends_the_check_before(cast: SimpleNamespace) -> None:
    method = add(cast.engineer)
    other = factories.contact_method(cast.engineer, "ntfy://mine", kind="push")
    check = method.checks.get()
    changed = contacts.change(
        method=other, by=Viewer.of(cast.engineer), now=NOON, address="ntfy://new"
    )
    assert changed.verified_at is None
    assert Delivery.objects.get(address="ntfy://new").kind == "check"
    contacts.change(method=method, by=Viewer.of(cast.engineer), now=NOON, address="ntfy://x")
    assert contact_checks.open_check(check.pk, now=NOON) is None


def test_another_kind_of_ringing_is_asked_anew(cast: SimpleNamespace) -> None:
    method = factories.contact_method(
        cast.engineer,
        NTFY,
        kind="push",
        fallback_address="ntfy://spare",
        fallback_verified_at=NOON,
    )
    changed = contacts.change(method=method, by=Viewer.of(cast.engineer), now=NOON, kind="phone")
    assert (changed.verified_at, changed.working_fallback) == (None, "")
    assert sorted(Delivery.objects.values_list("channel", "address")) == [
        ("phone", NTFY),
        ("phone", "ntfy://spare"),
    ]
    assert rung(cast.engineer) == [cast.engineer.email]


def test_a_fallback_rung_as_before_stays_verified(cast: SimpleNamespace) -> None:
    method = factories.contact_method(
        cast.engineer,
        NTFY,
        kind="push",
        fallback_address="zhao@elsewhere.example",
        fallback_verified_at=NOON,
    )
    changed = contacts.change(method=method, by=Viewer.of(cast.engineer), now=NOON, kind="chat")
    assert (changed.verified_at, changed.working_fallback) == (None, "zhao@elsewhere.example")
    assert Delivery.objects.get().address == NTFY


def test_what_is_not_the_address_changes_without_asking(cast: SimpleNamespace) -> None:
    method = factories.contact_method(cast.engineer, NTFY, kind="push")
    contacts.change(
        method=method, by=Viewer.of(cast.engineer), now=NOON, delay_seconds=120, enabled=False
    )
    method.refresh_from_db()
    assert (method.verified_at, method.delay_seconds, method.enabled) == (NOON, 120, False)
    assert not ContactCheck.objects.exists()
    assert rung(cast.engineer) == [cast.engineer.email]


def test_a_fallback_is_verified_for_itself(cast: SimpleNamespace) -> None:
    method = add(cast.engineer, fallback_address="zhao@elsewhere.example")
    assert sorted(Delivery.objects.values_list("channel", "address")) == [
        ("email", "zhao@elsewhere.example"),
        ("push", NTFY),
    ]
    check = method.checks.get(is_fallback=True)
    contact_checks.confirm(check=check, by=Viewer.of(cast.engineer), now=NOON)
    method.refresh_from_db()
    assert (method.verified_at, method.working_fallback) == (None, "zhao@elsewhere.example")
    contacts.change(
        method=method, by=Viewer.of(cast.engineer), now=NOON, fallback_address="z@other.example"
    )
    method.refresh_from_db()
    assert method.working_fallback == ""


def test_the_address_of_the_login_counts_as_verified(cast: SimpleNamespace) -> None:
    cast.engineer.contact_methods.all().delete()
    method = add(cast.engineer, kind="email", address="ZHAO@vigil.example")
    assert method.verified_at == NOON
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("change", [{"enabled": False}, {"address": "ntfy://else", "kind": "push"}])
def test_the_last_verified_one_stays_unless_somebody_means_it(
    cast: SimpleNamespace, change: dict[str, Any]
) -> None:
    method = cast.engineer.contact_methods.get()
    add(cast.engineer)  # not verified, so no help
    by = Viewer.of(cast.engineer)
    with pytest.raises(contacts.LeavesLoginOnly):
        contacts.remove(method=method, by=by, now=NOON)
    with pytest.raises(contacts.LeavesLoginOnly):
        contacts.change(method=method, by=by, now=NOON, **change)
    contacts.change(method=method, by=by, now=NOON, even_if_last=True, **change)
    factories.contact_method(cast.second, NTFY, kind="push")
    for one in list(cast.second.contact_methods.all()):
        contacts.remove(method=one, by=Viewer.of(cast.second), now=NOON, even_if_last=True)
    assert rung(cast.second) == [cast.second.email]


def test_methods_are_put_in_order(cast: SimpleNamespace) -> None:
    push = factories.contact_method(cast.engineer, NTFY, kind="push")
    by = Viewer.of(cast.engineer)
    contacts.move(method=push, up=True, by=by, now=NOON)
    assert rung(cast.engineer) == [NTFY, cast.engineer.email]
    contacts.move(method=push, up=True, by=by, now=NOON)
    assert rung(cast.engineer) == [NTFY, cast.engineer.email]
    assert Event.objects.filter(verb="contact.moved").count() == 1


def test_nobody_touches_anothers_but_managers(cast: SimpleNamespace) -> None:
    method = cast.second.contact_methods.get()
    stranger, manager = Viewer.of(cast.engineer), Viewer.of(cast.lead)
    for attempt in (
        lambda: contacts.add(user=cast.second, by=stranger, kind="push", address=NTFY, now=NOON),
        lambda: contacts.change(method=method, by=stranger, now=NOON, delay_seconds=5),
        lambda: contacts.remove(method=method, by=stranger, now=NOON),
        lambda: contact_checks.ask(method=method, by=stranger, now=NOON),
        lambda: contacts.set_quiet_hours(
            user=cast.second, by=stranger, starts_at=None, ends_at=None, now=NOON
        ),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    contacts.change(method=method, by=manager, now=NOON, delay_seconds=5)
    contacts.add(user=cast.second, by=manager, kind="push", address=NTFY, now=NOON)
    with pytest.raises(PermissionDenied):
        contact_checks.confirm_by_code(
            method=cast.second.contact_methods.last(), typed="000000", by=manager, now=NOON
        )


def test_the_database_itself_keeps_engineers_from_others_methods(cast: SimpleNamespace) -> None:
    def as_engineer(statement: str) -> None:
        with (
            acting_as(DatabaseRole.STAFF, user_id=cast.engineer.pk),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)

    mine, theirs = (one.contact_methods.get().pk for one in (cast.engineer, cast.second))
    update = "update accounts_contactmethod set address = 'x' where id = {}"
    as_engineer(update.format(mine))
    for statement in (
        update.format(theirs),
        f"delete from accounts_contactmethod where id = {theirs}",  # noqa: S608
        f"update accounts_contactmethod set user_id = {cast.second.pk} where id = {mine}",  # noqa: S608
        f"insert into accounts_quiethours (user_id, starts_at, ends_at) "
        f"values ({cast.second.pk}, '00:00', '23:59')",
    ):
        with pytest.raises(ProgrammingError, match="only managers"):
            as_engineer(statement)


def test_customers_read_nothing_of_it(cast: SimpleNamespace) -> None:
    for table in ("contactmethod", "contactcheck", "quiethours"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            acting_as(DatabaseRole.CUSTOMER, organizations=[cast.star.pk]),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"select 1 from accounts_{table}")  # noqa: S608


def test_nobodys_telephone_is_bombed(cast: SimpleNamespace) -> None:
    """Not by asking again, not by adding and removing, not by naming ever more addresses."""
    by = Viewer.of(cast.engineer)
    method = add(cast.engineer)
    with pytest.raises(ValidationError, match="less than a minute"):
        contact_checks.ask(method=method, by=by, now=after(0.9))
    contacts.remove(method=method, by=by, now=NOON)
    with pytest.raises(ValidationError, match="less than a minute"):
        add(cast.engineer, now=after(0.5))
    for minute in range(1, 12):
        again = add(cast.engineer, now=after(minute))
        contacts.remove(method=again, by=by, now=after(minute))
    with pytest.raises(ValidationError, match="Too many messages"):
        add(cast.engineer, now=after(13))
    assert add(cast.engineer, now=after(61)).pk


def test_there_is_an_end_to_the_methods_of_one_person(cast: SimpleNamespace) -> None:
    for number in range(contacts.MOST - 1):
        factories.contact_method(cast.engineer, f"ntfy://topic{number}", kind="push")
    with pytest.raises(ValidationError, match="Remove one first"):
        add(cast.engineer)


def test_quiet_hours_are_both_ends_or_none(cast: SimpleNamespace) -> None:
    def quiet(start: dt.time | None, end: dt.time | None) -> None:
        contacts.set_quiet_hours(
            user=cast.engineer,
            by=Viewer.of(cast.engineer),
            starts_at=start,
            ends_at=end,
            now=NOON,
        )

    night, morning = dt.time(22), dt.time(7)
    for ends in ((night, None), (None, morning), (night, night)):
        with pytest.raises(ValidationError):
            quiet(*ends)
    quiet(night, morning)
    quiet(dt.time(23), morning)
    assert QuietHours.objects.get().starts_at == dt.time(23)
    quiet(None, None)
    assert not QuietHours.objects.exists()
