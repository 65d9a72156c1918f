"""Run the Procfile's processes on one machine and keep them running.

honcho parses the file and prints the lines, but its own manager ends everything when one process
dies. The engine must outlive a crash at any moment, so here what died is started again, after a
pause that grows while it keeps dying.
"""

import datetime as dt
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from honcho.environ import parse_procfile
from honcho.printer import Message, Printer

LOOK_EVERY_SECONDS = 0.2
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
STEADY_AFTER_SECONDS = 60.0  # one that ran this long starts again without a long pause
GRACE_SECONDS = 15.0
TIED = Path(__file__).with_name("tied.py")
COLOURS = ("36", "33", "32", "35", "34", "31")


@dataclass
class Child:
    """One line of the Procfile and the process that runs it."""

    name: str
    command: str
    colour: str
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE_SECONDS
    start_at: float = 0.0


class Supervisor:
    """Starts all children, restarts what dies, ends all of them on SIGINT or SIGTERM."""

    def __init__(
        self, procfile: Path, environment: dict[str, str], tend: Callable[[], None]
    ) -> None:
        """`tend` is called between looks, for what else must be kept alive (the database)."""
        commands = parse_procfile(procfile.read_text()).processes
        self.children = [
            Child(name, command, COLOURS[index % len(COLOURS)])
            for index, (name, command) in enumerate(commands.items())
        ]
        self.folder = procfile.parent
        self.environment = environment | {"PYTHONUNBUFFERED": "1"}
        self.tend = tend
        self.stopping = threading.Event()
        self.lines: queue.SimpleQueue[tuple[Child | None, bytes]] = queue.SimpleQueue()
        self.printer = Printer(sys.stdout, width=max(len(child.name) for child in self.children))

    def run(self) -> None:
        """Return after SIGINT or SIGTERM, when every child has ended."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask_to_stop)
        printing = threading.Thread(target=self._print_lines, daemon=True)
        printing.start()
        try:
            while not self.stopping.wait(LOOK_EVERY_SECONDS):
                self.tend()
                for child in self.children:
                    self._keep(child)
        finally:
            self._end_all()
            self.lines.put((None, b""))
            printing.join(timeout=2)

    def say(self, child: Child, text: str) -> None:
        self.lines.put((child, text.encode()))

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping.set()

    def _keep(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is None:
            if now >= child.start_at:
                self._start(child, now)
        elif (code := child.process.poll()) is not None:
            _signal_group(child.process, signal.SIGKILL)  # what a dead parent left behind
            if now - child.started >= STEADY_AFTER_SECONDS:
                child.pause = FIRST_PAUSE_SECONDS
            how = f"signal {-code}" if code < 0 else f"exit code {code}"
            self.say(child, f"ended with {how}; starting it again in {child.pause:g} s")
            child.process, child.start_at = None, now + child.pause
            child.pause = min(child.pause * 2, LONGEST_PAUSE_SECONDS)

    def _start(self, child: Child, now: float) -> None:
        child.started = now
        tied = [sys.executable, "-I", "-S", str(TIED), str(os.getpid()), child.command]
        child.process = subprocess.Popen(  # noqa: S603  the Procfile is a list of shell commands
            tied,  # ends with us even when we are killed
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches us alone, and we end them in order
        )
        threading.Thread(target=self._read, args=(child, child.process), daemon=True).start()

    def _read(self, child: Child, process: subprocess.Popen[bytes]) -> None:
        if process.stdout:
            for line in process.stdout:
                self.lines.put((child, line))

    def _print_lines(self) -> None:
        while True:
            child, line = self.lines.get()
            if child is None:
                return
            when = dt.datetime.now().astimezone()
            self.printer.write(Message("line", line, when, child.name, child.colour))

    def _end_all(self) -> None:
        running = [child.process for child in self.children if child.process]
        for process in running:
            _signal_group(process, signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        for process in running:
            try:
                process.wait(timeout=max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                pass
            _signal_group(process, signal.SIGKILL)
            process.wait()


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        pass  # nothing of it is left
