"""Bringing heads together: an empty revision behind all of them, once it is sure that their order does not matter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

from isomorph.errors import MigrationError
from isomorph.migrate import LoadedRevision, Revisions, State, load
from isomorph.migrate.choosing import state_of, up_to
from isomorph_generator.migrations.making import DEFAULT, Draft, free_id, revisions_folder
from isomorph_generator.migrations.naming import revision_id
from isomorph_generator.migrations.writer import render, view
from isomorph_generator.schema import Project

__all__ = ["merge"]


def merge(
    project: Project, *, connection: str = DEFAULT, name: str = "merge", clock: Callable[[], dt.datetime]
) -> Draft | None:
    """The revision that brings all heads together; None when there is but one. Writes nothing.

    Raises:
        MigrationError: two branches clash: one way round they cannot be applied, or what they lead to depends on the
            order.
    """
    folder = revisions_folder(project, connection)
    revisions = load(folder)
    heads = revisions.heads
    if len(heads) < 2:
        return None
    for one, other in combinations(heads, 2):
        _check_order(revisions, one, other)
    id_ = free_id(revisions, revision_id(clock(), name))
    return Draft(id_, folder, (), render(view(id_, heads, ())), revisions.state())


def _check_order(revisions: Revisions, one: str, other: str) -> None:
    """See that two branches can be applied in either order, and lead to the same.

    Raises:
        MigrationError: they cannot, or do not.
    """
    of_one, of_other = (up_to(revisions, _known(revisions, head)) for head in (one, other))
    common = [revision for revision in revisions if revision.id in of_one & of_other]
    branch = [revision for revision in revisions if revision.id in of_one - of_other]
    second = [revision for revision in revisions if revision.id in of_other - of_one]
    ends = [_end((*common, *first, *then), one, other) for first, then in ((branch, second), (second, branch))]
    if not ends[0].is_same(ends[1]):
        what = f"it and {one} lead to something else when their order is changed: {_difference(*ends)}"
        raise MigrationError(other, what, _mend(one))


def _known(revisions: Revisions, id_: str) -> LoadedRevision:
    found = revisions.get(id_)
    assert found is not None
    return found


def _end(order: Sequence[LoadedRevision], one: str, other: str) -> State:
    try:
        return state_of(order)
    except MigrationError as error:
        what = f"it and {one} clash: in one of the two orders, {error.revision} meets this: {error.what}"
        raise MigrationError(other, what, _mend(one)) from error


def _mend(one: str) -> str:
    return f"let one follow the other, by hand: depends_on=({one!r},) in the one that is not applied yet"


def _difference(first: State, second: State) -> str:
    parts = [f"table {name}" for name in _differing(first.tables, second.tables)]
    parts += [f"enum {name}" for name in _differing(first.enums, second.enums)]
    return ", ".join(parts) or "what is declared as SQL"


def _differing(first: Mapping[str, object], second: Mapping[str, object]) -> list[str]:
    return sorted(name for name in {*first, *second} if first.get(name) != second.get(name))
