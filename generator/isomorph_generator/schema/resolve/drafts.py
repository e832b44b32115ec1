"""What is known about models while they are resolved: mutable, by name, with the path that each part comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from isomorph.catalog import (
    CodeDefault,
    Collation,
    ColumnType,
    Default,
    Enum,
    Generated,
    Kind,
    Morph,
    OneOf,
    Pivot,
    RelationKind,
    SqlDefault,
    SqlText,
    Table,
)
from isomorph_generator.schema.scan import Path
from isomorph_generator.schema.spec import FieldSpec, ModelSpec, RelationSpec, SchemaSpec, TimestampsSpec

if TYPE_CHECKING:
    from isomorph_generator.schema.report import Report
    from isomorph_generator.schema.types import Types

__all__ = [
    "TIMESTAMP",
    "FieldDraft",
    "Key",
    "ModelDraft",
    "PivotDraft",
    "RelationDraft",
    "Resolution",
    "timestamp_names",
]


@dataclass(slots=True)
class FieldDraft:
    """A field: declared, or added by a relation, by `timestamps`, or as the key.

    Attributes:
        name: the attribute; starts with an underscore for the columns of a morph_to.
        column: its column.
        type: None when the declared type is wrong, which was told.
        path: the key that it comes from.
        spec: what the schema says about it, None for added ones.
        relation: the relation that added it, or that its values belong to.
        generated: what the database computes it from.
        collation, charset, after, first: see `isomorph.catalog.Column`.
    """

    name: str
    column: str
    type: ColumnType | None
    path: Path
    nullable: bool = False
    spec: FieldSpec | None = None
    default: Default | None = None
    default_sql: SqlDefault | SqlText | None = None
    default_code: CodeDefault | None = None
    auto_increment: bool = False
    relation: str | None = None
    generated: Generated | None = None
    collation: Collation | None = None
    charset: str | None = None
    after: str | None = None
    first: bool = False

    @property
    def shown(self) -> str:
        """Its name in the schema: that of its column if it has no attribute of its own."""
        return self.column if self.name.startswith("_") else self.name


Key = tuple[FieldDraft, ...]


TIMESTAMP: Final = ColumnType(Kind.TIMESTAMPTZ)
"""The type of what `timestamps` adds."""


def timestamp_names(given: bool | TimestampsSpec | None) -> tuple[str, str] | None:
    """What a `timestamps` key calls the two: set at insert, set at every write; None for none."""
    if isinstance(given, TimestampsSpec):
        return given.created_at, given.updated_at
    return ("created_at", "updated_at") if given else None


@dataclass(slots=True)
class RelationDraft:
    """A relation, filled while it is resolved. `ready` tells that it was, without a mistake."""

    name: str
    kind: RelationKind
    spec: RelationSpec
    path: Path
    model: ModelDraft
    target: ModelDraft | None = None
    nullable: bool = True
    local: tuple[str, ...] = ()
    remote: tuple[str, ...] = ()
    pivot: Pivot | None = None
    morph: Morph | None = None
    through: tuple[str, ...] = ()
    inverse: str | None = None
    one_of: OneOf | None = None
    default: tuple[tuple[str, Default], ...] | None = None
    touches: bool = False
    crosses: bool = False
    ready: bool = False
    fields: Key = ()
    """For belongs_to: the fields that hold the other's key."""
    references: Key = ()
    """For belongs_to: the other's fields that are referred to."""
    back: RelationDraft | None = None
    """For has_one and has_many: the belongs_to; for morph_one and morph_many: the morph_to."""


@dataclass(slots=True)
class ModelDraft:
    """A model; `fields` are declared ones at first, all in the order of the table at the end."""

    name: str
    spec: ModelSpec
    path: Path
    table: str
    connection: str
    alias: str
    fields: dict[str, FieldDraft] = field(default_factory=dict[str, FieldDraft])
    relations: dict[str, RelationDraft] = field(default_factory=dict[str, RelationDraft])
    added: dict[str, FieldDraft] = field(default_factory=dict[str, FieldDraft])
    """Fields that relations add, in the order in which they were resolved."""
    key: Key | None = None
    """The primary key; None when it could not be found, which was told."""
    broken: set[str] = field(default_factory=set[str])
    """Names of fields and relations that were declared wrongly, so that nothing more is told about them."""

    def find(self, name: str) -> FieldDraft | None:
        """A field by its name in the schema."""
        return self.fields.get(name) or self.added.get(name) or self.added.get(f"_{name}")

    def shown_key(self, key: Sequence[FieldDraft]) -> str:
        """Some of its fields in a message: `User.email`, or `Line.(order_id, item_id)`."""
        names = ", ".join(field.shown for field in key)
        return f"{self.name}.{names}" if len(key) == 1 else f"{self.name}.({names})"

    def is_broken(self, name: str) -> bool:
        """Whether a name was declared wrongly, or is that of a column of such a relation."""
        return any(name == broken or name.startswith(f"{broken}_") for broken in self.broken)

    @property
    def timestamps(self) -> tuple[str, str] | None:
        """Names of the fields that are set at insert and at every write, or None."""
        return timestamp_names(self.spec.timestamps)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its fields in the schema."""
        return tuple(field.shown for field in (*self.fields.values(), *self.added.values()))

    def of_kind(self, *kinds: RelationKind) -> Iterator[RelationDraft]:
        """Its relations of these kinds, in their order."""
        return (relation for relation in self.relations.values() if relation.kind in kinds)


@dataclass(slots=True)
class PivotDraft:
    """A pivot table that relations share, and the relation that declared it first."""

    table: Table
    connection: str
    owner: RelationDraft
    morph: Morph | None = None
    """For a polymorphic one: its columns and members."""


@dataclass(slots=True)
class Resolution:
    """All that the stages of resolving share.

    Attributes:
        spec: the checked shape.
        report: takes mistakes.
        dialects: those of the project.
        enums: by name.
        types: reads type texts.
        removed: paths that were taken out for being wrong.
        models: by name, in the schema's order.
        tables: the model of each table, by connection and lower case name.
        pivots: by lower case table name.
        macros_used: names of the macros that some model got.
        parts: indexes and constraints that may say what they were called: connection, table, name, path, `was`.
    """

    spec: SchemaSpec
    report: Report
    dialects: tuple[str, ...]
    enums: Mapping[str, Enum]
    types: Types
    removed: frozenset[Path]
    models: dict[str, ModelDraft] = field(default_factory=dict[str, ModelDraft])
    tables: dict[tuple[str, str], ModelDraft] = field(default_factory=dict[tuple[str, str], ModelDraft])
    pivots: dict[str, PivotDraft] = field(default_factory=dict[str, PivotDraft])
    macros_used: set[str] = field(default_factory=set[str])
    parts: list[tuple[str, str, str, Path, str | None]] = field(
        default_factory=list[tuple[str, str, str, Path, str | None]]
    )

    def is_removed(self, *path: str | int) -> bool:
        """Whether what stands at `path`, or around it, was taken out for being wrong."""
        return any(path[:length] in self.removed for length in range(len(path) + 1))

    def relations(self, *kinds: RelationKind) -> Iterator[RelationDraft]:
        """The relations of these kinds of all models, in the schema's order."""
        return (relation for model in self.models.values() for relation in model.of_kind(*kinds))
