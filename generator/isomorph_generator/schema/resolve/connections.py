"""Resolves `[project]` and `[connections]`."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Final

from isomorph.connections.settings import SHORTEST_CURSOR_KEY, ConnectionSettings, Env, PoolSettings, Setting
from isomorph.connections.url import SCHEMES, chosen_library
from isomorph.drivers import LIBRARIES
from isomorph.errors import InvalidUrl
from isomorph_generator.schema.errors import ConflictingKeys, InvalidName, InvalidSetting, MissingKey, RepeatedName
from isomorph_generator.schema.report import Report
from isomorph_generator.schema.scan import Path
from isomorph_generator.schema.spec import ConnectionSpec, EnvSpec, SchemaSpec

__all__ = ["check_project", "resolved_connections", "resolved_cursor_key", "resolved_encryption_keys"]

_DRIVERS: Final = tuple(
    driver for name, libraries in LIBRARIES.items() for driver in (name, *(f"{name}+{each}" for each in libraries))
)
_PARTS: Final = ("host", "port", "user", "password", "database", "options")
_DURATION = re.compile(r"(?P<number>[0-9]+(?:\.[0-9]+)?)(?P<unit>ms|s|m)")
_SECONDS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0}
_ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def check_project(spec: SchemaSpec, report: Report) -> None:
    """Judge the names of the generated package and of the folder of revisions, and the dialects."""
    package = spec.project.package
    at = report.value(("project", "package"))
    for part in package.split("."):
        if not part.isidentifier() or keyword.iskeyword(part):
            report.add(InvalidName(*at, "package", package, "it cannot be imported", 'for example "app.generated"'))
            break
    else:
        if package.split(".")[0] in ("isomorph", "isomorph_generator"):
            report.add(InvalidName(*at, "package", package, "it would hide isomorph itself"))
    _check_folder(spec.project.migrations, ("project", "migrations"), report)
    for index, dialect in enumerate(spec.project.dialects):
        if dialect in spec.project.dialects[:index]:
            report.add(RepeatedName(*report.value(("project", "dialects", index)), dialect))


def _check_folder(folder: str, path: Path, report: Report) -> None:
    if not folder or folder in (".", "..") or "\\" in folder or PurePosixPath(folder).is_absolute():
        hint = 'a folder below this one, with forward slashes: "migrations"'
        report.add(InvalidSetting(*report.value(path), f'"{folder}" is no folder of the project', hint))


def revision_folders(spec: SchemaSpec, connections: Iterable[str], report: Report) -> dict[str, str]:
    """The folder of each connection's revisions, from that of the schema; a mistake where two have the same."""
    folders: dict[str, str] = {}
    for name in connections:
        declared = spec.connections.get(name)
        given = None if declared is None else declared.migrations
        common = spec.project.migrations
        folder = given if given is not None else common if name == "default" else f"{common}/{name}"
        path = ("connections", name, "migrations")
        if given is not None:
            _check_folder(given, path, report)
        other = next((known for known in folders if PurePosixPath(folders[known]) == PurePosixPath(folder)), None)
        if other is not None:
            problem = f'the revisions of connection "{other}" are in "{folder}" already'
            report.add(InvalidSetting(*report.value(path), problem, "give it another folder"))
        folders[name] = folder
    return folders


def resolved_cursor_key(spec: SchemaSpec, report: Report) -> Setting | None:
    """What cursors are signed with; None when the schema does not say. A key that it spells out is not repeated."""
    given, path = spec.project.cursor_key, ("project", "cursor_key")
    if given is None:
        return None
    key = _Settings(("project",), report).given("cursor_key", given)
    known = key.default if isinstance(key, Env) else key
    if known is not None and len(known) < SHORTEST_CURSOR_KEY:
        at = report.value(path, "default") if isinstance(key, Env) else report.value(path)
        problem = f"a key of fewer than {SHORTEST_CURSOR_KEY} characters could be guessed"
        report.add(InvalidSetting(*at, problem, "take a random one: openssl rand -hex 32"))
    return key


def resolved_encryption_keys(spec: SchemaSpec, report: Report) -> tuple[Env, ...]:
    """The variables that hold the keys of encrypted fields; none when the schema says none."""
    keys: list[Env] = []
    for index, key in enumerate(spec.project.encryption_keys or []):
        at = report.value(("project", "encryption_keys", index, "env"))
        if not _ENV_NAME.fullmatch(key.env):
            problem = f'"{key.env}" is no name of an environment variable'
            report.add(InvalidSetting(*at, problem, "letters, digits and underscores"))
        elif Env(key.env) in keys:
            report.add(RepeatedName(*at, key.env))
        keys.append(Env(key.env))
    return tuple(keys)


def resolved_connections(
    spec: SchemaSpec, dialects: tuple[str, ...], removed: frozenset[Path], report: Report
) -> dict[str, ConnectionSettings]:
    """All connections by name; a SQLite file when the schema declares none."""
    if not spec.connections:
        return {"default": ConnectionSettings(url="sqlite:///database.db")}
    return {
        name: _connection(connection, ("connections", name), dialects, removed, report)
        for name, connection in spec.connections.items()
    }


