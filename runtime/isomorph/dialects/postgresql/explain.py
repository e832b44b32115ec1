"""EXPLAIN (FORMAT JSON) of PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from isomorph.dialects.standard.explain import Explained, ExplainNode, masked

__all__ = ["RULES"]

_AGGREGATES = {"Hashed": "HashAggregate", "Sorted": "GroupAggregate", "Mixed": "MixedAggregate"}
_INDEX_SCANS = ("Index Scan", "Index Only Scan")
_CONDITIONS = (
    "Index Cond",
    "Recheck Cond",
    "TID Cond",
    "Hash Cond",
    "Merge Cond",
    "Join Filter",
    "Order By",
    "One-Time Filter",
    "Filter",
    "Sort Key",
    "Presorted Key",
    "Group Key",
    "Cache Key",
    "Function Call",
)
"""What a step's detail is made of, in this order, by PostgreSQL's names."""


class PostgreSQLExplain:
    """How PostgreSQL is asked."""

    def question(self, sql: str, capabilities: frozenset[str], *, analyze: bool) -> str:
        del capabilities
        return f"EXPLAIN (FORMAT JSON{', ANALYZE, BUFFERS' if analyze else ''}) {sql}"

    def answer(self, rows: Sequence[tuple[Any, ...]]) -> Explained:
        raw: str = rows[0][0]
        found = json.loads(raw)[0]
        return Explained((_step(found["Plan"]),), raw, found.get("Planning Time"), found.get("Execution Time"))


def _step(plan: Mapping[str, Any]) -> ExplainNode:
    node = plan["Node Type"]
    join = plan.get("Join Type", "Inner")
    if node == "Aggregate":
        node = _AGGREGATES.get(plan.get("Strategy", ""), node)
    elif join != "Inner":
        node = f"{node.removesuffix(' Join')} {join} Join"
    table = plan.get("Relation Name") or plan.get("CTE Name") or plan.get("Function Name")
    loops: int | None = plan.get("Actual Loops")
    return ExplainNode(
        operation=node,
        detail=_detail(plan),
        table=table,
        alias=plan.get("Alias") if plan.get("Alias") != table else None,
        index=plan.get("Index Name"),
        is_full_scan=node == "Seq Scan" or (node in _INDEX_SCANS and "Index Cond" not in plan),
        rows=plan.get("Plan Rows"),
        cost=plan.get("Total Cost"),
        actual_rows=_times(plan.get("Actual Rows"), loops),
        time_ms=_times(plan.get("Actual Total Time"), loops),
        loops=loops,
        children=tuple(map(_step, plan.get("Plans", ()))),
    )


def _detail(plan: Mapping[str, Any]) -> str:
    parts = [plan["Subplan Name"]] if "Subplan Name" in plan else []
    for name in _CONDITIONS:
        if name in plan:
            value = plan[name]
            text = value if isinstance(value, str) else ", ".join(value)
            parts.append(f"{name.lower()} {masked(text)}")
    return "; ".join(parts)


def _times(per_loop: float | None, loops: int | None) -> float | None:
    """PostgreSQL gives means over the loops."""
    return None if per_loop is None or loops is None else per_loop * loops


RULES = PostgreSQLExplain()
