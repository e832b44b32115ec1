"""`orm migrate make` beyond writing a revision: what it shows, what it asks, what it refuses; whole schemas that change."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from isomorph.migrate import load
from isomorph_generator.cli import migrate
from isomorph_generator.cli.migrate import make as make_module

BLOG = """
[project]
package = "generated"

[connections.default]
url = "sqlite:///app.db"

[enums]
Role = ["member", "admin"]

[models.User.fields]
name = { type = "string(100)", unique = true }
role = { type = "Role", default = "member" }

[models.User.relations]
posts = { has_many = "Post", inverse = "author" }

[models.Post.fields]
title = { type = "string(200)", index = true }

[models.Post.relations]
author = { belongs_to = "User" }
tags = { belongs_to_many = "Tag", pivot = { weight = "int?" } }
comments = { morph_many = "Comment", name = "commentable" }
labels = { morph_to_many = "Label", name = "labelable" }

[models.Tag.relations]
posts = { belongs_to_many = "Post" }

[models.Label]

[models.Comment.relations]
commentable = { morph_to = true, integrity = "triggers" }
"""

Make = Callable[..., Result]
Edit = Callable[..., None]


@pytest.fixture
def edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Edit:
    """Edit the schema of a scratch project: old and new text in pairs."""
    monkeypatch.chdir(tmp_path)
    seconds = iter(range(60 * 60))
    start = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
    monkeypatch.setattr(make_module, "now", lambda: start + dt.timedelta(seconds=next(seconds)))
    path = Path("schema.toml")
    path.write_text(BLOG, encoding="utf-8")

    def edited(*pairs: str) -> None:
        text = path.read_text(encoding="utf-8")
        for old, new in zip(pairs[::2], pairs[1::2], strict=True):
            assert old in text, old
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")

    return edited


@pytest.fixture
def make(edit: Edit) -> Make:
    """Run `orm migrate make`."""
    del edit

    def made(*arguments: str, code: int = 0, answers: str | None = None) -> Result:
        result = CliRunner().invoke(migrate.app, ["make", *arguments], input=answers)
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result

    return made


def lines(result: Result) -> list[str]:
    return [line.strip() for line in result.stdout.splitlines()[1:]]


def revisions() -> list[str]:
    return sorted(path.name for path in Path("migrations").glob("*.py"))


# --- options -----------------------------------------------------------------------------------------------------------


@pytest.mark.feature("migrations.preview")
def test_an_empty_revision_follows_the_last_one_and_does_nothing(make: Make) -> None:
    make()
    assert make("--empty").stdout == "wrote migrations/20261121_120001_empty.py\n"
    assert make("--empty", "fill names").stdout == "wrote migrations/20261121_120002_fill_names.py\n"
    last = load(Path("migrations")).items[-1]
    assert (last.upgrade, last.depends_on) == ((), ("20261121_120001_empty",))
    assert make().stdout == "no changes: the revisions agree with the schema\n"
    assert "exclude each other" in make("--empty", "--sql", code=2).stderr


@pytest.mark.feature("migrations.preview")
def test_a_dry_run_shows_the_file_and_writes_nothing(make: Make) -> None:
    shown = make("--dry-run").stdout
    assert shown.startswith("would write migrations/20261121_120000_initial.py\n  create enum Role\n")
    assert 'revision = Revision(\n    id="20261121_120000_initial",' in shown
    assert json.loads(make("--dry-run", "--json").stdout)["path"] is None
    assert not Path("migrations").exists()


@pytest.mark.feature("migrations.preview")
def test_sql_is_shown_for_each_dialect_and_nothing_is_written(make: Make, edit: Edit) -> None:
    make()
    edit('title = { type = "string(200)"', 'views = { type = "int", default = 0 }\ntitle = { type = "string(200)"')
    shown = make("--sql").stdout
    heads = [line for line in shown.splitlines() if line.startswith("-- ")]
    assert heads == [f"-- 20261121_120001_add_views_to_posts ({name})" for name in ("sqlite", "postgresql", "mysql")]
    assert 'ALTER TABLE "posts" ADD COLUMN "views"' in shown
    sql: dict[str, Any] = json.loads(make("--sql", "--json").stdout)["sql"]
    assert sorted(sql) == ["mysql", "postgresql", "sqlite"]
    assert "ALTER TABLE `posts` ADD COLUMN `views`" in sql["mysql"][0]
    assert revisions() == ["20261121_120000_initial.py"]


@pytest.mark.feature("migrations.preview")
def test_without_a_change_nothing_is_shown_and_all_is_well(make: Make) -> None:
    make()
    for option in ("--dry-run", "--sql", "--json"):
        assert make(option).exit_code == 0
    assert make("--dry-run").stdout == "no changes: the revisions agree with the schema\n"
    assert len(revisions()) == 1


# --- renames -----------------------------------------------------------------------------------------------------------


@pytest.mark.feature("migrations.detect_renames", "schema.was")
def test_a_likely_rename_is_an_error_where_nobody_can_answer(make: Make, edit: Edit) -> None:
    make()
    edit("title = {", "headline = {")
    told = (
        "the column posts.title is gone and headline, which is like it, is new (write models.Post.fields.headline.was = "
        '"title" to rename it, or models.Post.fields.headline.was = false to drop the one and add the other)\n'
    )
    assert make(code=2).stderr == told
    assert make("--json", code=2).stderr == told
    assert len(revisions()) == 1


@pytest.mark.feature("migrations.detect_renames")
def test_a_terminal_is_asked(make: Make, edit: Edit, monkeypatch: pytest.MonkeyPatch) -> None:
    make()
    monkeypatch.setattr(make_module, "is_terminal", lambda: True)
    edit("title = {", "headline = {", "index = true", 'index = true, default = ""')
    refused = make("--dry-run", answers="n\n")
    assert "was the column posts.headline called title [y/n]: n" in refused.stdout
    assert "drop column posts.title" in refused.stdout
    assert "warning: lost when the revision runs: the values of posts.title" in refused.stderr
    renamed = make(answers="y\n")
    assert "rename column posts.title to headline" in renamed.stdout
    assert renamed.stderr == ""
    assert make().stdout == "no changes: the revisions agree with the schema\n"


@pytest.mark.feature("migrations.detect_renames", "schema.was")
@pytest.mark.parametrize(
    ("pairs", "operations"),
    [
        (
            ("title = {", 'headline = { was = "title",'),
            [
                "rename column posts.title to headline",
                "rename index posts_title_index of posts to posts_headline_index",
            ],
        ),
        (
            ("author = {", 'writer = { was = "author",', 'inverse = "author"', 'inverse = "writer"'),
            [
                "rename column posts.author_id to writer_id",
                "rename constraint posts_author_id_foreign of posts to posts_writer_id_foreign",
                "rename index posts_author_id_index of posts to posts_writer_id_index",
            ],
        ),
        (
            (
                'Role = ["member", "admin"]',
                'Rank = { was = "Role", values = [{ name = "user", was = "member" }, "admin"] }',
                '"Role", default = "member"',
                '"Rank", default = "user"',
            ),
            ["rename enum Role to Rank", "change values of enum Rank"],
        ),
        (
            ('weight = "int?"', 'rank = { type = "int?", was = "weight" }'),
            ["rename column post_tag.weight to rank"],
        ),
        (
            (
                'tags = { belongs_to_many = "Tag",',
                'tags = { belongs_to_many = "Tag", table = "tagged", was = "post_tag",',
            ),
            [
                "rename table post_tag to tagged",
                "rename constraint post_tag_post_id_foreign of tagged to tagged_post_id_foreign",
                "rename constraint post_tag_tag_id_foreign of tagged to tagged_tag_id_foreign",
                "rename index post_tag_tag_id_index of tagged to tagged_tag_id_index",
            ],
        ),
        (
            ('name = "labelable"', 'name = "markable", was = "labelable"'),
            [
                "rename table labelables to markables",
                "rename column markables.labelable_type to markable_type",
                "rename column markables.labelable_id to markable_id",
                "rename constraint labelables_label_id_foreign of markables to markables_label_id_foreign",
                (
                    "rename index labelables_labelable_type_labelable_id_index of markables to "
                    "markables_markable_type_markable_id_index"
                ),
            ],
        ),
        (
            ("commentable = {", 'subject = { was = "commentable",', 'name = "commentable"', 'name = "subject"'),
            [
                "rename column comments.commentable_type to subject_type",
                "rename column comments.commentable_id to subject_id",
                "drop guard comments_commentable_guard of comments",
                "rename constraint comments_commentable_type_check of comments to comments_subject_type_check",
                (
                    "rename index comments_commentable_type_commentable_id_index of comments to "
                    "comments_subject_type_subject_id_index"
                ),
                "add guard comments_subject_guard to comments",
            ],
        ),
    ],
    ids=["field", "relation", "enum", "pivot field", "pivot", "morph pivot", "morph_to"],
)
def test_what_was_something_else_is_renamed_with_all_that_follows(
    make: Make, edit: Edit, pairs: tuple[str, ...], operations: list[str]
) -> None:
    make()
    edit(*pairs)
    result = make()
    assert lines(result) == operations
    assert result.stderr == ""
    assert make().stdout == "no changes: the revisions agree with the schema\n"


@pytest.mark.feature("migrations.detect_renames", "migrations.detect_aliases", "schema.was")
def test_a_model_that_was_another_takes_its_table_pivots_and_aliases_along(make: Make, edit: Edit) -> None:
    make()
    edit(
        '"Post"',
        '"Article"',
        "[models.Post.",
        "[models.Article.",
        "[models.Article.fields]",
        '[models.Article]\nwas = "Post"\n[models.Article.fields]',
    )
    result = make()
    assert result.stdout.splitlines()[0] == "wrote migrations/20261121_120001_rename_posts_to_articles_and_more.py"
    assert set(lines(result)) >= {
        "rename table posts to articles",
        "rename table post_tag to article_tag",
        "rename column article_tag.post_id to article_id",
        "rename index posts_title_index of articles to articles_title_index",
        "rename alias post in comments.commentable_type to article",
        "rename alias post in labelables.labelable_type to article",
        'note: rows of comments.commentable_type that say "post" will say "article"',
        'note: rows of labelables.labelable_type that say "post" will say "article"',
    }
    assert lines(result).index("drop guard comments_commentable_guard of comments") < lines(result).index(
        "rename alias post in comments.commentable_type to article"
    )
    assert result.stderr == ""
    assert make().stdout == "no changes: the revisions agree with the schema\n"


@pytest.mark.feature("migrations.detect_renames", "schema.was")
def test_the_column_of_a_member_of_an_arc_follows_its_model(make: Make, edit: Edit) -> None:
    edit('integrity = "triggers"', 'integrity = "arc"')
    make()
    edit('"Post"', '"Article"', "[models.Post.", "[models.Article.")
    edit("[models.Article.fields]", '[models.Article]\nwas = "Post"\n[models.Article.fields]')
    result = make()
    assert "rename column comments.commentable_post_id to commentable_article_id" in lines(result)
    assert result.stderr == ""


@pytest.mark.feature("migrations.detect")
def test_a_pivot_that_becomes_an_arc_is_refused_with_what_to_do(make: Make, edit: Edit) -> None:
    make()
    edit('name = "labelable"', 'name = "labelable", integrity = "arc", was = false')
    assert make(code=2).stderr == (
        "labelables has a primary key on one side of the change only, which no operation can give or take (leave its "
        "integrity as it is; or give it another `table`, and move the rows by a data step)\n"
    )
