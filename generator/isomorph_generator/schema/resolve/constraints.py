"""Resolves what a table has beside its columns: uniques, indexes, foreign keys, checks, and their names."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Final

from isomorph.catalog import (
    NETWORKS,
    RANGES,
    SHAPES,
    TEXTS,
    Between,
    Call,
    Check,
    ColumnRef,
    ColumnType,
    Comparison,
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
)
from isomorph_generator.schema.errors import (
    IndexTooWide,
    InvalidName,
    NameClash,
    NameTooLong,
    NotIndexable,
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
from isomorph_generator.schema.resolve.integrity import guarded
from isomorph_generator.schema.scan import Path
from isomorph_generator.schema.spec import BelongsToSpec, IndexSpec, SqlSpec

__all__ = ["ConstraintNames", "Constraints", "indexed_fields", "model_constraints", "pivot_indexes"]

_NEVER: Final = frozenset({Kind.ENCRYPTED, Kind.TSVECTOR})
"""What no index helps: equal texts are encrypted differently, and words are looked up by an index of another kind."""
_LONG: Final = frozenset({Kind.TEXT, Kind.MEDIUMTEXT, Kind.BYTES, Kind.JSON, Kind.ARRAY, Kind.NUMRANGE, *SHAPES})
_NOT_INDEXED: Final = {"sqlite": _NEVER, "postgresql": _NEVER, "mysql": _LONG | _NEVER}
"""Kinds whose values have any length; with one of their own they can be indexed."""
_INDEXED: Final = {
    Kind.TEXT: "use string(n)",
    Kind.MEDIUMTEXT: "use string(n)",
    Kind.BYTES: "use bytes(n)",
    Kind.TSVECTOR: "make a GIN index by SQL in a revision",
    Kind.ENCRYPTED: "look rows up by another field",
}
"""What can be indexed instead."""
_RANGE_BYTES: Final = 128
_WIDEST_INDEX_BYTES: Final = {"mysql": 3072}
"""InnoDB's limit for all columns of an index, with the row format that both servers use by default."""


