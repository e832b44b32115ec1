"""Resolves what a table has beside its columns: uniques, indexes, foreign keys, checks, and their names."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Final, TypeVar

from isomorph.catalog import (
    TEXTS,
    Between,
    Call,
    Check,
    ColumnRef,
    ColumnType,
    Comparison,
    Deferrable,
    Expression,
    ForeignKey,
    Index,
    IndexColumn,
    Integrity,
    Kind,
    Literal,
    Matches,
    MorphGuard,
    ReferentialAction,
    RelationKind,
    SqlText,
    Table,
    Unique,
    columns_of,
)
from isomorph_generator.schema.errors import (
    InvalidName,
    NameClash,
    NameTooLong,
    NotOnDialect,
    Position,
    RepeatedName,
    UniquePartialIndex,
    UnknownFieldName,
)
from isomorph_generator.schema.expressions import Vocabulary, compiled, expression_text
from isomorph_generator.schema.naming import constraint_name, too_long_for
from isomorph_generator.schema.resolve.arcs import arc_check, for_each_member
from isomorph_generator.schema.resolve.columns import sql_text
from isomorph_generator.schema.resolve.drafts import FieldDraft, ModelDraft, Resolution
from isomorph_generator.schema.resolve.indexable import check_indexable
from isomorph_generator.schema.resolve.indexes import check_form, index_expression, index_of
from isomorph_generator.schema.resolve.integrity import guarded
from isomorph_generator.schema.resolve.keys import cross_connection
from isomorph_generator.schema.scan import Path
from isomorph_generator.schema.spec import BelongsToSpec, CheckSpec, IndexSpec, MorphToSpec, SqlSpec, UniqueSpec

__all__ = ["ConstraintNames", "Constraints", "indexed_fields", "model_constraints", "pivot_indexes"]

_IN_WHOLE_DATABASE: Final = {
    "sqlite": frozenset({"index"}),
    "postgresql": frozenset({"index"}),
    "mysql": frozenset({"foreign", "check"}),
}
"""Kinds of names that a dialect wants unique in all of a database, not only in a table; uniques are indexes."""


class ConstraintNames:
    """Names of indexes and constraints, which some databases want unique in all of a database.

    Names that are made are so whatever the dialects, so that a project that gains one keeps its names.
    """

    def __init__(self, resolution: Resolution) -> None:
        self._resolution = resolution
        self._taken: dict[tuple[str, str], Position] = {}
        self._in_scope: dict[tuple[str, ...], Position] = {}

    def given(self, connection: str, table: str, kind: str, name: str, at: tuple[Position, str]) -> str:
        """A name from the schema; a mistake when it is taken, too long or empty."""
        report, key = self._resolution.report, self._scoped(connection, table, kind, name)
        if not name or "\0" in name:
            report.add(InvalidName(*at, kind, name, "databases do not take it"))
        elif (too_long := too_long_for(name, self._resolution.dialects)) is not None:
            report.add(NameTooLong(*at, kind, name, *too_long))
        elif key in self._in_scope and self._in_scope[key] != at[0]:
            report.add(NameClash(*at, kind, name, "taken", self._in_scope[key], "rename one of the two"))
        self._note(connection, table, kind, name, at[0])
        return name

    def _scoped(self, connection: str, table: str, kind: str, name: str) -> tuple[str, ...]:
        """What may be there once: of its kind in the database, or in the table where all dialects have it so."""
        kind = "index" if kind == "unique" else kind
        wide = any(kind in _IN_WHOLE_DATABASE[dialect] for dialect in self._resolution.dialects)
        return connection, "" if wide else table, kind, name.lower()

    def _note(self, connection: str, table: str, kind: str, name: str, at: Position) -> None:
        self._taken.setdefault((connection, name.lower()), at)
        self._in_scope.setdefault(self._scoped(connection, table, kind, name), at)

    def made(
        self, connection: str, table: str, columns: Sequence[str], kind: str, at: Position, meaning: str = ""
    ) -> str:
        """A name by convention; one with a hash when another constraint has it."""
        dialects = self._resolution.dialects
        name = constraint_name(table, columns, kind, dialects)
        if (connection, name.lower()) in self._taken:
            name = constraint_name(table, columns, kind, dialects, f"{table}({','.join(columns)}){meaning}")
        self._note(connection, table, kind, name, at)
        return name


@dataclass(slots=True)
class Constraints:
    """What a table has beside its columns, in the schema's order."""

    uniques: list[Unique] = field(default_factory=list[Unique])
    indexes: list[Index] = field(default_factory=list[Index])
    foreign_keys: list[ForeignKey] = field(default_factory=list[ForeignKey])
    checks: list[Check] = field(default_factory=list[Check])
    guards: list[MorphGuard] = field(default_factory=list[MorphGuard])


