"""Which column takes the place of which, where that can be done in phases. Pure.

Owns what `orm migrate make --expand-contract` refuses: what no two programs can have at once, and changes beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from isomorph.catalog import Column, ObjectKind, SqlText, Table
from isomorph.dialects.standard.conversions import converts
from isomorph.migrate import ChangeColumn, Operations, RenameColumn, State
from isomorph_generator.migrations.comparing import computed_by, holds, leads_to, names_columns
from isomorph_generator.migrations.errors import UnsupportedChange, UnsupportedChanges

__all__ = ["Move", "move"]

_PLAIN = "make it without --expand-contract"
_NAMING = frozenset({ObjectKind.VIEW, ObjectKind.TRIGGER, ObjectKind.FUNCTION})


@dataclass(frozen=True, slots=True)
class Move:
    """A column that takes the place of another.

    Attributes:
        old: its table until now.
        new: its table from now on.
        before: the column until now.
        after: the column from now on.
    """

    old: Table
    new: Table
    before: Column
    after: Column

    @property
    def table(self) -> str:
        """The name of the table, which stays."""
        return self.new.name

    @property
    def keeps_name(self) -> bool:
        """Whether the type alone changes."""
        return self.before.name == self.after.name

    def __str__(self) -> str:
        return f"{self.table}.{self.before.name}"


def move(before: State, after: State, operations: Operations) -> Move:
    """The one column of a change whose name or type changes.

    Args:
        before: the state that the revisions lead to.
        after: the state that is wanted.
        operations: what leads from the one to the other at once.

    Raises:
        UnsupportedChanges: there is none, or several, or it cannot be done in phases.
    """
    moved = list(_moved(operations))
    if not moved:
        told = ", ".join(map(str, operations))
        what = f"there is no column with another name or type, which phases are for: {told}"
        raise UnsupportedChanges([UnsupportedChange(what, _PLAIN)])
    if len(moved) > 1:
        told = ", ".join(f"{table}.{name}" for table, name, _ in moved)
        what = f"phases are for one column at a time, and several change: {told}"
        mend = "leave the others as they are until the phases of the first are written"
        raise UnsupportedChanges([UnsupportedChange(what, mend)])
    [(table, name, wanted)] = moved
    if table not in before.tables:
        what = f"{table}.{name} changes along with the name of its table"
        mend = "rename the table in a revision of its own, without --expand-contract, while nothing uses it"
        raise UnsupportedChanges([UnsupportedChange(what, mend)])
    old, new = before.tables[table], after.tables[table]
    found = Move(old, new, old.column(name), new.column(wanted))
    if refused := list(_refused(found, before, after)):
        raise UnsupportedChanges(refused)
    return found


def _moved(operations: Operations) -> Iterator[tuple[str, str, str]]:
    """Table, old and new name of each column whose name or type changes."""
    former = {(op.table, op.after): op.before for op in operations if isinstance(op, RenameColumn)}
    yield from ((table, name, wanted) for (table, wanted), name in former.items())
    for operation in operations:
        if isinstance(operation, ChangeColumn) and operation.before.type != operation.after.type:
            name = operation.after.name
            if (operation.table, name) not in former:
                yield operation.table, name, name


def _refused(found: Move, before: State, after: State) -> Iterator[UnsupportedChange]:
    yield from _of_use(found, before)
    yield from _of_facts(found)
    yield from _by_hand(found, before)
    for table in (before.tables[found.table], after.tables[found.table]):
        names = {found.before.name, found.after.name}
        if found.before.type != found.after.type and any(not names.isdisjoint(k.columns) for k in table.foreign_keys):
            what = f"{found} has a foreign key, and its type is that of what it references"
            yield UnsupportedChange(what, _PLAIN)
            return


def _of_use(found: Move, before: State) -> Iterator[UnsupportedChange]:
    """What rows are told apart by, or others point to or are computed from."""
    old, name = found.old, found.before.name
    if name in old.primary_key or found.after.name in found.new.primary_key:
        yield UnsupportedChange(f"{found} is part of the primary key, of which a row has one", _PLAIN)
    for other in before.tables.values():
        for key in other.foreign_keys:
            if leads_to(key, found.table, {name}):
                what = f"the foreign key {key.name} of {other.name} references {found}"
                mend = f"drop it in a revision of its own first, or {_PLAIN}"
                yield UnsupportedChange(what, mend)
    morphs = {aliases.type_column for aliases in old.aliases}
    morphs |= {column for guard in old.guards for column in (guard.type_column, guard.id_column)}
    if name in morphs:
        yield UnsupportedChange(f"{found} is part of a morph relation, which has one pair of columns", _PLAIN)
    for column in old.columns:
        if column.generated is not None and (column.name == name or names_columns(column.generated.expression, {name})):
            what = (
                f"{found} is computed" if column.name == name else f"{found.table}.{column.name} is computed of {found}"
            )
            yield UnsupportedChange(what, _PLAIN)
    if found.after.generated is not None and found.before.generated is None:
        yield UnsupportedChange(f"{found} is computed from now on", _PLAIN)


def _of_facts(found: Move) -> Iterator[UnsupportedChange]:
    before, after = found.before, found.after
    has_default = any(c.default is not None or c.default_sql is not None for c in (before, after))
    if before.nullable != after.nullable:
        what = f"{found} changes its name or type, and whether it may be NULL"
        yield UnsupportedChange(what, "make the one first, then the other")
    elif before.nullable and has_default and not found.keeps_name:
        what = f"{found} may be NULL and has a default, so that a trigger cannot tell which of the two a program meant"
        yield UnsupportedChange(what, f"take the default away in a revision of its own first, or {_PLAIN}")
    if not (converts(before.type, after.type) and converts(after.type, before.type)):
        what = (
            f"{found} is to become {after.type}, and no conversion from {before.type} and back is the same everywhere"
        )
        mend = "add a column beside it, fill it by a data step, and drop the other in a later revision"
        yield UnsupportedChange(what, mend)


def _by_hand(found: Move, before: State) -> Iterator[UnsupportedChange]:
    """SQL that was written by hand and names the column, which has two names for a while."""
    for made in before.objects.values():
        texts = [text for statements in made.create.values() for text in statements]
        if made.kind in _NAMING and any(_says(text, found.table) and _says(text, found.before.name) for text in texts):
            what = f"the {made.kind.value} {made.name} names {found}, which has two names for a while"
            yield UnsupportedChange(
                what, "take it out of the schema in a revision of its own, and back in behind the last"
            )
    if not found.keeps_name:
        return
    for table in (found.old, found.new):
        hand = {check.name: [check.expression] for check in table.checks}
        hand |= {index.name: computed_by(index) for index in table.indexes if holds(index, {found.before.name})}
        for name, expressions in hand.items():
            if any(isinstance(e, SqlText) and names_columns(e, {found.before.name}) for e in expressions):
                what = f"{name} of {found.table} is SQL written by hand that names {found}"
                yield UnsupportedChange(what, f"take it away in a revision of its own first, or {_PLAIN}")
                return


def _says(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) is not None
