"""What the report makes of numbers: ratios, verdicts, curves; the same numbers give the same bytes."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from benchmarks import report
from benchmarks.harness.contestant import Kind
from benchmarks.harness.curve import Check, Curve, Point, Scale, exponent
from benchmarks.harness.facts import Facts
from benchmarks.harness.record import Outline, Record
from benchmarks.harness.rounds import Result
from benchmarks.harness.verdict import Comparison, Verdict
from benchmarks.harness.words import amount, spread
from benchmarks.harness.workload import Aim, Measure
from tests.docs.pages import ROOT

pytestmark = pytest.mark.feature("project.benchmarks")

_US = 1e-6
_ON = {"sqlite": "sqlite3"}


def _record(ours: float, aim: Aim, **others: float) -> Record:
    """Ten operations that isomorph does in so many microseconds each, and the others by their names."""
    outline = Outline("narrow", "Rows into objects", "Reading", "row", 10, Measure.TIME, {"": aim})
    facts = {
        "isomorph": Facts("isomorph", "isomorph", Kind.OURS, _ON),
        "hand": Facts("hand", "by hand", Kind.HAND, _ON),
        "apsw": Facts("apsw", "by hand on apsw", Kind.HAND, {"sqlite": "apsw"}),
        "peer": Facts("peer", "a peer", Kind.PEER, _ON, "https://example.com/fast", {"wide": "no such thing"}),
        "other": Facts("other", "another driver's peer", Kind.PEER, {"sqlite": "aiosqlite"}),
    }
    results = [
        Result("sqlite", name, "narrow", [value * 10 * _US * part for part in (1.1, 1.0, 0.9)], [], "same")
        for name, value in {"isomorph": ours, **others}.items()
    ]
    return Record(
        machine={"processor": "a processor", "cores": "2", "memory": "4.0 GiB", "python": "CPython 3.11.7"},
        versions={"sqlite": "SQLite 3.40.1"},
        runs=[{"date": "2026-01-02", "command": "python -m benchmarks", "rounds": 3, "seconds": 0.3, "scale": 1}],
        contestants={name: facts[name] for name in ("isomorph", *others)},
        workloads={"narrow": outline},
        results=results,
    )


def _verdict(record: Record) -> Verdict:
    (verdict,) = Comparison(record).verdicts("sqlite")
    return verdict


def _page(record: Record, scale: Scale | None = None) -> str:
    files = {str(path): text for path, text in report.files(record, scale, "## What it means\n\nBy hand.\n")}
    return files["benchmarks.md"]


# --- verdicts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("aim", "ours", "by_hand"),
    [
        (Aim(1.15), 1.14, True),
        (Aim(1.15), 1.16, False),
        (Aim(extra_us=2), 2.99, True),
        (Aim(extra_us=2), 3.01, False),
        (Aim(1.25, extra_us=2), 2.5, True),
        (Aim(most=15 * _US), 14.9, True),
        (Aim(most=15 * _US), 15.1, False),
        (Aim(1.15, most=1 * _US), 1.1, False),
        (Aim(), 9.0, None),
    ],
)
def test_an_aim_beside_hand_written_code(aim: Aim, ours: float, by_hand: bool | None) -> None:
    assert _verdict(_record(ours, aim, hand=1.0)).by_hand is by_hand


@pytest.mark.parametrize(
    ("aim", "peer", "by_peers"),
    [(Aim(), 1.01, True), (Aim(), 0.99, False), (Aim(peers=2), 1.9, False), (Aim(peers=2), 2.1, True)],
)
def test_an_aim_beside_the_best_peer(aim: Aim, peer: float, by_peers: bool) -> None:
    verdict = _verdict(_record(1.0, aim, peer=peer))
    assert verdict.by_peers is by_peers
    assert verdict.peer is not None
    assert verdict.peer.facts.title == "a peer"


def test_a_peer_on_another_driver_is_in_no_verdict_and_marked() -> None:
    record = _record(1.0, Aim(), hand=1.0, other=0.5)
    assert _verdict(record).peer is None
    assert not _verdict(record).missed
    assert "0.50x*" in _page(record)


def test_what_could_not_be_judged_is_neither_reached_nor_missed() -> None:
    alone = _verdict(_record(1.0, Aim(1.15)))
    assert not alone.reached
    assert not alone.missed
    assert _verdict(_record(1.0, Aim(1.15), hand=1.0)).reached


def test_hand_written_code_is_that_on_the_same_driver() -> None:
    record = _record(1.0, Aim(1.15), apsw=0.5, hand=1.0)
    verdict = _verdict(record)
    assert verdict.hand is not None
    assert verdict.hand.facts.name == "hand"
    assert verdict.ours.ratio == pytest.approx(1.0)
    assert not verdict.ours.marked


def test_other_rows_count_for_nothing() -> None:
    record = _record(1.0, Aim(), hand=1.0, peer=0.1)
    record.results[2].checksum = "other"
    (wrong,) = Comparison(record).wrongs()
    assert wrong.wrong == "its rows are not those of by hand"
    assert _verdict(record).peer is None
    assert "| SQLite | narrow: a peer | its rows are not those of by hand |" in _page(record)


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_page_says_what_is_not_reached() -> None:
    page = _page(_record(1.5, Aim(1.15, peers=2.0), hand=1.0, peer=2.0))
    assert (
        "| SQLite | narrow | 1.50 us, 1.50x of hand-written code; a peer takes 2.00 us, 1.33x of isomorph's "
        "| at most 1.15x; the best peer / 2 |"
    ) in page
    assert "| SQLite | isomorph (sqlite3) | 0 of 1 | 0 of 1 |" in page
    assert "measured on 2026-01-02 on a processor (2 cores,\n4.0 GiB) with CPython 3.11.7" in page
    assert "## What it means\n\nBy hand.\n" in page
    assert "[manual](https://example.com/fast) | wide: no such thing |" in page
    assert "![Ratios to hand-written code](benchmarks/sqlite-reading.svg)" in page


def test_the_page_says_that_everything_is_reached() -> None:
    page = _page(_record(1.0, Aim(1.15), hand=1.0, peer=2.0))
    assert "Every aim is reached." in page
    assert "**1.00 us<br>1.00x**<br>±10 %" in page


def test_the_same_numbers_give_the_same_bytes(tmp_path: Path) -> None:
    record, scale = _record(1.5, Aim(1.15), hand=1.0, peer=2.0, other=3.0), _scale(1.0)
    record.write(tmp_path / "results.json", each_run=False)
    scale.write(tmp_path / "scale.json")
    once = dict(report.files(record, scale, "notes"))
    again = dict(report.files(Record.read(tmp_path / "results.json"), Scale.read(tmp_path / "scale.json"), "notes"))

    assert again == once
    assert {str(path) for path in once} == {
        "benchmarks.md",
        "benchmarks/sqlite-reading.svg",
        "benchmarks/scale-sqlite-time.svg",
        "benchmarks/scale-sqlite-memory.svg",
        "benchmarks/scale-orm-time.svg",
        "benchmarks/scale-orm-memory.svg",
    }


def test_charts_are_text_on_any_background() -> None:
    charts = {str(path): text for path, text in report.files(_record(1.5, Aim(), hand=1.0, peer=2.0), None, "")}
    chart = charts["benchmarks/sqlite-reading.svg"]
    words = {"".join(each.itertext()).strip() for each in ET.fromstring(chart).iter() if "text" in each.tag}
    assert {"narrow", "isomorph", "a peer", "times hand-written code (less is better)"} <= words
    assert len(chart) < 30_000
    assert "#ffffff" not in chart
    assert not re.search(r"\d{4}-\d\d-\d\d", chart)


def test_the_page_in_the_docs_is_what_its_numbers_give() -> None:
    docs = ROOT / "docs"
    scale = docs / "benchmarks/scale.json"
    record = Record.read(docs / "benchmarks/results.json")
    notes = (ROOT / "benchmarks/notes.md").read_text()
    files = dict(report.files(record, Scale.read(scale) if scale.exists() else None, notes))

    renew = "renewed by: python -m benchmarks --write --output docs/benchmarks"
    assert files.pop(Path("benchmarks.md")) == (docs / "benchmarks.md").read_text(), renew
    # Another version of matplotlib draws other bytes.
    assert {docs / name for name in files} == set((docs / "benchmarks").glob("*.svg")), renew


# --- curves ----------------------------------------------------------------------------------------------------------


def _scale(power: float) -> Scale:
    points = tuple(
        Point(size, 0.001 + size**power * 1e-6, size * 100) for size in (100, 1_000, 10_000, 100_000, 1_000_000)
    )
    few = tuple(Point(size, size / 1000 * 6, 10**8) for size in (10, 50, 200, 1_000))
    return Scale(
        {"processor": "a processor"},
        {"date": "2026-01-02"},
        [
            Curve("fetch", "rows into objects", "sqlite", "rows", points, stopped="2,000,000 rows took too long"),
            Curve("make", "orm migrate make", "", "models", few, {"1000": 5.0}),
        ],
        [Check("mypy", 50, 3.0, 2.5), Check("pyright", 50, 2.0, 2.5), Check("mypy", 200, 12.0, 11.0)],
    )


def test_curves_are_told_with_their_exponents_and_limits() -> None:
    page = _page(_record(1.0, Aim()), _scale(1.0))
    assert "None is above 1.15: all are linear." in page
    assert "| `make` | 1,000 | 6.00 s | at most 5.00 s | **missed** |" in page
    assert "fetch stops there: 2,000,000 rows took too long." in page
    assert "| checker | 50 models | 200 models |" in page
    assert "| mypy | 3.0 s<br>2.5 s | 12.0 s<br>11.0 s |\n| pyright | 2.0 s<br>2.5 s |  |" in page


def test_what_is_steeper_than_linear_is_named() -> None:
    page = _page(_record(1.0, Aim()), _scale(1.5))
    assert "Steeper than linear (above 1.15): fetch on SQLite (time grows with the power of 1.50)." in page


@pytest.mark.parametrize("power", [0.5, 1.0, 2.0])
def test_an_exponent_is_that_of_the_larger_sizes(power: float) -> None:
    points = [(size, size**power if size >= 1_000 else 31.0) for size in (10, 100, 1_000, 10_000, 100_000)]
    assert exponent(points) == pytest.approx(power)


def test_too_few_sizes_have_no_exponent() -> None:
    assert exponent([]) is None
    assert exponent([(10, 1.0), (100, 10.0)]) is None


# --- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "measure", "said"),
    [
        (1.5, Measure.TIME, "1.50 s"),
        (0.0123, Measure.TIME, "12.3 ms"),
        (123e-6, Measure.TIME, "123 us"),
        (136e-9, Measure.TIME, "136 ns"),
        (30_000_000, Measure.PEAK, "30.0 MB"),
        (214, Measure.MEMORY, "214 B"),
        (-2_000, Measure.PEAK, "-2.00 kB"),
    ],
)
def test_amounts_have_three_digits_and_a_unit(value: float, measure: Measure, said: str) -> None:
    assert amount(value, measure) == said


def test_a_single_round_has_no_spread() -> None:
    cell = _verdict(_record(1.0, Aim())).ours
    assert spread(cell) == "±10 %"
    assert spread(replace(cell, low=cell.value or 0.0, high=cell.value or 0.0)) == ""
