"""Django's ORM, without a project: its settings are made when it is opened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar

import django
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, connections, transaction
from django.db.models import Count, Sum

from benchmarks.harness.contestant import Contestant
from benchmarks.harness.data import TABLES, Row
from benchmarks.harness.places import Place

__all__ = ["CONTESTANT"]

_ENGINES = {"sqlite": "sqlite3", "postgresql": "postgresql", "mysql": "mysql"}
_USER = ("name", "email", "age", "score", "active")
_READ = ("id", "name", "email", "age", "score")


def _options(dialect: str) -> dict[str, Any]:
    """What the manual's page on databases (ref/databases) has for each."""
    match dialect:
        case "sqlite":
            return {
                "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL",
                "transaction_mode": "IMMEDIATE",
            }
        case "postgresql":
            return {"pool": {"min_size": 1, "max_size": 4}}
        case _:
            return {"charset": "utf8mb4"}


def _configured(place: Place) -> None:
    database: dict[str, Any] = {
        "ENGINE": f"django.db.backends.{_ENGINES[place.dialect]}",
        "NAME": place.database,
        "OPTIONS": _options(place.dialect),
    }
    if place.dialect != "sqlite":
        database |= {"HOST": place.host, "PORT": place.port, "USER": place.user, "PASSWORD": place.password}
    settings.configure(
        DATABASES={"default": database},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=["django.contrib.contenttypes", "benchmarks.peers._django"],
        TIME_ZONE="UTC",
        USE_TZ=True,
    )
    django.setup()


