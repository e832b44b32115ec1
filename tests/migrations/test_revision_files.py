"""Revision files: what is written, that it reads back as what it was, and what is said of files that are wrong."""

import datetime as dt
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import HealthCheck, given, settings

from isomorph.catalog import (
    And,
    Check,
    Column,
    ColumnRef,
    Comparison,
    Default,
    Enum,
    ForeignKey,
    In,
    Index,
    IndexColumn,
    Literal,
    ReferentialAction,
    SqlDefault,
    SqlText,
    Table,
    Unique,
)
from isomorph.errors import MigrationError
from isomorph.migrate import (
    AddColumn,
    ChangeColumn,
    ChangeEnum,
    ChangeMorphAliases,
    ChangePrimaryKey,
    ChangeTable,
    CreateIndex,
    CreateObject,
    CreateTable,
    DropColumn,
    DropTable,
    MorphAliases,
    ObjectKind,
    Operations,
    RenameColumn,
    RenameEnum,
    RenameIndex,
    RenameMorphAlias,
    RenameTable,
    RunSql,
    SqlObject,
    State,
    TableOptions,
    load,
    reverse,
)
from isomorph.migrate import types as t
from isomorph.migrate.revision import checksum
from isomorph_generator.migrations.autodetector import detect
from isomorph_generator.migrations.naming import named, revision_id, slug
from isomorph_generator.migrations.source import text_literal
from isomorph_generator.migrations.writer import render, view, write
from tests.support.catalogs import any_changed_states

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)

ROLE = Enum("Role", ("member", 'it\'s "new"'), "role")
USERS = Table(
    "users",
    columns=(
        Column("id", t.bigint(), auto_increment=True),
        Column("name", t.string(100)),
        Column("role", t.enum("Role"), default=Default("member")),
        Column("price", t.decimal(10, 2), default=Default(Decimal("1.50"))),
        Column("born", t.date(), default=Default(dt.date(2000, 2, 29))),
        Column("at", t.timestamptz(), default_sql=SqlDefault.NOW),
        Column("since", t.timestamptz(), default=Default(NOON)),
        Column("settings", t.json(), default=Default({"a": [1, 2, {"b": None}]}), comment="What they chose. " * 6),
        Column("key", t.text(), nullable=True, default_sql=SqlText({"postgresql": "gen_random_uuid()::text"})),
    ),
    primary_key=("id",),
    uniques=(Unique("users_name_unique", ("name",)),),
    indexes=(
        Index(
            "users_price_index_with_a_name_that_does_not_fit_into_the_line",
            (IndexColumn("price", descending=True),),
            where=And(
                (
                    Comparison(">", ColumnRef("price"), Literal(0)),
                    In(ColumnRef("name"), (Literal("a"), Literal("b"))),
                )
            ),
        ),
    ),
    checks=(Check("users_price_check", Comparison(">=", ColumnRef("price"), Literal(Decimal(0)))),),
    comment="People",
)
POSTS = Table(
    "posts",
    columns=(Column("id", t.bigint(), auto_increment=True), Column("author_id", t.bigint())),
    primary_key=("id",),
    foreign_keys=(
        ForeignKey("posts_author_id_foreign", ("author_id",), "users", ("id",), on_delete=ReferentialAction.CASCADE),
    ),
)


def text_of(operations: Operations, id_: str = "20261121_120000_x", depends_on: tuple[str, ...] = ()) -> str:
    return render(view(id_, depends_on, operations))


# --- writing -----------------------------------------------------------------------------------------------------------


