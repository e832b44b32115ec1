"""Operations on mirrors: triggers that keep one column of a table as another one is, while it takes the place of it.

In a state, a mirror is SQL of each database that is declared as that of a schema is: so it is found again by `orm migrate drift`.
"""

from __future__ import annotations

from isomorph import dialects
from isomorph.catalog import ObjectKind, SqlObject
from isomorph.dataclassing import dataclass
from isomorph.dialects.base import Dialect
from isomorph.dialects.standard.mirrors import Mirror, mirror_name
from isomorph.errors import InvalidOperation
from isomorph.migrate import rules
from isomorph.migrate.operations import Operation
from isomorph.migrate.state import State

__all__ = ["AddMirror", "DropMirror"]


@dataclass(frozen=True, slots=True)
class AddMirror(Operation):
    """Adds triggers that write a column along with another one, converted where its type is another.

    Attributes:
        table: their table.
        before: the column that programs write.
        after: the column that follows it; it may hold NULL and has no default.
        both_ways: whether programs write that one, too, which `before` follows then.
        required: whether a row without either value is refused.
    """

    table: str
    before: str
    after: str
    both_ways: bool = False
    required: bool = False

    def apply(self, state: State) -> State:
        made = self._made(state)
        if (made.kind, made.name) in state.objects:
            what = f"{self.table}.{self.after} is the mirror of a column already"
            raise InvalidOperation(what, "drop that mirror before")
        return state.with_objects((*state.objects.values(), made))

    def reverse(self) -> DropMirror:
        return DropMirror(self.table, self.before, self.after, self.both_ways, self.required)

    def statements(self, dialect: Dialect, state: State) -> list[str]:
        self.apply(state)
        return self._statements(dialect, state)[0]

    def _made(self, state: State) -> SqlObject:
        """The triggers as SQL of each dialect that has the types of both columns."""
        create: dict[str, tuple[str, ...]] = {}
        drop: dict[str, tuple[str, ...]] = {}
        for name in dialects.NAMES:
            dialect = dialects.get(name)
            try:
                made, dropped = self._statements(dialect, state)
            except InvalidOperation:
                continue  # which running it there says
            create[name], drop[name] = (tuple(map(dialect.ddl.printed, part)) for part in (made, dropped))
        return SqlObject(ObjectKind.TRIGGER, mirror_name(self.table, self.after), create, drop)

    def _statements(self, dialect: Dialect, state: State) -> tuple[list[str], list[str]]:
        table = state.table(self.table)
        rules.check_columns(table, (self.before, self.after))
        before, after = table.column(self.before), table.column(self.after)
        mirror = Mirror(table, before, after, self.both_ways, self.required)
        writer = dialect.ddl.mirrors(dialect.ddl, mirror, state.enums)
        return writer.made(), writer.dropped()

    def __str__(self) -> str:
        return f"mirror column {self.table}.{self.before} in {self.after}"


@dataclass(frozen=True, slots=True)
class DropMirror(Operation):
    """Drops the triggers of a mirror; says all of it, so that it can be added again."""

    table: str
    before: str
    after: str
    both_ways: bool = False
    required: bool = False

    def apply(self, state: State) -> State:
        gone = self._known(state)
        return state.with_objects(made for made in state.objects.values() if made is not gone)

    def reverse(self) -> AddMirror:
        return AddMirror(self.table, self.before, self.after, self.both_ways, self.required)

    def statements(self, dialect: Dialect, state: State) -> list[str]:
        return [dialect.ddl.text(statement) for statement in self._known(state).drop.get(dialect.name, ())]

    def _known(self, state: State) -> SqlObject:
        key = (ObjectKind.TRIGGER, mirror_name(self.table, self.after))
        if key not in state.objects:
            what = f"{self.table}.{self.after} is no mirror at this point"
            raise InvalidOperation(what, "make it one with AddMirror before")
        return state.objects[key]

    def __str__(self) -> str:
        return f"stop mirroring column {self.table}.{self.before} in {self.after}"
