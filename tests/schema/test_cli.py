"""`orm schema` and `orm init`, as a user runs them."""

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from isomorph_generator.cli.common import Exit, find_schema, load_project
from isomorph_generator.cli.init import FILES, init
from isomorph_generator.cli.schema import app as schema_app
from isomorph_generator.schema import load
from isomorph_generator.schema.json_schema import json_schema

WRONG = '[models.User.fields]\nage = "intt"\n[models.Post.relations]\nauthor = { belongs_to = "Usr" }\n'
WRONG_LINES = [
    'schema.toml:2:7 models.User.fields.age: no type "intt" (did you mean "int"?)',
    'schema.toml:4:25 models.Post.relations.author: no model "Usr" (did you mean "User"?)',
]


def _run(*arguments: str) -> Result:
    app = typer.Typer()
    app.add_typer(schema_app, name="schema")
    app.command("init")(init)
    return CliRunner().invoke(app, list(arguments))


@pytest.mark.feature("schema.validate")
def test_exit_codes_are_published() -> None:
    assert [(code.name, int(code)) for code in Exit] == [
        ("DONE", 0),
        ("CHECK_FAILED", 1),
        ("WRONG_INPUT", 2),
        ("DATABASE", 3),
    ]


# --- validate ------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("schema.validate")
def test_a_right_schema_is_told_in_one_line(folder: Path) -> None:
    Path("schema.toml").write_text('[enums]\nSize = ["a"]\n[models.User]\n[models.Post]\n')
    result = _run("schema", "validate")
    assert result.exit_code == 0
    assert result.stdout == "schema.toml: ok (2 models, 0 relations, 1 enum, 2 tables, 1 file)\n"
    assert result.stderr == ""


@pytest.mark.feature("schema.validate", "schema.errors")
def test_every_mistake_is_a_line_of_stderr_and_the_exit_code_is_2(folder: Path) -> None:
    Path("schema.toml").write_text(WRONG)
    result = _run("schema", "validate")
    assert result.exit_code == Exit.WRONG_INPUT
    assert result.stdout == ""
    assert result.stderr.splitlines() == WRONG_LINES


@pytest.mark.feature("schema.validate")
def test_validate_as_json(folder: Path) -> None:
    Path("schema.toml").write_text("[models.User]\n")
    result = _run("schema", "validate", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"ok": True, "models": 1, "relations": 0, "enums": 0, "tables": 1, "files": 1}
    Path("schema.toml").write_text(WRONG)
    result = _run("schema", "validate", "--json")
    assert result.exit_code == 2
    told = json.loads(result.stdout)
    assert not told["ok"]
    assert told["errors"][0] == {
        "file": "schema.toml",
        "line": 2,
        "column": 7,
        "path": "models.User.fields.age",
        "error": "UnknownType",
        "what": 'no type "intt"',
        "mend": 'did you mean "int"?',
    }


