"""Curves are measured: each kind of growth on each dialect, and every command."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import commands, scale, shapes
from benchmarks.harness.growth import GROWTHS
from benchmarks.harness.rounds import Watcher

pytestmark = [pytest.mark.feature("project.benchmarks"), pytest.mark.long]


def test_every_growth_gives_a_curve(dialect: str, tmp_path: Path) -> None:
    curves = scale.of_rows([dialect], tmp_path, 0.0, Watcher(), sizes=(10, 200))

    assert [curve.name for curve in curves] == [growth.name for growth in GROWTHS]
    for curve in curves:
        assert curve.stopped == ""
        assert [point.size for point in curve.points] == [10, 200]
        assert all(point.seconds > 0 for point in curve.points)
    assert list(tmp_path.iterdir()) == []


def test_columns_and_relations_give_curves() -> None:
    sizes = {"columns": (3, 6), "relations": (1, 3)}
    curves = scale.of_shapes(Watcher(), sizes)

    assert [(curve.unit, curve.name) for curve in curves] == [
        (unit, name) for unit, titles in shapes.TITLES.items() for name in titles
    ]
    for curve in curves:
        assert tuple(point.size for point in curve.points) == sizes[curve.unit]
        assert all(point.seconds > 0 for point in curve.points)


def test_every_command_is_measured(tmp_path: Path) -> None:
    found = dict(commands.measured(15, tmp_path))

    assert list(found) == list(commands.TITLES)
    assert all(point.seconds > 0 and point.peak > 10**7 for point in found.values())
    revisions = sorted(path.name for path in tmp_path.glob("migrations/*.py"))
    assert len(revisions) == 2, "the tables, then the field"
