"""`orm migrate make`: the revision that is missing between the revisions and the schema."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from isomorph import dialects
from isomorph_generator.cli.common import JsonOption, SchemaOption, fail, find_schema, load_project, print_json
from isomorph_generator.cli.migrate.common import ConnectionOption, app, check_connection, now, shown, told
from isomorph_generator.codegen import kept, stamp_of_revisions
from isomorph_generator.migrations import (
    Draft,
    UnclearRenames,
    data_draft,
    draft,
    empty_draft,
    expanding_drafts,
    revisions_folder,
    slug,
    write,
    write_data,
)
from isomorph_generator.schema import Project, Renames

__all__ = ["make"]

T = TypeVar("T")


@app.command(
    epilog="Example: orm migrate make add_nickname",
)
def make(
    name: Annotated[
        str | None, typer.Argument(help="What it is called; by default what changed.", show_default=False)
    ] = None,
    empty: Annotated[
        bool, typer.Option("--empty", help="Write one that does nothing yet, for operations by hand.")
    ] = False,
    data: Annotated[
        bool,
        typer.Option("--data", help="Write a data step in Python, with the models as they are now beside it."),
    ] = False,
    expand_contract: Annotated[
        bool,
        typer.Option(
            "--expand-contract",
            help="Write a rename or another type of a column in phases, each a revision, that running programs bear.",
        ),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show it; write nothing.")] = False,
    as_sql: Annotated[
        bool, typer.Option("--sql", help="Only show its SQL, for each dialect of the project; write nothing.")
    ] = False,
    connection: ConnectionOption = "default",
    schema: SchemaOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the revision that is missing between the revisions and the schema. Needs no database.

    What is gone and what is new may be the same under another name. Where the schema does not say so (`was = "..."`), a
    terminal is asked; without one it is an error that names the two possible lines.
    """
    if name is not None and not slug(name):
        fail(f'the name "{name}" has no letter or digit that a file name can have (use a-z, 0-9 and _)')
    if empty and as_sql:
        fail("--empty and --sql exclude each other: what does nothing has no SQL (drop one of the two)")
    if data and (empty or as_sql or dry_run):
        fail("--data goes with none of --empty, --sql and --dry-run: it writes a package, too")
    if expand_contract and (empty or data):
        fail("--expand-contract goes with neither --empty nor --data: its revisions come of what changed")
    last = _Last(find_schema(schema), connection, time.time_ns())
    if not (empty or data or expand_contract) and last.agreed():
        _print_none(as_json=as_json, as_sql=as_sql)
        return
    project = load_project(last.schema)
    if data:
        _make_data(project, connection, slug(name or "data"), as_json=as_json)
        return
    if expand_contract:
        _make_phases(project, connection, name, dry_run=dry_run, as_sql=as_sql, as_json=as_json)
        return
    with told():
        check_connection(project, connection)
        if empty:
            made: Draft | None = empty_draft(project, connection=connection, name=slug(name or "empty"), clock=now)
        else:
            called = None if name is None else slug(name)
            made = _asked(
                project,
                connection,
                lambda renames: draft(project, connection=connection, name=called, renames=renames, clock=now),
                asks=not as_json,
            )
        path = None if made is None or dry_run or as_sql else write(made.folder, made.id, made.text)
    if not empty:
        last.keep(project, made, path)
    _tell(project, made, path, as_json=as_json, as_sql=as_sql)


def _tell(project: Project, made: Draft | None, path: Path | None, *, as_json: bool, as_sql: bool) -> None:
    if made is None:
        _print_none(as_json=as_json, as_sql=as_sql)
        return
    sql = _sql(made, project) if as_sql else {}
    if as_json:
        print_json(_as_json(made, path, sql if as_sql else None))
    elif as_sql:
        _print_sql(made, sql)
    else:
        _print(made, path)


@dataclass(frozen=True, slots=True)
class _Last:
    """What the last run for a connection found, by its stamp; `started_ns`: when this one began."""

    schema: Path
    connection: str
    started_ns: int

    @property
    def _purpose(self) -> str:
        return f"make {self.connection}"

    def agreed(self) -> bool:
        """Whether the revisions agreed with the schema, and nothing changed since."""
        stamp = kept(self.schema, self._purpose)
        return stamp is not None and stamp.current(self.schema)

    def keep(self, project: Project, made: Draft | None, path: Path | None) -> None:
        """Note that they agree, if they do: nothing was missing, or what was is written by now."""
        if made is not None and path is None:
            return
        written = {} if made is None or path is None else {path: made.text}
        folder = revisions_folder(project, self.connection)
        stamp = stamp_of_revisions(project, self.schema, folder, written, self.started_ns)
        if stamp is not None:
            stamp.keep(self.schema, self._purpose)


