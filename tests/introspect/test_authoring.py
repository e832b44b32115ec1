"""Schemas of tables made by hand: tables between others, polymorphic pairs, what cannot be said."""

import re
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from isomorph.catalog import (
    Check,
    Column,
    ColumnType,
    Default,
    Enum,
    Index,
    IndexColumn,
    IndexExpression,
    Kind,
    ReferentialAction,
    SqlDefault,
    SqlText,
    Table,
    Unique,
)
from isomorph.catalog.words import bigint, enum, json, string, text, timestamptz, uuid
from isomorph.catalog.words import int as int_
from isomorph.migrate import State
from isomorph_generator.introspect import Inspected, Unsaid
from isomorph_generator.introspect.authoring import written_schema
from isomorph_generator.schema import SchemaErrors, load
from tests.codegen.projects import CASES, GOLDEN
from tests.support.adopting import HEADER, column, differences, key, lines, loaded, schema_of, table
from tests.support.catalogs import states

CASCADE = ReferentialAction.CASCADE

# --- tables between others -----------------------------------------------------------------------------------------------


def pivot(name: str, *columns: str, further: tuple[Column, ...] = (), conventional: bool = True) -> Table:
    """A table between `users` and `roles`, as isomorph makes one."""
    keys = [key(f"{one}_id", f"{one}s.id", on_delete=CASCADE) for one in ("user", "role")]
    if conventional:
        keys = [replace(one, name=f"{name}_{one.columns[0]}_foreign") for one in keys]
    made = Table(
        name, (column("user_id"), column("role_id"), *further), ("user_id", "role_id"), foreign_keys=tuple(keys)
    )
    indexes = (Index(f"{name}_role_id_index", (IndexColumn("role_id"),)),) if conventional else ()
    return replace(made, columns=(*made.columns, *map(column, columns)), indexes=indexes)


USERS, ROLES = table("users", "id name"), table("roles", "id name")


@pytest.mark.feature("introspection.pivots")
def test_a_table_that_is_just_two_keys_is_two_relations() -> None:
    written = schema_of(USERS, ROLES, pivot("role_user"))
    assert lines(written, "models.User.relations") == ['roles = { belongs_to_many = "Role", inverse = "users" }']
    assert lines(written, "models.Role.relations") == ['users = { belongs_to_many = "User", inverse = "roles" }']
    assert "RoleUser" not in written.text
    assert written.notes == ()


@pytest.mark.feature("introspection.pivots")
def test_its_further_columns_are_fields_of_the_pivot() -> None:
    stamps = tuple(Column(name, timestamptz(), default_sql=SqlDefault.NOW) for name in ("created_at", "updated_at"))
    written = schema_of(USERS, ROLES, pivot("grants", "note?", further=stamps))
    assert lines(written, "models.User.relations") == [
        'roles = { belongs_to_many = "Role", table = "grants", timestamps = true, pivot = { note = "string(255)?" }, inverse = "users" }'
    ]


@pytest.mark.feature("introspection.pivots")
def test_a_table_that_differs_from_what_relations_make_is_a_model_between() -> None:
    written = schema_of(USERS, ROLES, pivot("role_user", conventional=False))
    assert lines(written, "models.RoleUser") == ['table = "role_user"', 'primary_key = ["user_id", "role_id"]']
    assert lines(written, "models.User.relations") == [
        'role_users = { has_many = "RoleUser" }',
        'roles = { belongs_to_many = "Role", model = "RoleUser", inverse = "users" }',
    ]
    assert written.notes == ()


@pytest.mark.feature("introspection.pivots")
def test_a_table_between_with_a_key_of_its_own_is_a_model() -> None:
    keys = (key("user_id", "users.id"), key("role_id", "roles.id"))
    members = table("memberships", "id user_id role_id", *keys)
    unique = replace(members, uniques=(Unique("memberships_pair", ("user_id", "role_id")),))
    assert 'belongs_to_many = "Role", model = "Membership"' in schema_of(USERS, ROLES, unique).text
    # Without a key over both, a pair may be there twice, and there is nothing to attach once.
    assert "belongs_to_many" not in schema_of(USERS, ROLES, members).text


