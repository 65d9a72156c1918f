"""The one settings file, in test mode; pytest-django reads it before any conftest runs."""

import os

os.environ["VIGIL_MODE"] = "test"

from portal.settings import *  # noqa: E402, F403

STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405  WhiteNoise warns without it, and warnings are errors
