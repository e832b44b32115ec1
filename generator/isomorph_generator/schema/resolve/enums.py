"""Resolves enums."""

from __future__ import annotations

from isomorph.catalog import Enum
from isomorph_generator.schema.errors import InvalidName, NameClash, RepeatedName
from isomorph_generator.schema.naming import enum_member_name, enum_type_name
from isomorph_generator.schema.report import Report
from isomorph_generator.schema.spec import EnumSpec, SchemaSpec

__all__ = ["resolved_enums"]

_LONGEST_VALUE_BYTES = 63  # PostgreSQL: labels of an enum are shorter than NAMEDATALEN


def resolved_enums(spec: SchemaSpec, report: Report) -> dict[str, Enum]:
    """All enums by name, in the schema's order; mistakes go to the report."""
    enums: dict[str, Enum] = {}
    types: dict[str, str] = {}
    for name, enum in spec.enums.items():
        type_name = enum.type or enum_type_name(name)
        if type_name in types:
            first = report.sources.key(("enums", types[type_name]))
            other = f'that of enum "{types[type_name]}"'
            report.add(
                NameClash(*report.key(("enums", name)), "type", type_name, other, first, "rename one of the two")
            )
        types.setdefault(type_name, name)
        enums[name] = Enum(name, _values(name, enum, report), type_name, enum.doc)
    return enums


def _values(name: str, enum: EnumSpec, report: Report) -> tuple[str, ...]:
    members: dict[str, str] = {}
    for index, value in enumerate(enum.values):
        text = value.name
        at = report.value(("enums", name, "values", index, "name"))
        member = enum_member_name(text)
        if text in members.values():
            report.add(RepeatedName(*at, text))
        elif not member.isidentifier():
            report.add(InvalidName(*at, "value", text, "no Python name can be made of it", "use letters and digits"))
        elif len(text.encode()) > _LONGEST_VALUE_BYTES:
            report.add(InvalidName(*at, "value", text, f"it is longer than {_LONGEST_VALUE_BYTES} bytes", "shorten it"))
        elif "\0" in text:
            report.add(InvalidName(*at, "value", text, "databases cannot hold a NUL character", "remove it"))
        elif member in members:
            rule = f'its Python name {member} is that of "{members[member]}"'
            report.add(InvalidName(*at, "value", text, rule))
        members.setdefault(member, text)
    return tuple(value.name for value in enum.values)
