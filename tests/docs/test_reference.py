"""Reference tables of the docs say what the code says."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import typer
from typer.core import TyperCommand, TyperGroup

import types_page
from isomorph.catalog import ColumnType, Kind
from isomorph.names import MODEL_NAMES, PIVOT_NAMES, QUERY_NAMES, RELATION_NAMES
from isomorph.orm.definition import column_class
from isomorph_generator.schema.unsupported import KEYS
from tests.docs.pages import ROOT

pytestmark = pytest.mark.feature("project.examples")


def _page(name: str) -> str:
    return (ROOT / "docs" / name).read_text()


# --- types -----------------------------------------------------------------------------------------------------------


def test_the_tables_of_types_are_what_the_code_says() -> None:
    page = _page("reference/types.md")
    assert types_page.renewed(page) == page, "renewed by: make types-page"


@pytest.mark.parametrize("heading", ["What a driver is given", "What becomes of what it gives"])
def test_the_tables_of_types_are_not_written_by_hand(heading: str) -> None:
    page = _page("reference/types.md")
    section = page.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    changed = page.replace(section, re.sub(r"^\| `uuid` .*\n", "", section, flags=re.MULTILINE))
    assert changed != page
    assert types_page.renewed(changed) == page


def test_a_table_that_is_missing_is_told() -> None:
    with pytest.raises(ValueError, match=r"the page has the tables .*, and should have columns, names, bound, loaded"):
        types_page.renewed(_page("reference/types.md").replace("written: names", "written: others"))


def test_every_type_has_a_row_of_its_own_among_the_rules() -> None:
    rules = _page("reference/types.md").partition("## Rules")[2]
    for kind in Kind:
        assert f"`{kind.value}`" in rules, kind


@pytest.mark.parametrize("kind", Kind)
def test_a_type_has_the_comparisons_that_the_rules_say(kind: Kind) -> None:
    rules = _page("reference/types.md").partition("## Rules")[2]
    row = re.search(rf"^\| `{kind.value}` \|.* \| (.*) \|$", rules, re.MULTILINE)
    assert row is not None
    column = column_class(ColumnType(kind))

    assert ("`==`" in row[1]) == (column.__eq__ is not object.__eq__)
    assert ("`<`" in row[1]) == hasattr(column, "between")
    assert hasattr(column, "in_") == ("`==`" in row[1] and kind is not Kind.JSON)


# --- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "names"),
    [
        ("Every model", MODEL_NAMES),
        ("Every query", QUERY_NAMES),
        ("Every relation", RELATION_NAMES),
        ("Every pivot", PIVOT_NAMES),
    ],
)
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
}


def test_the_schema_guide_lists_every_key_that_is_not_supported_yet() -> None:
    page = _page("guide/schema.md").partition("## Not supported yet")[2]
    for spec, keys in KEYS.items():
        row = f"| {_PLACES[spec]} | {', '.join(f'`{key}`' for key in sorted(keys))} |"
        assert row in page, row


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
