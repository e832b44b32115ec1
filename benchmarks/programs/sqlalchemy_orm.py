"""Declarative models, as https://docs.sqlalchemy.org/en/21/orm/declarative_tables.html has them."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.programs._models import KEY, ending, others

__all__ = ["connected", "files"]

_SCHEMES = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql"}

_BASE = """import datetime as dt
from decimal import Decimal

from sqlalchemy import ForeignKey, Numeric, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(String(200), unique=True)
    age: Mapped[int] = mapped_column(index=True)
    score: Mapped[float]
    active: Mapped[bool]
"""


def connected(dialect: str, library: str = "sqlalchemy.orm") -> str:
    """The lines of a program that open a session, of SQLAlchemy's or of a library that stands on it."""
    return f"""import os
from sqlalchemy import create_engine
from {library} import Session
from models import User

_, _, place = os.environ["BENCHMARK_URL"].partition("://")
session = Session(create_engine("{_SCHEMES[dialect]}://" + place))
"""


def _children(model: str) -> str:
    return f'    children: Mapped[list["{model}"]] = relationship(back_populates="parent", foreign_keys="{model}.parent_id")\n'


def _table(model: str) -> str:
    return "users" if model == "User" else model.lower()


def files(models: int, dialect: str) -> Mapping[str, str]:
    """All models in a module."""
    every = list(others(models))
    parts = [_BASE, *(_children(model.name) for model in every[:1])]
    for model, after in zip(every, [*every[1:], None], strict=True):
        parts.append(f"""

class {model.name}(Base):
    __tablename__ = "{model.table}"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(String(255), unique=True)
    age: Mapped[int | None]
    active: Mapped[bool] = mapped_column(default=True)
    price: Mapped[Decimal] = mapped_column(Numeric(10, 2), default=0)
    born: Mapped[dt.date | None]
    parent_id: Mapped[int] = mapped_column(ForeignKey("{_table(model.parent)}.id"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("{_table(model.owner)}.id"), index=True)
    parent: Mapped[{model.parent}] = relationship(back_populates="children", foreign_keys=[parent_id])
    owner: Mapped[{model.owner}] = relationship(foreign_keys=[owner_id])
""")
        if after is not None:
            parts.append(_children(after.name))
    return {"models.py": "".join(parts), "main.py": connected(dialect) + ending(f"session.get(User, {KEY})")}