def _make_data(project: Project, connection: str, name: str, *, as_json: bool) -> None:
    with told():
        check_connection(project, connection)
        made = data_draft(project, connection=connection, name=name, clock=now)
        path = write_data(made)
    if as_json:
        print_json({"revision": made.draft.id, "path": shown(path), "package": shown(made.package)})
        return
    typer.echo(f"wrote {shown(path)}")
    typer.echo(f"wrote {shown(made.package)} (the models as they are now)")


def _make_phases(
    project: Project, connection: str, name: str | None, *, dry_run: bool, as_sql: bool, as_json: bool
) -> None:
    called = None if name is None else slug(name)
    with told():
        check_connection(project, connection)
        made = _asked(
            project,
            connection,
            lambda renames: expanding_drafts(project, connection=connection, name=called, renames=renames, clock=now),
            asks=not as_json,
        )
        is_shown = dry_run or as_sql
        paths = [None if is_shown else write(one.folder, one.id, one.text) for one in made]
    sql = [_sql(one, project) if as_sql else None for one in made]
    if as_json:
        told_of = [_as_json(one, path, texts) for one, path, texts in zip(made, paths, sql, strict=True)]
        print_json({"revisions": told_of})
    elif not made:
        typer.echo("no changes: the revisions agree with the schema")
    for one, path, texts in zip(made, paths, sql, strict=True):
        if as_json:
            continue
        if texts is None:
            _print(one, path)
        else:
            _print_sql(one, texts)


def _asked(project: Project, connection: str, made: Callable[[Renames], T], *, asks: bool) -> T:
    """What is made of the renames of the schema, after answers to what is not clear, where somebody can give them."""
    renames = project.renames.get(connection, Renames())
    while True:
        try:
            return made(renames)
        except UnclearRenames as unclear:
            if not asks or not is_terminal():
                raise
            for rename in unclear.renames:
                is_same = typer.confirm(rename.question, default=None)
                renames = renames.answered(rename.kind, rename.owner, rename.after, rename.before, is_same=is_same)


def is_terminal() -> bool:
    """Whether somebody is there to answer."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _sql(made: Draft, project: Project) -> dict[str, tuple[str, ...]]:
    return {name: made.sql(dialects.get(name)) for name in project.dialects}


def _print_none(*, as_json: bool, as_sql: bool) -> None:
    if as_json:
        print_json(_as_json(None, None, {} if as_sql else None))
    else:
        typer.echo("no changes: the revisions agree with the schema")


def _as_json(made: Draft | None, path: Path | None, sql: dict[str, tuple[str, ...]] | None) -> dict[str, object]:
    return {
        "revision": None if made is None else made.id,
        "path": None if path is None else shown(path),
        "operations": [] if made is None else [str(operation) for operation in made.operations],
        "notes": [] if made is None else [*made.notes],
        "losses": [] if made is None else [*made.losses],
        **({} if sql is None else {"sql": {name: [*statements] for name, statements in sql.items()}}),
    }


def _print_sql(made: Draft, sql: dict[str, tuple[str, ...]]) -> None:
    for name, statements in sql.items():
        typer.echo(f"-- {made.id} ({name})\n")
        for statement in statements:
            typer.echo(f"{statement}\n")
    _print_losses(made)


def _print(made: Draft, path: Path | None) -> None:
    typer.echo(f"would write {shown(made.folder / made.id)}.py" if path is None else f"wrote {shown(path)}")
    for operation in made.operations:
        typer.echo(f"  {operation}")
    for note in made.notes:
        typer.echo(f"note: {note}")
    _print_losses(made)
    if path is None:
        typer.echo(f"\n{made.text}", nl=False)


def _print_losses(made: Draft) -> None:
    for loss in made.losses:
        typer.echo(f"warning: lost when the revision runs: {loss}", err=True)
    if made.losses:
        mend = 'lossy("what is lost and why that is fine", ...)'
        typer.echo(f"run refuses it until you write {mend} around what loses it", err=True)
