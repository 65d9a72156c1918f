"""The cache behind the rate limits counts for all processes, whatever becomes of a request."""

import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import transaction

from portal.database import DatabaseUrls
from portal.shared_cache import SharedCache


@pytest.fixture
def cache(committed_database: DatabaseUrls) -> SharedCache:
    return SharedCache("", {})


def test_it_keeps_what_json_can_hold(cache: SharedCache) -> None:
    cache.set("history", [1.5, 2.5], 60)
    assert cache.get("history") == [1.5, 2.5]
    assert cache.get("unknown", "nothing") == "nothing"


def test_what_ran_out_is_gone(cache: SharedCache) -> None:
    cache.set("short", 1, 0)
    assert cache.get("short") is None
    assert cache.add("short", 2)


def test_of_many_adding_at_once_exactly_one_wins(cache: SharedCache) -> None:
    ready = threading.Barrier(8)

    def add(number: int) -> bool:
        ready.wait()
        return cache.add("lock", number, 60)

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(add, range(8))) == 1


def test_a_count_outlives_the_request_that_was_rolled_back(cache: SharedCache) -> None:
    with transaction.atomic():
        cache.set("attempts", 1, 60)
        transaction.set_rollback(True)
    assert cache.incr("attempts") == 2


def test_delete_touch_and_clear(cache: SharedCache) -> None:
    cache.set("one", 1)
    assert cache.touch("one", 60)
    assert cache.delete("one")
    assert not cache.delete("one")
    assert not cache.touch("one")
    cache.set("two", 2, None)
    cache.clear()
    assert cache.get("two") is None


def test_a_tenant_cannot_read_or_write_it(fresh_database: DatabaseUrls) -> None:
    with psycopg.connect(fresh_database.app) as app:
        app.execute("select set_config('role', 'vigil_customer', true)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("select from portal_shared_cache")
