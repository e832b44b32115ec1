"""What type checkers say of an application's code: accepted, refused, and shown in the editor."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "typing_cases"
GOLDEN = Path(__file__).parent / "revealed"
_RELATIONS = (
    "relations.typing",
    "relations.not_loaded",
    "relations.morph_types",
    "relations.related_typing",
    "relations.pivot_typing",
)


def _mypy(*files: Path) -> str:
    command = [sys.executable, "-m", "mypy", "--no-error-summary", *map(str, files)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout


def _pyright(*files: Path) -> list[dict[str, object]]:
    """What pyright says of files, a dictionary each: its own form of JSON."""
    config = Path(__file__).parent / "pyrightconfig.json"
    command = [sys.executable, "-m", "pyright", "-p", str(config), "--outputjson"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    found: list[dict[str, object]] = json.loads(done.stdout)["generalDiagnostics"]
    names = {str(file) for file in files}
    return [item for item in found if item["file"] in names]


@pytest.fixture(scope="module")
def pyright_output() -> list[dict[str, object]]:
    """What pyright says of all cases, in one run."""
    return _pyright(*sorted(CASES.glob("*.py")))


@pytest.mark.feature("models.typing", "queries.typing", *_RELATIONS)
def test_mypy_accepts_and_refuses_as_the_cases_say() -> None:
    assert _mypy(*CASES.glob("accepted*.py"), *CASES.glob("refused*.py")) == ""


@pytest.mark.feature("models.typing", "queries.typing", *_RELATIONS)
def test_pyright_accepts_and_refuses_as_the_cases_say(pyright_output: list[dict[str, object]]) -> None:
    wrong = [f"{item['range']}: {item['message']}" for item in pyright_output if item["severity"] == "error"]
    assert wrong == []


def test_each_refused_line_is_refused_by_both_checkers() -> None:
    """A case that only one of them refuses must say so."""
    lines = [line for file in CASES.glob("refused*.py") for line in file.read_text().splitlines()]
    only_one = [line.strip() for line in lines if ("# type: ignore" in line) != ("# pyright: ignore" in line)]
    assert only_one == ["""User.query().where_raw("name = '" + name + "'")  # pyright: ignore[reportArgumentType]"""]


@pytest.mark.feature("models.typing")
def test_mypy_reveals_what_the_golden_file_says(update_golden: bool) -> None:
    output = _mypy(CASES / "revealed.py")
    without_modules = re.sub(r"\b(?:[a-z_]+\.)+(?=[A-Za-z_])", "", output)
    # mypy lists the keys of a TypedDict in another order when it has the module in its cache.
    without_keys = re.sub(r"TypedDict\((\w+), \{[^{}]*\}\)", r"\1", without_modules)
    _compare("mypy.txt", re.findall(r'Revealed type is "(.*)"', without_keys), update_golden)


@pytest.mark.feature("models.typing")
def test_pyright_reveals_what_the_golden_file_says(
    pyright_output: list[dict[str, object]], update_golden: bool
) -> None:
    said = [str(item["message"]) for item in pyright_output if item["severity"] == "information"]
    _compare("pyright.txt", [line.rpartition(' is "')[2].removesuffix('"') for line in said], update_golden)


def _compare(name: str, said: list[str], update_golden: bool) -> None:
    asked = re.findall(r"^reveal_type\((.*)\)$", (CASES / "revealed.py").read_text(), re.MULTILINE)
    text = "".join(f"{expression}\n    {answer}\n" for expression, answer in zip(asked, said, strict=True))
    golden = GOLDEN / name
    if update_golden:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text)
    assert text == golden.read_text()