@pytest.mark.feature("introspection.pivots")
def test_a_table_between_rows_of_one_table_names_both_directions() -> None:
    keys = [
        key(name, "users.id", name=f"follows_{name}_foreign", on_delete=CASCADE)
        for name in ("follower_id", "followed_id")
    ]
    index = Index("follows_followed_id_index", (IndexColumn("followed_id"),))
    follows = replace(
        table("follows", "follower_id followed_id", *keys, primary_key="follower_id followed_id"), indexes=(index,)
    )
    written = schema_of(USERS, follows)
    assert lines(written, "models.User.relations") == [
        'followed = { belongs_to_many = "User", table = "follows", foreign_key = "follower_id", inverse = "followers" }',
        'followers = { belongs_to_many = "User", inverse = "followed" }',
    ]


# --- polymorphic pairs ---------------------------------------------------------------------------------------------------

POSTS, VIDEOS = table("posts", "id title"), table("videos", "id title")
COMMENTS = replace(
    table("comments", "id commentable_type commentable_id"),
    indexes=(
        Index(
            "comments_commentable_type_commentable_id_index",
            (IndexColumn("commentable_type"), IndexColumn("commentable_id")),
        ),
    ),
)
HELD = ("comments", "commentable_type")


@pytest.mark.feature("introspection.morphs")
@pytest.mark.parametrize(
    ("aliases", "morph_map"),
    [
        (("post", "video"), []),
        (
            ("App\\Models\\Post", "App\\Models\\Video"),
            [r'"App\\Models\\Post" = "Post"', r'"App\\Models\\Video" = "Video"'],
        ),
        (("blog.post", "video"), ['"blog.post" = "Post"']),
        (("Blog::Post", "Video"), ['"Blog::Post" = "Post"', 'Video = "Video"']),
        (("posts", "videos"), ['posts = "Post"', 'videos = "Video"']),
    ],
)
def test_a_pair_leads_to_the_models_that_its_rows_name(aliases: tuple[str, ...], morph_map: list[str]) -> None:
    written = schema_of(POSTS, VIDEOS, COMMENTS, rows={HELD: aliases})
    assert lines(written, "models.Comment.relations") == ["commentable = { morph_to = true }"]
    assert lines(written, "models.Post.relations") == ['comments = { morph_many = "Comment", name = "commentable" }']
    assert lines(written, "models.Video.relations") == ['comments = { morph_many = "Comment", name = "commentable" }']
    assert ("[morph_map]" in written.text) == bool(morph_map)
    if morph_map:
        assert lines(written, "morph_map") == morph_map
    assert written.notes == ()


@pytest.mark.feature("introspection.morphs", "introspection.unsaid")
@pytest.mark.parametrize(
    ("aliases", "reason"),
    [
        ((), "no row says what it leads to"),
        (("post", "gone"), 'rows say "gone", and no model is called like that'),
        (("7", "12"), 'rows say "7", and no model is called like that'),
        (("post", "App\\Models\\Post"), "two of its aliases mean the same model"),
        (tuple(f"x{number}" for number in range(101)), "rows hold more than 100 different values in commentable_type"),
    ],
)
def test_a_pair_that_leads_to_no_model_is_two_columns_and_the_reason(aliases: tuple[str, ...], reason: str) -> None:
    written = schema_of(POSTS, VIDEOS, COMMENTS, rows={HELD: aliases})
    assert lines(written, "models.Comment.fields") == ['commentable_type = "string(255)"', 'commentable_id = "bigint"']
    assert "morph" not in written.text.replace("[morph_map])", "").replace("polymorphic", "")
    assert "# not said: polymorphic pair commentable_type, commentable_id: " in written.text
    (note,) = written.notes
    assert note.what == "polymorphic pair commentable_type, commentable_id"
    assert note.reason.startswith(reason)


@pytest.mark.feature("introspection.morphs", "introspection.unsaid")
def test_a_pair_whose_members_have_keys_of_another_type_is_two_columns() -> None:
    posts = replace(POSTS, columns=(Column("id", uuid()), *POSTS.columns[1:]))
    written = schema_of(posts, COMMENTS, rows={HELD: ("post",)})
    assert [note.reason for note in written.notes] == ["commentable_id is bigint, posts.id is uuid"]


@pytest.mark.feature("introspection.morphs")
def test_a_pair_may_have_another_type_and_no_index() -> None:
    columns = tuple(
        replace(one, type=string(40)) if one.name == "commentable_type" else one for one in COMMENTS.columns
    )
    written = schema_of(POSTS, replace(COMMENTS, columns=columns, indexes=()), rows={HELD: ("post",)})
    assert lines(written, "models.Comment.relations") == [
        'commentable = { morph_to = true, type = "string(40)", index = false }'
    ]
    assert written.notes == ()


