"""docs/benchmarks.md and its charts, from what was measured: the same numbers give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from benchmarks import charts
from benchmarks.harness.contestant import Kind
from benchmarks.harness.curve import STEEP, Check, Curve, Scale
from benchmarks.harness.facts import Facts
from benchmarks.harness.record import Outline, Record
from benchmarks.harness.verdict import Cell, Comparison, Verdict
from benchmarks.harness.words import aimed, amount, beside, missed, ratio, spread
from benchmarks.harness.workload import Measure

__all__ = ["FOLDER", "PAGE", "RESULTS", "SCALE", "files"]

PAGE, FOLDER, RESULTS, SCALE = "benchmarks.md", "benchmarks", "results.json", "scale.json"

_TITLES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mysql": "MariaDB"}

# Of curves that are on no dialect: by their unit the name of their charts, by that the heading.
_CHARTS = {"models": "orm"}
_CURVES = {
    "orm": "The `orm` command over models",
    "columns": "Columns of each model, on SQLite",
    "relations": "Relations of one model, on SQLite",
}

_METHOD = """\
A *workload* is a piece of work that every *contestant* does in its own words: hand-written code on the bare driver with slotted
classes, isomorph as its guide has it, and other ORMs as their own manuals recommend for speed (the page stands
[below](#who-takes-part)). All have the same rows, from a fixed seed, each contestant in a database of its own on the same server.

- Contestants take turns: in each round every one of them works once, in a process of its own, in an order that moves on from round to
  round. A process runs each workload once to warm up and to see what it gives, then again and again for the given time, at least three
  times unless it takes very long.
- What takes a contestant longer than 2 s is run once in a round, without warming up; what takes it longer than 5 s, in the first round
  alone (`one round` in the tables).
- What a run gives is compared: a checksum of all values must be the same for all contestants, or its number counts for nothing.
- A number is the median of the rounds, each of which is the median of its runs, divided by the number of operations in a run. The garbage
  collector is on, and is run before each run. The spread (±) is how far the round furthest from the median is from it.
- A *ratio* is to hand-written code on the same dialect and the same driver. One with a `*` is to hand-written code on another driver, since
  there is none on the contestant's own (hollow in the charts); such a contestant is in no verdict, as its driver makes the difference.
- SQLite is a file in WAL mode with `synchronous = NORMAL` for everyone. Whatever writes is one transaction.
- `insert_each`, `save_each` and `delete_each` are what a program does that goes on with each object: its statement has been carried out when
  the call returns, so a unit of work is flushed after each. `save_unit` and `delete_unit` are the same work done at once, in whatever way a
  library has for it: a unit of work that is flushed once, a bulk update, one statement with all keys, or a loop where it has nothing else.
- Filling tables is not measured. Once they are filled servers count what is in them (`ANALYZE`), so that no plan is a matter of when they
  come to it by themselves; SQLite never does unless a program asks for it.
- Memory of an object is what `tracemalloc` counts; growth of a process is what the kernel counts (`VmHWM`).
"""


def files(record: Record, scale: Scale | None, notes: str) -> Iterator[tuple[Path, str]]:
    """Every file of the report: its path below docs/, and its text.

    Args:
        record: what was measured.
        scale: the curves, if there are any.
        notes: what is written by hand, in Markdown.
    """
    comparison = Comparison(record)
    parts = [_head(record), *_summary(comparison), *_missed(comparison), notes.strip()]
    for dialect in comparison.dialects():
        parts.append(f"## {_TITLES[dialect]}")
        for group, outlines in groupby(comparison.outlines(dialect), key=lambda outline: outline.group):
            chart = Path(FOLDER) / f"{dialect}-{group.lower().replace(' ', '-')}.svg"
            text, drawn = _group(comparison, dialect, list(outlines), chart)
            parts += [f"### {_TITLES[dialect]}: {group.lower()}", text]
            if drawn:
                yield chart, drawn
    parts += [_verdicts(comparison), _contestants(comparison)]
    if scale is not None:
        parts.append(_scale(scale))
        yield from _curves(scale)
    parts.append(_machine(record))
    yield Path(PAGE), "\n\n".join(part for part in parts if part) + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], right: bool = False) -> str:
    marks = ["---", *["---:" if right else "---"] * (len(head) - 1)]
    lines = [head, marks, *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)


def _head(record: Record) -> str:
    dates = sorted({str(run["date"]) for run in record.runs})
    when = dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}"
    commands = "; ".join(dict.fromkeys(f"`{run['command']}`" for run in record.runs))
    machine = record.machine
    return f"""\
# Benchmarks

isomorph beside hand-written code and beside other ORMs, measured on {when} on {machine["processor"]} ({machine["cores"]} cores,
{machine["memory"]}) with {machine["python"]}. `make bench` measures it anew, `make bench BENCH_ARGS=--write` renews this page
(what is written by hand in it is in `benchmarks/notes.md`); all numbers are in [results.json]({FOLDER}/{RESULTS}). The command: {commands}.

## Method

{_METHOD.strip()}"""


def _judged(comparison: Comparison, dialect: str) -> list[Verdict]:
    return [each for each in comparison.verdicts(dialect) if each.ours.outline.aim(dialect) is not None]


def _summary(comparison: Comparison) -> Iterator[str]:
    rows: list[list[str]] = []
    for dialect in comparison.dialects():
        by_facts = groupby(
            sorted(_judged(comparison, dialect), key=lambda verdict: verdict.ours.facts.title),
            key=lambda verdict: verdict.ours.facts,
        )
        for facts, verdicts in by_facts:
            found = list(verdicts)
            hand = [each for each in found if each.by_hand is not None]
            peers = [each for each in found if each.by_peers is not None]
            rows.append(
                [
                    _TITLES[dialect],
                    f"{facts.title} ({facts.drivers[dialect]})",
                    f"{sum(bool(each.by_hand) for each in hand)} of {len(hand)}",
                    f"{sum(bool(each.by_peers) for each in peers)} of {len(peers)}",
                ]
            )
    if rows:
        yield "## In short\n\nAims that are reached, of those that there are:"
        yield _table(["database", "", "beside hand-written code", "beside the best peer on the same driver"], rows)


def _missed(comparison: Comparison) -> Iterator[str]:
    rows = [
        [_TITLES[dialect], _name(verdict), missed(verdict), _aim(verdict)]
        for dialect in comparison.dialects()
        for verdict in _judged(comparison, dialect)
        if verdict.missed
    ]
    wrongs = [
        [_TITLES[cell.dialect], f"{cell.outline.name}: {cell.facts.title}", cell.wrong] for cell in comparison.wrongs()
    ]
    yield "## Where it is not reached"
    yield _table(["database", "workload", "what was measured", "the aim"], rows) if rows else "Every aim is reached."
    if wrongs:
        yield "Numbers that count for nothing:"
        yield _table(["database", "workload", "why"], wrongs)


def _name(verdict: Verdict) -> str:
    ours = verdict.ours
    return f"{ours.outline.name} ({ours.facts.title})" if ours.facts.name != "isomorph" else ours.outline.name


def _aim(verdict: Verdict) -> str:
    aim = verdict.ours.outline.aim(verdict.ours.dialect)
    return "" if aim is None else aimed(verdict.ours.outline, aim)


def _group(comparison: Comparison, dialect: str, outlines: list[Outline], chart: Path) -> tuple[str, str]:
    """The table of a group, and its chart; empty where no one has a ratio."""
    every = comparison.contestants(dialect)
    taking = [facts for facts in every if any(comparison.cell(dialect, outline, facts) for outline in outlines)]
    rows: list[list[str]] = []
    for outline in outlines:
        cells = [comparison.cell(dialect, outline, facts) for facts in taking]
        rows.append([f"`{outline.name}`, one {outline.unit}", *map(_cell, cells)])
    head = ["", *(f"{facts.title}<br>{facts.drivers[dialect]}" for facts in taking)]
    said = "\n".join(f"- `{outline.name}`: {outline.title}" for outline in outlines)
    drawn = _chart(comparison, dialect, outlines, taking)
    image = f"\n\n![Ratios to hand-written code]({chart})" if drawn else ""
    return f"{said}{image}\n\n{_table(head, rows, right=True)}", drawn


def _cell(cell: Cell | None) -> str:
    if cell is None:
        return ""
    if cell.wrong:
        return "wrong"
    said = beside(cell).replace(", ", "<br>")
    said = f"**{said}**" if cell.facts.kind is Kind.OURS else said
    return f"{said}<br>{spread(cell)}" if spread(cell) else said


def _chart(comparison: Comparison, dialect: str, outlines: list[Outline], taking: list[Facts]) -> str:
    series: list[charts.Series] = []
    for facts in taking:
        cells = [comparison.cell(dialect, outline, facts) for outline in outlines]
        found = [cell for cell in cells if cell is not None and cell.ratio is not None]
        if found and facts.kind is not Kind.HAND:
            values = {cell.outline.name: cell.ratio for cell in found if cell.ratio is not None}
            marked = frozenset(cell.outline.name for cell in found if cell.marked)
            series.append(charts.Series(facts.title, values, facts.kind, marked, comparison.number(facts)))
    rows = [outline.name for outline in outlines if any(outline.name in each.values for each in series)]
    return charts.ratios(rows, series) if rows else ""


def _verdicts(comparison: Comparison) -> str:
    rows = [
        [
            _TITLES[dialect],
            _name(verdict),
            beside(verdict.ours),
            "" if verdict.hand is None else amount(verdict.hand.value or 0.0, verdict.ours.outline.measure),
            "" if verdict.peer is None else f"{verdict.peer.facts.title}, {ratio(verdict.factor or 0.0)}",
            _aim(verdict),
            "reached" if verdict.reached else "**missed**" if verdict.missed else "not judged",
        ]
        for dialect in comparison.dialects()
        for verdict in _judged(comparison, dialect)
    ]
    if not rows:
        return ""
    head = ["database", "workload", "isomorph", "hand-written", "best peer, same driver", "the aim", ""]
    return f"""\
## Every aim

The best peer's ratio says how many times isomorph's time or memory it takes.

{_table(head, rows)}"""


def _contestants(comparison: Comparison) -> str:
    found: dict[str, Facts] = {}
    for dialect in comparison.dialects():
        found |= {facts.name: facts for facts in comparison.contestants(dialect)}
    rows = [
        [
            facts.title,
            ", ".join(f"{_TITLES.get(dialect, dialect)}: {driver}" for dialect, driver in facts.drivers.items()),
            f"[manual]({facts.manual})" if facts.manual else "",
            "; ".join(f"{name}: {why}" for name, why in facts.absent.items()),
        ]
        for facts in found.values()
    ]
    return f"## Who takes part\n\n{_table(['', 'drivers', 'written as in', 'what it does not do'], rows)}"


# --- curves ----------------------------------------------------------------------------------------------------------


def _by_chart(scale: Scale) -> dict[str, list[Curve]]:
    found: dict[str, list[Curve]] = {}
    for curve in scale.curves:
        found.setdefault(curve.dialect or _CHARTS.get(curve.unit, curve.unit), []).append(curve)
    return found


def _curves(scale: Scale) -> Iterator[tuple[Path, str]]:
    for name, curves in _by_chart(scale).items():
        unit = curves[0].unit
        seconds = [charts.Series(each.name, {point.size: point.seconds for point in each.points}) for each in curves]
        peaks = [
            charts.Series(each.name, {point.size: point.peak / 1e6 for point in each.points if point.peak > 0})
            for each in curves
        ]
        yield Path(FOLDER) / f"scale-{name}-time.svg", charts.lines([s for s in seconds if s.values], unit, "seconds")
        yield Path(FOLDER) / f"scale-{name}-memory.svg", charts.lines([s for s in peaks if s.values], unit, "MB")


def _power(value: float | None) -> str:
    if value is None:
        return ""
    return f"**{value:.2f}**" if value > STEEP else f"{value:.2f}"


def _scale(scale: Scale) -> str:
    parts = [
        f"""\
## Scale

Time and peak memory of isomorph over sizes, measured on {scale.run["date"]}. The exponent is the slope of the larger half of the sizes with
logarithmic axes: 1 is linear, less is better than linear. Memory of rows is what the process grew by; of a command, all that it held."""
    ]
    steep = [
        f"{curve.name} {f'on {_TITLES[curve.dialect]}' if curve.dialect else f'over {curve.unit}'} "
        f"({what} grows with the power of {value:.2f})"
        for curve in scale.curves
        for what, value in (("time", curve.time_exponent()), ("memory", curve.memory_exponent()))
        if value is not None and value > STEEP
    ]
    parts.append(
        f"Steeper than linear (above {STEEP}): {'; '.join(steep)}."
        if steep
        else f"None is above {STEEP}: all are linear."
    )
    for name, curves in _by_chart(scale).items():
        title = _CURVES.get(name) or f"Rows on {_TITLES[name]}"
        parts.append(f"### {title}")
        parts.append("\n".join(f"- `{curve.name}`: {curve.title}" for curve in curves))
        parts.append(f"![Time]({FOLDER}/scale-{name}-time.svg)\n![Memory]({FOLDER}/scale-{name}-memory.svg)")
        sizes = sorted({point.size for curve in curves for point in curve.points})
        head = [curves[0].unit, *(f"{size:,}" for size in sizes), "time's exponent", "memory's exponent"]
        parts.append(_table(head, [_curve_row(curve, sizes) for curve in curves], right=True))
        parts += [f"{curve.name} stops there: {curve.stopped}." for curve in curves if curve.stopped]
        parts += list(_limits(curves))
    if scale.checkers:
        parts += [*_checkers(scale.checkers)]
    return "\n\n".join(parts)


def _checkers(checks: Sequence[Check]) -> Iterator[str]:
    sizes = sorted({check.models for check in checks})
    by_name: dict[str, dict[int, Check]] = {}
    for check in checks:
        by_name.setdefault(check.name, {})[check.models] = check
    yield """\
### Type checkers

Cold, on a generated package of models with eight relations each: all of it in strict mode, or only an application's file that uses it. By the
clock, and below it of the processor."""
    rows = [
        [name, *(f"{found.clock:.1f} s<br>{found.processor:.1f} s" if found else "" for found in map(of.get, sizes))]
        for name, of in by_name.items()
    ]
    yield _table(["checker", *(f"{size:,} models" for size in sizes)], rows, right=True)


def _curve_row(curve: Curve, sizes: Sequence[int]) -> list[str]:
    by_size = {point.size: point for point in curve.points}
    cells = [
        f"{amount(found.seconds, Measure.TIME)}<br>{amount(max(found.peak, 0), Measure.PEAK)}" if found else ""
        for found in (by_size.get(size) for size in sizes)
    ]
    return [f"`{curve.name}`", *cells, _power(curve.time_exponent()), _power(curve.memory_exponent())]


def _limits(curves: Iterable[Curve]) -> Iterator[str]:
    rows = [
        [
            f"`{curve.name}`",
            f"{point.size:,}",
            amount(point.seconds, Measure.TIME),
            f"at most {amount(curve.most[str(point.size)], Measure.TIME)}",
            "reached" if point.seconds <= curve.most[str(point.size)] else "**missed**",
        ]
        for curve in curves
        for point in curve.points
        if str(point.size) in curve.most
    ]
    if rows:
        yield _table(["command", "models", "took", "the aim", ""], rows)


def _machine(record: Record) -> str:
    rows = [*record.machine.items(), *record.versions.items()]
    return f"## The machine and the versions\n\n{_table(['', ''], [[name, value] for name, value in rows])}"
