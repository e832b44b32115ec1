"""From operations to a revision file: its view model, its text, and writing it."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from isomorph.migrate import Operations
from isomorph_generator.migrations.source import Imports, source, text_literal

__all__ = ["DataView", "RevisionView", "docstring", "render", "render_data", "view", "write"]

_MENTIONED = 3


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
        replaces: the keyword with its value and a comma; empty for most.
        allow: likewise.
    """

    doc: str
    imports: tuple[str, ...]
    id: str
    depends_on: str
    upgrade: tuple[str, ...]
    replaces: str = ""
    allow: str = ""


@dataclass(frozen=True, slots=True)
class DataView:
    """A revision of a data step as its template places it; all fields are final text.

    Attributes:
        doc: the docstring, without its quotes.
        id: the id as a literal.
        depends_on: the keyword with its value and a comma.
        package: the package of its models.
    """

    doc: str
    id: str
    depends_on: str
    package: str


def view(
    id_: str,
    depends_on: Sequence[str],
    operations: Operations,
    replaces: Sequence[str] = (),
    doc: str | None = None,
    allow: Mapping[str, str] | None = None,
) -> RevisionView:
    """The view model of a revision.

    Args:
        id_: its id.
        depends_on: the revisions before it.
        operations: what it does.
        replaces: the revisions that it stands for.
        doc: what it says of itself, as `docstring` gives it; by default what it does.
        allow: findings of the linter that are fine, by code, each with the reason.
    """
    imports = Imports({"Operations", "Revision", "reverse"}, set())
    upgrade = tuple(source(operation, imports, indent=1, suffix=",") for operation in operations)
    return RevisionView(
        doc=_doc(operations) if doc is None else doc,
        imports=_import_lines(imports),
        id=text_literal(id_),
        depends_on=source(tuple(depends_on), imports, indent=1, prefix="depends_on=", suffix=","),
        upgrade=upgrade,
        replaces=source(tuple(replaces), imports, indent=1, prefix="replaces=", suffix=",") if replaces else "",
        allow=source(dict(allow), imports, indent=1, prefix="allow=", suffix=",") if allow else "",
    )


def render(revision: RevisionView) -> str:
    """The text of the file."""
    return _environment().get_template("revision.py.jinja").render(revision=revision)


def render_data(id_: str, depends_on: Sequence[str], package: str, name: str) -> str:
    """The text of a revision of a data step.

    Args:
        id_: its id.
        depends_on: the revisions before it.
        package: the package of its models, beside it.
        name: what it is called.
    """
    imports = Imports(set(), set())
    words = name.replace("_", " ")
    view_ = DataView(
        doc=f"{words[:1].upper()}{words[1:]}: a data step.",
        id=text_literal(id_),
        depends_on=source(tuple(depends_on), imports, indent=1, prefix="depends_on=", suffix=","),
        package=package,
    )
    return _environment().get_template("data.py.jinja").render(view=view_)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("isomorph_generator.migrations"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - Python, not HTML
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _doc(operations: Operations) -> str:
    def sentence(parts: Sequence[str]) -> str:
        return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"

    parts = [str(operation) for operation in operations]
    if len(parts) > _MENTIONED:
        parts = [*parts[: _MENTIONED - 1], f"{len(parts) - _MENTIONED + 1} more"]
    text = sentence(parts) if parts else "nothing yet"
    return docstring(f"{text[:1].upper()}{text[1:]}.")


def docstring(text: str) -> str:
    """Text as it stands between the quotes of a docstring."""
    return text.replace("\\", "\\\\").replace('"', "'")


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
