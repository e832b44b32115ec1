"""Making a revision: the project's revisions and schema in, the revision that brings them together out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from isomorph import dialects
from isomorph.errors import InvalidOperation, MigrationError
from isomorph.migrate import DropColumn, DropTable, Operation, Operations, Revisions, State, load
from isomorph.migrate.planning import steps
from isomorph_generator.migrations.autodetector import detect
from isomorph_generator.migrations.writer import named, render, revision_id, view
from isomorph_generator.schema import Project

__all__ = ["DEFAULT", "Draft", "draft", "revisions_folder"]

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
    """

    id: str
    folder: Path
    operations: Operations
    text: str

    @property
    def losses(self) -> tuple[str, ...]:
        """What of it loses rows or values, in words."""
        return tuple(str(operation) for operation in self.operations if _loses(operation))


def _loses(operation: Operation) -> bool:
    """Whether an operation loses rows or values; those of a generated column are computed again when it comes back."""
    if isinstance(operation, DropColumn):
        return operation.column.generated is None
    return isinstance(operation, DropTable)


def revisions_folder(project: Project, connection: str = DEFAULT) -> Path:
    """The folder of a connection's revisions; each connection but the default one has its own within."""
    folder = project.root / project.migrations
    return folder if connection == DEFAULT else folder / connection


def draft(
    project: Project,
    *,
    connection: str = DEFAULT,
    name: str | None = None,
    clock: Callable[[], dt.datetime],
) -> Draft | None:
    """The revision that is missing between the revisions and the schema; None when they agree. Writes nothing.

    Raises:
        MigrationError: the revisions cannot be read or fork, or the new one cannot be said on a dialect of the project.
        UnsupportedChanges: the schema changed in a way that no operation can do.
    """
    folder = revisions_folder(project, connection)
    revisions = load(folder)
    revisions.check_one_head()
    before = revisions.state()
    operations = detect(before, State.of_catalog(project.catalog, connection))
    if not operations:
        return None
    id_ = _free_id(revisions, revision_id(clock(), name or named(operations, initial=not len(revisions))))
    _check_dialects(project, id_, operations, before)
    return Draft(id_, folder, operations, render(view(id_, revisions.heads, operations)))


def _free_id(revisions: Revisions, id_: str) -> str:
    """The id, with a number behind it when two revisions of the same name are made in one second."""
    taken, number = id_, 2
    while revisions.get(taken) is not None:
        taken, number = f"{id_}_{number}", number + 1
    return taken


def _check_dialects(project: Project, id_: str, operations: Operations, before: State) -> None:
    for name in project.dialects:
        try:
            steps(operations, dialects.get(name), before)
        except InvalidOperation as error:
            raise MigrationError(id_, f"on {name}: {error.what}", error.mend) from error
