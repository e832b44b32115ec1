"""Reading a live database: what it holds in the words of the catalog, and how that differs from a state.

inspected = inspect(connection)          # tables, enums, views; `inspected.unsaid`: what has no word
differences = drift(connection, state)   # () while the database is what the state would make
"""

from isomorph_generator.introspect.differences import Difference, DifferenceKind
from isomorph_generator.introspect.drifting import compared, drift
from isomorph_generator.introspect.fixing import Fix, fix
from isomorph_generator.introspect.inspected import Function, Inspected, Trigger, Unsaid, View
from isomorph_generator.introspect.reading import inspect

__all__ = [
    "Difference",
    "DifferenceKind",
    "Fix",
    "Function",
    "Inspected",
    "Trigger",
    "Unsaid",
    "View",
    "compared",
    "drift",
    "fix",
    "inspect",
]
