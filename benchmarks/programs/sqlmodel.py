"""Models of SQLModel's in a module, as https://sqlmodel.tiangolo.com/tutorial/relationship-attributes/ has them.

Annotations are not postponed: SQLModel makes relations of what they are, not of their text.
"""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.programs._models import KEY, ending, others
from benchmarks.programs.sqlalchemy_orm import connected

__all__ = ["files"]

_USER = """import datetime as dt
from decimal import Decimal

from sqlmodel import Field, Relationship, SQLModel


class User(SQLModel, table=True):
    __tablename__ = "users"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=100)
    email: str = Field(max_length=200, unique=True)
    age: int
    score: float
    active: bool
"""


def _children(model: str) -> str:
    keys = f'sa_relationship_kwargs={{"foreign_keys": "{model}.parent_id"}}'
    return f'    children: list["{model}"] = Relationship(back_populates="parent", {keys})\n'


def _table(model: str) -> str:
    return "users" if model == "User" else model.lower()


def files(models: int, dialect: str) -> Mapping[str, str]:
    """All models in a module."""
    every = list(others(models))
    parts = [_USER, *(_children(model.name) for model in every[:1])]
    for model, after in zip(every, [*every[1:], None], strict=True):
        parts.append(f"""

class {model.name}(SQLModel, table=True):
    __tablename__ = "{model.table}"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=100)
    email: str = Field(max_length=255, unique=True)
    age: int | None = None
    active: bool = True
    price: Decimal = Field(default=Decimal(0), max_digits=10, decimal_places=2)
    born: dt.date | None = None
    parent_id: int = Field(foreign_key="{_table(model.parent)}.id", index=True)
    owner_id: int = Field(foreign_key="{_table(model.owner)}.id", index=True)
    parent: {model.parent} = Relationship(
        back_populates="children", sa_relationship_kwargs={{"foreign_keys": "{model.name}.parent_id"}}
    )
    owner: {model.owner} = Relationship(sa_relationship_kwargs={{"foreign_keys": "{model.name}.owner_id"}})
""")
        if after is not None:
            parts.append(_children(after.name))
    return {
        "models.py": "".join(parts),
        "main.py": connected(dialect, "sqlmodel") + ending(f"session.get(User, {KEY})"),
    }
