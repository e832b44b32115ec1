"""What the commands of `orm migrate` share: options, the project at hand and its database, printing what goes wrong."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from isomorph.connections import Connection, Connections
from isomorph.errors import (
    DatabaseError,
    HistoryNotWritable,
    IsomorphError,
    MigrationsLocked,
    PoolTimeout,
    RevisionFailed,
    RevisionInterrupted,
    UnknownConnection,
)
from isomorph.migrate import Limits, Revisions, load
from isomorph_generator.cli.common import Exit, fail, load_project
from isomorph_generator.migrations import revisions_folder
from isomorph_generator.schema import Project

__all__ = [
    "NO_REVISIONS",
    "ConnectionOption",
    "LockTimeoutOption",
    "RetriesOption",
    "UrlOption",
    "VerboseOption",
    "WaitLimitOption",
    "WaitOption",
    "Work",
    "YesOption",
    "app",
    "check_connection",
    "confirm",
    "limits",
    "now",
    "opened",
    "shown",
    "told",
    "working",
]

app = typer.Typer(
    name="migrate",
    help="Write revisions from the schema, run them, take them back.",
    no_args_is_help=True,
)

NO_REVISIONS = "there are no revisions yet (write the first with `orm migrate make`)"

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
YesOption: TypeAlias = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
WaitOption: TypeAlias = Annotated[
    bool, typer.Option("--wait/--no-wait", help="Whether to wait while another deployer is at work.")
]
WaitLimitOption: TypeAlias = Annotated[
    float, typer.Option("--wait-limit", min=0, help="Seconds to wait for another deployer at most.")
]
LockTimeoutOption: TypeAlias = Annotated[
    float | None,
    typer.Option(
        "--lock-timeout",
        min=0.001,
        help="Seconds that a statement waits for a lock; by default what the connection's URL says, else 5.",
        show_default=False,
    ),
]
RetriesOption: TypeAlias = Annotated[
    int, typer.Option("--retries", min=0, help="How often what ran into a lock is tried again.")
]


def limits(*, wait: bool, wait_limit: float, lock_timeout: float | None, retries: int) -> Limits:
    """What the options of that name say."""
    return Limits(wait_s=wait_limit if wait else 0.0, lock_timeout_s=lock_timeout, retries=retries)


@dataclass(frozen=True, slots=True)
class Work:
    """What a command works with.

    Attributes:
        project: the schema.
        revisions: of the connection.
        database: the connection.
        history_table: of that connection.
    """

    project: Project
    revisions: Revisions
    database: Connection
    history_table: str


@contextmanager
def working(
    schema: Path | None, connection: str, database_url: str | None, *, verbose: bool = False
) -> Generator[Work]:
    """A block with the project's revisions and database; what goes wrong in it is told, and ends the command."""
    with told(verbose=verbose):
        project = load_project(schema)
        check_connection(project, connection)
        revisions = load(revisions_folder(project, connection))
        with opened(project, connection, database_url) as database:
            yield Work(project, revisions, database, project.history_tables[connection])


def confirm(question: str, *, yes: bool) -> None:
    """Ask, unless the answer was given; anything but a yes ends the command.

    Raises:
        typer.Exit: the answer was no, or there is nobody to ask.
    """
    if yes:
        return
    try:
        agreed = typer.confirm(question, err=True)
    except typer.Abort:  # no terminal, or its end
        agreed = False
        typer.echo(err=True)
    if not agreed:
        fail("nothing was done (say --yes to be asked no more)")


def now() -> dt.datetime:
    """What time it is."""
    return dt.datetime.now(dt.UTC)


def shown(path: Path) -> str:
    """The path as a terminal can open it."""
    return os.path.relpath(path)


@contextmanager
def told(*, verbose: bool = False) -> Generator[None]:
    """Print what goes wrong and leave with the exit code that fits."""
    try:
        yield
    except RevisionFailed as error:
        fail("\n".join([str(error), *_failure_lines(error, verbose=verbose)]), Exit.DATABASE)
    except (RevisionInterrupted, MigrationsLocked, HistoryNotWritable) as error:
        fail("\n".join([str(error), *(_driver_lines(error.__cause__) if verbose else [])]), Exit.DATABASE)
    except (DatabaseError, PoolTimeout) as error:
        fail("\n".join([str(error), *(_driver_lines(error) if verbose else [])]), Exit.DATABASE)
    except IsomorphError as error:
        fail(str(error))
    except BrokenPipeError:
        raise  # who reads has had enough, as with `| head`: the command ends without a word
    except OSError as error:
        fail(f"cannot write {error.filename or 'the revision'}: {error.strerror}")


def _failure_lines(error: RevisionFailed, *, verbose: bool) -> list[str]:
    lines = [f"while running: {error.statement}"] if error.statement else []
    if error.undo:
        lines += ["to take back what was done:", *(f"  {statement};" for statement in error.undo)]
    cause = error.__cause__
    if not verbose and isinstance(cause, DatabaseError) and cause.driver_error is not None:
        lines.append("(--verbose also prints what the database says, which may hold values)")
    return lines + (_driver_lines(cause) if verbose else [])


def _driver_lines(error: BaseException | None) -> list[str]:
    if error is None:
        return []
    if not isinstance(error, DatabaseError):
        return [f"Python says: {type(error).__name__}: {error}"]
    return [] if error.driver_error is None else [f"the database says: {error.driver_error}"]


def check_connection(project: Project, name: str) -> None:
    """See that the schema has a connection of that name.

    Raises:
        UnknownConnection: it has none.
    """
    if name not in project.connections:
        raise UnknownConnection(name, tuple(project.connections))


@contextmanager
def opened(project: Project, name: str, url: str | None) -> Generator[Connection]:
    """The connection of that name, or to that URL; closed at the end."""
    check_connection(project, name)
    with (
        Connections(project.connections, project.root) as connections,
        nullcontext(connections.get(name)) if url is None else connections.override(url, name) as connection,
    ):
        yield connection