class ConstraintNames:
    """Names of indexes and constraints, which some databases want unique in all of a database."""

    def __init__(self, resolution: Resolution) -> None:
        self._resolution = resolution
        self._taken: dict[tuple[str, str], Position] = {}

    def given(self, connection: str, kind: str, name: str, at: tuple[Position, str]) -> str:
        """A name from the schema; a mistake when it is taken, too long or empty."""
        report, key = self._resolution.report, (connection, name.lower())
        if not name or "\0" in name:
            report.add(InvalidName(*at, kind, name, "databases do not take it"))
        elif (too_long := too_long_for(name, self._resolution.dialects)) is not None:
            report.add(NameTooLong(*at, kind, name, *too_long))
        elif key in self._taken and self._taken[key] != at[0]:
            report.add(NameClash(*at, kind, name, "taken", self._taken[key], "rename one of the two"))
        self._taken.setdefault(key, at[0])
        return name

    def made(
        self, connection: str, table: str, columns: Sequence[str], kind: str, at: Position, meaning: str = ""
    ) -> str:
        """A name by convention; one with a hash when another constraint has it."""
        dialects = self._resolution.dialects
        name = constraint_name(table, columns, kind, dialects)
        if (connection, name.lower()) in self._taken:
            name = constraint_name(table, columns, kind, dialects, f"{table}({','.join(columns)}){meaning}")
        self._taken.setdefault((connection, name.lower()), at)
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
        self._check_indexable(self._model.key or (), self._report.key((*self._model.path, "primary_key")))
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

    def _named(self, given: str | None, columns: Sequence[str], kind: str, path: Path, meaning: str = "") -> str:
        if given is not None:
            at = self._report.value((*path, "name"))
            return self._names.given(self._model.connection, kind, given, at)
        return self._name(columns, kind, self._report.sources.key(path), meaning)

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
            self._check_indexable(relation.fields, self._report.key(relation.path))
            if relation.crosses:
                continue
            self._made.foreign_keys.append(
                ForeignKey(
                    name=self._name(relation.local, "foreign", self._report.sources.key(relation.path), relation.name),
                    columns=relation.local,
                    table=target.table,
                    references=relation.remote,
                    on_delete=ReferentialAction(spec.on_delete),
                    on_update=ReferentialAction(spec.on_update),
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

    def _indexes_of_foreign_keys(self, declared: Sequence[Index]) -> list[Index]:
        """Databases look rows up by foreign key on every delete of the other side, and so do relations."""
        key = tuple(item.column for item in self._model.key or ())
        prefixes = [key, *(unique.columns for unique in self._made.uniques)]
        prefixes += [tuple(column.name for column in index.columns) for index in declared if index.where is None]
        indexes: list[Index] = []
        for relation in self._model.of_kind(RelationKind.BELONGS_TO, RelationKind.MORPH_TO):
            if not relation.ready:
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
            name = self._only(unique.name, found or (), path)
            for fields in for_each_member(self._model, found or ()):
                self._unique([item for item, _ in fields], path, name)

    def _unique(self, fields: Sequence[FieldDraft], path: Path, name: str | None) -> None:
        columns = tuple(item.column for item in fields)
        at = self._report.key(path)
        if {item.name for item in fields} == {item.name for item in self._model.key or ()}:
            return  # the primary key says so already
        if self._is_new("unique", columns, at) and self._check_indexable(fields, at):
            self._made.uniques.append(Unique(self._named(name, columns, "unique", path), columns))

    def _declared_indexes(self) -> list[tuple[Index, Callable[[], str]]]:
        """The indexes that the schema declares, each with what gives it its name when its turn comes."""
        declared: list[tuple[Index, Callable[[], str]]] = []
        for item in self._fields:
            path = (*item.path, "index")
            if item.spec is not None and item.spec.index and self._check_indexable([item], self._report.key(path)):
                self._is_new("index", (item.column,), self._report.key(path))
                name = partial(self._named, None, [item.column], "index", path)
                declared.append((Index("", (IndexColumn(item.column),)), name))
        for number, spec in enumerate(self._model.spec.indexes):
            declared += self._indexes(spec, (*self._model.path, "indexes", number))
        return declared

    def _indexes(self, spec: IndexSpec, path: Path) -> Iterator[tuple[Index, Callable[[], str]]]:
        found = indexed_fields(self._resolution, self._model, spec.fields, (*path, "fields"))
        where = self._condition(spec.where, (*path, "where"), partial_index=True) if spec.where is not None else None
        if spec.where is not None and spec.unique and "mysql" in self._resolution.dialects:
            self._report.add(UniquePartialIndex(*self._report.value((*path, "where")), "mysql"))
        if found is None or not self._check_indexable([item for item, _ in found], self._report.key(path)):
            return
        given = self._only(spec.name, found, path)
        for fields in for_each_member(self._model, found):
            columns = tuple(item.column for item, _ in fields)
            meaning = f"{[descending for _, descending in fields]}{_text(where)}"
            if not self._is_new("index", columns, self._report.key(path), meaning):
                continue
            kind = "unique" if spec.unique else "index"
            ordered = tuple(IndexColumn(item.column, descending) for item, descending in fields)
            index = Index("", ordered, unique=spec.unique, where=where)
            yield index, partial(self._named, given, columns, kind, path, meaning)

    def _only(self, name: str | None, fields: Sequence[tuple[FieldDraft, bool]], path: Path) -> str | None:
        """The name that the schema gives; a mistake where an arc makes several of one, which cannot all have it."""
        number = len(list(for_each_member(self._model, fields)))
        if name is None or number < 2:
            return name
        at = self._report.value((*path, "name"))
        rule = f"an arc makes {number} of it, one for each member"
        self._report.add(InvalidName(*at, "constraint", name, rule, "drop `name`: each gets one by convention"))
        return None

    def _check_indexable(self, fields: Sequence[FieldDraft], at: tuple[Position, str]) -> bool:
        types = [(item.shown, item.type) for item in fields if item.type is not None]
        for dialect in self._resolution.dialects:
            for name, type_ in types:
                if type_.kind in _NOT_INDEXED.get(dialect, ()) and type_.length is None:
                    hint = _INDEXED.get(type_.kind, "index another field")
                    self._report.add(NotIndexable(*at, name, str(type_), dialect, hint))
                    return False
            size, most = sum(_size_bytes(type_) for _, type_ in types), _WIDEST_INDEX_BYTES.get(dialect)
            if most is not None and size > most:
                self._report.add(IndexTooWide(*at, size, dialect, most))
                return False
        return True

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
            name = self._named(check.name, [str(number)], "check", path)
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


def _size_bytes(type_: ColumnType) -> int:
    """Most bytes that MySQL needs for a value in an index, roughly."""
    if type_.length is not None:
        return type_.length if type_.kind is Kind.BYTES else 4 * type_.length
    if type_.kind in RANGES:
        return _RANGE_BYTES
    return 48 if type_.kind is Kind.UUID or type_.kind in NETWORKS else 8


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
