"""`orm migrate lint` and `check`: what they print, and what they leave with."""

import json
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from isomorph_generator.cli import COMMANDS, command
from isomorph_generator.cli.init import CI_FILES

SCHEMA = """
[project]
package = "generated"
dialects = ["sqlite", "postgresql"]

[connections.default]
url = { env = "DATABASE_URL", default = "sqlite:///app.db" }

[models.User.fields]
name = "string(100)"
nickname = "string(50)?"
"""


class Project:
    """A scratch project and the command run in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "schema.toml").write_text(SCHEMA, encoding="utf-8")

    def orm(self, *arguments: str, code: int = 0) -> Result:
        result = CliRunner().invoke(command(), list(arguments))
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result

    def migrate(self, *arguments: str, code: int = 0) -> Result:
        return self.orm("migrate", *arguments, code=code)

    def edit(self, old: str, new: str, path: str = "schema.toml") -> None:
        text = (self.root / path).read_text(encoding="utf-8")
        assert old in text
        (self.root / path).write_text(text.replace(old, new), encoding="utf-8")

    @property
    def last(self) -> str:
        return str(max((self.root / "migrations").glob("*.py")).relative_to(self.root))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    made = Project(tmp_path)
    made.orm("generate")
    made.migrate("make", "initial")
    return made


def _drop_nickname(project: Project) -> None:
    project.edit('nickname = "string(50)?"\n', "")
    project.orm("generate")
    project.migrate("make", "zz_no_nicknames")


@pytest.mark.feature("lint.command")
def test_lint_says_what_is_lost_and_where(project: Project) -> None:
    assert "nothing found in 1 revision" in project.migrate("lint").output
    _drop_nickname(project)
    found = project.migrate("lint", code=1).output
    assert "error: MIG002 drop-column" in found
    assert "write lossy(" in found
    assert "1 error, 1 note" in found
    assert "nothing found in 1 revision" in project.migrate("lint", "initial").output
    assert "1 error" in project.migrate("lint", "--since", "initial", code=1).output

    problems: dict[str, Any] = json.loads(project.migrate("lint", "--format", "json", code=1).stdout)
    first: dict[str, Any] = next(problem for problem in problems["problems"] if problem["code"] == "MIG002")
    assert (problems["ok"], first["path"]) == (False, project.last)
    lines = (project.root / project.last).read_text(encoding="utf-8").splitlines()
    assert "DropColumn(" in lines[int(first["line"]) - 1]
    assert f"::error file={project.last},line={first['line']},title=MIG002::MIG002 drop-column" in (
        project.migrate("lint", "--format", "github", code=1).output
    )


@pytest.mark.feature("lint.command")
def test_strict_is_about_warnings_too(project: Project) -> None:
    project.edit("nickname = ", 'handle = { type = "string(50)?", was = "nickname" }\n# nickname = ')
    project.migrate("make", "zz_handle")
    assert "warning: MIG012" in project.migrate("lint").output
    project.migrate("lint", "--strict", code=1)
    head = "revision = Revision(\n"
    project.edit(head, f'{head}    allow={{"MIG012": "nobody reads it yet"}},\n', project.last)
    assert "MIG012" not in project.migrate("lint", "--strict").output


@pytest.mark.feature("lint.command")
def test_the_rules_are_listed(project: Project) -> None:
    assert "MIG007  error    not-null-without-default: " in project.migrate("lint", "--rules").output
    assert len(json.loads(project.migrate("lint", "--rules", "--format", "json").stdout)) >= 23


@pytest.mark.feature("lint.command")
def test_run_refuses_what_the_linter_finds_and_what_is_lost(project: Project) -> None:
    project.migrate("run")
    _drop_nickname(project)
    refused = project.migrate("run", code=1).output
    assert "error: MIG002" in refused
    assert "nothing was run" in refused
    refused = project.migrate("run", "--no-lint", code=2).output
    assert "drop column users.nickname loses the values of users.nickname" in refused
    assert 'write lossy("what is lost and why that is fine", DropColumn(...)) around it' in refused

    text = (project.root / project.last).read_text(encoding="utf-8")
    text = re.sub(r"(    DropColumn\(.*\)),\n\]", r'    lossy("nobody reads it",\n\1),\n]', text, flags=re.DOTALL)
    (project.root / project.last).write_text(
        text.replace("    reverse,\n", "    lossy,\n    reverse,\n"), encoding="utf-8"
    )
    ran = project.migrate("run").output
    assert "note: MIG013 drop-in-use" in ran
    assert "drop column users.nickname" in ran


@pytest.mark.feature("lint.check")
def test_check_sees_that_all_agree(project: Project) -> None:
    assert "schema, revisions and generated code agree" in project.migrate("check").output
    assert json.loads(project.migrate("check", "--format", "json").stdout) == {"ok": True, "problems": []}

    project.edit('nickname = "string(50)?"', 'nickname = "string(50)?"\nage = "int?"')
    told = project.migrate("check", code=1).output
    assert "no revision makes what the schema says: add column users.age (run `orm migrate make`" in told
    assert "is not what the schema makes (run `orm generate`, and commit it)" in told

    project.orm("generate")
    project.migrate("make", "zz_age")
    project.migrate("check")
    (project.root / "generated" / "__init__.py").write_text("", encoding="utf-8")
    assert "generated/__init__.py is not what" in project.migrate("check", code=1).output


@pytest.mark.feature("lint.check")
def test_check_sees_heads_broken_files_and_findings(project: Project) -> None:
    _drop_nickname(project)
    assert "MIG002" in project.migrate("check", code=1).output
    assert "MIG002" not in project.migrate("check", "--since", "zz_no_nicknames").output
    text = (project.root / project.last).read_text(encoding="utf-8")
    other = project.root / "migrations" / "20990101_000000_other.py"
    other.write_text(re.sub(r'id="[^"]*"', 'id="20990101_000000_other"', text), encoding="utf-8")
    assert "both come last" in project.migrate("check", code=1).output
    other.write_text("def", encoding="utf-8")
    found = project.migrate("check", "--format", "github", code=1).output
    assert f"::error file=migrations/{other.name},line=1,title=orm migrate check%3A revisions::" in found


@pytest.mark.feature("lint.check")
def test_check_live_sees_edited_revisions(project: Project) -> None:
    project.migrate("run")
    project.migrate("check", "--live")
    path = project.last
    (project.root / path).write_text(
        (project.root / path).read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8"
    )
    project.migrate("check")
    assert "was edited after it was applied" in project.migrate("check", "--live", code=1).output


# --- CI ------------------------------------------------------------------------------------------------------------------


@pytest.mark.feature("lint.ci")
def test_init_writes_a_workflow_and_a_hook_of_commands_that_exist(tmp_path: Path) -> None:
    result = CliRunner().invoke(command(), ["init", str(tmp_path / "app"), "--ci"])
    assert result.exit_code == 0, result.output
    for name in CI_FILES:
        text = (tmp_path / "app" / name).read_text(encoding="utf-8")
        assert isinstance(import_module("yaml").safe_load(text), dict)
        commands = re.findall(r"\borm ([a-z]+)(?: ([a-z]+))?((?: --[a-z-]+)*)", text)
        assert commands
        for group, name_, options in commands:
            assert group in COMMANDS
            words = [group, *([name_] if name_ else [])]
            shown = CliRunner().invoke(command(), [*words, "--help"], env={"COLUMNS": "200"}).output
            assert "Usage" in shown
            for option in options.split():
                assert option in shown, (words, option)


@pytest.mark.feature("lint.ci")
def test_init_without_ci_writes_neither(tmp_path: Path) -> None:
    assert CliRunner().invoke(command(), ["init", str(tmp_path / "app")]).exit_code == 0
    assert not any((tmp_path / "app" / name).exists() for name in CI_FILES)
