"""How a session of MySQL or MariaDB is set up, whichever client library opens it: strict, UTC, utf8mb4."""

from __future__ import annotations

import re

from isomorph.dataclassing import dataclass
from isomorph.dialects.mysql import MYSQL
from isomorph.drivers.mysql_values import text
from isomorph.drivers.options import Options

__all__ = ["CONNECT_TIMEOUT_S", "SessionSettings", "capabilities", "session_settings"]

CONNECT_TIMEOUT_S = 10.0

# MariaDB servers are often configured to store what does not fit cut to size, and to give 0 for what is no number.
# Without the last one the difference of two unsigned numbers may not be negative, not even in a comparison.
_SQL_MODE = (
    "STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,"
    "NO_UNSIGNED_SUBTRACTION"
)
# What GROUP_CONCAT gives is cut at this length, with no more than a warning; the largest that MariaDB takes, in bytes.
_LONGEST_GATHERED = 2**32 - 1
# Text that belongs to no column is compared as columns are (see the DDL of the dialect): as a part of SET, with its comma.
_COLLATION = "/*M! collation_connection = utf8mb4_nopad_bin, */ /*!80017 collation_connection = utf8mb4_0900_bin, */ "

_MARIADB = re.compile(r"(?:5\.5\.5-)?(\d+)\.(\d+)[.\d]*-MariaDB", re.IGNORECASE)
_MARIADB_RETURNING = (10, 5)


@dataclass(frozen=True, slots=True)
class SessionSettings:
    """What the options of a URL say of a session.

    Attributes:
        collation: of texts that belong to no column; None for the one that columns have.
        lock_timeout_s: how long a statement waits for a row; None for what the server says.
        statement_timeout_s: how long a statement may run; None for what the server says.
    """

    collation: str | None
    lock_timeout_s: float | None
    statement_timeout_s: float | None

    def statement(self, version: str) -> str:
        """The one statement that sets up a session; `version` is what the server says of itself."""
        settings = [
            "autocommit = 1",
            f"sql_mode = '{_SQL_MODE}'",
            "time_zone = '+00:00'",
            f"group_concat_max_len = {_LONGEST_GATHERED}",
        ]
        if self.collation is not None:
            settings.append(f"collation_connection = {text(self.collation)}")
        if self.lock_timeout_s is not None:
            settings.append(f"innodb_lock_wait_timeout = {max(1, round(self.lock_timeout_s))}")
        if self.statement_timeout_s is not None and _MARIADB.search(version) is not None:
            settings.append(f"max_statement_time = {self.statement_timeout_s:f}")
        elif self.statement_timeout_s is not None:
            # MySQL counts milliseconds, and for SELECT only.
            settings.append(f"max_execution_time = {round(self.statement_timeout_s * 1000)}")
        return f"SET {_COLLATION if self.collation is None else ''}{', '.join(settings)}"


def session_settings(options: Options) -> SessionSettings:
    """Take what concerns the session out of the options of a URL.

    Raises:
        InvalidUrl: a value has no meaning.
    """
    options.choice("charset", ("utf8mb4",))  # there is no other, but URLs of other programs name it
    return SessionSettings(
        options.text("collation"), options.seconds("lock_timeout"), options.seconds("statement_timeout")
    )


def capabilities(version: str) -> frozenset[str]:
    """What a server can that says this of itself."""
    mariadb = _MARIADB.search(version)
    if mariadb is None:
        return MYSQL.capabilities
    told = MYSQL.capabilities | {"analyze_json"}
    return told | {"returning"} if (int(mariadb[1]), int(mariadb[2])) >= _MARIADB_RETURNING else told
