"""A run in the terminal: how far it is, and tables of what it measured."""

from __future__ import annotations

import time
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from typing_extensions import override

from benchmarks.harness.contestant import Kind
from benchmarks.harness.curve import STEEP, Scale
from benchmarks.harness.facts import Facts
from benchmarks.harness.rounds import Watcher
from benchmarks.harness.verdict import Cell, Comparison, Verdict
from benchmarks.harness.words import aimed, amount, beside, missed, spread
from benchmarks.harness.workload import Measure

__all__ = ["Shown", "curves", "tables"]

_FIRST, _EACH = 16, 30


class Shown(Watcher):
    """Shows a bar, and what has failed as it fails."""

    def __init__(self, console: Console, steps: int) -> None:
        columns = BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}", markup=False)
        self._progress = Progress(*columns, console=console, transient=True)
        self._task = self._progress.add_task("", total=steps)
        self._start = time.monotonic()

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    @override
    def doing(self, what: str) -> None:
        if self._progress.console.is_terminal:
            self._progress.update(self._task, description=what)
        else:
            minutes, seconds = divmod(round(time.monotonic() - self._start), 60)
            self._progress.console.print(f"{minutes:3}:{seconds:02} {what}", markup=False, highlight=False)

    @override
    def done(self) -> None:
        self._progress.advance(self._task)

    @override
    def wrong(self, what: str, details: str) -> None:
        self._progress.console.print(what, style="red", markup=False, highlight=False, soft_wrap=True)
        self._progress.console.print(details.rstrip(), style="dim", markup=False, highlight=False, soft_wrap=True)


def tables(comparison: Comparison, console: Console) -> None:
    """Print all numbers by dialect, then what is reached, then what is wrong."""
    for dialect in comparison.dialects():
        every = comparison.contestants(dialect)
        number = max(2, (console.width - _FIRST) // _EACH)
        for start in range(0, len(every), number):
            console.print(_numbers(comparison, dialect, every[start : start + number]))
        verdicts = [each for each in comparison.verdicts(dialect) if each.ours.outline.aim(dialect) is not None]
        _verdicts(dialect, verdicts, console)
    for cell in comparison.wrongs():
        told = f"{cell.dialect} {cell.outline.name} {cell.facts.name}: {cell.wrong}"
        console.print(told, style="red", markup=False, highlight=False, soft_wrap=True)


def _numbers(comparison: Comparison, dialect: str, contestants: list[Facts]) -> Table:
    table = Table(title=dialect, title_justify="left", caption_justify="left")
    table.add_column("one operation", no_wrap=True)
    for facts in contestants:
        table.add_column(f"{facts.title}\n{facts.drivers[dialect]}", justify="right")
    marked = False
    for outline in comparison.outlines(dialect):
        cells = [comparison.cell(dialect, outline, facts) for facts in contestants]
        if any(cells):
            table.add_row(outline.name, *map(_cell, cells))
            marked |= any(cell is not None and cell.marked and cell.ratio is not None for cell in cells)
    table.caption = "* beside hand-written code on another driver" if marked else None
    return table


def _cell(cell: Cell | None) -> str:
    if cell is None:
        return ""
    if cell.wrong:
        return "[red]wrong[/]"
    style = "bold" if cell.facts.kind is Kind.OURS else "none"
    return f"[{style}]{beside(cell)}[/] [dim]{spread(cell)}[/]"


def _verdicts(dialect: str, verdicts: list[Verdict], console: Console) -> None:
    """What is reached in a line, what is missed in a line each."""
    reached = [_name(verdict) for verdict in verdicts if verdict.reached]
    lines = [f"{dialect}, reached: {', '.join(reached)}"] if reached else []
    for verdict in verdicts:
        aim = verdict.ours.outline.aim(dialect)
        if verdict.missed and aim is not None:
            said = f"{missed(verdict)} (the aim: {aimed(verdict.ours.outline, aim)})"
            lines.append(f"{dialect}, missed: {_name(verdict)}: {said}")
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def _name(verdict: Verdict) -> str:
    name = verdict.ours.outline.name
    return name if verdict.ours.facts.name == "isomorph" else f"{name} ({verdict.ours.facts.title})"


def curves(scale: Scale, console: Console) -> None:
    """Print the points of all curves with their exponents, and what type checkers take."""
    table = Table(title="scale", title_justify="left", caption=f"an exponent above {STEEP} is steeper than linear")
    for name in ("", "size", "time", "memory", "exponents"):
        table.add_column(name, justify="right" if name in {"size", "time", "memory"} else "left")
    for curve in scale.curves:
        for number, point in enumerate(curve.points):
            last = number == len(curve.points) - 1
            table.add_row(
                " ".join(filter(None, [curve.dialect, curve.name, f"({curve.unit})"])),
                f"{point.size:,}",
                amount(point.seconds, Measure.TIME),
                amount(max(point.peak, 0), Measure.PEAK),
                f"{_exponent(curve.time_exponent())} {_exponent(curve.memory_exponent())}" if last else "",
                end_section=last,
            )
    console.print(table)
    for check in scale.checkers:
        told = f"{check.name}, {check.models:,} models: {check.clock:.1f} s, {check.processor:.1f} s of the processor"
        console.print(told, markup=False, highlight=False, soft_wrap=True)


def _exponent(value: float | None) -> str:
    if value is None:
        return "?"
    return f"[red]{value:.2f}[/]" if value > STEEP else f"{value:.2f}"
