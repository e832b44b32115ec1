"""The interpreter, the driver and the row."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.programs._models import KEY, ending

__all__ = ["files"]

_MAIN = f"""import os
import sqlite3

connection = sqlite3.connect(os.environ["BENCHMARK_DATABASE"])
cursor = connection.execute("SELECT id, name, email, age, score, active FROM users WHERE id = ?", ({KEY},))
"""


def files(_models: int, _dialect: str) -> Mapping[str, str]:
    """Hand-written code has no models."""
    return {"main.py": _MAIN + ending("cursor.fetchone()")}
