"""Models of Tortoise's in modules of ten: it parses the module anew for the comments of each class, so one for all takes minutes."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.programs._models import KEY, ending, others, server

__all__ = ["files"]

_BACKENDS = {"sqlite": "sqlite", "postgresql": "asyncpg", "mysql": "mysql"}

_EACH = 10

_IMPORTS = """from tortoise import fields
from tortoise.models import Model
"""

_USER = """

class User(Model):
    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=100)
    email = fields.CharField(max_length=200, unique=True)
    age = fields.IntField(db_index=True)
    score = fields.FloatField()
    active = fields.BooleanField()

    class Meta:
        table = "users"
"""


def _main(dialect: str, modules: list[str]) -> str:
    credentials = 'file_path=os.environ["BENCHMARK_DATABASE"]' if dialect == "sqlite" else server()
    return f"""import asyncio
import os
from tortoise import Tortoise
from models import User


async def get():
    credentials = dict({credentials})
    await Tortoise.init(
        config={{
            "connections": {{
                "default": {{"engine": "tortoise.backends.{_BACKENDS[dialect]}", "credentials": credentials}}
            }},
            "apps": {{"models": {{"models": {modules!r}, "default_connection": "default"}}}},
        }}
    )
    try:
        return await User.get(id={KEY})
    finally:
        await Tortoise.close_connections()

"""


def files(models: int, dialect: str) -> Mapping[str, str]:
    """The module `models` begins with `User`."""
    texts = [_USER]
    texts += [
        f"""

class {model.name}(Model):
    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=100)
    email = fields.CharField(max_length=255, unique=True)
    age = fields.IntField(null=True)
    active = fields.BooleanField(default=True)
    price = fields.DecimalField(max_digits=10, decimal_places=2, default=0)
    born = fields.DateField(null=True)
    parent = fields.ForeignKeyField("models.{model.parent}", related_name="children")
    owner = fields.ForeignKeyField("models.{model.owner}", related_name=False)

    class Meta:
        table = "{model.table}"
"""
        for model in others(models)
    ]
    modules = {
        f"models{start // _EACH or ''}": "".join(texts[start : start + _EACH]) for start in range(0, models, _EACH)
    }
    main = _main(dialect, list(modules)) + ending("asyncio.run(get())")
    return {**{f"{name}.py": _IMPORTS + text for name, text in modules.items()}, "main.py": main}
