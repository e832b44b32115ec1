"""The environments that make works in: which Python they are made of, and what is said when there is none."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import newest_python

PYPROJECT = """
[project]
classifiers = [
    "Programming Language :: Python :: 3",
    "Programming Language :: Python :: 3.11",
    "Programming Language :: Python :: 3.12",
    "Programming Language :: Python :: 3.13",
]
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of a machine without any Python on PATH."""
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("PYENV_ROOT", raising=False)
    return tmp_path


def put_python(path: Path, answer: str) -> Path:
    """Put a program that answers, whatever it is asked, as an interpreter would that is asked for its version."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{answer}\n")
    path.chmod(0o755)
    return path


def newest(home: Path) -> Path | None:
    return newest_python.newest(home / "pyproject.toml", home, (3, 11))


def test_the_newest_of_pyenv_and_path_is_chosen(home: Path) -> None:
    put_python(home / "bin/python3.12", "echo 3 12 4 final")
    put_python(home / ".pyenv/versions/3.13.1/bin/python3.13", "echo 3 13 1 final")
    best = put_python(home / ".pyenv/versions/3.13.2/bin/python3.13", "echo 3 13 2 final")
    assert newest(home) == best


def test_a_python_of_uv_is_found(home: Path) -> None:
    best = put_python(
        home / ".local/share/uv/python/cpython-3.12.9-linux-x86_64-gnu/bin/python3.12", "echo 3 12 9 final"
    )
    assert newest(home) == best


@pytest.mark.parametrize("answer", ["echo 3 13 0 candidate", "exit 1"], ids=["pre-release", "does not run"])
def test_a_pre_release_and_one_that_does_not_run_are_passed_over(home: Path, answer: str) -> None:
    put_python(home / "bin/python3.13", answer)
    assert newest(home) is None


def test_a_version_that_is_not_declared_is_passed_over(home: Path) -> None:
    put_python(home / "bin/python3.14", "echo 3 14 0 final")
    assert newest(home) is None


def test_one_that_is_not_newer_is_passed_over(home: Path) -> None:
    put_python(home / "bin/python3.11", "echo 3 11 9 final")
    assert newest(home) is None


def make_venv(root: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["bash", "tools/make_venv.sh", *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=root,
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")},
    )


def test_a_python_that_was_named_and_is_too_old_is_refused(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    old = put_python(tmp_path / "python3", "exit 1")
    done = make_venv(request.config.rootpath, str(tmp_path / "venv"), "dev", str(old))
    assert done.returncode == 1
    assert f"{old} is not Python 3.11 or newer" in done.stderr


@pytest.mark.parametrize("extras", ["dev", "cli,demo"])
def test_an_environment_that_is_up_to_date_is_left_alone(
    request: pytest.FixtureRequest, tmp_path: Path, extras: str
) -> None:
    root = request.config.rootpath
    stamp = subprocess.run(
        ["cksum", "pyproject.toml", "tools/make_venv.sh"], check=True, capture_output=True, text=True, cwd=root
    ).stdout
    venv = tmp_path / "venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin/python").symlink_to(sys.executable)
    (venv / ".installed-dev").write_text(stamp)
    done = make_venv(root, str(venv), extras)
    assert (done.returncode, done.stderr) == (0, "")
    assert {path.name for path in venv.iterdir()} == {"bin", ".installed-dev"}
