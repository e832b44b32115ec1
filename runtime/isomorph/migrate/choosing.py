"""Which revisions a command means, and what must hold between the files and what is applied. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate

from isomorph.errors import MigrationError, near_hint
from isomorph.migrate.history import Applied
from isomorph.migrate.revision import LoadedRevision, Revisions, folded
from isomorph.migrate.state import State

__all__ = ["backward", "check_history", "find", "forward", "state_of", "states_back", "up_to"]


def find(revisions: Revisions, text: str) -> LoadedRevision:
    """The revision that a person means: by its id, or by a part of it that no other has.

    Raises:
        MigrationError: there is none, or several.
    """
    exact = revisions.get(text)
    if exact is not None:
        return exact
    found = [revision for revision in revisions if text in revision.id]
    if len(found) == 1 and text:
        return found[0]
    if len(found) > 1 and text:
        mend = f"name one of {', '.join(revision.id for revision in found)}"
        raise MigrationError(text, "several revisions are called so", mend)
    known = tuple(revision.id for revision in revisions)
    raise MigrationError(text, "there is no such revision", near_hint(text, known, "`orm migrate list` shows all"))


def up_to(revisions: Revisions, last: LoadedRevision) -> frozenset[str]:
    """A revision and all those before it: that it depends on, directly or over others."""
    wanted = {last.id}
    for revision in reversed(revisions.items):
        if revision.id in wanted:
            wanted.update(revision.depends_on)
    return frozenset(wanted)


def state_of(applied: Iterable[LoadedRevision]) -> State:
    """The state after these revisions."""
    state = State()
    for revision in applied:
        state = folded(revision, state)
    return state


def states_back(applied: Sequence[LoadedRevision], todo: Iterable[LoadedRevision]) -> Iterator[State]:
    """The state before each revision is taken back, one behind the other: that of all revisions which are still applied.

    Not what the ways back lead to: they may leave columns in another order, and a way that is gone on with after it was
    interrupted is compared with how it began.
    """
    left = list(applied)
    states = _states(left)
    for revision in todo:
        yield states[-1]
        if left[-1].id == revision.id:
            left.pop()
            states.pop()
        else:
            left = [other for other in left if other.id != revision.id]
            states = _states(left)


def _states(revisions: Iterable[LoadedRevision]) -> list[State]:
    """The states from the empty one on, each behind one more of the revisions."""
    return list(accumulate(revisions, lambda state, revision: folded(revision, state), initial=State()))


def check_history(history: Mapping[str, Applied], revisions: Revisions) -> None:
    """What is applied is what the files say, without gaps.

    Raises:
        MigrationError: a file is missing, was edited, or depends on a revision that is not applied.
    """
    for id_, applied in history.items():
        revision = revisions.get(id_)
        if revision is None:
            raise MigrationError(id_, "it is applied here, but its file is missing", "restore it from version control")
        if revision.checksum != applied.checksum:
            what = f"{revision.path} was edited after it was applied here"
            mend = (
                "restore the file, and put the change into a new revision; if what it does is the same, "
                f"`orm migrate stamp --only {id_}` records the file as it is now"
            )
            raise MigrationError(id_, what, mend)
        for earlier in revision.depends_on:
            if earlier not in history:
                what = f"it is applied here, but {earlier}, on which it depends, is not"
                mend = (
                    f"restore its depends_on; or, if the database has what {earlier} does, "
                    f"`orm migrate stamp --only {earlier}`"
                )
                raise MigrationError(id_, what, mend)


def forward(
    revisions: Revisions, applied: Collection[str], *, to: str | None, only: str | None, step: int | None
) -> list[LoadedRevision]:
    """The revisions to apply, in order.

    Raises:
        MigrationError: there is none of that name, the revisions fork, or one depends on another that is not applied.
    """
    if only is not None:
        alone = find(revisions, only)
        missing = [id_ for id_ in alone.depends_on if id_ not in applied]
        if missing:
            what = f"it depends on {', '.join(missing)}, which is not applied here"
            raise MigrationError(alone.id, what, f"apply that before, or `orm migrate run --to {alone.id}`")
        return [] if alone.id in applied else [alone]
    if to is None:
        revisions.check_one_head()
        wanted = frozenset(revision.id for revision in revisions)
    else:
        wanted = up_to(revisions, find(revisions, to))
    return [revision for revision in revisions if revision.id in wanted and revision.id not in applied][:step]


def backward(
    revisions: Revisions,
    applied: Mapping[str, Applied],
    *,
    to: str | None,
    step: int | None,
    batch: int | None,
) -> list[LoadedRevision]:
    """The revisions to take back, newest first; by default those of the last batch.

    Raises:
        MigrationError: there is none of that name or batch, or what stays applied depends on one of them.
    """
    done = [revision for revision in reversed(revisions.items) if revision.id in applied]
    if to is not None:
        target = find(revisions, to)
        if target.id not in applied:
            raise MigrationError(target.id, "it is not applied here", "`orm migrate status` shows what is")
        kept = up_to(revisions, target)
        place = done.index(target)
        chosen = [revision for revision in done[:place] if revision.id not in kept]
    elif step is not None:
        chosen = done[:step]
    else:
        last = max((row.batch for row in applied.values()), default=0)
        wanted = last if batch is None else batch
        chosen = [revision for revision in done if applied[revision.id].batch == wanted]
        if batch is not None and not chosen:
            batches = sorted({row.batch for row in applied.values()})
            mend = f"there are {', '.join(map(str, batches))}" if batches else "nothing is applied"
            raise MigrationError(f"of batch {batch}", "there is none", mend)
    _check_unneeded(done, chosen)
    return chosen


def _check_unneeded(done: Sequence[LoadedRevision], chosen: Sequence[LoadedRevision]) -> None:
    leaving = {revision.id for revision in chosen}
    for revision in done:
        if revision.id in leaving:
            continue
        for needed in revision.depends_on:
            if needed in leaving:
                what = f"{revision.id}, which stays applied, depends on it"
                raise MigrationError(needed, what, "take that back, too: `orm migrate rollback --step` or `--to`")
