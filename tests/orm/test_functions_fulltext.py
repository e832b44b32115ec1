"""Full-text search: words are found whole, whatever anybody types into the field."""

from collections.abc import Callable
from typing import Any

import pytest

from generated import Comment, Post, User
from isomorph import functions as f
from isomorph.errors import InvalidQuery, InvalidValue, NotSupported, SchemaMismatch, StatementFailed
from tests.support.showcase import make_post, make_user

TEXTS = [
    ("Quick start", "How to begin with nothing but a database"),
    ("Migrations", "Every revision is a quick start for the next database"),
    ("Größe 10", "Straße, Äpfel; e-mail: don't stop the fox's jump!"),
    ("Fox", "The brown fox and the quick dog"),
    ("Start quickly", "Quickness is a virtue"),
]


@pytest.fixture
def posts(indexed: None, showcase: str) -> str:
    author = make_user()
    for title, body in TEXTS:
        make_post(author, title, body=body)
    return showcase


def found(against: str, *, phrase: bool = False) -> list[str]:
    search = f.match(Post.title, Post.body, against=against, phrase=phrase)
    return Post.query().where(search).order_by(Post.id).pluck(Post.title)


@pytest.mark.feature("queries.full_text")
@pytest.mark.parametrize(
    ("against", "titles"),
    [
        ("quick", ["Quick start", "Migrations", "Fox"]),
        ("QUICK database", ["Quick start", "Migrations"]),
        ("database nothing", ["Quick start"]),
        ("straße", ["Größe 10"]),
        ("Äpfel fox", ["Größe 10"]),
        ("brown, quick!", ["Fox"]),
        ("missing", []),
        ("quick missing", []),
        ("quickl", []),
    ],
)
def test_all_words_are_found_whole_and_ignoring_case(posts: str, against: str, titles: list[str]) -> None:
    assert found(against) == titles


@pytest.mark.feature("queries.full_text")
def test_phrases_are_words_that_follow_one_another(posts: str) -> None:
    assert found("quick start", phrase=True) == ["Quick start", "Migrations"]
    assert found("start quick", phrase=True) == []
    assert found("brown fox", phrase=True) == ["Fox"]
    assert found("fox brown", phrase=True) == []


HOSTILE = [
    '"',
    "'",
    "\\",
    '"quick',
    "+",
    "-quick",
    "quick*",
    "(quick",
    "quick)",
    "~<>@",
    "& | !",
    ":*",
    "<->",
    "quick:*",
    "%d",
    "quick' UNION --",
    "{}",
    "🙂",
]


@pytest.mark.feature("queries.full_text")
@pytest.mark.parametrize("against", HOSTILE)
def test_whatever_is_typed_is_no_syntax(posts: str, against: str) -> None:
    expected = ["Quick start", "Migrations", "Fox"] if "quick" in against and "UNION" not in against else []
    assert found(against) == expected
    assert found(against, phrase=True) == expected


@pytest.mark.feature("queries.full_text")
def test_nothing_is_found_for_no_words(posts: str) -> None:
    assert found("") == found(" .,; ") == []
    search = f.match(Post.title, Post.body, against="")
    assert Post.query().where(~search).count() == len(TEXTS)
    with pytest.raises(InvalidQuery, match=r"relevance\(\) without words"):
        f.relevance(Post.title, against="?!")


@pytest.mark.feature("queries.full_text")
def test_what_matches_better_comes_first(posts: str) -> None:
    author = User.query().first_or_fail()
    make_post(author, "quick quick quick", body="quick")
    rank = f.relevance(Post.title, Post.body, against="quick")

    ranked = Post.query().order_by(rank.desc(), Post.id).select(Post.title, rank).get()
    assert ranked[0][0] == "quick quick quick"
    assert [title for title, value in ranked if value == 0.0] == ["Größe 10", "Start quickly"]
    assert all(isinstance(value, float) for _, value in ranked)


@pytest.mark.feature("queries.full_text")
def test_languages_are_known_to_postgresql_only(posts: str) -> None:
    query = Post.query().where(f.match(Post.title, Post.body, against="databases starting", language="english"))
    if posts == "postgresql":
        assert query.order_by(Post.id).pluck(Post.title) == ["Quick start", "Migrations"]
        unknown = Post.query().where(f.match(Post.title, against="x", language="klingon"))
        with pytest.raises(StatementFailed, match="name a language that the server knows"):
            unknown.count()
    else:
        with pytest.raises(NotSupported, match=f"{posts} has no full-text search by language"):
            query.count()


@pytest.mark.feature("queries.full_text")
def test_columns_without_their_index_are_told_with_the_mend(posts: str) -> None:
    query = Comment.query().where(f.match(Comment.body, against="x"))
    if posts == "mysql":
        with pytest.raises(SchemaMismatch, match="add a full-text index over just the columns that are searched"):
            query.count()
    else:
        assert query.count() == 0


WRONG: list[tuple[Callable[[Any], Any], str]] = [
    (lambda u: u.match(against="x"), r"match\(\): expected columns of text, or one of the type tsvector, got nothing"),
    (lambda u: u.match(Post.views, against="x"), r"match\(\): expected columns of text, .*, got others"),
    (lambda u: u.match("title", against="x"), r"match\(\): expected columns of text, got str"),
    (lambda u: u.match(Post.title, against=3), r"match\(\): expected a str, got int"),
    (lambda u: u.match(Post.title, against=None), r"match\(\): expected a str, got None"),
    (lambda u: u.match(Post.title, against="a\0"), r"match\(\): expected text without NUL"),
    (lambda u: u.match(Post.title, against="x", language="x'; --"), r"match\(\): expected a text search configuration"),
    (lambda u: u.match(Post.title, against="x", language=3), r"match\(\): expected a text search configuration"),
]


@pytest.mark.feature("queries.typing")
@pytest.mark.parametrize(("make", "message"), WRONG)
def test_what_cannot_be_searched_is_refused(make: Callable[[Any], Any], message: str) -> None:
    with pytest.raises(InvalidValue, match=message):
        make(f)


@pytest.mark.feature("queries.full_text", "queries.bound_values")
def test_words_are_bound(posts: str) -> None:
    sql, parameters = Post.query().where(f.match(Post.title, Post.body, against="squeamish ossifrage")).to_sql()
    assert "squeamish" not in sql
    assert any("squeamish" in str(parameter) for parameter in parameters)
