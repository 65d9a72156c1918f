"""Scripts that measure Vigil and break it; each makes a database of its own.

Django is set up here, before any script imports a model.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django  # noqa: E402

django.setup()
