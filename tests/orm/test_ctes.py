"""Common table expressions: of models and of selections, and recursive ones over trees and circles."""

from dataclasses import dataclass
from typing import Any

import pytest

from generated import Department, Post, Role, User
from isomorph import functions as f
from isomorph.errors import InvalidQuery, InvalidValue
from tests.support.limits import bound_limit
from tests.support.showcase import Sent, make_post, make_user

pytestmark = [pytest.mark.usefixtures("showcase"), pytest.mark.feature("queries.ctes")]


@dataclass
class World:
    """Ada with three posts, Bob with one."""

    ada: User
    bob: User


@pytest.fixture
def world(showcase: str) -> World:
    ada, bob = make_user(), make_user("Bob")
    for author, title, views in ((ada, "a", 1), (ada, "b", 2), (ada, "c", 3), (bob, "d", 40)):
        make_post(author, title, views=views)
    return World(ada, bob)


# --- of models -----------------------------------------------------------------------------------------------------------


def test_the_rows_of_a_query_as_a_model(world: World, sent: Sent) -> None:
    popular = Post.query().where(Post.views >= 2).cte("popular")

    found = popular.query().where(popular.views < 40).order_by(popular.title.desc()).get()

    assert [post.title for post in found] == ["c", "b"]
    assert len(sent) == 1
    assert sent.last.startswith('WITH "popular" ("id", "title"')
    assert not found[0].is_dirty()
    assert popular.query().count() == 3
    assert popular.query().exists()
    assert popular.query().max(popular.views) == 40


def test_an_order_and_a_limit_stay_inside(world: World) -> None:
    newest = Post.query().order_by(Post.title.desc()).limit(2).cte("newest")

    assert newest.query().order_by(newest.title).pluck(newest.title) == ["c", "d"]
    assert newest.query().where(newest.views > 3).pluck(newest.title) == ["d"]


def test_joined_to_the_models_table(world: World) -> None:
    popular = Post.query().where(Post.views > 2).cte("popular")
    query = User.query().join(popular, on=popular.author_id == User.id).order_by(User.name)

    assert query.select(User.name, popular.title).get() == [("Ada", "c"), ("Bob", "d")]
    assert query.get().pluck(User.name) == ["Ada", "Bob"]
    both = Post.query().join(popular, on=popular.id == Post.id).order_by(Post.title)
    assert both.select(Post.title, popular.views).get() == [("c", 3), ("d", 40)]


def test_relations_of_its_rows_are_joined_and_included(world: World) -> None:
    popular = Post.query().where(Post.views > 2).cte("popular")

    joined = popular.query().join(popular.author).order_by(popular.title)
    assert joined.select(popular.title, User.name).get() == [("c", "Ada"), ("d", "Bob")]
    included = popular.query().include(Post.author).order_by(popular.title).get()
    assert [post.author.name for post in included] == ["Ada", "Bob"]


def test_selected_as_a_whole(world: World) -> None:
    popular = Post.query().where(Post.views > 2).cte("popular")
    query = User.query().left_join(popular, on=(popular.author_id == User.id) & (popular.views > 3))

    rows = query.order_by(User.name).select(User.name, f.optional(popular)).get()

    assert [(name, post and post.title) for name, post in rows] == [("Ada", None), ("Bob", "d")]


def test_twice_in_one_statement_and_under_one_name_only(world: World, sent: Sent) -> None:
    popular = Post.query().where(Post.views > 1).cte("popular")
    most = popular.query().select(f.max(popular.views)).scalar()

    assert popular.query().where(popular.views == most).pluck(popular.title) == ["d"]
    assert sent.last.count("WITH") == 1
    assert sent.last.count("AS (SELECT") == 1
    other = Post.query().cte("popular")
    with pytest.raises(
        InvalidQuery, match=r"two common table expressions are called popular \(give one another name\)"
    ):
        User.query().where(f.exists(popular.query()), f.exists(other.query())).get()


def test_one_that_reads_another(world: World) -> None:
    some = Post.query().where(Post.views < 40).cte("some")
    fewer = some.query().where(some.views > 1).cte("fewer")

    assert fewer.query().order_by(fewer.title).pluck(fewer.title) == ["b", "c"]
    joined = some.query().join(fewer, on=fewer.id == some.id).order_by(some.title)
    assert joined.pluck(some.title) == ["b", "c"]


def test_values_come_in_the_order_of_their_places(world: World, dialect: str) -> None:
    low = Post.query().where(Post.views > 1).cte("low")
    query = User.query().where(User.name != "X").join(low, on=(low.author_id == User.id) & (low.views < 10)).limit(5)

    assert query.to_sql()[1] == (1, 10, "X", *bound_limit(dialect, 5))
    assert query.distinct().count() == 1


def test_of_a_union(showcase: str) -> None:
    Role.insert_many({"name": name, "level": level} for level, name in enumerate("abcdef", 1))
    ends = Role.query().where(Role.level == 1).union(Role.query().where(Role.level == 6)).cte("ends")

    assert ends.query().order_by(ends.name.desc()).pluck(ends.name) == ["f", "a"]
    assert ends.query().where(ends.level > 1).get().pluck(Role.name) == ["f"]


