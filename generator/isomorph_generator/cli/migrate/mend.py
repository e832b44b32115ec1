"""`orm migrate stamp`, `resolve` and `unlock`: telling the history what is so. Runs no revision."""

from __future__ import annotations

from typing import Annotated

import typer

from isomorph.migrate import Resolution, lock_owner, resolve, stamp, unlock
from isomorph_generator.cli.common import JsonOption, SchemaOption, fail, print_json
from isomorph_generator.cli.migrate.common import (
    ConnectionOption,
    UrlOption,
    YesOption,
    app,
    confirm,
    working,
)

__all__ = ["resolve_command", "stamp_command", "unlock_command"]


@app.command(
    name="stamp",
    epilog="Example: orm migrate stamp --database-url postgresql://app@localhost/app",
)
def stamp_command(
    to: Annotated[
        str | None,
        typer.Option("--to", help="Up to this revision; what is recorded beyond it is forgotten.", show_default=False),
    ] = None,
    only: Annotated[
        str | None, typer.Option("--only", help="This revision alone; the others stay as recorded.", show_default=False)
    ] = None,
    connection: ConnectionOption = "default",
    database_url: UrlOption = None,
    schema: SchemaOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record that the database has the revisions, all or up to one, without running any."""
    if to is not None and only is not None:
        fail("--to and --only are two ways to say which: give one")
    with working(schema, connection, database_url) as work:
        stamped = stamp(work.database, work.revisions, to=to, only=only, history_table=work.history_table)
    if as_json:
        print_json({"added": [*stamped.added], "changed": [*stamped.changed], "removed": [*stamped.removed]})
        return
    for word, ids in (("recorded", stamped.added), ("recorded anew", stamped.changed), ("forgot", stamped.removed)):
        for id_ in ids:
            typer.echo(f"{word} {id_} (nothing was run)")
    if not (stamped.added or stamped.changed or stamped.removed):
        typer.echo("nothing to record: the history says so already")


@app.command(
    name="resolve",
    epilog="Example: orm migrate resolve 20260131_101500_initial --done",
)
def resolve_command(
    revision: Annotated[str, typer.Argument(help="The revision that was interrupted.")],
    done: Annotated[bool, typer.Option("--done", help="The statement at hand was done.")] = False,
    again: Annotated[bool, typer.Option("--again", help="The statement at hand was not done.")] = False,
    forget: Annotated[
        bool, typer.Option("--forget", help="All that was done of it has been taken back by hand.")
    ] = False,
    connection: ConnectionOption = "default",
    database_url: UrlOption = None,
    schema: SchemaOption = None,
    as_json: JsonOption = False,
) -> None:
    """Decide about a revision that was interrupted, when isomorph cannot tell; the next run then goes on."""
    given = {Resolution.DONE: done, Resolution.AGAIN: again, Resolution.FORGET: forget}
    chosen = [resolution for resolution, is_chosen in given.items() if is_chosen]
    if len(chosen) != 1:
        fail("say one of --done, --again and --forget")
    with working(schema, connection, database_url) as work:
        about = resolve(work.database, revision, chosen[0], history_table=work.history_table)
    if as_json:
        print_json({"revision": revision, "resolution": chosen[0].value, "about": about})
        return
    words = {
        Resolution.DONE: "counts as done",
        Resolution.AGAIN: "will be run again",
        Resolution.FORGET: "is forgotten",
    }
    typer.echo(f"{about}: {words[chosen[0]]} (go on with `orm migrate run`)")


@app.command(
    name="unlock",
    epilog="Example: orm migrate unlock --yes",
)
def unlock_command(
    yes: YesOption = False,
    connection: ConnectionOption = "default",
    database_url: UrlOption = None,
    schema: SchemaOption = None,
    as_json: JsonOption = False,
) -> None:
    """Break the lock that keeps other deployers out, when its owner hangs or is gone. Says whose it is, and asks."""
    with working(schema, connection, database_url) as work:
        owner = lock_owner(work.database, history_table=work.history_table)
        if owner is not None and not owner.is_gone:
            confirm(f"The lock is held by {owner}. Break it, and end what is being done?", yes=yes)
        owner = unlock(work.database, history_table=work.history_table)
    if as_json:
        who = (
            None
            if owner is None
            else {"owner": owner.owner, "host": owner.host, "pid": owner.pid, "since": owner.since.isoformat()}
        )
        print_json({"broken": who})
    else:
        typer.echo("there was no lock" if owner is None else f"broke the lock of {owner}")
