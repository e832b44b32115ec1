"""What databases answer to EXPLAIN, as a tree: samples of real servers, and of MySQL's manual."""

import json
from pathlib import Path
from typing import Any

import pytest

from isomorph import dialects
from isomorph.dialects.standard.explain import ExplainNode, masked
from isomorph.errors import NotSupported

SAMPLES = sorted((Path(__file__).parent / "explain").glob("*/*.json"))
_DIALECTS = {"sqlite": "sqlite", "postgresql": "postgresql", "mariadb": "mysql", "mysql": "mysql"}


def _rows(sample: Path) -> list[tuple[Any, ...]]:
    """A sample as the driver gives it: SQLite's rows as they are, text and documents as one value."""
    found: Any = json.loads(sample.read_text())
    if sample.parent.name == "sqlite":
        return [tuple(row) for row in found]
    return [(found[0],)] if sample.stem == "tree" else [(json.dumps(found),)]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: f"{sample.parent.name}-{sample.stem}")
def test_an_answer_becomes_the_golden_tree(sample: Path, update_golden: bool) -> None:
    found = dialects.get(_DIALECTS[sample.parent.name]).explain.answer(_rows(sample))
    lines = [line for node in found.nodes for line in node.lines()]
    lines += [f"full scan: {node.table}" for root in found.nodes for node in root.walk() if node.is_full_scan]
    lines += [f"{found.planning_ms} ms, {found.execution_ms} ms"] if found.planning_ms is not None else []
    golden = sample.with_suffix(".txt")
    if update_golden:
        golden.write_text("\n".join([*lines, ""]))
    assert "\n".join([*lines, ""]) == golden.read_text()


def test_every_database_has_samples() -> None:
    assert {sample.parent.name for sample in SAMPLES} == set(_DIALECTS)


def test_each_database_is_asked_in_its_own_words() -> None:
    def question(name: str, *, analyze: bool = False, capabilities: frozenset[str] = frozenset()) -> str:
        return dialects.get(name).explain.question("SELECT 1", capabilities, analyze=analyze)

    assert question("sqlite") == "EXPLAIN QUERY PLAN SELECT 1"
    assert question("postgresql") == "EXPLAIN (FORMAT JSON) SELECT 1"
    assert question("postgresql", analyze=True) == "EXPLAIN (FORMAT JSON, ANALYZE, BUFFERS) SELECT 1"
    assert question("mysql") == "EXPLAIN FORMAT=JSON SELECT 1"
    assert question("mysql", analyze=True) == "EXPLAIN ANALYZE SELECT 1"
    mariadb = frozenset({"analyze_json"})
    assert question("mysql", analyze=True, capabilities=mariadb) == "ANALYZE FORMAT=JSON SELECT 1"
    with pytest.raises(NotSupported, match=r"^sqlite has no EXPLAIN ANALYZE \(leave out analyze, and time the query"):
        question("sqlite", analyze=True)


def test_a_step_of_sqlite_that_nobody_knows_is_kept_whole() -> None:
    found = dialects.get("sqlite").explain.answer([(2, 0, 0, "TELEPORT users BY 'magic'"), (3, 2, 0, "SCAN x")])
    assert found.nodes == (
        ExplainNode("TELEPORT users BY '?'", children=(ExplainNode("SCAN", table="x", is_full_scan=True),)),
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("(name = 'it''s'::text)", "(name = '?'::text)"),
        (r"a = 'x\' or ''y'", "a = '?'"),
        ("age > 18", "age > 18"),
        ("'' = 'a'", "'?' = '?'"),
    ],
)
def test_texts_in_conditions_are_masked(text: str, shown: str) -> None:
    assert masked(text) == shown
