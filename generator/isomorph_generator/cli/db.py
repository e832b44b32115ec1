"""`orm db`: the databases of the connections as such."""

from __future__ import annotations

import typer

from isomorph.connections import Connections
from isomorph.errors import ConnectionFailed
from isomorph.migrate import wipe
from isomorph_generator.cli.common import Exit, JsonOption, SchemaOption, load_project, print_json
from isomorph_generator.cli.migrate.common import (
    ConnectionOption,
    UrlOption,
    VerboseOption,
    YesOption,
    check_connection,
    confirm,
    opened,
    told,
)

__all__ = ["app"]

app = typer.Typer(name="db", help="See whether databases answer; empty them.", no_args_is_help=True)


@app.command(
    name="ping",
    epilog="Example: orm db ping",
)
def ping_command(
    schema: SchemaOption = None,
    as_json: JsonOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Ask each database of the schema for a sign of life. Exits with 3 when one does not answer."""
    with told(verbose=verbose):
        project = load_project(schema)
        answers: dict[str, float | str] = {}
        with Connections(project.connections, project.root) as connections:
            for name in project.connections:
                try:
                    answers[name] = connections.get(name).ping() * 1000
                except ConnectionFailed as error:
                    answers[name] = str(error)
    failed = any(isinstance(answer, str) for answer in answers.values())
    if as_json:
        print_json(
            {
                name: {"ok": False, "error": answer}
                if isinstance(answer, str)
                else {"ok": True, "ms": round(answer, 1)}
                for name, answer in answers.items()
            }
        )
    for name, answer in () if as_json else answers.items():
        if isinstance(answer, str):
            typer.echo(f"{name}: {answer}", err=True)
        else:
            typer.echo(f"{name}: ok ({answer:.1f} ms)")
    if failed:
        raise typer.Exit(Exit.DATABASE)


@app.command(
    name="wipe",
    epilog="Example: orm db wipe --yes",
)
def wipe_command(
    yes: YesOption = False,
    connection: ConnectionOption = "default",
    database_url: UrlOption = None,
    schema: SchemaOption = None,
    as_json: JsonOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Drop everything in a database: tables with their rows, views, types, functions. Asks before."""
    with told(verbose=verbose):
        project = load_project(schema)
        check_connection(project, connection)
        with opened(project, connection, database_url) as database:
            confirm(f"Drop everything in {database!r}, with all rows?", yes=yes)
            dropped = wipe(database)
    if as_json:
        print_json({"dropped": [*dropped]})
    elif not dropped:
        typer.echo("nothing to drop: the database is empty")
    else:
        typer.echo(f"dropped {', '.join(dropped)}")
