"""The JSON Schema of schema files, for editors: made from the spec, so it names exactly the keys that are supported."""

from __future__ import annotations

from typing import Any

from isomorph_generator.schema.documents import as_list, as_table
from isomorph_generator.schema.spec import SchemaSpec

__all__ = ["json_schema"]

_CLASS_NAMES: dict[str, object] = {"type": "string", "pattern": "^[A-Z][A-Za-z0-9]*$"}
_ATTRIBUTE_NAMES: dict[str, object] = {"type": "string", "pattern": r"^[^_0-9\s.-][^\s.-]*$", "not": {"pattern": "__"}}
_NAMED: dict[tuple[str, str], dict[str, object]] = {
    ("SchemaSpec", "models"): _CLASS_NAMES,
    ("SchemaSpec", "enums"): _CLASS_NAMES,
    ("SchemaSpec", "mixins"): _CLASS_NAMES,
    ("ModelSpec", "fields"): _ATTRIBUTE_NAMES,
    ("ModelSpec", "relations"): _ATTRIBUTE_NAMES,
    ("ModelSpec", "scopes"): _ATTRIBUTE_NAMES,
    ("MixinSpec", "fields"): _ATTRIBUTE_NAMES,
    ("MixinSpec", "relations"): _ATTRIBUTE_NAMES,
    ("MixinSpec", "scopes"): _ATTRIBUTE_NAMES,
    ("SchemaSpec", "macros"): _ATTRIBUTE_NAMES,
}
"""What the keys of a table are called, by definition and property."""


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12), keys in a stable order."""
    made = SchemaSpec.model_json_schema()
    definitions: dict[str, Any] = made.pop("$defs")
    schema = _for_toml(made)
    schema["$defs"] = {_definition(name): _for_toml(body) for name, body in sorted(definitions.items())}
    for (definition, key), names in _NAMED.items():
        holder = schema if definition == "SchemaSpec" else schema["$defs"][_definition(definition)]
        holder["properties"][key]["propertyNames"] = names
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "isomorph schema",
        **schema,
    }


def _definition(name: str) -> str:
    return name.removesuffix("Spec")


def _for_toml(node: Any) -> Any:
    """A part of pydantic's schema without what TOML has not (null) and what repeats the key (titles)."""
    if (items := as_list(node)) is not None:
        return [_for_toml(item) for item in items]
    table = as_table(node)
    if table is None:
        return node
    found: dict[str, Any] = {}
    for key, value in table.items():
        if key == "properties":
            found[key] = {name: _for_toml(body) for name, body in value.items()}
        elif key == "$ref":
            found[key] = f"#/$defs/{_definition(str(value).rpartition('/')[2])}"
        elif key == "default" and (value is None or as_table(value)):
            continue  # what an editor would insert as a value is in the properties themselves
        elif key == "title" and isinstance(value, str):
            continue
        elif key in ("default", "examples", "enum", "const"):
            found[key] = value
        else:
            found[key] = _for_toml(value)
    return _without_null(found)


def _without_null(node: dict[str, Any]) -> dict[str, Any]:
    choices = as_list(node.get("anyOf"))
    if choices is None:
        return node
    left = [choice for choice in choices if choice != {"type": "null"}]
    if len(left) == len(choices):
        return node
    rest = {key: value for key, value in node.items() if key != "anyOf"}
    only = as_table(left[0]) if len(left) == 1 else None
    return {**only, **rest} if only is not None else {"anyOf": left, **rest}
