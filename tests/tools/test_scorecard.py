"""The scorecard: what the plugin counts, what the page shows, which claims fail."""

import json
import textwrap
from collections.abc import Mapping
from pathlib import Path

import pytest

import scorecard
from scorecard import Cell, Results, check, load_features, main, marks_of_page, marks_of_run, render

pytestmark = pytest.mark.feature("project.scorecard")

FEATURES = """
[[group]]
name = "Queries"
features = [
    { id = "queries.where", title = "where" },
    { id = "queries.in", title = "in" },
    { id = "queries.typing", title = "typing", scope = "project" },
]
[[group]]
name = "Generator"
features = [{ id = "generator.check", title = "check", scope = "project" }]
"""

CONFTEST = """
import pytest
@pytest.fixture(scope="session", params=["sqlite", "postgresql", "mysql"])
def dialect(request):
    return request.param
"""


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project with a list of features and a `dialect`, whose tests run with the plugin."""
    # Without a server to ask, the mysql dialect is taken to be MariaDB.
    monkeypatch.delenv("ISOMORPH_TEST_MYSQL", raising=False)
    monkeypatch.delenv("CI", raising=False)
    pytester.makeconftest(CONFTEST)
    pytester.makeini("[pytest]\ntestpaths = tests\naddopts = -p tests.support.scorecard -p no:cacheprovider\n")
    (pytester.path / "tests").mkdir()
    (pytester.path / "tests/scorecard.toml").write_text(FEATURES)
    (pytester.path / "docs").mkdir()
    return pytester


def run_tests(project: pytest.Pytester, source: str, *arguments: str) -> Results:
    (project.path / "tests/test_it.py").write_text("import pytest\n" + textwrap.dedent(source))
    project.runpytest_inprocess("--scorecard=results.json", *arguments)
    return Results.load(project.path / "results.json")


def marks(results: Results, feature: str) -> dict[str, str]:
    return {column: cell.mark for column, cell in results.cells.get(feature, {}).get("sync", {}).items()}


def test_a_passed_test_shows_its_feature_on_each_dialect(project: pytest.Pytester) -> None:
    results = run_tests(project, '@pytest.mark.feature("queries.where")\ndef test_it(dialect): pass')
    assert marks(results, "queries.where") == {"sqlite": "✓", "postgresql": "✓", "mariadb": "✓"}
    assert results.complete


def test_one_failure_turns_the_cell_red_however_many_pass(project: pytest.Pytester) -> None:
    results = run_tests(
        project,
        """
        @pytest.mark.feature("queries.where")
        def test_passes(dialect): pass
        @pytest.mark.feature("queries.where")
        def test_fails(dialect): assert dialect != "postgresql"
        """,
    )
    assert marks(results, "queries.where") == {"sqlite": "✓", "postgresql": "✗", "mariadb": "✓"}


def test_an_error_in_a_fixture_turns_the_cell_red(project: pytest.Pytester) -> None:
    results = run_tests(
        project,
        """
        @pytest.fixture
        def broken(request):
            yield
            assert False
        @pytest.mark.feature("generator.check")
        def test_it(broken): pass
        """,
    )
    assert marks(results, "generator.check") == {"project": "✗"}


def test_an_expected_failure_shows_nothing(project: pytest.Pytester) -> None:
    results = run_tests(
        project, '@pytest.mark.xfail\n@pytest.mark.feature("generator.check")\ndef test_it(): assert False'
    )
    assert marks(results, "generator.check") == {"project": "✗"}


def test_a_skip_shows_nothing_and_a_lack_is_named(project: pytest.Pytester) -> None:
    results = run_tests(
        project,
        """
        @pytest.mark.feature("queries.in")
        def test_lacks(dialect):
            if dialect == "mysql": pytest.skip("mysql lacks returning")
            if dialect == "sqlite": pytest.skip("another reason")
        """,
    )
    assert marks(results, "queries.in") == {"sqlite": "–", "postgresql": "✓", "mariadb": "lacks returning"}


def test_the_cells_come_back_from_the_workers_of_xdist(project: pytest.Pytester) -> None:
    results = run_tests(
        project,
        """
        @pytest.mark.feature("queries.where", "queries.typing")
        @pytest.mark.parametrize("n", range(4))
        def test_it(dialect, n): pass
        """,
        "-n",
        "2",
    )
    assert results.cells["queries.where"]["sync"]["mariadb"] == Cell(passed=4)
    assert results.cells["queries.typing"]["sync"]["project"] == Cell(passed=12)


def test_a_test_without_a_dialect_may_name_it(project: pytest.Pytester) -> None:
    results = run_tests(project, '@pytest.mark.feature("queries.where", dialect="sqlite")\ndef test_it(): pass')
    assert marks(results, "queries.where") == {"sqlite": "✓"}


def test_a_part_of_the_tests_is_no_whole_run(project: pytest.Pytester) -> None:
    source = '@pytest.mark.feature("generator.check")\ndef test_it(): pass'
    assert not run_tests(project, source, "-k", "it").complete
    assert not run_tests(project, source, "tests/test_it.py").complete


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["alone", "xdist"])
def test_an_unknown_feature_fails_the_collection(project: pytest.Pytester, workers: tuple[str, ...]) -> None:
    (project.path / "tests/test_it.py").write_text(
        'import pytest\n@pytest.mark.feature("queries.wher")\ndef test_it(dialect): pass'
    )
    result = project.runpytest_inprocess(*workers)
    assert result.ret != 0
    result.stdout.fnmatch_lines(['*test_it*no feature "queries.wher" (did you mean "queries.where"?)*'])


def test_a_feature_per_dialect_needs_a_dialect(project: pytest.Pytester) -> None:
    (project.path / "tests/test_it.py").write_text(
        'import pytest\n@pytest.mark.feature("queries.where")\ndef test_it(): pass'
    )
    result = project.runpytest_inprocess()
    assert result.ret != 0
    result.stdout.fnmatch_lines(['*"queries.where" is shown per dialect*use the fixture `dialect`*'])


def green(*columns: str) -> dict[str, dict[str, Cell]]:
    return {"sync": {column: Cell(passed=1) for column in columns}}


ALL_GREEN = {
    "queries.where": green("sqlite", "postgresql", "mariadb"),
    "queries.in": green("sqlite", "postgresql", "mariadb"),
    "queries.typing": green("project"),
    "generator.check": green("project"),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository whose page is what ALL_GREEN shows."""
    for folder in ("tests", "docs/guide"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "tests/scorecard.toml").write_text(FEATURES)
    write_page(tmp_path, Results(complete=True, cells=ALL_GREEN))
    return tmp_path


