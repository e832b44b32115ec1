"""`orm migrate`: write revisions from the schema, run them, take them back, look at them."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from isomorph import dialects
from isomorph.connections import Connection, Connections
from isomorph.errors import DatabaseError, IsomorphError, PoolTimeout, RevisionFailed, UnknownConnection
from isomorph.migrate import (
    LoadedRevision,
    Report,
    Revisions,
    RevisionState,
    RevisionStatus,
    load,
    rollback,
    run,
    sql,
    status,
)
from isomorph_generator.cli.common import Exit, JsonOption, SchemaOption, fail, load_project, print_json
from isomorph_generator.migrations import draft, revisions_folder, slug, write
from isomorph_generator.schema import Project

__all__ = ["app"]

app = typer.Typer(
    name="migrate",
    help="Write revisions from the schema, run them, take them back.",
    no_args_is_help=True,
)

ConnectionOption: TypeAlias = Annotated[
    str, typer.Option("--connection", "-c", help="The connection of the schema whose database is meant.")
]
UrlOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--database-url", help="Use this database instead of the one that the schema names.", show_default=False
    ),
]
VerboseOption: TypeAlias = Annotated[
    bool,
    typer.Option("--verbose", "-v", help="Of a failure, also print the database's own words, which may hold values."),
]


# --- commands --------------------------------------------------------------------------------------------------------


@app.command(
    epilog="Example: orm migrate make add_nickname",
)
def make(
    name: Annotated[
        str | None, typer.Argument(help="What it is called; by default what changed.", show_default=False)
    ] = None,
    connection: ConnectionOption = "default",
    schema: SchemaOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the revision that is missing between the revisions and the schema. Needs no database."""
    if name is not None and not slug(name):
        fail(f'the name "{name}" has no letter or digit that a file name can have (use a-z, 0-9 and _)')
    project = load_project(schema)
    with _told():
        _check_connection(project, connection)
        made = draft(project, connection=connection, name=None if name is None else slug(name), clock=_now)
        if made is None:
            if as_json:
                print_json({"revision": None, "path": None, "operations": [], "losses": []})
            else:
                typer.echo("no changes: the revisions agree with the schema")
            return
        path = write(made.folder, made.id, made.text)
    operations = [str(operation) for operation in made.operations]
    if as_json:
        print_json({"revision": made.id, "path": _shown(path), "operations": operations, "losses": [*made.losses]})
        return
    typer.echo(f"wrote {_shown(path)}")
    for operation in operations:
        typer.echo(f"  {operation}")
    for loss in made.losses:
        typer.echo(f"warning: {loss}: what it holds is lost when the revision runs", err=True)


