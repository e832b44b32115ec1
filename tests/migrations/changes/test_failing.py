"""Changes that rows do not allow: refused by the database, and nothing lost."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pytest

from isomorph.catalog import Column, ColumnType, Enum, Table
from isomorph.errors import RevisionFailed
from isomorph.migrate import (
    ChangeColumn,
    ChangeEnum,
    ChangePrimaryKey,
    Operation,
    Revisions,
    State,
    run,
)
from isomorph.migrate import types as t
from tests.support.changing import made, put, rows_of
from tests.support.migrations import Session, revision, structure

ROLE = Enum("Role", ("member", "writer"), "role")
ID = Column("id", t.int())


@dataclass(frozen=True)
class Failing:
    """A change that fails for a value of a column."""

    name: str
    column: Column
    value: Any
    operation: Operation

    def __str__(self) -> str:
        return self.name


def _change(name: str, before: ColumnType, after: ColumnType, value: object) -> Failing:
    old, new = Column("a", before), Column("a", after)
    return Failing(name, old, value, ChangeColumn("things", old, new))


_ROLES = ChangeEnum(ROLE, replace(ROLE, values=("member",)))
_NULLABLE = Column("a", t.string(9), nullable=True)
FAILING: Sequence[Failing] = (
    _change("a text that is too long", t.string(20), t.string(3), "four"),
    _change("text that is no number", t.string(20), t.int(), "four"),
    _change("text that is no decimal", t.string(20), t.decimal(5, 2), "four"),
    _change("text that is no date", t.string(20), t.date(), "four"),
    _change("text that is no truth value", t.string(20), t.bool(), "four"),
    _change("text that is no JSON", t.text(), t.json(), "four"),
    _change("a number that is too large", t.bigint(), t.tinyint(), 1000),
    _change("a number below zero", t.int(), t.unsigned_int(), -1),
    _change("a decimal of too many digits", t.decimal(9, 2), t.decimal(3, 2), Decimal("12345.00")),
    _change("text that is no value of an enum", t.string(20), t.enum("Role"), "four"),
    Failing(
        "NULL where none may be", _NULLABLE, None, ChangeColumn("things", _NULLABLE, replace(_NULLABLE, nullable=False))
    ),
    Failing("a value of an enum that is used", Column("a", t.enum("Role")), "writer", _ROLES),
    Failing("a value of an enum in a set", Column("a", t.set("Role")), ["writer"], _ROLES),
    Failing("a value of an enum in a list", Column("a", t.array(t.enum("Role"))), ["member", "writer"], _ROLES),
    Failing("a key that is twice there", Column("a", t.string(9)), "x", ChangePrimaryKey("things", ("id",), ("a",))),
)


@pytest.mark.feature("migrations.change_column", "migrations.change_enum", "migrations.change_key")
@pytest.mark.parametrize("failing", FAILING, ids=str)
def test_rows_that_do_not_fit_fail_a_change_and_stay(failing: Failing, session: Session) -> None:
    table = Table("things", (ID, failing.column), ("id",))
    before = State.of([table], []).with_enum(ROLE)
    rows = {"things": [{"id": number, "a": failing.value} for number in (1, 2)]}
    first = revision("r1", made(before))
    revisions = Revisions((first, revision("r2", (failing.operation,), "r1", safely=False)))
    run(session, Revisions((first,)))
    plain = structure(session)
    put(session, before, rows)
    with pytest.raises(RevisionFailed) as caught:
        run(session, revisions)
    assert str(failing.operation) in str(caught.value)
    assert "four" not in str(caught.value)
    # Where DDL cannot be taken back, the column of the new values stays beside, for the run that goes on.
    assert [row for row in structure(session) if "isomorph_new" not in row] == plain
    assert rows_of(session, before, rows) == rows
