"""One revision in place of many, once it is sure that both lead to the same: in the state, and on a scratch database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from isomorph.connections import Connection
from isomorph.errors import InvalidOperation, MigrationError
from isomorph.migrate import (
    LoadedRevision,
    Operation,
    Operations,
    Revisions,
    RunPython,
    RunSql,
    State,
    fold,
    journal,
    load,
    locking,
    reverse,
    run,
    wipe,
)
from isomorph.migrate.choosing import find, state_of, up_to
from isomorph.migrate.fingerprint import described
from isomorph.migrate.wiping import is_empty
from isomorph_generator.migrations.autodetector import detect
from isomorph_generator.migrations.making import DEFAULT, free_id, revisions_folder
from isomorph_generator.migrations.naming import revision_id
from isomorph_generator.migrations.writer import render, view, write
from isomorph_generator.schema import Project

__all__ = ["Squashed", "check_on", "replace_files", "squash"]


@dataclass(frozen=True, slots=True)
class Squashed:
    """A revision that stands for others, not written yet.

    Attributes:
        folder: where it belongs.
        text: its file.
        revision: as it will be read from that file.
        earlier: what comes before those that it replaces.
        replaced: those, in their order.
    """

    folder: Path
    text: str
    revision: LoadedRevision
    earlier: tuple[LoadedRevision, ...]
    replaced: tuple[LoadedRevision, ...]


def squash(
    project: Project,
    first: str,
    last: str,
    *,
    connection: str = DEFAULT,
    name: str = "squashed",
    clock: Callable[[], dt.datetime],
) -> Squashed:
    """One revision for all from `first` to `last`, which leads to the same state. Writes nothing.

    From an empty database on, and without hand-written SQL, it makes at once what is there in the end; else it has all
    operations of those that it replaces, one behind the other.

    Raises:
        MigrationError: there is no such revision; something outside depends on one in the middle, or one depends on
            something outside; one runs Python, has a downgrade written by hand, or stands for others itself.
    """
    folder = revisions_folder(project, connection)
    revisions = load(folder)
    begin, end = find(revisions, first), find(revisions, last)
    before_end = up_to(revisions, end)
    replaced = [item for item in revisions if item.id in before_end and begin.id in up_to(revisions, item)]
    if not replaced:
        raise MigrationError(end.id, f"it does not come behind {begin.id}", "name the older one first")
    _check_range(revisions, replaced)
    for revision in replaced:
        _check_plain(revision)
    earlier = [item for item in revisions if item.id in up_to(revisions, begin) and item is not begin]
    before = state_of(earlier)
    after = state_of([*earlier, *replaced])
    operations = _operations(replaced, before, after)
    _check_state(end, operations, before, after)
    id_ = free_id(revisions, revision_id(clock(), name))
    ids = [revision.id for revision in replaced]
    doc = f"Stands for {len(ids)} revisions, {ids[0]} to {ids[-1]}."
    text = render(view(id_, begin.depends_on, operations, replaces=ids, doc=doc))
    made = LoadedRevision(
        id=id_,
        depends_on=begin.depends_on,
        upgrade=tuple(operations),
        downgrade=tuple(reverse(operations)),
        path=folder / f"{id_}.py",
        checksum="",
        replaces=tuple(ids),
    )
    return Squashed(folder, text, made, tuple(earlier), tuple(replaced))


def check_on(scratch: Connection, squashed: Squashed) -> None:
    """See that both ways make the same schema on a database, which is empty before and after.

    Raises:
        MigrationError: it is not empty, or the two differ.
        RevisionFailed: it refused a statement.
    """
    if not is_empty(scratch):
        what = "the scratch database is not empty"
        raise MigrationError(squashed.revision.id, what, "name an empty one: it is written to, and emptied behind it")
    before = Revisions(squashed.earlier)
    made: list[list[tuple[str, ...]]] = []
    for way in (squashed.replaced, (squashed.revision,)):
        try:
            run(scratch, Revisions((*before, *way)), history_table=_SCRATCH_HISTORY)
            made.append(sorted(tuple(map(_comparable, row)) for row in described(scratch, _SCRATCH_TABLES)))
        finally:
            wipe(scratch)
    if made[0] != made[1]:
        gone = sorted({row[1] for row in {*made[0]} ^ {*made[1]}})
        what = f"on {scratch.dialect.name} it makes something else than those that it stands for: {', '.join(gone)}"
        raise MigrationError(squashed.revision.id, what, "leave the revision that does it out of the range")


_SCRATCH_HISTORY = "isomorph_scratch"
_SCRATCH_TABLES = (
    _SCRATCH_HISTORY,
    locking.table_name(_SCRATCH_HISTORY),
    journal.table_name(_SCRATCH_HISTORY),
)


def _comparable(text: str) -> str:
    """What a database says of a part of it; of the text that made a table (SQLite), whatever the order of its parts.

    There, a column that came later stands behind the constraints.
    """
    text = " ".join(text.split())
    if not text.startswith("CREATE TABLE"):
        return text
    head, _, rest = text.partition("(")
    body, _, options = rest.rpartition(")")
    parts, depth = [""], 0
    for character in body:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return f"{head}({', '.join(sorted(part.strip() for part in parts))}){options}"


def replace_files(squashed: Squashed) -> Path:
    """Write the revision, then delete those that it replaces; returns its path.

    Raises:
        OSError: a file cannot be written or deleted.
    """
    path = write(squashed.folder, squashed.revision.id, squashed.text)
    for revision in squashed.replaced:
        revision.path.unlink()
    return path


# --- checks ----------------------------------------------------------------------------------------------------------


def _check_range(revisions: Revisions, replaced: Sequence[LoadedRevision]) -> None:
    ids = {revision.id for revision in replaced}
    for revision in replaced[1:]:
        outside = [id_ for id_ in revision.depends_on if id_ not in ids]
        if outside:
            what = f"it depends on {', '.join(outside)}, which is not in the range"
            raise MigrationError(revision.id, what, "begin the range before both")
    inner = ids - {replaced[-1].id}
    for revision in revisions:
        needed = [id_ for id_ in revision.depends_on if id_ in inner]
        if revision.id not in ids and needed:
            what = f"it depends on {', '.join(needed)}, in the middle of the range"
            raise MigrationError(revision.id, what, "end the range there, or behind where the branches meet")


def _check_plain(revision: LoadedRevision) -> None:
    mend = "squash up to it, and from behind it on"
    if revision.replaces:
        what = "it stands for others itself"
        raise MigrationError(revision.id, what, "leave it out until all databases have it, and drop its `replaces`")
    if any(isinstance(operation, RunPython) for operation in _parts(revision.upgrade)):
        raise MigrationError(revision.id, "it runs Python, which no other file can take over", mend)
    if tuple(reverse(revision.upgrade)) != revision.downgrade:
        raise MigrationError(revision.id, "its downgrade was written by hand", mend)


def _parts(operations: Operations) -> list[Operation]:
    return [part for operation in operations for part in operation.parts()]


def _operations(replaced: Sequence[LoadedRevision], before: State, after: State) -> Operations:
    operations = tuple(operation for revision in replaced for operation in revision.upgrade)
    if before == State() and not any(isinstance(part, RunSql) for part in _parts(operations)):
        return detect(before, after)
    return operations


def _check_state(end: LoadedRevision, operations: Operations, before: State, after: State) -> None:
    try:
        same = fold(operations, before).is_same(after)
    except InvalidOperation as error:
        raise MigrationError(end.id, f"the range cannot be one revision: {error.what}", error.mend) from error
    if not same:
        what = "one revision for the range would lead to something else than the range"
        raise MigrationError(end.id, what, "squash a smaller range")