def test_a_revision_as_it_is_read_by_people() -> None:
    table = Table(
        "tags",
        (Column("id", t.bigint(), auto_increment=True), Column("name", t.string(50), comment="Shown as it is.")),
        ("id",),
        indexes=(Index("tags_name_index", (IndexColumn("name"),), unique=True),),
    )
    operations: Operations = (CreateTable(table), AddColumn("users", Column("age", t.int(), default=Default(0))))
    assert text_of(operations, depends_on=("20261120_080000_initial",)) == dedent('''\
        """Create table tags and add column users.age."""

        from isomorph.migrate import (
            AddColumn,
            Column,
            CreateTable,
            Default,
            Index,
            IndexColumn,
            Operations,
            Revision,
            Table,
            reverse,
        )
        from isomorph.migrate import types as t

        revision = Revision(
            id="20261121_120000_x",
            depends_on=("20261120_080000_initial",),
        )

        upgrade: Operations = [
            CreateTable(
                Table(
                    "tags",
                    columns=(
                        Column("id", t.bigint(), auto_increment=True),
                        Column("name", t.string(50), comment="Shown as it is."),
                    ),
                    primary_key=("id",),
                    indexes=(
                        Index(
                            "tags_name_index",
                            columns=(IndexColumn("name"),),
                            unique=True,
                        ),
                    ),
                ),
            ),
            AddColumn("users", Column("age", t.int(), default=Default(0))),
        ]

        downgrade: Operations = reverse(upgrade)
        ''')


@pytest.mark.parametrize("width", [88, 100, 120])
def test_a_revision_is_formatted_checked_and_typed(tmp_path: Path, width: int) -> None:
    path = tmp_path / "20261121_120000_initial.py"
    path.write_text(text_of(detect(State(), State.of([USERS, POSTS], [ROLE])), path.stem, ("a", "b")), encoding="utf-8")
    (tmp_path / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict"}')
    ruff = [sys.executable, "-m", "ruff"]
    for command in (
        [*ruff, "format", "--isolated", "--diff", "--line-length", str(width), str(path)],
        [*ruff, "check", "--isolated", "--select", "E,F,I,UP,B,Q,D100", "--ignore", "E501", str(path)],
        [sys.executable, "-m", "mypy", "--strict", "--config-file", "", str(path)],
        [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "--project", str(tmp_path), str(path)],
    )[: 4 if width == 120 else 1]:
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr


def test_changes_as_they_are_read_by_people(tmp_path: Path) -> None:
    age = Column("age", t.int(), nullable=True)
    view = SqlObject(ObjectKind.VIEW, "adults", {"sqlite": ("CREATE VIEW ...",)}, {"sqlite": ("DROP VIEW adults",)})
    operations: Operations = (
        RenameTable("people", "users"),
        RenameColumn("users", "years", "age"),
        RenameIndex("users", "people_age_index", "users_age_index"),
        RenameEnum("Rank", "Role", "rank", "role"),
        ChangeEnum(Enum("Role", ("member",), "role"), Enum("Role", ("user", "admin"), "role"), (("member", "user"),)),
        ChangeColumn("users", age, Column("age", t.bigint(), default=Default(0))),
        ChangeTable("users", TableOptions(), TableOptions(comment="People")),
        ChangePrimaryKey("users", ("id",), ("id", "age")),
        RenameMorphAlias("comments", "to_type", "person", "user"),
        ChangeMorphAliases("comments", None, MorphAliases("to_type", (("user", "users"),))),
        CreateObject(view),
    )
    text = text_of(operations)
    assert text[text.index("upgrade") :] == dedent("""\
        upgrade: Operations = [
            RenameTable("people", "users"),
            RenameColumn("users", "years", "age"),
            RenameIndex("users", "people_age_index", "users_age_index"),
            RenameEnum("Rank", "Role", type_before="rank", type_after="role"),
            ChangeEnum(
                before=Enum("Role", values=("member",), type_name="role"),
                after=Enum("Role", values=("user", "admin"), type_name="role"),
                renamed=(("member", "user"),),
            ),
            ChangeColumn(
                "users",
                before=Column("age", t.int(), nullable=True),
                after=Column("age", t.bigint(), default=Default(0)),
            ),
            ChangeTable("users", before=TableOptions(), after=TableOptions(comment="People")),
            ChangePrimaryKey("users", before=("id",), after=("id", "age")),
            RenameMorphAlias("comments", "to_type", before="person", after="user"),
            ChangeMorphAliases(
                "comments",
                before=None,
                after=MorphAliases("to_type", members=(("user", "users"),)),
            ),
            CreateObject(
                SqlObject(
                    ObjectKind.VIEW,
                    "adults",
                    create={"sqlite": ("CREATE VIEW ...",)},
                    drop={"sqlite": ("DROP VIEW adults",)},
                ),
            ),
        ]

        downgrade: Operations = reverse(upgrade)
        """)
    path = tmp_path / "20261121_120000_x.py"
    path.write_text(text, encoding="utf-8")
    assert load(tmp_path).items[0].upgrade == operations


@given(any_changed_states())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_what_is_written_reads_back_as_it_was(tmp_path: Path, pair: tuple[State, State]) -> None:
    operations = tuple(detect(*pair, asks=False))
    path = tmp_path / "r.py"
    path.write_text(text_of(operations, "r"), encoding="utf-8")
    loaded = load(tmp_path).items[0]
    assert loaded.upgrade == operations
    assert loaded.downgrade == reverse(operations)
    assert repr(loaded.upgrade) == repr(operations)


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("plain", '"plain"'),
        ('say "x"', "'say \"x\"'"),
        ("it's", '"it\'s"'),
        ("a'b\"c", '"a\'b\\"c"'),
        ("a\nb\\", '"a\\nb\\\\"'),
        ("ü", '"ü"'),
    ],
)
def test_strings_have_the_quotes_that_the_formatter_prefers(text: str, literal: str) -> None:
    assert text_literal(text) == literal


