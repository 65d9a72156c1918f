"""The table of jobs, and what the cluster is told."""

from __future__ import annotations

import warnings
from importlib import import_module

import pytest
from django.conf import settings
from django.contrib import admin

from portal.worker.jobs import JOBS


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_each_job_names_a_function_that_exists(job: object) -> None:
    for name in (job.function, job.hook):  # type: ignore[attr-defined]
        if name:
            module, _dot, function = name.rpartition(".")
            assert callable(getattr(import_module(module), function))


def test_a_task_ends_before_it_would_be_tried_again() -> None:
    cluster = settings.Q_CLUSTER
    assert cluster["timeout"] < cluster["retry"]
    assert (cluster["catch_up"], cluster["bulk"]) == (False, 1)
    assert cluster["max_attempts"] > 0


def test_no_admin_page_shows_the_tables_of_pickles() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert "django_q" not in {model._meta.app_label for model in admin.site._registry}
