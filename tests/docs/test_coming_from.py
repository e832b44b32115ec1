"""The name tables for those who come from elsewhere: each name in their last column exists here.

A name is an expression, and evaluated: what it calls builds something and runs nothing. Or it is a command with its
options, a type in quotes, or the path of a key of the schema, `*` for a name of the schema's own.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

import generated
from generated import User, db
from isomorph import Collection, errors, functions, migrate
from isomorph.sql.composites import ArrayColumn, CidrColumn, InetColumn, RangeColumn, SetColumn
from isomorph_generator.cli import command
from isomorph_generator.schema import SchemaErrors, load
from tests.docs.pages import ROOT

pytestmark = pytest.mark.feature("project.examples")

_PAGE = (ROOT / "docs/guide/coming-from.md").read_text()
_CODE = re.compile(r"`([^`]+)`")


class NoSuchName(AssertionError):
    """The page names something that does not exist."""


# --- the page --------------------------------------------------------------------------------------------------------


def _rows() -> Iterator[tuple[int, str]]:
    """Lines of tables, without their heads, and the cell that says what it is called here."""
    for number, line in enumerate(_PAGE.splitlines(), start=1):
        if line.startswith("| ") and not line.startswith(("| ---", "| Eloquent ")):
            yield number, line.strip("| \n").rpartition(" | ")[2]


_CELLS = list(_rows())
_NAMES = sorted({name for _, cell in _CELLS for name in _CODE.findall(cell)})


def test_each_line_says_what_it_is_called_here() -> None:
    assert len(_CELLS) > 100
    for number, cell in _CELLS:
        rest = _CODE.sub("", cell).replace(",", "").strip()
        assert _CODE.search(cell), f"line {number}: no name"
        assert rest == "", f"line {number}: {rest!r} is no name"


def test_each_table_ends_with_what_it_is_called_here() -> None:
    heads = [line for line in _PAGE.splitlines() if line.startswith("| Eloquent ")]
    assert len(heads) == len(re.findall(r"^\|( --- \|)+$", _PAGE, re.MULTILINE))
    assert all(head.endswith("| isomorph |") for head in heads)


# --- the names -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", _NAMES)
def test_the_name_exists(name: str, tmp_path: Path) -> None:
    _resolve(name, tmp_path)


@pytest.mark.parametrize(
    "name",
    [
        "query.chunk_by_key",
        "User.fetch",
        "User.name.contain",
        "f.ifnull",
        "db.begin",
        "query.order_by(User.name).nope",
        "query.group_by(User.agee)",
        "orm migrate redo",
        "orm migrate run --twice",
        '"varchar(20)"',
        '"decimal(1)"',
        "models.*.fields.*.uniqe",
        "models.*.soft_deletes",
        "models.*.relations.*.has_lots",
        "repositories",
    ],
)
def test_a_name_that_does_not_exist_is_told(name: str, tmp_path: Path) -> None:
    with pytest.raises(NoSuchName, match=re.escape(name)):
        _resolve(name, tmp_path)


def _resolve(name: str, folder: Path) -> None:
    """Find what a name of the page means.

    Args:
        name: the text between backticks.
        folder: an empty folder, for a schema with a type.

    Raises:
        NoSuchName: nothing.
    """
    if name.startswith("orm "):
        _check_command(name)
    elif name.startswith('"'):
        _check_type(name, folder)
    elif name.partition(".")[0] in _schema()["properties"]:
        _check_key(name)
    else:
        try:
            eval(name, dict(_HERE))  # the page is ours
        except (AttributeError, NameError, TypeError) as error:
            raise NoSuchName(name) from error


_HERE: dict[str, Any] = {
    **{name: getattr(generated, name) for name in dir(generated) if not name.startswith("_")},
    **{column.__name__: column for column in (ArrayColumn, CidrColumn, InetColumn, RangeColumn, SetColumn)},
    "Collection": Collection,
    "db": db,
    "errors": errors,
    "f": functions,
    "migrate": migrate,
    "query": User.query(),
    "selection": User.query().select(User.name),
    "user": User(name="Ada", email="ada@example.com", password="..."),
    "users": Collection[User]([]),
}


def _check_command(name: str) -> None:
    found: Any = typer.main.get_command(command())
    for word in name.split()[1:]:
        if word.startswith("-"):
            known = {option for parameter in found.params for option in parameter.opts}
            if word not in known:
                raise NoSuchName(name)
        else:
            found = found.commands.get(word) if isinstance(found, TyperGroup) else None
        if found is None:
            raise NoSuchName(name)


def _check_type(name: str, folder: Path) -> None:
    path = folder / "schema.toml"
    path.write_text(
        '[project]\nencryption_keys = [{ env = "KEY" }]\n[enums]\nRole = ["reader", "author"]\n'
        f"[models.Thing.fields]\nknown = {name}\n"
    )
    try:
        load(path)
    except SchemaErrors as error:
        raise NoSuchName(name) from error


@functools.cache
def _schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "docs/schema.json").read_text())
    return found


def _check_key(name: str) -> None:
    """Follow a path through the JSON Schema, which editors complete keys by."""
    places = [_schema()]
    for key in name.split("."):
        places = [below for place in places for whole in _alternatives(place) for below in _below(whole, key)]
        if not places:
            raise NoSuchName(name)


def _alternatives(place: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A place and what it may be instead, references followed."""
    if "$ref" in place:
        yield from _alternatives(_schema()["$defs"][place["$ref"].rpartition("/")[2]])
        return
    yield place
    for other in (*place.get("anyOf", ()), *place.get("oneOf", ())):
        yield from _alternatives(other)
    if isinstance(place.get("items"), dict):
        yield from _alternatives(place["items"])


def _below(place: dict[str, Any], key: str) -> Iterator[dict[str, Any]]:
    if key != "*" and key in place.get("properties", {}):
        yield place["properties"][key]
    elif key == "*" and isinstance(place.get("additionalProperties"), dict):
        yield place["additionalProperties"]
