"""An application of Django's, with its settings in the program."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.programs._models import KEY, ending, others

__all__ = ["files"]

_ENGINES = {"sqlite": "sqlite3", "postgresql": "postgresql", "mysql": "mysql"}

_USER = """from django.db import models


class User(models.Model):
    name = models.CharField(max_length=100)
    email = models.CharField(max_length=200, unique=True)
    age = models.IntegerField(db_index=True)
    score = models.FloatField()
    active = models.BooleanField()

    class Meta:
        db_table = "users"
"""


def _main(dialect: str) -> str:
    driver = "import pymysql\n\npymysql.install_as_MySQLdb()\n" if dialect == "mysql" else ""
    words = ["NAME"] if dialect == "sqlite" else ["NAME", "HOST", "PORT", "USER", "PASSWORD"]
    named = ", ".join(f'"{word}": os.environ["BENCHMARK_{"DATABASE" if word == "NAME" else word}"]' for word in words)
    return f"""import os
{driver}import django
from django.conf import settings

settings.configure(
    DATABASES={{"default": {{"ENGINE": "django.db.backends.{_ENGINES[dialect]}", {named}}}}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=["app"],
    USE_TZ=True,
)
django.setup()
from app.models import User
"""


def files(models: int, dialect: str) -> Mapping[str, str]:
    """All models in the application's module."""
    parts = [_USER]
    parts += [
        f"""

class {model.name}(models.Model):
    name = models.CharField(max_length=100)
    email = models.CharField(max_length=255, unique=True)
    age = models.IntegerField(null=True)
    active = models.BooleanField(default=True)
    price = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    born = models.DateField(null=True)
    parent = models.ForeignKey({model.parent}, on_delete=models.CASCADE, related_name="children")
    owner = models.ForeignKey({model.owner}, on_delete=models.CASCADE, related_name="+")

    class Meta:
        db_table = "{model.table}"
"""
        for model in others(models)
    ]
    main = _main(dialect) + ending(f"User.objects.get(pk={KEY})")
    return {"app/__init__.py": "", "app/models.py": "".join(parts), "main.py": main}
