"""`orm init`: a small project that runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from isomorph_generator.cli.common import fail
from isomorph_generator.cli.schema import json_schema_text

__all__ = ["CI_FILES", "FILES", "init"]

_SCHEMA = """\
#:schema ./schema.json

[project]
package = "generated"
migrations = "migrations"
dialects = ["sqlite", "postgresql", "mysql"]

[connections.default]
url = { env = "DATABASE_URL", default = "sqlite:///app.db" }

[models.Note]
doc = "Something worth remembering."
timestamps = true
fillable = ["title", "body"]

[models.Note.fields]
title = "string(200)"
body = "text?"
pinned = { type = "bool", default = false }

[models.Note.scopes]
pinned = "pinned = true"
"""

_ENV = """\
# Copy to .env, which is read beside the schema; do not commit that one. Without a URL, SQLite's app.db is used.
# DATABASE_URL=postgresql://user:password@localhost:5432/app
# DATABASE_URL=mysql://user:password@localhost:3306/app
"""

_MAIN = '''\
"""A first program. Before it: orm generate && orm migrate make && orm migrate run."""

from generated import Note


def main() -> None:
    Note.create(title="Buy milk")
    Note.create(title="Learn isomorph", body="Start with the schema.", pinned=True)
    notes = Note.query().where(Note.title.contains("isomorph")).order_by(Note.created_at.desc()).get()
    for note in notes:
        print(note.id, note.title, note.created_at)
    print(Note.query().count(), "notes,", Note.query().pinned().count(), "pinned")


if __name__ == "__main__":
    main()
'''

FILES = {"schema.toml": _SCHEMA, ".env.example": _ENV, "main.py": _MAIN}
"""The files of a new project and their texts, without schema.json, which describes the schema to editors."""

_WORKFLOW = """\
# Refuses a pull request whose schema, revisions and generated code do not agree, or whose revisions lose or block something.
name: migrations
on:
  pull_request:
  push:
    branches: [main]
permissions:
  contents: read
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.13"
      - run: pip install "isomorph[cli]"
      - run: orm schema validate
      - run: orm migrate check --format github
"""

_HOOK = """\
# pre-commit install; then each commit is checked.
repos:
  - repo: local
    hooks:
      - id: isomorph-check
        name: schema, revisions and generated code agree
        entry: orm migrate check
        language: system
        pass_filenames: false
        files: '(^|/)(schema\\.toml|migrations/.*\\.py|generated/.*)$'
"""

CI_FILES = {".github/workflows/migrations.yml": _WORKFLOW, ".pre-commit-config.yaml": _HOOK}
"""What `--ci` adds."""


def init(
    directory: Annotated[Path, typer.Argument(help="The folder of the project; made if it is not there.")] = Path(),
    ci: Annotated[
        bool,
        typer.Option("--ci", help="Also write a GitHub workflow and a pre-commit hook that run `orm migrate check`."),
    ] = False,
) -> None:
    """Start a project: a schema with a first model, and a program that uses it.

    Example: orm init notes && cd notes && orm generate && orm migrate make && orm migrate run && python main.py

    A file that is there already is never overwritten; then nothing is written, and the exit code is 2.
    """
    texts = {**FILES, "schema.json": json_schema_text(), **(CI_FILES if ci else {})}
    paths = {directory / name: text for name, text in texts.items()}
    there = [str(path) for path in paths if path.exists() or path.is_symlink()]
    if there:
        fail(f"not overwritten: {', '.join(there)} (move it away, or choose another folder)")
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for path, text in paths.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        fail(f"{error.filename or directory}: cannot be written: {error.strerror} (choose another folder)")
    for path in paths:
        typer.echo(f"wrote {path}")
    inside = "" if directory.resolve() == Path.cwd() else f"cd {directory} && "
    typer.echo(f"next: {inside}orm generate && orm migrate make && orm migrate run && python main.py")