def write_page(root: Path, results: Results) -> None:
    features = load_features(root / "tests/scorecard.toml")
    (root / "docs/scorecard.md").write_text(render(features.values(), marks_of_run(features, results)))


def changed(**cells: dict[str, dict[str, Cell]]) -> Results:
    renamed = {name.replace("__", "."): cell for name, cell in cells.items()}
    return Results(complete=True, cells={**ALL_GREEN, **renamed})


def test_the_page_has_a_row_per_feature_and_a_column_per_database(root: Path) -> None:
    page = (root / "docs/scorecard.md").read_text()
    assert "| Feature | SQLite | PostgreSQL | MariaDB | MySQL 8 |" in page
    assert "| where `queries.where` | ✓ | ✓ | ✓ | – |" in page
    assert "| Feature | Shown |" in page
    assert "| check `generator.check` | ✓ |" in page
    assert page.index("## Queries") < page.index("## Generator")


def test_the_page_can_be_read_back(root: Path) -> None:
    marks = marks_of_page((root / "docs/scorecard.md").read_text())
    assert marks["queries.where"] == {"sqlite": "✓", "postgresql": "✓", "mariadb": "✓", "mysql": "–"}
    assert marks["generator.check"] == {"project": "✓"}


def test_results_survive_the_file(tmp_path: Path) -> None:
    results = Results(complete=True, cells={"a.b": {"sync": {"sqlite": Cell(1, 2, ["returning"])}}})
    results.save(tmp_path / "deep/results.json")
    assert Results.load(tmp_path / "deep/results.json") == results


def test_a_true_page_passes(root: Path) -> None:
    (root / "README.md").write_text("# it\n\n<!-- feature: queries.where, generator.check -->\nIt does.\n")
    assert check(changed(), root, ci=True) == []


def test_a_page_that_shows_more_than_the_tests_fails(root: Path) -> None:
    wrong = check(changed(queries__in=green("sqlite", "postgresql")), root, ci=True)
    assert wrong == [
        "docs/scorecard.md is not what the tests show: make scorecard",
        "  queries.in on mariadb: the page says ✓, the tests say –",
    ]