def model_constraints(
    resolution: Resolution,
    model: ModelDraft,
    fields: Sequence[FieldDraft],
    vocabulary: Vocabulary,
    names: ConstraintNames,
) -> Constraints:
    """The constraints of a model's table.

    Args:
        resolution: takes mistakes.
        model: with resolved keys and relations.
        fields: its fields in the order of the table.
        vocabulary: what names in its expressions mean.
        names: takes note of every name.
    """
    return _Builder(resolution, model, fields, vocabulary, names).build()


def indexed_fields(
    resolution: Resolution, model: ModelDraft, names: Sequence[str], path: Path
) -> list[tuple[FieldDraft, bool]] | None:
    """The fields that a list of names means, and whether `-` makes them descending; relations stand for their columns.

    Returns:
        None when a name means nothing, which was told.
    """
    found: list[tuple[FieldDraft, bool]] = []
    seen: set[str] = set()
    for index, text in enumerate(names):
        name = text.removeprefix("-")
        at = resolution.report.value((*path, index))
        direct = model.find(name)
        relation = model.relations.get(name)
        fields = (direct,) if direct is not None else relation.fields if relation is not None else ()
        if not fields:
            if not model.is_broken(name):
                resolution.report.add(UnknownFieldName(*at, model.name, name, model.names))
            return None
        if any(item.column in seen for item in fields):
            resolution.report.add(RepeatedName(*at, name))
        seen |= {item.column for item in fields}
        found += ((item, text.startswith("-")) for item in fields)
    return found


ListedT = TypeVar("ListedT", UniqueSpec, IndexSpec)


