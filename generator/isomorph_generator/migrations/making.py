"""Making a revision: the project's revisions and schema in, the revision that brings them together out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from isomorph import dialects
from isomorph.dialects.base import Dialect
from isomorph.errors import InvalidOperation, MigrationError, UnknownConnection
from isomorph.migrate import Lossy, Operations, RenameMorphAlias, Revisions, State, load
from isomorph.migrate.planning import steps
from isomorph.migrate.safely import FillInBatches
from isomorph_generator.migrations.autodetector import detect
from isomorph_generator.migrations.naming import named, revision_id
from isomorph_generator.migrations.writer import render, view
from isomorph_generator.schema import Project, Renames

__all__ = [
    "DEFAULT",
    "Draft",
    "check_dialects",
    "draft",
    "draft_of",
    "empty_draft",
    "free_id",
    "revisions_folder",
    "revisions_of",
]

DEFAULT = "default"
"""The connection whose revisions are in the migrations folder itself."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A revision that is not written yet.

    Attributes:
        id: its id.
        folder: where it belongs.
        operations: what it does.
        text: its file.
        before: the state that it meets.
        deploys: what may run between it and the next one, in words; empty for most.
    """

    id: str
    folder: Path
    operations: Operations
    text: str
    before: State
    deploys: str = ""

    @property
    def losses(self) -> tuple[str, ...]:
        """What it loses and does not say so, in words: `the rows of users`."""
        return tuple(
            loss for operation in self.operations if not isinstance(operation, Lossy) for loss in operation.losses()
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What it does to rows beside, and what may be deployed behind it, in words."""
        aliases = (
            f'rows of {operation.table}.{operation.type_column} that say "{operation.before}" will say "{operation.after}"'
            for operation in self.operations
            if isinstance(operation, RenameMorphAlias)
        )
        return (*aliases, *([self.deploys] if self.deploys else []))

    def sql(self, dialect: Dialect) -> tuple[str, ...]:
        """Its statements on a database, as its tools take them."""
        return tuple(
            text
            for step in steps(self.operations, dialect, self.before, safely=True)
            for text in (
                *(dialect.ddl.scripted(statement) for statement in step.statements),
                *(f"-- {part}: {part.batch}" for part in step.operations if isinstance(part, FillInBatches)),
            )
        )


def revisions_folder(project: Project, connection: str = DEFAULT) -> Path:
    """The folder of a connection's revisions.

    Raises:
        UnknownConnection: the schema has no such connection.
    """
    if connection not in project.folders:
        raise UnknownConnection(connection, tuple(project.connections))
    return project.root / project.folders[connection]


def draft(
    project: Project,
    *,
    connection: str = DEFAULT,
    name: str | None = None,
    renames: Renames | None = None,
    clock: Callable[[], dt.datetime],
) -> Draft | None:
    """The revision that is missing between the revisions and the schema; None when they agree. Writes nothing.

    Args:
        project: the schema, and where its revisions are.
        connection: whose.
        name: what it is called; by default what changed.
        renames: what was called otherwise, instead of what the schema says of it.
        clock: the time.

    Raises:
        MigrationError: the revisions cannot be read or fork, or the new one cannot be said on a dialect of the project.
        UnclearRenames: something may have another name, and the schema does not say so.
        UnsupportedChanges: the schema changed in a way that no operation can do.
    """
    folder, revisions = revisions_of(project, connection)
    before = revisions.state()
    renames = project.renames.get(connection) if renames is None else renames
    operations = detect(before, State.of_catalog(project.catalog, connection), renames)
    if not operations:
        return None
    id_ = free_id(revisions, revision_id(clock(), name or named(operations, initial=not len(revisions))))
    check_dialects(project, id_, operations, before)
    return Draft(id_, folder, operations, render(view(id_, revisions.heads, operations)), before)


def empty_draft(
    project: Project, *, connection: str = DEFAULT, name: str = "empty", clock: Callable[[], dt.datetime]
) -> Draft:
    """A revision that does nothing yet, for operations by hand. Writes nothing.

    Raises:
        MigrationError: the revisions cannot be read or fork.
    """
    folder, revisions = revisions_of(project, connection)
    id_ = free_id(revisions, revision_id(clock(), name))
    return Draft(id_, folder, (), render(view(id_, revisions.heads, ())), revisions.state())


def draft_of(
    project: Project, operations: Operations, *, connection: str = DEFAULT, name: str, clock: Callable[[], dt.datetime]
) -> Draft:
    """A revision of these operations behind all others. Writes nothing.

    Raises:
        MigrationError: the revisions cannot be read or fork, or it cannot be said on a dialect of the project.
    """
    folder, revisions = revisions_of(project, connection)
    before = revisions.state()
    id_ = free_id(revisions, revision_id(clock(), name))
    check_dialects(project, id_, operations, before)
    return Draft(id_, folder, operations, render(view(id_, revisions.heads, operations)), before)


def revisions_of(project: Project, connection: str) -> tuple[Path, Revisions]:
    """The folder of a connection, and its revisions, which have one head.

    Raises:
        MigrationError: they cannot be read or fork.
    """
    folder = revisions_folder(project, connection)
    revisions = load(folder)
    revisions.check_one_head()
    return folder, revisions


def free_id(revisions: Revisions, id_: str) -> str:
    """The id, with a number behind it when two revisions of the same name are made in one second."""
    taken, number = id_, 2
    while revisions.get(taken) is not None:
        taken, number = f"{id_}_{number}", number + 1
    return taken


def check_dialects(project: Project, id_: str, operations: Operations, before: State) -> None:
    """See that a revision can be said on each dialect of the project.

    Raises:
        MigrationError: it cannot.
    """
    for name in project.dialects:
        try:
            steps(operations, dialects.get(name), before)
        except InvalidOperation as error:
            raise MigrationError(id_, f"on {name}: {error.what}", error.mend) from error