@pytest.mark.parametrize(
    ("cells", "complaint"),
    [
        (green("sqlite", "postgresql"), '"queries.in" is claimed, but not shown by a test: mariadb –'),
        ({"sync": {"sqlite": Cell(1, 1)}}, "sqlite ✗, postgresql –, mariadb –"),
        (
            {"sync": {column: Cell(lacks=["x"]) for column in ("sqlite", "postgresql", "mariadb")}},
            '"queries.in" is claimed, but no database has it',
        ),
    ],
    ids=["not shown", "failed", "nowhere"],
)
def test_a_false_claim_fails_with_its_place(root: Path, cells: dict[str, dict[str, Cell]], complaint: str) -> None:
    (root / "docs/guide/queries.md").write_text("# Queries\n\n<!-- feature: queries.where,\n  queries.in -->\n")
    results = changed(queries__in=cells)
    write_page(root, results)
    (wrong,) = check(results, root, ci=True)
    assert wrong.startswith("docs/guide/queries.md:3: ")
    assert complaint in wrong


def test_a_claim_holds_where_one_database_lacks_it(root: Path) -> None:
    (root / "README.md").write_text("<!-- feature: queries.in -->")
    cells = {**green("sqlite", "postgresql")["sync"], "mariadb": Cell(lacks=["returning"])}
    results = changed(queries__in={"sync": cells})
    write_page(root, results)
    assert check(results, root, ci=True) == []


def test_a_claim_of_an_unknown_feature_fails(root: Path) -> None:
    (root / "README.md").write_text("\n\n<!-- feature: queries.magic -->")
    assert check(changed(), root, ci=True) == [
        'README.md:3: no feature "queries.magic" (add it to tests/scorecard.toml)'
    ]


def without_mariadb() -> Mapping[str, dict[str, dict[str, Cell]]]:
    per_dialect = green("sqlite", "postgresql")
    return {**ALL_GREEN, "queries.where": per_dialect, "queries.in": per_dialect}


def test_a_column_that_did_not_run_fails_in_ci_only(root: Path) -> None:
    (root / "README.md").write_text("<!-- feature: queries.where -->")
    results = Results(complete=True, cells=dict(without_mariadb()))
    assert check(results, root, ci=False) == []
    assert len(check(results, root, ci=True)) == 4  # the page, two rows of it, the claim


def test_a_part_of_the_tests_says_nothing_and_fails_in_ci(root: Path) -> None:
    results = Results(complete=False)
    assert check(results, root, ci=False) == []
    assert check(results, root, ci=True) == ["only a part of the tests ran, so that nothing can be said"]


def test_the_command_tells_what_did_not_run(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)
    Results(complete=True, cells=dict(without_mariadb())).save(root / "results.json")
    assert main(["check", str(root / "results.json")], root) == 0
    assert capsys.readouterr().out == "scorecard: NOT RUN: mariadb\n"
    assert main(["render", str(root / "results.json")], root) == 1


def test_the_command_writes_the_page(root: Path) -> None:
    page = (root / "docs/scorecard.md").read_text()
    (root / "docs/scorecard.md").unlink()
    changed().save(root / "results.json")
    assert main(["render", str(root / "results.json")], root) == 0
    assert (root / "docs/scorecard.md").read_text() == page


@pytest.mark.parametrize(
    ("features", "complaint"),
    [
        ('{ id = "a.b", title = "x" }, { id = "a.b", title = "y" }', "a.b is there twice"),
        ('{ id = "a.b" }', "title"),
        ('{ id = "a.b", title = "x", scope = "moon" }', "unknown scope"),
        ('{ id = "a.b", title = "x | y" }', "a.b: the title is a cell"),
    ],
    ids=["twice", "no title", "scope", "pipe"],
)
def test_a_bad_list_of_features_is_told(tmp_path: Path, features: str, complaint: str) -> None:
    path = tmp_path / "scorecard.toml"
    path.write_text(f'[[group]]\nname = "G"\nfeatures = [{features}]\n')
    with pytest.raises(scorecard.BadFeatures) as caught:
        load_features(path)
    assert complaint in str(caught.value)


def test_the_projects_own_list_is_sound(request: pytest.FixtureRequest) -> None:
    features = load_features(request.config.rootpath / "tests/scorecard.toml")
    assert json.dumps([*features])
    assert len(features) > 80
