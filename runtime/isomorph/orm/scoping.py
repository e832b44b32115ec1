"""Global scopes: conditions that every query of a model has until they are taken out by name.

Owns how a scope becomes part of a statement: as a `Guard` among its predicates, which says what it stands for only when
the statement is written. So a query that is kept for long has the condition of the moment it runs, and what a query
adds by `or_where` never reaches behind a guard.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from isomorph.errors import InvalidQuery, near_hint
from isomorph.sql.expressions import All, Predicate, Truth
from isomorph.sql.trees import reads

if TYPE_CHECKING:
    from isomorph.orm.builder import QueryBuilder
    from isomorph.orm.definition import Definition
    from isomorph.sql.select import Select
    from isomorph.sql.writer import Writer

__all__ = [
    "Guard",
    "Within",
    "guarding",
    "guards_of",
    "is_narrowed",
    "resolved",
    "split",
    "without_guards",
    "without_scopes",
]


class Guard(Predicate):
    """The condition of a global scope.

    Attributes:
        model: name of the model, for messages.
        name: the scope.
        table: the model's table.
        home: what the statement calls that table.
    """

    __slots__ = ("_begin", "_is_constant", "_known", "home", "model", "name", "table")

    def __init__(self, definition: Definition, name: str, begin: Callable[[], QueryBuilder]) -> None:
        """A guard.

        Args:
            definition: the model.
            name: name of the scope, a method of the model's queries.
            begin: gives a query of the model.
        """
        model = definition.model
        self.model, self.name, self.table, self.home = model.name, name, model.table.name, model.table.name
        self._begin = begin
        # A scope of the schema means the same at any time; a method may ask who is asking.
        self._is_constant = name not in model.scope_methods
        self._known: Predicate | None = None

    def at(self, home: str) -> Guard:
        """The same for a statement that calls the table `home`."""
        made = object.__new__(Guard)
        made.model, made.name, made.table, made.home = self.model, self.name, self.table, home
        made._begin, made._is_constant, made._known = self._begin, self._is_constant, self._known
        return made

    def resolved(self) -> Predicate:
        """The condition that it stands for now.

        Raises:
            InvalidQuery: the scope does more than narrow the query.
        """
        if self._known is not None:
            return self._known
        blank = self._begin().without_scopes()
        scoped: Any = getattr(blank, self.name)()
        predicates = _conditions_of(blank, scoped)
        if predicates is None:
            raise InvalidQuery(
                f"the global scope {self.name} of {self.model} does more than narrow a query",
                "let it return self.where(...), and order, limit, join or include in other scopes",
            )
        # A scope may have nothing to say for now: then it lets everything through.
        found = predicates[0] if len(predicates) == 1 else All(predicates) if predicates else Truth(True)
        if self._is_constant:
            self._known = found
        return found

    @property
    def is_home(self) -> bool:
        """Whether the statement calls the table by its own name."""
        return self.home == self.table

    def _write(self, out: Writer) -> None:
        condition, scope = self.resolved(), f"{self.model}.{self.name}"
        if self.name and scope in out.scopes:
            raise InvalidQuery(
                f"the global scope {self.name} of {self.model} asks for rows that it holds for itself, and so on for ever",
                f"ask for them by a query without it: {self.model}.query().without_scopes()",
            )
        saved, out.scopes = out.scopes, (*out.scopes, scope)
        try:
            if self.is_home:
                condition._write(out)
            else:
                with out.homed(self.table, self.home):
                    condition._write(out)
        finally:
            out.scopes = saved

    def _own_reads(self) -> Sequence[str]:
        return (self.home,)

    def __repr__(self) -> str:
        return f"<global scope {self.model}.{self.name}>"


class Within(Guard):
    """What keeps a query to the rows that one object is related to: a guard, but no scope that could be taken out."""

    __slots__ = ("condition",)

    condition: Predicate

    def __init__(self, definition: Definition, condition: Predicate) -> None:
        """A guard.

        Args:
            definition: the model of the rows.
            condition: what is true of them.
        """
        table = definition.model.table.name
        self.model, self.name, self.table, self.home, self.condition = definition.name, "", table, table, condition

    def at(self, home: str) -> Within:
        made = object.__new__(Within)
        made.model, made.name, made.table, made.home, made.condition = self.model, "", self.table, home, self.condition
        return made

    def resolved(self) -> Predicate:
        return self.condition

    def _own_reads(self) -> Sequence[str]:
        return [self.home if name == self.table else name for name in reads(self.condition)]

    def __repr__(self) -> str:
        return f"<related rows of {self.model}>"


def _conditions_of(blank: QueryBuilder, scoped: object) -> tuple[Predicate, ...] | None:
    """The predicates that a scope added to a blank query; None when it did anything else."""
    if type(scoped) is not type(blank):
        return None
    assert isinstance(scoped, type(blank))
    before, after = blank._statement, scoped._statement
    if _changed(blank, scoped) <= {"_statement"} and _changed(before, after) <= {"predicates"}:
        return after.predicates
    return None


def _changed(before: object, after: object) -> set[str]:
    """The slots whose values differ; clauses are replaced, never edited, so what is the same object is unchanged."""
    slots = [slot for class_ in type(before).__mro__ for slot in getattr(class_, "__slots__", ())]
    return {slot for slot in slots if getattr(before, slot, None) is not getattr(after, slot, None)}


def guards_of(definition: Definition, begin: Callable[[], QueryBuilder]) -> tuple[Guard, ...]:
    """The guards that queries of a model start with.

    Args:
        definition: the model.
        begin: gives a query of it.
    """
    return tuple(Guard(definition, name, begin) for name in definition.model.global_scopes)


def guarding(definition: Definition, home: str) -> Predicate | None:
    """What the guards of a model say of its table where a statement calls it `home`; None where it has none."""
    guards = tuple(guard.at(home) for guard in definition.guards)
    if len(guards) < 2:
        return guards[0] if guards else None
    return All(guards)


def resolved(statement: Select) -> Select:
    """A statement with what its guards stand for now, so that rewriting sees it; the same object without guards."""
    if not any(type(predicate) is Guard for predicate in statement.predicates):
        return statement
    made = statement.copy()
    made.predicates = tuple(
        predicate.resolved() if isinstance(predicate, Guard) and predicate.is_home else predicate
        for predicate in statement.predicates
    )
    return made


def split(predicates: Sequence[Predicate]) -> tuple[tuple[Predicate, ...], tuple[Predicate, ...]]:
    """The guards among predicates, and the others."""
    guards = tuple(predicate for predicate in predicates if isinstance(predicate, Guard))
    if not guards:
        return (), tuple(predicates)
    return guards, tuple(predicate for predicate in predicates if not isinstance(predicate, Guard))


def without_scopes(predicates: Sequence[Predicate]) -> tuple[Predicate, ...]:
    """Predicates without those of global scopes."""
    return tuple(predicate for predicate in predicates if type(predicate) is not Guard)


def is_narrowed(predicates: Sequence[Predicate]) -> bool:
    """Whether a caller said which rows are meant: by a condition, or by the object that they are related to."""
    return any(type(predicate) is not Guard for predicate in predicates)


def without_guards(
    definition: Definition, predicates: Iterable[Predicate], names: Sequence[str]
) -> tuple[Predicate, ...]:
    """Predicates without the guards of these names.

    Raises:
        InvalidQuery: the model has no global scope of a name.
    """
    known = definition.model.global_scopes
    for name in names:
        if name not in known:
            hint = near_hint(str(name), known, f"it has {', '.join(known)}" if known else "it has none")
            raise InvalidQuery(f"{definition.name} has no such global scope", hint)
    return tuple(
        predicate for predicate in predicates if not (isinstance(predicate, Guard) and predicate.name in names)
    )