@pytest.mark.feature("introspection.morphs")
def test_a_model_keeps_one_alias_over_all_pairs() -> None:
    likes = table("likes", "id likeable_type likeable_id")
    rows = {HELD: ("post",), ("likes", "likeable_type"): ("App\\Models\\Post",)}
    written = schema_of(POSTS, COMMENTS, likes, rows=rows)
    assert [str(note) for note in written.notes] == [
        'polymorphic pair likeable_type, likeable_id: "App\\Models\\Post" is stored as "post" elsewhere; a model has one alias'
    ]


@pytest.mark.feature("introspection.morphs")
def test_a_polymorphic_table_between_is_relations_of_every_member() -> None:
    taggables = Table(
        "taggables",
        (column("tag_id"), column("taggable_type"), column("taggable_id")),
        ("tag_id", "taggable_type", "taggable_id"),
        indexes=(
            Index(
                "taggables_taggable_type_taggable_id_index", (IndexColumn("taggable_type"), IndexColumn("taggable_id"))
            ),
        ),
        foreign_keys=(key("tag_id", "tags.id", name="taggables_tag_id_foreign", on_delete=CASCADE),),
    )
    rows = {("taggables", "taggable_type"): ("post", "video")}
    written = schema_of(POSTS, VIDEOS, table("tags", "id name"), taggables, rows=rows)
    assert lines(written, "models.Post.relations") == ['tags = { morph_to_many = "Tag", name = "taggable" }']
    assert lines(written, "models.Tag.relations") == [
        'posts = { morphed_by_many = "Post", name = "taggable" }',
        'videos = { morphed_by_many = "Video", name = "taggable" }',
    ]
    assert written.notes == ()
    # Without rows nobody knows the members: the table is a model then.
    assert "[models.Taggable]" in schema_of(POSTS, table("tags", "id name"), taggables).text


# --- what cannot be said -------------------------------------------------------------------------------------------------


@pytest.mark.feature("introspection.unsaid")
def test_a_table_without_a_key_is_a_comment_with_all_that_is_known_of_it() -> None:
    keyless = replace(table("log_lines", "user_id text?", key("user_id", "users.id")), primary_key=())
    written = schema_of(USERS, keyless)
    assert written.text.endswith(
        "# not said: table log_lines: it has no primary key, by which a model finds its rows\n"
        "#   column user_id: bigint not null\n"
        "#   column text: string(255)\n"
        "#   foreign key fk_user_id_users (user_id) to users (id)\n"
    )
    assert [note.what for note in written.notes] == ["table log_lines"]
    assert written.models == 1


@pytest.mark.feature("introspection.unsaid")
def test_a_key_to_a_table_that_is_not_said_is_plain_columns() -> None:
    keyless = replace(table("logs", "id text"), primary_key=())
    written = schema_of(keyless, table("marks", "id log_id", key("log_id", "logs.id")))
    assert lines(written, "models.Mark.fields") == ['log_id = "bigint"']
    assert "# not said: foreign key fk_log_id_logs (log_id) to logs (id): table logs is not said" in written.text


@pytest.mark.feature("introspection.unsaid")
def test_a_type_without_a_word_is_a_comment_where_the_field_would_be() -> None:
    spot = Column("spot", ColumnType(Kind.CUSTOM, spelled=(("postgresql", "box"),)))
    shops = Table("shops", (column("id"), column("name"), spot, column("city")), ("id",))
    shops = replace(shops, indexes=(Index("shops_spot", (IndexColumn("spot"),)),))
    written = schema_of(shops)
    name, comment, *_, city = lines(written, "models.Shop.fields")
    assert (name, city) == ('name = "string(255)"', 'city = "string(255)"')
    assert comment.startswith("# not said: column spot: no word for the type box")
    assert "# not said: index shops_spot (spot): column spot is not said" in written.text


@pytest.mark.feature("introspection.unsaid")
def test_what_the_loader_refuses_is_a_comment_with_its_reason() -> None:
    moods = Enum("Mood", ("ok", "!!"), "mood")
    columns = (column("id"), Column("mood", enum("Mood")), Column("code", string(9), default=Default("far too long")))
    written = schema_of(Table("people", columns, ("id",)), enums=[moods])
    told = {note.what: note.reason for note in written.notes}
    assert "column mood" in told
    assert "default of column code" in told
    assert 'code = "string(9)"' in written.text


