"""Objects as whoever looks at them sees them: copies, pickles, mocks, inspection, pydantic, match, printed forms.

Nothing of it may load a relation, or fail for one that is not loaded; what is loaded goes along.
"""

import copy
import inspect
import json
import pickle
import pprint
import rlcompleter
from collections.abc import Callable, Sequence
from typing import Any, cast
from unittest import mock

import pydantic
import pytest
from rich.pretty import pretty_repr

from generated import Comment, Department, Image, Post, Role, User, UserRead, Video
from isomorph.errors import PivotNotLoaded, RelationNotLoaded
from tests.support.looks import LOOKS, as_json, held, lacking, through_pickle
from tests.support.related_rows import Related, make_related
from tests.support.showcase import Sent

pytestmark = pytest.mark.feature("relations.objects")

Twin = Callable[[Any], Any]


TWINS: list[Twin] = [copy.copy, copy.deepcopy, through_pickle]
APART: list[Twin] = [copy.deepcopy, through_pickle]


@pytest.fixture
def world(showcase: str) -> Related:
    return make_related()


# --- looks ---------------------------------------------------------------------------------------------------------------------


def _kinds() -> dict[str, Callable[[Related], Any]]:
    return {
        "an object": lambda world: User.find_or_fail(world.ada.id),
        "an object with a morph": lambda _: Comment.query().first_or_fail(),
        "a part of an object": lambda _: User.query().only(User.name).first_or_fail(),
        "a part without its morph": lambda _: Comment.query().only(Comment.body).first_or_fail(),
        "a member without pivot": lambda _: Role.query().first_or_fail(),
        "a member with pivot": lambda world: world.ada.load(User.roles).roles[0],
        "with amounts": lambda _: User.query().with_count(User.posts).first_or_fail(),
        "a new object": lambda _: User(name="Eve", email="e", password="p"),
        "a deleted object": lambda world: _deleted(world.dan),
        "with a relation": lambda world: world.ada.load(User.posts),
        "in a circle": _circle,
    }


def _deleted(made: User) -> User:
    made.delete()
    return made


def _circle(world: Related) -> Any:
    """Ada with her posts, whose author is the very same Ada."""
    ada: Any = world.ada.load(User.posts)
    for post in ada.posts:
        post._author = ada
    return ada


@pytest.mark.parametrize("kind", _kinds())
def test_looking_an_object_over_neither_fails_nor_asks(kind: str, world: Related, sent: Sent) -> None:
    made = _kinds()[kind](world)
    before = held(made), lacking(made)
    assert before[1]
    sent.clear()
    for name, look in LOOKS.items():
        look(made)
        assert len(sent) == 0, name
    assert (held(made), lacking(made)) == before


# --- what is not loaded ----------------------------------------------------------------------------------------------------------


@pytest.mark.feature("relations.not_loaded")
@pytest.mark.parametrize("name", ["posts", "manager", "profile", "address", "image", "roles", "followers"])
def test_who_asks_for_it_by_name_is_told(name: str, world: Related, sent: Sent) -> None:
    ada, relation = User.find_or_fail(world.ada.id), f"User.{name}"
    sent.clear()
    reads: list[Callable[[], object]] = [
        lambda: getattr(ada, name),
        lambda: getattr(ada, name, None),
        lambda: hasattr(ada, name),
        lambda: copy.deepcopy(getattr(ada, name)),
    ]
    for read in reads:
        with pytest.raises(RelationNotLoaded) as caught:
            read()
        assert str(caught.value) == f"{relation} is not loaded (add .include({relation}) to the query)"
    assert len(sent) == 0


@pytest.mark.feature("relations.not_loaded")
def test_a_part_without_the_columns_of_its_morph_says_which_relation_it_lacks(world: Related, sent: Sent) -> None:
    comments = Comment.query().only(Comment.body).get()
    sent.clear()
    loads: list[Callable[[], object]] = [
        lambda: comments.load(Comment.commentable),
        lambda: comments[0].load_missing(Comment.commentable),
        comments[0].related.commentable.get,
    ]
    for load in loads:
        with pytest.raises(RelationNotLoaded, match=r"add .include\(Comment.commentable\) to the query"):
            load()
    assert len(sent) == 0
    assert Comment.query().only(Comment.body).include(Comment.commentable).order_by(Comment.id).get()[0].commentable