def _connection(
    spec: ConnectionSpec, path: Path, dialects: tuple[str, ...], removed: frozenset[Path], report: Report
) -> ConnectionSettings:
    parts = [part for part in _PARTS if getattr(spec, part) is not None and part != "options"]
    if spec.url is not None:
        for part in ("driver", *parts):
            if getattr(spec, part) is not None:
                hint = "write the connection as a URL or in parts"
                report.add(ConflictingKeys(*report.key((*path, part)), "url", part, hint))
        _check_scheme(spec.url, (*path, "url"), dialects, report)
    elif spec.driver is not None:
        _check_driver(spec.driver, (*path, "driver"), dialects, report)
    elif not any((*path, key) in removed for key in ("url", "driver")):
        report.add(MissingKey(*report.key(path), "url", 'url = { env = "DATABASE_URL" }, or driver, host and the rest'))
    setting = _Settings(path, report)
    return ConnectionSettings(
        url=setting.of("url", spec.url),
        driver=setting.of("driver", spec.driver),
        host=setting.of("host", spec.host),
        port=setting.of("port", spec.port),
        user=setting.of("user", spec.user),
        password=setting.of("password", spec.password),
        database=setting.of("database", spec.database),
        options=tuple((name, setting.given(f"options.{name}", value)) for name, value in (spec.options or {}).items()),
        pool=_pool(spec, (*path, "pool"), report),
    )


class _Settings:
    def __init__(self, path: Path, report: Report) -> None:
        self._path = path
        self._report = report

    def of(self, key: str, value: str | int | EnvSpec | None) -> Setting | None:
        return None if value is None else self.given(key, value)

    def given(self, key: str, value: str | int | EnvSpec) -> Setting:
        if not isinstance(value, EnvSpec):
            return _text(value)
        if not _ENV_NAME.fullmatch(value.env):
            at = self._report.value((*self._path, *key.split(".", 1), "env"))
            problem = f'"{value.env}" is no name of an environment variable'
            self._report.add(InvalidSetting(*at, problem, "letters, digits and underscores"))
        return Env(value.env, None if value.default is None else _text(value.default))


def _text(value: str | int) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _check_scheme(value: str | EnvSpec, path: Path, dialects: tuple[str, ...], report: Report) -> None:
    """Judge a URL that the schema spells out. It is not repeated: it may hold a password."""
    at = report.value(path, "default") if isinstance(value, EnvSpec) else report.value(path)
    url = value.default if isinstance(value, EnvSpec) else value
    if url is None:
        return
    scheme, separator, _ = str(url).partition("://")
    known = SCHEMES.get(scheme.partition("+")[0])
    if not separator or known is None:
        hint = "sqlite:///file.db, postgresql://user@host/database or mysql://user@host/database"
        report.add(InvalidSetting(*at, "the URL names no database that isomorph knows", hint))
    elif (error := _wrong_library(scheme)) is not None:
        report.add(InvalidSetting(*at, f"the URL cannot be read: {error.what}", error.mend))
    elif known not in dialects:
        hint = f'add "{known}" to the dialects of the project'
        report.add(InvalidSetting(*at, f"the URL is one of {known}, for which nothing is generated", hint))


def _wrong_library(scheme: str) -> InvalidUrl | None:
    try:
        chosen_library(scheme)
    except InvalidUrl as error:
        return error
    return None


def _check_driver(value: str | EnvSpec, path: Path, dialects: tuple[str, ...], report: Report) -> None:
    at = report.value(path, "default") if isinstance(value, EnvSpec) else report.value(path)
    driver = value.default if isinstance(value, EnvSpec) else value
    known = SCHEMES.get(str(driver).partition("+")[0])
    if driver is not None and (known is None or _wrong_library(str(driver)) is not None):
        report.add(InvalidSetting(*at, f'no driver "{driver}"', f"one of {', '.join(_DRIVERS)}"))
    elif known is not None and known not in dialects:
        hint = f'add "{known}" to the dialects of the project'
        report.add(InvalidSetting(*at, f"nothing is generated for {known}", hint))


def _pool(spec: ConnectionSpec, path: Path, report: Report) -> PoolSettings:
    pool = spec.pool
    if pool.min > pool.max:
        hint = "raise `max`, or lower `min`"
        report.add(InvalidSetting(*report.value((*path, "max")), "`max` is less than `min`", hint))
    duration = _DURATION.fullmatch(pool.timeout)
    if duration is None:
        at = report.value((*path, "timeout"))
        report.add(InvalidSetting(*at, f'"{pool.timeout}" is no duration', 'write "30s", "500ms" or "2m"'))
        return PoolSettings(pool.min, pool.max)
    return PoolSettings(pool.min, pool.max, float(duration["number"]) * _SECONDS[duration["unit"]])
