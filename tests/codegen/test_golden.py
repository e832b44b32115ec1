"""Golden packages: what is generated, byte for byte; that it imports; that type checkers, linter and formatter accept it."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from isomorph_generator.codegen import check, compared, package_folder, rendered, write
from isomorph_generator.schema import SchemaErrors, load
from tests.codegen.projects import CASES, GOLDEN, ROOT, files_of

PACKAGES = [case for case in CASES if case != "errors"]


def _run(*command: str, cwd: Path, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return (done.stdout + done.stderr).strip() if done.returncode else ""


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All golden trees outside of the repository, so that its configuration does not reach them."""
    folder = tmp_path_factory.mktemp("golden")
    for case in PACKAGES:
        shutil.copytree(GOLDEN / case, folder / case, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    return folder


def test_each_case_says_why_it_exists() -> None:
    for case in CASES:
        assert (GOLDEN / case / "README.md").read_text().count("\n") == 1, case


@pytest.mark.feature("generator.golden", "generator.generate", "relations.declared")
@pytest.mark.parametrize("case", PACKAGES)
def test_the_package_is_the_golden_one(case: str, update_golden: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(GOLDEN / case)
    project = load(Path("schema.toml"))
    check(project)
    texts = rendered(project)
    if update_golden:
        write(compared(package_folder(project), texts))
    assert texts == files_of(project)


@pytest.mark.feature("generator.golden")
def test_mistakes_are_told_in_the_golden_lines(update_golden: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(GOLDEN / "errors")
    with pytest.raises(SchemaErrors) as raised:
        check(load(Path("schema.toml")))
    if update_golden:
        Path("errors.txt").write_text(f"{raised.value}\n")
    assert f"{raised.value}\n" == Path("errors.txt").read_text()


@pytest.mark.feature("generator.reproducible")
@pytest.mark.parametrize("case", ["hostile", "relations"])
def test_the_same_schema_gives_the_same_bytes_whatever_the_hash_seed(case: str) -> None:
    program = (
        "import hashlib, pathlib\n"
        "from isomorph_generator.schema import load\n"
        "from isomorph_generator.codegen import rendered\n"
        "texts = rendered(load(pathlib.Path('schema.toml')))\n"
        "raise SystemExit(hashlib.sha256(repr(texts).encode()).hexdigest())"
    )
    assert len({_run("-c", program, cwd=GOLDEN / case, PYTHONHASHSEED=seed) for seed in ("1", "2")}) == 1


@pytest.mark.feature("generator.golden")
def test_all_modules_import_without_a_warning(trees: Path) -> None:
    program = (
        "import importlib, pathlib, sys\n"
        "for case in sorted(pathlib.Path().iterdir()):\n"
        "    sys.path.insert(0, str(case.resolve()))\n"
        "    for path in sorted(case.rglob('*.py')):\n"
        "        importlib.import_module('.'.join(path.relative_to(case).with_suffix('').parts))\n"
    )
    assert _run("-W", "error", "-c", program, cwd=trees) == ""


@pytest.mark.feature("generator.clean_code", "generator.golden", "relations.lazy_typing")
def test_mypy_strict_accepts_all_trees(trees: Path) -> None:
    modules = [str(path) for case in PACKAGES for path in sorted((trees / case).rglob("*.py"))]
    options = ["--strict", "--warn-unreachable", "--config-file=", "--explicit-package-bases", "--namespace-packages"]
    search = os.pathsep.join([*(str(trees / case) for case in PACKAGES), str(ROOT / "runtime")])
    assert _run("-m", "mypy", *options, *modules, cwd=trees, MYPYPATH=search) == ""


@pytest.mark.feature("generator.clean_code", "generator.golden", "relations.lazy_typing")
def test_pyright_strict_accepts_all_trees(trees: Path) -> None:
    settings = {
        "include": ["."],
        "extraPaths": [*PACKAGES, str(ROOT / "runtime")],
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
    }
    (trees / "pyrightconfig.json").write_text(json.dumps(settings))
    assert _run("-m", "pyright", "--pythonpath", sys.executable, cwd=trees, PYRIGHT_PYTHON_IGNORE_WARNINGS="1") == ""


@pytest.mark.feature("generator.clean_code", "generator.golden")
@pytest.mark.parametrize("width", [88, 120])
def test_the_formatter_has_nothing_to_do(trees: Path, width: int) -> None:
    packages = [str(path) for path in trees.glob("*/golden_*")]
    options = ["--check", "--isolated", "--no-cache", f"--line-length={width}"]
    assert _run("-m", "ruff", "format", *options, *packages, cwd=trees) == ""


@pytest.mark.feature("generator.clean_code", "generator.golden")
@pytest.mark.parametrize("case", PACKAGES)
def test_the_linter_has_nothing_to_say(trees: Path, case: str) -> None:
    assert _run("-m", "ruff", "check", "--isolated", "--no-cache", ".", cwd=trees / case) == ""


def test_no_generated_line_asks_a_checker_to_look_away() -> None:
    for case in PACKAGES:
        for path in (GOLDEN / case).glob("golden_*/**/*.py"):
            assert not re.search(r"type: ignore|noqa|pyright:", path.read_text()), path
