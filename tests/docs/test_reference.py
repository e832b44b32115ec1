"""Reference tables of the docs say what the code says."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import typer
from typer.core import TyperCommand, TyperGroup

from isomorph import dialects
from isomorph.catalog import ColumnType, Enum, Kind
from isomorph.names import MODEL_NAMES, QUERY_NAMES
from isomorph_generator.codegen.types import PYTHON_TYPES
from isomorph_generator.schema.unsupported import KEYS, TYPES
from tests.docs.pages import ROOT

pytestmark = pytest.mark.feature("project.examples")


def _page(name: str) -> str:
    return (ROOT / "docs" / name).read_text()


# --- types -----------------------------------------------------------------------------------------------------------

_SAMPLES = {
    Kind.STRING: ColumnType(Kind.STRING, length=100),
    Kind.DECIMAL: ColumnType(Kind.DECIMAL, precision=10, scale=2),
    Kind.ENUM: ColumnType(Kind.ENUM, enum="Role"),
}
_ENUMS = {"Role": Enum("Role", ("member", "admin"), "role")}
_PYTHON = {**PYTHON_TYPES, Kind.JSON: "JsonValue", Kind.ENUM: "Role"}


def _type_rows() -> Iterator[str]:
    for kind in Kind:
        type_ = _SAMPLES.get(kind, ColumnType(kind))
        spelled = [dialects.get(name).ddl.column_type(type_, _ENUMS) for name in dialects.NAMES]
        python = re.sub(r"^_(\w+)\.", lambda match: f"{ {'dt': 'datetime'}.get(match[1], match[1]) }.", _PYTHON[kind])
        yield f"| `{type_}` | `{python}` | {' | '.join(f'`{text}`' for text in spelled)} |"


def test_the_table_of_types_is_what_the_dialects_say() -> None:
    table = _page("reference/types.md").partition("## Rules")[0]
    shown = re.findall(r"^\| `\w+(?:\([\d, ]+\))?` \| `.*$", table, re.MULTILINE)
    assert shown == list(_type_rows())


def test_every_type_has_a_row_of_its_own_among_the_rules() -> None:
    rules = _page("reference/types.md").partition("## Rules")[2]
    for kind in Kind:
        assert f"`{kind.value}`" in rules, kind


# --- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("heading", "names"), [("Every model", MODEL_NAMES), ("Every query", QUERY_NAMES)])
def test_the_published_names_are_those_that_a_schema_may_not_take(heading: str, names: frozenset[str]) -> None:
    section = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", _page("reference/names.md"), re.MULTILINE | re.DOTALL)
    assert section is not None
    assert re.findall(r"`(\w+)`", section[1]) == sorted(names)


# --- what is not supported yet ---------------------------------------------------------------------------------------

_PLACES = {
    "SchemaSpec": "the file",
    "ProjectSpec": "`[project]`",
    "ConnectionSpec": "`[connections.*]`",
    "PoolSpec": "`pool`",
    "EnumSpec": "`[enums.*]`",
    "EnumValueSpec": "values of enums",
    "MixinSpec": "`[mixins.*]`",
    "ModelSpec": "`[models.*]`",
    "FieldSpec": "fields",
    "PivotFieldSpec": "columns of `pivot`",
    "IndexSpec": "`indexes`",
    "BelongsToManySpec": "`belongs_to_many`",
    "MorphToManySpec": "`morph_to_many`",
    "MorphedByManySpec": "`morphed_by_many`",
    "MorphToSpec": "`morph_to`",
}


def test_the_schema_guide_lists_every_key_that_is_not_supported_yet() -> None:
    page = _page("guide/schema.md").partition("## Not supported yet")[2]
    for spec, keys in KEYS.items():
        row = f"| {_PLACES[spec]} | {', '.join(f'`{key}`' for key in sorted(keys))} |"
        assert row in page, row


def test_the_schema_guide_lists_every_type_that_is_not_supported_yet() -> None:
    page = _page("guide/schema.md").partition("## Not supported yet")[2]
    assert f"Types: {', '.join(f'`{name}`' for name in TYPES)}." in " ".join(page.split())


# --- the JSON Schema -------------------------------------------------------------------------------------------------


@pytest.mark.feature("schema.json_schema")
def test_the_published_json_schema_is_what_the_command_prints() -> None:
    from isomorph_generator.cli.schema import json_schema_text

    renewed = "orm schema json-schema --output docs/schema.json"
    assert _page("schema.json") == json_schema_text(), renewed


# --- commands --------------------------------------------------------------------------------------------------------


def _commands(app: TyperGroup, prefix: str = "orm") -> Iterator[tuple[str, TyperCommand]]:
    for name, command in app.commands.items():
        if isinstance(command, TyperGroup):
            yield from _commands(command, f"{prefix} {name}")
        else:
            assert isinstance(command, TyperCommand)
            yield f"{prefix} {name}", command


def _section_of(command: str) -> str:
    found = re.search(rf"^## {command}\n(.*?)(?=^## |\Z)", _page("reference/cli.md"), re.MULTILINE | re.DOTALL)
    return "" if found is None else found[1]


def _app() -> TyperGroup:
    from isomorph_generator.cli import command

    group = typer.main.get_command(command())
    assert isinstance(group, TyperGroup)
    return group


def test_the_reference_has_a_section_for_each_command_and_each_section_its_command() -> None:
    headings = re.findall(r"^## (orm .*)$", _page("reference/cli.md"), re.MULTILINE)
    assert headings == [name for name, _ in _commands(_app())]


def test_the_reference_names_every_option_and_shows_every_command() -> None:
    for name, command in _commands(_app()):
        section = _section_of(name)
        assert f"$ {name}" in section, name
        for parameter in command.params:
            for option in (*parameter.opts, *parameter.secondary_opts):
                if option.startswith("--") and option != "--help":
                    assert f"`{option}" in section, f"{name} {option}"
