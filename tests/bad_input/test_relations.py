"""Relations given what they cannot mean, past what a type checker would have said."""

from collections.abc import Callable
from typing import Any

import pytest

from generated import User as UserModel
from isomorph import Collection
from isomorph.errors import (
    AmountNotLoaded,
    InvalidQuery,
    InvalidValue,
    IsomorphError,
    NotSaved,
)
from tests.bad_input.related import SECRET, World, refused, unharmed, world
from tests.bad_input.untyped import Comment, Post, Profile, Role, User
from tests.bad_input.witness import new_secret
from tests.support.looks import held

__all__ = ["unharmed", "world"]

pytestmark = [pytest.mark.feature("bad_input.relations"), pytest.mark.usefixtures("world", "unharmed")]


class _Mine(UserModel):
    """A class of an application's own, made of a model."""

    __slots__ = ()


# --- no relation at all ------------------------------------------------------------------------------------------------------------

NO_RELATIONS: dict[str, tuple[Callable[[World], object], str]] = {
    "None": (lambda _: None, "NoneType"),
    "text": (lambda _: SECRET, "str"),
    "number": (lambda _: 48151, "int"),
    "model": (lambda _: Post, "_PostMeta"),
    "object": (lambda world: world.notes, "Post"),
    "column": (lambda _: User.name, "StringColumn"),
    "query": (lambda _: Post.query(), "PostQuery"),
    "alias": (lambda _: User.alias("boss"), "ModelAlias"),
    "list": (lambda _: [User.posts], "list"),
    "generator": (lambda _: (item for item in [User.posts]), "generator"),
    "operations": (lambda world: world.ada.related.posts, "RelatedMany"),
    "condition": (lambda _: User.posts.exists(), "HasRows"),
    "anything": (lambda _: object(), "object"),
}

Call = Callable[[World, Any], Any]


def _asking(name: str) -> Call:
    return lambda _, relation: getattr(User.query(), name)(relation)


def _loading(name: str, items: Callable[[World], Any]) -> Call:
    return lambda world, relation: getattr(items(world), name)(relation)


ASKED = (
    "include",
    "has",
    "doesnt_have",
    "or_has",
    "or_doesnt_have",
    "where_has",
    "or_where_has",
    "where_doesnt_have",
    "or_where_doesnt_have",
    "with_count",
    "with_exists",
)

ASKS: dict[str, Call] = {
    **{name: _asking(name) for name in ASKED},
    "where_relation": lambda _, relation: User.query().where_relation(relation, Post.views > 1),
    "with_sum": lambda _, relation: User.query().with_sum(relation, Post.views),
    "with_avg": lambda _, relation: User.query().with_avg(relation, Post.views),
    "with_min": lambda _, relation: User.query().with_min(relation, Post.views),
    "with_max": lambda _, relation: User.query().with_max(relation, Post.views),
}

MORPH_ASKS: dict[str, Call] = {
    "where_has_morph": lambda _, relation: Comment.query().where_has_morph(relation, "all"),
    "where_morphed_to": lambda world, relation: Comment.query().where_morphed_to(relation, world.notes),
    "where_not_morphed_to": lambda world, relation: Comment.query().where_not_morphed_to(relation, world.notes),
}

LOADED: dict[str, Callable[[World], Any]] = {
    "an object": lambda world: world.ada,
    "a collection": lambda world: Collection([world.ada, world.bob]),
    "no objects": lambda _: Collection[Any](),
}

LOADS: dict[str, Call] = {
    f"{name} of {what}": _loading(name, items)
    for name in ("load", "load_missing", "load_count")
    for what, items in LOADED.items()
}


@pytest.mark.parametrize("name", [*ASKS, *MORPH_ASKS, *LOADS])
def test_what_is_no_relation_is_told(name: str, world: World) -> None:
    call, method = {**ASKS, **MORPH_ASKS, **LOADS}[name], name.split(maxsplit=1)[0]
    for make, got in NO_RELATIONS.values():
        wrong = make(world)
        with refused(InvalidValue, rf"^{method}\(\): expected a relation such as User.posts, got {got}$"):
            call(world, wrong)
    assert held(world.ada) == []


