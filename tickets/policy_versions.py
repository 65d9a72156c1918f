"""Versions of policies and calendars by their key: read once a process, for they never change.

Which version counts is asked of the database each time; only what stands in it is kept here.
"""

from __future__ import annotations

from typing import Final

from django.db import connection

from tickets.models import CalendarVersion, PolicyVersion

_LIMIT: Final = 1024
_Key = tuple[str, int]  # by the database too: tests go from one to another
_policies: dict[_Key, PolicyVersion] = {}
_calendars: dict[_Key, CalendarVersion] = {}


def policy_version(pk: int) -> PolicyVersion:
    """The version, with its policy and the version of its calendar."""
    key = _key(pk)
    found = _policies.get(key)
    if found is None:
        found = PolicyVersion.objects.select_related("policy").get(pk=pk)
        found.calendar_version = calendar_version(found.calendar_version_id)
        if len(_policies) >= _LIMIT:
            _policies.clear()
        _policies[key] = found
    return found


def calendar_version(pk: int) -> CalendarVersion:
    key = _key(pk)
    found = _calendars.get(key)
    if found is None:
        found = CalendarVersion.objects.get(pk=pk)
        if len(_calendars) >= _LIMIT:
            _calendars.clear()
        _calendars[key] = found
    return found


def _key(pk: int) -> _Key:
    return str(connection.settings_dict["NAME"]), pk
