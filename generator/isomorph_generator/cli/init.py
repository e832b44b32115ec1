"""`orm init`: a small project that runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from isomorph_generator.cli.common import fail
from isomorph_generator.cli.schema import json_schema_text

__all__ = ["FILES", "init"]

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


def init(
    directory: Annotated[Path, typer.Argument(help="The folder of the project; made if it is not there.")] = Path(),
) -> None:
    """Start a project: a schema with a first model, and a program that uses it.

    Example: orm init notes && cd notes && orm generate && orm migrate make && orm migrate run && python main.py

    A file that is there already is never overwritten; then nothing is written, and the exit code is 2.
    """
    texts = {**FILES, "schema.json": json_schema_text()}
    paths = {directory / name: text for name, text in texts.items()}
    there = [str(path) for path in paths if path.exists() or path.is_symlink()]
    if there:
        fail(f"not overwritten: {', '.join(there)} (move it away, or choose another folder)")
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for path, text in paths.items():
            path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        fail(f"{error.filename or directory}: cannot be written: {error.strerror} (choose another folder)")
    for path in paths:
        typer.echo(f"wrote {path}")
    inside = "" if directory.resolve() == Path.cwd() else f"cd {directory} && "
    typer.echo(f"next: {inside}orm generate && orm migrate make && orm migrate run && python main.py")
