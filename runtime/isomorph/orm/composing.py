"""Composing queries: what is added only under a condition, ORs, global scopes taken out, and a look at what there is.

The part of every query that joins pieces; what the pieces are is the builder's.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Self, TextIO, TypeVar

from isomorph.errors import InvalidValue
from isomorph.orm.scoping import resolved, split, without_guards, without_scopes
from isomorph.sql.expressions import All, AnyOf, Predicate

if TYPE_CHECKING:
    from isomorph.dialects.base import Dialect
    from isomorph.orm.definition import Definition
    from isomorph.orm.explaining import Explanation
    from isomorph.orm.plans import Executor
    from isomorph.sql.select import Compiled, Select

__all__ = ["Composing"]

R = TypeVar("R")
V = TypeVar("V")

_LONGEST_SHOWN = 200
"""Characters of a value that `dump` shows."""


class Composing:
    """The part of a query that joins pieces."""

    __slots__ = ()

    if TYPE_CHECKING:
        _definition: Definition
        _statement: Select

        def _copy(self) -> Self: ...
        def _check_predicates(self, predicates: Sequence[Predicate]) -> None: ...
        def _compiled(self, dialect: Dialect) -> Compiled: ...
        def to_sql(self) -> Compiled: ...
        @property
        def _executor(self) -> Executor: ...

    # --- conditions ---

    def or_where(self, *predicates: Predicate) -> Self:
        """Keep the rows that all conditions so far let through, and those for which all of these are true.

        `where(a, b).or_where(c, d)` is `(a AND b) OR (c AND d)`; what `where` adds behind it holds for both sides. On a
        query without conditions it is `where`. Global scopes stay outside: they hold for both sides, too.
        """
        self._check_predicates(predicates)
        made = self._copy()
        guards, own = split(made._statement.predicates)
        if not own:
            made._statement.predicates = (*guards, *predicates)
        elif predicates:
            made._statement.predicates = (*guards, AnyOf((_joined(own), _joined(predicates))))
        return made

    # --- only sometimes ---

    def when(
        self,
        condition: object,
        function: Callable[[Self], Self],
        otherwise: Callable[[Self], Self] | None = None,
        /,
    ) -> Self:
        """The query that a function makes of this one if a condition is true, else what `otherwise` makes, else this one.

        Args:
            condition: anything with a truth value.
            function: takes the query and returns another one of its kind.
            otherwise: likewise, for a condition that is false.

        Raises:
            InvalidValue: the function returned something else; most likely it lacks a `return`.
        """
        chosen = function if condition else otherwise
        return self if chosen is None else self._given_back(chosen(self), "when()")

    def unless(
        self,
        condition: object,
        function: Callable[[Self], Self],
        otherwise: Callable[[Self], Self] | None = None,
        /,
    ) -> Self:
        """As `when`, for a condition that is false."""
        chosen = otherwise if condition else function
        return self if chosen is None else self._given_back(chosen(self), "unless()")

    def when_given(
        self,
        value: V | None,
        function: Callable[[Self, V], Self],
        otherwise: Callable[[Self], Self] | None = None,
        /,
    ) -> Self:
        """The query that a function makes of this one and a value, unless the value is None.

        For what a caller may leave out: `.when_given(role, lambda query, role: query.where(User.role == role))`. The
        function gets the value without the None; 0, False and empty texts are values.

        Raises:
            InvalidValue: the function returned something else than a query of this kind.
        """
        if value is not None:
            return self._given_back(function(self, value), "when_given()")
        return self if otherwise is None else self._given_back(otherwise(self), "when_given()")

    def tap(self, function: Callable[[Self], object], /) -> Self:
        """Show the query to a function, whatever that returns, and go on with this one."""
        function(self)
        return self

    def pipe(self, function: Callable[[Self], R], /) -> R:
        """What a function makes of the query: the end of a chain, or another query."""
        return function(self)

    def _given_back(self, made: Self, where: str) -> Self:
        if type(made) is not type(self):
            raise InvalidValue(where, f"a function that returns a {type(self).__name__}", type(made).__name__)
        return made

    # --- global scopes ---

    def without_scopes(self) -> Self:
        """Take out all global scopes."""
        made = self._copy()
        made._statement.predicates = without_scopes(made._statement.predicates)
        return made

    def _without(self, names: Sequence[str]) -> Self:
        """What the generated, typed `without_scope` calls: take out global scopes by name.

        Raises:
            InvalidQuery: the model has no global scope of that name.
        """
        made = self._copy()
        made._statement.predicates = without_guards(self._definition, made._statement.predicates, names)
        return made

    # --- a look at it ---

    def dump(self, *, values: bool = False, file: TextIO | None = None) -> Self:
        """Print the SQL and the types of its parameters, and go on with the query.

        Args:
            values: print the parameters themselves; they may be secrets, and what is printed may be kept.
            file: where to; stderr by default.
        """
        sql, parameters = self.to_sql()
        shown = ", ".join(map(_shown if values else _type_name, parameters))
        (sys.stderr if file is None else file).write(f"{sql}{f'  -- {shown}' if parameters else ''}\n")
        return self

    def explain(self, *, analyze: bool = False) -> Explanation:
        """How the database would run the query: its plan as a tree, printed by `str`.

        Args:
            analyze: run the query, and tell how many rows and how much time each step took. SQLite cannot.

        Raises:
            NotSupported: `analyze` on SQLite.
            DatabaseError: the database refuses.
        """
        from isomorph.orm.explaining import explained  # noqa: PLC0415 - for who looks into a query

        executor = self._executor
        return explained(
            executor,
            self._compiled(executor.dialect),
            analyze=analyze,
            rewrites=self._definition.database.rewriter.applied(resolved(self._statement)),
        )


def _joined(predicates: Sequence[Predicate]) -> Predicate:
    return predicates[0] if len(predicates) == 1 else All(predicates)


def _type_name(value: object) -> str:
    return type(value).__name__


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."
