"""`orm migrate check`: the gate of CI, which refuses what does not fit together. Needs no database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from isomorph.errors import IsomorphError, MigrationError
from isomorph.migrate import RevisionState, load, status
from isomorph_generator.cli.common import Exit, SchemaOption, load_project
from isomorph_generator.cli.migrate.common import app, now, opened, told
from isomorph_generator.cli.migrate.lint import since_of
from isomorph_generator.cli.migrate.problems import Format, FormatOption, Problem, of_finding, print_problems
from isomorph_generator.codegen import check as check_generated
from isomorph_generator.codegen import compared, package_folder, rendered
from isomorph_generator.lint import Severity, lint
from isomorph_generator.migrations import draft, revisions_folder
from isomorph_generator.schema import Project

__all__ = ["check_command"]

_SHOWN = 5
"""How many of the missing operations are named."""


@app.command(
    name="check",
    epilog="Example: orm migrate check --format github",
)
def check_command(
    since: Annotated[
        str | None,
        typer.Option(
            "--since", help="Only lint revisions behind this one; all else is always looked at.", show_default=False
        ),
    ] = None,
    live: Annotated[
        bool, typer.Option("--live", help="Also see that what the databases have is what the files say.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Leave with 1 for a warning, too.")] = False,
    schema: SchemaOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """See that schema, revisions and generated code agree, of all connections. Needs no database.

    Exits with 0 when all is well, 1 when something is not, 2 when the schema cannot be read, 3 when --live finds no
    database.
    """
    with told():
        project = load_project(schema)
        problems = [*_generated(project)]
        for connection in project.connections:
            problems += _connection(project, connection, since)
            if live:
                problems += _history(project, connection)
    fails = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    is_bad = any(problem.severity in fails for problem in problems)
    nothing = "schema, revisions and generated code agree, and the linter finds nothing"
    print_problems(problems, form, ok=not is_bad, nothing=nothing)
    if is_bad:
        raise typer.Exit(Exit.CHECK_FAILED)


def _generated(project: Project) -> Iterator[Problem]:
    try:
        check_generated(project)
        outdated = compared(package_folder(project), rendered(project))
    except IsomorphError as error:
        yield Problem("generated", Severity.ERROR, str(error))
        return
    for names, what in ((outdated.changed, "is not what the schema makes"), (outdated.stale, "is no longer generated")):
        for name in names:
            message = f"{project.package}/{name} {what} (run `orm generate`, and commit it)"
            yield Problem("generated", Severity.ERROR, message, outdated.folder / name)


def _connection(project: Project, connection: str, since: str | None) -> Iterator[Problem]:
    """What is wrong with the revisions of a connection; of those that cannot be read, that alone."""
    try:
        revisions = load(revisions_folder(project, connection))
        revisions.check_one_head()
        revisions.state()
    except MigrationError as error:
        path = revisions_folder(project, connection) / f"{error.revision}.py"
        yield Problem("revisions", Severity.ERROR, str(error), path if path.exists() else None)
        return
    yield from _schema(project, connection)
    wanted = None if since is None or not len(revisions) else since_of(revisions, since)
    for finding in lint(revisions, project.dialects, only=wanted):
        yield of_finding(finding, revisions)


def _schema(project: Project, connection: str) -> Iterator[Problem]:
    """What the schema asks for and no revision makes."""
    try:
        missing = draft(project, connection=connection, clock=now)
    except IsomorphError as error:
        for line in str(error).splitlines():
            yield Problem("schema", Severity.ERROR, line)
        return
    if missing is None:
        return
    some = ", ".join(map(str, missing.operations[:_SHOWN]))
    more = len(missing.operations) - _SHOWN
    said = f"{some}, and {more} more" if more > 0 else some
    option = "" if connection == "default" else f" --connection {connection}"
    yield Problem(
        "schema",
        Severity.ERROR,
        f"no revision makes what the schema says: {said} (run `orm migrate make{option}`, and commit it)",
    )


def _history(project: Project, connection: str) -> Iterator[Problem]:
    """Revisions that a database has and that were edited, or are gone, since."""
    words = {
        RevisionState.EDITED: "was edited after it was applied (restore the file; what is still missing goes into a new one)",
        RevisionState.MISSING: "is applied, but its file is missing (restore it from version control)",
        RevisionState.PARTIAL: "was interrupted (`orm migrate run` goes on with it)",
    }
    try:
        revisions = load(revisions_folder(project, connection))
    except MigrationError:
        return  # told already
    with opened(project, connection, None) as database:
        rows = status(database, revisions, history_table=project.history_tables[connection])
    for row in rows:
        if row.state in words:
            revision = revisions.get(row.id)
            path = None if revision is None else revision.path
            yield Problem("history", Severity.ERROR, f"revision {row.id} {words[row.state]}", path)
