"""The spec of mixins, models and of the whole file."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, Tag, WithJsonSchema

from isomorph_generator.schema.spec.fields import EnumEntry, FieldEntry, Timestamps
from isomorph_generator.schema.spec.forms import (
    EXPRESSION_TEXT,
    FIELD_NAMES,
    PARAMETER_TEXT,
    DialectText,
    ExpressionOrSql,
    ExpressionText,
    Short,
    Spec,
    Was,
    by_form,
)
from isomorph_generator.schema.spec.objects import FunctionSpec, NamedObjectSpec, TriggerSpec, ViewSpec
from isomorph_generator.schema.spec.relations import RelationEntry
from isomorph_generator.schema.spec.settings import ConnectionSpec, IntegrityWord, ProjectSpec

__all__ = [
    "CheckSpec",
    "IndexSpec",
    "MacroSpec",
    "MixinSpec",
    "ModelSpec",
    "ParameterSpec",
    "QueryPartSpec",
    "SchemaSpec",
    "ScopeSpec",
    "UniqueSpec",
]


class UniqueSpec(Spec):
    """Fields whose values together are unique."""

    fields: Annotated[list[str], Field(min_length=1)]
    """Fields or relations of the model."""
    name: str | None = None
    """Name of the constraint."""
    was: str | None = None
    """What the constraint was called."""


class IndexSpec(Spec):
    """An index over fields of the model, or over a value that is computed from them."""

    fields: Annotated[list[str] | None, Field(min_length=1)] = None
    """Fields or relations of the model; `-created_at` for descending."""
    expression: ExpressionOrSql | None = None
    """Instead of fields, what is computed from them: `lower(email)`."""
    where: ExpressionOrSql | None = None
    """Only over rows for which this holds."""
    unique: bool = False
    """No two of its rows have the same values."""
    include: Annotated[list[str] | None, Field(min_length=1)] = None
    """Fields that it holds beside, so that queries need not look at the table, on PostgreSQL."""
    method: Literal["brin", "btree", "fulltext", "gin", "gist", "hash", "spatial", "spgist"] | None = None
    """How it is built, where that is not the database's usual tree; each database knows some."""
    nulls: Literal["first", "last"] | None = None
    """Where NULL stands in its order, on PostgreSQL; by default as the least value."""
    name: str | None = None
    """Name of the index."""
    was: str | None = None
    """What the index was called."""


class CheckSpec(Spec):
    """A condition that every row fulfils."""

    check: ExpressionOrSql
    """The condition."""
    name: str | None = None
    """Name of the constraint."""
    was: str | None = None
    """What the constraint was called."""


class ParameterSpec(Spec):
    """A parameter of a scope."""

    type: Annotated[str, WithJsonSchema(PARAMETER_TEXT)]
    """Its type, and its default if it has one: `int = 100`."""


class QueryPartSpec(Spec):
    """What a scope and a macro have in common."""

    params: dict[str, Annotated[ParameterSpec, Short("type", str, PARAMETER_TEXT)]] | None = None
    """Its parameters, used as `:name` in `where`."""
    where: ExpressionText | None = None
    """Which rows."""
    order_by: Annotated[list[str], Field(min_length=1)] | None = None
    """Fields to sort by; `-views` for descending."""
    limit: Annotated[int, Field(ge=1)] | None = None
    """Most rows."""
    doc: str | None = None
    """Documentation of the method."""


class ScopeSpec(QueryPartSpec):
    """A named part of queries: a method of the generated query."""

    global_: Annotated[bool, Field(alias="global")] = False
    """Every query of the model has it, unless it says `without_scope`."""


class MacroSpec(QueryPartSpec):
    """A named part of queries that models share: a method of the query of each of them."""

    models: Annotated[list[str], Field(min_length=1)] | None = None
    """The models that get it; by default all that have the fields which it uses."""


ViewEntry: TypeAlias = Annotated[ViewSpec, Short("sql", str, {"type": "string", "examples": ["SELECT id FROM posts"]})]
CheckEntry: TypeAlias = Annotated[CheckSpec, Short("check", str, EXPRESSION_TEXT)]
UniqueEntry: TypeAlias = Annotated[UniqueSpec, Short("fields", list, FIELD_NAMES)]
IndexEntry: TypeAlias = Annotated[IndexSpec, Short("fields", list, FIELD_NAMES)]
ScopeEntry: TypeAlias = Annotated[ScopeSpec, Short("where", str, EXPRESSION_TEXT)]
MacroEntry: TypeAlias = Annotated[MacroSpec, Short("where", str, EXPRESSION_TEXT)]


class MixinSpec(Spec):
    """Fields, relations and scopes that several models share."""

    doc: str | None = None
    """Documentation of the generated protocol."""
    fields: dict[str, FieldEntry] = Field(default_factory=dict[str, FieldEntry])
    """Its fields, which each model gets behind its own."""
    relations: dict[str, RelationEntry] = Field(default_factory=dict[str, RelationEntry])
    """Its relations, which each model gets behind its own."""
    scopes: dict[str, ScopeEntry] = Field(default_factory=dict[str, ScopeEntry])
    """Its scopes, which each model gets behind its own; checked against the fields of each."""


