"""Fixtures of all tests: a dialect, an empty database on it, a raw connection to look behind isomorph's back."""

import os
import secrets
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.support.databases import (
    DIALECTS,
    DRIVERS,
    Databases,
    KeptDatabaseUrl,
    RawConnection,
    connect_raw,
    missing_library,
    missing_servers,
    through,
    worker_databases,
)

pytest_plugins = ["pytester", "tests.support.scorecard"]

# The environment of the person who runs the tests must not reach the code under test.
for _name in ("DATABASE_URL", "DB_CONNECTION", "ISOMORPH_ECHO"):
    os.environ.pop(_name, None)

# A loaded machine is no failure of the code; in CI a red run must be red again when repeated.
settings.register_profile(
    "isomorph",
    deadline=None,
    max_examples=min(200, int(os.environ.get("ISOMORPH_EXAMPLES", "40"))),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("ci", settings.get_profile("isomorph"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "isomorph")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("isomorph")
    group.addoption("--update-golden", action="store_true", help="rewrite golden files with what the code gives now")
    group.addoption("--long", action="store_true", help="run the tests that take long, too")
    group.addoption(
        "--dialect", action="append", choices=DIALECTS, help="run only this dialect of each test (may be repeated)"
    )
    group.addoption(
        "--driver",
        choices=tuple(DRIVERS),
        help="run what is run on this client library's dialect, and only that, through it instead of the usual one",
    )


def _asked_driver(config: pytest.Config) -> str | None:
    driver: str | None = config.getoption("--driver")
    return driver


def _asked_dialects(config: pytest.Config) -> tuple[str, ...]:
    driver = _asked_driver(config)
    if driver is not None:
        return (DRIVERS[driver],)
    asked: list[str] | None = config.getoption("--dialect")
    return tuple(asked) if asked else DIALECTS


def pytest_configure(config: pytest.Config) -> None:
    missing = missing_servers(_asked_dialects(config))
    if missing and os.environ.get("CI") == "true":
        reasons = "; ".join(f"{dialect}: {reason}" for dialect, reason in missing.items())
        raise pytest.UsageError(f"CI=true, and a server is missing: {reasons}")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    asked = _asked_dialects(config)
    long = bool(config.getoption("--long"))

    through_driver = _asked_driver(config) is not None

    def is_wanted(item: pytest.Item) -> bool:
        dialect = _dialect_of(item)
        if dialect is None and through_driver:  # most of these have nothing to do with a client library
            wanted = "driver" in getattr(item, "fixturenames", ())
        else:
            wanted = dialect in (None, *asked)
        return wanted and (long or item.get_closest_marker("long") is None)

    unwanted = [item for item in items if not is_wanted(item)]
    if unwanted:
        config.hook.pytest_deselected(items=unwanted)
        items[:] = [item for item in items if is_wanted(item)]


def _dialect_of(item: pytest.Item) -> str | None:
    params: dict[str, object] = getattr(getattr(item, "callspec", None), "params", {})
    dialect = params.get("dialect")
    return dialect if isinstance(dialect, str) else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for dialect, reason in missing_servers(_asked_dialects(config)).items():
        terminalreporter.write_line(f"NOT RUN on {dialect}: {reason}", yellow=True, bold=True)
    driver = _asked_driver(config)
    if driver is not None and (lacking := missing_library(driver)) is not None:
        terminalreporter.write_line(f"NOT RUN through {driver}: {lacking}", yellow=True, bold=True)


@pytest.fixture(scope="session", params=DIALECTS)
def dialect(request: pytest.FixtureRequest) -> str:
    """Each dialect in turn, by name; skips where its server is not there."""
    name: str = request.param
    if reason := missing_servers().get(name):
        pytest.skip(reason)
    return name


@pytest.fixture(scope="session")
def driver(request: pytest.FixtureRequest) -> str | None:
    """The client library of `--driver`, None for the usual ones; skips where it is not installed."""
    name = _asked_driver(request.config)
    if name is not None and (reason := missing_library(name)) is not None:
        pytest.skip(reason)
    return name


@pytest.fixture(autouse=True)
def _required_capabilities(request: pytest.FixtureRequest) -> None:
    """Skip a test marked `requires(...)` on a dialect that lacks one of the capabilities."""
    marks = list(request.node.iter_markers("requires"))
    if not marks:
        return
    from isomorph import dialects

    name: str = request.getfixturevalue("dialect")
    capabilities: frozenset[str] = dialects.get(name).capabilities
    lacking = [capability for mark in marks for capability in mark.args if capability not in capabilities]
    if lacking:
        pytest.skip(f"{name} lacks {', '.join(lacking)}")


@pytest.fixture(scope="session")
def _databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    workerinput: dict[str, str] = getattr(request.config, "workerinput", {})
    run, worker = workerinput.get("testrunuid", secrets.token_hex(4)), workerinput.get("workerid", "main")
    with worker_databases(run, worker) as databases:
        yield databases


def _empty_database(
    dialect: str, purpose: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> str:
    driver: str | None = request.getfixturevalue("driver")
    if dialect == "sqlite":
        return through(f"sqlite:///{tmp_path_factory.mktemp(purpose) / 'test.db'}", driver)
    databases: Databases = request.getfixturevalue("_databases")
    return through(databases.empty(dialect, purpose), driver)


@pytest.fixture
def database_url(dialect: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a database of this dialect, empty when the test begins and its own."""
    return _empty_database(dialect, "test", request, tmp_path_factory)


@pytest.fixture
def other_database_url(dialect: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A second one, for what needs two."""
    return _empty_database(dialect, "other", request, tmp_path_factory)


@pytest.fixture(scope="module")
def module_database_url(dialect: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same for a whole module: empty when its first test begins, for tables that its tests share."""
    return _empty_database(dialect, "module", request, tmp_path_factory)


@pytest.fixture(scope="session")
def kept_database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> KeptDatabaseUrl:
    """The same for all of a worker's tests: for tables that many modules share, each of whose tests begins by emptying them."""
    made: dict[tuple[str, str], str] = {}

    def url(dialect: str, purpose: str) -> str:
        if (dialect, purpose) not in made:
            made[dialect, purpose] = _empty_database(dialect, purpose, request, tmp_path_factory)
        return made[dialect, purpose]

    return url


@pytest.fixture
def raw_connection(database_url: str) -> Iterator[RawConnection]:
    """A plain connection to the database of `database_url` (sqlite3, apsw, psycopg, PyMySQL), in autocommit."""
    connection = connect_raw(database_url)
    yield connection
    connection.close()


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be rewritten."""
    return bool(request.config.getoption("--update-golden"))
