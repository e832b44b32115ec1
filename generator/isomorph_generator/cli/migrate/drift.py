"""`orm migrate drift`: how a database differs from what the revisions made of it."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

import typer

from isomorph.connections import Connection, Connections
from isomorph.errors import MigrationError
from isomorph.migrate import RevisionState, State, status
from isomorph.migrate.choosing import state_of
from isomorph_generator.cli.common import Exit, JsonOption, SchemaOption, fail, print_json
from isomorph_generator.cli.migrate.common import (
    ConnectionOption,
    UrlOption,
    VerboseOption,
    Work,
    app,
    now,
    shown,
    working,
)
from isomorph_generator.introspect import Difference, DifferenceKind, Fix, compared, fix
from isomorph_generator.migrations import Draft, draft_of, write

__all__ = ["drift_command"]

_NAME = "mend_drift"


@app.command(
    name="drift",
    epilog="Example: orm migrate drift --ignore 'wp_*' --json",
)
def drift_command(
    ignore: Annotated[
        list[str] | None,
        typer.Option("--ignore", help="A pattern of tables that are not the schema's: 'wp_*'. May be repeated."),
    ] = None,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict", help="Also what means the same and is spelled otherwise, and undeclared views and triggers."
        ),
    ] = False,
    mend: Annotated[
        bool,
        typer.Option("--fix", help="Write a revision that leads from what was found to what is expected; run nothing."),
    ] = False,
    scratch: Annotated[
        str | None,
        typer.Option(
            "--scratch",
            help="The URL of a database to make the expected tables in for a moment, when this one's user may not.",
            show_default=False,
        ),
    ] = None,
    connection: ConnectionOption = "default",
    database_url: UrlOption = None,
    schema: SchemaOption = None,
    as_json: JsonOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Compare the live database with what its revisions made of it; exits with 1 when it differs.

    The database describes both sides: the expected tables are made in memory (SQLite), in a schema within a transaction
    that is rolled back (PostgreSQL), or in a database that is dropped again (MySQL). A database without revisions is
    compared with the schema.

    --fix writes a revision for the database that differs: it notes what was found and leads back to what is expected.
    Other databases, where nothing is wrong, record it with `orm migrate run --only ID --fake`.
    """
    with working(schema, connection, database_url, verbose=verbose) as work:
        expected = _expected(work, connection)
        with _scratch(work, scratch) as place:
            found = compared(
                work.database,
                expected.state,
                ignore=ignore or (),
                history_table=work.history_table,
                scratch=place,
            )
        differences = [item for item in found.differences() if strict or item.kind is not DifferenceKind.SPELLED]
        mended = draft = None
        if mend and differences:
            _check_fixable(expected)
            mended = fix(found)
            if mended.operations:
                draft = draft_of(work.project, mended.operations, connection=connection, name=_NAME, clock=now)
        path = None if draft is None else shown(write(draft.folder, draft.id, draft.text))
    if as_json:
        _print_json(expected, differences, mended, draft, path)
    else:
        _print(expected, differences, mended, draft, path)
    is_mended = mended is not None and bool(mended.operations) and not mended.left
    if differences and not is_mended:
        raise typer.Exit(Exit.CHECK_FAILED)


# --- what is expected ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Expected:
    """A state, what it is called, and how many revisions are not part of it, since the database lacks them."""

    state: State
    name: str
    pending: int
    is_of_revisions: bool


def _expected(work: Work, connection: str) -> _Expected:
    rows = status(work.database, work.revisions, history_table=work.history_table)
    for row in rows:
        if row.state is RevisionState.MISSING:
            what = "it is applied here, but its file is missing, so what it made is not known"
            raise MigrationError(row.id, what, "restore it from version control")
        if row.state is RevisionState.PARTIAL:
            raise MigrationError(row.id, "it is half done here", "finish it with `orm migrate run`")
    applied = {row.id for row in rows if row.applied is not None}
    pending = len(rows) - len(applied)
    if not applied:
        state = State.of_catalog(work.project.catalog, connection)
        return _Expected(state, "the schema (no revision is applied here)", pending, is_of_revisions=False)
    made = [revision for revision in work.revisions if revision.id in applied]
    return _Expected(state_of(made), f"the revisions up to {made[-1].id}", pending, is_of_revisions=True)


def _check_fixable(expected: _Expected) -> None:
    if not expected.is_of_revisions:
        fail(
            "no revision is applied here, so none can stand behind them (take the database over with `orm migrate stamp`)"
        )
    if expected.pending:
        what = "1 revision is" if expected.pending == 1 else f"{expected.pending} revisions are"
        fail(f"{what} not applied here (run {'it' if expected.pending == 1 else 'them'} before: `orm migrate run`)")


@contextmanager
def _scratch(work: Work, url: str | None) -> Generator[Connection | None]:
    """The database to compare in, when another one was named."""
    if url is None:
        yield None
        return
    with (
        Connections(work.project.connections, work.project.root) as connections,
        connections.override(url, work.database.name) as place,
    ):
        if place.dialect.name != work.database.dialect.name:
            of = f"of {place.dialect.name}, the database of {work.database.dialect.name}"
            fail(f"--scratch is {of} (name one of the same)")
        yield place


# --- told ------------------------------------------------------------------------------------------------------------


def _print(
    expected: _Expected, differences: Sequence[Difference], mended: Fix | None, draft: Draft | None, path: str | None
) -> None:
    if expected.pending and expected.is_of_revisions:
        many = "1 pending revision is" if expected.pending == 1 else f"{expected.pending} pending revisions are"
        typer.echo(f"note: {many} not looked at", err=True)
    if not differences:
        typer.echo(f"no drift: the database is as {expected.name}")
        return
    typer.echo(f"compared with {expected.name}:")
    for difference in differences:
        typer.secho(f"  {difference}", fg=_COLOURS[difference.kind])
    if draft is not None:
        typer.echo(f"wrote {path}")
        for operation in draft.operations:
            typer.echo(f"  {operation}")
        for loss in draft.losses:
            typer.echo(f"warning: lost when the revision runs: {loss}", err=True)
    if mended is not None:
        for left in mended.left:
            typer.echo(f"left to you: {left}", err=True)


_COLOURS = {
    DifferenceKind.MISSING: typer.colors.RED,
    DifferenceKind.UNKNOWN: typer.colors.GREEN,
    DifferenceKind.CHANGED: typer.colors.YELLOW,
    DifferenceKind.SPELLED: typer.colors.BRIGHT_BLACK,
}


def _print_json(
    expected: _Expected, differences: Sequence[Difference], mended: Fix | None, draft: Draft | None, path: str | None
) -> None:
    print_json(
        {
            "compared_with": expected.name,
            "pending": expected.pending,
            "differences": [_json(difference) for difference in differences],
            "fix": None
            if mended is None
            else {
                "revision": None if draft is None else draft.id,
                "path": path,
                "operations": [str(operation) for operation in mended.operations],
                "left": [_json(difference) for difference in mended.left],
            },
        }
    )


def _json(difference: Difference) -> dict[str, str | None]:
    return {
        "kind": difference.kind.value,
        "table": difference.table,
        "column": difference.column,
        "part": difference.part or None,
        "fact": difference.fact or None,
        "expected": difference.expected,
        "found": difference.found,
        "text": str(difference),
    }
