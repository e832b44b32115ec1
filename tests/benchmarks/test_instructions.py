"""The guard of instruction counts: what it compares, and what it says."""

from __future__ import annotations

import pytest

from benchmarks.instructions import ratios, slower


@pytest.mark.feature("project.instructions")
def test_a_loop_that_takes_a_tenth_more_is_told() -> None:
    kept = {"narrow": 1.0, "wide": 1.0}

    assert slower({"narrow": 1.09, "wide": 0.5}, kept) == []
    (line,) = slower({"narrow": 1.12, "wide": 1.0}, kept)
    assert "narrow takes 1.12 times" in line
    assert "12% more" in line


def test_a_loop_that_is_new_or_gone_is_told() -> None:
    found = slower({"narrow": 1.0, "fresh": 1.0}, {"narrow": 1.0, "gone": 1.0})

    assert [line.split()[0] for line in found] == ["fresh", "gone"]


def test_a_loop_without_hand_written_code_is_measured_by_another() -> None:
    counts = {
        "get_by_key": {"hand_sqlite3": 100.0, "isomorph": 150.0},
        "compile": {"isomorph": 900.0},
    }

    assert ratios(counts) == {"get_by_key": 1.5, "compile": 9.0}