def test_names_say_what_changed() -> None:
    age, name = Column("age", t.int(), nullable=True), Column("Größe (cm)", t.int(), nullable=True)
    index = CreateIndex("users", Index("users_index", (IndexColumn("age"),)))
    for operations, expected in (
        ((CreateTable(USERS),), "create_users"),
        ((CreateTable(USERS), CreateTable(POSTS)), "create_users_and_posts"),
        ((CreateTable(USERS), CreateTable(POSTS), CreateTable(POSTS)), "create_users_and_2_more"),
        ((DropTable(USERS), CreateTable(POSTS)), "create_posts_drop_users"),
        ((AddColumn("users", age),), "add_age_to_users"),
        ((DropColumn("users", age),), "drop_age_from_users"),
        ((AddColumn("users", name),), "add_gr_e_cm_to_users"),
        ((AddColumn("users", age), index), "add_age_to_users"),
        ((AddColumn("users", age), DropColumn("users", age)), "change_users"),
        ((ChangeColumn("users", age, name),), "change_gr_e_cm_of_users"),
        ((RenameColumn("users", "age", "years"), index), "rename_age_to_years_in_users"),
        ((RenameTable("users", "people"), RenameColumn("posts", "a", "b"), index), "rename_users_to_people"),
        ((RenameTable("a", "b"), RenameTable("c", "d")), "rename_a_to_b_and_more"),
        ((RenameEnum("Role", "Rank", "role", "rank"),), "rename_enum_role_to_rank"),
        ((RenameMorphAlias("comments", "to_type", "post", "article"),), "rename_alias_post_to_article"),
        ((ChangeEnum(ROLE, ROLE),), "change_values_of_role"),
        ((ChangePrimaryKey("users", ("id",), ("age",)),), "change_users"),
        ((index,), "change_users"),
        ((CreateTable(POSTS), index), "create_posts"),
        ((RunSql("SELECT 1"),), "change"),
    ):
        assert named(operations, initial=False) == expected
    assert named((CreateTable(USERS),), initial=True) == "initial"
    assert revision_id(NOON, "initial") == "20261121_120000_initial"
    assert slug("  Add  The/Thing! ") == "add_the_thing"
    assert len(slug("x" * 200)) == 60


def test_a_file_that_exists_is_not_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    assert write(folder, "a", "one\n") == folder / "a.py"
    with pytest.raises(FileExistsError):
        write(folder, "a", "two\n")
    assert [path.name for path in folder.iterdir()] == ["a.py"]
    assert (folder / "a.py").read_text() == "one\n"


# --- reading -----------------------------------------------------------------------------------------------------------

HEAD = (
    'from isomorph.migrate import *\nrevision = Revision(id="{id}", depends_on=({after}))\nupgrade: Operations = []\n'
)
TAIL = "downgrade: Operations = reverse(upgrade)\n"


def put(folder: Path, id_: str, *after: str, text: str | None = None) -> Path:
    path = folder / f"{id_}.py"
    head = HEAD.format(id=id_, after="".join(f'"{other}", ' for other in after))
    path.write_text(head + TAIL if text is None else text.replace("HEAD\n", head))
    return path


