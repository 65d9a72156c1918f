"""A real Dovecot, on 127.0.0.1 and in a folder of its own (Debian: dovecot-imapd)."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psutil

from tests.ports import free_ports
from tests.processes import wait_until

PASSWORD: Final = "secret"  # noqa: S105  of a server that lives for minutes
USER: Final = "support"
ACCOUNT: Final = "nobody"
WORKER: Final = Path("/usr/lib/dovecot/imap")  # what dovecot-imapd adds to dovecot-core
SETTINGS: Final = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail
first_valid_uid = 1
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={account} gid={group} home={folder}/home
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""


class Dovecot:
    """One mailbox; `put` delivers into it, `kill` ends every process of the server at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (self.port,) = free_ports(1)
        account = pwd.getpwnam(ACCOUNT)
        self.owner = (account.pw_uid, account.pw_gid)
        folder.chmod(0o755)
        for name in ("run", "home", "mail", "mail/new", "mail/cur", "mail/tmp"):
            (folder / name).mkdir()
        for name in ("home", "mail", "mail/new", "mail/cur", "mail/tmp"):
            os.chown(folder / name, *self.owner)
        self.settings = folder / "dovecot.conf"
        group = "nogroup"
        self.settings.write_text(
            SETTINGS.format(folder=folder, password=PASSWORD, account=ACCOUNT, group=group,
                            port=self.port)
        )  # fmt: skip
        self.process: subprocess.Popen[bytes] | None = None
        self.number = 0

    @property
    def url(self) -> str:
        return f"imap://{USER}:{PASSWORD}@127.0.0.1:{self.port}/INBOX"

    def start(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603  our own command line
            [_program(), "-F", "-c", str(self.settings)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def kill(self) -> None:
        """With no chance to finish anything. Its workers have sessions of their own."""
        if self.process is None:
            return

        family = psutil.Process(self.process.pid)
        for one in [family, *family.children(recursive=True)]:
            try:
                one.send_signal(signal.SIGKILL)
            except psutil.NoSuchProcess:
                pass
        self.process.wait()
        self.process = None
        shutil.rmtree(self.folder / "run", ignore_errors=True)
        (self.folder / "run").mkdir()

    def put(self, raw: bytes) -> None:
        """Deliver a mail, as a delivery agent does."""
        self.number += 1
        name = f"{1_700_000_000 + self.number}.M{self.number}P1.drill"
        path = self.folder / "mail" / "tmp" / name
        path.write_bytes(raw)
        os.chown(path, *self.owner)
        path.rename(self.folder / "mail" / "new" / name)

    def unseen(self) -> int:
        """How many mails are not marked as seen."""
        cur = [name for name in os.listdir(self.folder / "mail" / "cur") if "S" not in _flags(name)]
        return len(cur) + len(os.listdir(self.folder / "mail" / "new"))


def is_possible() -> bool:
    """It is installed with IMAP, and we may give files to the account it runs as."""
    return os.geteuid() == 0 and Path(_program()).exists() and WORKER.exists()


def _program() -> str:
    return shutil.which("dovecot") or "/usr/sbin/dovecot"


def _flags(name: str) -> str:
    return name.rpartition(":2,")[2] if ":2," in name else ""


@contextmanager
def dovecot() -> Iterator[Dovecot]:
    """A server that is gone, with its folder, at the end of the block."""
    folder = Path(tempfile.mkdtemp(prefix="vigil-dovecot-"))
    server = Dovecot(folder)
    server.start()
    try:
        wait_until(lambda: (folder / "run" / "master.pid").exists(), "Dovecot starts", 20)
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)
