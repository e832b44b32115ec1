"""`orm introspect`: a live database to a schema."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import typer

from isomorph.connections import (
    DEFAULT,
    Connection,
    Connections,
    ConnectionSettings,
    Env,
    environment,
    resolve,
)
from isomorph.drivers import Target
from isomorph.errors import UnknownConnection, near_hint
from isomorph.migrate.history import DEFAULT_NAME
from isomorph_generator.cli.common import JsonOption, SchemaOption, fail, find_schema, load_project, print_json
from isomorph_generator.cli.migrate.common import VerboseOption, told
from isomorph_generator.introspect import Inspected, inspect
from isomorph_generator.introspect.authoring import Header, Note, Written, aliases_of, toml, written_schema

__all__ = ["introspect"]

_VARIABLE = "DATABASE_URL"
_TITLES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mysql": "MySQL or MariaDB"}


def introspect(
    url: Annotated[
        str | None,
        typer.Option(
            "--url",
            help=f"The database. By default that of the schema's connection; without a schema, what {_VARIABLE} says.",
            show_default=False,
        ),
    ] = None,
    connection: Annotated[
        str, typer.Option("--connection", "-c", help="The connection of the schema whose database is meant.")
    ] = DEFAULT,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the schema to this file instead of printing it.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file of --output.")] = False,
    tables: Annotated[
        str | None, typer.Option("--tables", help="Only these tables, with commas between.", show_default=False)
    ] = None,
    schema: SchemaOption = None,
    as_json: JsonOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Write the schema of a database that is there already: tables, keys and relations. Changes nothing in it.

    Example: orm introspect --url postgresql://app@localhost/shop --output schema.toml

    What the schema language has no word for stands in the file as a comment, beside the place it belongs to, and on
    stderr. Of rows, only the type columns of polymorphic relations are looked at.
    """
    if output is not None and (output.exists() or output.is_symlink()) and not force:
        fail(f"not overwritten: {output} (add --force, or give another --output)")
    with told(verbose=verbose):
        source = _Source.found(url, connection, schema)
        with source.opened() as opened:
            inspected = inspect(opened, history_table=source.history_table)
            if tables is not None:
                inspected = _only(inspected, [name.strip() for name in tables.split(",") if name.strip()])
            header = Header(source.told, source.lines(output))
            made = written_schema(inspected, header, aliases_of(opened))
        if output is not None:
            output.parent.mkdir(parents=True, exist_ok=True)
            output.write_text(made.text, encoding="utf-8", newline="\n")
    _report(made, len(inspected.tables), output, as_json=as_json)


def _report(made: Written, tables: int, output: Path | None, *, as_json: bool) -> None:
    if as_json:
        unsaid = [
            {"table": note.table, "column": note.column, "what": note.what, "reason": note.reason}
            for note in made.notes
        ]
        path = None if output is None else str(output)
        text = made.text if output is None else None
        print_json({"output": path, "schema": text, "tables": tables, "models": made.models, "unsaid": unsaid})
        return
    if output is None:
        typer.echo(made.text, nl=False)
    else:
        typer.echo(f"wrote {output} ({_counted(made.models, 'model')} of {_counted(tables, 'table')})")
    for note in made.notes:
        typer.echo(f"not said: {_placed(note)}", err=True)
    if output is not None:
        # No other file is found by itself.
        is_found = output.absolute() == Path.cwd() / "schema.toml"
        named = "" if is_found else f" --schema {shlex.quote(str(output))}"
        steps = ("generate", "migrate make as_found", "migrate stamp")
        typer.echo(f"next: {' && '.join(f'orm {step}{named}' for step in steps)}")


def _placed(note: Note) -> str:
    """A note with its table in front; what a database calls things may hold anything, but a line is one line."""
    text = str(note) if note.table is None or note.what.endswith(f" {note.table}") else f"{note.table}: {note}"
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def _counted(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"


# --- which database ------------------------------------------------------------------------------------------------------


class _Source:
    """The database that is read, and how a schema reaches it without its password."""

    def __init__(self, settings: ConnectionSettings, root: Path, variable: str, history_table: str) -> None:
        self._settings = settings
        self._root = root
        self._variable = variable
        self.history_table = history_table
        self._target: Target = resolve(settings, environment(root), root)
        if self._is_file and not Path(self._target.database).is_file():
            fail(f"{self._target.database}: no such file (give the database with --url)")

    @classmethod
    def found(cls, url: str | None, connection: str, schema: Path | None) -> _Source:
        """The database of a URL, else of a connection of the schema, else of the environment.

        Raises:
            typer.Exit: there is none.
        """
        here = Path.cwd()
        if url is not None:
            return cls(ConnectionSettings(url=url), here, _VARIABLE, DEFAULT_NAME)
        is_there = schema is not None or any((folder / "schema.toml").is_file() for folder in (here, *here.parents))
        if not is_there:
            if not environment(here).get(_VARIABLE):
                fail(f"no database to read (give it with --url, or set {_VARIABLE})")
            return cls(ConnectionSettings(url=Env(_VARIABLE)), here, _VARIABLE, DEFAULT_NAME)
        project = load_project(find_schema(schema))
        if connection not in project.connections:
            raise UnknownConnection(connection, tuple(project.connections))
        settings = project.connections[connection]
        variable = settings.url.name if isinstance(settings.url, Env) else _VARIABLE
        return cls(settings, project.root, variable, project.history_tables[connection])

    @contextmanager
    def opened(self) -> Generator[Connection]:
        with Connections({DEFAULT: self._settings}, self._root) as connections:
            yield connections.get(DEFAULT)

    @property
    def _is_file(self) -> bool:
        return self._target.driver == "sqlite" and self._target.database != ":memory:"

    @property
    def told(self) -> str:
        """What it is, without user, password or host."""
        name = Path(self._target.database).name if self._target.driver == "sqlite" else self._target.database
        return f"the {_TITLES[self._target.driver]} database {name}"

    def lines(self, output: Path | None) -> tuple[str, ...]:
        """What `[connections.default]` says: a variable, and of SQLite the file."""
        setting = {"env": self._variable}
        if self._is_file:
            file = Path(self._target.database).absolute()
            folder = (Path.cwd() if output is None else output.parent).absolute()
            path = file.relative_to(folder) if file.is_relative_to(folder) else file
            setting["default"] = f"sqlite:///{path.as_posix()}"
        return (f"url = {toml.value(setting)}",)


def _only(inspected: Inspected, names: Collection[str]) -> Inspected:
    """Some of the tables; what leads to others is told as not said.

    Raises:
        typer.Exit: there is no table of one of the names.
    """
    for name in names:
        if name not in inspected.tables:
            fail(f'no table "{name}" in the database ({near_hint(name, tuple(inspected.tables), "see --tables")})')
    tables = {name: table for name, table in inspected.tables.items() if name in names}
    used = {column.type.named_enum for table in tables.values() for column in table.columns}
    return replace(
        inspected,
        tables=MappingProxyType(tables),
        enums=MappingProxyType({name: enum for name, enum in inspected.enums.items() if name in used}),
        views=(),
        triggers=tuple(trigger for trigger in inspected.triggers if trigger.table in tables),
        functions=(),
        unsaid=tuple(unsaid for unsaid in inspected.unsaid if unsaid.table in tables),
    )
