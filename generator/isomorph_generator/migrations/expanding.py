"""Making the revisions of `--expand-contract`: the project's revisions and schema in, the phases as revisions out."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path

from isomorph.migrate import LoadedRevision, Revisions, State, fold, reverse
from isomorph_generator.lint import lint
from isomorph_generator.migrations.autodetector import detect
from isomorph_generator.migrations.errors import UnsupportedChange, UnsupportedChanges
from isomorph_generator.migrations.making import DEFAULT, Draft, check_dialects, free_id, revisions_of
from isomorph_generator.migrations.moving import Move, move
from isomorph_generator.migrations.naming import revision_id, slug
from isomorph_generator.migrations.phases import Phase, phases
from isomorph_generator.migrations.writer import docstring, render, view
from isomorph_generator.schema import Project, Renames

__all__ = ["expanding_drafts"]


def expanding_drafts(
    project: Project,
    *,
    connection: str = DEFAULT,
    name: str | None = None,
    renames: Renames | None = None,
    clock: Callable[[], dt.datetime],
) -> tuple[Draft, ...]:
    """The revisions by which a column takes the place of another while programs use both; none when nothing changed.

    Writes nothing.

    Args:
        project: the schema, and where its revisions are.
        connection: whose.
        name: what they are called, each with its phase behind it; by default what changed.
        renames: what was called otherwise, instead of what the schema says of it.
        clock: the time.

    Raises:
        MigrationError: the revisions cannot be read or fork, or a new one cannot be said on a dialect of the project.
        UnclearRenames: something may have another name, and the schema does not say so.
        UnsupportedChanges: the schema changed in a way that is not for phases.
    """
    folder, revisions = revisions_of(project, connection)
    before, after = revisions.state(), State.of_catalog(project.catalog, connection)
    renames = project.renames.get(connection) if renames is None else renames
    operations = detect(before, after, renames)
    if not operations:
        return ()
    found = move(before, after, operations)
    base = revision_id(clock(), name or slug(_named(found)))
    made = phases(found, before, after, f"{base}_2_backfill")
    _check_alone(made, before, after)
    drafts: list[Draft] = []
    known, state = [*revisions], before
    for number, phase in enumerate(made, 1):
        id_ = free_id(revisions, f"{base}_{number}_{phase.name}")
        check_dialects(project, id_, phase.operations, state)
        depends_on = (known[-1].id,) if number > 1 else revisions.heads
        loaded = _loaded(folder, id_, depends_on, phase)
        found_of = {finding.code for finding in lint(Revisions((*known, loaded)), project.dialects, only=(id_,))}
        allow = {code: reason for code, reason in phase.allow.items() if code in found_of}
        text = render(view(id_, depends_on, phase.operations, doc=_doc(phase), allow=allow))
        drafts.append(Draft(id_, folder, phase.operations, text, state, deploys=phase.deploys))
        known.append(loaded)
        state = fold(phase.operations, state)
    return tuple(drafts)


def _named(found: Move) -> str:
    if found.keeps_name:
        return f"change_{found.after.name}_of_{found.table}"
    return f"rename_{found.before.name}_to_{found.after.name}_in_{found.table}"


def _check_alone(made: Sequence[Phase], before: State, after: State) -> None:
    """See that the phases lead to what the schema asks for, which they do not where it changes beside."""
    folded = fold([operation for phase in made for operation in phase.operations], before)
    rest = detect(folded, after, asks=False)
    if rest:
        what = f"more changes than the column that phases are for: {', '.join(map(str, rest))}"
        mend = "make that without --expand-contract, with the column as it was, and then the phases"
        raise UnsupportedChanges([UnsupportedChange(what, mend)])


def _doc(phase: Phase) -> str:
    title = textwrap.fill(f"{phase.name.capitalize()}: {phase.does}", 88)
    return docstring(f"{title}\n\n{textwrap.fill(phase.deploys, 88)}\n")


def _loaded(folder: Path, id_: str, depends_on: tuple[str, ...], phase: Phase) -> LoadedRevision:
    upgrade = tuple(phase.operations)
    return LoadedRevision(id_, depends_on, upgrade, tuple(reverse(upgrade)), folder / f"{id_}.py", checksum="")
