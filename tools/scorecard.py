"""The scorecard: which feature has been shown by an executed test, on which database.

    python tools/scorecard.py render RESULTS     write docs/scorecard.md from the results of a run
    python tools/scorecard.py check RESULTS      compare it with the run, and check what the docs claim

RESULTS is what `pytest --scorecard=RESULTS` wrote; the features are listed in tests/scorecard.toml. A page of the docs
claims features with a comment: `<!-- feature: queries.where, queries.order_by -->`.
"""

import argparse
import json
import os
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

__all__ = ["COLUMNS", "PROJECT", "Cell", "Feature", "Results", "check", "load_features", "render"]

_ROOT = Path(__file__).parent.parent
_CLAIM = re.compile(r"<!--\s*feature:(?P<ids>.*?)-->", re.DOTALL)
_ROW = re.compile(r"^\| .* \| .* \|$")
_ID = re.compile(r"`([a-z0-9_.]+)`")

PROJECT = "project"
"""The only column of a feature that has nothing to do with databases."""
COLUMNS = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mariadb": "MariaDB", "mysql": "MySQL 8"}
_UNTESTED = frozenset({"mysql"})  # no server to be had for the tests: nobody may claim it, nobody has to show it
_FLAVOUR = "sync"

_SHOWN, _FAILED, _NOT_SHOWN, _LACKS = "✓", "✗", "–", "lacks"


class BadFeatures(Exception):
    """The list of features does not hold what it should."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(path, what)
        self.path, self.what = path, what

    def __str__(self) -> str:
        return f"{self.path}: {self.what}"


@dataclass(frozen=True)
class Feature:
    """One row."""

    id: str
    title: str
    group: str
    scope: Literal["dialect", "project"] = "dialect"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns in which it has to be shown."""
        return (PROJECT,) if self.scope == "project" else tuple(column for column in COLUMNS if column not in _UNTESTED)


@dataclass
class Cell:
    """What the tests of one feature did in one column."""

    passed: int = 0
    failed: int = 0
    lacks: list[str] = field(default_factory=list[str])
    """What the database lacks, where that was the reason of a skip."""

    @property
    def mark(self) -> str:
        """How it is shown."""
        if self.failed:
            return _FAILED
        if self.passed:
            return _SHOWN
        return f"{_LACKS} {', '.join(sorted(set(self.lacks)))}" if self.lacks else _NOT_SHOWN


@dataclass
class Results:
    """What one run of the tests showed."""

    complete: bool
    """Whether all tests were asked for; a part of them cannot show what is missing."""
    cells: dict[str, dict[str, dict[str, Cell]]] = field(default_factory=dict[str, dict[str, dict[str, Cell]]])
    """By feature, flavour and column."""

    def cell(self, feature: str, flavour: str, column: str) -> Cell:
        """Return a cell, made when it is not there."""
        return self.cells.setdefault(feature, {}).setdefault(flavour, {}).setdefault(column, Cell())

    def columns_run(self) -> set[str]:
        """Return the columns in which any test ran."""
        return {
            column
            for flavours in self.cells.values()
            for columns in flavours.values()
            for column, cell in columns.items()
            if cell.passed or cell.failed
        }

    def save(self, path: Path) -> None:
        """Write the results as JSON."""
        path.parent.mkdir(parents=True, exist_ok=True)
        cells = {
            feature: {
                flavour: {column: vars(cell) for column, cell in columns.items()}
                for flavour, columns in flavours.items()
            }
            for feature, flavours in sorted(self.cells.items())
        }
        path.write_text(json.dumps({"complete": self.complete, "cells": cells}, indent=1) + "\n")

    @classmethod
    def load(cls, path: Path) -> "Results":
        """Read what `save` wrote."""
        read: dict[str, Any] = json.loads(path.read_text())
        results = cls(read["complete"])
        for feature, flavours in read["cells"].items():
            for flavour, columns in flavours.items():
                for column, cell in columns.items():
                    results.cells.setdefault(feature, {}).setdefault(flavour, {})[column] = Cell(**cell)
        return results


