"""The `web` process: what a WSGI server runs. It serves even before its database is up."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("VIGIL_POOL", "1")

from django.core.wsgi import get_wsgi_application  # noqa: E402  the settings read both
from django.db import OperationalError  # noqa: E402

from portal.startup_checks import refuse_powerful_connections, refuse_powerful_login  # noqa: E402

application = get_wsgi_application()
try:
    refuse_powerful_login()
except OperationalError:
    refuse_powerful_connections()
