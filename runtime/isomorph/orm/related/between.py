"""The table between of a relation of one object: which of its rows there are, and plans that write them.

Owns the statements: one for all rows that are deleted, one for many that are inserted, and one for all that are set to the
same; other values of the same columns go by the same text. A table with a model is written as the model is, its rows as
its objects.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from isomorph.catalog import RelationKind
from isomorph.errors import ForeignKeyViolation, UniqueViolation
from isomorph.orm import bulk, writing
from isomorph.orm.assigning import Changes, stamped
from isomorph.orm.insertions import insert_batches
from isomorph.orm.loading.keys import Keys
from isomorph.orm.loading.pivots import Between
from isomorph.orm.pivots import pivot_of
from isomorph.orm.plans import Execute, ExecuteMany, Fetch, Plan
from isomorph.orm.related.entries import Entry, Key
from isomorph.orm.related.narrowed import columns_between, equal, value_of
from isomorph.orm.scoping import guarding
from isomorph.orm.steps import is_unique
from isomorph.orm.tallies import beside
from isomorph.orm.touching import Touched, note, touch
from isomorph.sql.expressions import Bound, Expression, NotNull, Order, Predicate
from isomorph.sql.kinds import Column
from isomorph.sql.select import Select
from isomorph.sql.statements import compile_delete, compile_insert, compile_update

if TYPE_CHECKING:
    from isomorph.orm.definition import Definition
    from isomorph.orm.model import Model
    from isomorph.orm.plans import Executor
    from isomorph.orm.relations import Relation

__all__ = ["TableBetween"]

Row = tuple[Any, ...]


class TableBetween:
    """The rows between one object and those that it is related to.

    Attributes:
        tables: the names of the tables that writing it writes.
    """

    __slots__ = ("_columns", "_definition", "_model", "_owner", "_pivot", "_relation", "_target", "executor", "tables")

    def __init__(self, owner: Model, relation: Relation[Any]) -> None:
        pivot = relation._relation.pivot
        assert pivot is not None  # the caller has asked
        self._owner, self._relation, self._pivot = owner, relation, pivot
        self._definition, self._target = relation._definition, relation._leads_to
        self._columns = columns_between(relation)
        database = self._definition.database
        self._model: Definition | None = None if pivot.model is None else database.definition(pivot.model)
        self.executor: Executor = self._definition.executor
        self.tables = (pivot.table,)

    # --- reading ---

    def rows(self, names: Iterable[str] = ()) -> Plan[dict[Key, list[dict[str, object]]]]:
        """The rows that are there: by the key of what they lead to, the values of these columns.

        More than one for the same only where a model does not forbid it.
        """
        remote, dialect = self._pivot.remote, self.executor.dialect
        columns = [self._columns[name] for name in (*remote, *names)]
        statement = Select(self._pivot.table)
        statement.columns = tuple(columns)
        statement.predicates = tuple(self._of_owner())
        statement.orders = tuple([Order(self._columns[name], descending=False) for name in remote])
        rows: list[Row] = yield Fetch(*statement.compile(dialect))
        found: dict[Key, list[dict[str, object]]] = {}
        for row in rows:
            values = _loaded(columns, row, dialect.name)
            key = tuple([values[name] for name in remote])
            found.setdefault(key, []).append(values)
        return found

    def existing(self, entries: Sequence[Entry]) -> Plan[list[Entry]]:
        """Those entries that may be attached, as far as that is known without them: by what they are referred to."""
        unknown = [entry for entry in entries if entry.remote is None]
        yield from self._look_up(unknown)
        return [entry for entry in entries if entry.remote is not None]

    def _check(self, entries: Sequence[Entry]) -> Plan[None]:
        """See to it that entries exist, where no key of the database does.

        Raises:
            ForeignKeyViolation: one does not.
        """
        is_kept = self._relation._relation.kind is not RelationKind.MORPHED_BY_MANY
        unknown = [entry for entry in entries if entry.remote is None or (entry.item is None and not is_kept)]
        found = yield from self._look_up(unknown)
        if any(entry.key not in found for entry in unknown):
            raise self._violated(ForeignKeyViolation(table=self._pivot.table, columns=self._pivot.remote))

    def _look_up(self, entries: Sequence[Entry]) -> Plan[set[Key]]:
        """Read by what entries are referred to; gives the keys of those that exist."""
        if not entries:
            return set()
        is_kept = self._relation._relation.kind is not RelationKind.MORPHED_BY_MANY
        target, dialect = self._target, self.executor.dialect
        primary = target.model.table.primary_key
        width = len(primary)
        keys = Keys(target, primary, [entry.key[0] if width == 1 else entry.key for entry in entries])
        needs_items = self._model is not None and not is_kept
        statement = Select(target.model.table.name, target.column_names)
        statement.predicates = (keys.among(target.of_columns(primary), dialect.name),)
        if not needs_items:
            statement.columns = target.of_columns((*primary, *self._relation._relation.remote))
        rows: list[Row] = yield Fetch(*statement.compile(dialect))
        if needs_items:
            items = {target.key_of(item): item for item in target.loaders[dialect.name](rows)}
            remotes = {
                key: tuple([value_of(item, column) for column in self._relation._relation.remote])
                for key, item in items.items()
            }
        else:
            columns = target.of_columns((*primary, *self._relation._relation.remote))
            read = [tuple(_values(columns, row, dialect.name)) for row in rows]
            items, remotes = {}, {row[:width]: row[width:] for row in read}
        for entry in entries:
            entry.remote = remotes.get(entry.key)
            entry.item = items.get(entry.key, entry.item)
        return set(remotes)

    def keys_of(self, remotes: Sequence[Key]) -> Plan[dict[Key, Key]]:
        """The primary keys of what is referred to by these."""
        relation, target, dialect = self._relation._relation, self._target, self.executor.dialect
        primary = target.model.table.primary_key
        if not remotes or tuple(relation.remote) == tuple(primary):
            return {remote: remote for remote in remotes}
        width = len(relation.remote)
        keys = Keys(target, relation.remote, [remote[0] if width == 1 else remote for remote in remotes])
        columns = target.of_columns((*relation.remote, *primary))
        statement = Select(target.model.table.name)
        statement.columns = columns
        statement.predicates = (keys.among(target.of_columns(relation.remote), dialect.name),)
        rows: list[Row] = yield Fetch(*statement.compile(dialect))
        read = [tuple(_values(columns, row, dialect.name)) for row in rows]
        return {row[:width]: row[width:] for row in read}

    # --- writing ---

    def insert(self, entries: Sequence[Entry]) -> Plan[None]:
        """Insert the rows between to these, which are not there yet.

        Raises:
            UniqueViolation: one is.
            ForeignKeyViolation: what one would lead to does not exist.
        """
        if not entries:
            return
        yield from self._check(entries)
        keys = (*self._pivot.local, *self._pivot.remote, *self._filled)
        if self._model is not None:
            if not is_unique(self._model.model.table, keys):
                there = yield from self.rows()
                if any(entry.remote in there for entry in entries):
                    columns = (*self._pivot.local, *self._pivot.remote)
                    raise self._violated(UniqueViolation(table=self._pivot.table, columns=columns))
            made = [self._made(self._model, entry) for entry in entries]
            yield from bulk.insert_many(made, self.executor)
            for entry, pivot in zip(entries, made, strict=True):
                if entry.item is not None:
                    beside(entry.item)["pivot"] = pivot
            return
        groups: dict[tuple[str, ...], list[list[object]]] = {}
        dialect = self.executor.dialect.name
        for entry in entries:
            row = {**self._keys_of(entry), **self._times(entry.values, is_new=True)}
            written = [self._columns[name] for name in row]
            bound = [
                column.codec.bound(value, column._where(), dialect)
                for column, value in zip(written, row.values(), strict=True)
            ]
            groups.setdefault(tuple(row), []).append(bound)
        for names, rows in groups.items():
            for part in insert_batches(list(zip(*rows, strict=True)), self.executor):
                sql = compile_insert(self.executor.dialect, self._pivot.table, names, len(rows[part]))
                try:
                    yield Execute(sql, list(chain.from_iterable(rows[part])))
                except UniqueViolation as error:
                    error.table = self._pivot.table  # not every database says
                    raise

    def delete(self, remotes: Sequence[Key] | None) -> Plan[int]:
        """Delete the rows to these, or all; gives their number."""
        if remotes is not None and not remotes:
            return 0
        touched = yield from self._touched(remotes)
        predicates = [*self._of_owner(), *([] if remotes is None else [self._among(remotes)])]
        count: int = yield Execute(*compile_delete(self.executor.dialect, self._pivot.table, predicates))
        yield from touch(self._definition, touched, self.executor, [self._owner])
        return count

    def update(self, entries: Sequence[Entry]) -> Plan[int]:
        """Set the values of the rows to these; gives the number of the rows."""
        groups: dict[object, tuple[dict[str, object], list[Key]]] = {}
        for entry in entries:
            assert entry.remote is not None  # the caller has asked
            _, remotes = groups.setdefault(_sameness(entry), (entry.values, []))
            remotes.append(entry.remote)
        texts: dict[str, list[Sequence[object]]] = {}
        for values, remotes in groups.values():
            sql, parameters = compile_update(
                self.executor.dialect,
                self._pivot.table,
                self._changes(values),
                [*self._of_owner(), self._among(remotes)],
            )
            texts.setdefault(sql, []).append(parameters)
        count = 0
        for sql, rows in texts.items():
            count += (yield Execute(sql, rows[0])) if len(rows) == 1 else (yield ExecuteMany(sql, rows))
        touched = yield from self._touched([entry.remote for entry in entries if entry.remote is not None])
        yield from touch(self._definition, touched, self.executor, [self._owner])
        return count

    def lay(self, entries: Sequence[Entry]) -> Plan[None]:
        """Lay the rows between beside the objects of entries, as they are in the database."""
        if self._model is None and len(self._columns) == len(self._pivot.local) + len(self._pivot.remote) + len(
            self._filled
        ):
            for entry in entries:
                row = self._keys_of(entry)
                beside(entry.item)["pivot"] = pivot_of({name: row[name] for name in self._columns})
            return
        dialect = self.executor.dialect
        between = Between(self._definition, self._relation._relation, self._pivot.table)
        statement = Select(self._pivot.table)
        statement.columns = between.columns
        statement.predicates = (*self._of_owner(), self._among([entry.remote for entry in entries if entry.remote]))
        rows: list[Row] = yield Fetch(*statement.compile(dialect))
        items = {entry.remote: entry.item for entry in entries}
        remote = [self._columns[name] for name in self._pivot.remote]
        places = [[column.name for column in self._columns.values()].index(name) for name in self._pivot.remote]
        found = [items.get(tuple(_values(remote, [row[place] for place in places], dialect.name))) for row in rows]
        known = [(item, row) for item, row in zip(found, rows, strict=True) if item is not None]
        between.lay([item for item, _ in known], [row for _, row in known], 0, dialect.name)

    # --- parts of statements ---

    def _of_owner(self) -> list[Predicate]:
        """The condition that rows are those of the object."""
        relation = self._relation._relation
        found = [
            equal(self._columns[name], value_of(self._owner, local))
            for name, local in zip(self._pivot.local, relation.local, strict=True)
        ]
        found += [equal(self._columns[name], alias) for name, alias in self._relation._relation.constants]
        # Those that lead to another member of an arc have nothing here.
        found += [NotNull(self._columns[name]) for name in self._pivot.remote if self._columns[name].nullable]
        scope = None if self._model is None else guarding(self._model, self._pivot.table)
        return found if scope is None else [*found, scope]

    def _among(self, remotes: Sequence[Key]) -> Predicate:
        columns = [self._columns[name] for name in self._pivot.remote]
        width = len(columns)
        keys = Keys(
            self._target, self._relation._relation.remote, [remote[0] if width == 1 else remote for remote in remotes]
        )
        return keys.among(columns, self.executor.dialect.name)

    def _keys_of(self, entry: Entry) -> dict[str, object]:
        """The keys of a row between, by column."""
        assert entry.remote is not None  # the caller has asked
        local = [value_of(self._owner, column) for column in self._relation._relation.local]
        keys = dict(zip(self._pivot.local, local, strict=True))
        return {**keys, **dict(zip(self._pivot.remote, entry.remote, strict=True)), **self._filled}

    @property
    def _filled(self) -> Mapping[str, object]:
        """What a row between has beside its keys because the relation is polymorphic, by column."""
        morph = self._relation._relation.morph
        return {} if morph is None else morph.filled

    def _times(self, values: Mapping[str, object], *, is_new: bool) -> dict[str, object]:
        """Values with the times that the table keeps, where they do not set them."""
        names = (self._pivot.created_at, self._pivot.updated_at) if is_new else (self._pivot.updated_at,)
        now = dt.datetime.now(dt.UTC)
        return {**{name: now for name in names if name is not None}, **values}

    def _changes(self, values: Mapping[str, object]) -> Changes:
        found = values if self._model is not None else self._times(values, is_new=False)
        changes: dict[str, Expression[Any]] = {
            name: Bound[Any](value, self._columns[name].codec) for name, value in found.items()
        }
        return changes if self._model is None else stamped(self._model, self._pivot.table, changes)

    def _made(self, model: Definition, entry: Entry) -> Any:
        """A new row between as an object of its model."""
        keys = self._keys_of(entry)
        keywords = dict(entry.given)
        for relation in model.model.relations:
            if relation.kind is RelationKind.MORPH_TO and keys.keys() >= set(relation.own_columns):
                is_owner = self._relation._relation.kind is RelationKind.MORPH_TO_MANY
                keywords[relation.name] = self._owner if is_owner else entry.item
        fields = {model.model.field_of(column): value for column, value in keys.items()}
        keywords.update((field.name, value) for field, value in fields.items() if not field.private)
        class_ = model.model_class
        assert class_ is not None  # nothing is made before the module is complete
        return writing.built(class_, keywords)

    def _touched(self, remotes: Sequence[Key] | None) -> Plan[Touched]:
        """What rows between touch, as far as their keys say it."""
        found: Touched = {}
        if self._model is None or not self._model.touches:
            return found
        if remotes is None:
            there = yield from self.rows()
            remotes = list(there)
        for remote in remotes:
            note(found, self._model, self._keys_of(Entry((), remote)))
        return found

    def _violated(self, error: Any) -> Any:
        error.relation = self._relation._name
        self._definition.database.annotate(error)
        return error


def _values(columns: Sequence[Column[Any]], row: Sequence[Any], dialect: str) -> list[object]:
    """Values as the driver gave them, as objects have them."""
    return [column.codec.loaded(value, dialect) for column, value in zip(columns, row, strict=True)]


def _loaded(columns: Sequence[Column[Any]], row: Sequence[Any], dialect: str) -> dict[str, object]:
    return dict(zip([column.name for column in columns], _values(columns, row, dialect), strict=True))


def _sameness(entry: Entry) -> object:
    """What entries with the same values have in common."""
    try:
        hash(found := tuple(sorted(entry.values.items(), key=lambda item: item[0])))
    except TypeError:  # a list or a document
        return id(entry)
    return found
