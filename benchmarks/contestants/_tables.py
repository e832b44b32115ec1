"""The tables of isomorph, for hand-written code: what is compared is the code, on the same tables with the same constraints."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.harness.data import TABLES
from benchmarks.store import db
from isomorph import dialects
from isomorph.migrate import State
from isomorph.migrate.planning import steps
from isomorph_generator.migrations.autodetector import detect

__all__ = ["creations", "insertion"]


def creations(dialect: str) -> list[str]:
    """The statements that create all tables and their indexes."""
    planned = steps(detect(State(), State.of_catalog(db.catalog)), dialects.get(dialect), State())
    return [statement for step in planned for statement in step.statements]


def insertion(table: str, sign: str, columns: Sequence[str] = ()) -> str:
    """An INSERT of one row with placeholders."""
    columns = columns or TABLES[table].columns
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join([sign] * len(columns))})"
