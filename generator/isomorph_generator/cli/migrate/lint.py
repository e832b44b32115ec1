"""`orm migrate lint`: what revisions lose, break or hold up, before they are run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from isomorph.migrate import Connection, Revisions, RevisionState, load, status
from isomorph.migrate.choosing import find, forward, state_of, up_to
from isomorph_generator.cli.common import Exit, SchemaOption, fail, load_project, print_json
from isomorph_generator.cli.migrate.common import (
    ConnectionOption,
    UrlOption,
    Work,
    app,
    check_connection,
    opened,
    told,
)
from isomorph_generator.cli.migrate.problems import Format, FormatOption, counted, of_finding, print_problems
from isomorph_generator.lint import RULES, Finding, Live, Severity, lint
from isomorph_generator.migrations import revisions_folder

__all__ = ["before_run", "lint_command", "since_of"]


@app.command(
    name="lint",
    epilog="Example: orm migrate lint --live",
)
def lint_command(
    revision: Annotated[
        list[str] | None,
        typer.Argument(help="Only these: ids, or parts that no other has. By default all.", show_default=False),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", help="Only the revisions behind this one.", show_default=False)
    ] = None,
    live: Annotated[
        bool,
        typer.Option(
            "--live", help="Look into the database: only at revisions that it does not have, and at its rows."
        ),
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Leave with 1 for a warning, too.")] = False,
    rules: Annotated[bool, typer.Option("--rules", help="List the rules.")] = False,
    connection: ConnectionOption = "default",
    database_url: UrlOption = None,
    schema: SchemaOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Find what revisions lose, break or hold up. Exits with 1 when there is an error among it.

    Needs no database; with --live, or a URL, the rules also look at what is in it: rows that are alike, NULL, sizes.
    """
    if rules:
        _print_rules(form)
        return
    with told():
        project = load_project(schema)
        check_connection(project, connection)
        revisions = load(revisions_folder(project, connection))
        wanted = _wanted(revisions, revision or [], since)
        if live or database_url is not None:
            with opened(project, connection, database_url) as database:
                found = _looked(database, revisions, project.history_tables[connection], wanted)
        else:
            found = lint(revisions, project.dialects, only=wanted)
    problems = [of_finding(finding, revisions) for finding in found]
    fails = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    is_bad = any(finding.severity in fails for finding in found)
    number = len(revisions) if wanted is None else len(wanted)
    nothing = f"nothing found in {number} revision{'' if number == 1 else 's'}"
    print_problems(problems, form, ok=not is_bad, nothing=nothing)
    if is_bad:
        raise typer.Exit(Exit.CHECK_FAILED)


def _wanted(revisions: Revisions, named: Sequence[str], since: str | None) -> frozenset[str] | None:
    chosen = frozenset(find(revisions, text).id for text in named) if named else None
    if since is None:
        return chosen
    behind = since_of(revisions, since)
    return behind if chosen is None else chosen & behind


def since_of(revisions: Revisions, since: str) -> frozenset[str]:
    """The revisions behind one."""
    before = up_to(revisions, find(revisions, since))
    return frozenset(revision.id for revision in revisions if revision.id not in before)


def _looked(
    database: Connection, revisions: Revisions, history_table: str, wanted: frozenset[str] | None
) -> tuple[Finding, ...]:
    """What is found in the revisions that a database does not have, looking into it."""
    rows = status(database, revisions, history_table=history_table)
    applied = {row.id for row in rows if row.applied is not None}
    pending = frozenset(revision.id for revision in revisions if revision.id not in applied)
    state = state_of(revision for revision in revisions if revision.id in applied)
    only = pending if wanted is None else pending & wanted
    return lint(revisions, (database.dialect.name,), only=only, live=Live(database, state))


def before_run(work: Work, *, to: str | None, only: str | None, step: int | None) -> None:
    """Look at what is about to be run on a database that has revisions already; an error ends the command.

    A revision that was interrupted was looked at before it began, and is gone on with.

    Raises:
        typer.Exit: there is an error among it.
        MigrationError: there is no revision of that name, or the revisions fork.
    """
    rows = status(work.database, work.revisions, history_table=work.history_table)
    applied = {row.id: row.applied for row in rows if row.applied is not None}
    if not applied or any(row.state is RevisionState.PARTIAL for row in rows):
        return
    wanted = frozenset(chosen.id for chosen in forward(work.revisions, applied, to=to, only=only, step=step))
    found = _looked(work.database, work.revisions, work.history_table, wanted) if wanted else ()
    problems = [of_finding(finding, work.revisions) for finding in found]
    for problem in problems:
        typer.echo(f"{problem.severity}: {problem.message}", err=True)
    if any(finding.severity is Severity.ERROR for finding in found):
        what = f"nothing was run: the linter finds {counted(problems)}"
        fail(f"{what} (mend the errors; --no-lint leaves the linter out)", Exit.CHECK_FAILED)


def _print_rules(form: Format) -> None:
    if form is Format.JSON:
        print_json(
            [
                {
                    "code": rule.code,
                    "name": rule.name,
                    "severity": rule.severity.value,
                    "title": rule.title,
                    "dialects": [*rule.dialects],
                }
                for rule in RULES
            ]
        )
        return
    for rule in RULES:
        typer.echo(f"{rule.code}  {rule.severity.value:7}  {rule.name}: {rule.title}")
