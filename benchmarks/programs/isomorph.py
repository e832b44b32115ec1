"""A schema, and the package that is generated from it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from benchmarks.programs._models import KEY, ending, others
from isomorph_generator.codegen import compared, package_folder, rendered, write
from isomorph_generator.schema import load

__all__ = ["build", "files"]

_MAIN = """import os
from cold import User
"""

_USER = """[project]
package = "cold"

[connections.default]
url = { env = "BENCHMARK_URL", default = "sqlite:///:memory:" }

[models.User]
indexes = [["age"]]

[models.User.fields]
name = "string(100)"
email = { type = "string(200)", unique = true }
age = "int"
score = "double"
active = "bool"
"""

_FIELDS = """name = "string(100)"
email = { type = "string(255)", unique = true }
age = "int?"
active = { type = "bool", default = true }
price = { type = "decimal(10, 2)", default = 0 }
born = "date?"
"""


def _schema(models: int) -> str:
    parts = [_USER]
    every = list(others(models))
    if every:
        parts.append(f'[models.User.relations]\nchildren = {{ has_many = "{every[0].name}", inverse = "parent" }}\n')
    for model, after in zip(every, [*every[1:], None], strict=True):
        parts.append(f"[models.{model.name}.fields]\n{_FIELDS}")
        relations = [
            f'parent = {{ belongs_to = "{model.parent}", inverse = "children" }}',
            f'owner = {{ belongs_to = "{model.owner}" }}',
        ]
        if after is not None:
            relations.append(f'children = {{ has_many = "{after.name}", inverse = "parent" }}')
        parts.append("\n".join([f"[models.{model.name}.relations]", *relations, ""]))
    return "\n".join(parts)


def files(models: int, _dialect: str) -> Mapping[str, str]:
    """The schema and the program; the package is made by `build`."""
    return {"schema.toml": _schema(models), "main.py": _MAIN + ending(f"User.find({KEY})")}


def build(folder: Path) -> None:
    """Generate the package, as `orm generate` does."""
    project = load(folder / "schema.toml")
    write(compared(package_folder(project), rendered(project)))
