"""From operations to a revision file: its name, its view model, its text, and writing it."""

from __future__ import annotations

import datetime as dt
import errno
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from isomorph.migrate import (
    AddColumn,
    AddMorphGuard,
    CreateTable,
    DropColumn,
    DropMorphGuard,
    DropTable,
    Operations,
)
from isomorph.migrate.operations import TableChange
from isomorph_generator.migrations.source import Imports, source, text_literal

__all__ = ["RevisionView", "named", "render", "revision_id", "slug", "view", "write"]

_LONGEST_NAME = 60
_MENTIONED = 3


# --- names -----------------------------------------------------------------------------------------------------------


def slug(text: str) -> str:
    """Text as part of a file name: lower case letters, digits and underscores; empty when nothing is left."""
    words = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    return words[:_LONGEST_NAME].rstrip("_")


def revision_id(now: dt.datetime, name: str) -> str:
    """The id of a revision: the time of UTC, so that parallel branches do not collide, and a name."""
    return f"{now.astimezone(dt.UTC):%Y%m%d_%H%M%S}_{name}"


def named(operations: Operations, *, initial: bool) -> str:
    """A name that says what changed: `initial`, `create_users_and_posts`, `add_age_to_users`, `change_users`."""
    if initial:
        return "initial"
    changes = [op for op in operations if isinstance(op, TableChange | AddMorphGuard | DropMorphGuard)]
    by_kind = {
        "create": [operation.table.name for operation in operations if isinstance(operation, CreateTable)],
        "drop": [operation.table.name for operation in operations if isinstance(operation, DropTable)],
        "change": list(dict.fromkeys(change.table for change in changes)),
    }
    if len(changes) == 1 and not by_kind["create"] and not by_kind["drop"]:
        return slug(_named_change(changes[0])) or "change"
    # Tables that come or go say more than the changes that they bring about.
    said = {kind: tables for kind, tables in by_kind.items() if tables}
    if len(said) > 1:
        said.pop("change", None)
    return slug("_".join(f"{kind}_{_some(tables)}" for kind, tables in said.items())) or "change"


def _named_change(change: TableChange | AddMorphGuard | DropMorphGuard) -> str:
    match change:
        case AddColumn(table, column):
            return f"add_{column.name}_to_{table}"
        case DropColumn(table, column):
            return f"drop_{column.name}_from_{table}"
        case _:
            return f"change_{change.table}"


def _some(names: Sequence[str]) -> str:
    return "_and_".join(names) if len(names) <= _MENTIONED - 1 else f"{names[0]}_and_{len(names) - 1}_more"


# --- text ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RevisionView:
    """A revision file as its template places it; all fields are final text.

    Attributes:
        doc: the docstring, without its quotes.
        imports: lines, empty ones between the groups.
        id: the id as a literal.
        depends_on: the keyword with its value and a comma.
        upgrade: one operation each, with a comma, of one or several lines.
    """

    doc: str
    imports: tuple[str, ...]
    id: str
    depends_on: str
    upgrade: tuple[str, ...]


def view(id_: str, depends_on: Sequence[str], operations: Operations) -> RevisionView:
    """The view model of a revision."""
    imports = Imports({"Operations", "Revision", "reverse"}, set())
    upgrade = tuple(source(operation, imports, indent=1, suffix=",") for operation in operations)
    return RevisionView(
        doc=_doc(operations),
        imports=_import_lines(imports),
        id=text_literal(id_),
        depends_on=source(tuple(depends_on), imports, indent=1, prefix="depends_on=", suffix=","),
        upgrade=upgrade,
    )


def render(revision: RevisionView) -> str:
    """The text of the file."""
    return _template().render(revision=revision)


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("isomorph_generator.migrations"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - Python, not HTML
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("revision.py.jinja")


def _doc(operations: Operations) -> str:
    def sentence(parts: Sequence[str]) -> str:
        return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"

    parts = [str(operation) for operation in operations]
    if len(parts) > _MENTIONED:
        parts = [*parts[: _MENTIONED - 1], f"{len(parts) - _MENTIONED + 1} more"]
    text = sentence(parts) if parts else "nothing yet"
    text = text.replace("\\", "\\\\").replace('"', "'")
    return f"{text[:1].upper()}{text[1:]}."


def _import_lines(imports: Imports) -> tuple[str, ...]:
    # isort's order: classes before functions.
    names = sorted(imports.names, key=lambda name: (name[0].islower(), name))
    lines = [f"    {name}," for name in names]
    return (
        *sorted(imports.modules, key=lambda line: line.startswith("from")),
        *([""] if imports.modules else []),
        "from isomorph.migrate import (",
        *lines,
        ")",
        *(["from isomorph.migrate import types as t"] if imports.types else []),
    )


# --- the file --------------------------------------------------------------------------------------------------------


def write(folder: Path, id_: str, text: str) -> Path:
    """Write a revision file, whole or not at all.

    Raises:
        OSError: the folder or file cannot be written.
        FileExistsError: there is a revision of that id.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{id_}.py"
    if path.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    temporary = folder / f".{id_}.py.tmp"
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return path