@pytest.mark.parametrize("name", ["count_of", "exists_of", "sum_of", "avg_of", "min_of", "max_of"])
def test_an_amount_is_asked_for_by_a_relation_or_a_name(name: str, world: World) -> None:
    more = () if name in {"count_of", "exists_of"} else (Post.views,)
    for kind, (make, got) in NO_RELATIONS.items():
        wrong = make(world)
        if kind != "text":
            with refused(InvalidValue, rf"^{name}\(\): expected a relation such as User.posts, or a name, got {got}$"):
                getattr(world.ada, name)(wrong, *more)
    with refused(InvalidQuery, "^Post.comments is no relation of User .name one of User.$"):
        getattr(world.ada, name)(Post.comments, *more)
    function = name.removesuffix("_of")
    with refused(AmountNotLoaded, rf"^User: {name}\(User.posts.*\) is not loaded \(add .with_{function}\(User.posts"):
        getattr(world.ada, name)(User.posts, *more)
    with refused(AmountNotLoaded, f'^User: no {function} called "drafts" is loaded .add .with_{function}'):
        getattr(world.ada, name)("drafts", *more)
    if more:
        for wrong in (None, "views", 3, Post, User.posts):
            with refused(InvalidValue, rf"^{name}\(\): expected a column such as Post.views, got "):
                getattr(world.ada, name)(User.posts, wrong)


# --- relations of something else -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*ASKS, *MORPH_ASKS])
def test_a_relation_of_another_model_or_alias_is_told(name: str, world: World) -> None:
    call = {**ASKS, **MORPH_ASKS}[name]
    own = "User" if name in ASKS else "Comment"
    with refused(InvalidQuery, rf"Profile.user.* \((name|include) a relation of {own}"):
        call(world, Profile.user)
    for other in (User.alias("boss").posts, Profile.alias("other").user):
        with refused(InvalidQuery, r"starts at (boss|other)|is no relation of User"):
            call(world, other)


def test_an_alias_includes_its_own_relations_and_those_of_the_model(world: World) -> None:
    boss = User.alias("boss")
    for relation in (boss.posts, User.posts):
        found = boss.query().include(relation).order_by(boss.id).get()
        assert [len(user.posts) for user in found] == [1, 0]
    with refused(InvalidQuery, r"^include\(User.posts\) starts at other, whose rows are no objects of the query \("):
        boss.query().include(User.alias("other").posts)


@pytest.mark.parametrize("name", LOADS)
def test_a_relation_of_another_model_is_not_loaded(name: str, world: World) -> None:
    if "no objects" in name:
        assert len(LOADS[name](world, Post.author)) == 0  # of which model they would be, nobody knows
        return
    with refused(InvalidQuery, r"^Post.author is no relation of User \(include a relation of User\)$"):
        LOADS[name](world, Post.author)
    with refused(InvalidQuery, r"\(User.posts.comments\) of a path \("):
        LOADS[name](world, User.posts.comments)


# --- queries of the related model ------------------------------------------------------------------------------------------------------

NO_QUERIES: dict[str, Callable[[World], object]] = {
    name: make for name, (make, _) in NO_RELATIONS.items() if name not in {"query", "condition"}
}


@pytest.mark.parametrize("name", ["include", "load", "load_missing"])
def test_what_is_no_query_of_the_related_model_is_told(name: str, world: World) -> None:
    def call(*queries: object) -> Any:
        return getattr(User.query() if name == "include" else world.ada, name)(User.posts, *queries)

    for no_query in (*[make(world) for make in NO_QUERIES.values()], Post.views > 1):
        with refused(InvalidValue, rf"^{name}\(\): expected a query of the related model, got "):
            call(no_query)
    with refused(InvalidValue, "got a selection of its columns$"):
        call(Post.query().select(Post.id))
    wrong: list[tuple[object, str]] = [
        (User.query(), r"^User.posts leads to Post, the query is for User \(pass Post.query\(\)...\)$"),
        (Post.alias("other").query(), r"with a query of an alias \(pass Post.query\(\)...\)$"),
        (Post.query().cte("found").query(), "with a query of an alias"),
        (Post.query().union(Post.query()), r"grouped, combined or locking query \(narrow it by where\(\)\)$"),
        (Post.query().group_by(Post.title), "grouped, combined or locking query"),
        (Post.query().lock_for_update(), "grouped, combined or locking query"),
        (Post.query().distinct().limit(1), "both distinct and limited .drop one of them"),
    ]
    for query, words in wrong:
        with refused(InvalidQuery, words):
            call(query)
    with refused(InvalidQuery, r"with two queries of Post \(pass one\)$"):
        call(Post.query(), Post.query())
    assert held(world.ada) == []