# --- of selections ---------------------------------------------------------------------------------------------------------


def test_of_columns_and_expressions(world: World) -> None:
    total = f.sum(Post.views)
    by_author = Post.query().group_by(Post.author_id).select(Post.author_id, total).cte("by_author")

    query = User.query().join(by_author, on=by_author[Post.author_id] == User.id).order_by(User.name)
    assert query.select(User.name, by_author[total]).get() == [("Ada", 6), ("Bob", 40)]
    greatest = by_author.query().select(f.max(by_author[total])).scalar()
    assert query.where(by_author[total] == greatest).pluck(User.name) == ["Bob"]
    assert by_author.query().count() == 2
    assert by_author.query().where(by_author[total] > 6).exists()


def test_a_column_is_found_by_its_expression_or_its_name(world: World) -> None:
    doubled = (Post.views * 2).as_("doubled")
    made = Post.query().select(Post.title, doubled).cte("made")

    assert made.query().where(made[doubled] > 5).order_by(made[Post.title]).select(
        made[Post.title], made[doubled]
    ).get() == [
        ("c", 6),
        ("d", 80),
    ]
    with pytest.raises(
        InvalidQuery, match=r"made has no column for Post.views \(select\(\) it there, and pass the same"
    ):
        made[Post.views]
    name: Any = "title"
    with pytest.raises(InvalidValue, match=r"made\[...\]: expected what was selected, got str"):
        made[name]
    with pytest.raises(InvalidQuery, match=r'two selected columns are called "id" \(name one of them'):
        Post.query().join(Post.author).select(Post.id, User.id).cte("both")
    both = Post.query().join(Post.author).select(Post.id, User.id.as_("author")).cte("both")
    assert both.query().count() == 4
    assert repr(made) == "<Derived made>"


# --- recursive ones ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def tree(showcase: str) -> Department:
    """A shop with two floors, the first with two shelves."""
    shop = Department.create(name="shop")
    first = Department.create(name="first", parent=shop)
    Department.create(name="second", parent=shop)
    for name in ("books", "toys"):
        Department.create(name=name, parent=first)
    Department.create(name="elsewhere")
    return shop


def below(department: Department, **options: Any) -> Any:
    return (
        Department.query()
        .where(Department.id == department.id)
        .recursive(
            "below", lambda found: Department.query().join(found, on=Department.parent_id == found.id), **options
        )
    )


def names(alias: Any) -> list[str]:
    return sorted(department.name for department in alias.query().get())


def test_a_tree_from_its_root(tree: Department, sent: Sent) -> None:
    found = below(tree)

    assert names(found) == ["books", "first", "second", "shop", "toys"]
    assert len(sent) == 1
    assert sent.last.startswith('WITH RECURSIVE "below"')
    assert found.query().where(found.name != "shop").count() == 4
    assert found.query().order_by(found.name).limit(1).pluck(found.name) == ["books"]
    assert names(below(Department.query().where(Department.name == "books").first_or_fail())) == ["books"]


def test_a_tree_from_its_leaves(tree: Department) -> None:
    above = (
        Department.query()
        .where(Department.name == "toys")
        .recursive("above", lambda found: Department.query().join(found, on=Department.id == found.parent_id))
    )

    assert names(above) == ["first", "shop", "toys"]


def test_the_depth_bounds_the_steps(tree: Department) -> None:
    assert names(below(tree, max_depth=1)) == ["first", "second", "shop"]
    assert names(below(tree, max_depth=2)) == ["books", "first", "second", "shop", "toys"]


def test_a_circle_comes_to_its_end(showcase: str) -> None:
    one = Department.create(name="one")
    two = Department.create(name="two", parent=one)
    one.update(parent_id=two.id)

    assert names(below(one, max_depth=4)) == ["one", "one", "one", "two", "two"]
    found = below(one, max_depth=50)
    assert sorted(found.query().select(found.name).distinct()) == [("one",), ("two",)]


def test_rows_of_a_tree_beside_others(tree: Department) -> None:
    found = below(tree)
    parent = Department.alias("parent")
    query = found.query().join(parent, on=parent.id == found.parent_id).order_by(found.name)

    assert query.select(found.name, parent.name).get() == [
        ("books", "first"),
        ("first", "shop"),
        ("second", "shop"),
        ("toys", "first"),
    ]
    assert Department.query().where(Department.id.in_(found.query().select(found.id))).count() == 5


def test_along_a_relation(tree: Department) -> None:
    found = (
        Department.query()
        .where(Department.id == tree.id)
        .recursive("below", lambda found: Department.query().join(Department.parent, found))
    )

    assert names(found) == ["books", "first", "second", "shop", "toys"]