def test_what_is_listed_is_what_can_be_read(world: Related) -> None:
    ada: Any = User.find_or_fail(world.ada.id)
    assert not {*lacking(ada), "pivot"} & {name for name, _ in inspect.getmembers(ada)}
    assert set(lacking(ada)) & set(dir(User)) == set(lacking(ada))

    ada.load(User.posts).load(User.roles)
    members = dict(inspect.getmembers(ada))
    assert [post.title for post in members["posts"].sort_by(Post.id)] == ["Notes", "Draft"]
    assert "pivot" in dir(members["roles"][0])
    assert not {"posts", "roles"} & set(lacking(ada))


def test_a_mock_of_an_object_has_what_the_object_has(world: Related) -> None:
    fake: Any = mock.create_autospec(world.ada.load(User.posts), spec_set=True)
    fake.save.return_value = fake
    assert fake.save() is fake
    assert fake.posts is not None
    with pytest.raises(AttributeError):
        _ = fake.roles
    with pytest.raises(AttributeError):
        _ = fake.nothing
    of_class: Any = mock.create_autospec(User)
    of_class.find.return_value = fake
    assert of_class.find(1) is fake
    with pytest.raises(TypeError):
        of_class.find(1, 2, 3)


def test_names_are_completed(world: Related) -> None:
    completed = rlcompleter.Completer({"ada": User.find_or_fail(world.ada.id), "User": User})
    assert completed.complete("ada.na", 0) == "ada.name"
    assert str(completed.complete("ada.load_m", 0)).startswith("ada.load_missing")
    assert str(completed.complete("User.po", 0)).startswith("User.posts")
    with_posts = rlcompleter.Completer({"ada": world.ada.load(User.posts)})
    assert with_posts.complete("ada.pos", 0) == "ada.posts"


# --- match -----------------------------------------------------------------------------------------------------------------------


def test_match_takes_loaded_relations_apart(world: Related) -> None:
    def shape(user: object) -> str:
        match user:
            case User(name=name, posts=[]):
                return f"{name} writes nothing"
            case User(name=name, posts=[Post(title=title)]):
                return f"{name} wrote {title}"
            case User(posts=[Post(), Post()]):
                return "two"
            case _:
                return "nobody"

    people = User.query().include(User.posts).order_by(User.id).get()
    assert [shape(user) for user in people] == [
        "two",
        "Bob wrote Essay",
        "Cyd writes nothing",
        "Dan writes nothing",
    ]
    with pytest.raises(RelationNotLoaded):
        shape(User.find_or_fail(world.ada.id))


def test_match_tells_members_and_their_absence_apart(world: Related) -> None:
    def led_to(image: object) -> str:
        match image:
            case Image(imageable=None):
                return "nothing"
            case Image(imageable=User(name=name)):
                return name
            case Image(imageable=Post(title=title)):
                return title
            case _:
                return "?"

    images = Image.query().include(Image.imageable).order_by(Image.id).get()
    assert [led_to(image) for image in images] == ["Ada", "Notes", "nothing"]


# --- copies ------------------------------------------------------------------------------------------------------------------------


def _deep(world: Related) -> Any:
    authors = User.query().include(User.posts)
    posts = Post.query().order_by(Post.id).include(Post.author, authors).include(Post.comments)
    return User.query().where(User.id == world.ada.id).include(User.posts, posts).include(User.roles).first_or_fail()


@pytest.mark.parametrize("twin_of", TWINS)
def test_what_is_loaded_goes_along_with_copies_and_pickles(twin_of: Twin, world: Related, sent: Sent) -> None:
    ada = _deep(world)
    sent.clear()
    twin = twin_of(ada)

    assert twin == ada
    assert twin is not ada
    assert repr(twin.posts).startswith("Collection([")
    assert [post.title for post in twin.posts] == ["Notes", "Draft"]
    assert [len(post.comments) for post in twin.posts] == [2, 0]
    assert {post.title for post in twin.posts[0].author.posts} == {"Notes", "Draft"}
    assert {role.name: role.pivot.assigned_at is None for role in twin.roles} == {"admin": False, "editor": True}
    assert len(sent) == 0
    # What was shared is shared again, and what was not loaded is not loaded.
    assert twin.posts[0].author is twin.posts[1].author
    assert held(twin) == ["posts", "roles"]
    assert held(twin.posts[0].author) == ["posts"]
    with pytest.raises(RelationNotLoaded):
        _ = twin.posts[0].image


