"""Hostile texts asked of a real database: each means itself, and none gets out of its place there.

That the SQL stays the same (see `test_texts`) says nothing about what a database makes of a value: a path, a pattern and
a search have languages of their own.
"""

# The rows of the tables look alike: each a lambda, the text where a caller would write it.
# ruff: noqa: PLW0108

import re
from collections.abc import Callable
from typing import Any

import pytest

from generated import Post, User, db
from isomorph import functions as f
from isomorph.catalog.patterns import Engine, spelled
from isomorph.errors import DatabaseError, InvalidValue, IsomorphError, NotSupported, SchemaMismatch
from tests.security.fuzzing import CORPUS, check_silent, texts
from tests.support.showcase import make_post, make_user

pytestmark = [pytest.mark.usefixtures("showcase"), pytest.mark.feature("security.meaning")]


def _is_text(text: str) -> bool:
    """Whether every database can hold it."""
    return "\0" not in text and not re.search("[\ud800-\udfff]", text)


ASKED = tuple(dict.fromkeys(texts(len(CORPUS) + 60)))
KEPT = tuple(filter(_is_text, ASKED))


# --- documents -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def keyed(showcase: str) -> dict[str, int]:
    """The keys of a document, which is there a second time in itself: a path that is read otherwise finds another number."""
    document = {key: number for number, key in enumerate(KEPT)}
    make_user(settings={**document, "the same": document})
    return document


@pytest.mark.parametrize("text", [text for text in ASKED if not _is_text(text)][:3])
def test_a_key_that_no_document_has_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        User.query().where(User.settings.has_key(text)).get()
    check_silent(caught.value, text)


def test_a_key_is_that_key(dialect: str, keyed: dict[str, int]) -> None:
    for key, number in keyed.items():
        part, again = User.settings[key], User.settings["the same"][key]
        query = User.query().where(
            part.exists(),
            part == number,
            again == number,
            User.settings.has_key(key),
            User.settings["the same"].has_all_keys(key),
            User.settings.contains({key: number}),
            ~User.settings.contains({key: number + 1}),
            User.settings["the same"].contains({key: number}),
            ~User.settings["the same"].contains({key: {}}),
            ~part[key].exists(),
            ~part[0].exists(),
        )
        try:
            found = query.select(part.as_int(), again.as_int(), part.type_of(), again.type_of()).get()
        except NotSupported:
            assert dialect == "mysql"
            assert key.startswith("-")
            continue
        assert found == [(number, number, "number", "number")]


def test_a_key_is_changed_and_no_other(dialect: str, keyed: dict[str, int]) -> None:
    whole: dict[str, Any] = {**keyed, "the same": keyed}
    for key in keyed:
        part, again = User.settings[key], User.settings["the same"][key]
        others = {other: number for other, number in whole.items() if other != key}
        try:
            found = User.query().select(part.remove(), part.set(key), again.remove()["the same"][key].type_of()).get()
        except NotSupported:
            assert dialect == "mysql"
            assert key.startswith("-")
            continue
        assert found == [(others, {**whole, key: key}, None)]


def test_a_document_is_compared_as_itself(dialect: str) -> None:
    for number, text in enumerate(KEPT):
        make_user(f"name {number}", settings={"a": text, "b": [text, {"c": text}]})
    for number, text in enumerate(KEPT):
        part = User.settings["a"]
        for condition in (
            part == text,
            User.settings == {"a": text, "b": [text, {"c": text}]},
            User.settings["b"] == [text, {"c": text}],
            User.settings.contains({"a": text}),
            User.settings["b"].contains(text),
            User.settings["b"].contains([{"c": text}]),
            part.as_str() == text,
        ):
            assert User.query().where(condition).pluck(User.name) == [f"name {number}"]
        found = User.query().where(part.as_str() == text)
        assert found.select(part.set(text)["a"].as_str(), part.set({text: text})["a"]).get() == [(text, {text: text})]


# --- texts ---------------------------------------------------------------------------------------------------------------


def _is_like(pattern: str, text: str) -> bool:
    r"""LIKE in Python: `%` and `_`, with `\` before what means itself."""
    parts: list[str] = []
    characters = iter(pattern)
    for character in characters:
        if character == "\\":
            parts.append(re.escape(next(characters, "")))
        else:
            parts.append({"%": ".*", "_": "."}.get(character) or re.escape(character))
    return re.fullmatch("".join(parts), text, re.DOTALL) is not None


