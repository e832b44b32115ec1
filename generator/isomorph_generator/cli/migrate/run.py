"""`orm migrate run`, `rollback`, `reset` and `fresh`: revisions forward and back."""

from __future__ import annotations

from typing import Annotated

import typer

from isomorph.migrate import Applied, LoadedRevision, fresh, reset, rollback, run
from isomorph_generator.cli.common import JsonOption, SchemaOption, fail, print_json
from isomorph_generator.cli.migrate.common import (
    NO_REVISIONS,
    ConnectionOption,
    LockTimeoutOption,
    RetriesOption,
    UrlOption,
    VerboseOption,
    WaitLimitOption,
    WaitOption,
    YesOption,
    app,
    confirm,
    limits,
    working,
)
from isomorph_generator.cli.migrate.lint import before_run
from isomorph_generator.cli.migrate.look import print_sql
from isomorph_generator.cli.migrate.reporting import reporting

__all__ = ["fresh_command", "reset_command", "rollback_command", "run_command"]

_WAIT_LIMIT_S = 600.0
_RETRIES = 5


@app.command(
    name="run",
    epilog="Example: orm migrate run --database-url postgresql://app@localhost/app",
)
def run_command(
    to: Annotated[
        str | None,
        typer.Option("--to", help="Up to this revision: its id, or a part that no other has.", show_default=False),
    ] = None,
    only: Annotated[str | None, typer.Option("--only", help="This revision alone.", show_default=False)] = None,
    step: Annotated[int | None, typer.Option(min=1, help="At most so many.", show_default=False)] = None,
    fake: Annotated[bool, typer.Option("--fake", help="Record them as applied without running anything.")] = False,
    as_sql: Annotated[bool, typer.Option("--sql", help="Print the SQL instead of running it.")] = False,
    linted: Annotated[
        bool,
        typer.Option(
            "--lint/--no-lint", help="Whether the linter looks at it first, where something is applied already."
        ),
    ] = True,
    wait: WaitOption = True,
    wait_limit: WaitLimitOption = _WAIT_LIMIT_S,
    lock_timeout: LockTimeoutOption = None,
    retries: RetriesOption = _RETRIES,
    connection: ConnectionOption = "default",
    database_url: UrlOption = None,
    schema: SchemaOption = None,
    as_json: JsonOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Apply the revisions that the database does not have yet, in order."""
    if only is not None and (to is not None or step is not None):
        fail("--only goes with neither --to nor --step: it means one revision")
    if fake and as_sql:
        fail("--fake runs no SQL that --sql could print: give one of the two")
    bounds = limits(wait=wait, wait_limit=wait_limit, lock_timeout=lock_timeout, retries=retries)
    with working(schema, connection, database_url, verbose=verbose) as work:
        if as_sql:
            print_sql(work, to=to, only=only, step=step, as_json=as_json)
            return
        if linted and not fake:
            before_run(work, to=to, only=only, step=step)
        with reporting("applied", quiet=as_json) as report:
            applied = run(
                work.database,
                work.revisions,
                to=to,
                only=only,
                step=step,
                fake=fake,
                report=report,
                history_table=work.history_table,
                limits=bounds,
            )
    if as_json:
        _print_applied(applied)
    elif not applied:
        typer.echo("nothing to run: the database has all revisions" if len(work.revisions) else NO_REVISIONS)
    elif fake:
        for row in applied:
            typer.echo(f"recorded {row.revision} (nothing was run)")


@app.command(
    name="rollback",
    epilog="Example: orm migrate rollback --step 1",
)
def rollback_command(
    step: Annotated[
        int | None,
        typer.Option(min=1, help="How many revisions; by default those of the last run.", show_default=False),
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", help="All behind this revision, which stays.", show_default=False)
    ] = None,
    batch: Annotated[int | None, typer.Option(min=1, help="Those of this batch.", show_default=False)] = None,
    wait: WaitOption = True,
    wait_limit: WaitLimitOption = _WAIT_LIMIT_S,
    lock_timeout: LockTimeoutOption = None,
    retries: RetriesOption = _RETRIES,
    connection: ConnectionOption = "default",
    database_url: UrlOption = None,
    schema: SchemaOption = None,
    as_json: JsonOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Take back the revisions of the last run, or others that are named, newest first."""
    if sum(choice is not None for choice in (step, to, batch)) > 1:
        fail("--step, --to and --batch are three ways to say how far: give one")
    bounds = limits(wait=wait, wait_limit=wait_limit, lock_timeout=lock_timeout, retries=retries)
    with (
        working(schema, connection, database_url, verbose=verbose) as work,
        reporting("took back", quiet=as_json) as report,
    ):
        done = rollback(
            work.database,
            work.revisions,
            to=to,
            step=step,
            batch=batch,
            report=report,
            history_table=work.history_table,
            limits=bounds,
        )
    _print_taken_back(done, as_json=as_json)


@app.command(
    name="reset",
    epilog="Example: orm migrate reset --yes",
)
def reset_command(
    yes: YesOption = False,
    wait: WaitOption = True,
    wait_limit: WaitLimitOption = _WAIT_LIMIT_S,
    lock_timeout: LockTimeoutOption = None,
    retries: RetriesOption = _RETRIES,
    connection: ConnectionOption = "default",
    database_url: UrlOption = None,
    schema: SchemaOption = None,
    as_json: JsonOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Take back all revisions, newest first. Asks before: the tables that they made are dropped with their rows."""
    bounds = limits(wait=wait, wait_limit=wait_limit, lock_timeout=lock_timeout, retries=retries)
    with working(schema, connection, database_url, verbose=verbose) as work:
        confirm(f"Take back all revisions of {work.database!r}, with the rows of their tables?", yes=yes)
        with reporting("took back", quiet=as_json) as report:
            done = reset(work.database, work.revisions, report=report, history_table=work.history_table, limits=bounds)
    _print_taken_back(done, as_json=as_json)


@app.command(
    name="fresh",
    epilog="Example: orm migrate fresh --yes",
)
def fresh_command(
    yes: YesOption = False,
    wait: WaitOption = True,
    wait_limit: WaitLimitOption = _WAIT_LIMIT_S,
    lock_timeout: LockTimeoutOption = None,
    retries: RetriesOption = _RETRIES,
    connection: ConnectionOption = "default",
    database_url: UrlOption = None,
    schema: SchemaOption = None,
    as_json: JsonOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Drop everything in the database, then apply all revisions. Asks before: all rows are lost."""
    bounds = limits(wait=wait, wait_limit=wait_limit, lock_timeout=lock_timeout, retries=retries)
    with working(schema, connection, database_url, verbose=verbose) as work:
        confirm(f"Drop everything in {work.database!r}, with all rows?", yes=yes)
        with reporting("applied", quiet=as_json) as report:
            applied = fresh(
                work.database, work.revisions, report=report, history_table=work.history_table, limits=bounds
            )
    if as_json:
        _print_applied(applied)
    elif not applied:
        typer.echo(NO_REVISIONS)


def _print_applied(applied: tuple[Applied, ...]) -> None:
    print_json(
        {
            "batch": applied[0].batch if applied else None,
            "applied": [{"revision": row.revision, "duration_ms": row.duration_ms} for row in applied],
        }
    )


def _print_taken_back(done: tuple[LoadedRevision, ...], *, as_json: bool) -> None:
    if as_json:
        print_json({"rolled_back": [revision.id for revision in done]})
    elif not done:
        typer.echo("nothing to take back: no revision is applied")
