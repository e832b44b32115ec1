"""Tables of Piccolo's in a module."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.programs._models import KEY, ending, others, server

__all__ = ["files"]

_ENGINES = {
    "sqlite": (
        'from piccolo.engine.sqlite import SQLiteEngine\n\nDB = SQLiteEngine(path=os.environ["BENCHMARK_DATABASE"])\n'
    ),
    "postgresql": (
        "from piccolo.engine.postgres import PostgresEngine\n\n"
        f"DB = PostgresEngine(config=dict({server()}), extensions=())\n"
    ),
}

_USER = """

class User(Table, tablename="users", db=DB):
    id = BigSerial(primary_key=True)
    name = Varchar(length=100)
    email = Varchar(length=200, unique=True)
    age = Integer(index=True)
    score = DoublePrecision()
    active = Boolean()
"""

_IMPORTS = """import os
from piccolo.columns import BigSerial, Boolean, Date, DoublePrecision, ForeignKey, Integer, Numeric, Varchar
from piccolo.table import Table
"""

_MAIN = f"""import asyncio
import os
from models import User


async def get():
    return await User.objects().get(User.id == {KEY})

"""


def files(models: int, dialect: str) -> Mapping[str, str]:
    """All tables in a module."""
    parts = [_IMPORTS, _ENGINES[dialect], _USER]
    parts += [
        f"""

class {model.name}(Table, tablename="{model.table}", db=DB):
    id = BigSerial(primary_key=True)
    name = Varchar(length=100)
    email = Varchar(length=255, unique=True)
    age = Integer(null=True, default=None)
    active = Boolean(default=True)
    price = Numeric(digits=(10, 2))
    born = Date(null=True, default=None)
    parent = ForeignKey({model.parent}, db_column_name="parent_id")
    owner = ForeignKey({model.owner}, db_column_name="owner_id")
"""
        for model in others(models)
    ]
    return {"models.py": "".join(parts), "main.py": _MAIN + ending("asyncio.run(get())")}
