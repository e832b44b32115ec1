"""Chinook on every database: read, generated, type-checked, queried, taken over."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from isomorph.migrate import State
from isomorph_generator.cli import main
from isomorph_generator.codegen import compared, package_folder, rendered, write
from isomorph_generator.introspect import drift
from isomorph_generator.schema import load
from tests.codegen.projects import ROOT
from tests.support.adopting import adopted, differences, lines
from tests.support.chinook import load_chinook
from tests.support.databases import connect_raw, fetch_all
from tests.support.migrations import open_session

pytestmark = pytest.mark.feature("introspection.round_trip")

PROGRAM = '''\
"""Queries over Chinook: what they give is known."""

from decimal import Decimal

from generated import Album, Artist, Customer, Employee, Invoice, InvoiceLine, Playlist, Track

artist = (
    Artist.query()
    .where(Artist.name == "AC/DC")
    .include(Artist.albums, Album.query().order_by(Album.title).include(Album.tracks))
    .first_or_fail()
)
albums = {album.title: len(album.tracks) for album in artist.albums}
assert albums == {"For Those About To Rock We Salute You": 10, "Let There Be Rock": 8}, albums

boss = Employee.query().where(Employee.reports_to_id.is_null()).include(Employee.reports).first_or_fail()
assert (boss.first_name, boss.title) == ("Andrew", "General Manager")
assert sorted(employee.first_name for employee in boss.reports) == ["Michael", "Nancy"]

jane = Employee.query().where(Employee.first_name == "Jane").include(Employee.customers).include(Employee.reports_to).first_or_fail()
assert len(jane.customers) == 21
assert jane.reports_to is not None
assert jane.reports_to.first_name == "Nancy"

playlist = Playlist.query().where(Playlist.name == "Grunge").include(Playlist.tracks).first_or_fail()
assert len(playlist.tracks) == 15
shared = playlist.tracks[0].load(Track.playlists)
assert "Grunge" in [other.name for other in shared.playlists]

assert Track.query().count() == 3503
assert Invoice.query().sum(Invoice.total) == Decimal("2328.60")
invoice = Invoice.query().order_by(Invoice.invoice_id).include(Invoice.invoice_lines).include(Invoice.customer).first_or_fail()
lines = [(line.unit_price, line.quantity) for line in invoice.invoice_lines]
assert lines == [(Decimal("0.99"), 1), (Decimal("0.99"), 1)], lines
assert (invoice.customer.first_name, invoice.total, invoice.invoice_date.year) == ("Leonie", Decimal("1.98"), 2021)

assert Customer.query().where(Customer.country == "Brazil").where_has(Customer.invoices).count() == 5
assert InvoiceLine.query().where(InvoiceLine.unit_price > 1).count() == 111
'''


def test_what_is_read_says_all_that_is_there(dialect: str, database_url: str, tmp_path: Path) -> None:
    load_chinook(dialect, database_url)
    with open_session(database_url) as connection:
        inspected, written, project = adopted(connection, tmp_path)
        assert drift(connection, State.of_catalog(project.catalog)) == ()
    assert differences(inspected, project) == []
    # MySQL's DATETIME keeps whole seconds here; that is all that differs anywhere.
    assert {note.column for note in written.notes} <= {"BirthDate", "HireDate", "InvoiceDate"}
    assert written.models == 11
    assert [line.split(" = ")[0] for line in lines(written, "models.Track.relations")] == [
        "album",
        "media_type",
        "genre",
        "invoice_lines",
        "playlist_tracks",
        "playlists",
    ]
    assert [line.split(" = ")[0] for line in lines(written, "models.Employee.relations")] == [
        "reports_to",
        "customers",
        "reports",
    ]


def test_the_generated_package_type_checks_and_gives_the_right_rows(
    dialect: str, database_url: str, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    load_chinook(dialect, database_url)
    with open_session(database_url) as connection:
        _, _, project = adopted(connection, tmp_path)
    write(compared(package_folder(project), rendered(project)))
    (tmp_path / "program.py").write_text(PROGRAM)
    settings = {"include": ["."], "extraPaths": [str(ROOT / "runtime")], "typeCheckingMode": "strict"}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings))
    run(tmp_path, "program.py", DATABASE_URL=database_url)
    if dialect != "sqlite" and not pytestconfig.getoption("--long"):
        return  # the code differs by little
    search = str(ROOT / "runtime")
    run(
        tmp_path,
        "-m",
        "mypy",
        "--strict",
        "--config-file=",
        "--no-incremental",
        "program.py",
        "generated",
        MYPYPATH=search,
    )
    run(tmp_path, "-m", "pyright", "--pythonpath", sys.executable, PYRIGHT_PYTHON_IGNORE_WARNINGS="1")


def run(folder: Path, *arguments: str, **environ: str) -> None:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_is_taken_over_and_changed(
    dialect: str, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    load_chinook(dialect, database_url)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database_url)

    def orm(*arguments: str) -> int:
        monkeypatch.setattr(sys, "argv", ["orm", *arguments])
        return main()

    assert orm("introspect", "--output", "schema.toml") == 0, capsys.readouterr()
    assert orm("migrate", "make", "as_found") == 0, capsys.readouterr()
    assert orm("migrate", "stamp") == 0, capsys.readouterr()
    assert orm("migrate", "drift") == 0, capsys.readouterr()
    schema = Path("schema.toml")
    before, after = "[models.Genre.fields]\n", '[models.Genre.fields]\nnote = "string(50)?"\n'
    schema.write_text(schema.read_text().replace(before, after))
    assert orm("migrate", "make") == 0, capsys.readouterr()
    assert orm("migrate", "run") == 0, capsys.readouterr()
    assert orm("migrate", "drift") == 0, capsys.readouterr()
    raw = connect_raw(database_url)
    table = load(schema).catalog.model("Genre").table.name
    quote = "`" if dialect == "mysql" else '"'
    rows = fetch_all(raw, f"SELECT note, count(*) FROM {quote}{table}{quote} GROUP BY note")
    raw.close()
    assert rows == [(None, 25)]
