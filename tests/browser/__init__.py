"""Where the browser tests find a Chromium, and what happens without one."""

import os
import shutil

HOW_TO_GET_IT = "apt install chromium"


def chromium() -> str | None:
    """Return the path of the system's Chromium; VIGIL_CHROMIUM names another."""
    named = os.environ.get("VIGIL_CHROMIUM")
    candidates = [named] if named else ["chromium", "chromium-browser", "google-chrome"]
    return next(filter(None, map(shutil.which, candidates)), None)


def required() -> bool:
    """Whether a missing Chromium is a failure, as in CI, and not a reason to skip."""
    return os.environ.get("VIGIL_REQUIRE_BROWSER") == "1"
