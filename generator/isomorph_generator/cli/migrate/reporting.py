"""What a run prints while it goes on: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from isomorph.migrate import (
    BatchDone,
    Event,
    OperationDone,
    OperationStarted,
    Report,
    Resumed,
    Retrying,
    RevisionDone,
    RevisionStarted,
    Waiting,
)

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

__all__ = ["reporting"]


@contextmanager
def reporting(word: str, *, quiet: bool) -> Generator[Report]:
    """A block whose run is told on the terminal.

    Args:
        word: for a revision that is done: `applied`, `took back`.
        quiet: print only what must be known: that somebody is waited for, that something is tried again.
    """
    if quiet or not sys.stdout.isatty():
        yield _Lines(word, quiet=quiet).tell
        return
    from rich.console import Console  # noqa: PLC0415 - only on a terminal: it takes its time to import
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415 - likewise

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(), transient=True) as progress:
        yield _Bar(word, progress).tell


class _Lines:
    """One line for each operation."""

    def __init__(self, word: str, *, quiet: bool = False) -> None:
        self._word, self._quiet = word, quiet

    def line(self, text: str) -> None:
        typer.echo(text)

    def warning(self, text: str) -> None:
        typer.echo(text, err=True)

    def tell(self, event: Event) -> None:
        match event:
            case Waiting(owner):
                who = "another session" if owner is None else str(owner)
                self.warning(f"waiting: revisions are being run by {who}")
            case Retrying(operation=operation, reason=reason, attempt=attempt, delay_s=delay_s):
                self.warning(f"  {operation}: {reason}; attempt {attempt} in {delay_s:.1f} s")
            case Resumed(revision, done):
                behind = f" behind: {', '.join(done)}" if done else ""
                self.warning(f"going on with {revision}{behind}")
            case _ if self._quiet:
                pass
            case BatchDone(operation=operation, rows=rows):
                self.line(f"  {operation}: {rows} rows")
            case OperationDone(operation=operation, duration_ms=duration_ms):
                self.line(f"  {operation} ({duration_ms} ms)")
            case RevisionDone(revision, duration_ms):
                self.line(f"{self._word} {revision} ({duration_ms} ms)")
            case RevisionStarted() | OperationStarted():
                pass


class _Bar(_Lines):
    """The same lines, and below them a bar for the revision at hand."""

    def __init__(self, word: str, progress: Progress) -> None:
        super().__init__(word)
        self._progress = progress
        self._task: TaskID | None = None

    def line(self, text: str) -> None:
        self._progress.console.print(text, markup=False, highlight=False)

    def warning(self, text: str) -> None:
        self._progress.console.print(text, markup=False, highlight=False, style="yellow")

    def tell(self, event: Event) -> None:
        match event:
            case RevisionStarted(revision, steps):
                self._end()
                self._task = self._progress.add_task(revision, total=steps)
            case OperationStarted(operation=operation) if self._task is not None:
                self._progress.update(self._task, description=operation)
            case BatchDone(operation=operation, rows=rows) if self._task is not None:
                self._progress.update(self._task, description=f"{operation}: {rows} rows")
                return
            case OperationDone() if self._task is not None:
                self._progress.advance(self._task)
            case RevisionDone():
                self._end()
            case _:
                pass
        super().tell(event)

    def _end(self) -> None:
        if self._task is not None:
            self._progress.remove_task(self._task)
            self._task = None