def test_revisions_follow_those_that_they_depend_on_and_otherwise_their_ids(tmp_path: Path) -> None:
    put(tmp_path, "a", "z")
    put(tmp_path, "z")
    put(tmp_path, "c", "z")
    put(tmp_path, "b", "z")
    put(tmp_path, "_draft", text="nonsense!")
    (tmp_path / "notes.txt").write_text("no revision")
    revisions = load(tmp_path)
    assert [revision.id for revision in revisions] == ["z", "a", "b", "c"]
    assert revisions.heads == ("a", "b", "c")
    with pytest.raises(MigrationError, match="revision c: it and a, b both come last"):
        revisions.check_one_head()
    assert len(load(tmp_path / "nowhere")) == 0


def test_the_checksum_counts_line_ends_as_one_character(tmp_path: Path) -> None:
    path = put(tmp_path, "a")
    unix = load(tmp_path).items[0].checksum
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert load(tmp_path).items[0].checksum == unix
    path.write_bytes(path.read_bytes() + b"# more\n")
    assert load(tmp_path).items[0].checksum != unix
    assert checksum(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("def (:\n", "{path}:1: invalid syntax (mend the syntax)"),
        ("x = 1\ny = oops\n", "{path}:2: NameError: name 'oops' is not defined (mend the file)"),
        (
            "from isomorph.migrate import Nothing\n",
            "{path}:1: ImportError: cannot import name 'Nothing' from 'isomorph.migrate'",
        ),
        ("x = 1\n", "{path}:1: it defines no `revision` (add `revision = Revision(id='bad', depends_on=(...))`)"),
        (
            "from isomorph.migrate import Revision\nrevision = Revision(id='other')\n",
            "{path}:1: its id is 'other', its file is called 'bad.py' (give both the same name)",
        ),
        (
            "from isomorph.migrate import Revision\nrevision = Revision(id='bad', depends_on='other')\n",
            '{path}:1: depends_on is no tuple of ids (write depends_on=("...",))',
        ),
        (
            "from isomorph.migrate import Revision\nrevision = Revision(id='bad')\n",
            "{path}:1: it defines no `upgrade` (add `upgrade: Operations = (...)`)",
        ),
        ("HEAD\n", "{path}:1: it defines no `downgrade` (add `downgrade = reverse(upgrade)`)"),
        (
            "HEAD\nupgrade = ['DROP TABLE x']\ndowngrade = ()\n",
            "{path}:1: item 1 of `upgrade` is no operation but of type str (use the operations of isomorph.migrate)",
        ),
        ("HEAD\nraise SystemExit(3)\n", "{path}:4: SystemExit: 3 (mend the file)"),
    ],
)
def test_a_file_that_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    path = put(tmp_path, "bad", text=text)
    with pytest.raises(MigrationError) as error:
        load(tmp_path)
    assert str(error.value).startswith(f"revision bad: {message.format(path=path)}")


def test_unknown_and_circular_dependencies_are_told(tmp_path: Path) -> None:
    put(tmp_path, "first")
    put(tmp_path, "second", "frist")
    with pytest.raises(MigrationError, match=r'revision second: it depends on frist.*did you mean "first"\?'):
        load(tmp_path)
    put(tmp_path, "second", "third")
    put(tmp_path, "third", "second")
    with pytest.raises(
        MigrationError, match=r"it depends on itself: (second -> third -> second|third -> second -> third)"
    ):
        load(tmp_path)


def test_an_unreadable_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.py").symlink_to(tmp_path / "gone")
    with pytest.raises(MigrationError, match=r"revision a: .*a\.py cannot be read: No such file"):
        load(tmp_path)
    (tmp_path / "a.py").unlink()
    (tmp_path / "b.py").write_bytes(b"x = '\xff'\n")
    with pytest.raises(MigrationError, match=r"revision b: .*b\.py:1: .*utf-8"):
        load(tmp_path)


def test_operations_that_do_not_fit_are_told_with_their_revision(tmp_path: Path) -> None:
    put(tmp_path, "a", text="HEAD\nupgrade = [DropColumn('users', Column('x', types.int()))]\n" + TAIL)
    with pytest.raises(MigrationError, match="revision a: there is no table users at this point"):
        load(tmp_path).state()
