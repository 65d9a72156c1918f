"""Read settings from the environment; what is missing or wrong is said in one clear line."""

import ipaddress
import os
import secrets
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit


def refuse(line: str) -> NoReturn:
    """End the process with exit code 2 and one line on standard error."""
    sys.stderr.write(f"{line}\n")
    raise SystemExit(2)


def required(name: str, meaning: str) -> str:
    """Return the variable `name`, or refuse to start, naming it."""
    value = os.environ.get(name, "").strip()
    if not value:
        refuse(f"{name} is not set: {meaning}.")
    return value


def optional(name: str, default: str = "") -> str:
    """Return the variable `name`; empty counts as unset."""
    return os.environ.get(name, "").strip() or default


def flag(name: str) -> bool:
    """Return whether `name` is 1; refuse anything but 0 and 1."""
    return choice(name, ("0", "1"), "0") == "1"


def number(name: str, default: int) -> int:
    """Return `name` as a whole number that is not negative."""
    value = optional(name, str(default))
    if not value.isascii() or not value.isdigit():
        refuse(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def choice(name: str, allowed: Iterable[str], default: str) -> str:
    """Return `name`, which must be one of `allowed`."""
    value = optional(name, default)
    if value not in allowed:
        refuse(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")
    return value


def networks(name: str, default: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    """Return `name` as IP networks or single addresses, separated by commas."""
    value = optional(name, default)
    try:
        return tuple(ipaddress.ip_network(one.strip()) for one in value.split(",") if one.strip())
    except ValueError:
        refuse(f"{name} must be IP networks separated by commas, not {value!r}.")


def origins(name: str, *, secure: bool) -> list[str]:
    """Return `name` as origins of web pages, separated by spaces; `secure` wants https."""
    found = []
    for one in optional(name).split():
        parts = urlsplit(one)
        is_origin = one == f"{parts.scheme}://{parts.netloc}" and "@" not in parts.netloc
        plain = is_origin and not set(parts.netloc) & set("*;,'\"") and parts.netloc
        if not plain or parts.scheme not in (("https",) if secure else ("https", "http")):
            refuse(f"{name} must be origins (https://docs.example.com) apart by spaces: {one!r}.")
        found.append(one.lower())
    return found


def why_production() -> str:
    """Return what to add for whoever named a database and no mode, and may have meant the demo."""
    if optional("VIGIL_MODE") or not optional("DATABASE_URL"):
        return ""
    return (
        " (a DATABASE_URL means production; for the demo on that database say VIGIL_MODE=demo, "
        "or `make run UP=--demo`)"
    )


def kept_secret(path: Path) -> str:
    """Return a random secret kept in a file only we may read; the first caller makes it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(f"{path.name}.{os.getpid()}")
    made.touch(mode=0o600)
    made.write_text(secrets.token_urlsafe(48))
    try:
        os.link(made, path)  # of several at once, one wins and all read the same
    except FileExistsError:
        pass
    finally:
        made.unlink()
    return path.read_text()
