"""Vigil with one page more, for real processes: the page in `live_site`."""

from portal.settings import *  # noqa: F403

ROOT_URLCONF = "tests.browser.live_site"
