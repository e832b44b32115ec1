"""Numbers and verdicts in words, the same in the terminal and in the report."""

from __future__ import annotations

from benchmarks.harness.contestant import Kind
from benchmarks.harness.record import Outline
from benchmarks.harness.verdict import Cell, Verdict
from benchmarks.harness.workload import Aim, Measure

__all__ = ["aimed", "amount", "beside", "missed", "ratio", "spread"]

_SECONDS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "us"), (0.0, "ns"))
_BYTES = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (0.0, "B"))
_IN_BYTES = frozenset({Measure.MEMORY, Measure.PEAK, Measure.RESIDENT})


def _three(value: float) -> str:
    """Three digits that say something: 1.23, 12.3, 123, 1230."""
    return f"{value:.{max(0, 2 - len(str(int(abs(value)))) + 1)}f}"


def amount(value: float, measure: Measure) -> str:
    """Seconds or bytes with their unit."""
    if measure in _IN_BYTES:
        for least, unit in _BYTES:
            if value >= least:
                return f"{_three(value / (least or 1.0))} {unit}"
    for least, unit in _SECONDS:
        if value >= least:
            return f"{_three(value / (least or 1e-9))} {unit}"
    return f"-{amount(-value, measure)}"


def ratio(value: float) -> str:
    """How many times another number."""
    return f"{value:.2f}x" if value < 10 else f"{value:.0f}x"


def spread(cell: Cell) -> str:
    """How far the round furthest from the median is from it; or that there is only one."""
    if cell.once:
        return "one round"
    if not cell.value or cell.low == cell.high:
        return ""
    return f"\N{PLUS-MINUS SIGN}{max(cell.value - cell.low, cell.high - cell.value) / cell.value * 100:.0f} %"


def beside(cell: Cell) -> str:
    """A number; with its ratio to hand-written code if it is not hand-written, marked when that is on another driver."""
    if cell.value is None:
        return "wrong"
    said = amount(cell.value, cell.outline.measure)
    return (
        said
        if cell.ratio is None or cell.facts.kind is Kind.HAND
        else f"{said}, {ratio(cell.ratio)}{'*' if cell.marked else ''}"
    )


def aimed(outline: Outline, aim: Aim) -> str:
    """What is to be reached."""
    parts: list[str] = []
    if aim.ratio is not None:
        parts.append(f"at most {ratio(aim.ratio)}")
    if aim.extra_us is not None:
        more = f"{aim.extra_us:g} us" if aim.extra_us < 1_000 else f"{aim.extra_us / 1_000:g} ms"
        parts.append(f"at most {more} more")
    hand = " or ".join(parts)
    if aim.most is not None:
        hand = ", ".join(filter(None, [hand, f"at most {amount(aim.most, outline.measure)}"]))
    peers = "" if aim.peers is None else "the best peer" if aim.peers == 1 else f"the best peer / {aim.peers:g}"
    return "; ".join(filter(None, [hand, peers]))


def missed(verdict: Verdict) -> str:
    """What is not reached; empty when all is."""
    found: list[str] = []
    cell = verdict.ours
    if verdict.by_hand is False:
        here = "" if cell.ratio is None else f", {ratio(cell.ratio)} of hand-written code"
        found.append(f"{amount(cell.value or 0.0, cell.outline.measure)}{here}")
    if verdict.by_peers is False and verdict.peer is not None and verdict.factor is not None:
        peer = amount(verdict.peer.value or 0.0, cell.outline.measure)
        found.append(f"{verdict.peer.facts.title} takes {peer}, {ratio(verdict.factor)} of isomorph's")
    return "; ".join(found)
