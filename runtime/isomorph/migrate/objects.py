"""Operations on what a schema declares as SQL: views, functions, triggers, extensions, schemas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from isomorph.catalog import SqlObject
from isomorph.dataclassing import dataclass
from isomorph.dialects.base import Dialect
from isomorph.errors import InvalidOperation, near_hint
from isomorph.migrate.operations import Operation
from isomorph.migrate.state import State

__all__ = ["CreateObject", "DropObject", "ReplaceObject"]


def _called(made: SqlObject) -> str:
    return f"{made.kind.value} {made.name}"


def _statements(dialect: Dialect, by_dialect: Mapping[str, Sequence[str]]) -> list[str]:
    return [dialect.ddl.text(statement) for statement in by_dialect.get(dialect.name, ())]


def _check_known(made: SqlObject, state: State) -> None:
    if (made.kind, made.name) not in state.objects:
        known = tuple(name for kind, name in state.objects if kind is made.kind)
        what = f"there is no {_called(made)} at this point"
        raise InvalidOperation(what, near_hint(made.name, known, "create it with CreateObject before"))


@dataclass(frozen=True, slots=True)
class CreateObject(Operation):
    """Makes something by the SQL that it is declared with."""

    object: SqlObject

    def apply(self, state: State) -> State:
        if (self.object.kind, self.object.name) in state.objects:
            what = f"there is a {_called(self.object)} already"
            raise InvalidOperation(what, "drop it before, or take another name")
        return state.with_objects((*state.objects.values(), self.object))

    def reverse(self) -> DropObject:
        return DropObject(self.object)

    def statements(self, dialect: Dialect, state: State) -> list[str]:
        self.apply(state)
        return _statements(dialect, self.object.create)

    def __str__(self) -> str:
        return f"create {_called(self.object)}"


@dataclass(frozen=True, slots=True)
class DropObject(Operation):
    """Takes something away by the SQL that it is declared with; carries all of it, so that it can be made again."""

    object: SqlObject

    def apply(self, state: State) -> State:
        _check_known(self.object, state)
        gone = (self.object.kind, self.object.name)
        return state.with_objects(made for key, made in state.objects.items() if key != gone)

    def reverse(self) -> CreateObject:
        return CreateObject(self.object)

    def statements(self, dialect: Dialect, state: State) -> list[str]:
        self.apply(state)
        return _statements(dialect, self.object.drop)

    def __str__(self) -> str:
        return f"drop {_called(self.object)}"


@dataclass(frozen=True, slots=True)
class ReplaceObject(Operation):
    """Takes something away and makes it anew: of the same kind and name, declared otherwise."""

    before: SqlObject
    after: SqlObject

    def apply(self, state: State) -> State:
        _check_known(self.before, state)
        if (self.before.kind, self.before.name) != (self.after.kind, self.after.name):
            what = f"{_called(self.before)} cannot be replaced by {_called(self.after)}"
            raise InvalidOperation(what, "drop the one and create the other")
        key = (self.after.kind, self.after.name)
        return state.with_objects(self.after if other == key else made for other, made in state.objects.items())

    def reverse(self) -> ReplaceObject:
        return ReplaceObject(self.after, self.before)

    def statements(self, dialect: Dialect, state: State) -> list[str]:
        self.apply(state)
        return [*_statements(dialect, self.before.drop), *_statements(dialect, self.after.create)]

    def __str__(self) -> str:
        return f"replace {_called(self.after)}"
