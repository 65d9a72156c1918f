"""As whom, and where, the embedded PostgreSQL runs.

PostgreSQL refuses to run as root. Started by root (a container, a fresh machine), it runs as the
existing account `nobody`; nothing is created in the system's user list and the permissions of no
existing folder change. Where that account cannot reach the checkout (say, below `/root`), binaries
and data stand in `/var/lib/vigil-<hash>` instead.
"""

import hashlib
import os
import pwd
import shutil
import stat
from pathlib import Path
from typing import TypedDict

ACCOUNT = "nobody"


class Identity(TypedDict, total=False):
    """Keyword arguments for `subprocess` that give root away; empty for anyone else."""

    user: int
    group: int
    extra_groups: list[int]


def identity() -> Identity:
    """Return the account the server processes run as."""
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam(ACCOUNT)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def give(path: Path) -> None:
    """Hand a file or folder of ours to the server's account; does nothing unless we are root."""
    account = identity()
    if account:
        os.chown(path, account["user"], account["group"])


def reachable(path: Path) -> bool:
    """Whether the server's account may pass every folder above `path`."""
    if not identity():
        return True
    folder = path.parent.resolve()
    return all(above.stat().st_mode & stat.S_IXOTH for above in [folder, *folder.parents])


def outside_home(directory: Path) -> Path:
    """Return a folder for `directory`'s data that the server's account can reach (root only)."""
    digest = hashlib.sha256(str(directory.resolve()).encode()).hexdigest()[:12]
    home = Path("/var/lib") / f"vigil-{digest}"
    home.mkdir(mode=0o755, exist_ok=True)
    return home


def reachable_copy(program_folder: Path, directory: Path) -> Path:
    """Return `program_folder`, or a copy of it where the server's account can run it."""
    server = program_folder / "bin" / "postgres"
    made = server.stat()
    if not identity() or (reachable(server) and made.st_mode & stat.S_IXOTH):
        return program_folder
    copy = outside_home(directory) / f"postgres-{made.st_size}-{int(made.st_mtime)}"
    if not copy.exists():
        partial = copy.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(program_folder, partial, symlinks=True)
        for path in [partial, *partial.rglob("*")]:
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044))
        for program in (partial / "bin").iterdir():
            program.chmod(0o755)
        partial.rename(copy)
    return copy
