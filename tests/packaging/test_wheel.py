"""What is distributed: the contents of wheel and sdist, and what a bare installation does."""

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

import isomorph_generator
import wheel_contents


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The wheel and the sdist."""
    return wheel_contents.build(tmp_path_factory.mktemp("dist"))


@pytest.mark.feature("project.wheel")
def test_wheel_and_sdist_hold_the_two_packages_and_nothing_else(built: tuple[Path, Path]) -> None:
    wheel, sdist = built
    names = wheel_contents.wheel_names(wheel)
    assert {name.partition("/")[0] for name in names} == {"isomorph", "isomorph_generator"}
    assert {"isomorph/py.typed", "isomorph_generator/py.typed"} <= names
    assert any(name.endswith(".jinja") for name in names)
    expected = wheel_contents.expected_modules()
    assert list(wheel_contents.problems(names, wheel_contents.sdist_names(sdist), expected)) == []


@pytest.mark.feature("project.wheel")
def test_the_check_of_the_contents_sees_what_is_missing_and_what_is_too_much() -> None:
    beside = {"pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "PKG-INFO"}
    expected = {"runtime/isomorph/py.typed", "runtime/isomorph/errors.py"}
    wheel = {"isomorph/py.typed", "tests/conftest.py"}
    assert list(wheel_contents.problems(wheel, expected | beside | {"schema.toml"}, expected)) == [
        "wheel: isomorph/errors.py is missing",
        "wheel: tests/conftest.py should not be there",
        "sdist: schema.toml should not be there",
    ]


@pytest.mark.feature("project.wheel", "errors.missing_extra")
def test_the_bare_wheel_imports_and_its_command_names_the_extra(built: tuple[Path, Path], tmp_path: Path) -> None:
    # Made without pip and filled by ours: a fresh pip alone would take longer than the rest of this test.
    venv.create(tmp_path / "venv", symlinks=True)
    python = tmp_path / "venv/bin/python"
    install = (sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-index", "--no-deps")
    subprocess.run([*install, "--disable-pip-version-check", str(built[0])], check=True)
    # What `pip install isomorph` brings along is lent by our own environment.
    ours, site = Path(sysconfig.get_paths()["purelib"]), next((tmp_path / "venv/lib").glob("*/site-packages"))
    for base in ("annotated_types", "dbutils", "dotenv", "pydantic", "pydantic_core", "typing_inspection"):
        (site / base).symlink_to(ours / base)
    (site / "typing_extensions.py").symlink_to(ours / "typing_extensions.py")

    imported = subprocess.run(
        [python, "-I", "-c", "import isomorph; print(isomorph.__file__)"],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert imported.returncode == 0, imported.stderr
    assert str(tmp_path) in imported.stdout
    command = subprocess.run(
        [tmp_path / "venv/bin/orm", "--help"], check=False, capture_output=True, text=True, cwd=tmp_path
    )
    assert (command.returncode, command.stdout) == (2, "")
    assert command.stderr.count("\n") == 1
    assert command.stderr.endswith('not installed: pip install "isomorph[cli]"\n')


def with_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    """Put another `isomorph_generator.cli` in the place of the real one."""
    (tmp_path / "cli.py").write_text(source)
    monkeypatch.setattr(isomorph_generator, "__path__", [str(tmp_path)])
    for name in [name for name in sys.modules if name.startswith("isomorph_generator.cli")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr(isomorph_generator, "cli", raising=False)


@pytest.fixture(autouse=True)
def _forget_the_other_command(monkeypatch: pytest.MonkeyPatch) -> None:
    # Remembered before a test imports another one in its place, so that the end of the test brings ours back.
    monkeypatch.setitem(sys.modules, "isomorph_generator.cli", sys.modules.get("isomorph_generator.cli") or pytest)
    monkeypatch.delitem(sys.modules, "isomorph_generator.cli")


@pytest.mark.feature("errors.missing_extra")
def test_a_missing_library_of_the_command_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with_command(tmp_path, monkeypatch, "import no_such_library.part")
    assert isomorph_generator.main() == 2
    assert capsys.readouterr().err == (
        'The orm command needs the library "no_such_library", which is not installed: pip install "isomorph[cli]"\n'
    )


@pytest.mark.feature("errors.missing_extra")
@pytest.mark.parametrize("module", ["isomorph_generator.no_such_module", "isomorph.no_such_module"])
def test_a_broken_installation_is_not_taken_for_a_missing_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    with_command(tmp_path, monkeypatch, f"import {module}")
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        isomorph_generator.main()


def test_the_commands_exit_code_is_what_the_command_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_command(tmp_path, monkeypatch, "def main() -> int:\n    return 3\n")
    assert isomorph_generator.main() == 3
