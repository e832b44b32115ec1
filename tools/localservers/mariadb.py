"""A private MariaDB (or MySQL, where that is what is installed as mariadbd). Owns its settings."""

import contextlib
import secrets
import signal
import socket
from pathlib import Path

from localservers.finding import Finder, Recipe
from localservers.process import Identity, Launch, Spawned, run_to_end

__all__ = ["RECIPE", "VARIABLE", "Preparation"]

VARIABLE = "ISOMORPH_TEST_MYSQL"
RECIPE = Recipe(
    title="MariaDB",
    programs=("mariadbd", "mariadb-install-db"),
    folders=("/opt/homebrew/opt/mariadb/bin",),
    apt_package="mariadb-server",
)

_SETTINGS = {
    "bind-address": "127.0.0.1",
    "max-connections": "200",
    "max-connect-errors": "1000000",
    "skip-name-resolve": "ON",
    "skip-log-bin": "ON",
    # What Debian's package sets, and every newer default.
    "character-set-server": "utf8mb4",
    "collation-server": "utf8mb4_general_ci",
    # Nothing here outlives the run, so nothing has to survive a crash.
    "innodb-flush-log-at-trx-commit": "0",
    "innodb-doublewrite": "OFF",
    "innodb-use-native-aio": "OFF",
    "innodb-flush-method": "nosync",
    "innodb-buffer-pool-size": "128M",
    "innodb-log-file-size": "32M",
    "performance-schema": "OFF",
    # Neither strict nor UTC on purpose: a session that forgets to set its own must be seen.
    "sql-mode": "",
    "default-time-zone": "+05:30",
}


class Preparation:
    """A data directory being made; `start` waits for it."""

    def __init__(self, finder: Finder, home: Path) -> None:
        self._programs = finder.find(RECIPE)
        self._home, self._data = home, home / "data"
        self._password = secrets.token_hex(16)
        self._identity = Identity.for_server("mysql")
        home.mkdir()
        self._identity.own(home)
        self._init_file = home / "init.sql"
        self._init_file.write_text(
            f"CREATE USER isomorph@'127.0.0.1' IDENTIFIED BY '{self._password}';\n"
            "GRANT ALL PRIVILEGES ON *.* TO isomorph@'127.0.0.1' WITH GRANT OPTION;\n"
        )
        self._identity.own(self._init_file)
        self._log = home / "install.log"
        self._process = self._identity.popen(
            (
                *(self._programs["mariadb-install-db"], "--no-defaults", f"--datadir={self._data}"),
                # root may come in through the socket of our private directory only.
                *("--auth-root-authentication-method=socket", "--skip-test-db", "--skip-name-resolve"),
                *("--innodb-flush-method=nosync", "--innodb-log-file-size=32M"),
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
            is_ready=_greets,
            stop_signals=(signal.SIGTERM, signal.SIGQUIT),
        ).start()
        return f"mysql://isomorph:{self._password}@127.0.0.1:{server.port}", server

    def abandon(self) -> None:
        """Stop preparing."""
        self._process.kill()
        self._process.wait()

    def _command(self, port: int) -> tuple[str | Path, ...]:
        return (
            self._programs["mariadbd"],
            "--no-defaults",  # must come first
            f"--datadir={self._data}",
            f"--port={port}",
            f"--socket={self._home / 'socket'}",
            f"--pid-file={self._home / 'pid'}",
            f"--init-file={self._init_file}",
            *(f"--{name}={value}" for name, value in _SETTINGS.items()),
        )


def _greets(port: int) -> bool:
    """See whether the server speaks first, as its protocol wants, and not of an error."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        # Three bytes of length, one of sequence, then the protocol's version (10) or 0xff for an error.
        head = connection.recv(5)
        return len(head) == 5 and head[4] == 10
    return False
