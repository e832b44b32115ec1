"""Entities of Pony's in a module; each relation has its other side, as Pony wants it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from benchmarks.programs._models import KEY, ending, others, server

__all__ = ["files"]

_BINDINGS = {
    "sqlite": 'db.bind("sqlite", os.environ["BENCHMARK_DATABASE"])',
    "postgresql": f'db.bind("postgres", {server()})',
    "mysql": f'sys.modules["MySQLdb"] = None\ndb.bind("mysql", {server()}, charset="utf8mb4")',
}

_USER = """import datetime as dt
from decimal import Decimal
from pony.orm import Database, Optional, Required, Set

db = Database()


class User(db.Entity):
    _table_ = "users"
    name = Required(str, 100)
    email = Required(str, 200, unique=True)
    age = Required(int, index=True)
    score = Required(float)
    active = Required(bool)
"""


def files(models: int, dialect: str) -> Mapping[str, str]:
    """All entities in a module."""
    sets = defaultdict[str, list[str]](list)
    for model in others(models):
        sets[model.parent].append(f'    children = Set("{model.name}", reverse="parent")\n')
        sets[model.owner].append(f'    owned{model.number} = Set("{model.name}", reverse="owner")\n')
    parts = [_USER, *sets["User"]]
    for model in others(models):
        parts.append(f"""

class {model.name}(db.Entity):
    _table_ = "{model.table}"
    name = Required(str, 100)
    email = Required(str, 255, unique=True)
    age = Optional(int)
    active = Required(bool, default=True)
    price = Required(Decimal, 10, 2, default=0)
    born = Optional(dt.date)
    parent = Required({model.parent}, reverse="children")
    owner = Required({model.owner}, reverse="owned{model.number}")
""")
        parts += sets[model.name]
    main = f"""import os
import sys
from pony.orm import db_session
from models import User, db

{_BINDINGS[dialect]}
db.generate_mapping(check_tables=False)
session = db_session()
session.__enter__()
"""
    return {"models.py": "".join(parts), "main.py": main + ending(f"User[{KEY}]")}
