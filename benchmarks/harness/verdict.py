"""What numbers say beside each other: ratios to hand-written code, the best peer, and whether an aim is reached."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from benchmarks.harness.contestant import Kind
from benchmarks.harness.facts import Facts
from benchmarks.harness.places import DIALECTS
from benchmarks.harness.record import Outline, Record
from benchmarks.harness.rounds import Result

__all__ = ["Cell", "Comparison", "Verdict"]

# Those that are on another driver than all hand-written code are compared with the code on this one.
_MAIN_DRIVERS = {"sqlite": "sqlite3", "postgresql": "psycopg", "mysql": "PyMySQL"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One contestant's number.

    Args:
        value: seconds, or bytes, of one operation: the median of the rounds; None where it was not measured.
        low: the smallest round's.
        high: the largest round's.
        ratio: to hand-written code; None where there is none, or where it takes nothing.
        marked: the hand-written code is on another driver.
        once: measured in one round alone, while others were in more.
        wrong: why the number counts for nothing: the rows were not the same, or it failed.
    """

    facts: Facts
    outline: Outline
    dialect: str
    value: float | None = None
    low: float = 0.0
    high: float = 0.0
    ratio: float | None = None
    marked: bool = False
    once: bool = False
    wrong: str = ""

    @property
    def driver(self) -> str:
        """What it works with."""
        return self.facts.drivers[self.dialect]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether isomorph reaches what it is to reach in a workload on a dialect.

    Args:
        hand: hand-written code on the same driver, if there is any.
        peer: the best peer on the same driver, if there is any.
        by_hand: reached beside hand-written code, or by itself; None where there is nothing to compare or to reach.
        by_peers: the same beside the best peer.
        factor: the best peer takes so many times what isomorph takes.
    """

    ours: Cell
    hand: Cell | None
    peer: Cell | None
    by_hand: bool | None
    by_peers: bool | None
    factor: float | None

    @property
    def reached(self) -> bool:
        """Whether something was to be reached, could be judged, and nothing of it is missed."""
        return not self.missed and (self.by_hand is not None or self.by_peers is not None)

    @property
    def missed(self) -> bool:
        """Whether something is missed."""
        return self.by_hand is False or self.by_peers is False


class Comparison:
    """A record, read as comparisons."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._results = {(each.dialect, each.workload, each.contestant): each for each in record.results}

    def dialects(self) -> list[str]:
        """Those that were measured, in the usual order."""
        found = {result.dialect for result in self._record.results}
        return [dialect for dialect in DIALECTS if dialect in found]

    def contestants(self, dialect: str) -> list[Facts]:
        """Those with a result on a dialect: hand-written code, isomorph, peers."""
        found = {result.contestant for result in self._record.results if result.dialect == dialect}
        kinds = [*Kind]
        every = (facts for name, facts in self._record.contestants.items() if name in found)
        return sorted(every, key=lambda facts: (kinds.index(facts.kind), facts.title.lower()))

    def number(self, contestant: Facts) -> int:
        """Which of its kind a contestant is, of all that there are: the same on every dialect."""
        every = (facts for facts in self._record.contestants.values() if facts.kind is contestant.kind)
        return sorted(facts.title.lower() for facts in every).index(contestant.title.lower())

    def outlines(self, dialect: str) -> list[Outline]:
        """Workloads with a result on a dialect, group by group."""
        found = {result.workload for result in self._record.results if result.dialect == dialect}
        groups = list(dict.fromkeys(outline.group for outline in self._record.workloads.values()))
        every = (outline for name, outline in self._record.workloads.items() if name in found)
        return sorted(every, key=lambda outline: groups.index(outline.group))

    def cell(self, dialect: str, outline: Outline, facts: Facts) -> Cell | None:
        """The number of a contestant; None when it takes no part."""
        result = self._results.get((dialect, outline.name, facts.name))
        if result is None:
            return None
        wrong = result.failure or self._difference(result)
        if wrong or not result.rounds:
            return Cell(facts, outline, dialect, wrong=wrong or "not measured")
        hand, marked = self._baseline(dialect, outline, facts)
        beside = 0.0 if hand is None else median(hand.rounds)
        value = median(result.rounds)
        return Cell(
            facts,
            outline,
            dialect,
            value / outline.operations,
            min(result.rounds) / outline.operations,
            max(result.rounds) / outline.operations,
            value / beside if beside else None,
            marked,
            len(result.rounds) < max(len(other.rounds) for _, other in self._on(dialect, outline)),
        )

    def _on(self, dialect: str, outline: Outline) -> Iterator[tuple[Facts, Result]]:
        for facts in self.contestants(dialect):
            result = self._results.get((dialect, outline.name, facts.name))
            if result is not None and result.rounds and not result.failure:
                yield facts, result

    def _difference(self, result: Result) -> str:
        """Why the rows are not those of the others: of hand-written code, else of whoever comes first."""
        outline = self._record.workloads[result.workload]
        for facts, other in self._on(result.dialect, outline):
            if other.checksum != result.checksum and result.rounds:
                return f"its rows are not those of {facts.title}"
            return ""
        return ""

    def _baseline(self, dialect: str, outline: Outline, facts: Facts) -> tuple[Result | None, bool]:
        """The result of hand-written code, and whether it is on another driver."""
        by_driver = {
            hand.drivers[dialect]: result
            for hand, result in self._on(dialect, outline)
            if hand.kind is Kind.HAND and dialect in hand.drivers
        }
        same = by_driver.get(facts.drivers[dialect])
        return (same, False) if same is not None else (by_driver.get(_MAIN_DRIVERS[dialect]), True)

    def wrongs(self) -> list[Cell]:
        """Numbers that count for nothing."""
        cells = (
            self.cell(dialect, outline, facts)
            for dialect in self.dialects()
            for outline in self.outlines(dialect)
            for facts in self.contestants(dialect)
        )
        return [cell for cell in cells if cell is not None and cell.wrong]

    def verdicts(self, dialect: str) -> Iterator[Verdict]:
        """For each workload with an aim, and each way isomorph takes part in it."""
        for outline in self.outlines(dialect):
            for facts in self.contestants(dialect):
                ours = self.cell(dialect, outline, facts)
                if facts.kind is Kind.OURS and ours is not None and ours.value is not None:
                    yield self._judged(ours)

    def _judged(self, ours: Cell) -> Verdict:
        dialect, outline = ours.dialect, ours.outline
        value = ours.value or 0.0
        others = [self.cell(dialect, outline, facts) for facts in self.contestants(dialect)]
        same = [cell for cell in others if cell is not None and cell.value is not None and cell.driver == ours.driver]
        hand = next((cell for cell in same if cell.facts.kind is Kind.HAND), None)
        peers = [(cell.value or 0.0, cell) for cell in same if cell.facts.kind is Kind.PEER]
        best, peer = min(peers, key=lambda each: each[0]) if peers else (None, None)
        factor = None if best is None or not value else best / value
        by_hand = by_peers = None
        aim = outline.aim(dialect)
        if aim is not None:
            by_hand = _by_hand(ours, hand)
            by_peers = None if factor is None or aim.peers is None else factor >= aim.peers
        return Verdict(ours, hand, peer, by_hand, by_peers, factor)


def _by_hand(ours: Cell, hand: Cell | None) -> bool | None:
    aim, value = ours.outline.aim(ours.dialect), ours.value or 0.0
    if aim is None:
        return None
    reached = None if aim.most is None else value <= aim.most
    if hand is None or not hand.value or (aim.ratio is None and aim.extra_us is None):
        return reached
    by_ratio = aim.ratio is not None and value <= hand.value * aim.ratio
    by_extra = aim.extra_us is not None and value <= hand.value + aim.extra_us * 1e-6
    return (by_ratio or by_extra) and reached is not False