CONDITIONS: dict[str, tuple[Callable[[str], Any], Callable[[str, str], object]]] = {
    "==": (lambda text: Post.body == text, lambda text, body: body == text),
    "!=": (lambda text: Post.body != text, lambda text, body: body != text),
    "in_": (lambda text: Post.body.in_([text]), lambda text, body: body == text),
    "contains": (lambda text: Post.body.contains(text), lambda text, body: text in body),
    "starts_with": (lambda text: Post.body.starts_with(text), lambda text, body: body.startswith(text)),
    "ends_with": (lambda text: Post.body.ends_with(text), lambda text, body: body.endswith(text)),
    "like": (lambda text: Post.body.like(text), _is_like),
    "like in parts": (lambda text: Post.body.like(f"%{text}_"), lambda text, body: _is_like(f"%{text}_", body)),
    "position": (lambda text: Post.body.position(text) > 0, lambda text, body: text in body),
    "replace": (
        lambda text: Post.body.replace(text, "") == Post.body,
        lambda text, body: body.replace(text, "") == body,
    ),
    "+": (lambda text: (text + Post.body).ends_with(text + "b"), lambda text, body: (text + body).endswith(text + "b")),
}


def test_a_text_is_compared_and_searched_as_itself(dialect: str) -> None:
    author = make_user()
    for body in KEPT:
        make_post(author, body=body)

    for text in ASKED:
        try:
            cases: list[Any] = [f.case((make(text), 1), default=0) for make, _ in CONDITIONS.values()]
        except InvalidValue as error:
            assert not _is_text(text)
            check_silent(error, text)
            continue
        selected: Any = Post.query().order_by(Post.id)
        rows = selected.select(Post.body, *cases).get()
        assert [row[0] for row in rows] == [*KEPT]
        for number, (name, (_, holds)) in enumerate(CONDITIONS.items(), 1):
            wrong = [row[0] for row in rows if bool(row[number]) != bool(holds(text, row[0]))]
            assert not wrong, f"{name} of {text!r}: {wrong!r}"


def test_ignoring_case_finds_at_least_as_much(dialect: str) -> None:
    author = make_user()
    for body in KEPT:
        make_post(author, body=body)
    ways: Any = [
        (Post.body.contains, Post.body.icontains),
        (Post.body.starts_with, Post.body.istarts_with),
        (Post.body.ends_with, Post.body.iends_with),
        (Post.body.like, Post.body.ilike),
        (Post.body.__eq__, Post.body.iequals),
    ]
    for text in KEPT:
        for exactly, ignoring in ways:
            assert not Post.query().where(exactly(text), ~ignoring(text)).pluck(Post.body)


def test_a_pattern_is_refused_or_means_what_it_does_in_python(dialect: str) -> None:
    author = make_user()
    bodies = [body for body in KEPT if len(body) < 100]  # no pattern takes long
    for body in bodies:
        make_post(author, body=body)

    taken = 0
    for text in (*ASKED, r"\$", "a|b", "^[0-9]+$", r"\.", "u{1,2}s", r"^\W+$", "(OR|--)"):
        try:
            condition = Post.body.matches(text)
        except InvalidValue as error:
            check_silent(error, text)
            continue
        taken += 1
        pattern = re.compile(spelled(text, Engine.PYTHON))
        found = Post.query().where(condition).order_by(Post.id).pluck(Post.body)
        assert found == [body for body in bodies if pattern.search(body)], text
    assert taken > 20


# --- full-text search ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("indexed")
def test_a_search_has_words_and_no_operators(dialect: str) -> None:
    author = make_user()
    for title in ("aardvark", "zebra"):
        make_post(author, title, body="nothing of interest")

    def found(against: str, *, phrase: bool) -> list[str]:
        search = f.match(Post.title, Post.body, against=against, phrase=phrase)
        query = Post.query().where(search).order_by(Post.id)
        query.select(f.relevance(Post.title, Post.body, against=against, phrase=phrase)).get()
        return query.pluck(Post.title)

    for text in KEPT:
        words = re.findall(r"[^\W_]+", text)
        for phrase in (False, True):
            for against in (f"{text} zebra", f"zebra{text}", f"zebra {text} zebra"):
                titles = found(against, phrase=phrase)
                # Words that are not there keep it from being found; nothing lets the other one in.
                assert titles in (["zebra"], [])
                if not words and against.count("zebra") == 1:
                    assert titles == ["zebra"]
        if words:
            assert found(text, phrase=False) == []


# --- names ---------------------------------------------------------------------------------------------------------------