def test_a_copy_shares_what_is_loaded_and_a_deep_copy_does_not(world: Related) -> None:
    ada = _deep(world)
    assert copy.copy(ada).posts is ada.posts
    for twin_of in APART:
        twin = twin_of(ada)
        assert twin.posts[0] == ada.posts[0]
        assert twin.posts[0] is not ada.posts[0]
        twin.posts[0].title = "Changed"
        assert ada.posts[0].title == "Notes"
        assert twin.posts[0].is_dirty()
        twin.posts[0].save()
        twin.posts[0].title = "Notes"
        twin.posts[0].save()


def test_a_copy_loads_for_itself(world: Related) -> None:
    ada = User.find_or_fail(world.ada.id)
    twin = copy.copy(ada)
    assert len(twin.load(User.posts).posts) == 2
    assert held(ada) == []
    assert copy.copy(twin.load_count(User.roles)).count_of(User.roles) == 2


@pytest.mark.parametrize("twin_of", APART)
def test_circles_are_circles_again(twin_of: Twin, world: Related, sent: Sent) -> None:
    ada = _circle(world)
    sent.clear()
    twin = twin_of(ada)

    assert twin.posts[0].author is twin
    assert twin.posts[0].author.posts[1].author.posts is twin.posts
    assert twin == ada
    assert hash(twin) == hash(ada)
    posts = twin_of(ada.posts)
    assert posts[0].author.posts is posts
    assert len(sent) == 0


@pytest.mark.parametrize("show", [repr, str, pprint.pformat, pretty_repr, as_json])
def test_circles_are_shown_without_end(show: Callable[[Any], str], world: Related) -> None:
    ada = _circle(world)
    assert len(show(ada)) < 600
    assert "Notes" not in show(ada)
    assert len(repr(ada.posts)) < 1_000


DEPTH = 50


def _chain() -> Any:
    """The deepest of many departments, with its parents loaded, one include in the other."""
    deepest: Department | None = None
    for number in range(DEPTH + 1):
        deepest = Department.create(name=f"level {number}", parent=deepest)
    assert deepest is not None
    query: Any = Department.query()
    for _ in range(DEPTH):
        query = Department.query().include(Department.parent, query)
    return query.where(Department.id == deepest.id).first_or_fail()


def test_fifty_includes_in_one_another(showcase: str, sent: Sent) -> None:
    deepest = _chain()
    assert len(sent) == 2 * (DEPTH + 1)  # as many inserts, and a SELECT for each level
    sent.clear()
    for twin_of in TWINS:
        found: Any = twin_of(deepest)
        names: list[str] = []
        assert found == deepest
        for _ in range(DEPTH):
            found = found.parent
            names.append(found.name)
        assert names == [f"level {number}" for number in reversed(range(DEPTH))]
        assert found.parent_id is None
        with pytest.raises(RelationNotLoaded):
            _ = found.parent
    for look in LOOKS.values():
        look(deepest)
    assert len(sent) == 0


# --- what is no object of a row ------------------------------------------------------------------------------------------------------


def test_relations_queries_and_aliases_are_copied_as_themselves_and_not_pickled(world: Related) -> None:
    boss = User.alias("boss")
    query = User.query().include(User.posts, Post.query().include(Post.author))
    own: list[Any] = [User.posts, User.posts.comments, boss, query, query.where(User.age > 1), User.name]
    for item in own:
        assert copy.copy(item) is item
        assert copy.deepcopy({"held": [item]}) == {"held": [item]}
        with pytest.raises(TypeError, match=r"belong to their model and are not pickled \("):
            pickle.dumps(item)
    assert copy.deepcopy(query).where(User.id == world.ada.id).first_or_fail().posts[0].author.name == "Ada"
    operations = copy.deepcopy(world.ada.related.posts)
    assert operations.count() == 2
    with pytest.raises(TypeError, match="relations belong to their model and are not pickled"):
        pickle.dumps(operations)


