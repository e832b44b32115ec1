"""The diagrams of the page on relations: their tables, columns, models and relations are those of the showcase."""

from __future__ import annotations

import re

import pytest

from generated import db
from isomorph.catalog import Model
from tests.docs.pages import ROOT, Block, page_of

pytestmark = pytest.mark.feature("project.examples")

_PAGE = page_of(ROOT / "docs/guide/relations.md")
_DIAGRAMS = [block for block in _PAGE.blocks if block.language == "mermaid"]
_MODELS = {model.name: model for model in db.catalog.models}
_TABLES = {table.name: table for table in db.catalog.tables()}

_LINE = re.compile(r'(?P<left>\w+) (?P<one>\S\S)--(?P<other>\S\S) (?P<right>\w+) : "(?P<label>[^"]+)"')
_ARROW = re.compile(r'(?=\b(?P<left>\w+) (?:--|-\.) "(?P<relation>\w+)" (?:-->|\.->) (?P<right>\w+))')
_TABLE = re.compile(r"^    (?P<name>\w+) \{\n(?P<columns>(?: {8}.+\n)+)    \}$", re.MULTILINE)


def _owner(table: str) -> Model | None:
    return next((model for model in _MODELS.values() if model.table.name == table), None)


def _relations(table: str) -> set[str]:
    owner = _owner(table)
    return {relation.name for relation in owner.relations} if owner is not None else set()


def test_each_kind_has_a_diagram() -> None:
    assert len(_DIAGRAMS) >= 8


@pytest.mark.parametrize("block", _DIAGRAMS, ids=lambda block: block.place)
def test_a_diagram_shows_what_is_there(block: Block) -> None:
    lines, arrows = list(_LINE.finditer(block.text)), list(_ARROW.finditer(block.text))
    assert lines or arrows
    for line in lines:
        known = _relations(line["left"]) | _relations(line["right"])
        assert {line["left"], line["right"]} <= _TABLES.keys()
        assert set(re.split(" / |, ", line["label"])) <= known, line[0]
    for arrow in arrows:
        (relation,) = [known for known in _MODELS[arrow["left"]].relations if known.name == arrow["relation"]]
        assert relation.target == arrow["right"], arrow["relation"]
    for table in _TABLE.finditer(block.text):
        columns = {column.name: column for column in _TABLES[table["name"]].columns}
        for text in table["columns"].splitlines():
            column = columns[text.split()[1]]
            assert column.nullable == ('"optional"' in text), text