def _names() -> list[str]:
    """The texts that may be names, and are none of the showcase."""
    found: list[str] = []
    for text in ASKED:
        try:
            User.query().cte(text)
        except InvalidValue:
            continue
        found.append(text)
    return found


def _can_be_named(name: str, dialect: str) -> bool:
    """MySQL and MariaDB have no characters beyond U+FFFF in names."""
    return dialect != "mysql" or max(name) <= "\uffff"


def test_a_name_stands_for_what_it_names(dialect: str) -> None:
    make_user("Ada")
    for name in _names():
        other, given = User.alias(name), f.values(name, [(1, "Ada")], columns=(User.age, User.name))
        table = User.query().select(User.name).subquery(name)
        queries: list[Any] = [
            User.query().select(User.name.as_(name)),
            other.query().where(other.name == "Ada").order_by(other.name).select(other.name),
            User.query().cte(name).query().select(User.query().cte(name).name),
            table.query().select(table[User.name]),
            User.query().join(given, on=User.name == given[User.name]).select(given[User.name]),
            db.table("users", alias=name).where(f.col("name", str, table=name) == "Ada").select(f.col("name", str)),
        ]
        for query in queries:
            if _can_be_named(name, dialect):
                assert query.get() == [("Ada",)]
            else:
                with pytest.raises(DatabaseError):
                    query.get()
        assert not _can_be_named(name, dialect) or queries[0].dicts() == [{name: "Ada"}]


def test_a_name_that_names_nothing_is_told(dialect: str) -> None:
    make_user("Ada")
    for name in _names():
        unknown: list[Any] = [
            db.table(name),
            db.table(name).select(f.col("name", str)),
            db.table("users").select(f.col(name, str)),
            db.table("users").where(f.col(name) == name).select(f.col("name", str)),
            db.table("users").order_by(f.col(name)).select(f.col("name", str)),
        ]
        for query in unknown:
            with pytest.raises(SchemaMismatch if _can_be_named(name, dialect) else DatabaseError):
                query.get()


# --- values of plain SQL, zones, sizes -----------------------------------------------------------------------------------


def test_values_of_plain_sql_are_themselves(dialect: str) -> None:
    author = make_user()
    for body in KEPT:
        make_post(author, body=body)
    for text in ASKED:
        ways: list[Callable[[], object]] = [
            lambda: db.execute("SELECT body FROM posts WHERE body = ?", text),  # noqa: B023 - called at once
            lambda: db.execute("SELECT body FROM posts WHERE body = :it AND ':it' <> 'x'", it=text),  # noqa: B023
            lambda: Post.query().where_raw("body = ? AND '??' <> 'x'", text).select(Post.body).get(),  # noqa: B023
        ]
        for way in ways:
            try:
                assert way() == [(text,)]
            except InvalidValue as error:
                assert not _is_text(text)
                check_silent(error, text)


def test_a_zone_nobody_knows_is_told(dialect: str) -> None:
    make_user()
    for zone in ("Europe/Atlantis", "Posix/passwd", "Europe/Berlin/x"):
        query = User.query().select(User.joined.at_zone(zone))
        with pytest.raises((DatabaseError, NotSupported)):
            query.get()
    # PostgreSQL would take these for zones so many hours away.
    for zone in ("Etc/GMT+99", "Europe/Berlin+3", "Some/Where-12", "Some/Where3"):
        with pytest.raises(InvalidValue):
            User.joined.at_zone(zone)
    for zone in ("Etc/GMT+12", "America/Port-au-Prince", "America/Argentina/Rio_Gallegos"):
        query = User.query().select(User.joined.at_zone(zone))
        if dialect != "mysql":
            assert query.get()


def test_large_texts_are_taken_or_told(dialect: str) -> None:
    make_user()
    size = 200_000
    large: Any = [
        lambda: User.name.like("%a" * size),
        lambda: User.name.contains("a" * size),
        lambda: User.name.icontains("%_" * size),
        lambda: User.name == "a" * size,
        lambda: User.name.replace("a" * size, "b") == "x",
        lambda: User.settings.has_key("k" * size),
        lambda: User.settings["k" * size]['"' * size].as_str() == "x",
        lambda: User.settings.contains({f"k{number}": number for number in range(500)}),
        lambda: f.match(User.name, against="word " * 2_000),
        lambda: User.name.matches("a" * 50_000),
    ]
    for condition in large:
        try:
            assert not User.query().where(condition()).get()
        except IsomorphError as error:
            assert len(str(error)) < 1_000  # noqa: PT017 - either will do
