"""Models of Peewee's in a module."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.programs._models import KEY, ending, others, server

__all__ = ["files"]

_DATABASES = {
    "sqlite": 'SqliteDatabase(os.environ["BENCHMARK_DATABASE"])',
    "postgresql": f'Psycopg3Database(os.environ["BENCHMARK_DATABASE"], {server().rpartition(", ")[0]})',
    "mysql": f'MySQLDatabase(os.environ["BENCHMARK_DATABASE"], {server().rpartition(", ")[0]})',
}

_USER = """

class User(Model):
    name = CharField(100)
    email = CharField(200, unique=True)
    age = IntegerField(index=True)
    score = DoubleField()
    active = BooleanField()

    class Meta:
        database = db
        table_name = "users"
"""


def files(models: int, dialect: str) -> Mapping[str, str]:
    """All models in a module."""
    more = "from playhouse.postgres_ext import Psycopg3Database\n" if dialect == "postgresql" else ""
    parts = [f"import os\nfrom peewee import *\n{more}\ndb = {_DATABASES[dialect]}\n", _USER]
    parts += [
        f"""

class {model.name}(Model):
    name = CharField(100)
    email = CharField(255, unique=True)
    age = IntegerField(null=True)
    active = BooleanField(default=True)
    price = DecimalField(10, 2, default=0)
    born = DateField(null=True)
    parent = ForeignKeyField({model.parent}, backref="children")
    owner = ForeignKeyField({model.owner}, backref="+")

    class Meta:
        database = db
        table_name = "{model.table}"
"""
        for model in others(models)
    ]
    return {
        "models.py": "".join(parts),
        "main.py": "import os\nfrom models import User\n" + ending(f"User.get_by_id({KEY})"),
    }