@app.command(
    name="run",
    epilog="Example: orm migrate run --database-url postgresql://app@localhost/app",
)
def run_command(
    connection: ConnectionOption = "default",
    database_url: UrlOption = None,
    schema: SchemaOption = None,
    as_json: JsonOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Apply all revisions that the database does not have yet, in order."""
    with _told(verbose=verbose):
        project = load_project(schema)
        revisions = load(revisions_folder(project, connection))
        with _opened(project, connection, database_url) as opened:
            report = _reported("applied", quiet=as_json)
            applied = run(opened, revisions, report=report, history_table=project.history_tables[connection])
    if as_json:
        print_json(
            {
                "batch": applied[0].batch if applied else None,
                "applied": [{"revision": row.revision, "duration_ms": row.duration_ms} for row in applied],
            }
        )
    elif not applied:
        typer.echo("nothing to run: the database has all revisions" if len(revisions) else _NO_REVISIONS)


@app.command(
    name="rollback",
    epilog="Example: orm migrate rollback --step 1",
)
def rollback_command(
    step: Annotated[
        int | None,
        typer.Option(min=1, help="How many revisions; by default those of the last run.", show_default=False),
    ] = None,
    connection: ConnectionOption = "default",
    database_url: UrlOption = None,
    schema: SchemaOption = None,
    as_json: JsonOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Take back the revisions of the last run, or the last ones by number, newest first."""
    with _told(verbose=verbose):
        project = load_project(schema)
        revisions = load(revisions_folder(project, connection))
        with _opened(project, connection, database_url) as opened:
            report = _reported("took back", quiet=as_json)
            table = project.history_tables[connection]
            done = rollback(opened, revisions, step=step, report=report, history_table=table)
    if as_json:
        print_json({"rolled_back": [revision.id for revision in done]})
    elif not done:
        typer.echo("nothing to take back: no revision is applied")


@app.command(
    name="status",
    epilog="Example: orm migrate status --json",
)
def status_command(
    connection: ConnectionOption = "default",
    database_url: UrlOption = None,
    schema: SchemaOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show which revisions the database has. Exits with 1 when an applied one was edited or has no file."""
    with _told():
        project = load_project(schema)
        revisions = load(revisions_folder(project, connection))
        with _opened(project, connection, database_url) as opened:
            rows = status(opened, revisions, history_table=project.history_tables[connection])
    if as_json:
        print_json([_status_json(row) for row in rows])
    elif rows:
        _print_status(rows)
    else:
        typer.echo(_NO_REVISIONS)
    if any(row.state in (RevisionState.EDITED, RevisionState.MISSING) for row in rows):
        raise typer.Exit(Exit.CHECK_FAILED)


@app.command(
    name="sql",
    epilog="Example: orm migrate sql --dialect mysql > review.sql",
)
def sql_command(
    dialect: Annotated[
        str | None,
        typer.Option(help=f"Of all revisions, for {', '.join(dialects.NAMES)}; needs no database.", show_default=False),
    ] = None,
    connection: ConnectionOption = "default",
    database_url: UrlOption = None,
    schema: SchemaOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print the SQL of the revisions that are not applied, without running it.

    With --dialect, of all revisions, and without a database.
    """
    if dialect is not None and dialect not in dialects.NAMES:
        fail(f'no dialect "{dialect}" (one of {", ".join(dialects.NAMES)})')
    with _told():
        project = load_project(schema)
        _check_connection(project, connection)
        revisions = load(revisions_folder(project, connection))
        if dialect is not None:
            made = sql(revisions, dialects.get(dialect))
        else:
            with _opened(project, connection, database_url) as opened:
                applied = _applied(opened, revisions, project.history_tables[connection])
                made = sql(revisions, opened.dialect, applied)
                dialect = opened.dialect.name
    if as_json:
        print_json([{"revision": item.id, "dialect": dialect, "statements": [*item.statements]} for item in made])
        return
    if not made:
        typer.echo("-- nothing to run: the database has all revisions" if len(revisions) else f"-- {_NO_REVISIONS}")
    for item in made:
        typer.echo(f"-- {item.id} ({dialect})\n")
        for statement in item.statements:
            typer.echo(f"{dialects.get(dialect).ddl.scripted(statement)}\n")


_NO_REVISIONS = "there are no revisions yet (write the first with `orm migrate make`)"


# --- parts -----------------------------------------------------------------------------------------------------------


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _shown(path: Path) -> str:
    """The path as a terminal can open it."""
    return os.path.relpath(path)


@contextmanager
def _told(*, verbose: bool = False) -> Generator[None]:
    """Print what goes wrong and leave with the exit code that fits."""
    try:
        yield
    except RevisionFailed as error:
        fail("\n".join([str(error), *_failure_lines(error, verbose=verbose)]), Exit.DATABASE)
    except (DatabaseError, PoolTimeout) as error:
        fail("\n".join([str(error), *(_driver_lines(error) if verbose else [])]), Exit.DATABASE)
    except IsomorphError as error:
        fail(str(error))
    except OSError as error:
        fail(f"cannot write {error.filename or 'the revision'}: {error.strerror}")


def _failure_lines(error: RevisionFailed, *, verbose: bool) -> list[str]:
    lines = [f"while running: {error.statement}"] if error.statement else []
    if error.undo:
        lines += ["to take back what was done:", *(f"  {statement};" for statement in error.undo)]
    cause = error.__cause__
    return lines + (_driver_lines(cause) if verbose else [])


def _driver_lines(error: BaseException | None) -> list[str]:
    own = error.driver_error if isinstance(error, DatabaseError) else None
    return [] if own is None else [f"the database says: {own}"]


def _check_connection(project: Project, name: str) -> None:
    if name not in project.connections:
        raise UnknownConnection(name, tuple(project.connections))


@contextmanager
def _opened(project: Project, name: str, url: str | None) -> Generator[Connection]:
    """The connection of that name, or to that URL; closed at the end."""
    _check_connection(project, name)
    with (
        Connections(project.connections, project.root) as connections,
        nullcontext(connections.get(name)) if url is None else connections.override(url, name) as connection,
    ):
        yield connection


def _applied(connection: Connection, revisions: Revisions, history_table: str) -> list[str]:
    rows = status(connection, revisions, history_table=history_table)
    return [row.id for row in rows if row.applied is not None]


def _reported(word: str, *, quiet: bool) -> Report:
    def report(revision: LoadedRevision, duration_ms: int) -> None:
        if not quiet:
            typer.echo(f"{word} {revision.id} ({duration_ms} ms)")

    return report


def _status_json(row: RevisionStatus) -> dict[str, object]:
    applied = row.applied
    return {
        "revision": row.id,
        "state": row.state.value,
        "batch": None if applied is None else applied.batch,
        "applied_at": None if applied is None else applied.applied_at.isoformat(),
        "duration_ms": None if applied is None else applied.duration_ms,
    }


_COLOURS = {
    RevisionState.APPLIED: typer.colors.GREEN,
    RevisionState.PENDING: typer.colors.YELLOW,
    RevisionState.EDITED: typer.colors.RED,
    RevisionState.MISSING: typer.colors.RED,
}


def _print_status(rows: tuple[RevisionStatus, ...]) -> None:
    width = max(len(row.id) for row in rows)
    typer.echo(f"{'revision':{width}}  {'state':8}  {'batch':>5}  {'applied at (UTC)':19}  {'ms':>7}")
    for row in rows:
        state = typer.style(f"{row.state.value:8}", fg=_COLOURS[row.state])
        facts = ""
        if (applied := row.applied) is not None:
            moment = applied.applied_at.astimezone(dt.UTC)
            facts = f"  {applied.batch:5}  {moment:%Y-%m-%d %H:%M:%S}  {applied.duration_ms:7}"
        typer.echo(f"{row.id:{width}}  {state}{facts}")
