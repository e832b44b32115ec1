"""The spec of `[enums]` and of fields."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, Tag, WithJsonSchema

from isomorph_generator.schema.spec.forms import TYPE_TEXT, ExpressionOrSql, Number, Short, Spec, SqlSpec, by_form

__all__ = [
    "DefaultSql",
    "EnumEntry",
    "EnumSpec",
    "EnumValueSpec",
    "FieldEntry",
    "FieldSpec",
    "PivotFieldEntry",
    "PivotFieldSpec",
]

# --- enums -------------------------------------------------------------------------------------------------------------


class EnumValueSpec(Spec):
    """A value of an enum."""

    name: str
    """The stored text."""


EnumValue: TypeAlias = Annotated[EnumValueSpec, Short("name", str, {"type": "string", "minLength": 1})]


class EnumSpec(Spec):
    """A closed set of texts."""

    values: Annotated[list[EnumValue], Field(min_length=1)]
    """The values, in sort order."""
    doc: str | None = None
    """Documentation of the generated class."""


EnumEntry: TypeAlias = Annotated[
    EnumSpec, Short("values", list, {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1})
]

# --- fields --------------------------------------------------------------------------------------------------------------

DefaultSql: TypeAlias = Annotated[
    Annotated[Literal["now", "current_date", "current_time"], Tag("<text>")] | Annotated[SqlSpec, Tag("<table>")],
    by_form,
]
TypeText: TypeAlias = Annotated[str, WithJsonSchema(TYPE_TEXT)]


class PivotFieldSpec(Spec):
    """A further column of a pivot table."""

    type: TypeText
    """What the column holds."""
    nullable: bool | None = None
    """Whether it may hold NULL; the same as `?` behind the type."""
    unsigned: bool = False
    """A whole number that is not negative; the same as `unsigned` in front of the type."""
    default: Any = None
    """Constant that new rows get."""
    default_sql: DefaultSql | None = None
    """Default that the database computes."""
    comment: str | None = None
    """Comment of the column in the database."""


class FieldSpec(PivotFieldSpec):
    """A field of a model: a column of its table."""

    column: str | None = None
    """Name of the column, where it is not the field's."""
    unique: bool = False
    """No two rows have the same value."""
    index: bool = False
    """Rows are looked up by this field."""
    primary_key: bool = False
    """The field is the key (for a key of several fields, say `primary_key` on the model)."""
    auto_increment: bool | None = None
    """The database numbers new rows; the default for a single integer key."""
    min: Number | None = None
    """Least value of a number, least length of a text, for inputs."""
    max: Number | None = None
    """Greatest value of a number, greatest length of a text, for inputs."""
    check: ExpressionOrSql | None = None
    """Must hold in every row, or be NULL."""
    doc: str | None = None
    """Documentation of the attribute."""


PivotFieldEntry: TypeAlias = Annotated[PivotFieldSpec, Short("type", str, TYPE_TEXT)]
FieldEntry: TypeAlias = Annotated[FieldSpec, Short("type", str, TYPE_TEXT)]
