"""Operations on relations whose key is in the other table: has_many, has_one, morph_many and morph_one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from isomorph.errors import InvalidValue
from isomorph.orm import bulk
from isomorph.orm.collection import Collection
from isomorph.orm.loading.siblings import relate
from isomorph.orm.modifying import modify
from isomorph.orm.plans import Plan, run
from isomorph.orm.related.creating import Filling, as_fields, save_all
from isomorph.orm.related.forgetting import forget
from isomorph.orm.related.keys import checked_object, is_object
from isomorph.orm.related.narrowed import value_of
from isomorph.orm.related.reading import Operations, Q_co, ReadingMany, ReadingOne
from isomorph.orm.related.running import run_whole, whole, writing_by
from isomorph.orm.restoring import restoring
from isomorph.orm.touching import Touched, note, touch

if TYPE_CHECKING:
    from isomorph.orm.plans import Executor

__all__ = ["RelatedMany", "RelatedOne", "objects_of"]

M = TypeVar("M")
K = TypeVar("K")
V = TypeVar("V", bound=Mapping[str, object])
C = TypeVar("C", bound=Mapping[str, object])


class _Writing(Operations, Generic[M, C]):
    """The part that writes, of one and of many."""

    __slots__ = ()

    def save(self, related: M, /) -> M:
        """Let an object point to this one, and save it: a new one is inserted.

        Raises:
            InvalidValue: an object of another model.
            NotSaved: this object has no row.
            DatabaseError: the database refuses; then the object is as it was.
        """
        return self._save_all([related], "save()")[0]

    def first_or_create(self, match: C, values: C | None = None, /) -> M:
        """The first related object that matches, else a new one with these and further values.

        Args:
            match: values of fields.
            values: further ones of a new object.

        Raises:
            InvalidValue: a value for what the relation fills, or one that its column cannot hold.
            UnknownField: the related model has no such field.
            NotSaved: this object has no row.
        """
        return self._matched(match, {} if values is None else values, "first_or_create()", update=False)

    def update_or_create(self, match: C, values: C, /) -> M:
        """The first related object that matches, changed to have the values; else a new one with both.

        Raises:
            InvalidValue: a value for what the relation fills, or one that its column cannot hold.
            UnknownField: the related model has no such field.
            NotSaved: this object has no row.
        """
        return self._matched(match, values, "update_or_create()", update=True)

    def delete(self) -> int:
        """Delete what is related, by one statement.

        Returns:
            The number of rows deleted.

        Raises:
            NotSaved: this object has no row.
            ForeignKeyViolation: other rows still point to one of them.
        """
        owner, target = self._saved("delete()"), self._relation._leads_to
        found = self._narrowed("delete()")
        executor = target.executor
        plan = self._deleted(found, executor) if target.touches else modify(found, None, executor)
        return run_whole(plan, executor, self._relation, owner, [owner], tables=self._tables, deletes=True)

    if not TYPE_CHECKING:
        # Generated classes say which keywords there are.
        def create(self, /, **values: object) -> Any:
            """Insert a new object that points to this one.

            Raises:
                InvalidValue: a value for what the relation fills, or one that its column cannot hold.
                NotSaved: this object has no row.
            """
            return self._created([values], "create()")[0]

    # --- how ---

    @property
    def _tables(self) -> tuple[str, ...]:
        return (self._relation._leads_to.model.table.name,)

    def _narrowed(self, method: str) -> Any:
        raise NotImplementedError

    def _created(self, rows: Sequence[Mapping[str, object]], method: str) -> list[Any]:
        owner, where, executor = self._saved(method), self._where(method), self._relation._leads_to.executor
        filling = Filling(owner, self._relation, where)
        made = [filling.made(values, where) for values in rows]
        if made:
            # Nobody has seen the new objects, so there is nothing to set back; one of them is one statement, as elsewhere.
            plan = bulk.insert_many(made, executor)
            with writing_by(self._relation), restoring([owner] if self._relation._leads_to.touches else []):
                run(executor, plan if len(made) == 1 else whole(plan))
            forget(owner, self._tables)
            if self._relation._definition.database.is_lazy:
                relate(made)
        return made

    def _save_all(self, related: Sequence[M], method: str) -> Sequence[M]:
        owner, where, target = self._saved(method), self._where(method), self._relation._leads_to
        items = [checked_object(target, item, where, saved=False) for item in related]
        filling = Filling(owner, self._relation, where)
        if items:
            executor = target.executor
            run_whole(
                self._filled(items, filling, executor),
                executor,
                self._relation,
                owner,
                [owner, *items],
                tables=self._tables,
            )
        return related

    def _filled(self, items: Sequence[Any], filling: Filling, executor: Executor) -> Plan[None]:
        for item in items:
            filling.fill(item)
        yield from save_all(list({id(item): item for item in items}.values()), executor)

    def _matched(self, match: Mapping[str, object], values: Mapping[str, object], method: str, *, update: bool) -> M:
        owner, where, target = self._saved(method), self._where(method), self._relation._leads_to
        filling = Filling(owner, self._relation, where)
        filling.check(match, where)
        filling.check(values, where)
        making: bulk.Making[Any] = bulk.Making(lambda _: filling.made({**match, **values}, where), filling.fields)
        executor = target.executor
        class_ = cast("Any", target.model_class)
        function = bulk.update_or_create if update else bulk.first_or_create
        fields = as_fields(target, match, where), as_fields(target, values, where)
        plan = function(class_, *fields, executor, making)
        return cast("M", run_whole(plan, executor, self._relation, owner, [owner], tables=self._tables))

    def _deleted(self, query: Any, executor: Executor) -> Plan[int]:
        """Delete the rows, and touch this object where they would have touched it."""
        count: int = yield from modify(query, None, executor)
        target, relation = self._relation._leads_to, self._relation._relation
        keys = zip(relation.remote, relation.local, strict=True)
        values: dict[str, object] = {remote: value_of(self._owner, local) for remote, local in keys}
        if relation.morph is not None:
            values.update(relation.morph.filled)
        found: Touched = {}
        if count:
            note(found, target, values)
        yield from touch(target, found, executor, [self._owner])
        return count


class RelatedMany(_Writing[M, C], ReadingMany[M, Q_co, K], Generic[M, Q_co, K, V, C]):
    """Objects that point to this one. Generated classes add `create(**values)`."""

    __slots__ = ()

    def create_many(self, rows: Iterable[V], /) -> Collection[M]:
        """Insert new objects that point to this one, with few statements; their keys are read back.

        Raises:
            InvalidValue: a value for what the relation fills, or one that its column cannot hold; nothing is written.
            NotSaved: this object has no row.
        """
        given = objects_of(rows, self._where("create_many()"), "a list of values")
        return Collection(self._created(cast("Sequence[Mapping[str, object]]", given), "create_many()"))

    def save_many(self, related: Iterable[M], /) -> Collection[M]:
        """Let objects point to this one, and save them in one transaction, with few statements; new ones are inserted.

        Raises:
            InvalidValue: an object of another model; nothing is written.
            NotSaved: this object has no row.
            DatabaseError: the database refuses; then the objects are as they were.
        """
        given = objects_of(related, self._where("save_many()"), "a list of objects")
        return Collection(self._save_all(cast("Sequence[M]", given), "save_many()"))

    def _narrowed(self, method: str) -> Any:
        return self._query(method)


class RelatedOne(_Writing[M, C], ReadingOne[M, Q_co], Generic[M, Q_co, V, C]):
    """The one object that points to this one. Generated classes add `create(**values)`.

    One that is there already stays: where its key is unique the database refuses a second one.
    """

    __slots__ = ()

    def _narrowed(self, method: str) -> Any:
        return self._query(method)


def objects_of(given: object, where: str, expected: str) -> list[object]:
    """Several things that a caller gives.

    Raises:
        InvalidValue: a single thing.
    """
    class_ = given.__class__
    if is_object(given) or issubclass(class_, str | bytes | Mapping) or not hasattr(class_, "__iter__"):
        raise InvalidValue(where, expected, class_.__name__)
    return list(cast("Iterable[object]", given))
