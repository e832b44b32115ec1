"""`orm generate`: brings the generated package up to date with the schema."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from isomorph.errors import IsomorphError
from isomorph_generator.cli.common import Exit, JsonOption, SchemaOption, fail, find_schema, load_project, print_json
from isomorph_generator.codegen import (
    MARK,
    Outdated,
    check,
    compared,
    difference,
    kept,
    package_folder,
    rendered,
    stamp,
    write,
)
from isomorph_generator.schema import SchemaErrors, load

__all__ = ["generate"]

_CheckOption = Annotated[
    bool, typer.Option("--check", help="Write nothing; exit code 1 and a diff when a file is out of date.")
]
_WatchOption = Annotated[bool, typer.Option("--watch", help="Stay, and generate again whenever the schema changes.")]


def generate(
    schema: SchemaOption = None,
    only_check: _CheckOption = False,
    watch: _WatchOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write the typed package of the schema; only files that change are written.

    Example: orm generate && git diff generated

    Files that are no longer generated are removed; files that never were are left alone.
    """
    if watch:
        if only_check:
            raise typer.BadParameter("--watch writes, --check does not: give one of the two")
        _watch(find_schema(schema), as_json=as_json)
        return
    path, started_ns = find_schema(schema), time.time_ns()
    last = None if only_check else kept(path)
    if last is not None and last.current(path):
        names = tuple(sorted(last.outputs))
        _report(Outdated(_shown(path.parent / last.package), (), (), names, {}, {}), only_check=False, as_json=as_json)
        return
    project = load_project(path)
    try:
        looked_at = check(project)
    except SchemaErrors as errors:
        fail(str(errors))
    outdated = compared(_shown(package_folder(project)), rendered(project))
    if not only_check:
        write(outdated)
        made = stamp(project, path, outdated, looked_at, started_ns)
        if made is not None:
            made.keep(path)
    _report(outdated, only_check=only_check, as_json=as_json)
    if only_check and not outdated.is_current:
        raise typer.Exit(Exit.CHECK_FAILED)


def _shown(folder: Path) -> Path:
    """The folder from where the user is, so that a terminal can open what is printed."""
    here = Path.cwd()
    absolute = folder.absolute()
    return absolute.relative_to(here) if absolute.is_relative_to(here) else absolute


def _report(outdated: Outdated, *, only_check: bool, as_json: bool) -> None:
    folder = outdated.folder
    changed = [(folder / name).as_posix() for name in outdated.changed]
    stale = [(folder / name).as_posix() for name in outdated.stale]
    if as_json:
        unchanged = [(folder / name).as_posix() for name in outdated.unchanged]
        words = ("to_write", "to_remove") if only_check else ("written", "removed")
        print_json(
            {"ok": not only_check or outdated.is_current, words[0]: changed, words[1]: stale, "unchanged": unchanged}
        )
        return
    if only_check:
        typer.echo(difference(outdated), nl=False)
        if not outdated.is_current:
            number = len(changed) + len(stale)
            typer.echo(f"{folder}: {_counted(number)} out of date (run `orm generate`)", err=True)
        return
    for name in changed:
        typer.echo(f"wrote {name}")
    for name in stale:
        typer.echo(f"removed {name}")
    if outdated.is_current:
        typer.echo(f"{folder}: up to date ({_counted(len(outdated.unchanged))})")


def _counted(number: int) -> str:
    return f"{number} file" if number == 1 else f"{number} files"


# --- watching ----------------------------------------------------------------------------------------------------------

_PULSE_MS = 250
"""How often the watcher reports that nothing happened; its first report says that it has begun."""


def _watch(schema: Path, *, as_json: bool) -> None:
    """Generate now and after every change, until interrupted; mistakes are printed and waited out."""
    began = False
    # Wherever it comes, in the middle of a report, too: every file is written whole.
    with suppress(KeyboardInterrupt):
        for _ in _changes(schema):
            _generate_once(schema, as_json=as_json)
            if not began:
                typer.echo(f"watching {schema.parent.absolute()} (Ctrl-C ends it)", err=True)
                began = True


def _generate_once(schema: Path, *, as_json: bool) -> None:
    try:
        project = load(schema)
        check(project)
        outdated = compared(_shown(package_folder(project)), rendered(project))
        write(outdated)
    except IsomorphError as error:
        typer.echo(str(error), err=True)
    else:
        _report(outdated, only_check=False, as_json=as_json)


def _changes(schema: Path) -> Iterator[None]:
    """Once when the watcher has begun, then after every change of a schema or a behaviour."""
    import watchfiles  # noqa: PLC0415 - only this option needs it

    def matters(_change: watchfiles.Change, path: str) -> bool:
        return path.endswith((".toml", ".py")) and not _is_generated(Path(path))

    reports = watchfiles.watch(
        schema.parent, watch_filter=matters, raise_interrupt=False, yield_on_timeout=True, rust_timeout=_PULSE_MS
    )
    for number, changes in enumerate(reports):
        if changes or not number:
            yield


def _is_generated(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.readline().rstrip() == MARK
    except OSError:
        return path.suffix == ".py"  # gone; a behaviour that is gone is noticed with the next change of the schema
