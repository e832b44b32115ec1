"""`orm migrate status`, `list`, `history` and `sql`: what there is, what a database has, what a run would do."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from isomorph import dialects
from isomorph.migrate import Applied, RevisionSql, RevisionState, RevisionStatus, history, load, sql, status
from isomorph_generator.cli.common import Exit, JsonOption, SchemaOption, fail, load_project, print_json
from isomorph_generator.cli.migrate.common import (
    NO_REVISIONS,
    ConnectionOption,
    UrlOption,
    Work,
    app,
    check_connection,
    shown,
    told,
    working,
)
from isomorph_generator.migrations import revisions_folder

__all__ = ["history_command", "list_command", "print_sql", "sql_command", "status_command"]


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
    """Show which revisions the database has. Exits with 1 when one was edited, has no file or was interrupted."""
    with working(schema, connection, database_url) as work:
        rows = status(work.database, work.revisions, history_table=work.history_table)
    if as_json:
        print_json([_status_json(row) for row in rows])
    elif rows:
        _print_status(rows)
    else:
        typer.echo(NO_REVISIONS)
    if any(row.state in (RevisionState.EDITED, RevisionState.MISSING, RevisionState.PARTIAL) for row in rows):
        raise typer.Exit(Exit.CHECK_FAILED)


@app.command(
    name="list",
    epilog="Example: orm migrate list",
)
def list_command(
    connection: ConnectionOption = "default",
    schema: SchemaOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the revisions in their order, with what each does. Needs no database."""
    with told():
        project = load_project(schema)
        check_connection(project, connection)
        revisions = load(revisions_folder(project, connection))
    if as_json:
        print_json(
            [
                {
                    "revision": revision.id,
                    "doc": revision.doc,
                    "path": shown(revision.path),
                    "depends_on": [*revision.depends_on],
                    "replaces": [*revision.replaces],
                    "head": revision.id in revisions.heads,
                    "operations": [str(operation) for operation in revision.upgrade],
                }
                for revision in revisions
            ]
        )
        return
    if not len(revisions):
        typer.echo(NO_REVISIONS)
    width = max((len(revision.id) for revision in revisions), default=0)
    for revision in revisions:
        mark = "  (head)" if revision.id in revisions.heads else ""
        first = revision.doc.partition("\n")[0]
        typer.echo(f"{revision.id:{width}}  {first}{mark}".rstrip())


@app.command(
    name="history",
    epilog="Example: orm migrate history --connection analytics",
)
def history_command(
    connection: ConnectionOption = "default",
    database_url: UrlOption = None,
    schema: SchemaOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what the database's history table says: what was applied, when, in which batch."""
    with working(schema, connection, database_url) as work:
        rows = history(work.database, history_table=work.history_table)
    if as_json:
        print_json([_applied_json(row) for row in rows])
    elif not rows:
        typer.echo("no revision was applied here")
    else:
        width = max(len(row.revision) for row in rows)
        typer.echo(f"{'revision':{width}}{_HEAD}")
        for row in rows:
            typer.echo(f"{row.revision:{width}}{_facts(row)}")


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
    if dialect is None:
        with working(schema, connection, database_url) as work:
            print_sql(work, as_json=as_json)
        return
    with told():
        project = load_project(schema)
        check_connection(project, connection)
        revisions = load(revisions_folder(project, connection))
        made = sql(revisions, dialects.get(dialect))
    _print_made(made, dialect, has_any=bool(len(revisions)), as_json=as_json)


def print_sql(
    work: Work, *, to: str | None = None, only: str | None = None, step: int | None = None, as_json: bool
) -> None:
    """Print the SQL that a run would send to the database."""
    rows = status(work.database, work.revisions, history_table=work.history_table)
    applied = [row.id for row in rows if row.applied is not None]
    dialect = work.database.dialect
    made = sql(work.revisions, dialect, applied, to=to, only=only, step=step)
    _print_made(made, dialect.name, has_any=bool(len(work.revisions)), as_json=as_json)


def _print_made(made: tuple[RevisionSql, ...], dialect: str, *, has_any: bool, as_json: bool) -> None:
    if as_json:
        print_json([{"revision": item.id, "dialect": dialect, "statements": [*item.statements]} for item in made])
        return
    if not made:
        typer.echo("-- nothing to run: the database has all revisions" if has_any else f"-- {NO_REVISIONS}")
    for item in made:
        typer.echo(f"-- {item.id} ({dialect})\n")
        for statement in item.statements:
            is_remark = all(line.startswith("--") for line in statement.splitlines())
            text = statement if is_remark else dialects.get(dialect).ddl.scripted(statement)
            typer.echo(f"{text}\n")


def _applied_json(row: Applied) -> dict[str, object]:
    return {
        "revision": row.revision,
        "batch": row.batch,
        "applied_at": row.applied_at.isoformat(),
        "duration_ms": row.duration_ms,
        "checksum": row.checksum,
    }


def _status_json(row: RevisionStatus) -> dict[str, object]:
    applied = row.applied
    return {
        "revision": row.id,
        "state": row.state.value,
        "batch": None if applied is None else applied.batch,
        "applied_at": None if applied is None else applied.applied_at.isoformat(),
        "duration_ms": None if applied is None else applied.duration_ms,
        **({"done": [*row.done]} if row.state is RevisionState.PARTIAL else {}),
    }


_COLOURS = {
    RevisionState.APPLIED: typer.colors.GREEN,
    RevisionState.PENDING: typer.colors.YELLOW,
    RevisionState.PARTIAL: typer.colors.RED,
    RevisionState.EDITED: typer.colors.RED,
    RevisionState.MISSING: typer.colors.RED,
}
_HEAD = f"  {'batch':>5}  {'applied at (UTC)':19}  {'ms':>7}"


def _print_status(rows: tuple[RevisionStatus, ...]) -> None:
    width = max(len(row.id) for row in rows)
    typer.echo(f"{'revision':{width}}  {'state':8}{_HEAD}")
    for row in rows:
        state = typer.style(f"{row.state.value:8}", fg=_COLOURS[row.state])
        typer.echo(f"{row.id:{width}}  {state}{'' if row.applied is None else _facts(row.applied)}")
        if row.state is RevisionState.PARTIAL:
            word = "applied" if row.applied is None else "taken back"
            typer.echo(f"  {word} of it: {', '.join(row.done) or 'nothing'}")


def _facts(row: Applied) -> str:
    moment = row.applied_at.astimezone(dt.UTC)
    return f"  {row.batch:5}  {moment:%Y-%m-%d %H:%M:%S}  {row.duration_ms:7}"
