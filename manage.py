#!/usr/bin/env python3
"""Vigil's command line."""

import os
import sys


def choose_mode(arguments: list[str]) -> None:
    """A checkout without a database of its own is the demo; anything else is production."""
    if "--demo" in arguments or not os.environ.get("DATABASE_URL"):
        os.environ.setdefault("VIGIL_MODE", "demo")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    choose_mode(sys.argv)
    from django.core.management import execute_from_command_line

    from portal.startup_checks import clear_lines

    with clear_lines():
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