@pytest.mark.parametrize(
    "name", ["where_has", "or_where_has", "where_doesnt_have", "or_where_doesnt_have", "with_count", "with_exists"]
)
def test_what_is_no_condition_on_related_rows_is_told(name: str, world: World) -> None:
    def call(*conditions: object) -> Any:
        return getattr(User.query(), name)(User.posts, *conditions)

    for wrong in (*[make(world) for make in NO_QUERIES.values()], True):
        with refused(InvalidValue, r"expected conditions, or one query such as Post.query\(\).where\(...\), got "):
            call(wrong)
    with refused(InvalidQuery, r"leads to Post, the query is for Role \(pass Post.query\(\)...\)$"):
        call(Role.query())
    with refused(InvalidQuery, r"with a query and more \(say all of it in the query: query.where\(...\)\)$"):
        call(Post.query(), Post.views > 1)
    with refused(InvalidQuery, r"by a query with include\(\), which reads nothing \(leave it out\)$"):
        call(Post.query().include(Post.author))
    with refused(InvalidQuery, "roles is no part of the query .join it first"):
        call(Role.level > 1).get()


@pytest.mark.parametrize("given", ["~", "", None, [], "= 1 OR 1 =", 48151])
def test_how_many_is_one_of_the_operators_and_a_number(given: Any) -> None:
    with refused(InvalidValue, r"^has\(User.posts\): expected one of the operators = != <> < <= > >=, got another$"):
        User.query().has(User.posts, given, 1)
    for count in ("1", None, -1, True, 1.5, [1]):
        with refused(InvalidValue, r"^where_has\(User.posts\) count: expected an int of 0 or more, got "):
            User.query().where_has(User.posts, operator=">=", count=count)


@pytest.mark.parametrize("name", ["sum", "max", "min"])
def test_an_aggregate_of_the_row_itself_is_no_aggregate_of_related_rows(name: str, world: World) -> None:
    """To databases it would be one of the statement around, which would then have a single row."""
    words = rf"^User.posts.{name}\(\) of a column of users, which is none of the tables that it leads to \(name a column of Post\)$"
    with refused(InvalidQuery, words):
        getattr(User.query(), f"with_{name}")(User.posts, User.age)
    with refused(InvalidQuery, words):
        getattr(User.posts, name)(User.age + 1)
    # In a self relation the column is that of the related row; beside one of it, any other is welcome.
    of_reports = getattr(User.reports, name)(User.age)
    assert User.query().order_by(User.id).select(User.id, of_reports).get() == [
        (world.ada.id, None),
        (world.bob.id, None),
    ]
    both = getattr(User.posts, name)(User.age + Post.views)
    assert User.query().order_by(User.id).select(both).get() == [(50,), (None,)]


# --- objects -----------------------------------------------------------------------------------------------------------------------------

NO_OBJECTS: dict[str, tuple[Callable[[World], object], str]] = {
    "None": (lambda _: None, "NoneType"),
    "text": (lambda _: SECRET, "str"),
    "key": (lambda _: 48151, "int"),
    "mapping": (lambda world: {"id": world.ada.id}, "dict"),
    "class": (lambda _: Role, "the class Role"),
    "alias": (lambda _: User.alias("boss"), "ModelAlias"),
    "query": (lambda _: User.query(), "UserQuery"),
    "relation": (lambda _: User.posts, "Relation"),
    "another model": (lambda _: Role.create(name=new_secret()), "Role"),
    "generator": (lambda world: (item for item in [world.ada]), "generator"),
}


