"""The spec of `[enums]` and of fields."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, Tag, WithJsonSchema

from isomorph_generator.schema.spec.forms import (
    EXPRESSION_TEXT,
    TYPE_TEXT,
    DialectFlag,
    DialectText,
    ExpressionOrSql,
    Number,
    Short,
    Spec,
    SqlSpec,
    Was,
    by_form,
)

__all__ = [
    "DefaultSql",
    "EnumEntry",
    "EnumSpec",
    "EnumValueSpec",
    "FieldEntry",
    "FieldSpec",
    "GeneratedSpec",
    "PivotFieldEntry",
    "PivotFieldSpec",
    "Timestamps",
    "TimestampsSpec",
    "TypeText",
]

# --- enums -------------------------------------------------------------------------------------------------------------


class EnumValueSpec(Spec):
    """A value of an enum."""

    name: str
    """The stored text."""
    was: Was | None = None
    """The text that was stored before; rows that hold it follow. `false`: none was."""


EnumValue: TypeAlias = Annotated[EnumValueSpec, Short("name", str, {"type": "string", "minLength": 1})]


class EnumSpec(Spec):
    """A closed set of texts."""

    values: Annotated[list[EnumValue], Field(min_length=1)]
    """The values, in sort order."""
    was: Was | None = None
    """What the enum was called; its type follows. `false`: it is new."""
    doc: str | None = None
    """Documentation of the generated class."""
    type: Annotated[str, Field(min_length=1)] | None = None
    """Name of its type in the database, where types have names; by default its snake case name."""


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
    """Comment of the column in the database, where the database keeps one."""
    collation: DialectText | None = None
    """How its text is compared: `binary`, `nocase`, or the collation's name by dialect."""
    charset: DialectText | None = None
    """Character set of its text, on MySQL: `{ mysql = "latin1" }`."""
    was: Was | None = None
    """What the field, or its column, was called; the column follows. `false`: it is new."""


class GeneratedSpec(Spec):
    """What the database computes a field from."""

    as_: Annotated[ExpressionOrSql, Field(alias="as")]
    """An expression over other fields."""
    stored: bool = True
    """Kept in the row; `false` computes it whenever it is read."""


class FieldSpec(PivotFieldSpec):
    """A field of a model: a column of its table."""

    default_code: Literal["uuid4", "uuid7"] | None = None
    """What the code makes for each new object."""
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
    generated: Annotated[GeneratedSpec | None, Short("as", str, EXPRESSION_TEXT)] = None
    """The database computes it from other fields; nobody sets it."""
    min: Number | None = None
    """Least value of a number, least length of a text."""
    max: Number | None = None
    """Greatest value of a number, greatest length of a text."""
    pattern: str | None = None
    """Regular expression that is found in the text: `^[A-Z]{3}$`."""
    trim: bool = False
    """Inputs cut blanks off both ends."""
    check: ExpressionOrSql | None = None
    """Must hold in every row, or be NULL."""
    mutator: Annotated[Annotated[bool, Tag("<flag>")] | Annotated[str, Tag("<text>")], by_form] = False
    """A method of the model's `behaviour` makes what is kept of what is assigned; `true`: `set_<field>`."""
    after: DialectText | None = None
    """The field behind which MySQL puts the column: `{ mysql = "name" }`."""
    first: DialectFlag | None = None
    """MySQL puts the column before all others: `{ mysql = true }`."""
    doc: str | None = None
    """Documentation of the attribute."""
    cast: str | None = None
    """`module:Class` that makes the attribute's value of the column's: a cast class, or a pydantic model for json."""
    python: str | None = None
    """`module:Class` of the attribute's values, or a builtin type such as `str`; needed beside a cast class."""
    column_type: dict[Literal["sqlite", "postgresql", "mysql"], str] | None = None
    """The column type of a `custom`, by dialect."""


class TimestampsWasSpec(Spec):
    """What the two timestamps were called."""

    created_at: Was | None = None
    """What the field that is set at insert was called; `false`: it is new."""
    updated_at: Was | None = None
    """What the field that is set at every write was called; `false`: it is new."""


class TimestampsSpec(Spec):
    """Other names for the two timestamps."""

    created_at: str = "created_at"
    """The field that is set at insert."""
    updated_at: str = "updated_at"
    """The field that is set at every write."""
    trigger: bool = False
    """A trigger of the database sets the second one, too, whoever writes."""
    was: TimestampsWasSpec | None = None
    """What they were called, where it was something else: `{ created_at = "made_at" }`."""


Timestamps: TypeAlias = Annotated[Annotated[bool, Tag("<flag>")] | Annotated[TimestampsSpec, Tag("<table>")], by_form]
PivotFieldEntry: TypeAlias = Annotated[PivotFieldSpec, Short("type", str, TYPE_TEXT)]
FieldEntry: TypeAlias = Annotated[FieldSpec, Short("type", str, TYPE_TEXT)]
