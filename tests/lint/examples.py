"""The examples of the rules as revisions."""

from pathlib import Path
from typing import Any

from isomorph import migrate
from isomorph.migrate import LoadedRevision, Revisions
from isomorph_generator.lint import Example
from isomorph_generator.lint.examples import BEFORE
from tests.support.migrations import revision

__all__ = ["loaded", "revisions_of"]


def loaded(example: Example, id_: str = "r2") -> LoadedRevision:
    """The revision of an example, read as one is."""
    text = (
        "from isomorph.migrate import *\nfrom isomorph.migrate import types as t\n"
        f"revision = Revision({id_!r}, ('r1',), {example.head})\n"
        f"upgrade = [{example.upgrade}]\ndowngrade = {example.downgrade}\n"
    )
    names: dict[str, Any] = {}
    exec(compile(text, "example", "exec"), names)
    head: migrate.Revision = names["revision"]
    return LoadedRevision(
        id_,
        head.depends_on,
        tuple(names["upgrade"]),
        tuple(names["downgrade"]),
        Path(f"{id_}.py"),
        "",
        allow=head.allow,
        safely=head.safely,
    )


def revisions_of(example: Example) -> Revisions:
    """The tables of the examples, and the example behind them."""
    drafts = migrate.CreateTable(
        migrate.Table("drafts", columns=(migrate.Column("id", migrate.types.bigint()),), primary_key=("id",))
    )
    return Revisions((revision("r1", (*BEFORE, drafts)), loaded(example)))