@pytest.mark.feature("introspection.unsaid")
def test_what_inspection_could_not_say_stands_beside_its_place(tmp_path: Path) -> None:
    unsaid = (
        Unsaid("users", "STRICT", "it is not, so that values of other types are kept"),
        Unsaid("users", "column name: type citext", "text was taken", column="name"),
        Unsaid(None, "sequence counter", "nothing makes sequences"),
    )
    written = written_schema(Inspected("postgresql", {"users": USERS}, unsaid=unsaid), HEADER)
    assert "# not said: STRICT: it is not, so that values of other types are kept\n[models.User]" in written.text
    assert '# not said: column name: type citext: text was taken\nname = "string(255)"' in written.text
    assert written.text.endswith("# not said: sequence counter: nothing makes sequences\n")
    assert '# 3 things are not said here, or not as they are: look for "not said".' in written.text
    loaded(written, tmp_path)


@pytest.mark.feature("introspection.unsaid")
def test_a_text_of_the_database_never_ends_its_comment(tmp_path: Path) -> None:
    nasty = 'x"\n[models.Evil]\ntable = "users"'
    written = written_schema(Inspected("postgresql", {"users": USERS}, unsaid=(Unsaid("users", nasty, nasty),)), HEADER)
    assert [model.name for model in loaded(written, tmp_path).catalog.models] == ["User"]


@pytest.mark.feature("introspection.unsaid")
def test_keys_between_columns_of_different_types_are_told() -> None:
    posts = Table(
        "posts", (column("id"), Column("user_id", text())), ("id",), foreign_keys=(key("user_id", "users.id"),)
    )
    written = schema_of(USERS, posts)
    assert [note.reason for note in written.notes] == [
        "user_id is text, users.id is bigint; relations join equal types"
    ]
    assert 'user_id = "text"' in written.text


# --- all the rest --------------------------------------------------------------------------------------------------------


@pytest.mark.feature("introspection.names")
def test_constraints_with_any_name_keep_it(tmp_path: Path) -> None:
    things = Table(
        "things",
        (column("id"), column("a"), column("b"), Column("from", string(5), nullable=True)),
        ("id",),
        uniques=(Unique("u 1", ("a",)), Unique('u"2', ("a", "b"))),
        indexes=(
            Index(
                "i'1",
                (IndexColumn("from", descending=True), IndexColumn("b")),
                where=SqlText({"postgresql": "a > 'x\"'"}),
            ),
            Index("things_b_index", (IndexColumn("b"),)),
            Index("only", (IndexColumn("b"), IndexColumn("a")), unique=True),
        ),
        checks=(
            Check("c\t1", SqlText({"postgresql": "\"from\" <> E'\\\\n'"})),
            Check("things_a_check", SqlText({"postgresql": "a <> ''"})),
        ),
        comment='what "things" are\nfor',
    )
    inspected = Inspected("postgresql", {"things": things})
    written = written_schema(inspected, HEADER)
    assert written.notes == ()
    assert differences(inspected, loaded(written, tmp_path)) == []


@pytest.mark.feature("introspection.names")
def test_names_of_indexes_that_only_their_table_has_to_itself_are_kept_on_mysql(tmp_path: Path) -> None:
    one, other = (
        replace(table(name, "id a"), indexes=(Index("by_a", (IndexColumn("a"),)),)) for name in ("ones", "others")
    )
    inspected = Inspected("mysql", {"ones": one, "others": other})
    written = written_schema(inspected, HEADER)
    assert written.notes == ()
    assert differences(inspected, loaded(written, tmp_path)) == []
    # On PostgreSQL a name is one of the whole database, which no inspection finds twice.
    assert len(schema_of(one, other).notes) == 1


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql", "mysql"])
@pytest.mark.parametrize("case", CASES)
def test_the_tables_of_any_schema_are_said_as_they_are(case: str, dialect: str, tmp_path: Path) -> None:
    try:
        project = load(GOLDEN / case / "schema.toml")
    except SchemaErrors:
        pytest.skip("the case is a schema with mistakes")
    if dialect not in project.dialects:
        pytest.skip(f"the case is not for {dialect}")
    state = State.of_catalog(project.catalog)
    tables = {name: replace(state.tables[name], aliases=()) for name in sorted(state.tables)}
    inspected = Inspected(dialect, {name: _of_dialect(table_, dialect) for name, table_ in tables.items()}, state.enums)
    written = written_schema(inspected, HEADER)
    left = {note.column for note in written.notes if note.column is not None}
    # The pivot of an arc has no key, and what has none is no model.
    keyless = {f"no table {name}" for name, table_ in tables.items() if not table_.primary_key}
    told = [
        text_
        for text_ in differences(inspected, loaded(written, tmp_path))
        if text_ not in keyless and not any(f"'{name}'" in text_ for name in left)
    ]
    assert told == []
    assert {f"no table {note.table}" for note in written.notes} >= keyless


