"""The pytest plugin behind `@pytest.mark.feature(...)`: collects what was shown where, for tools/scorecard.py.

Works under xdist: a test's reports carry its cells to the controller, which counts and writes.
"""

import contextlib
import functools
import os
import re
import socket
from collections.abc import Generator
from difflib import get_close_matches
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import pytest

from scorecard import PROJECT, Feature, Results, load_features

_PROPERTY = "scorecard"
_Cells = list[tuple[str, str, str]]
"""Feature, flavour, dialect."""
_LACKS = re.compile(r"Skipped: \w+ lacks (.+)", re.DOTALL)
_features_key = pytest.StashKey[dict[str, Feature]]()


class WrongMark(Exception):
    """A test is marked with something that is no feature, or not with where it shows it."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("isomorph")
    group.addoption("--scorecard", metavar="PATH", help="write which feature was shown on which database, as JSON")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "feature(*ids, dialect=None): the features that this test shows")
    listed = config.rootpath / "tests/scorecard.toml"
    config.stash[_features_key] = load_features(listed) if listed.exists() else {}
    path: str | None = config.getoption("--scorecard")
    if path is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Counter(config, Path(path)), "isomorph-scorecard")


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    wrong: list[str] = []
    for item in report.result or []:
        if isinstance(item, pytest.Item):
            try:
                cells = cells_of(item, collector.config.stash[_features_key])
            except WrongMark as error:
                wrong.append(f"{item.nodeid}: {error}")
            else:
                item.user_properties.append((_PROPERTY, cells))
    if wrong:
        report.outcome, report.result, report.longrepr = "failed", [], "\n".join(wrong)
    return report


def cells_of(item: pytest.Item, features: dict[str, Feature]) -> _Cells:
    """Return the cells that a test is about.

    Raises:
        WrongMark: an unknown feature, or one that is shown per dialect by a test that has none.
    """
    callspec = getattr(item, "callspec", None)
    params: dict[str, object] = callspec.params if callspec is not None else {}
    cells: _Cells = []
    for mark in item.iter_markers("feature"):
        dialect: object = mark.kwargs.get("dialect", params.get("dialect"))
        flavour = str(params.get("flavour", "sync"))
        for id_ in cast("tuple[str, ...]", mark.args):
            feature = features.get(id_)
            if feature is None:
                near = get_close_matches(id_, features, n=1)
                mend = f'did you mean "{near[0]}"?' if near else "add it to tests/scorecard.toml"
                raise WrongMark(f'no feature "{id_}" ({mend})')
            if feature.scope == "project":
                cells.append((id_, flavour, PROJECT))
            elif isinstance(dialect, str):
                cells.append((id_, flavour, dialect))
            else:
                raise WrongMark(
                    f'"{id_}" is shown per dialect, and this test has none (use the fixture `dialect`,'
                    f' or say which: feature("{id_}", dialect="sqlite"))'
                )
    return cells


class _Counter:
    """Counts the reports of a run, and writes."""

    def __init__(self, config: pytest.Config, path: Path) -> None:
        options = config.option
        partial = bool(options.keyword or options.markexpr or getattr(options, "dialect", None) or options.deselect)
        whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS and not partial
        self._results, self._path = Results(complete=whole), path
        self._failed: set[str] = set()
        self._column = functools.cache(_column)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        cells = cast("_Cells", dict(report.user_properties).get(_PROPERTY, ()))
        for feature, flavour, dialect in cells:
            cell = self._results.cell(feature, flavour, self._column(dialect))
            # An expected failure is not a feature that was shown.
            if report.failed or hasattr(report, "wasxfail"):
                cell.failed += report.nodeid not in self._failed
            elif report.passed:
                cell.passed += report.when == "call"
            elif isinstance(report.longrepr, tuple) and (lacks := _LACKS.match(report.longrepr[2])):
                cell.lacks.append(lacks[1])
        if report.failed:
            self._failed.add(report.nodeid)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if session.shouldstop or session.shouldfail:
            self._results.complete = False
        self._results.save(self._path)


def _column(dialect: str) -> str:
    """Return the column of a dialect; both servers of the MySQL dialect have their own."""
    if dialect != "mysql":
        return dialect
    # The first packet of the server names its version: b"...5.5.5-10.11.6-MariaDB-...".
    parts = urlsplit(os.environ.get("ISOMORPH_TEST_MYSQL", ""))
    greeting = b""
    with contextlib.suppress(OSError), socket.create_connection((parts.hostname, parts.port), 5) as connection:
        greeting = connection.recv(200)
    return "mysql" if greeting and b"MariaDB" not in greeting else "mariadb"
