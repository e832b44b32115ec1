"""Revision files: what they declare, how they are read, and the order in which they follow each other.

Owns the checks of a file (it is Python written by hand or by `orm migrate make`, and may be wrong in every way) and its
checksum. Reads files; knows no database.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field, replace
from graphlib import CycleError, TopologicalSorter
from hashlib import sha256
from importlib import invalidate_caches
from pathlib import Path
from typing import cast

from isomorph.dataclassing import dataclass
from isomorph.errors import InvalidOperation, MigrationError, near_hint
from isomorph.migrate.operations import Operation
from isomorph.migrate.state import State, fold

__all__ = ["LoadedRevision", "Revision", "Revisions", "checksum", "load"]


@dataclass(frozen=True, slots=True)
class Revision:
    """The head of a revision file.

    Attributes:
        id: its name, the same as the file's without `.py`. Starts with the time it was made, so that revisions of
            parallel branches do not collide and files sort by age.
        depends_on: the revisions before it; empty for the first.
        replaces: the revisions that it stands for, in their order, as `orm migrate squash` writes it: a database that
            has them all has this one. They have no files any more; what depends on one of them depends on this.
        allow: findings of `orm migrate lint` that are known and fine, by code, each with the reason.
        safely: whether tables that exist are changed in the ways that hold up nobody (`migrate.safely`); False for the
            plain statements, on PostgreSQL all in one transaction.
    """

    id: str
    depends_on: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    allow: Mapping[str, str] = field(default_factory=dict[str, str])
    safely: bool = True


@dataclass(frozen=True, slots=True)
class LoadedRevision:
    """A revision as read from its file.

    Attributes:
        id: its name.
        depends_on: the revisions before it.
        upgrade: what it does.
        downgrade: what takes it back.
        path: its file.
        checksum: of the file's text; see `checksum`.
        doc: what the file's docstring says of it, or an empty text.
        replaces: the revisions that it stands for.
        allow: findings of the linter that are known and fine, by code, each with the reason.
        safely: whether tables that exist are changed in the ways that hold up nobody.
    """

    id: str
    depends_on: tuple[str, ...]
    upgrade: tuple[Operation, ...]
    downgrade: tuple[Operation, ...]
    path: Path
    checksum: str
    doc: str = ""
    replaces: tuple[str, ...] = ()
    allow: Mapping[str, str] = field(default_factory=dict[str, str])
    safely: bool = True


@dataclass(frozen=True, slots=True)
class Revisions:
    """All revisions of a folder, each behind those that it depends on; of two that do not depend on each other, by id."""

    items: tuple[LoadedRevision, ...] = ()

    def __iter__(self) -> Iterator[LoadedRevision]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def get(self, id_: str) -> LoadedRevision | None:
        """The revision of that id, or None."""
        return next((revision for revision in self.items if revision.id == id_), None)

    @property
    def heads(self) -> tuple[str, ...]:
        """The revisions that no other depends on: none for an empty folder, one in good order."""
        followed = {id_ for revision in self.items for id_ in revision.depends_on}
        return tuple(revision.id for revision in self.items if revision.id not in followed)

    def check_one_head(self) -> None:
        """Refuse revisions that fork.

        Raises:
            MigrationError: there are several heads.
        """
        heads = self.heads
        if len(heads) > 1:
            what = f"it and {', '.join(heads[:-1])} both come last, so their order is open"
            mend = (
                "`orm migrate merge` brings them together; or let one follow the other: "
                f"depends_on=({heads[0]!r},) in the one that is not applied yet"
            )
            raise MigrationError(heads[-1], what, mend)

    def state(self) -> State:
        """The state after all of them.

        Raises:
            MigrationError: an operation does not fit the state it meets.
        """
        state = State()
        for revision in self.items:
            state = folded(revision, state)
        return state


def folded(revision: LoadedRevision, state: State) -> State:
    """The state after a revision.

    Raises:
        MigrationError: an operation does not fit the state it meets.
    """
    try:
        return fold(revision.upgrade, state)
    except InvalidOperation as error:
        raise MigrationError(revision.id, error.what, error.mend) from error


def checksum(text: bytes) -> str:
    """The SHA-256 of a revision file in hexadecimal; line ends are counted as one character wherever it was checked out."""
    return sha256(text.replace(b"\r\n", b"\n")).hexdigest()


# --- reading ---------------------------------------------------------------------------------------------------------


def load(folder: Path) -> Revisions:
    """Read the revisions of a folder: its `.py` files, but for those whose name starts with an underscore.

    A folder that does not exist has none.

    Raises:
        MigrationError: a file cannot be read or is no revision, two have the same id, one depends on an unknown one or,
            over others, on itself.
    """
    paths = sorted(path for path in folder.glob("*.py") if not path.name.startswith("_"))
    return _in_order([_read(path) for path in paths])


def _in_order(revisions: Sequence[LoadedRevision]) -> Revisions:
    by_id = {revision.id: revision for revision in revisions}
    standing = _standing(revisions, by_id)
    revisions = [_redirected(revision, standing) for revision in revisions]
    by_id = {revision.id: revision for revision in revisions}
    for revision in revisions:
        for id_ in revision.depends_on:
            if id_ not in by_id:
                what = f"it depends on {id_}, of which there is no file"
                raise MigrationError(revision.id, what, near_hint(id_, tuple(by_id), "restore it from version control"))
    sorter = TopologicalSorter({revision.id: revision.depends_on for revision in revisions})
    try:
        sorter.prepare()
    except CycleError as error:
        circle = cast("list[str]", error.args[1])
        what = f"it depends on itself: {' -> '.join(reversed(circle))}"
        raise MigrationError(circle[0], what, "take one of them out of the other's depends_on") from None
    ordered: list[LoadedRevision] = []
    ready: set[str] = set()
    while sorter.is_active():
        ready.update(sorter.get_ready())
        first = min(ready)
        ready.remove(first)
        ordered.append(by_id[first])
        sorter.done(first)
    return Revisions(tuple(ordered))


def _standing(revisions: Sequence[LoadedRevision], by_id: Mapping[str, LoadedRevision]) -> dict[str, str]:
    """Which revision stands for one that was replaced."""
    standing: dict[str, str] = {}
    for revision in revisions:
        for id_ in revision.replaces:
            if id_ in by_id or id_ in standing:
                what = f"it replaces {id_}, of which there is a file still" if id_ in by_id else f"two replace {id_}"
                raise MigrationError(revision.id, what, "delete one of the files")
            standing[id_] = revision.id
    return standing


def _redirected(revision: LoadedRevision, standing: Mapping[str, str]) -> LoadedRevision:
    """The revision, depending on what stands for those that it names."""
    if not any(id_ in standing for id_ in revision.depends_on):
        return revision
    return replace(revision, depends_on=tuple(dict.fromkeys(standing.get(id_, id_) for id_ in revision.depends_on)))


def _read(path: Path) -> LoadedRevision:
    try:
        text = path.read_bytes()
    except OSError as error:
        raise MigrationError(
            path.stem, f"{path} cannot be read: {error.strerror}", "check the file's permissions"
        ) from None
    return replace(_checked(path, _executed(path, text)), checksum=checksum(text))


def _executed(path: Path, text: bytes) -> dict[str, object]:
    """The names that a revision file defines."""
    names: dict[str, object] = {"__name__": path.stem, "__file__": str(path)}
    try:
        with _importable(path.parent):
            exec(compile(text, str(path), "exec", dont_inherit=True), names)  # noqa: S102 - a revision is Python of the project's own
    except SyntaxError as error:
        what = f"{path}:{error.lineno or 1}: {error.msg}"
        raise MigrationError(path.stem, what, "mend the syntax") from None
    except (Exception, SystemExit) as error:
        what = f"{path}:{_line(path, error)}: {type(error).__name__}: {error}"
        raise MigrationError(path.stem, what, "mend the file") from error
    return names


_MODELS = "models_"
"""What the names of packages begin with that hold the models of a data step, beside its revision."""


@contextmanager
def _importable(folder: Path) -> Generator[None]:
    """A block that can import the packages of a folder, and not those of the same name of another."""
    beside = str(folder.resolve())
    for name in [name for name in sys.modules if name.startswith(_MODELS)]:
        if not str(getattr(sys.modules[name], "__file__", None)).startswith(beside + os.sep):
            del sys.modules[name]
    sys.path.insert(0, beside)
    invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(beside)


def _line(path: Path, error: BaseException) -> int:
    """The last line of the file that the error passed through."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    return (lines[-1] if lines else None) or 1


