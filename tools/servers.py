"""Private PostgreSQL and MariaDB servers for tests and development.

    python tools/servers.py run -- pytest        start, run the command with the servers' URLs, stop
    python tools/servers.py serve                start, print the lines to export, stop on Ctrl-C
    python tools/servers.py start                the same in the background; prints how to stop it
    python tools/servers.py stop FOLDER          stop what `start` started

A server that is not installed is installed (apt when root, a wheel for PostgreSQL); where that fails it is named and
left out. With CI=true it is an error.
"""

import argparse
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import NoReturn

from localservers import ServerGroup, start_all
from localservers.finding import log
from localservers.process import ServerFailed, exports

_MISSING = 3
_URLS, _PID = "urls.env", "pid"
_BACKGROUND_TIMEOUT_S = 300.0
_LAST_WORDS_S = 15.0


class _Signalled(BaseException):
    """We were asked to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def _raise_on_signals() -> None:
    """Turn the signals that end a process into an exception, so that every `finally` runs."""

    def handle(number: int, _frame: FrameType | None) -> NoReturn:
        # The second one must not interrupt the stopping.
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, signal.SIG_IGN)
        raise _Signalled(number)

    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # What was ignored on purpose (nohup) stays ignored.
        if signal.getsignal(name) is not signal.SIG_IGN:
            signal.signal(name, handle)


def in_ci() -> bool:
    """Whether a missing server is a failure."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def _with_servers(then: Callable[[ServerGroup], int]) -> int:
    _raise_on_signals()
    started = time.monotonic()
    try:
        with start_all() as group:
            for error in group.missing:
                log(f"NOT STARTED: {error}; its tests will be skipped")
            if group.missing and in_ci():
                log("CI=true: a missing server is a failure")
                return _MISSING
            log(f"{len(group.urls)} started in {time.monotonic() - started:.1f} s")
            return then(group)
    except ServerFailed as error:
        log(str(error))
        return _MISSING
    except _Signalled as signalled:
        return 128 + signalled.number


def run(command: Sequence[str]) -> int:
    """Run a command with the servers; return its exit code."""

    def with_group(group: ServerGroup) -> int:
        process = subprocess.Popen(command, env={**os.environ, **group.urls})
        try:
            code = process.wait()
        except _Signalled as signalled:
            if signalled.number == signal.SIGINT and _in_foreground():
                # The command had the same Ctrl-C from the terminal, and may have something to say at its end.
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(_LAST_WORDS_S)
            process.terminate()
            process.wait()
            raise
        return code if code >= 0 else 128 - code

    return _with_servers(with_group)


def _in_foreground() -> bool:
    """Whether the terminal's Ctrl-C reaches us and what we started."""
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (OSError, ValueError):
        return False


def serve(folder: Path | None) -> int:
    """Keep the servers running until a signal; tell their URLs on standard output, or in a file of the folder."""

    def with_group(group: ServerGroup) -> int:
        if folder is None:
            print(exports(group.urls), end="", flush=True)
            log("running; Ctrl-C stops them")
        else:
            # Renamed when complete: its presence says that the servers are ready.
            (folder / "urls.tmp").write_text(exports(group.urls))
            (folder / "urls.tmp").rename(folder / _URLS)
        signal.pause()
        return 0

    code = _with_servers(with_group)
    return 0 if code == 128 + signal.SIGINT else code


def start() -> int:
    """Start the servers in the background and print the lines to export."""
    folder = Path(tempfile.mkdtemp(prefix="isomorph-background-"))
    with (folder / "log").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, __file__, "serve", "--folder", str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    (folder / _PID).write_text(str(process.pid))
    deadline = time.monotonic() + _BACKGROUND_TIMEOUT_S
    while not (folder / _URLS).exists():
        if process.poll() is not None or time.monotonic() > deadline:
            process.terminate()
            log((folder / "log").read_text())
            shutil.rmtree(folder)
            return _MISSING
        time.sleep(0.1)
    print((folder / _URLS).read_text(), end="")
    log(f"stop them with: {sys.executable} {sys.argv[0]} stop {folder}")
    return 0


def stop(folder: Path) -> int:
    """Stop what `start` started."""
    try:
        pid = int((folder / _PID).read_text())
        command = Path(f"/proc/{pid}/cmdline")
        if command.exists() and Path(__file__).name.encode() not in command.read_bytes():
            raise ProcessLookupError  # the number went to another process
        os.kill(pid, signal.SIGTERM)
        while _is_alive(pid):
            time.sleep(0.05)
    except (FileNotFoundError, ProcessLookupError):
        log(f"nothing runs for {folder}")
        return 1
    shutil.rmtree(folder)
    return 0


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one of the commands; return the exit code."""
    parser = argparse.ArgumentParser(
        "servers.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="action", required=True)
    commands.add_parser("run").add_argument("command", nargs=argparse.REMAINDER)
    commands.add_parser("serve").add_argument("--folder", type=Path)
    commands.add_parser("start")
    commands.add_parser("stop").add_argument("folder", type=Path)
    options = parser.parse_args(arguments)
    match options.action:
        case "run":
            command: list[str] = options.command
            command = command[1:] if command[:1] == ["--"] else command
            if not command:
                parser.error("run needs a command: run -- pytest")
            return run(command)
        case "serve":
            return serve(options.folder)
        case "start":
            return start()
        case _:
            return stop(options.folder)


if __name__ == "__main__":
    sys.exit(main())
