"""`orm migrate`: write revisions from the schema, run them, take them back, look at them.

One module per group of commands; each adds its own to `app`, which lists them as they are needed one after the other.
"""

from isomorph_generator.cli.migrate import check, drift, join, lint, look, make, mend, run
from isomorph_generator.cli.migrate.common import app

__all__ = ["app", "check", "drift", "join", "lint", "look", "make", "mend", "run"]

_ORDER = (
    *("drift", "make", "lint", "check"),
    *("run", "rollback", "reset", "fresh"),
    *("status", "list", "history"),
    *("stamp", "resolve", "unlock", "merge", "squash", "sql"),
)


def _place(name: str) -> int:
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)


app.registered_commands.sort(key=lambda info: _place(str(info.name or getattr(info.callback, "__name__", ""))))
