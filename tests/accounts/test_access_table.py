"""Every role and every verb, written out a second time so that a slip in the table shows."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from accounts import access
from accounts.models import User
from accounts.viewer import SYSTEM, Viewer

HERE, ELSEWHERE = 1, 2
ROLES = ["owner", "admin", "developer", "viewer", "engineer", "manager"]
# One column a role, in that order.
TABLE = """
organization.read  x x x x x x
team.manage        x x - - - x
owner.manage       x - - - - x
token.manage       x x - - - -
hotline.manage     x x - - - -
widget.manage      x x - - - -
ticket.read        x x x x x x
ticket.open        x x x - x x
ticket.reply       x x x - x x
ticket.resolve     x x x - x x
ticket.close       x x x - x x
ticket.reopen      x x x - x x
ticket.follow      x x x x x x
ticket.note        - - - - x x
ticket.open_for    - - - - x x
chat.join          - - - - x x
chat.end           x x x - x x
ticket.assign      - - - - x x
ticket.agree_date  - - - - x x
ticket.join        - - - - x x
ticket.edit_facts  x x x - x x
severity.change    x x x - x x
severity.consent   x x x - - -
severity.decide    - - - - - x
page.acknowledge   - - - - x x
page.escalate      - - - - x x
handover.write     - - - - x x
handover.accept    - - - - x x
drill.confirm      - - - - x x
roster.read        - - - - x x
roster.edit        - - - - - x
roster.override    - - - - x x
roster.swap        - - - - x x
leave.take         - - - - x x
contact.edit       - - - - x x
staff.edit         - - - - - x
plan.edit          - - - - - x
quarantine.retry   - - - - - x
mail.route         - - - - x x
enquiry.open       - - - - x x
enquiry.answer     - - - - x x
article.write      - - - - x x
article.publish    - - - - x x
release.edit       - - - - x x
release.announce   - - - - x x
ticket.link_article - - - - x x
version.state      x x x - - -
checklist.keep     x x x - - -
"""
CASES = [
    (verb, role, mark == "x")
    for verb, *marks in (line.split() for line in TABLE.strip().splitlines())
    for role, mark in zip(ROLES, marks, strict=True)
]


def viewer(role: str, scopes: frozenset[str] | None = None) -> Viewer:
    person = User(pk=1, name="Somebody")
    if role in access.StaffRole.values:
        return Viewer(user=person, staff_role=access.StaffRole(role))
    return Viewer(user=person, roles={HERE: role}, scopes=scopes)


@pytest.mark.parametrize(("verb", "role", "may"), CASES)
def test_who_may_do_what(verb: str, role: str, may: bool) -> None:
    assert access.allows(viewer(role), verb, HERE) is may
    if role not in access.StaffRole.values:
        assert not access.allows(viewer(role), verb, ELSEWHERE), "and nothing elsewhere"
        assert not access.allows(viewer(role), verb, None)


def test_the_table_here_is_complete() -> None:
    assert [verb for verb, *_rest in CASES[:: len(ROLES)]] == list(access.VERBS)


@pytest.mark.parametrize("verb", access.VERBS)
def test_nobody_and_those_who_left_may_do_nothing(verb: str) -> None:
    assert not access.allows(Viewer(user=None), verb, HERE)
    assert not access.allows(Viewer(user=User(pk=1)), verb, HERE)
    with pytest.raises(PermissionDenied, match="role does not allow"):
        access.require(Viewer(user=None), verb, HERE)


@pytest.mark.parametrize("verb", access.VERBS)
@pytest.mark.parametrize("role", ["manager", "engineer", "root", ""])
def test_a_members_row_with_the_name_of_another_role_gives_nothing(verb: str, role: str) -> None:
    assert not access.allows(Viewer(user=User(pk=1), roles={HERE: role}), verb, HERE)


@pytest.mark.parametrize("verb", access.VERBS)
def test_the_system_may_do_everything(verb: str) -> None:
    assert access.allows(SYSTEM, verb, HERE)


def test_a_verb_outside_the_table_is_a_mistake_of_ours_even_for_the_system() -> None:
    for somebody in (SYSTEM, viewer("owner"), viewer("manager")):
        with pytest.raises(KeyError):
            access.allows(somebody, "ticket.vanish", HERE)


@pytest.mark.parametrize(("verb", "role", "may"), CASES)
def test_a_token_has_at_most_its_scopes_and_its_creators_role(
    verb: str, role: str, may: bool
) -> None:
    if role in access.StaffRole.values:
        return
    for scope, verbs in access.SCOPES.items():
        allowed = access.allows(viewer(role, frozenset({scope})), verb, HERE)
        assert allowed is (may and verb in verbs), scope


def test_a_token_without_scopes_or_with_unknown_ones_may_do_nothing() -> None:
    for scopes in (frozenset[str](), frozenset({"tickets:everything"})):
        assert not access.allows(viewer("owner", scopes), "ticket.read", HERE)
