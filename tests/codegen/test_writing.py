"""Bringing a folder up to date: only what changed is written, only what was generated is removed."""

import os
from pathlib import Path

import pytest

from isomorph_generator.codegen import MARK, compared, difference, write
from isomorph_generator.codegen.errors import ForeignFile, UnwritableFile

pytestmark = pytest.mark.feature("generator.reproducible")

ONE, TWO = f"{MARK}\nx = 1\n", f"{MARK}\nx = 2\n"


def test_an_empty_folder_gets_all_files(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "package"
    outdated = compared(folder, {"a.py": ONE, "models/b.py": TWO, "py.typed": ""})
    write(outdated)
    assert outdated.changed == ("a.py", "models/b.py", "py.typed")
    assert (folder / "models" / "b.py").read_text() == TWO
    assert compared(folder, outdated.after).is_current


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    write(compared(tmp_path, {"a.py": ONE, "b.py": ONE}))
    before = (tmp_path / "a.py").stat().st_mtime_ns
    os.utime(tmp_path / "a.py", ns=(before - 10**9, before - 10**9))
    outdated = compared(tmp_path, {"a.py": ONE, "b.py": TWO})
    write(outdated)
    assert outdated.changed == ("b.py",)
    assert outdated.unchanged == ("a.py",)
    assert (tmp_path / "a.py").stat().st_mtime_ns == before - 10**9


def test_what_is_no_longer_generated_is_removed_with_its_empty_folder(tmp_path: Path) -> None:
    write(compared(tmp_path, {"a.py": ONE, "bases/b.py": ONE}))
    outdated = compared(tmp_path, {"a.py": ONE})
    write(outdated)
    assert outdated.stale == ("bases/b.py",)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.py"]


def test_files_of_others_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text("x = 1\n")
    (tmp_path / "note.txt").write_text(MARK)
    outdated = compared(tmp_path, {"a.py": ONE})
    write(outdated)
    assert outdated.stale == ()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.py", "note.txt", "own.py"]


def test_a_file_that_was_not_generated_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("mine = 1\n")
    with pytest.raises(ForeignFile) as raised:
        compared(tmp_path, {"a.py": ONE, "b.py": ONE})
    assert str(raised.value) == (
        f"{tmp_path / 'a.py'}: this file was not generated, so it is not overwritten (move it, or change `package`)"
    )
    assert not (tmp_path / "b.py").exists()


def test_an_empty_file_holds_nothing_to_lose(tmp_path: Path) -> None:
    (tmp_path / "__init__.py").touch()
    write(compared(tmp_path, {"__init__.py": ONE}))
    assert (tmp_path / "__init__.py").read_text() == ONE


def test_a_generated_file_that_was_edited_is_written_again(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(ONE.encode() + b"\xff edited \r\n")
    write(compared(tmp_path, {"a.py": ONE}))
    assert (tmp_path / "a.py").read_text() == ONE


def test_a_folder_in_the_place_of_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.py").mkdir()
    with pytest.raises(UnwritableFile) as raised:
        compared(tmp_path, {"a.py": ONE})
    assert str(raised.value) == f"{tmp_path / 'a.py'}: is a directory (make it writable, or change `package`)"


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "package").write_text("")
    with pytest.raises(UnwritableFile, match="not a directory"):
        write(compared(tmp_path / "package", {"a.py": ONE}))


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(compared(tmp_path, {"a.py": ONE}))

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(UnwritableFile, match="no space left on device"):
        write(compared(tmp_path, {"a.py": TWO}))
    assert [path.name for path in tmp_path.iterdir()] == ["a.py"]
    assert (tmp_path / "a.py").read_text() == ONE


def test_new_files_may_be_read_by_those_the_umask_lets(tmp_path: Path) -> None:
    mask = os.umask(0o022)
    try:
        write(compared(tmp_path, {"a.py": ONE}))
    finally:
        os.umask(mask)
    assert (tmp_path / "a.py").stat().st_mode & 0o777 == 0o644


@pytest.mark.feature("generator.check")
def test_the_difference_is_a_unified_diff_of_new_changed_and_stale_files(tmp_path: Path) -> None:
    write(compared(tmp_path, {"a.py": ONE, "old.py": ONE}))
    shown = tmp_path.as_posix()
    assert difference(compared(tmp_path, {"a.py": TWO, "new.py": ONE})) == (
        f"--- {shown}/a.py\n+++ {shown}/a.py\n@@ -1,2 +1,2 @@\n {MARK}\n-x = 1\n+x = 2\n"
        f"--- /dev/null\n+++ {shown}/new.py\n@@ -0,0 +1,2 @@\n+{MARK}\n+x = 1\n"
        f"--- {shown}/old.py\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-{MARK}\n-x = 1\n"
    )
