"""`orm schema`: validate, format, print the JSON Schema."""

from __future__ import annotations

import json
from difflib import unified_diff
from pathlib import Path
from typing import Annotated

import typer

from isomorph_generator.cli.common import Exit, JsonOption, SchemaOption, fail, find_schema, print_json
from isomorph_generator.codegen.checks import check
from isomorph_generator.schema import SchemaErrors, load
from isomorph_generator.schema.documents import read_document
from isomorph_generator.schema.formatting import formatted
from isomorph_generator.schema.json_schema import json_schema as made_json_schema

__all__ = ["app", "json_schema_text"]

app = typer.Typer(help="Check, format and describe the schema.", no_args_is_help=True)


@app.command()
def validate(schema: SchemaOption = None, as_json: JsonOption = False) -> None:
    """Check the schema; every mistake of every file in one run.

    Example: orm schema validate --schema app/schema.toml

    Exit code 2 when there are mistakes, each on a line of stderr: file:line:column path: what (how to mend it).
    """
    path = find_schema(schema)
    try:
        project = load(path)
        check(project)
    except SchemaErrors as found:
        if as_json:
            print_json(
                {
                    "ok": False,
                    "errors": [
                        {
                            "file": error.at.file,
                            "line": error.at.line,
                            "column": error.at.column,
                            "path": error.path,
                            "error": type(error).__name__,
                            "what": error.what,
                            "mend": error.mend,
                        }
                        for error in found.errors
                    ],
                }
            )
            raise typer.Exit(Exit.WRONG_INPUT) from None
        fail(str(found))
    catalog = project.catalog
    counts = {
        "models": len(catalog.models),
        "relations": sum(len(model.relations) for model in catalog.models),
        "enums": len(catalog.enums),
        "tables": len(catalog.models) + len(catalog.pivots),
        "files": len(project.files),
    }
    if as_json:
        print_json({"ok": True, **counts})
    else:
        typer.echo(f"{path}: ok ({', '.join(_counted(number, name) for name, number in counts.items())})")


def _counted(number: int, name: str) -> str:
    return f"{number} {name.removesuffix('s') if number == 1 else name}"


@app.command()
def fmt(
    schema: SchemaOption = None,
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit code 1 and a diff if it would.")] = False,
) -> None:
    """Format the schema and the files that it includes: spacing only, comments and order stay.

    Example: orm schema fmt --check
    """
    document = read_document(find_schema(schema))
    if not document.complete:
        fail(str(SchemaErrors(document.errors)))
    changed = 0
    for path in document.files:
        before = path.read_bytes().decode("utf-8-sig")
        after = formatted(before)
        if after == before:
            continue
        changed += 1
        if check:
            lines = unified_diff(before.splitlines(), after.splitlines(), str(path), str(path), lineterm="")
            typer.echo("\n".join(lines))
        else:
            path.write_bytes(after.encode())
            typer.echo(f"formatted {path}")
    if check and changed:
        fail(f"{_counted(changed, 'files')} to format (run `orm schema fmt`)", Exit.CHECK_FAILED)
    if not changed:
        typer.echo(f"{_counted(len(document.files), 'files')} formatted already")


@app.command("json-schema")
def json_schema(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write it to this file instead of printing it.")
    ] = None,
) -> None:
    """Print the JSON Schema of schema files (draft 2020-12), with which editors complete and check them.

    Example: orm schema json-schema --output schema.json, and `#:schema ./schema.json` as first line of schema.toml
    """
    text = json_schema_text()
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        fail(f"{output}: cannot be written: {error.strerror} (give another --output)")


def json_schema_text() -> str:
    """The JSON Schema as the text of a file."""
    return json.dumps(made_json_schema(), indent=2, ensure_ascii=False) + "\n"
