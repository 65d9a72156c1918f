"""The database alone keeps tenants apart: shown on the catalogue, by SQL, and by mutation."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from portal.database import DatabaseUrls
from tests.walls import two_tenants
from tests.walls.two_tenants import Tenants, leaks, tenant_tables

Connection = psycopg.Connection[tuple[str, ...]]

# What no customer's transaction may read at all, whoever wrote the query.
CLOSED_TO_CUSTOMERS = {
    "accounts_contactmethod",
    "accounts_delivery",
    "account_emailaddress",
    "account_emailconfirmation",
    "django_admin_log",
    "django_session",
    "knowledge_articlefeedback",
    "knowledge_releaseannouncement",
    "knowledge_searchclick",
    "knowledge_searchrecord",
    "mfa_authenticator",
    "portal_shared_cache",
    "tickets_callrecording",
    "tickets_holding",
    "tickets_ladder",
    "tickets_ladderstep",
    "tickets_skill",
    "usersessions_usersession",
}


@pytest.fixture
def tenants(committed_database: DatabaseUrls) -> Tenants:
    return two_tenants.make_committed()


@pytest.fixture
def app(committed_database: DatabaseUrls) -> Iterator[Connection]:
    with psycopg.connect(committed_database.app, autocommit=True) as connection:
        yield connection


@pytest.fixture
def owner(committed_database: DatabaseUrls) -> Iterator[Connection]:
    with psycopg.connect(committed_database.owner, autocommit=True) as connection:
        yield connection


@pytest.fixture
def customer(app: Connection, tenants: Tenants) -> Iterator[Connection]:
    """A connection inside a transaction of the first tenant."""
    with app.transaction(force_rollback=True):
        app.execute(
            "select set_config('role', 'vigil_customer', true),"
            " set_config('vigil.orgs', %s, true), set_config('vigil.user', %s, true)",
            [str(tenants.mine.pk), str(tenants.me.pk)],
        )
        yield app


# Of no tenant: who may read them is a matter of the article (test_article_walls.py).
READ_BY_AUDIENCE = {
    "knowledge_article",
    "knowledge_article_categories",
    "knowledge_articlefile",
    "knowledge_change",
    "knowledge_release",
    "knowledge_searchdocument",
    "knowledge_searchembedding",
    "knowledge_searchlearning",
    "knowledge_searchpassage",
    "knowledge_searchposting",
    "knowledge_searchword",
    "knowledge_translation",
}


#: Written by people of no organization too, and read by no customer.
GIVEN_BY_ANYBODY = {"knowledge_articlefeedback"}


def test_every_tenant_table_has_forced_row_security(owner: Connection) -> None:
    rows = owner.execute(
        "select relname::text, relrowsecurity, relforcerowsecurity from pg_class"
        " where relname = any (%s) and relkind = 'r'",
        [tenant_tables(owner)],
    ).fetchall()
    assert len(rows) >= 17
    assert [name for name, enabled, forced in rows if not (enabled and forced)] == []


def test_every_privilege_on_a_tenant_table_comes_with_one_policy_of_that_role(
    owner: Connection,
) -> None:
    rows = owner.execute(
        """
        select distinct g.table_name::text, g.grantee::text,
               (select count(*) from pg_policies p
                where p.tablename = g.table_name and g.grantee = any (p.roles))
        from information_schema.role_table_grants g
        where g.table_name = any (%s) and g.grantee <> 'vigil_owner'
        """,
        [tenant_tables(owner)],
    ).fetchall()
    assert {grantee for _t, grantee, _n in rows} <= {
        "vigil_customer",
        "vigil_staff",
        "vigil_engine",
        "vigil_app",
    }
    assert [row for row in rows if row[2] != 1] == []


def test_no_policy_mixes_staff_and_customers(owner: Connection) -> None:
    rows = owner.execute(
        "select tablename::text, policyname::text, roles, qual from pg_policies"
        " where tablename <> 'accounts_user'"
    ).fetchall()
    for table, policy, roles, condition in rows:
        assert len(roles) == 1, f"{table}.{policy} serves {roles}"
        if roles == ["vigil_customer"] and table not in READ_BY_AUDIENCE:
            assert "vigil_orgs()" in condition, f"{table}.{policy}: {condition}"
            if table not in GIVEN_BY_ANYBODY:
                assert " OR " not in condition, f"{table}.{policy}: {condition}"


def test_customers_cannot_read_what_is_not_theirs_to_read(owner: Connection) -> None:
    readable = {
        name
        for (name,) in owner.execute(
            "select relname::text from pg_class where relkind = 'r'"
            " and relnamespace = 'public'::regnamespace"
            " and has_any_column_privilege('vigil_customer', oid, 'select')"
        )
    }
    assert readable & CLOSED_TO_CUSTOMERS == set()


def test_no_runtime_role_has_power_over_the_walls(owner: Connection) -> None:
    rows = owner.execute(
        "select rolname::text from pg_roles where rolname like 'vigil\\_%'"
        " and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)"
    ).fetchall()
    assert rows == []


def test_one_customer_sees_nothing_of_another(app: Connection, tenants: Tenants) -> None:
    assert leaks(app, tenants) == set()


def test_the_probe_notices_every_policy_that_is_dropped(
    app: Connection, owner: Connection, tenants: Tenants
) -> None:
    """Mutation test: without its policy a table shows nothing, without its wall everything."""
    policies = owner.execute(
        "select tablename::text, policyname::text from pg_policies"
        " where 'vigil_customer' = any (roles) and tablename = any (%s) and cmd = 'ALL'"
        " and has_any_column_privilege('vigil_customer', quote_ident(tablename), 'select')",
        [tenant_tables(owner)],
    ).fetchall()
    readable = [p for p in policies if p[0] != "accounts_delivery"]
    assert len(readable) >= 20
    for table, policy in readable:
        owner.execute(f"alter policy {policy} on {table} rename to set_aside")
        owner.execute(f"alter policy set_aside on {table} to vigil_owner")
        assert table in leaks(app, tenants), f"{table} without {policy}"
        owner.execute(f"alter policy set_aside on {table} to vigil_customer")
        owner.execute(f"alter policy set_aside on {table} rename to {policy}")
        owner.execute(f"alter table {table} disable row level security")
        assert table in leaks(app, tenants), f"{table} without its wall"
        owner.execute(f"alter table {table} enable row level security")
    assert leaks(app, tenants) == set()


def test_without_a_tenant_named_a_customer_sees_nothing(
    customer: Connection, tenants: Tenants
) -> None:
    customer.execute("select set_config('vigil.orgs', '', true)")
    for table in ("accounts_organization", "tickets_ticket", "tickets_entry", "accounts_event"):
        assert customer.execute(f"select count(*) from {table}").fetchone() == (0,)


def test_the_login_itself_reads_no_ticket(app: Connection, tenants: Tenants) -> None:
    for table in ("tickets_ticket", "tickets_entry", "accounts_event", "accounts_deadline"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute(f"select * from {table}")


def test_notes_and_internal_events_are_hidden_by_the_database(
    customer: Connection, tenants: Tenants
) -> None:
    assert customer.execute(
        "select count(*) from tickets_entry where kind = 'note'"
    ).fetchone() == (0,)
    assert customer.execute("select count(*) from accounts_event where internal").fetchone() == (0,)
    assert customer.execute(
        "select count(*) from tickets_entry where body like '%%CANARY%%'"
    ).fetchone() == (0,)


def test_no_password_hash_is_readable(customer: Connection) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        customer.execute("select password from accounts_user")


def test_a_customer_sees_colleagues_and_staff_but_no_other_customers_people(
    customer: Connection, tenants: Tenants
) -> None:
    names = {name for (name,) in customer.execute("select name from accounts_user")}
    assert names == {"Mine owner", "Zhao Min"}


def test_a_foreign_row_cannot_be_changed(customer: Connection, tenants: Tenants) -> None:
    changed = customer.execute(
        "update tickets_ticket set subject = 'mine now' where id = %s", [tenants.their_ticket.pk]
    )
    assert changed.rowcount == 0


ENTRY = """
insert into tickets_entry
    (organization_id, ticket_id, kind, author_id, author_name, author_level, by_staff, channel,
     body, at)