def load_features(path: Path) -> dict[str, Feature]:
    """Read the list of features.

    Raises:
        BadFeatures: an id is there twice, or a row has a wrong shape.
    """
    features: dict[str, Feature] = {}
    for group in tomllib.loads(path.read_text())["group"]:
        for row in group["features"]:
            try:
                feature = Feature(group=group["name"], **row)
            except TypeError as error:
                raise BadFeatures(path, f"{row}: {error}") from error
            if feature.id in features:
                raise BadFeatures(path, f"{feature.id} is there twice")
            if not _ID.fullmatch(f"`{feature.id}`") or feature.scope not in {"dialect", "project"}:
                raise BadFeatures(path, f"{row}: not an id of small letters, or an unknown scope")
            if "|" in feature.title:
                raise BadFeatures(path, f"{feature.id}: the title is a cell of a table, which a | would end")
            features[feature.id] = feature
    return features


# --- the page ----------------------------------------------------------------------------------

_HEAD = """\
# Scorecard

What isomorph does, shown by tests. This page is written by `make scorecard` from the results of the tests that were
executed; nobody edits it. A cell is {shown} only if at least one test of that feature ran there in that run, against
the real database, and all of them passed; {failed} means that one failed, {not_shown} that no test has shown it yet, and
"{lacks} ..." that the database has no such thing. All columns are the {flavour} interface. MySQL 8 is untested: there is
no server to be had for the tests.
"""


def render(features: Iterable[Feature], marks: Mapping[str, Mapping[str, str]]) -> str:
    """Return the page.

    Args:
        features: the rows, in the order of the page.
        marks: what each cell shows, by feature and column; a missing one is not shown yet.
    """
    head = _HEAD.format(shown=_SHOWN, failed=_FAILED, not_shown=_NOT_SHOWN, lacks=_LACKS, flavour=_FLAVOUR)
    lines = [head]
    by_group: dict[str, list[Feature]] = {}
    for feature in features:
        by_group.setdefault(feature.group, []).append(feature)
    for group, rows in by_group.items():
        lines += (f"## {group}", "")
        for scope, columns in (("dialect", COLUMNS), ("project", {PROJECT: "Shown"})):
            chosen = [row for row in rows if row.scope == scope]
            if chosen:
                lines += (*_table(chosen, columns, marks), "")
    return "\n".join(lines)


