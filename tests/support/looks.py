"""Ways to look at an object that must neither ask a database nor fail, whatever the object has loaded."""

import copy
import inspect
import io
import json
import pickle
import pprint
import pydoc
import weakref
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any
from unittest import mock

import rich
from rich.console import Console
from rich.pretty import pretty_repr

from isomorph.orm.model import Model

__all__ = ["LOOKS", "as_json", "held", "lacking", "through_pickle"]


def through_pickle(made: Any) -> Any:
    return pickle.loads(pickle.dumps(made))


def held(made: Any) -> list[str]:
    """The relations that an object holds, by name."""
    return [item.name for item in made._definition.model.relations if hasattr(made, f"_{item.name}")]


def lacking(made: Any) -> list[str]:
    """Those that it does not hold."""
    return [item.name for item in made._definition.model.relations if not hasattr(made, f"_{item.name}")]


def as_json(made: Any) -> str:
    return json.dumps(made, default=lambda item: item.to_dict() if isinstance(item, Model) else str(item))


def _inspected(made: Any, *, whole: bool = False) -> str:
    file = io.StringIO()
    rich.inspect(made, console=Console(file=file, width=100), all=whole)
    return file.getvalue()


@dataclass
class _Box:
    held: Any


LOOKS: dict[str, Callable[[Any], object]] = {
    "repr": repr,
    "str": str,
    "format": lambda made: f"{made} {made!r}",
    "dir": dir,
    "bool": bool,
    "eq": lambda made: made == copy.copy(made),
    "ne": lambda made: made != 3,
    "weakref": weakref.ref,
    "to_dict": lambda made: made.to_dict(),
    "is_dirty": lambda made: made.is_dirty(),
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": through_pickle,
    "json": as_json,
    "hasattr of nothing": lambda made: hasattr(made, "nothing"),
    "getattr of nothing": lambda made: getattr(made, "nothing", None),
    "getmembers": inspect.getmembers,
    "getmembers_static": inspect.getmembers_static,
    "create_autospec": mock.create_autospec,
    "Mock(spec)": lambda made: mock.Mock(spec=made),
    "MagicMock(spec_set)": lambda made: mock.MagicMock(spec_set=made),
    "pprint": pprint.pformat,
    "rich": pretty_repr,
    "rich.inspect": _inspected,
    "rich.inspect all": lambda made: _inspected(made, whole=True),
    "help": pydoc.render_doc,
    "dataclass around it": lambda made: asdict(_Box(made)),
    "related": lambda made: (repr(made.related), dir(made.related)),
}
