"""The live stream: tells open pages which ticket changed, so that they fetch it again.

Owns who may listen, what they are told, and when they are cut off. It says "ticket 7 changed,
event 912" and nothing more: what may be seen of that is decided by the page that asks `web`.
Never belongs here: names, texts, templates, or a write of any kind.

`portal.live:application` is what an ASGI server runs.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

import django  # noqa: E402  reads the settings named above

django.setup()

from portal.live.asgi import Application  # noqa: E402  needs the models

application = Application()