@pytest.mark.parametrize("kind", NO_OBJECTS)
@pytest.mark.parametrize("method", ["is_", "is_not"])
def test_what_is_no_object_that_a_relation_leads_to_is_told(method: str, kind: str, world: World) -> None:
    make, got = NO_OBJECTS[kind]
    wrong = make(world)
    try:
        with refused(InvalidValue, rf"^Post.author.{method}\(\): expected a User, got {got}$"):
            getattr(Post.author, method)(wrong)
        with refused(InvalidValue, rf"^Comment.commentable.{method}\(\): expected a Post or a Video, got {got}$"):
            getattr(Comment.commentable, method)(wrong)
        with refused(InvalidValue, rf"^Post.author.where_belongs_to\(\): expected a User, got {got}$"):
            Post.query().where_belongs_to(wrong, Post.author)
        with refused(
            InvalidQuery, r"^where_belongs_to\(\): no belongs_to of Post leads to \w+ \(pass an object of User\)$"
        ):
            Post.query().where_belongs_to(wrong)
        with refused(InvalidValue, r"^Comment.commentable.where_morphed_to\(\): expected a .*Post or (a )?Video"):
            Comment.query().where_morphed_to(Comment.commentable, wrong)
    finally:
        Role.query().where(Role.id > 0).delete()


def test_an_object_needs_a_row_to_be_pointed_to(world: World) -> None:
    for made in (world.eve, world.dan, _Mine(name="Mine", email="m", password=SECRET)):
        for ask in (
            lambda made=made: Post.author.is_(made),
            lambda made=made: Post.author.is_not(made),
            lambda made=made: Post.query().where_belongs_to(made),
            lambda made=made: Post.query().where_belongs_to([world.ada, made], Post.author),
            lambda made=made: made.load(User.posts),
            lambda made=made: made.load_missing(User.posts),
            lambda made=made: made.load_count(User.posts),
            lambda made=made: Collection([world.ada, made]).load(User.posts),
        ):
            with refused(NotSaved, r"this User has no row in the database \(save it first\)$"):
                ask()
    with refused(NotSaved, "this Post has no row"):
        Comment.commentable.is_(Post(author=world.ada, title="a", body=SECRET))
    assert held(world.ada) == []


def test_an_object_of_a_class_of_ones_own_is_one_of_its_model(world: World) -> None:
    mine: Any = _Mine(name="Mine", email="m@example.com", password=SECRET).save()
    made = Post.create(author=mine, title="Mine", body="b")
    for query in (Post.query().where(Post.author.is_(mine)), Post.query().where_belongs_to(mine)):
        assert list(query.get()) == [made]
    assert [post.id for post in mine.load(User.posts).posts] == [made.id]
    made.delete()
    mine.delete()


@pytest.mark.parametrize("relation", ["posts", "roles", "profile", "received_comments", "image"])
def test_only_a_row_that_holds_the_key_points_to_an_object(relation: str, world: World) -> None:
    for method in ("is_", "is_not"):
        with refused(InvalidQuery, rf"^User.{relation}.{method}\(\) of a \w+, whose key is in the other table"):
            getattr(getattr(User, relation), method)(world.notes)
    with refused(InvalidQuery, r"behind other relations \(where_has\(Post.author, User.manager.is_\(...\)\)\)$"):
        Post.author.manager.is_(world.ada)


def test_belonging_to_a_list(world: World) -> None:
    ada, bob = world.ada, world.bob
    for several in ([ada, bob], (ada, bob), Collection([ada, bob])):
        assert [post.id for post in Post.query().where_belongs_to(several).get()] == [world.notes.id]
    assert len(Post.query().where_belongs_to([], Post.author).get()) == 0
    wrong: list[tuple[Callable[[], object], type[IsomorphError], str]] = [
        (
            lambda: Post.query().where_belongs_to([]),
            InvalidQuery,
            r"name the relation: where_belongs_to\(\[\], Post.author\)",
        ),
        (lambda: Post.query().where_belongs_to([ada, world.notes]), InvalidValue, "expected a User, got Post$"),
        (lambda: Post.query().where_belongs_to([ada, None]), InvalidValue, "expected a User, got NoneType$"),
        (lambda: Post.query().where_belongs_to([[ada]], Post.author), InvalidValue, "expected a User, got list$"),
        (lambda: Post.query().where_belongs_to({ada}, Post.author), InvalidValue, "expected a User, got set$"),
        (lambda: Post.query().where_belongs_to("", Post.author), InvalidValue, "expected a User, got str$"),
        (lambda: Comment.query().where_belongs_to(ada, Post.author), InvalidQuery, "starts at posts"),
        (
            lambda: User.query().where_belongs_to(world.notes, User.posts),
            InvalidQuery,
            "of a has_many, whose key is in",
        ),
        (lambda: Post.query().where_belongs_to(ada, "author"), InvalidValue, "expected a relation such as User.posts"),
    ]
    for call, expected, words in wrong:
        with refused(expected, words):
            call()


