"""isomorph, as its guide has it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any, ClassVar

from benchmarks.harness.contestant import Contestant, Kind
from benchmarks.harness.data import TABLES, Row
from benchmarks.store import Author, Comment, Event, Post, Reading, Remark, Tag, User, db
from benchmarks.store.enums import Level, Origin
from isomorph import functions as f
from isomorph.migrate import State
from isomorph.migrate.planning import steps
from isomorph_generator.migrations.autodetector import detect

__all__ = ["CONTESTANT"]

_MODELS: dict[str, Any] = {
    "users": User,
    "events": Event,
    "authors": Author,
    "posts": Post,
    "comments": Comment,
    "tags": Tag,
    "remarks": Remark,
    "readings": Reading,
}


def _given(rows: Iterable[Row], names: Sequence[str]) -> list[Any]:
    return [dict(zip(names, row, strict=True)) for row in rows]


def _users(rows: Iterable[Any]) -> list[Any]:
    return [
        {"name": name, "email": email, "age": age, "score": score, "active": active}
        for name, email, age, score, active in rows
    ]


class Isomorph(Contestant):
    """isomorph on its usual drivers."""

    title = "isomorph"
    kind = Kind.OURS
    drivers: ClassVar[Mapping[str, str]] = {"sqlite": "sqlite3", "postgresql": "psycopg", "mysql": "PyMySQL"}
    schemes: ClassVar[Mapping[str, str]] = {"sqlite": "sqlite", "postgresql": "postgresql", "mysql": "mysql"}

    def open(self) -> None:
        self._open = ExitStack()
        self._open.enter_context(db.override(self.place.url(self.schemes[self.place.dialect])))
        db.connection().ping()

    def close(self) -> None:
        self._open.close()

    def create(self) -> None:
        connection = db.connection()
        for step in steps(detect(State(), State.of_catalog(db.catalog)), connection.dialect, State()):
            for statement in step.statements:
                connection.execute(statement)

    def fill(self, table: str, rows: Sequence[Row]) -> None:
        columns = TABLES[table].columns
        if table == "post_tags":
            with db.transaction():
                for row in rows:
                    db.execute(
                        "INSERT INTO post_tags (post_id, tag_id, position) VALUES (:a, :b, :c)",
                        a=row[0],
                        b=row[1],
                        c=row[2],
                    )
            return
        given = _given(rows, columns)
        if table == "events":
            for values in given:
                values["level"], values["origin"] = Level(values["level"]), Origin(values["origin"])
        if table == "remarks":
            kinds: dict[object, Any] = {"author": Author, "post": Post}
            for values in given:
                values["subject"] = kinds[values.pop("subject_type")].find(values.pop("subject_id"))
        _MODELS[table].insert_many(given)
        if self.place.dialect == "postgresql":  # keys that are given do not move the sequence
            db.connection().execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
            )

    def clear(self, table: str, above: int) -> None:
        model = _MODELS[table]
        model.query().where(model.id > above).delete()

    # --- reading ---------------------------------------------------------------------------------------------------------

    def get_by_key(self, keys: Sequence[int]) -> list[User | None]:
        return [User.find(key) for key in keys]

    def filter_limit(self, ages: Sequence[int]) -> list[Sequence[User]]:
        return [
            User.query()
            .where(User.age == age, User.active.is_true(), User.score >= 20)
            .order_by(User.id)
            .limit(50)
            .get()
            for age in ages
        ]

    def narrow(self) -> Sequence[User]:
        return User.query().get()

    def wide(self) -> Sequence[Event]:
        return Event.query().get()

    def tuples(self) -> Sequence[tuple[object, ...]]:
        return User.query().select(User.id, User.name, User.email, User.age, User.score).get()

    def dicts(self) -> Sequence[dict[str, object]]:
        return User.query().select(User.id, User.name, User.email, User.age, User.score).dicts()

    def readings(self, number: int) -> Sequence[Reading]:
        return Reading.query().order_by(Reading.id).limit(number).get()

    def stream(self) -> tuple[int, float, int]:
        count, total, valid = 0, 0.0, 0
        for reading in Reading.query().cursor():
            count += 1
            total += reading.value
            valid += reading.valid
        return count, total, valid

    def users_above(self, key: int) -> Sequence[User]:
        return User.query().where(User.id > key).order_by(User.id).get()

    def threads(self, parts: Sequence[Sequence[int]]) -> list[list[User | None]]:
        with ThreadPoolExecutor(len(parts)) as threads:
            return list(threads.map(self.get_by_key, parts))

    # --- relations -------------------------------------------------------------------------------------------------------

    def nested(self) -> Sequence[Author]:
        return Author.query().include(Author.posts, Post.query().include(Post.comments)).get()

    def to_one(self, number: int) -> Sequence[Any]:
        return Comment.query().order_by(Comment.id).limit(number).include(Comment.post).get()

    def many_to_many(self) -> Sequence[Any]:
        return Post.query().include(Post.tags).get()

    def morph_many(self) -> Sequence[Any]:
        return Post.query().include(Post.remarks).get()

    def morph_to(self) -> Sequence[Any]:
        return Remark.query().include(Remark.subject).get()

    def aggregate(self, likes: int) -> Sequence[tuple[object, ...]]:
        count, total = f.count(Comment.id), f.sum(Comment.likes)
        return (
            Comment.query()
            .join(Comment.post)
            .join(Post.author)
            .where(Comment.likes >= likes)
            .group_by(Author.country)
            .having(count > 10)
            .order_by(Author.country)
            .select(Author.country, count, total)
            .get()
        )

    # --- writing ---------------------------------------------------------------------------------------------------------

    def insert_each(self, rows: Sequence[Any]) -> list[User]:
        with db.transaction():
            return [
                User.create(name=name, email=email, age=age, score=score, active=active)
                for name, email, age, score, active in rows
            ]

    def insert_many(self, rows: Sequence[Row]) -> Sequence[Any]:
        return User.insert_many(_users(rows))

    def save_each(self, users: Sequence[User]) -> None:
        with db.transaction():
            for user in users:
                user.age += 1
                user.save()

    # There is no unit of work: a statement for each.
    def save_unit(self, users: Sequence[User]) -> None:
        self.save_each(users)

    def upsert(self, rows: Sequence[Row]) -> Sequence[Any]:
        return User.upsert(_users(rows), unique=[User.email])

    def delete_each(self, users: Sequence[User]) -> None:
        with db.transaction():
            for user in users:
                user.delete()

    def delete_unit(self, users: Sequence[User]) -> None:
        User.query().where(User.id.in_([user.id for user in users])).delete()

    # --- building --------------------------------------------------------------------------------------------------------

    def compile(self, times: int) -> list[str]:
        return [
            Post.query()
            .join(Post.author)
            .where(
                Post.views >= number,
                Post.views < number + 1000,
                Author.country == "de",
                Post.title.like("%cedar%"),
                Author.id != number,
            )
            .order_by(Post.views.desc(), Post.id)
            .limit(50)
            .to_sql()[0]
            for number in range(times)
        ]


CONTESTANT = Isomorph
