"""EXPLAIN QUERY PLAN of SQLite: one line per step, as English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from isomorph.dialects.standard.explain import Explained, ExplainNode, masked
from isomorph.errors import NotSupported

__all__ = ["RULES"]

# https://www.sqlite.org/eqp.html; the wording is not promised to stay, so what is not recognised is kept whole.
_READS = re.compile(
    r"(?P<operation>SCAN|SEARCH) (?!CONSTANT ROW$)(?:TABLE )?(?P<table>\(.+?\)|.+?)"
    r"(?: AS (?P<alias>\S+))?"
    r"(?: USING (?:AUTOMATIC )?(?:PARTIAL )?(?:COVERING )?(?:INDEX (?P<index>\S+)|(?P<key>INTEGER PRIMARY KEY)|INDEX))?"
    r"(?: \((?P<condition>.*)\))?(?P<rest> .*)?"
)


class SQLiteExplain:
    """How SQLite is asked."""

    def question(self, sql: str, capabilities: frozenset[str], *, analyze: bool) -> str:
        del capabilities
        if analyze:
            raise NotSupported("EXPLAIN ANALYZE", "sqlite", "leave out analyze, and time the query itself")
        return f"EXPLAIN QUERY PLAN {sql}"

    def answer(self, rows: Sequence[tuple[Any, ...]]) -> Explained:
        below: dict[int, list[tuple[int, str]]] = {}
        for number, parent, _, text in rows:
            below.setdefault(parent, []).append((number, text))

        def steps(parent: int) -> tuple[ExplainNode, ...]:
            return tuple(_step(text, steps(number)) for number, text in below.get(parent, ()))

        raw = "\n".join(f"{number} {parent} {text}" for number, parent, _, text in rows)
        return Explained(steps(0), raw)


def _step(text: str, children: tuple[ExplainNode, ...]) -> ExplainNode:
    found = _READS.fullmatch(text)
    if found is None:
        return ExplainNode(masked(text), children=children)
    index = found["index"] or found["key"]
    detail = " ".join(filter(None, (found["condition"], (found["rest"] or "").strip())))
    table = found["table"]
    return ExplainNode(
        found["operation"],
        masked(detail),
        table=table,
        alias=found["alias"],
        index=index,
        # A SCAN that follows an index reads all of it; a sub-query is no table.
        is_full_scan=found["operation"] == "SCAN" and not table.startswith("("),
        children=children,
    )


RULES = SQLiteExplain()