class Django(Contestant):
    """Django as its page on database access has it; on MySQL with PyMySQL in the place of mysqlclient."""

    title = "Django"
    drivers: ClassVar = {"sqlite": "sqlite3", "postgresql": "psycopg", "mysql": "PyMySQL"}
    manual = "https://docs.djangoproject.com/en/5.2/topics/db/optimization/"

    def open(self) -> None:
        if self.place.dialect == "mysql":
            self.choose_driver()
        _configured(self.place)
        # Models can be imported when there are settings, not before.
        from benchmarks.peers._django import models  # noqa: PLC0415 - once Django is configured

        self._models = models
        self._user = models.User.objects
        connection.ensure_connection()

    def choose_driver(self) -> None:
        """Let `MySQLdb` be PyMySQL: its own manual's way to stand in for mysqlclient, whose version it says it has."""
        import pymysql  # noqa: PLC0415 - takes another driver's name: only where it is to

        pymysql.install_as_MySQLdb()

    def close(self) -> None:
        connections.close_all()
        if self.place.dialect == "postgresql":
            connection.close_pool()

    def create(self) -> None:
        from django.contrib.contenttypes.models import ContentType  # noqa: PLC0415 - as the models

        with connection.schema_editor() as editor:
            for model in (ContentType, *self._models.MODELS.values()):
                editor.create_model(model)

    def fill(self, table: str, rows: Sequence[Row]) -> None:
        model = self._models.MODELS[table]
        names = TABLES[table].columns
        given: Iterable[dict[str, Any]] = (dict(zip(names, row, strict=True)) for row in rows)
        if table == "remarks":
            given = self._with_types(given)
        with transaction.atomic():
            model.objects.bulk_create([model(**values) for values in given], batch_size=2_000)
            with connection.cursor() as cursor:
                for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
                    cursor.execute(statement)

    def _with_types(self, given: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
        from django.contrib.contenttypes.models import ContentType  # noqa: PLC0415 - likewise

        types = ContentType.objects.get_for_models(self._models.Author, self._models.Post)
        by_name = {model._meta.model_name: found for model, found in types.items()}
        for values in given:
            yield {**values, "subject_type": by_name[values["subject_type"]]}

    def clear(self, table: str, above: int) -> None:
        self._models.MODELS[table].objects.filter(pk__gt=above).delete()

    # --- reading ---------------------------------------------------------------------------------------------------------

    def get_by_key(self, keys: Sequence[int]) -> list[Any]:
        return [self._user.get(pk=key) for key in keys]

    def filter_limit(self, ages: Sequence[int]) -> list[list[Any]]:
        return [list(self._user.filter(age=age, active=True, score__gte=20).order_by("id")[:50]) for age in ages]

    def narrow(self) -> list[Any]:
        return list(self._user.all())

    def wide(self) -> list[Any]:
        return list(self._models.Event.objects.all())

    # "Use QuerySet.values() or values_list()", on the same page.
    def tuples(self) -> list[Any]:
        return list(self._user.values_list(*_READ))

    def dicts(self) -> list[dict[str, object]]:
        return list(self._user.values(*_READ))

    def readings(self, number: int) -> list[Any]:
        return list(self._models.Reading.objects.order_by("id")[:number])

    # "Use iterator()"; on MySQL the driver holds all rows nevertheless (ref/models/querysets/#iterator).
    def stream(self) -> tuple[int, float, int]:
        count, total, valid = 0, 0.0, 0
        for reading in self._models.Reading.objects.iterator():
            count += 1
            total += reading.value
            valid += reading.valid
        return count, total, valid

    def users_above(self, key: int) -> list[Any]:
        return list(self._user.filter(pk__gt=key).order_by("id"))

    # A thread has a connection of its own, from a pool on PostgreSQL alone (ref/databases/#connection-pool).
    def threads(self, parts: Sequence[Sequence[int]]) -> list[list[Any]]:
        connection.close()  # the main thread's, so that the pool has as many as it may

        def found(keys: Sequence[int]) -> list[Any]:
            try:
                return self.get_by_key(keys)
            finally:
                connection.close()

        with ThreadPoolExecutor(len(parts)) as threads:
            return list(threads.map(found, parts))

    # --- relations: topics/db/optimization/#use-queryset-select-related-and-prefetch-related --------------------------------

    def nested(self) -> list[Any]:
        return list(self._models.Author.objects.prefetch_related("posts__comments"))

    # Ten comments have the same post: that is less work than select_related(), which makes a post of each row.
    def to_one(self, number: int) -> list[Any]:
        return list(self._models.Comment.objects.prefetch_related("post").order_by("id")[:number])

    def many_to_many(self) -> list[Any]:
        return list(self._models.Post.objects.prefetch_related("post_tags__tag"))

    # ref/contrib/contenttypes/#generic-relations
    def morph_many(self) -> list[Any]:
        return list(self._models.Post.objects.prefetch_related("remarks"))

    def morph_to(self) -> list[Any]:
        return list(self._models.Remark.objects.prefetch_related("subject"))

    def related(self, item: Any, name: str) -> Any:
        if name == "tags":  # by way of the model between them, which has the position
            return item.post_tags.all()
        found = getattr(item, name)
        return found.all() if name in {"posts", "comments", "remarks"} else found

    def value(self, item: Any, name: str) -> object:
        return getattr(item.tag if isinstance(item, self._models.PostTag) else item, name)

    def position(self, item: Any) -> object:
        return item.position

    # topics/db/aggregation/#values
    def aggregate(self, likes: int) -> list[Any]:
        return list(
            self._models.Comment.objects.filter(likes__gte=likes)
            .values("post__author__country")
            .annotate(count=Count("id"), total=Sum("likes"))
            .filter(count__gt=10)
            .order_by("post__author__country")
            .values_list("post__author__country", "count", "total")
        )

    # --- writing ---------------------------------------------------------------------------------------------------------

    def insert_each(self, rows: Sequence[Any]) -> list[Any]:
        with transaction.atomic():
            return [
                self._user.create(name=name, email=email, age=age, score=score, active=active)
                for name, email, age, score, active in rows
            ]

    def _users(self, rows: Sequence[Any]) -> list[Any]:
        user = self._models.User
        return [
            user(name=name, email=email, age=age, score=score, active=active)
            for name, email, age, score, active in rows
        ]

    # "Use bulk methods", on the same page; keys come back on all three (ref/models/querysets/#bulk-create).
    def insert_many(self, rows: Sequence[Row]) -> list[Any]:
        return self._user.bulk_create(self._users(rows))

    # ref/models/instances/#specifying-which-fields-to-save
    def save_each(self, users: Sequence[Any]) -> None:
        with transaction.atomic():
            for user in users:
                user.age += 1
                user.save(update_fields=["age"])

    # ref/models/querysets/#bulk-update
    def save_unit(self, users: Sequence[Any]) -> None:
        for user in users:
            user.age += 1
        self._user.bulk_update(users, ["age"])

    def upsert(self, rows: Sequence[Row]) -> list[Any]:
        return self._user.bulk_create(
            self._users(rows),
            update_conflicts=True,
            unique_fields=None if self.place.dialect == "mysql" else ["email"],
            update_fields=[name for name in _USER if name != "email"],
        )

    def delete_each(self, users: Sequence[Any]) -> None:
        with transaction.atomic():
            for user in users:
                user.delete()

    # "Use QuerySet.update() and delete()", on the page on optimization.
    def delete_unit(self, users: Sequence[Any]) -> None:
        self._user.filter(pk__in=[user.pk for user in users]).delete()

    # --- building --------------------------------------------------------------------------------------------------------

    def compile(self, times: int) -> list[str]:
        posts = self._models.Post.objects
        return [
            posts.filter(views__gte=number, views__lt=number + 1000, author__country="de", title__contains="cedar")
            .exclude(author__id=number)
            .order_by("-views", "id")[:50]
            .query.sql_with_params()[0]
            for number in range(times)
        ]


CONTESTANT = Django
