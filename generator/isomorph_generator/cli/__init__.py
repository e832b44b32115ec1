"""The `orm` command: one module per group, imported only when it is asked for, so that each command starts fast."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterable
from importlib import import_module
from importlib.metadata import version
from typing import Annotated

import typer

from isomorph.errors import DatabaseError, IsomorphError

__all__ = ["COMMANDS", "command", "main"]

COMMANDS = {
    "init": ("isomorph_generator.cli.init", "init"),
    "generate": ("isomorph_generator.cli.generate", "generate"),
    "schema": ("isomorph_generator.cli.schema", "app"),
    "introspect": ("isomorph_generator.cli.introspect", "introspect"),
    "migrate": ("isomorph_generator.cli.migrate", "app"),
    "db": ("isomorph_generator.cli.db", "app"),
}
"""Where each command is: a function, or a typer app of further commands."""

_OBJECTS = 50_000
"""How many more objects than before make Python look for unused ones. A command holds nearly all that it makes until it ends; by
default, Python would look through a large schema again and again."""


def command(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """The `orm` command with these commands, all of them by default."""
    app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)
    app.callback()(_orm)
    for name in names:
        module, attribute = COMMANDS[name]
        found = getattr(import_module(module), attribute)
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=name)
        else:
            app.command(name)(found)
    return app


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"isomorph {version('isomorph')}")
        raise typer.Exit


def _orm(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """isomorph: one schema, typed code, migrations."""


def main() -> int:
    """Run the command.

    Returns:
        The exit code: 0 done, 1 a check says no, 2 wrong input, 3 the database said no.
    """
    thresholds = gc.get_threshold()
    gc.set_threshold(_OBJECTS)
    try:
        return _run()
    finally:
        gc.set_threshold(*thresholds)


def _run() -> int:
    asked = next((argument for argument in sys.argv[1:] if not argument.startswith("-")), None)
    try:
        command([asked] if asked in COMMANDS else COMMANDS)(prog_name="orm")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except DatabaseError as error:
        return _told(error, 3)
    except IsomorphError as error:
        return _told(error, 2)
    return 0


def _told(error: IsomorphError, code: int) -> int:
    typer.echo(str(error), err=True)
    return code
