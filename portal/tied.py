"""Run a shell command that ends when the process that started it is gone, however it went.

`python -I -S tied.py <process id of the parent> <command>`. A supervisor ended by SIGKILL cannot
end its children itself, so on Linux the kernel is asked to send them SIGTERM. That lasts through
`exec`, not through a fork: a line of the Procfile starts with `exec`. A program of its own and no
`preexec_fn`, which is not safe in a process with threads. Other systems have no such wish.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main(parent: int, command: str) -> None:
    """Become `command`; return without running it when the parent has already gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
    if os.getppid() == parent:  # else it died before the wish was known
        os.execv("/bin/sh", ["/bin/sh", "-c", command])  # noqa: S606  the Procfile's shell


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