class _Builder:
    def __init__(
        self,
        resolution: Resolution,
        model: ModelDraft,
        fields: Sequence[FieldDraft],
        vocabulary: Vocabulary,
        names: ConstraintNames,
    ) -> None:
        self._resolution = resolution
        self._report = resolution.report
        self._model = model
        self._fields = fields
        self._vocabulary = vocabulary
        self._names = names
        self._made = Constraints()
        self._seen: dict[object, Position] = {}

    def build(self) -> Constraints:
        check_indexable(self._resolution, self._model.key or (), self._report.key((*self._model.path, "primary_key")))
        self._foreign_keys()
        self._uniques()
        declared = self._declared_indexes()
        # Named first, so that an index that is declared later does not rename them.
        of_foreign_keys = self._indexes_of_foreign_keys([index for index, _ in declared])
        self._made.indexes += [replace(index, name=name()) for index, name in declared]
        self._made.indexes += of_foreign_keys
        self._checks()
        self._guards()
        return self._made

    # --- names -----------------------------------------------------------------------------------------------------------

    def _name(self, columns: Sequence[str], kind: str, at: Position, meaning: str = "") -> str:
        return self._names.made(self._model.connection, self._model.table, columns, kind, at, meaning)

    def _named(
        self, given: str | None, columns: Sequence[str], kind: str, path: Path, meaning: str = "", option: str = "name"
    ) -> str:
        if given is not None:
            at = self._report.value((*path, option))
            return self._names.given(self._model.connection, self._model.table, kind, given, at)
        return self._name(columns, kind, self._report.sources.key(path), meaning)

    def _declared(
        self, spec: UniqueSpec | IndexSpec | CheckSpec, columns: Sequence[str], kind: str, path: Path, meaning: str = ""
    ) -> str:
        """The name of what the model lists; what it was called is taken note of."""
        name = self._named(spec.name, columns, kind, path, meaning)
        self._resolution.parts.append((self._model.connection, self._model.table, name, path, spec.was))
        return name

    def _is_new(self, kind: str, columns: tuple[str, ...], at: tuple[Position, str], meaning: str = "") -> bool:
        first = self._seen.setdefault((kind, columns, meaning), at[0])
        if first == at[0]:
            return True
        told = ", ".join(columns)
        self._report.add(NameClash(*at, kind, told, "declared", first, "remove one of the two"))
        return False

    # --- foreign keys ------------------------------------------------------------------------------------------------------

    def _foreign_keys(self) -> None:
        for relation in self._model.of_kind(RelationKind.BELONGS_TO):
            spec, target = relation.spec, relation.target
            if not relation.ready or target is None or not isinstance(spec, BelongsToSpec):
                continue
            check_indexable(self._resolution, relation.fields, self._report.key(relation.path))
            if relation.crosses and spec.deferrable is not None:
                place = self._report.value(relation.path, "deferrable")
                problem = "there is no foreign key between them that could wait"
                self._report.add(cross_connection(place, self._model, target, problem, "drop `deferrable`"))
            if relation.crosses:
                continue
            self._made.foreign_keys.append(
                ForeignKey(
                    name=self._named(
                        spec.constraint, relation.local, "foreign", relation.path, relation.name, "constraint"
                    ),
                    columns=relation.local,
                    table=target.table,
                    references=relation.remote,
                    on_delete=ReferentialAction(spec.on_delete),
                    on_update=ReferentialAction(spec.on_update),
                    deferrable=self._deferrable(spec, relation.path),
                )
            )

        for relation in self._model.of_kind(RelationKind.MORPH_TO):
            morph = relation.morph
            if not relation.ready or morph is None or morph.integrity is not Integrity.ARC or relation.crosses:
                continue
            at = self._report.sources.key(relation.path)
            for item, member in zip(relation.fields, morph.members, strict=True):
                target = self._resolution.models[member.model]
                self._made.foreign_keys.append(
                    ForeignKey(
                        name=self._name([item.column], "foreign", at),
                        columns=(item.column,),
                        table=target.table,
                        references=tuple(key.column for key in target.key or ()),
                        on_delete=morph.on_delete,
                    )
                )

    def _deferrable(self, spec: BelongsToSpec, path: Path) -> Deferrable | None:
        if spec.deferrable is None:
            return None
        if "mysql" in self._resolution.dialects:
            hint = 'leave it out; or take "mysql" out of `dialects`'
            self._report.add(NotOnDialect(*self._report.key((*path, "deferrable")), "deferrable", "mysql", hint))
        return Deferrable(spec.deferrable)

    def _indexes_of_foreign_keys(self, declared: Sequence[Index]) -> list[Index]:
        """Databases look rows up by foreign key on every delete of the other side, and so do relations."""
        key = tuple(item.column for item in self._model.key or ())
        prefixes = [key, *(unique.columns for unique in self._made.uniques)]
        prefixes += [index.column_names or () for index in declared if index.where is None]
        indexes: list[Index] = []
        for relation in self._model.of_kind(RelationKind.BELONGS_TO, RelationKind.MORPH_TO):
            assert isinstance(relation.spec, BelongsToSpec | MorphToSpec)
            if not relation.ready or not relation.spec.index:
                continue
            for fields in for_each_member(self._model, [(item, None) for item in relation.fields]):
                columns = tuple(item.column for item, _ in fields)
                if not any(prefix[: len(columns)] == columns for prefix in prefixes):
                    name = self._name(columns, "index", self._report.sources.key(relation.path))
                    indexes.append(Index(name, tuple(IndexColumn(column) for column in columns)))
                    prefixes.append(columns)
        return indexes

    # --- uniques and indexes -------------------------------------------------------------------------------------------------

    def _uniques(self) -> None:
        for item in self._fields:
            if item.spec is not None and item.spec.unique:
                self._unique([item], (*item.path, "unique"), None)
        for relation in self._model.of_kind(RelationKind.BELONGS_TO):
            spec = relation.spec
            if relation.ready and isinstance(spec, BelongsToSpec) and spec.unique:
                self._unique(relation.fields, (*relation.path, "unique"), None)
        for number, unique in enumerate(self._model.spec.uniques):
            path = (*self._model.path, "uniques", number)
            found = indexed_fields(self._resolution, self._model, unique.fields, (*path, "fields"))
            given = self._only(unique, found or (), path)
            for fields in for_each_member(self._model, found or ()):
                self._unique([item for item, _ in fields], path, given)

    def _unique(self, fields: Sequence[FieldDraft], path: Path, spec: UniqueSpec | None) -> None:
        columns = tuple(item.column for item in fields)
        at = self._report.key(path)
        if {item.name for item in fields} == {item.name for item in self._model.key or ()}:
            return  # the primary key says so already
        if self._is_new("unique", columns, at) and check_indexable(self._resolution, fields, at):
            if spec is None:
                name = self._named(None, columns, "unique", path)
            else:
                name = self._declared(spec, columns, "unique", path)
            self._made.uniques.append(Unique(name, columns))

    def _declared_indexes(self) -> list[tuple[Index, Callable[[], str]]]:
        """The indexes that the schema declares, each with what gives it its name when its turn comes."""
        declared: list[tuple[Index, Callable[[], str]]] = []
        for item in self._fields:
            path = (*item.path, "index")
            if item.spec is None or not item.spec.index:
                continue
            if check_indexable(self._resolution, [item], self._report.key(path)):
                self._is_new("index", (item.column,), self._report.key(path))
                name = partial(self._named, None, [item.column], "index", path)
                declared.append((Index("", (IndexColumn(item.column),)), name))
        for number, spec in enumerate(self._model.spec.indexes):
            declared += self._indexes(spec, (*self._model.path, "indexes", number))
        return declared

    def _indexes(self, spec: IndexSpec, path: Path) -> Iterator[tuple[Index, Callable[[], str]]]:
        resolution, model, kind = self._resolution, self._model, "unique" if spec.unique else "index"
        where = self._condition(spec.where, (*path, "where"), partial_index=True) if spec.where is not None else None
        if spec.where is not None and spec.unique and "mysql" in resolution.dialects:
            self._report.add(UniquePartialIndex(*self._report.value((*path, "where")), "mysql"))
        if not check_form(resolution, spec, path):
            return
        beside = indexed_fields(resolution, model, spec.include or (), (*path, "include")) or []
        included = [item for item, _ in beside]
        beyond = f"{spec.method or ''}{spec.nulls or ''}{[item.column for item in included] or ''}"
        if spec.fields is None:
            part = index_expression(resolution, spec, self._vocabulary, path)
            if part is None:
                return
            columns = columns_of(part.expression) or ("expression",)
            meaning = f"{_text(part.expression)}{_text(where)}{beyond}"
            if self._is_new("index", columns, self._report.key(path), meaning):
                index = index_of(resolution, spec, (part,), where, included, path)
                yield index, partial(self._declared, spec, columns, kind, path, meaning)
            return
        found = indexed_fields(resolution, model, spec.fields, (*path, "fields"))
        if found is None or not check_indexable(
            resolution, [item for item, _ in found], self._report.key(path), spec.method
        ):
            return
        given = self._only(spec, found, path)
        for fields in for_each_member(self._model, found):
            columns = tuple(item.column for item, _ in fields)
            meaning = f"{[descending for _, descending in fields]}{_text(where)}{beyond}"
            if not self._is_new("index", columns, self._report.key(path), meaning):
                continue
            ordered = tuple(IndexColumn(item.column, descending) for item, descending in fields)
            index = index_of(resolution, spec, ordered, where, included, path)
            yield index, partial(self._declared, given, columns, kind, path, meaning)

    def _only(self, spec: ListedT, fields: Sequence[tuple[FieldDraft, bool]], path: Path) -> ListedT:
        """What the schema says; without its name, a mistake, where an arc makes several of one, which cannot all have it."""
        number = len(list(for_each_member(self._model, fields)))
        if spec.name is None or number < 2:
            return spec
        at = self._report.value((*path, "name"))
        rule = f"an arc makes {number} of it, one for each member"
        self._report.add(InvalidName(*at, "constraint", spec.name, rule, "drop `name`: each gets one by convention"))
        return spec.model_copy(update={"name": None})

    # --- checks ------------------------------------------------------------------------------------------------------------

    def _checks(self) -> None:
        for item in self._fields:
            self._made.checks += self._checks_of_modifiers(item)
            if item.spec is not None and item.spec.check is not None:
                path = (*item.path, "check")
                condition = self._condition(item.spec.check, path)
                name = self._name([item.column], "check", self._report.sources.key(path))
                if condition is not None:
                    self._made.checks.append(Check(name, condition))
        number = 0
        for index, check in enumerate(self._model.spec.checks):
            path = (*self._model.path, "checks", index)
            condition = self._condition(check.check, (*path, "check"))
            number += check.name is None
            name = self._declared(check, [str(number)], "check", path)
            if condition is not None:
                self._made.checks.append(Check(name, condition))

    def _guards(self) -> None:
        for relation in self._model.of_kind(RelationKind.MORPH_TO):
            morph = relation.morph
            if not relation.ready or morph is None or morph.integrity is Integrity.NONE:
                continue
            at, model = self._report.sources.key(relation.path), self._model
            if morph.integrity is Integrity.ARC:
                check = arc_check(model.connection, model.table, morph, at, self._names, nullable=relation.nullable)
                self._made.checks.append(check)
                continue
            checks, guard = guarded(
                self._resolution, model.connection, model.table, morph, at, self._names, nullable=relation.nullable
            )
            self._made.checks += checks
            self._made.guards.append(guard)

    def _checks_of_modifiers(self, item: FieldDraft) -> Iterator[Check]:
        """The checks of `min` and `max`, and of `pattern`."""
        spec, type_ = item.spec, item.type
        if spec is None or type_ is None:
            return
        column = ColumnRef(item.column)
        if spec.min is not None or spec.max is not None:
            at = self._report.sources.key((*item.path, "max" if spec.min is None else "min"))
            yield Check(self._name([item.column], "bounds", at), _bounded(column, type_, spec.min, spec.max))
        if spec.pattern is not None:
            at = self._report.sources.key((*item.path, "pattern"))
            yield Check(self._name([item.column], "pattern", at), Matches(column, spec.pattern))

    def _condition(
        self, spec: str | SqlSpec, path: Path, *, partial_index: bool = False
    ) -> Expression | SqlText | None:
        """A condition of the schema. MySQL has no partial indexes, so it needs no text for one."""
        if isinstance(spec, SqlSpec):
            dialects = tuple(name for name in self._resolution.dialects if not (partial_index and name == "mysql"))
            return sql_text(spec, path, dialects, self._report)
        return compiled(spec, self._vocabulary, path, self._report)[0]