def _of_dialect(table_: Table, dialect: str) -> Table:
    """What a database of that dialect keeps of a table."""
    if dialect == "mysql":
        return table_
    return replace(
        table_, engine=None, charset=None, columns=tuple(replace(one, charset=None) for one in table_.columns)
    )


@pytest.mark.feature("introspection.names")
def test_two_hundred_tables_take_no_time_and_the_same_text_each_time() -> None:
    tables = [
        replace(
            table(
                f"thing_{number:03}s",
                "id name parent_id? other_id",
                key("parent_id", f"thing_{number:03}s.id"),
                key("other_id", f"thing_{(number * 7 + 3) % 200:03}s.id"),
            ),
            checks=(Check(f"c{number}", SqlText({"postgresql": "true"})),),
        )
        for number in range(200)
    ]
    start = time.perf_counter()
    written = schema_of(*tables)
    seconds = time.perf_counter() - start
    assert (written.models, written.notes) == (200, ())
    assert written.text == schema_of(*reversed(tables)).text
    assert seconds < 20  # about two on an idle machine


@pytest.mark.feature("introspection.unsaid")
def test_an_index_over_an_expression_is_told_unless_the_schema_has_words_for_it() -> None:
    index = Index("users_lower", (IndexExpression(SqlText({"postgresql": "lower(name)"})),))
    written = schema_of(replace(USERS, indexes=(index,)))
    assert "users_lower" in written.text


def test_json_defaults_with_null_have_no_form() -> None:
    columns = (column("id"), Column("data", json(), default=Default({"a": None})))
    written = schema_of(Table("things", columns, ("id",)))
    assert [str(note) for note in written.notes] == ["default of column data: the schema has no form for null"]


def test_a_table_with_nothing_but_its_key_is_a_model() -> None:
    written = schema_of(Table("counters", (Column("id", bigint(), auto_increment=True),), ("id",)))
    assert lines(written, "models.Counter.fields") == ['id = { type = "bigint", primary_key = true }']


def test_an_empty_database_is_a_schema_without_models(tmp_path: Path) -> None:
    written = schema_of()
    assert (written.models, written.notes) == (0, ())
    assert loaded(written, tmp_path).catalog.models == ()


@settings(max_examples=25)
@given(state=states())
@pytest.mark.parametrize("dialect", ["sqlite", "postgresql", "mysql"])
def test_any_tables_are_said_as_they_are_or_told(
    state: State, dialect: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """What differs between the schema's tables and those that were found is what the notes tell, and nothing else."""
    tables = {name: replace(_of_dialect(state.tables[name], dialect), aliases=()) for name in sorted(state.tables)}
    inspected = Inspected(dialect, tables, state.enums)
    written = written_schema(inspected, HEADER)
    noted = {note.table for note in written.notes}
    told = differences(inspected, loaded(written, tmp_path_factory.mktemp("any")))
    assert [text_ for text_ in told if re.split(r"[.:]", text_.removeprefix("no table "))[0] not in noted] == []


@pytest.mark.feature("introspection.unsaid")
def test_a_key_that_sqlite_lets_be_null_is_a_key_and_told() -> None:
    codes = Table("codes", (column("code?"), column("name")), ("code",))
    written = schema_of(codes, dialect="sqlite")
    assert 'code = { type = "string(255)", primary_key = true }' in written.text
    assert [str(note) for note in written.notes] == ["column code: NULL: no key is NULL here; SQLite would take it"]


def test_a_numbered_key_of_sqlite_is_as_wide_as_what_refers_to_it() -> None:
    posts = Table(
        "posts", (column("id"), Column("user_id", int_())), ("id",), foreign_keys=(key("user_id", "users.id"),)
    )
    written = schema_of(USERS, posts, dialect="sqlite")
    assert 'id = { type = "int", primary_key = true }' in lines(written, "models.User.fields")
    assert written.notes == ()
