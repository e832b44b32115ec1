"""`orm migrate merge` and `squash`: several revisions brought together in one."""

from __future__ import annotations

from typing import Annotated

import typer

from isomorph.connections import Connection, parse
from isomorph_generator.cli.common import JsonOption, SchemaOption, fail, load_project, print_json
from isomorph_generator.cli.migrate.common import (
    ConnectionOption,
    YesOption,
    app,
    check_connection,
    confirm,
    now,
    shown,
    told,
)
from isomorph_generator.migrations import check_on, merge, replace_files, slug, squash, write

__all__ = ["merge_command", "squash_command"]

_IN_MEMORY = "sqlite:///:memory:"


@app.command(
    name="merge",
    epilog="Example: orm migrate merge",
)
def merge_command(
    name: Annotated[str, typer.Argument(help="What it is called.")] = "merge",
    connection: ConnectionOption = "default",
    schema: SchemaOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write an empty revision behind all heads, after two branches were merged. Needs no database.

    Before, it is checked that the branches can be applied in any order and lead to the same.
    """
    with told():
        project = load_project(schema)
        check_connection(project, connection)
        made = merge(project, connection=connection, name=_named(name), clock=now)
        path = None if made is None else write(made.folder, made.id, made.text)
    if as_json:
        print_json({"revision": None if made is None else made.id, "path": None if path is None else shown(path)})
    else:
        typer.echo("nothing to merge: one revision comes last" if path is None else f"wrote {shown(path)}")


@app.command(
    name="squash",
    epilog="Example: orm migrate squash 20260131_101500_initial 20260201_090000_welcome",
)
def squash_command(
    first: Annotated[str, typer.Argument(help="The first of the range: its id, or a part that no other has.")],
    last: Annotated[str, typer.Argument(help="The last of the range.")],
    name: Annotated[str, typer.Option("--name", help="What the new one is called.")] = "squashed",
    scratch: Annotated[
        list[str] | None,
        typer.Option(
            "--scratch",
            help="URL of an empty database to try both ways on, for each dialect; by default SQLite in memory.",
            show_default=False,
        ),
    ] = None,
    yes: YesOption = False,
    connection: ConnectionOption = "default",
    schema: SchemaOption = None,
    as_json: JsonOption = False,
) -> None:
    """Replace a range of revisions by one, after both led to the same schema. Asks before it deletes their files.

    A database that has all of the range counts as having the new one.
    """
    with told():
        project = load_project(schema)
        check_connection(project, connection)
        urls = scratch or ([_IN_MEMORY] if "sqlite" in project.dialects else [])
        if not urls:
            fail("there is no database to try it on (name an empty one with --scratch)")
        squashed = squash(project, first, last, connection=connection, name=_named(name), clock=now)
        for url in urls:
            database = Connection("scratch", parse(url))
            try:
                check_on(database, squashed)
            finally:
                database.close()
        confirm(
            f"Replace {len(squashed.replaced)} revisions by {squashed.revision.id}, and delete their files?", yes=yes
        )
        path = replace_files(squashed)
    if as_json:
        replaced = [revision.id for revision in squashed.replaced]
        print_json({"revision": squashed.revision.id, "path": shown(path), "replaced": replaced})
        return
    typer.echo(f"wrote {shown(path)}")
    for revision in squashed.replaced:
        typer.echo(f"  deleted {shown(revision.path)}")


def _named(name: str) -> str:
    return slug(name) or fail(
        f'the name "{name}" has no letter or digit that a file name can have (use a-z, 0-9 and _)'
    )