class ModelSpec(Spec):
    """A model and its table."""

    doc: str | None = None
    """Documentation of the generated class."""
    table: str | None = None
    """The table; by default the snake case plural of the model's name."""
    was: Was | None = None
    """What the model, or its table, was called; the table follows. `false`: it is new."""
    comment: str | None = None
    """Comment of the table in the database, where the database keeps one."""
    engine: DialectText | None = None
    """Storage engine, on MySQL: `{ mysql = "Aria" }`."""
    charset: DialectText | None = None
    """Character set of its texts, on MySQL: `{ mysql = "latin1" }`."""
    collation: DialectText | None = None
    """How its texts are compared: `binary`, `nocase`, or the collation's name by dialect."""
    connection: str | None = None
    """The connection that has the table; by default `default`."""
    mixins: list[str] = Field(default_factory=list[str])
    """Mixins that it takes part in."""
    behaviour: str | None = None
    """`module:Class` with methods for instances: `app.users:UserBehaviour`."""
    query_behaviour: str | None = None
    """`module:Class` with methods for queries: `app.users:UserScopes`."""
    global_scopes: list[str] = Field(default_factory=list[str])
    """Methods of the `query_behaviour` that every query of the model has, unless it says `without_scope`."""
    timestamps: Timestamps = False
    """Adds `created_at` and `updated_at`; a table gives them other names."""
    integrity: IntegrityWord | None = None
    """What keeps its `morph_to` relations from pointing to nothing, where they say nothing else; by default the project's."""
    version: Annotated[Annotated[bool, Tag("<flag>")] | Annotated[str, Tag("<text>")], by_form] = False
    """A field `version`, or of that name, counts the writes of a row, so that none overwrites another one's."""
    fillable: list[str] = Field(default_factory=list[str])
    """Fields that may be set from untyped input."""
    guarded: list[str] | None = None
    """Fields that may not be set from untyped input; all others may. Instead of `fillable`."""
    hidden: list[str] = Field(default_factory=list[str])
    """Fields left out of `repr`, dicts and JSON."""
    visible: Annotated[list[str], Field(min_length=1)] | None = None
    """Fields that `repr`, dicts and JSON show; all others are left out. Instead of `hidden`."""
    primary_key: Annotated[list[str], Field(min_length=1)] | None = None
    """Fields or relations that together are the key, where it is more than one field."""
    checks: list[CheckEntry] = Field(default_factory=list[CheckEntry])
    """Conditions that every row fulfils."""
    uniques: list[UniqueEntry] = Field(default_factory=list[UniqueEntry])
    """Fields whose values together are unique."""
    indexes: list[IndexEntry] = Field(default_factory=list[IndexEntry])
    """Indexes."""
    fields: dict[str, FieldEntry] = Field(default_factory=dict[str, FieldEntry])
    """The columns, in their order."""
    relations: dict[str, RelationEntry] = Field(default_factory=dict[str, RelationEntry])
    """What it leads to; a belongs_to or morph_to adds its columns."""
    scopes: dict[str, ScopeEntry] = Field(default_factory=dict[str, ScopeEntry])
    """Named parts of queries."""


class SchemaSpec(Spec):
    """A schema of isomorph: the data of an application."""

    include: list[str] = Field(default_factory=list[str])
    """Further schema files, from the folder of this one: `["schema/*.toml"]`."""
    project: ProjectSpec = ProjectSpec()
    """What is generated, where to, and for which databases."""
    connections: dict[str, ConnectionSpec] = Field(default_factory=dict[str, ConnectionSpec])
    """Databases, by name; `default` is used where a model says none."""
    enums: dict[str, EnumEntry] = Field(default_factory=dict[str, EnumEntry])
    """Closed sets of texts, usable as field types."""
    mixins: dict[str, MixinSpec] = Field(default_factory=dict[str, MixinSpec])
    """Fields, relations and scopes that several models share."""
    macros: dict[str, MacroEntry] = Field(default_factory=dict[str, MacroEntry])
    """Named parts of queries for all models that have the fields which they use."""
    models: dict[str, ModelSpec] = Field(default_factory=dict[str, ModelSpec])
    """The models, each with a table."""
    morph_map: dict[str, str] = Field(default_factory=dict[str, str])
    """What `*_type` columns store for a model, where it is not its snake name: alias = "Model"."""
    extensions: dict[str, NamedObjectSpec] = Field(default_factory=dict[str, NamedObjectSpec])
    """Extensions of PostgreSQL: `[extensions.citext]`."""
    schemas: dict[str, NamedObjectSpec] = Field(default_factory=dict[str, NamedObjectSpec])
    """Schemas of PostgreSQL: `[schemas.audit]`."""
    functions: dict[str, FunctionSpec] = Field(default_factory=dict[str, FunctionSpec])
    """Functions, as SQL; they are made before the tables."""
    views: dict[str, ViewEntry] = Field(default_factory=dict[str, ViewEntry])
    """Views, as SQL; they are made behind the tables, each behind those above it."""
    triggers: dict[str, TriggerSpec] = Field(default_factory=dict[str, TriggerSpec])
    """Triggers, as SQL."""
