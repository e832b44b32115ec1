"""Building blocks of the spec: strict tables, short forms, values told apart by their TOML form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeAlias, cast

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainValidator,
    Tag,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError, core_schema

from isomorph_generator.schema.types.words import WORDS

__all__ = [
    "EXPRESSION_TEXT",
    "FIELD_NAMES",
    "PARAMETER_TEXT",
    "TYPE_TEXT",
    "DialectFlag",
    "DialectText",
    "ExpressionOrSql",
    "ExpressionText",
    "Names",
    "Number",
    "Short",
    "Spec",
    "SqlSpec",
    "Was",
    "by_form",
    "form_of",
]

_WORDS = "|".join(re.escape(name).replace("\\ ", " +") + word.pattern for name, word in WORDS.items())
_TYPE = rf"({_WORDS}|[A-Z][A-Za-z0-9]*)"
TYPE_TEXT: JsonSchemaValue = {
    "type": "string",
    "pattern": rf"^{_TYPE}(\??\[\])?\??$",
    "examples": ["string(255)", "int?", "decimal(10, 2)", "timestamptz", "json", "array(int)"],
    "description": "A type; `?` makes it nullable. The name of an enum is a type too.",
}
PARAMETER_TEXT: JsonSchemaValue = {
    "type": "string",
    "pattern": rf"^{_TYPE}(\??\[\])?\??( *= *.+)?$",
    "examples": ["int", "int = 100", "string(20) = 'draft'"],
    "description": "A type, and a default where the caller may leave the parameter out.",
}
EXPRESSION_TEXT: JsonSchemaValue = {
    "type": "string",
    "minLength": 1,
    "examples": ["published = true", "age >= 18 and name is not null"],
    "description": "An expression over the model's own fields.",
}
FIELD_NAMES: JsonSchemaValue = {"type": "array", "items": {"type": "string"}, "minItems": 1}


class Spec(BaseModel):
    """A table of the schema: its keys are known, its values keep their TOML types."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, use_attribute_docstrings=True)

    @model_validator(mode="before")
    @classmethod
    def _only_known_keys(cls, value: object) -> object:
        """Tell unknown keys together with the known ones; pydantic's own error does not know what is allowed."""
        given: object = value
        if isinstance(given, dict):
            keys = [str(key) for key in cast("dict[object, object]", given)]
            # A key that Python keeps for itself (`global`) has an alias.
            known = [field.alias or name for name, field in cls.model_fields.items()]
            if unknown := [key for key in keys if key not in known]:
                context = {"spec": cls.__name__, "keys": unknown, "known": known}
                raise PydanticCustomError("unknown_keys", "unknown keys", context)
        return value


@dataclass(frozen=True, slots=True)
class Short:
    """Accepts a value of type `form` in place of a table, and means the table `{ key = value }`."""

    key: str
    form: type[str | list[object]]
    schema: JsonSchemaValue

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Expand the short form before the table is validated."""
        return core_schema.no_info_before_validator_function(self._expanded, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Offer both forms."""
        return {"anyOf": [self.schema, handler(schema)]}

    def _expanded(self, value: object) -> object:
        expanded: dict[str, object] = {self.key: value}
        return expanded if isinstance(value, self.form) else value


def form_of(value: object) -> str:
    """The tag of a value's TOML form; tags are in angle brackets so that no key looks like one."""
    match value:
        case str():
            return "<text>"
        case bool():
            return "<flag>"
        case int():
            return "<integer>"
        case dict() | Spec():
            return "<table>"
        case list():
            return "<list>"
        case _:
            return "<other>"


by_form = Discriminator(form_of)


def _one_or_more(value: object) -> object:
    return [value] if isinstance(value, str) else value


Names: TypeAlias = Annotated[
    list[str], BeforeValidator(_one_or_more), WithJsonSchema({"anyOf": [{"type": "string"}, FIELD_NAMES]})
]
"""One name or a list of them."""


def _number(value: object) -> int | Decimal:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return value
    raise PydanticCustomError("number_type", "not a number")


Number: TypeAlias = Annotated[int | Decimal, PlainValidator(_number), WithJsonSchema({"type": "number"})]


_Dialect: TypeAlias = Literal["sqlite", "postgresql", "mysql"]

DialectText: TypeAlias = Annotated[
    Annotated[str, Tag("<text>")] | Annotated[dict[_Dialect, str], Tag("<table>")], by_form
]
"""A text for all dialects, or by dialect."""
DialectFlag: TypeAlias = Annotated[
    Annotated[bool, Tag("<flag>")] | Annotated[dict[_Dialect, bool], Tag("<table>")], by_form
]
"""The same for a flag."""


Was: TypeAlias = Annotated[Annotated[str, Tag("<text>")] | Annotated[Literal[False], Tag("<flag>")], by_form]
"""What something was called in earlier revisions; false when it is new, though something like it goes."""


class SqlSpec(Spec):
    """SQL by hand, one text per dialect of the project."""

    sql: dict[_Dialect, str]
    """SQL by dialect."""


ExpressionText: TypeAlias = Annotated[str, WithJsonSchema(EXPRESSION_TEXT)]
ExpressionOrSql: TypeAlias = Annotated[
    Annotated[ExpressionText, Tag("<text>")] | Annotated[SqlSpec, Tag("<table>")], by_form
]
