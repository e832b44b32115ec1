"""Running queries, synchronously: thin shells over the builder, one statement each, or a plan where more are needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, cast, overload

from typing_extensions import TypeVar as DefaultTypeVar

from isomorph.dialects.base import Dialect
from isomorph.errors import InvalidQuery, InvalidValue, NotFound
from isomorph.orm.aggregating import Aggregating
from isomorph.orm.aliases import ModelAlias
from isomorph.orm.amounts import at_least_one
from isomorph.orm.collection import Collection
from isomorph.orm.counting import Counting
from isomorph.orm.loading import Include, added, load_all
from isomorph.orm.loading.pivots import Between
from isomorph.orm.partial import partial_of, positions_of
from isomorph.orm.plans import run
from isomorph.orm.reading import Reading
from isomorph.orm.recursion import recursive_cte
from isomorph.orm.relating import Relating
from isomorph.orm.relations import Includes, IncludesWith, Queried
from isomorph.orm.returning import ReturningQuery
from isomorph.orm.selecting import Selecting
from isomorph.orm.tallies import keep_amounts
from isomorph.sql.expressions import Expression
from isomorph.sql.kinds import Column
from isomorph.sql.naming import checked_name
from isomorph.sql.select import PLAIN, Compiled
from isomorph.sql.sources import Cte, CteSource, Source

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition

__all__ = ["Query"]

M_co = DefaultTypeVar("M_co", covariant=True)
M = TypeVar("M")
N = TypeVar("N")
N1 = TypeVar("N1")
N2 = TypeVar("N2")
N3 = TypeVar("N3")
N4 = TypeVar("N4")
R = TypeVar("R")


class Query(Relating, Aggregating, Counting, Reading[M_co], Selecting, ReturningQuery, Generic[M_co]):
    """A query for objects of a model."""

    __slots__ = ("_between", "_includes", "_only")

    _between: Between | None
    _includes: tuple[Include, ...]
    _only: tuple[int, ...] | None

    def _start(self, definition: Any) -> Self:
        super()._start(definition)
        self._includes, self._only, self._amounts, self._between = (), None, (), None
        return self

    def _copy(self) -> Self:
        made = object.__new__(type(self))
        made._definition = self._definition
        made._statement = self._statement.copy()
        made._connection = self._connection
        made._includes = self._includes
        made._only = self._only
        made._amounts = self._amounts
        made._between = self._between
        return made

    # --- fields ---

    def only(self, *columns: Column[Any]) -> Self:
        """Read these fields of the objects only; another one raises FieldNotLoaded when it is read.

        The key always comes along, the version and `updated_at` of models that keep them, and what included relations
        start at; so the objects can be changed and saved, which writes the fields that they hold.

        Raises:
            InvalidQuery: no columns, columns of another model, or a union.
        """
        self._check_single("only()")
        made = self._copy()
        made._only = (*(self._only or ()), *positions_of(self._definition, self._statement.table, columns))
        return made

    @property
    def _shape(self) -> Definition:
        if self._only is None:
            return self._definition
        definition = self._definition
        names = {name for include in self._includes for name in include.relation._relation.own_columns}
        needed = [definition.positions[definition.model.field_of(name).name] for name in names]
        return partial_of(definition, (*self._only, *needed))

    def _holding(self, columns: Iterable[str]) -> Self:
        """The same, its objects with the fields of these columns, too."""
        if self._only is None:
            return self
        definition, made = self._definition, self._copy()
        needed = [definition.positions[definition.model.field_of(column).name] for column in columns]
        made._only = (*self._only, *needed)
        return made

    # --- relations ---

    @overload
    def include(self: Query[M], relation: Includes[M, N, Queried[R]], /) -> R: ...
    @overload
    def include(self: Query[M], relation: IncludesWith[M, N, Queried[R]], nested: Query[N], /) -> R: ...
    @overload
    def include(
        self: Query[M], relation: IncludesWith[M, N1 | N2, Queried[R]], nested: Query[N1], nested_2: Query[N2], /
    ) -> R: ...
    @overload
    def include(
        self: Query[M],
        relation: IncludesWith[M, N1 | N2 | N3, Queried[R]],
        nested: Query[N1],
        nested_2: Query[N2],
        nested_3: Query[N3],
        /,
    ) -> R: ...
    @overload
    def include(
        self: Query[M],
        relation: IncludesWith[M, N1 | N2 | N3 | N4, Queried[R]],
        nested: Query[N1],
        nested_2: Query[N2],
        nested_3: Query[N3],
        nested_4: Query[N4],
        /,
    ) -> R: ...
    def include(self, relation: Any, /, *nested: Any) -> Any:
        """Load a relation of all rows with one more statement, and say so in the type of the result.

        Args:
            relation: a relation of the model: `User.posts`.
            nested: a query of the related model that narrows, orders or includes further; of a relation to several
                models one for each that is to be loaded, all of them without.

        A relation that is included again is loaded as asked last. Limit and offset of the nested query count for each
        row by itself, and the columns by which rows find each other come along with `only()`.

        Raises:
            InvalidQuery: the relation or a query is of another model; or a query is grouped, combined, locking, or both
                limited and distinct.
        """
        made, include = self._copy(), Include.checked(self._definition, relation, nested)
        source = include.relation._source
        if source not in (None, self._statement.table):
            raise InvalidQuery(
                f"include({include.relation._name}) starts at {source}, whose rows are no objects of the query",
                f"include({include.relation._name}) of the model itself, or of a query of the alias",
            )
        made._includes = added(self._includes, include)
        return made

    # --- rows ---

    def get(self) -> Collection[M_co]:
        """All rows."""
        executor = self._reader
        dialect = executor.dialect
        found = self._objects(executor.fetch(*self._compiled(dialect)), dialect.name)
        if self._includes and found:
            run(executor, load_all(self._definition, found, self._includes, executor))
        return Collection(found)

    def all(self) -> Collection[M_co]:
        """All rows; the same as `get`."""
        return self.get()

    def first(self) -> M_co | None:
        """The first row, or None. Without an order, any."""
        limit = self._statement.limit
        return self.limit(1 if limit is None else min(1, limit)).get().first()

    def first_or_fail(self) -> M_co:
        """The first row.

        Raises:
            NotFound: there is none.
        """
        found = self.first()
        if found is None:
            raise NotFound(self._definition.name)
        return found

    # --- as a part of another statement ---

    def cte(self, name: str) -> type[M_co]:
        """The query as a common table expression (WITH): an alias of the model whose rows are those of the query.

        Raises:
            InvalidQuery: relations were included, or the query is grouped.
            InvalidValue: a name that no database takes.
        """
        self._check_plain("cte()")
        cte = Cte(checked_name(name, "cte()", self._statement.tables), self._definition.column_names, self._statement)
        return self._as_alias(CteSource(cte, name))

    def recursive(self, name: str, step: Callable[[type[M_co]], Query[M_co]], *, max_depth: int = 1000) -> type[M_co]:
        """A recursive common table expression: these rows, and those that `step` finds from the rows found last.

        Args:
            name: what the table is called.
            step: from an alias for the rows found last to a query that joins it.
            max_depth: how many steps are taken at most, so that a circle in the data ends.

        Returns:
            An alias of the model whose rows are all rows found: `tree.query().get()`.

        Raises:
            InvalidQuery: the step is ordered, cut or grouped, or does not join the alias.
            InvalidValue: a depth below 1, or a name that no database takes.
        """
        self._check_plain("recursive()")
        depth = at_least_one(max_depth, "max_depth")
        names = self._definition.column_names
        cte, finish = recursive_cte(
            self._statement, checked_name(name, "recursive()", self._statement.tables), names, depth
        )
        found = self._as_alias(CteSource(cte, name))
        made = step(found)
        if not isinstance(made, Query):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            raise InvalidValue("recursive()", "a step that gives a query", type(made).__name__)
        finish(made._statement)
        return found

    def _as_alias(self, source: Source) -> type[M_co]:
        connection, blank = self._connection, object.__new__(type(self))._start(self._definition)
        blank._connection = connection
        blank._statement.predicates = ()  # the rows went through the global scopes already
        return cast("type[M_co]", ModelAlias(self._definition, source, lambda: blank))

    def _check_selectable(self) -> None:
        if self._includes:
            raise InvalidQuery("select() gives tuples, which carry no relations", "drop the include")
        if self._amounts:
            raise InvalidQuery(
                "select() gives tuples, which carry no amounts", "select() them: Model.relation.count() and its like"
            )

    def _check_plain(self, what: str) -> None:
        if self._includes:
            raise InvalidQuery(f"{what} of a query with includes", "include where the rows are read")
        if self._amounts:
            raise InvalidQuery(
                f"{what} of a query with with_count() and its like", "ask for them where the rows are read"
            )
        if self._only is not None:
            raise InvalidQuery(f"{what} of a query with only()", "say only() where the rows are read")
        if self._is_grouped:
            raise InvalidQuery(f"{what} of a grouped query", "select() what to read of each group")

    @property
    def _is_grouped(self) -> bool:
        extra = self._statement.extra
        return bool(extra.groups or extra.havings)  # HAVING alone makes one group of all rows

    # --- objects and what is read along with them ---

    def _read_columns(self) -> tuple[Expression[Any], ...] | None:
        """What is read of each row: the fields of the objects, the amounts, the row between; None for fields alone."""
        between = self._between
        if not self._amounts and between is None:
            return None
        table, definition = self._statement.table, self._definition
        fields = [definition.columns[field] for field in self._shape.fields]
        columns = [column if column.table == table else column._referenced(table, column.name) for column in fields]
        amounts = [amount.expression for amount in self._amounts]
        return (*columns, *amounts, *(() if between is None else between.columns))

    def _objects(self, rows: Sequence[tuple[Any, ...]], dialect: str) -> list[Any]:
        """The objects of rows, with their amounts and what stands between.

        Args:
            rows: what `_read_columns` names, in this order; what stands behind it is ignored.
            dialect: name of the dialect whose driver gave them.
        """
        shape = self._shape
        width = len(shape.fields)
        is_wide = bool(rows) and len(rows[0]) > width
        found = shape.loaders[dialect]([row[:width] for row in rows] if is_wide else rows)
        if self._amounts:
            keep_amounts(found, self._amounts, rows, width, dialect)
        if self._between is not None:
            self._between.lay(found, rows, width + len(self._amounts), dialect)
        return found

    # --- compilation ---

    def _compiled(self, dialect: Dialect) -> Compiled:
        if self._statement.extra is not PLAIN and self._is_grouped:
            raise InvalidQuery("group_by() gives groups, which are no objects", "select() what to read of each")
        statement = self._rewritten()
        if self._amounts or self._between is not None:
            made = statement.copy()
            made.columns = self._read_columns()
            return made.compile(dialect)
        if self._only is None:
            return statement.compile(dialect, self._definition.statements[dialect.name].select)
        shape, made = self._shape, statement.copy()
        made.names = shape.column_names
        return made.compile(dialect, shape.statements[dialect.name].select)
