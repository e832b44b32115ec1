"""A change of the schema, from the edit to the database that has it: `python -m examples.change`.

Works on a copy of the showcase with a SQLite file of its own, so that nothing of the clone changes. What is printed is what the
commands of a terminal say.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.rule import Rule
from rich.syntax import Syntax

ROOT = Path(__file__).resolve().parents[1]
WIDTH = 100

EDITS = (
    ('nickname = "string(50)?"', 'handle = { type = "string(50)?", was = "nickname", index = true }'),
    ('seconds = { type = "double", min = 0 }', 'seconds = { type = "double", min = 0, default = 0 }'),
    (
        'Category = ["electronics", "clothing", "book", "other"]',
        'Category = ["electronics", "clothing", "book", "music", "other"]',
    ),
    ('fillable = ["name", "email", "nickname", "age"]', 'fillable = ["name", "email", "handle", "age"]'),
)
"""Lines of the schema, and what becomes of them: a rename with an index, a default, a value of an enum."""

STEPS = (
    ("The revision that is missing, from the difference; no database is needed", ("migrate", "make", "handles")),
    ("What it would do to this database, for review", ("migrate", "sql")),
    ("What is risky about it", ("migrate", "lint")),
    ("Deploying it", ("migrate", "run")),
    ("The code for it", ("generate",)),
    ("The gate for CI: schema, revisions and code agree", ("migrate", "check")),
    ("And the database is what the schema says", ("migrate", "drift")),
    ("All of it can be taken back", ("migrate", "rollback")),
)


def orm(folder: Path, *arguments: str) -> str:
    """Run the command in a folder; what it printed.

    Raises:
        SystemExit: it failed.
    """
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder / 'change.db'}",
        "NO_COLOR": "1",
        "COLUMNS": str(WIDTH),
    }
    command = [sys.executable, "-m", "isomorph_generator", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    if done.returncode:
        raise SystemExit(f"orm {' '.join(arguments)}:\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def copied(folder: Path) -> None:
    """The showcase as it is: its schema, its revisions, its database without rows, its code."""
    shutil.copy(ROOT / "schema.toml", folder)
    shutil.copytree(ROOT / "migrations", folder / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    orm(folder, "migrate", "run")
    orm(folder, "generate")


def edited(folder: Path) -> str:
    """Edit the schema; the lines that changed, as a diff shows them."""
    path = folder / "schema.toml"
    text, lines = path.read_text(encoding="utf-8"), list[str]()
    for before, after in EDITS:
        if before not in text:
            raise SystemExit(f"the schema has no line {before!r} any more")
        text = text.replace(before, after)
        lines += [f"- {before}", f"+ {after}"]
    path.write_text(text, encoding="utf-8")
    return "\n".join(lines)


def main() -> int:
    """Run the program; returns its exit code."""
    parser = argparse.ArgumentParser("examples.change", description="A change of the schema, from edit to database.")
    parser.parse_args()
    console = Console()
    console.width = min(console.width, WIDTH) if console.is_terminal else WIDTH
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copied(folder)
        console.print(Rule("[bold]A change of the schema", align="left"))
        console.print(Syntax(edited(folder), "diff", theme="ansi_dark", background_color="default", word_wrap=True))
        for number, (title, arguments) in enumerate(STEPS, start=1):
            console.print(Rule(f"[bold]{number}. {title}", align="left"))
            console.print(f"[bold cyan]$ orm {' '.join(arguments)}")
            lines = orm(folder, *arguments).splitlines()
            shown = lines if len(lines) <= 40 else [*lines[:38], f"... {len(lines) - 38} lines more"]
            console.print(escape("\n".join(shown)), soft_wrap=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
