"""The one settings file, in test mode; pytest-django reads it before any conftest runs."""

import os

os.environ["VIGIL_MODE"] = "test"

from portal.settings import *  # noqa: E402, F403
