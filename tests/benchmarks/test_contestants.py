"""Hand-written code and isomorph do the same work: every workload gives the same rows, on every dialect."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.harness.contestant import contestant_names, contestant_of
from benchmarks.harness.data import TABLES, USERS
from benchmarks.harness.facts import facts_of
from benchmarks.harness.filling import analyze
from benchmarks.harness.places import place
from benchmarks.harness.worker import prepare, seen
from benchmarks.harness.workload import Measure, workloads
from isomorph.connections import Connection, parse

pytestmark = pytest.mark.feature("project.benchmarks")

# What starts processes of its own is shown where those are.
_INSIDE = (Measure.TIME, Measure.MEMORY, Measure.PEAK)


def _checksums(name: str, dialect: str, folder: Path) -> dict[str, str]:
    """By workload."""
    facts, where, found = facts_of(name), place(dialect, f"test_{name}", folder), dict[str, str]()
    where.anew()
    try:
        with closing(contestant_of(name)(where)) as contestant:
            prepare(contestant, dict.fromkeys(TABLES))
            for work in workloads().values():
                here = dialect in work.dialects and facts.does(work.name, dialect)
                if here and work.measure in _INSIDE:
                    contestant.clear("users", USERS)
                    found[work.name] = seen(contestant, work)
    finally:
        where.drop()
    return found


def _able(dialect: str) -> Iterator[str]:
    for name in contestant_names("contestants"):
        if dialect in facts_of(name).drivers:
            yield name


def test_hand_written_code_and_isomorph_give_the_same_rows(dialect: str, tmp_path: Path) -> None:
    names = list(_able(dialect))
    found = {name: _checksums(name, dialect, tmp_path) for name in names}

    assert "isomorph" in names
    assert any(name.startswith("hand_") for name in names)
    for work in workloads():
        assert len({checksums[work] for checksums in found.values() if work in checksums}) <= 1, work
    assert set(found["isomorph"]) == {work.name for work in workloads().values() if work.measure in _INSIDE}


_COUNTED = {
    "postgresql": "SELECT count(*) FROM pg_stats WHERE schemaname = 'public' AND tablename = 'users'",
    "mysql": "SELECT sum(table_rows > 0) FROM information_schema.tables"
    " WHERE table_schema = database() AND table_name = 'users'",
}


def test_servers_have_counted_what_is_in_the_tables(dialect: str, tmp_path: Path) -> None:
    if dialect == "sqlite":
        pytest.skip("sqlite counts nothing unless a program asks for it")
    where = place(dialect, "test_counted", tmp_path)
    where.anew()
    try:
        with closing(contestant_of("isomorph")(where)) as contestant:
            prepare(contestant, {"users": 500})
        analyze(where, ["users"])
        with closing(Connection("counted", parse(where.url(dialect)))) as connection:
            ((counted,),) = connection.fetch(_COUNTED[dialect])
    finally:
        where.drop()

    assert counted


def test_every_workload_has_a_method_that_someone_else_has_too() -> None:
    able = [facts_of(name) for name in contestant_names("contestants")]
    hand = {work for facts in able if facts.name.startswith("hand_") for work in facts.taking}
    ours = {work for facts in able if facts.name == "isomorph" for work in facts.taking}

    assert ours == set(workloads())
    # Nobody compiles queries by hand.
    assert "compile" not in hand
    assert {"narrow", "nested", "upsert", "threads"} <= hand


def test_the_data_is_the_same_at_every_call() -> None:
    for table in TABLES.values():
        rows = table.rows()
        assert rows == table.rows()
        assert len(rows) == table.number
        assert {len(row) for row in rows} == {len(table.columns)}
        assert table.rows(2) == rows[:2]