def _checked(path: Path, names: dict[str, object]) -> LoadedRevision:
    head = names.get("revision")
    if not isinstance(head, Revision):
        what = f"{path}:1: it defines no `revision`"
        raise MigrationError(path.stem, what, f"add `revision = Revision(id={path.stem!r}, depends_on=(...))`")
    if head.id != path.stem:
        what = f"{path}:1: its id is {head.id!r}, its file is called {path.name!r}"
        raise MigrationError(path.stem, what, "give both the same name")
    for name in ("depends_on", "replaces"):
        ids = cast("object", getattr(head, name))
        if not isinstance(ids, tuple) or not all(isinstance(id_, str) for id_ in cast("tuple[object, ...]", ids)):
            what = f"{path}:1: {name} is no tuple of ids"
            raise MigrationError(path.stem, what, f'write {name}=("...",)')
    _check_choices(path, head)
    doc = names.get("__doc__")
    return LoadedRevision(
        id=head.id,
        depends_on=head.depends_on,
        upgrade=_operations(path, names, "upgrade"),
        downgrade=_operations(path, names, "downgrade"),
        path=path,
        checksum="",
        doc=doc.strip() if isinstance(doc, str) else "",
        replaces=head.replaces,
        allow=dict(head.allow),
        safely=head.safely,
    )


def _check_choices(path: Path, head: Revision) -> None:
    """What a head says besides its place; a file may hold anything, whatever the types say."""
    allow, safely = cast("object", head.allow), cast("object", head.safely)
    if not isinstance(allow, Mapping) or not all(
        isinstance(text, str) for pair in cast("Mapping[object, object]", allow).items() for text in pair
    ):
        what = f"{path}:1: allow is no mapping of codes to reasons"
        raise MigrationError(path.stem, what, 'write allow={"MIG012": "the reason"}')
    if not isinstance(safely, bool):
        raise MigrationError(path.stem, f"{path}:1: safely is neither True nor False", "write one of the two")


def _operations(path: Path, names: dict[str, object], name: str) -> tuple[Operation, ...]:
    operations = names.get(name)
    if not isinstance(operations, tuple | list):
        what = f"{path}:1: it defines no `{name}`"
        mend = "downgrade = reverse(upgrade)" if name == "downgrade" else "upgrade: Operations = (...)"
        raise MigrationError(path.stem, what, f"add `{mend}`")
    for number, operation in enumerate(cast("Sequence[object]", operations), 1):
        if not isinstance(operation, Operation):
            what = f"{path}:1: item {number} of `{name}` is no operation but of type {type(operation).__name__}"
            raise MigrationError(path.stem, what, "use the operations of isomorph.migrate")
    return tuple(cast("Sequence[Operation]", operations))
