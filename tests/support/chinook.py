"""Chinook, a database that was made elsewhere: loaded from its scripts into an empty database of any dialect."""

import os
import re
import sqlite3
from pathlib import Path

import pytest

from tests.support.databases import connect_raw, fetch_all, sqlite_file

__all__ = ["load_chinook"]

_VARIABLE = "ISOMORPH_TEST_CHINOOK"
_FOLDER = Path(__file__).parents[3] / "shared" / "data" / "chinook"
"""Beside the project, where `ISOMORPH_TEST_CHINOOK` names no other folder."""
_FILES = {"sqlite": "Chinook_Sqlite.sql", "postgresql": "Chinook_PostgreSql.sql", "mysql": "Chinook_MySql.sql"}
_OF_SERVERS = re.compile(r"^\s*(?:DROP DATABASE|CREATE DATABASE|USE |\\c).*$", re.MULTILINE)
"""What makes a database, or goes into one: the tests have theirs."""


def load_chinook(dialect: str, url: str) -> None:
    """Run the script of a dialect; skips the test where the scripts are not there."""
    path = Path(os.environ.get(_VARIABLE) or _FOLDER) / _FILES[dialect]
    if not path.is_file():
        pytest.skip(f"the scripts of Chinook are not there; name their folder in {_VARIABLE}")
    text = path.read_text("utf-8-sig")
    if dialect == "sqlite":
        connection = sqlite3.connect(sqlite_file(url))
        connection.executescript(text)
        connection.close()
        return
    raw = connect_raw(url)
    bare = _OF_SERVERS.sub("", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL))
    for statement in re.split(r";\s*\n", bare):
        if statement.strip():
            fetch_all(raw, statement)
    raw.close()
