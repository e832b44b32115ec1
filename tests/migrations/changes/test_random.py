"""Random changes of random tables with rows: what stays keeps its rows, and what fails loses none."""

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from isomorph.catalog import INTEGERS, TEXTS, Column, ColumnType, Kind, Table
from isomorph.errors import RevisionFailed
from isomorph.migrate import Revisions, State, rollback, run, wipe
from isomorph_generator.migrations import detect
from tests.support.catalogs import any_changed_states
from tests.support.changing import put, rows_of
from tests.support.examples import few
from tests.support.migrations import Session, revision, structure, table_names

_VALUES: dict[Kind, Callable[[ColumnType, int], object]] = {
    **dict.fromkeys(INTEGERS, lambda _, n: n),
    **dict.fromkeys(TEXTS, lambda _, n: str(n)),
    Kind.BOOL: lambda _, n: n == 1,
    Kind.DECIMAL: lambda type_, n: Decimal(n).quantize(Decimal(1).scaleb(-(type_.scale or 0))),
    Kind.REAL: lambda _, n: float(n),
    Kind.DOUBLE: lambda _, n: float(n),
    Kind.BYTES: lambda _, n: str(n).encode(),
    Kind.DATE: lambda _, n: dt.date(2026, 1, n),
    Kind.TIME: lambda _, n: dt.time(1, 2, n, 5),
    Kind.DATETIME: lambda _, n: dt.datetime(2026, 1, n, tzinfo=dt.UTC).replace(tzinfo=None),
    Kind.TIMESTAMPTZ: lambda _, n: dt.datetime(2026, 1, n, tzinfo=dt.UTC),
    Kind.INTERVAL: lambda _, n: dt.timedelta(seconds=n),
    Kind.JSON: lambda _, n: [n],
    Kind.UUID: lambda _, n: uuid.UUID(int=n),
    Kind.ENUM: lambda type_, n: ("it's", "50%")[n % 2] if type_.enum == "Role" else ("red", "Red")[n % 2],
}
"""The value of a row by its number, of the kinds that rows here may have."""


def _is_filled(table: Table) -> bool:
    """Whether rows of a table are known here: of any other kind its columns hold NULL or a default, and need not differ."""
    known = {column.name for column in table.columns if column.type.kind in _VALUES}
    return all(any(name in known for name in key) for key in table.unique_keys) and all(
        column.name in known or column.nullable or column.default is not None or column.generated is not None
        for column in table.columns
    )


def _rows(table: Table) -> list[dict[str, object]]:
    given = [c for c in table.columns if c.generated is None and c.type.kind in _VALUES and not _points(table, c)]
    return [{column.name: _VALUES[column.type.kind](column.type, n) for column in given} for n in (1, 2)]


def _points(table: Table, column: Column) -> bool:
    return any(column.name in key.columns for key in table.foreign_keys) or any(
        column.name in (guard.type_column, guard.id_column) for guard in table.guards
    )


@given(pair=any_changed_states())
@settings(
    max_examples=few(5),
    phases=[Phase.generate],  # making an example smaller takes minutes on a server
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@pytest.mark.feature("migrations.change_column", "migrations.reverse")
def test_rows_stay_there_and_back(session: Session, dialect: str, pair: tuple[State, State]) -> None:
    before, after = pair
    first = Revisions((revision("r1", detect(State(), before)),))
    # Whole or not at all, where the database can.
    change = revision("r2", detect(before, after, asks=False), "r1", safely=False)
    revisions = Revisions((*first.items, change))
    try:
        run(session, first)
        plain = structure(session)
        rows = {name: _rows(table) for name, table in before.tables.items() if _is_filled(table)}
        put(session, before, rows)
        try:
            run(session, revisions)
        except RevisionFailed:
            # A value that fits no more, or a rule that the rows do not keep to: all is as it was where DDL can be taken back.
            if dialect == "mysql":
                assert all(name not in table_names(session) or _count(session, name) == 2 for name in rows)
            else:
                assert structure(session) == plain
                assert rows_of(session, before, rows) == rows
            return
        kept = {
            name: _kept(before.tables[name], after.tables[name], rows[name]) for name in rows if name in after.tables
        }
        assert rows_of(session, after, kept) == kept
        changed = structure(session)
        try:
            rollback(session, revisions, step=1)
        except RevisionFailed:
            # A column comes again that holds no NULL and has no default, or values that are none of the type before.
            assert dialect == "mysql" or (structure(session) == changed and rows_of(session, after, kept) == kept)
            return
        assert structure(session) == plain
        assert {name: _count(session, name) for name in kept} == dict.fromkeys(kept, 2)
    finally:
        wipe(session)


def _kept(before: Table, after: Table, rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """What of the rows no change touches."""
    same = [column.name for column in after.columns if column.generated is None and column in before.columns]
    return [{name: value for name, value in row.items() if name in same} for row in rows]


def _count(session: Session, name: str) -> int:
    return int(session.fetch(f"SELECT COUNT(*) FROM {session.dialect.quoted(name)}")[0][0])
