"""`orm migrate make --expand-contract`: the revisions that it writes, and what it refuses."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from isomorph import dialects
from isomorph.migrate import load, sql
from isomorph_generator.cli import migrate
from isomorph_generator.lint import lint
from tests.migrations.test_expand_contract import CASES
from tests.support.phases import Change, created

pytestmark = pytest.mark.feature("migrations.make_phases")

SHOP = """
[connections.default]
url = "sqlite:///app.db"

[enums]
Colour = ["red", "green"]

[models.User.fields]
name = { type = "string(100)", unique = true }
born = "date?"
size = { type = "int?", default = 3 }
given = "string(50)"
full = { type = "string(60)", generated = "given" }
code = { type = "string(20)", unique = true }

[models.User.relations]
things = { has_many = "Thing", inverse = "user" }

[models.Thing.fields]
price = { type = "int", default = 0, min = 0, index = true }
colour = { type = "Colour" }
label = "string(20)?"

[models.Thing.relations]
user = { belongs_to = "User" }
about = { morph_to = true }

[models.Tag.relations]
things = { morph_many = "Thing", name = "about" }

[views.labels]
sql = { sqlite = "SELECT label FROM things", postgresql = "SELECT label FROM things", mysql = "SELECT label FROM things" }
"""

Orm = Callable[..., Result]
Edit = Callable[..., None]


@pytest.fixture
def orm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Orm:
    """Run `orm migrate` in a project whose tables have a revision."""
    monkeypatch.chdir(tmp_path)
    Path("schema.toml").write_text(SHOP, encoding="utf-8")

    def ran(*arguments: str, code: int = 0) -> Result:
        result = CliRunner().invoke(migrate.app, list(arguments))
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result

    ran("make", "initial")
    return ran


@pytest.fixture
def edit(orm: Orm) -> Edit:
    """Edit the schema: old and new text in pairs."""
    del orm

    def edited(*pairs: str) -> None:
        path = Path("schema.toml")
        text = path.read_text(encoding="utf-8")
        for old, new in zip(pairs[::2], pairs[1::2], strict=True):
            assert old in text, old
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")

    return edited


def names() -> list[str]:
    """The revisions behind the first, without their times."""
    return [revision.id.split("_", 2)[2] for revision in load(Path("migrations"))][1:]


RENAMED = ('price = { type = "int"', 'cost = { was = "price", type = "int"')


def test_a_rename_is_written_as_one_revision_for_each_phase(orm: Orm, edit: Edit) -> None:
    edit(*RENAMED)
    shown = orm("make", "--expand-contract").stdout
    told = [line for line in shown.splitlines() if line.startswith("note: ")]
    assert told[0].startswith("note: Programs that know things.price run on.")
    assert told[-1].startswith("note: Run it when no program uses things.price any more")
    base = "rename_price_to_cost_in_things"
    assert names() == [f"{base}_1_expand", f"{base}_2_backfill", f"{base}_3_switch", f"{base}_4_contract"]
    made = load(Path("migrations")).items
    assert [revision.depends_on for revision in made[1:]] == [(revision.id,) for revision in made[:-1]]
    assert made[1].doc.splitlines()[0].startswith("Expand: things.cost beside things.price")
    assert "Programs that know things.price run on." in made[1].doc
    assert orm("make").stdout == "no changes: the revisions agree with the schema\n"
    assert orm("make", "--expand-contract").stdout == "no changes: the revisions agree with the schema\n"
    assert orm("lint").stdout == "nothing found in 5 revisions\n"


def test_another_type_is_written_under_the_name_that_it_is_given(orm: Orm, edit: Edit) -> None:
    edit('price = { type = "int"', 'price = { type = "bigint"')
    found = json.loads(orm("make", "--expand-contract", "Wider prices", "--json").stdout)["revisions"]
    assert [revision["revision"].split("_", 2)[2] for revision in found] == names()
    assert names() == [f"wider_prices_{number}" for number in ("1_expand", "2_backfill", "3_switch", "4_contract")]
    assert [operation for revision in found for operation in revision["operations"] if "swap" in operation] == [
        "swap columns things.price and price_other"
    ]
    assert all(revision["losses"] == [] for revision in found)
    assert orm("lint").stdout == "nothing found in 5 revisions\n"


def test_what_is_lost_by_another_type_is_left_to_be_accepted(orm: Orm, edit: Edit) -> None:
    edit('price = { type = "int"', 'price = { type = "smallint"')
    result = orm("make", "--expand-contract")
    assert "warning: lost when the revision runs: the values of things.price_other" in result.stderr
    assert "MIG002" in orm("lint", code=1).output


def test_nothing_is_written_where_it_is_only_shown(orm: Orm, edit: Edit) -> None:
    edit(*RENAMED)
    assert orm("make", "--expand-contract", "--dry-run").stdout.count("would write migrations/") == 4
    shown = orm("make", "--expand-contract", "--sql").stdout
    assert 'CREATE TRIGGER "things_cost_mirror_insert" AFTER INSERT ON "things"' in shown
    assert "DELIMITER //\nCREATE TRIGGER `things_cost_mirror_insert` BEFORE INSERT ON `things`" in shown
    sql = json.loads(orm("make", "--expand-contract", "--sql", "--json").stdout)["revisions"][1]["sql"]
    assert sql["sqlite"] == [
        (
            '-- copy column things.price to cost: UPDATE "things" SET "cost" = "price" WHERE "cost" IS NULL AND "price" IS NOT '
            'NULL AND "id" > ... AND "id" <= ...'
        )
    ]
    assert names() == []
    assert "neither --empty nor --data" in orm("make", "--expand-contract", "--empty", code=2).stderr


def test_the_phases_are_run_one_by_one(orm: Orm, edit: Edit) -> None:
    orm("run")
    edit(*RENAMED)
    orm("make", "--expand-contract")
    for phase in ("1_expand", "2_backfill", "3_switch", "4_contract"):
        assert f"_{phase} (" in orm("run", "--step", "1").stdout.splitlines()[-1]
        assert orm("drift").stdout.startswith("no drift")
    assert orm("run").stdout == "nothing to run: the database has all revisions\n"


def test_a_view_of_the_table_is_out_of_the_way_of_its_phases(orm: Orm, edit: Edit) -> None:
    edit(*RENAMED)
    orm("make", "--expand-contract")
    for revision in load(Path("migrations")).items[1:]:
        told = [str(operation) for operation in revision.upgrade]
        assert ("drop view labels" in told) is ("create view labels" in told)
        assert told[0] == ("drop view labels" if len(told) > 1 else told[0])


def test_a_view_of_all_columns_is_made_anew_behind_swapped_names(orm: Orm, edit: Edit) -> None:
    everything = ", ".join(f'{name} = "SELECT * FROM users"' for name in dialects.NAMES)
    edit("[views.labels]", f"[views.people]\nsql = {{ {everything} }}\n\n[views.labels]")
    orm("make")
    edit('born = "date?"', 'born = "datetime?"')
    orm("make", "--expand-contract", "moments")
    (switch,) = (revision for revision in load(Path("migrations")) if revision.id.endswith("3_switch"))
    told = [str(operation) for operation in switch.upgrade]
    assert (told[0], told[-1]) == ("drop view people", "create view people")


# --- what is refused ---------------------------------------------------------------------------------------------------

PLAIN = "make it without --expand-contract"
REFUSED = {
    "nothing for it": (
        ('born = "date?"', 'born = "date?"\nmore = "int?"'),
        f"there is no column with another name or type, which phases are for: add column users.more ({PLAIN})",
    ),
    "two columns": (
        (*RENAMED, 'born = "date?"', 'birthday = { was = "born", type = "date?" }'),
        (
            "phases are for one column at a time, and several change: users.born, things.price (leave the others as they are "
            "until the phases of the first are written)"
        ),
    ),
    "more": (
        (*RENAMED, 'born = "date?"', 'born = "date?"\nmore = "int?"'),
        (
            "more changes than the column that phases are for: add column users.more (make that without --expand-contract, "
            "with the column as it was, and then the phases)"
        ),
    ),
    "a table": (
        (
            *('"User"', '"Person"', "[models.User.relations]", "[models.Person.relations]"),
            *("[models.User.fields]", '[models.Person]\nwas = "User"\n\n[models.Person.fields]'),
            *('born = "date?"', 'birthday = { was = "born", type = "date?" }'),
        ),
        (
            "people.born changes along with the name of its table (rename the table in a revision of its own, without "
            "--expand-contract, while nothing uses it)"
        ),
    ),
    "a key": (
        (
            "[models.Tag.relations]",
            '[models.Tag.fields.number]\nwas = "id"\nprimary_key = true\ntype = "bigint"\n\n[models.Tag.relations]',
        ),
        f"tags.id is part of the primary key, of which a row has one ({PLAIN})",
    ),
    "NULL": (
        (
            'code = { type = "string(20)", unique = true }',
            'mark = { was = "code", type = "string(20)?", unique = true }',
        ),
        "users.code changes its name or type, and whether it may be NULL (make the one first, then the other)",
    ),
    "NULL with a default": (
        ('size = { type = "int?"', 'length = { was = "size", type = "int?"'),
        (
            "users.size may be NULL and has a default, so that a trigger cannot tell which of the two a program meant (take "
            f"the default away in a revision of its own first, or {PLAIN})"
        ),
    ),
    "what is computed of it": (
        ('given = "string(50)"', 'called = { was = "given", type = "string(50)" }', '"given" }', '"called" }'),
        f"users.full is computed of users.given ({PLAIN})",
    ),
    "what is computed": (
        ('full = { type = "string(60)"', 'whole = { was = "full", type = "string(60)"'),
        f"users.full is computed ({PLAIN})",
    ),
    "a view": (
        ('label = "string(20)?"', 'title = { was = "label", type = "string(20)?" }', "SELECT label", "SELECT title"),
        (
            "the view labels names things.label, which has two names for a while (take it out of the schema in a revision of its "
            "own, and back in behind the last)"
        ),
    ),
    "a morph": (
        (
            "about = { morph_to = true }",
            'topic = { was = "about", morph_to = true }',
            'name = "about"',
            'name = "topic"',
        ),
        (
            "phases are for one column at a time, and several change: things.about_type, things.about_id (leave the others as "
            "they are until the phases of the first are written)"
        ),
    ),
    "no conversion": (
        ('born = "date?"', 'born = "int?"'),
        (
            "users.born is to become int, and no conversion from date and back is the same everywhere (add a column beside it, "
            "fill it by a data step, and drop the other in a later revision)"
        ),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_has_no_phases_is_refused(case: str, orm: Orm, edit: Edit) -> None:
    edits, message = REFUSED[case]
    edit(*edits)
    assert orm("make", "--expand-contract", code=2).stderr == f"{message}\n"
    assert names() == []


# --- all of them -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("found", CASES.values(), ids=CASES)
def test_phases_lead_there_and_back_and_the_linter_finds_nothing_but_what_is_allowed(found: Change) -> None:
    state = found.before
    for phase in found.phases:
        for operation in phase.operations:
            after = operation.apply(state)
            assert operation.reverse().apply(after).is_same(state)
            state = after
    assert state.is_same(found.after)
    revisions = found.revisions(created(found.before))
    allowed = {phase.name: phase.allow for phase in found.phases}
    for finding in lint(revisions, ("sqlite", "postgresql", "mysql"), only=allowed):
        assert finding.code in allowed[finding.revision], str(finding)


@pytest.mark.parametrize("found", CASES.values(), ids=CASES)
def test_no_phase_holds_up_others_on_postgresql(found: Change) -> None:
    revisions = found.revisions(created(found.before))
    [_, *phases] = sql(revisions, dialects.get("postgresql"))
    statements = [text for revision in phases for text in revision.statements]
    assert not [
        text
        for text in statements
        if "INDEX" in text.split("(")[0] and text.startswith("CREATE") and "CONCURRENTLY" not in text
    ]
    assert not [
        text
        for text in statements
        if " ADD CONSTRAINT " in text and not text.endswith("NOT VALID") and "USING INDEX" not in text
    ]
    assert not [text for text in statements if " TYPE " in text]
