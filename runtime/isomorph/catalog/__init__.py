"""The resolved schema: enums, tables, columns, models, relations, morph map.

Owns the vocabulary that all other parts share. Pure data: frozen, comparable, free of I/O and of any database. Two
layers: tables (what a database holds; what revisions create) and models (what the application sees). Every name here
is final: conventions (snake case, plurals, `<relation>_id`) were applied when the schema was resolved.
"""

from __future__ import annotations

from isomorph.catalog.expressions import (
    And,
    Arithmetic,
    Between,
    ColumnRef,
    Comparison,
    Expression,
    In,
    IsNull,
    Literal,
    LiteralValue,
    Not,
    Or,
    Parameter,
    SqlText,
)
from isomorph.catalog.models import (
    Catalog,
    Field,
    Model,
    Morph,
    MorphMember,
    Pivot,
    Relation,
    RelationKind,
    Scope,
    ScopeParameter,
)
from isomorph.catalog.tables import (
    Check,
    Column,
    Default,
    ForeignKey,
    Index,
    IndexColumn,
    ReferentialAction,
    SqlDefault,
    Table,
    Unique,
)
from isomorph.catalog.types import (
    ColumnType,
    Enum,
    Kind,
)

__all__ = [
    "And",
    "Arithmetic",
    "Between",
    "Catalog",
    "Check",
    "Column",
    "ColumnRef",
    "ColumnType",
    "Comparison",
    "Default",
    "Enum",
    "Expression",
    "Field",
    "ForeignKey",
    "In",
    "Index",
    "IndexColumn",
    "IsNull",
    "Kind",
    "Literal",
    "LiteralValue",
    "Model",
    "Morph",
    "MorphMember",
    "Not",
    "Or",
    "Parameter",
    "Pivot",
    "ReferentialAction",
    "Relation",
    "RelationKind",
    "Scope",
    "ScopeParameter",
    "SqlDefault",
    "SqlText",
    "Table",
    "Unique",
]