@pytest.mark.feature("schema.validate")
def test_the_schema_is_found_upwards_or_given(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("schema.toml").write_text(WRONG)
    Path("a/b").mkdir(parents=True)
    monkeypatch.chdir("a/b")
    assert find_schema(None) == Path("../../schema.toml")
    assert _run("schema", "validate").stderr.startswith("../../schema.toml:2:7 ")
    monkeypatch.chdir(folder)
    Path("a/other.toml").write_text("[models.User]\n")
    assert _run("schema", "validate", "--schema", "a/other.toml").exit_code == 0
    assert _run("schema", "validate", "-s", ".").stderr.splitlines() == WRONG_LINES


@pytest.mark.feature("schema.validate")
def test_a_missing_schema_is_wrong_input(tmp_path: Path, folder: Path) -> None:
    result = _run("schema", "validate", "--schema", "x.toml")
    assert result.exit_code == 2
    assert result.stderr == "x.toml: no such file (give the schema with --schema, or make one with `orm init`)\n"
    if not any((parent / "schema.toml").exists() for parent in folder.parents):
        assert _run("schema", "validate").exit_code == 2


@pytest.mark.feature("schema.validate")
def test_other_commands_load_the_project_the_same_way(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("schema.toml").write_text("[models.User]\n")
    assert load_project().catalog.model("User").table.name == "users"
    Path("schema.toml").write_text(WRONG)
    with pytest.raises(typer.Exit) as left:
        load_project(Path("schema.toml"))
    assert left.value.exit_code == 2
    assert capsys.readouterr().err.splitlines() == WRONG_LINES


# --- fmt -----------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("schema.fmt")
def test_fmt_formats_all_files_and_keeps_comments(folder: Path) -> None:
    Path("schema.toml").write_text('include=["a.toml"] # all\n[models.User]\n')
    Path("a.toml").write_text("[ models.Post ] #posts\n")
    check = _run("schema", "fmt", "--check")
    assert check.exit_code == Exit.CHECK_FAILED
    assert '+include = ["a.toml"]  # all' in check.stdout.splitlines()
    assert check.stderr == "2 files to format (run `orm schema fmt`)\n"
    assert Path("a.toml").read_text() == "[ models.Post ] #posts\n"
    assert _run("schema", "fmt").stdout.splitlines() == ["formatted schema.toml", "formatted a.toml"]
    assert Path("schema.toml").read_text() == 'include = ["a.toml"]  # all\n\n[models.User]\n'
    assert Path("a.toml").read_text() == "[models.Post]  # posts\n"
    assert _run("schema", "fmt", "--check").stdout == "2 files formatted already\n"


@pytest.mark.feature("schema.fmt")
def test_fmt_needs_toml_but_no_right_schema(folder: Path) -> None:
    Path("schema.toml").write_text("[modles]\nx=1\n")
    assert _run("schema", "fmt").exit_code == 0
    Path("schema.toml").write_text("[modles\n")
    result = _run("schema", "fmt")
    assert result.exit_code == 2
    assert result.stderr.startswith("schema.toml:1:8: not TOML: ")
    assert Path("schema.toml").read_text() == "[modles\n"


# --- json-schema -----------------------------------------------------------------------------------------------------------


@pytest.mark.feature("schema.json_schema")
def test_the_json_schema_is_printed_or_written(folder: Path) -> None:
    result = _run("schema", "json-schema")
    assert json.loads(result.stdout) == json_schema()
    assert _run("schema", "json-schema", "--output", "schema.json").stdout == ""
    assert Path("schema.json").read_text() == result.stdout
    failed = _run("schema", "json-schema", "-o", "no/such/folder.json")
    assert failed.exit_code == 2
    assert (
        failed.stderr == "no/such/folder.json: cannot be written: No such file or directory (give another --output)\n"
    )


# --- init ----------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("schema.init")
def test_init_makes_a_project_with_a_valid_schema(folder: Path) -> None:
    result = _run("init", "notes")
    assert result.exit_code == 0
    assert sorted(path.name for path in Path("notes").iterdir()) == sorted([*FILES, "schema.json"])
    assert result.stdout.splitlines()[-1] == (
        "next: cd notes && orm generate && orm migrate make && orm migrate run && python main.py"
    )
    text = Path("notes/schema.toml").read_text()
    assert text.startswith("#:schema ./schema.json\n")
    assert json.loads(Path("notes/schema.json").read_text()) == json_schema()
    project = load(Path("notes/schema.toml"))
    assert [model.name for model in project.catalog.models] == ["Note"]
    assert set(project.dialects) == {"sqlite", "postgresql", "mysql"}
    assert _run("schema", "fmt", "--check", "-s", "notes").exit_code == 0
    compile(Path("notes/main.py").read_text(), "main.py", "exec")


@pytest.mark.feature("schema.init")
@pytest.mark.parametrize("there", [*FILES, "schema.json"])
def test_init_overwrites_nothing_and_then_writes_nothing(folder: Path, there: str) -> None:
    Path(there).write_text("mine")
    result = _run("init")
    assert result.exit_code == 2
    assert result.stderr == f"not overwritten: {there} (move it away, or choose another folder)\n"
    assert [path.name for path in Path().iterdir()] == [there]
    assert Path(there).read_text() == "mine"


@pytest.mark.feature("schema.init")
def test_init_into_a_place_that_is_no_folder(folder: Path) -> None:
    Path("file").write_text("")
    result = _run("init", "file/below")
    assert result.exit_code == 2
    assert result.stderr.startswith("file/below: cannot be written: ")


@pytest.mark.feature("schema.init")
def test_the_project_of_init_runs(folder: Path) -> None:
    orm = shutil.which("orm", path=str(Path(sys.executable).parent))
    if orm is None:
        pytest.skip("the orm command is not installed beside this Python")

    def run(*command: str) -> str:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    run(orm, "init")
    run(orm, "generate")
    run(orm, "migrate", "make")
    run(orm, "migrate", "run")
    lines = run(sys.executable, "main.py").splitlines()
    assert len(lines) == 2
    assert "Learn isomorph" in lines[0]
    assert lines[1] == "2 notes, 1 pinned"
    assert tomllib.loads(Path("schema.toml").read_text())["models"].keys() == {"Note"}
