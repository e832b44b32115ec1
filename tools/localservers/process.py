"""Runs a server's processes: as which user, on which port, dying with us. Owns signals and waiting."""

import contextlib
import ctypes
import functools
import os
import pwd
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Identity", "Launch", "ServerFailed", "Spawned", "free_port", "log_tail"]

_LOOPBACK = "127.0.0.1"
_START_TIMEOUT_S = 90.0
_STOP_TIMEOUT_S = 15.0
_PR_SET_PDEATHSIG = 1  # from <linux/prctl.h>


class ServerFailed(Exception):
    """A server, or the program that prepares its data directory, gave up."""

    def __init__(self, title: str, what: str, output: str) -> None:
        super().__init__(title, what, output)
        self.title, self.what, self.output = title, what, output

    def __str__(self) -> str:
        return f"{self.title}: {self.what}\n{self.output}"


def free_port() -> int:
    """Return a loopback port that nobody listens on at this moment; the caller must be ready to lose the race for it."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((_LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def log_tail(path: Path, lines: int = 25) -> str:
    """Return the last lines of a log file; empty when there is none."""
    with contextlib.suppress(FileNotFoundError):
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    return ""


@dataclass(frozen=True)
class Identity:
    """The user a server runs as. Database servers refuse root, so root hands over to the server's own user."""

    name: str | None = None

    @classmethod
    def for_server(cls, *names: str) -> "Identity":
        """Choose the first existing user when root (`nobody` when none exists); ourselves otherwise."""
        if os.geteuid() != 0:
            return cls()
        known = {entry.pw_name for entry in pwd.getpwall()}
        return cls(next((name for name in names if name in known), "nobody"))

    def own(self, path: Path) -> None:
        """Make a file or directory this user's, and nobody else's."""
        path.chmod(0o700 if path.is_dir() else 0o600)
        if self.name is not None:
            entry = pwd.getpwnam(self.name)
            os.chown(path, entry.pw_uid, entry.pw_gid)

    def popen(self, command: Sequence[str | Path], cwd: Path, output: Path) -> "subprocess.Popen[bytes]":
        """Start a command as this user in its own session, its output appended to a file."""
        entry = pwd.getpwnam(self.name) if self.name is not None else None
        env = {
            "PATH": os.environ.get("PATH", os.defpath),
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "HOME": str(cwd),
        }
        if "LD_LIBRARY_PATH" in os.environ:
            env["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
        with output.open("ab") as log_file:
            return subprocess.Popen(
                [str(part) for part in command],
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log_file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=entry.pw_uid if entry else None,
                group=entry.pw_gid if entry else None,
                extra_groups=[] if entry else None,
                preexec_fn=_die_with_parent(),  # noqa: PLW1509 - one system call, and we have one thread
            )


@functools.cache
def _die_with_parent() -> Callable[[], None] | None:
    """Return what makes a child end when we are killed without a chance to stop it; None where the system has no such call."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def ask_for_signal() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGQUIT, 0, 0, 0)

    return ask_for_signal


@dataclass(frozen=True)
class Launch:
    """How to start one server: the command for a port, and how to see that it is ready."""

    title: str
    identity: Identity
    home: Path
    """The directory it runs in; its log goes there."""
    command: Callable[[int], Sequence[str | Path]]
    is_ready: Callable[[int], bool]
    stop_signals: tuple[signal.Signals, ...]
    """From polite to certain."""

    @property
    def log_path(self) -> Path:
        """Where the server's own messages go."""
        return self.home / "server.log"

    def start(self, attempts: int = 5) -> "Spawned":
        """Start the server, on another port when somebody took the one we chose.

        Raises:
            ServerFailed: it ended or was not ready in time, on every port tried.
        """
        for attempt in range(1, attempts + 1):
            spawned = Spawned(self, free_port())
            try:
                spawned.wait_until_ready()
            except ServerFailed as error:
                spawned.stop()
                if attempt == attempts or "in use" not in error.output.lower():
                    raise
            except BaseException:
                spawned.stop()
                raise
            else:
                return spawned
        raise AssertionError


class Spawned:
    """A running server."""

    def __init__(self, launch: Launch, port: int) -> None:
        self.launch, self.port = launch, port
        self._process = launch.identity.popen(launch.command(port), launch.home, launch.log_path)

    def wait_until_ready(self) -> None:
        """Wait until the server takes connections.

        Raises:
            ServerFailed: it ended, or was not ready in time.
        """
        deadline = time.monotonic() + _START_TIMEOUT_S
        while not self.launch.is_ready(self.port):
            if (code := self._process.poll()) is not None:
                raise ServerFailed(self.launch.title, f"ended with {code}", log_tail(self.launch.log_path))
            if time.monotonic() > deadline:
                raise ServerFailed(self.launch.title, "not ready in time", log_tail(self.launch.log_path))
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop the server, ever less politely."""
        for signal_ in (*self.launch.stop_signals, signal.SIGKILL):
            if self._process.poll() is not None:
                return
            self._process.send_signal(signal_)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_STOP_TIMEOUT_S)


def run_to_end(title: str, process: "subprocess.Popen[bytes]", output: Path) -> None:
    """Wait for a program that prepares a data directory.

    Raises:
        ServerFailed: it did not succeed.
    """
    if (code := process.wait()) != 0:
        raise ServerFailed(title, f"preparing the data directory ended with {code}", log_tail(output))


def exports(urls: Mapping[str, str]) -> str:
    """Return the shell lines that hand the URLs to another terminal."""
    return "".join(f"export {name}={url}\n" for name, url in urls.items())