def test_of_selections(tree: Department) -> None:
    below_it = (
        Department.query()
        .where(Department.id == tree.id)
        .select(Department.id, Department.name)
        .recursive(
            "below",
            lambda found: (
                Department.query()
                .join(found, on=Department.parent_id == found[Department.id])
                .select(Department.id, Department.name)
            ),
        )
    )

    query = below_it.query().order_by(below_it[Department.name]).select(below_it[Department.name])
    assert [name for (name,) in query] == ["books", "first", "second", "shop", "toys"]


def test_a_recursion_without_meaning_is_refused(tree: Department, sent: Sent) -> None:
    start: Any = Department.query().where(Department.name == "shop")
    sent.clear()

    def apart(_found: Any) -> Any:
        return Department.query()

    def ordered(found: Any) -> Any:
        return Department.query().join(Department.parent, found).order_by(Department.name)

    def counted(_found: Any) -> Any:
        return start.select(f.count())

    def wider(found: Any) -> Any:
        query = Department.query().join(found, on=Department.parent_id == found[Department.id])
        return query.select(Department.id, Department.name)

    def other(found: Any) -> Any:
        return Department.query().join(found, on=Department.name == found[Department.name]).select(Department.id)

    with pytest.raises(InvalidQuery, match="the step of tree does not read tree"):
        start.recursive("tree", apart)
    refused = "an ordered, limited, distinct, grouped or combined query"
    with pytest.raises(InvalidQuery, match=f"a recursion begins with {refused}"):
        start.limit(1).recursive("tree", apart)
    with pytest.raises(InvalidQuery, match=f"a recursion steps to {refused}"):
        start.recursive("tree", ordered)
    with pytest.raises(InvalidQuery, match=f"a recursion begins with {refused}"):
        counted(start).recursive("tree", counted)
    with pytest.raises(InvalidQuery, match=r"tree has 1 columns, its step 2 \(select the same columns in both\)"):
        start.select(Department.id).recursive("tree", wider)
    with pytest.raises(InvalidQuery, match="a recursion of queries with columns of the types string"):
        start.select(Department.name).recursive("tree", other)
    for depth in (0, -1, "3", True):
        with pytest.raises(InvalidValue, match="max_depth: expected an int of 1 or more"):
            below(tree, max_depth=depth)
    assert len(sent) == 0


def test_includes_groups_and_bad_names_are_refused() -> None:
    query: Any = User.query()

    def step(_found: Any) -> Any:
        return query

    with pytest.raises(InvalidQuery, match=r"cte\(\) of a query with includes \(include where the rows are read\)"):
        query.include(User.posts).cte("users_")
    with pytest.raises(InvalidQuery, match=r"cte\(\) of a grouped query"):
        query.group_by(User.age).cte("ages")
    with pytest.raises(InvalidQuery, match=r"recursive\(\) of a query with includes"):
        query.include(User.posts).recursive("users_", step)
    locked = query.lock_for_update().cte("users_")
    with pytest.raises(InvalidQuery, match="a sub-query that locks rows"):
        locked.query().get()
    for name in ("", "a\0b", "a" * 64, None, "x "):
        with pytest.raises(InvalidValue, match=r"cte\(\): expected a name"):
            query.cte(name)
        with pytest.raises(InvalidValue, match=r"cte\(\): expected a name"):
            query.select(User.id).cte(name)
        with pytest.raises(InvalidValue, match=r"recursive\(\): expected a name"):
            query.recursive(name, step)
        with pytest.raises(InvalidValue, match=r"subquery\(\): expected a name"):
            query.select(User.id).subquery(name)


def test_any_name_is_quoted(world: World) -> None:
    for name in ('a"b', "a`b", "select", "100% %s", "a;b--", "ünï", "Table"):
        made = Post.query().where(Post.views > 3).cte(name)
        assert made.query().pluck(made.title) == ["d"]
        derived = Post.query().where(Post.views > 3).select(Post.title, (Post.views + 1).as_(name)).subquery(name)
        assert derived.query().select(derived[Post.title]).get() == [("d",)]


def test_one_with_the_name_of_a_table_that_it_reads_is_refused(sent: Sent) -> None:
    refused = r"expected another name than departments, which it reads, got the same"
    with pytest.raises(InvalidValue, match=rf"cte\(\): {refused}"):
        Department.query().cte("departments")
    with pytest.raises(InvalidValue, match=rf"cte\(\): {refused}"):
        Department.query().select(Department.id).cte("Departments")
    with pytest.raises(InvalidValue, match=rf"recursive\(\): {refused}"):
        Department.query().recursive("departments", lambda found: found.query())
    assert len(sent) == 0


def test_a_step_that_is_no_query_is_refused(sent: Sent) -> None:
    def five(_: object) -> int:
        return 5

    def nothing(_: object) -> None:
        return None

    query: Any = Department.query()
    with pytest.raises(InvalidValue, match=r"recursive\(\): expected a step that gives a query, got int"):
        query.recursive("tree", five)
    with pytest.raises(InvalidValue, match=r"recursive\(\): expected a step that gives a selection, got NoneType"):
        query.select(Department.id).recursive("tree", nothing)
    assert len(sent) == 0