def _bounded(
    column: ColumnRef, type_: ColumnType, least: int | Decimal | None, most: int | Decimal | None
) -> Expression:
    """The check of `min` and `max`: of a number, or of the length of a text."""
    item = Call("length", (column,)) if type_.kind in TEXTS else column
    low, high = (None if bound is None else Literal(_bound(bound, type_.kind)) for bound in (least, most))
    if low is not None and high is not None:
        return Between(item, low, high)
    return (
        Comparison("<=", item, high) if low is None and high is not None else Comparison(">=", item, low or Literal(0))
    )


def _bound(bound: int | Decimal, kind: Kind) -> int | float | Decimal:
    """A bound as values of the column are: the nearest float of its width."""
    if kind is Kind.REAL:
        return float(struct.unpack("f", struct.pack("f", float(bound)))[0])
    return float(bound) if kind is Kind.DOUBLE else bound


def _text(condition: Expression | SqlText | None) -> str:
    if condition is None:
        return ""
    return str(dict(condition.by_dialect)) if isinstance(condition, SqlText) else expression_text(condition)


def pivot_indexes(table: Table, connection: str, names: ConstraintNames, at: Position) -> tuple[Index, ...]:
    """Indexes of a pivot table, for lookups from the side that its primary key does not start with."""
    groups = [key.columns for key in table.foreign_keys]
    keyed = {column for group in groups for column in group}
    groups.append(tuple(column for column in table.primary_key if column not in keyed))
    prefixes = [table.primary_key, *(unique.columns for unique in table.uniques)]
    indexes: list[Index] = []
    for columns in groups:
        if columns and all(prefix[: len(columns)] != columns for prefix in prefixes):
            name = names.made(connection, table.name, columns, "index", at)
            indexes.append(Index(name, tuple(IndexColumn(column) for column in columns)))
    return tuple(indexes)
