"""Scopes of mixins, macros and global scopes: which models get them, and what is told about them."""

from pathlib import Path

import pytest

from isomorph.catalog import ColumnRef, Comparison, Literal, Parameter, Scope
from isomorph_generator.schema import Project, load
from tests.schema.conftest import Loader, Mistakes

pytestmark = pytest.mark.feature("schema.shared_scopes")

SHARED = """
[mixins.Ranked.fields]
rank = "int"

[mixins.Ranked.scopes]
best = { where = "rank > 9", global = true }

[macros]
ranking = { params = { least = "int" }, where = "rank >= :least", order_by = ["-rank", "owner"] }
recent = { params = { since = "timestamptz" }, where = "created_at > :since" }
titled = { where = "title = 'a'", models = ["Post"] }
few = { limit = 3 }

[models.User]
timestamps = true

[models.Post]
mixins = ["Ranked"]
timestamps = { created_at = "made_at" }

[models.Post.fields]
title = "string(10)"
created_at = { type = "timestamptz", column = "born" }

[models.Post.relations]
owner = { belongs_to = "User" }

[models.Post.scopes]
top = "rank = 1"

[models.Page.fields]
title = "string(10)"
rank = "int"
"""


def _scopes(project: Project, model: str) -> list[str]:
    return [scope.name for scope in project.catalog.model(model).scopes]


def test_a_model_gets_its_own_scopes_those_of_its_mixins_and_the_macros_that_fit(load_text: Loader) -> None:
    project = load_text(SHARED)
    assert _scopes(project, "Post") == ["top", "best", "ranking", "recent", "titled", "few"]
    assert _scopes(project, "Page") == ["few"]  # it has no owner to order by
    assert _scopes(project, "User") == ["recent", "few"]


def test_a_macro_means_the_columns_of_each_model(load_text: Loader) -> None:
    project = load_text(SHARED)
    (of_post,) = [scope for scope in project.catalog.model("Post").scopes if scope.name == "recent"]
    (of_user,) = [scope for scope in project.catalog.model("User").scopes if scope.name == "recent"]
    assert of_post.where == Comparison(">", ColumnRef("born"), Parameter("since"))
    assert of_user.where == Comparison(">", ColumnRef("created_at"), Parameter("since"))
    (ranking,) = [scope for scope in project.catalog.model("Post").scopes if scope.name == "ranking"]
    assert ranking.order_by == (("rank", True), ("owner_id", False))


def test_a_model_says_which_of_its_scopes_are_global(load_text: Loader) -> None:
    post = load_text(SHARED).catalog.model("Post")
    best = Scope("best", where=Comparison(">", ColumnRef("rank"), Literal(9)), is_global=True)
    assert best in post.scopes
    assert post.global_scopes == ("best",)
    with_methods = load_text(
        SHARED.replace("[models.Post]\n", '[models.Post]\nquery_behaviour = "a:B"\nglobal_scopes = ["mine"]\n')
    )
    assert with_methods.catalog.model("Post").global_scopes == ("best", "mine")
    assert with_methods.catalog.model("Post").scope_methods == ("mine",)


def test_macros_may_stand_in_several_files(folder: Path) -> None:
    Path("schema.toml").write_text(
        'include = ["more.toml"]\n[macros]\nfew = { limit = 3 }\n[models.A.fields]\nx = "int"\n'
    )
    Path("more.toml").write_text("[macros]\nmany = { limit = 9 }\n")
    assert _scopes(load(Path("schema.toml")), "A") == ["few", "many"]


def test_nothing_more_is_told_about_a_field_that_is_wrong_itself(mistakes: Mistakes) -> None:
    found = mistakes("""
[macros]
sized = "size > 3"
[models.Box.fields]
size = "itn"
""")
    assert len(found) == 1
    assert "models.Box.fields.size" in found[0]


def test_a_model_that_is_wrong_itself_hides_no_macro_and_no_macro_is_told_about(mistakes: Mistakes) -> None:
    found = mistakes("""
[macros]
sized = "size > 3"
[models]
Box = 3
""")
    assert [line for line in found if "macros" in line] == []


def test_a_scope_of_a_mixin_that_nobody_uses_is_judged_but_for_its_fields(mistakes: Mistakes) -> None:
    found = mistakes("""
[mixins.Ranked.scopes]
best = "rank >"
typed = { params = { least = "itn" }, where = "rank > :least" }
fine = { params = { least = "int" }, where = "rank > :least" }

[models.A.fields]
x = "int"
""")
    assert len(found) == 2
    assert found[0].startswith("schema.toml:3:15 mixins.Ranked.scopes.best: ")
    assert found[1].startswith('schema.toml:4:30 mixins.Ranked.scopes.typed.params.least: no type "itn"')


def test_a_syntax_mistake_in_a_shared_scope_is_told_once(mistakes: Mistakes) -> None:
    found = mistakes("""
[mixins.Ranked.fields]
rank = "int"
[mixins.Ranked.scopes]
best = "rank > and"
[macros]
worst = "rank <"
[models.A]
mixins = ["Ranked"]
[models.B]
mixins = ["Ranked"]
""")
    assert len(found) == 2