def _table(rows: list[Feature], columns: Mapping[str, str], marks: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    yield f"| Feature | {' | '.join(columns.values())} |"
    yield f"| --- |{' :---: |' * len(columns)}"
    for row in rows:
        cells = (marks.get(row.id, {}).get(column, _NOT_SHOWN) for column in columns)
        yield f"| {row.title} `{row.id}` | {' | '.join(cells)} |"


def marks_of_run(features: Mapping[str, Feature], results: Results) -> dict[str, dict[str, str]]:
    """Return what each cell shows after a run."""
    return {
        id_: {column: cell.mark for column, cell in results.cells.get(id_, {}).get(_FLAVOUR, {}).items()}
        for id_ in features
    }


def marks_of_page(page: str) -> dict[str, dict[str, str]]:
    """Read the cells of a rendered page back."""
    titles = {title: column for column, title in COLUMNS.items()} | {"Shown": PROJECT}
    marks: dict[str, dict[str, str]] = {}
    header: list[str] = []
    for line in page.splitlines():
        if not _ROW.match(line):
            continue
        name, *cells = (cell.strip() for cell in line.strip("|").split(" | "))
        if name == "Feature":
            header = cells
        elif ids := _ID.findall(name):
            marks[ids[-1]] = {titles[title]: cell for title, cell in zip(header, cells, strict=False)}
    return marks


# --- the check ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Claim:
    """A page says that a feature is there."""

    place: str
    id: str


def claims(pages: Iterable[Path], root: Path) -> Iterator[Claim]:
    """Return what pages claim, each with `file:line`."""
    for page in pages:
        text = page.read_text()
        for match in _CLAIM.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            for id_ in match["ids"].split(","):
                yield Claim(f"{page.relative_to(root)}:{line}", id_.strip())


def false_claims(
    made: Iterable[Claim],
    features: Mapping[str, Feature],
    marks: Mapping[str, Mapping[str, str]],
    ignored: frozenset[str] = frozenset(),
) -> Iterator[str]:
    """Return a sentence for each claim that the marks do not bear out, columns that are ignored left aside."""
    for claim in made:
        feature = features.get(claim.id)
        if feature is None:
            yield f'{claim.place}: no feature "{claim.id}" (add it to tests/scorecard.toml)'
            continue
        cells = {
            column: marks.get(claim.id, {}).get(column, _NOT_SHOWN)
            for column in feature.columns
            if column not in ignored
        }
        bad = [f"{column} {mark}" for column, mark in cells.items() if mark != _SHOWN and not mark.startswith(_LACKS)]
        if bad:
            yield f'{claim.place}: "{claim.id}" is claimed, but not shown by a test: {", ".join(bad)}'
        elif cells and _SHOWN not in cells.values():
            yield f'{claim.place}: "{claim.id}" is claimed, but no database has it'


def check(results: Results, root: Path, *, ci: bool) -> list[str]:
    """Compare the committed page and the claims of the docs with a run.

    Args:
        results: what the tests showed.
        root: the repository.
        ci: whether a column in which no test ran is a failure; otherwise it is left aside.

    Returns:
        A sentence for each thing that is wrong.
    """
    if not results.complete:
        return ["only a part of the tests ran, so that nothing can be said"] if ci else []
    features = load_features(root / "tests/scorecard.toml")
    page_path = root / "docs/scorecard.md"
    page = page_path.read_text() if page_path.exists() else ""
    marks, before = marks_of_run(features, results), marks_of_page(page)
    ignored = frozenset[str]() if ci else not_run(results)
    for id_ in features:
        for column in ignored & before.get(id_, {}).keys():
            marks[id_][column] = before[id_][column]
    wrong: list[str] = []
    if render(features.values(), marks) != page:
        wrong.append(f"{page_path.relative_to(root)} is not what the tests show: make scorecard")
        wrong += _differences(features, before, marks)
    pages = (page for page in (root / "README.md", *sorted((root / "docs").rglob("*.md"))) if page.exists())
    return wrong + list(false_claims(claims(pages, root), features, marks, ignored))


def _differences(
    features: Iterable[str], before: Mapping[str, Mapping[str, str]], now: Mapping[str, Mapping[str, str]]
) -> Iterator[str]:
    for id_ in features:
        for column in (*COLUMNS, PROJECT):
            old, new = before.get(id_, {}).get(column, _NOT_SHOWN), now.get(id_, {}).get(column, _NOT_SHOWN)
            if old != new:
                yield f"  {id_} on {column}: the page says {old}, the tests say {new}"


def not_run(results: Results) -> frozenset[str]:
    """Return the columns in which no test ran and one should have."""
    return frozenset({*COLUMNS, PROJECT} - _UNTESTED - results.columns_run())


def main(arguments: Sequence[str] | None = None, root: Path = _ROOT) -> int:
    """Render or check; return the exit code."""
    parser = argparse.ArgumentParser(
        "scorecard.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("action", choices=("render", "check"))
    parser.add_argument("results", type=Path)
    options = parser.parse_args(arguments)
    results = Results.load(options.results)
    missing = sorted(not_run(results))
    if options.action == "render":
        if missing or not results.complete:
            print(f"scorecard: not written, the run was not whole (no test on: {', '.join(missing) or '-'})")
            return 1
        features = load_features(root / "tests/scorecard.toml")
        (root / "docs/scorecard.md").write_text(render(features.values(), marks_of_run(features, results)))
        return 0
    if missing and results.complete:
        print(f"scorecard: NOT RUN: {', '.join(missing)}")
    wrong = check(results, root, ci=os.environ.get("CI") == "true")
    for sentence in wrong:
        print(f"scorecard: {sentence}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
