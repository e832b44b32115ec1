"""The parts of a table as facts that can be compared, and as people read them. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from isomorph.catalog import (
    Check,
    Collation,
    Column,
    ColumnType,
    Default,
    Enum,
    Expression,
    ForeignKey,
    Index,
    IndexColumn,
    IndexExpression,
    Kind,
    ReferentialAction,
    SqlDefault,
    SqlText,
    Table,
    Unique,
)
from isomorph_generator.introspect.tokens import same_text
from isomorph_generator.schema.expressions import expression_text

__all__ = [
    "Fact",
    "check_text",
    "column_facts",
    "foreign_key_text",
    "index_text",
    "table_facts",
    "type_text",
    "unique_text",
]


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact: what it is compared by, and how it is shown."""

    key: object
    text: str


Facts: TypeAlias = Mapping[str, Fact]


def _fact(text: object) -> Fact:
    return Fact(text, "none" if text is None else str(text))


# --- columns ---------------------------------------------------------------------------------------------------------


def type_text(type_: ColumnType, enums: Mapping[str, Enum], dialect: str) -> str:
    """A type with what counts on a dialect: the values of an enum where no type has them, custom types as spelled."""
    if type_.item is not None:
        return f"array({type_text(type_.item, enums, dialect)})"
    if type_.kind is Kind.CUSTOM:
        return dict(type_.spelled).get(dialect, "custom")
    if type_.enum is not None and dialect != "postgresql" and type_.enum in enums:
        word = "set" if type_.kind is Kind.SET else "enum"
        return f"{word}({', '.join(map(repr, enums[type_.enum].values))})"
    if type_.enum is not None and type_.enum in enums:
        name = enums[type_.enum].type_name
        return f"set({name})" if type_.kind is Kind.SET else name
    return str(type_)


def _type_fact(type_: ColumnType, enums: Mapping[str, Enum], dialect: str) -> Fact:
    # SQLite does not keep how many digits a decimal has.
    loose = type_.kind is Kind.DECIMAL and dialect == "sqlite"
    text = type_text(type_, enums, dialect)
    return Fact("decimal" if loose else text, text)


def _default_fact(column: Column, dialect: str) -> Fact:
    if column.default is not None:
        return Fact(_meaning(column.default), json.dumps(column.default.value, default=str, ensure_ascii=False))
    match column.default_sql:
        case None:
            return Fact(None, "none")
        case SqlText() as sql:
            text = sql.by_dialect.get(dialect, "")
            return Fact(same_text(text), text)
        case computed:
            moments = {SqlDefault.CURRENT_DATE, SqlDefault.CURRENT_TIME}
            return Fact(SqlDefault.NOW if computed in moments else computed, computed.value)


def _meaning(default: Default) -> str:
    """What two spellings of the same constant have in common."""

    def text(value: object) -> str:
        return str(value.normalize()) if isinstance(value, Decimal) else str(value)

    return json.dumps(default.value, sort_keys=True, default=text)


def _expression(expression: Expression | SqlText, dialect: str) -> str:
    """As the schema language says it; SQL in its normal form."""
    if isinstance(expression, SqlText):
        return same_text(expression.by_dialect.get(dialect, ""))
    return expression_text(expression)


def _generated_fact(column: Column, dialect: str) -> Fact:
    if column.generated is None:
        return Fact(None, "none")
    text = _expression(column.generated.expression, dialect)
    stored = "stored" if column.generated.stored else "virtual"
    return Fact((text, stored), f"{text} {stored}")


def _collation_text(collation: Collation | None, dialect: str) -> str | None:
    return collation if collation is None or isinstance(collation, str) else collation.get(dialect)


def column_facts(column: Column, enums: Mapping[str, Enum], dialect: str) -> Facts:
    """The facts of a column, by their names."""
    return {
        "type": _type_fact(column.type, enums, dialect),
        "null": Fact(column.nullable, "NULL" if column.nullable else "NOT NULL"),
        "default": _default_fact(column, dialect),
        "numbering": Fact(column.auto_increment, "auto increment" if column.auto_increment else "none"),
        "generated as": _generated_fact(column, dialect),
        "collation": _fact(_collation_text(column.collation, dialect)),
        "charset": _fact(column.charset),
        "comment": _fact(column.comment),
    }


def table_facts(table: Table, dialect: str) -> Facts:
    """The facts of a table itself, by their names."""
    return {
        "primary key": Fact(table.primary_key, f"({', '.join(table.primary_key)})" if table.primary_key else "none"),
        "comment": _fact(table.comment),
        "engine": _fact(table.engine),
        "charset": _fact(table.charset),
        "collation": _fact(_collation_text(table.collation, dialect)),
    }


# --- constraints and indexes -------------------------------------------------------------------------------------------


def unique_text(unique: Unique, dialect: str) -> str:
    """All of a unique constraint but its name."""
    del dialect
    return f"({', '.join(unique.columns)})"


def foreign_key_text(key: ForeignKey, dialect: str) -> str:
    """All of a foreign key but its name."""
    del dialect
    text = f"({', '.join(key.columns)}) references {key.table} ({', '.join(key.references)})"
    for event, action in (("delete", key.on_delete), ("update", key.on_update)):
        if action is not ReferentialAction.NO_ACTION:
            text += f" on {event} {action.value}"
    return text if key.deferrable is None else f"{text} deferrable initially {key.deferrable.value}"


def check_text(check: Check, dialect: str) -> str:
    """The condition of a check."""
    return _expression(check.expression, dialect)


def index_text(index: Index, dialect: str) -> str:
    """All of an index but its name."""

    def part(of: IndexColumn | IndexExpression) -> str:
        text = of.name if isinstance(of, IndexColumn) else f"({_expression(of.expression, dialect)})"
        nulls = "" if of.nulls is None else f" nulls {of.nulls.value}"
        return f"{text}{' desc' if of.descending else ''}{nulls}"

    text = f"({', '.join(map(part, index.columns))})"
    facts = [
        *(["unique"] if index.unique else []),
        *([f"using {index.method}"] if index.method else []),
        text,
        *([f"include ({', '.join(index.include)})"] if index.include else []),
        *([f"where {_expression(index.where, dialect)}"] if index.where is not None else []),
    ]
    return " ".join(facts)
