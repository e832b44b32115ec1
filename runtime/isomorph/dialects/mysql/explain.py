"""EXPLAIN FORMAT=JSON of MariaDB and MySQL, ANALYZE FORMAT=JSON of MariaDB, and the tree that MySQL's EXPLAIN ANALYZE gives."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from isomorph.dialects.standard.explain import Explained, ExplainNode, masked

__all__ = ["RULES"]

_CONDITIONS = ("attached_condition", "index_condition", "having_condition", "sort_key", "range_checked_for_each_record")
_NO_STEPS = frozenset({"cost_info", "r_engine_stats", "query_optimization", "buffer_type"})
_WHOLE = frozenset({"ALL", "index"})
"""Kinds of access that read a table, or one of its indexes, from end to end."""


class MySQLExplain:
    """How MariaDB and MySQL are asked."""

    def question(self, sql: str, capabilities: frozenset[str], *, analyze: bool) -> str:
        if not analyze:
            return f"EXPLAIN FORMAT=JSON {sql}"
        # MySQL 8 has its own word for it, and up to 8.2 gives a tree as text, whatever the format.
        return f"ANALYZE FORMAT=JSON {sql}" if "analyze_json" in capabilities else f"EXPLAIN ANALYZE {sql}"

    def answer(self, rows: Sequence[tuple[Any, ...]]) -> Explained:
        raw: str = rows[0][0]
        if not raw.lstrip().startswith("{"):
            return Explained(_tree(raw.splitlines()), raw)
        found: dict[str, Any] = json.loads(raw)
        optimization, block = found.get("query_optimization", {}), found.get("query_block", {})
        return Explained(tuple(_steps(found)), raw, optimization.get("r_total_time_ms"), block.get("r_total_time_ms"))


# --- JSON ----------------------------------------------------------------------------------------------------------------


def _steps(content: Mapping[str, Any]) -> Iterator[ExplainNode]:
    """The steps that stand in an object, whatever it is."""
    for key, value in content.items():
        if key in _NO_STEPS:
            continue
        if isinstance(value, dict):
            yield _step(key, cast("dict[str, Any]", value))
        elif isinstance(value, list):
            items: list[Any] = [item for item in cast("list[object]", value) if isinstance(item, dict)]
            found = [step for item in items for step in _steps(item)]
            if key == "nested_loop" and len(found) > 1:
                yield ExplainNode("nested loop", children=tuple(found))
            else:
                yield from found


def _step(key: str, content: Mapping[str, Any]) -> ExplainNode:
    access: str | None = content.get("access_type")
    table: str | None = content.get("table_name")
    loops: int | None = content.get("r_loops")
    per_loop = content.get("r_rows")
    operation = content.get("message") or (access if key == "table" else None) or key.replace("_", " ")
    return ExplainNode(
        operation=operation,
        detail="; ".join(masked(str(content[name])) for name in _CONDITIONS if name in content),
        table=table,
        index=content.get("key"),
        is_full_scan=access in _WHOLE and table is not None and not table.startswith("<"),
        rows=content.get("rows", content.get("rows_examined_per_scan")),
        cost=_cost(content),
        actual_rows=content.get("r_output_rows", None if per_loop is None else per_loop * (loops or 0)),
        time_ms=content.get("r_total_time_ms", content.get("r_table_time_ms")),
        loops=loops,
        children=tuple(_steps(content)),
    )


def _cost(content: Mapping[str, Any]) -> float | None:
    """MariaDB 11 has `cost`; MySQL an object of texts; MariaDB 10 neither."""
    if "cost" in content:
        return float(content["cost"])
    parts = content.get("cost_info", {})
    found = next((parts[name] for name in ("query_cost", "prefix_cost", "sort_cost") if name in parts), None)
    return None if found is None else float(found)


# --- the tree of MySQL ---------------------------------------------------------------------------------------------------

# https://dev.mysql.com/doc/refman/8.0/en/explain.html#explain-analyze; four spaces a level.
_LINE = re.compile(
    r"(?P<indent> *)-> (?P<what>.*?)"
    r"(?:  \(cost=(?:[\d.e+]*?\.\.)?(?P<cost>[\d.e+]+) rows=(?P<rows>[\d.e+]+)\))?"
    r"(?: +\((?:actual time=[\d.e+-]+\.\.(?P<time>[\d.e+-]+) rows=(?P<actual>[\d.e+]+) loops=(?P<loops>\d+)|never executed)\))?"
)
_WHAT = re.compile(
    r"(?P<operation>[^:]*?)(?: on (?P<table>\S+))?(?: using (?P<index>\S+))?(?:(?:: | (?=\())(?P<detail>.*))?"
)


def _tree(lines: Sequence[str]) -> tuple[ExplainNode, ...]:
    found = [match for match in map(_LINE.fullmatch, lines) if match is not None]

    def below(start: int, end: int) -> tuple[ExplainNode, ...]:
        """The steps of a range of lines, the outermost with those below them."""
        if start == end:
            return ()
        indent = len(found[start]["indent"])
        heads = [at for at in range(start, end) if len(found[at]["indent"]) <= indent]
        return tuple(
            _tree_step(found[head], below(head + 1, following))
            for head, following in zip(heads, [*heads[1:], end], strict=True)
        )

    return below(0, len(found))


def _tree_step(line: re.Match[str], children: tuple[ExplainNode, ...]) -> ExplainNode:
    what = _WHAT.fullmatch(line["what"])
    assert what is not None  # each of its parts may be empty
    loops = None if line["loops"] is None else int(line["loops"])
    operation = what["operation"]
    return ExplainNode(
        operation=operation,
        detail=masked(what["detail"] or ""),
        table=what["table"],
        index=what["index"],
        is_full_scan=operation in ("Table scan", "Index scan", "Covering index scan"),
        rows=_number(line["rows"]),
        cost=_number(line["cost"]),
        actual_rows=None if loops is None else float(line["actual"]) * loops,
        time_ms=None if loops is None else float(line["time"]) * loops,
        loops=loops,
        children=children,
    )


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)


RULES = MySQLExplain()