def test_loading_of_what_is_no_list_of_objects_of_one_model(world: World) -> None:
    wrong: list[tuple[Any, type[IsomorphError], str]] = [
        (
            [world.ada, world.notes],
            InvalidQuery,
            r"of objects of User and Post \(load those of each model by themselves\)$",
        ),
        ([world.ada, None], InvalidValue, "expected objects of a model, got NoneType$"),
        ([[world.ada]], InvalidValue, "expected objects of a model, got list$"),
        ([SECRET], InvalidValue, "expected objects of a model, got str$"),
        ([User, User], InvalidValue, "expected objects of a model, got _UserMeta$"),
        (
            (item for item in [world.ada]),
            InvalidValue,
            r"a list, which Collection.make\(\) makes, got one of a generator$",
        ),
    ]
    for items, expected, words in wrong:
        for method in ("load", "load_missing", "load_count"):
            with refused(expected, words):
                getattr(Collection(items), method)(User.posts)
    assert held(world.ada) == []
    assert Collection.make(item for item in [world.ada]).load(User.posts)[0].posts[0].id == world.notes.id


# --- members of a morph --------------------------------------------------------------------------------------------------------------------


def test_members_are_models_that_it_leads_to(world: World) -> None:
    def given(*members: object) -> object:
        return Comment.query().where_has_morph(Comment.commentable, *members)

    words = r"expected a model that it leads to \(Post or Video\), got {}$"
    for member, got in (
        (None, "NoneType"),
        (SECRET, "str"),
        (48151, "int"),
        (Role, "the class Role"),
        (Role.query(), "the class Role"),
        (world.notes, "an object of Post"),
        (Post.alias("other"), "ModelAlias"),
        (["all"], "str"),
        ([Post, Role], "the class Role"),
        ({"Post": 1}, "str"),
    ):
        with refused(InvalidValue, words.format(got)):
            given(member)
    for member in (None, "post", Role, world.notes, [Post]):
        with refused(InvalidValue, r"^Comment.commentable.is_type\(\): expected a model that it leads to"):
            Comment.commentable.is_type(member)
    nothings: list[Any] = [[], (), iter(())]
    for nothing in nothings:
        with refused(InvalidQuery, 'without models .name at least one, or "all".$'):
            given(nothing)
    with refused(InvalidQuery, 'without models .name at least one, or "all".$'):
        given()
    with refused(InvalidQuery, r"is_type\(\) without models \(name at least one\)$"):
        Comment.commentable.is_type()
    with refused(InvalidQuery, "with Post twice"):
        given(Post, Post.query())
    with refused(InvalidQuery, "conditions beside several models, which have no columns in common"):
        given("all", Post.views > 1)
    with refused(InvalidQuery, r"of a belongs_to, which leads to one model only \(where_has\(Post.author, ...\)\)$"):
        Post.query().where_has_morph(Post.author, User)


def test_what_leads_to_several_models_has_no_columns(world: World) -> None:
    asks: list[Callable[[], object]] = [
        lambda: Comment.query().where_has(Comment.commentable, Post.views > 1),
        lambda: Comment.query().has(Comment.commentable, ">=", 2),
    ]
    for call in asks:
        with refused(InvalidQuery, r"\(where_has_morph\(Comment.commentable, Model.query\(\).where\(...\)\)\)$"):
            call()
    amounts: list[Callable[[], object]] = [
        lambda: Comment.query().with_count(Comment.commentable),
        lambda: Comment.query().with_sum(Comment.commentable, Post.views),
        lambda: world.comment.load_count(Comment.commentable),
        lambda: Comment.query().select(Comment.commentable.count()),
    ]
    for call in amounts:
        with refused(InvalidQuery, r"leads to several models \(say which by where_has_morph\(\), or use exists\(\)\)$"):
            call()
    with refused(
        InvalidQuery, r"leads to Post or Video, the query is for Role \(pass Post.query\(\)... or Video.query"
    ):
        Comment.query().include(Comment.commentable, Post.query(), Role.query())
