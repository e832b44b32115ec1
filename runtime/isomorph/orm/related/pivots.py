"""Operations on relations with a table between: belongs_to_many, morph_to_many and morphed_by_many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypedDict, TypeVar, cast

from typing_extensions import TypeVar as CovariantTypeVar

from isomorph.orm import bulk, writing
from isomorph.orm.collection import Collection
from isomorph.orm.loading.siblings import relate
from isomorph.orm.modifying import modify
from isomorph.orm.plans import Fetch, Plan
from isomorph.orm.related.between import TableBetween
from isomorph.orm.related.creating import as_fields, save_all
from isomorph.orm.related.entries import Entry, Key, check_values, entries_of
from isomorph.orm.related.keys import checked_object
from isomorph.orm.related.many import objects_of
from isomorph.orm.related.narrowed import equal
from isomorph.orm.related.reading import Q_co, ReadingMany
from isomorph.orm.related.running import run_whole

if TYPE_CHECKING:
    from isomorph.orm.plans import Executor
    from isomorph.orm.query import Query

__all__ = ["NoValues", "RelatedPivot", "Synced"]

M = TypeVar("M")
R_co = CovariantTypeVar("R_co", covariant=True)
K = TypeVar("K")
V = TypeVar("V", bound=Mapping[str, object])
C = TypeVar("C", bound=Mapping[str, object])
P = TypeVar("P", bound=Mapping[str, object])

_ALL: Any = object()
"""The default of what is detached. Not None: a variable that happens to be None must not mean everything."""


class NoValues(TypedDict):
    """The values of a table between that has no columns but keys."""


@dataclass(frozen=True)
class Synced(Generic[K]):
    """What `sync` and its like did, by the primary keys of the related objects.

    Attributes:
        attached: those that were not attached before.
        detached: those that no longer are.
        updated: those whose pivot was changed.
    """

    attached: tuple[K, ...] = ()
    detached: tuple[K, ...] = ()
    updated: tuple[K, ...] = ()


class RelatedPivot(ReadingMany[R_co, Q_co, K], Generic[M, R_co, Q_co, K, V, C, P]):
    """Objects that a table between leads to. Generated classes add `create(pivot, **values)`.

    What names related objects is an object, its primary key, several of these, or a mapping of them to the values of
    their row between. Every operation is one transaction, and forgets what this object has loaded of the relation.
    """

    __slots__ = ()

    # --- rows between ---

    def attach(self, related: M | K | Iterable[M | K] | Mapping[K, P], pivot: P | None = None, /) -> None:
        """Relate objects to this one, by one statement for many.

        Args:
            related: which ones.
            pivot: values of their rows between, all the same; what a mapping says of one counts more.

        Raises:
            UniqueViolation: one is attached already; nothing is written.
            ForeignKeyViolation: one does not exist; nothing is written.
            InvalidValue: an object of another model, no key, or a value that its column cannot hold.
            UnknownField: the table between has no such column.
            NotSaved: an object, or this one, has no row.
        """
        between, entries = self._between("attach()", related, pivot)
        if entries:
            self._run(between, between.insert(entries))

    def detach(self, related: M | K | Iterable[M | K] = _ALL, /) -> int:
        """Take relations to objects away, by one statement; without objects, all of them. The objects stay.

        Returns:
            How many there were.

        Raises:
            InvalidValue: an object of another model, or no key; None, too.
            NotSaved: an object, or this one, has no row.
        """
        if related is _ALL:
            between = TableBetween(self._saved("detach()"), self._relation)
            return cast("int", self._run(between, between.delete(None)))
        between, entries = self._between("detach()", related, None)
        return cast("int", self._run(between, _detached(between, entries))) if entries else 0

    def sync(self, related: Iterable[M | K] | Mapping[K, P], /) -> Synced[K]:
        """Let exactly these objects be related to this one: attach what lacks, detach the others, change other values.

        What a mapping says of the row between is compared with what is there; what is attached already and comes without
        values stays as it is.

        Raises:
            ForeignKeyViolation: one does not exist; nothing is written.
            InvalidValue: an object of another model, no key, a value that its column cannot hold; or one object twice
                with different values.
            UnknownField: the table between has no such column.
            NotSaved: an object, or this one, has no row.
        """
        return self._synced("sync()", related, None, detaching=True)

    def sync_without_detaching(self, related: Iterable[M | K] | Mapping[K, P], /) -> Synced[K]:
        """As `sync`, but others stay attached."""
        return self._synced("sync_without_detaching()", related, None, detaching=False)

    def sync_with_pivot_values(self, related: Iterable[M | K], pivot: P, /) -> Synced[K]:
        """As `sync`, with the same values in all rows between."""
        return self._synced("sync_with_pivot_values()", related, pivot, detaching=True)

    def toggle(self, related: M | K | Iterable[M | K] | Mapping[K, P], /) -> Synced[K]:
        """Detach those of these objects that are attached, and attach the others. See `attach`."""
        between, entries = self._between("toggle()", related, None)
        return cast("Synced[K]", self._run(between, self._toggled(between, entries))) if entries else Synced()

    def update_existing_pivot(self, related: M | K, pivot: P, /) -> int:
        """Set values of the row between to an object that is attached, by one statement.

        Returns:
            How many rows there are: 0 when it is not attached.

        Raises:
            InvalidValue: an object of another model, no key, no values, or one that its column cannot hold.
            UnknownField: the table between has no such column.
            NotSaved: the object, or this one, has no row.
        """
        between, entries = self._between("update_existing_pivot()", [related], pivot)
        if not entries[0].values:
            return 0
        return cast("int", self._run(between, _updated(between, entries)))

    # --- objects ---

    def create_many(self, rows: Iterable[V], pivot: P | None = None, /) -> Collection[R_co]:
        """Insert new objects and attach them, with few statements; each carries its row between as `pivot`.

        Args:
            rows: keywords of the new objects.
            pivot: values of their rows between, all the same.

        Raises:
            InvalidValue: a value that its column cannot hold; nothing is written.
            UnknownField: the model, or the table between, has no such field.
            NotSaved: this object has no row.
        """
        given = objects_of(rows, self._where("create_many()"), "a list of values")
        return Collection(self._created(cast("list[Mapping[str, object]]", given), pivot, "create_many()"))

    def save(self, related: M, pivot: P | None = None, /) -> R_co:
        """Save an object, new or changed, and attach it; it carries its row between as `pivot`.

        Raises:
            UniqueViolation: it is attached already; nothing is written.
            InvalidValue: an object of another model, or a value that its column cannot hold.
            NotSaved: this object has no row.
        """
        return cast("R_co", self._save_all([related], pivot, "save()")[0])

    def save_many(self, related: Iterable[M], pivot: P | None = None, /) -> Collection[R_co]:
        """Save objects and attach them, with few statements; see `save`."""
        given = objects_of(related, self._where("save_many()"), "a list of objects")
        return Collection(self._save_all(given, pivot, "save_many()"))

    def first_or_create(self, match: C, values: C | None = None, pivot: P | None = None, /) -> R_co:
        """The first related object that matches; else the first of all that does, attached; else a new one, attached.

        Args:
            match: values of fields.
            values: further ones of a new object.
            pivot: values of the row between, where one is made.

        Raises:
            InvalidValue: a value that its column cannot hold.
            UnknownField: the model, or the table between, has no such field.
            NotSaved: this object has no row.
        """
        return self._matched(match, {} if values is None else values, pivot, "first_or_create()", update=False)

    def update_or_create(self, match: C, values: C, pivot: P | None = None, /) -> R_co:
        """As `first_or_create`, and an object that is there is changed to have the values; its row between likewise."""
        return self._matched(match, values, pivot, "update_or_create()", update=True)

    def delete(self) -> int:
        """Delete the related objects themselves, by one statement; `detach` only takes the relations to them away.

        Returns:
            The number of rows deleted.

        Raises:
            NotSaved: this object has no row.
            ForeignKeyViolation: other rows still point to one of them.
        """
        query, executor = self._query("delete()"), self._relation._leads_to.executor
        between = TableBetween(self._owner, self._relation)
        tables = (*between.tables, self._relation._leads_to.model.table.name)
        return run_whole(
            modify(query, None, executor), executor, self._relation, self._owner, tables=tables, deletes=True
        )

    if not TYPE_CHECKING:
        # Generated classes say which keywords there are.
        def create(self, pivot: Any = None, /, **values: object) -> Any:
            """Insert a new object and attach it; it carries its row between as `pivot`.

            Args:
                pivot: values of the row between.
                values: keywords of the new object.

            Raises:
                InvalidValue: a value that its column cannot hold.
                NotSaved: this object has no row.
            """
            return self._created([values], pivot, "create()")[0]

    # --- how ---

    def _between(self, method: str, related: object, pivot: object) -> tuple[TableBetween, list[Entry]]:
        owner = self._saved(method)
        entries = entries_of(self._relation, related, pivot, self._where(method))
        return TableBetween(owner, self._relation), entries

    def _run(self, between: TableBetween, plan: Plan[Any], items: Iterable[Any] = (), *more: str) -> Any:
        written = [self._owner, *items]
        tables = (*between.tables, *more)
        return run_whole(plan, between.executor, self._relation, self._owner, written, tables=tables)

    def _synced(self, method: str, related: object, pivot: object, *, detaching: bool) -> Synced[K]:
        given: object = related
        if not isinstance(related, Mapping):
            given = objects_of(related, self._where(method), "several of them")
        between, entries = self._between(method, given, pivot)
        return cast("Synced[K]", self._run(between, _synced(between, entries, detaching=detaching)))

    def _toggled(self, between: TableBetween, entries: Sequence[Entry]) -> Plan[Synced[Any]]:
        yield from between.existing(entries)
        there = yield from between.rows()
        gone = [entry for entry in entries if entry.remote in there]
        new = [entry for entry in entries if entry.remote not in there]
        yield from between.delete([cast("Key", entry.remote) for entry in gone])
        yield from between.insert(new)
        return Synced(_shown(new), _shown(gone))

    def _created(self, rows: Sequence[Mapping[str, object]], pivot: object, method: str) -> list[Any]:
        self._saved(method)
        target = self._relation._leads_to
        class_ = cast("Any", target.model_class)
        for values in rows:
            writing.check_mapping(target, values)
        made = [writing.built(class_, values) for values in rows]
        self._written(made, pivot, method)
        if made and self._relation._definition.database.is_lazy:
            relate(made)
        return made

    def _save_all(self, related: Sequence[object], pivot: object, method: str) -> list[Any]:
        self._saved(method)
        target, where = self._relation._leads_to, self._where(method)
        items = [checked_object(target, item, where, saved=False) for item in related]
        self._written(list({id(item): item for item in items}.values()), pivot, method)
        return items

    def _written(self, items: Sequence[Any], pivot: object, method: str) -> None:
        """Save objects and attach them."""
        between = TableBetween(self._owner, self._relation)
        self._check_values(pivot, method)  # before anything is sent
        if items:
            plan = self._saved_and_attached(between, items, pivot, method)
            self._run(between, plan, items, self._relation._leads_to.model.table.name)

    def _saved_and_attached(
        self, between: TableBetween, items: Sequence[Any], pivot: object, method: str
    ) -> Plan[None]:
        yield from save_all(items, between.executor)
        yield from self._attached(between, items, pivot, method)

    def _attached(self, between: TableBetween, items: Sequence[Any], pivot: object, method: str) -> Plan[None]:
        entries = entries_of(self._relation, items, pivot, self._where(method))
        yield from between.insert(entries)
        yield from between.lay(entries)

    def _check_values(self, pivot: object, method: str) -> None:
        if pivot is not None:
            check_values(self._relation, pivot, self._where(method))

    def _matched(
        self, match: Mapping[str, object], values: Mapping[str, object], pivot: object, method: str, *, update: bool
    ) -> R_co:
        query, where = self._query(method), self._where(method)
        self._check_values(pivot, method)
        target = self._relation._leads_to
        fields = as_fields(target, match, where), as_fields(target, values, where)
        for name in (*fields[0], *fields[1]):
            target.column(name)
        narrowed = query.where(*[equal(target.columns[name], value) for name, value in fields[0].items()]).limit(1)
        between = TableBetween(self._owner, self._relation)
        making: bulk.Making[Any] = bulk.Making(
            lambda _: writing.built(cast("Any", target.model_class), {**match, **values}), {}
        )
        plan = self._found_or_attached(between, narrowed, fields, making, pivot, method, update=update)
        return cast("R_co", self._run(between, plan, (), target.model.table.name))

    def _found_or_attached(
        self,
        between: TableBetween,
        query: Query[Any],
        fields: tuple[Mapping[str, object], Mapping[str, object]],
        making: bulk.Making[Any],
        pivot: object,
        method: str,
        *,
        update: bool,
    ) -> Plan[Any]:
        executor: Executor = between.executor
        dialect = executor.dialect
        match, values = fields
        found = query._objects((yield Fetch(*query._compiled(dialect))), dialect.name)
        if not found:
            function = bulk.update_or_create if update else bulk.first_or_create
            class_ = cast("Any", self._relation._leads_to.model_class)
            made: Any = yield from function(class_, match, values, executor, making)
            yield from self._attached(between, [made], pivot, method)
            return made
        if update:
            for name, value in values.items():
                setattr(found[0], name, value)
            yield from bulk.update_one(found[0], executor)
            if pivot is not None:
                entries = entries_of(self._relation, found, pivot, self._where(method))
                if entries[0].values:
                    yield from between.update(entries)
                    yield from between.lay(entries)
        return found[0]


def _detached(between: TableBetween, entries: Sequence[Entry]) -> Plan[int]:
    known = yield from between.existing(entries)
    return (yield from between.delete([cast("Key", entry.remote) for entry in known]))


def _updated(between: TableBetween, entries: Sequence[Entry]) -> Plan[int]:
    known = yield from between.existing(entries)
    return (yield from between.update(known))


def _synced(between: TableBetween, entries: Sequence[Entry], *, detaching: bool) -> Plan[Synced[Any]]:
    yield from between.existing(entries)
    names = dict.fromkeys(name for entry in entries for name in entry.values)
    there = yield from between.rows(names)
    wanted = {entry.remote for entry in entries}
    gone = [remote for remote in there if remote not in wanted] if detaching else []
    new = [entry for entry in entries if entry.remote not in there]
    changed = [entry for entry in entries if _differs(entry, there.get(cast("Key", entry.remote), []))]
    keys = yield from between.keys_of(gone)
    yield from between.delete(gone)
    yield from between.insert(new)
    if changed:
        yield from between.update(changed)
    return Synced(_shown(new), tuple([_plain(keys[remote]) for remote in gone if remote in keys]), _shown(changed))


def _differs(entry: Entry, rows: Iterable[Mapping[str, object]]) -> bool:
    return any(row[name] != value for row in rows for name, value in entry.values.items())


def _shown(entries: Iterable[Entry]) -> tuple[Any, ...]:
    return tuple([_plain(entry.key) for entry in entries])


def _plain(key: Key) -> Any:
    return key[0] if len(key) == 1 else key