# --- pydantic --------------------------------------------------------------------------------------------------------------------


class _Read(pydantic.BaseModel, from_attributes=True):
    pass


class AuthorOut(_Read):
    name: str


class PostOut(_Read):
    title: str
    author: AuthorOut


class VideoOut(_Read):
    url: str


class UserOut(_Read):
    name: str
    posts: list[PostOut]


class UserMaybe(_Read):
    name: str
    posts: list[PostOut] = []


class UserSequence(_Read):
    posts: Sequence[PostOut]


class RoleOut(_Read):
    name: str
    pivot: object = None


class CommentOut(_Read):
    body: str
    commentable: PostOut | VideoOut


def test_the_input_of_a_package_reads_objects_without_their_relations(world: Related, sent: Sent) -> None:
    shown = UserRead.model_validate(User.find_or_fail(world.ada.id))
    assert (shown.name, shown.manager_id) == ("Ada", None)
    assert UserRead.model_validate(_circle(world)) == shown
    sent.clear()
    assert UserRead.model_validate(world.bob).name == "Bob"
    assert len(sent) == 0


@pytest.mark.parametrize("model", [UserOut, UserMaybe, UserSequence])
def test_a_field_for_a_relation_that_is_not_loaded_says_so(
    model: type[pydantic.BaseModel], world: Related, sent: Sent
) -> None:
    """A default does not hide it: an empty list would be a lie."""
    ada = User.find_or_fail(world.ada.id)
    sent.clear()
    with pytest.raises(pydantic.ValidationError) as caught:
        model.model_validate(ada)
    (told,) = caught.value.errors()
    assert (told["type"], told["loc"]) == ("get_attribute_error", ("posts",))
    assert "RelationNotLoaded: User.posts is not loaded (add .include(User.posts) to the query)" in told["msg"]
    assert len(sent) == 0


def test_a_field_for_what_is_loaded_in_part_says_where(world: Related, sent: Sent) -> None:
    ada = world.ada.load(User.posts)
    sent.clear()
    with pytest.raises(pydantic.ValidationError) as caught:
        UserOut.model_validate(ada)
    assert [told["loc"] for told in caught.value.errors()] == [("posts", 0, "author"), ("posts", 1, "author")]
    assert len(sent) == 0


def test_loaded_relations_become_nested_models(world: Related, sent: Sent) -> None:
    ada = world.ada.load(User.posts, Post.query().order_by(Post.id).include(Post.author))
    sent.clear()
    author = AuthorOut(name="Ada")
    posts = [PostOut(title="Notes", author=author), PostOut(title="Draft", author=author)]

    assert UserOut.model_validate(ada) == UserOut(name="Ada", posts=posts)
    assert UserMaybe.model_validate(ada).posts == posts
    assert list(UserSequence.model_validate(ada).posts) == posts
    assert json.loads(UserOut.model_validate(ada).model_dump_json())["posts"][1]["author"] == {"name": "Ada"}
    people = pydantic.TypeAdapter(list[AuthorOut]).validate_python(ada.posts.map(lambda post: post.author))
    assert people == [author, author]
    assert UserOut.model_validate(_circle(world)).posts[0].author == author


def test_members_of_a_morph_become_the_model_that_they_fit(world: Related) -> None:
    query = Comment.query().include(Comment.commentable, Post.query().include(Post.author), Video.query())
    found = [CommentOut.model_validate(comment).commentable for comment in query.order_by(Comment.id).get()]
    assert [type(item) for item in found] == [PostOut, PostOut, VideoOut]


def test_a_field_for_the_pivot(world: Related) -> None:
    roles = world.ada.load(User.roles).roles
    assert all(RoleOut.model_validate(role).pivot is role.pivot for role in roles)
    with pytest.raises(pydantic.ValidationError, match="PivotNotLoaded: this Role has no pivot"):
        RoleOut.model_validate(Role.query().first_or_fail())
    with pytest.raises(PivotNotLoaded):
        _ = cast("Any", Role.query().first_or_fail()).pivot
