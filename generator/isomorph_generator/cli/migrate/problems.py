"""What `orm migrate lint` and `check` have found: printed for people, for scripts, or as annotations of GitHub."""

from __future__ import annotations

import ast
import enum
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from isomorph.migrate import Revisions
from isomorph_generator.cli.common import print_json
from isomorph_generator.cli.migrate.common import shown
from isomorph_generator.lint import Finding, Severity

__all__ = ["Format", "FormatOption", "Problem", "counted", "of_finding", "print_problems"]


class Format(enum.StrEnum):
    """How problems are printed."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


FormatOption: TypeAlias = Annotated[
    Format, typer.Option("--format", help="For people, for scripts, or as annotations of a GitHub workflow.")
]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong.

    Attributes:
        part: what was looked at: `schema`, `revisions`, `history`, `generated`, `lint`.
        severity: how bad it is.
        message: in one sentence, with how to mend it.
        path: the file that it is in; None for none.
        line: in that file, from 1 on.
        code: of the rule; empty for what is no rule.
    """

    part: str
    severity: Severity
    message: str
    path: Path | None = None
    line: int = 1
    code: str = ""


def of_finding(finding: Finding, revisions: Revisions) -> Problem:
    """What a rule has found, with its place in the file of the revision."""
    revision = revisions.get(finding.revision)
    path = None if revision is None else revision.path
    line = 1 if path is None or finding.position is None else _line(path, finding.position)
    return Problem("lint", finding.severity, str(finding).partition(": ")[2], path, line, finding.code)


def _line(path: Path, position: int) -> int:
    """Where an operation of `upgrade` stands; 1 where that cannot be told."""
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return 1
    for statement in tree.body:
        match statement:
            case (
                ast.AnnAssign(target=ast.Name("upgrade"), value=ast.List(items) | ast.Tuple(items))
                | ast.Assign(targets=[ast.Name("upgrade")], value=ast.List(items) | ast.Tuple(items))
            ) if position < len(items):
                return items[position].lineno
            case _:
                pass
    return 1


def print_problems(problems: Sequence[Problem], form: Format, *, ok: bool, nothing: str) -> None:
    """Print what was found, worst last on a terminal; `nothing` where there is none."""
    match form:
        case Format.JSON:
            print_json({"ok": ok, "problems": [_json(problem) for problem in problems]})
        case Format.GITHUB:
            for problem in problems:
                typer.echo(_annotation(problem))
        case Format.TEXT:
            for problem in problems:
                typer.echo(f"{_coloured(problem.severity)}: {problem.message}")
            typer.echo(counted(problems) if problems else nothing)


def counted(problems: Sequence[Problem]) -> str:
    """How many of each kind: `1 error, 2 warnings`."""
    numbers = [(severity.value, sum(problem.severity is severity for problem in problems)) for severity in Severity]
    return ", ".join(f"{number} {word}{'' if number == 1 else 's'}" for word, number in numbers if number)


def _json(problem: Problem) -> dict[str, object]:
    return {
        "part": problem.part,
        "severity": problem.severity.value,
        "code": problem.code or None,
        "message": problem.message,
        "path": None if problem.path is None else shown(problem.path),
        "line": None if problem.path is None else problem.line,
    }


_WORDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_COLOURS = {Severity.ERROR: typer.colors.RED, Severity.WARNING: typer.colors.YELLOW, Severity.NOTE: typer.colors.CYAN}


def _annotation(problem: Problem) -> str:
    """A workflow command (GitHub documentation, Workflow commands): its values have no line ends, commas or colons of theirs."""

    def escaped(text: str) -> str:
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    def value(text: str) -> str:
        return escaped(text).replace(":", "%3A").replace(",", "%2C")

    where = [] if problem.path is None else [f"file={value(shown(problem.path))}", f"line={problem.line}"]
    title = value(problem.code or f"orm migrate check: {problem.part}")
    return f"::{_WORDS[problem.severity]} {','.join([*where, f'title={title}'])}::{escaped(problem.message)}"


def _coloured(severity: Severity) -> str:
    return typer.style(severity.value, fg=_COLOURS[severity])
