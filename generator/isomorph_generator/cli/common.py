"""What all commands share: exit codes, the `--schema` option, loading the project, printing errors and JSON."""

from __future__ import annotations

import enum
import json
import os
from pathlib import Path
from typing import Annotated, NoReturn, TypeAlias

import typer

from isomorph_generator.schema import Project, SchemaErrors, load

__all__ = [
    "Exit",
    "JsonOption",
    "SchemaOption",
    "fail",
    "find_schema",
    "load_project",
    "print_json",
    "schema_option",
]


class Exit(enum.IntEnum):
    """Exit codes of every command."""

    DONE = 0
    CHECK_FAILED = 1
    """A check says no: something is stale, differs or is not formatted."""
    WRONG_INPUT = 2
    """The schema, an argument or a setting is wrong."""
    DATABASE = 3
    """The database said no."""


schema_option = typer.Option(
    "--schema",
    "-s",
    help="The schema file. By default schema.toml of this folder or the nearest one above.",
    show_default=False,
)

SchemaOption: TypeAlias = Annotated[Path | None, schema_option]
"""For a parameter `schema: SchemaOption = None`, given to `load_project`."""

JsonOption: TypeAlias = Annotated[bool, typer.Option("--json", help="Print the result as JSON, for scripts.")]


def fail(message: str, code: Exit = Exit.WRONG_INPUT) -> NoReturn:
    """Print a message to stderr and leave with an exit code.

    Raises:
        typer.Exit: always.
    """
    typer.echo(message, err=True)
    raise typer.Exit(code)


def print_json(value: object) -> None:
    """Print a value as JSON, indented, keys in their order."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))


def find_schema(given: Path | None) -> Path:
    """The schema file: the given one (a folder means the schema.toml in it), else the nearest schema.toml upwards.

    The path is relative to the current folder where it can be, so that errors show what a terminal can open.

    Raises:
        typer.Exit: there is none; the message is on stderr.
    """
    if given is not None:
        path = given / "schema.toml" if given.is_dir() else given
        if not path.is_file():
            fail(f"{path}: no such file (give the schema with --schema, or make one with `orm init`)")
        return path
    here = Path.cwd()
    for folder in (here, *here.parents):
        path = folder / "schema.toml"
        if path.is_file():
            return Path(os.path.relpath(path, here))
    return fail("no schema.toml in this folder or above it (give one with --schema, or make one with `orm init`)")


def load_project(path: Path | None = None) -> Project:
    """Find and load the schema; all its errors go to stderr, one per line.

    Raises:
        typer.Exit: code 2, when there is no schema or it has errors.
    """
    schema = find_schema(path)
    try:
        return load(schema)
    except SchemaErrors as errors:
        return fail(str(errors))