values (%s, %s, %s, %s, 'n', '', %s, 'portal', 'b', now())
"""


def test_nothing_can_be_written_into_another_organization(
    customer: Connection, tenants: Tenants
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
        customer.execute(
            ENTRY,
            [tenants.theirs.pk, tenants.their_ticket.pk, "reply", tenants.me.pk, False],
        )


def test_a_row_cannot_name_another_organizations_ticket_as_its_parent(
    customer: Connection, tenants: Tenants
) -> None:
    """Foreign keys ignore row security, so the composite key has to say no."""
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        customer.execute(
            ENTRY, [tenants.mine.pk, tenants.their_ticket.pk, "reply", tenants.me.pk, False]
        )


@pytest.mark.parametrize(
    ("kind", "by_staff", "own"),
    [("note", False, True), ("reply", True, True), ("reply", False, False)],
)
def test_a_customer_cannot_write_as_staff_nor_as_somebody_else(
    customer: Connection, tenants: Tenants, kind: str, by_staff: bool, own: bool
) -> None:
    author = tenants.me.pk if own else tenants.them.pk
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        customer.execute(ENTRY, [tenants.mine.pk, tenants.my_ticket.pk, kind, author, by_staff])


@pytest.mark.parametrize("table", ["accounts_event", "tickets_promisefact"])
@pytest.mark.parametrize("statement", ["delete from {}", "truncate {} cascade"])
def test_the_logs_cannot_be_altered_even_by_their_owner(
    owner: Connection, tenants: Tenants, table: str, statement: str
) -> None:
    owner.execute(f"alter table {table} no force row level security")
    with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
        owner.execute(statement.format(table))


def test_nobody_but_staff_makes_staff(app: Connection, tenants: Tenants) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="only staff may make staff"):
        app.execute("update accounts_user set is_staff = true where id = %s", [tenants.me.pk])
