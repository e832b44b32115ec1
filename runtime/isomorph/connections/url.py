"""From a URL or its parts to a `Target`. Owns the schemes, the words for a URL that cannot be read, and the environment.

No error repeats the URL or a piece of it, not even by its cause: where a password holds an unescaped character, any
piece may be a part of it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from isomorph.connections.settings import ConnectionSettings, Env, Setting
from isomorph.drivers import LIBRARIES, Target
from isomorph.errors import InvalidUrl, near_hint

__all__ = ["SCHEMES", "chosen_library", "environment", "parse", "resolve"]

SCHEMES = {
    "sqlite": "sqlite",
    "postgresql": "postgresql",
    "postgres": "postgresql",
    "mysql": "mysql",
    "mariadb": "mysql",
}

_MEMORY = ":memory:"
_ESCAPE = "percent-encode : / ? # @ % and spaces in user and password, such as %40 for @"
_EXAMPLE = "write sqlite:///file.db, postgresql://user:password@host/database or mysql://user:password@host/database"
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_UNPRINTABLE = re.compile(r"[\s\x00-\x1f\x7f]")


def parse(url: str) -> Target:
    """Read a connection URL.

    Returns:
        The target: for `sqlite://` and `sqlite:///:memory:` the database `:memory:`, for `sqlite:///a.db` the relative
        path `a.db`, for `sqlite:////a.db` the absolute one; for servers an empty database when the URL names none.

    Raises:
        InvalidUrl: it cannot be read.
    """
    if not isinstance(url, str):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
        raise InvalidUrl(f"it is no text but a {type(url).__name__}", _EXAMPLE)
    driver, library = _driver(url)
    if _UNPRINTABLE.search(url) is not None:
        raise InvalidUrl("it contains a space or a control character", _ESCAPE)
    parts = _split(url)
    if parts is None:
        raise InvalidUrl("what stands for the host makes no sense", _ESCAPE)
    if parts.fragment or url.endswith("#"):
        raise InvalidUrl("it contains a #", "percent-encode it as %23")
    options = _options(parts.query)
    if driver == "sqlite":
        return Target(driver, _path(parts), options=options, library=library)
    return replace(_server(driver, parts, options), library=library)


def _driver(url: str) -> tuple[str, str | None]:
    scheme = _SCHEME.match(url)
    if scheme is None:
        raise InvalidUrl("it has no scheme" if url else "it is empty", _EXAMPLE)
    name = scheme[1].lower()
    base = name.partition("+")[0]
    if base not in SCHEMES:
        raise InvalidUrl("its scheme is unknown", near_hint(name, tuple(SCHEMES), _EXAMPLE))
    library = chosen_library(name)
    if not url.startswith("://", scheme.end() - 1):
        raise InvalidUrl("its scheme is not followed by //", _EXAMPLE)
    return SCHEMES[base], library


def chosen_library(scheme: str) -> str | None:
    """The client library that a known scheme names behind its `+`; None when it leaves the choice to isomorph.

    Raises:
        InvalidUrl: isomorph has no driver for it.
    """
    base, plus, library = scheme.partition("+")
    if not plus:
        return None
    known = LIBRARIES[SCHEMES[base]]
    if library in known:
        return library
    mend = " or ".join([f"{base}://", *(f"{base}+{name}://" for name in known)]) if known else f"{base}:// alone"
    raise InvalidUrl("its scheme names a client library that isomorph has no driver for", f"write {mend}")


def _split(url: str) -> SplitResult | None:
    """The parts, the port checked; None when there is no reading it. An exception would chain pieces of the URL."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    return None if port == 0 else parts


def _options(query: str) -> dict[str, str]:
    pairs = parse_qsl(query, keep_blank_values=True)
    options = dict(pairs)
    if len(options) != len(pairs):
        raise InvalidUrl("an option is given twice", "give each option once")
    return options


def _path(parts: SplitResult) -> str:
    if parts.netloc:
        raise InvalidUrl(
            "a SQLite URL has no host",
            "write three slashes before a relative path, sqlite:///file.db, and four before an absolute one",
        )
    return _decoded(parts.path.removeprefix("/")) or _MEMORY


def _server(driver: str, parts: SplitResult, options: dict[str, str]) -> Target:
    database = _decoded(parts.path.removeprefix("/"))
    if "/" in parts.path.removeprefix("/"):
        raise InvalidUrl("its path has more than one part", f"name one database after the host, or {_ESCAPE}")
    return Target(
        driver,
        database,
        host=_decoded(parts.hostname) if parts.hostname else None,
        port=parts.port,
        user=_decoded(parts.username) if parts.username else None,
        password=_decoded(parts.password) if parts.password is not None else None,
        options=options,
    )


def _decoded(text: str) -> str:
    decoded = unquote(text, errors="replace")
    if "\ufffd" in decoded and "\ufffd" not in text:
        raise InvalidUrl("a percent-encoded character is no UTF-8", "percent-encode the bytes of its UTF-8 form")
    if "\0" in decoded:
        raise InvalidUrl("it contains a NUL character", "leave %00 out")
    return decoded


def resolve(settings: ConnectionSettings, environ: Mapping[str, str], root: Path | None = None) -> Target:
    """The target of a connection's settings.

    Args:
        settings: a URL, or its parts; options beside a URL are added to those in it.
        environ: where `Env` settings are looked up; an empty variable counts as not set.
        root: the folder that a relative SQLite path starts from; None for the current one.

    Raises:
        InvalidUrl: the URL or a part cannot be read, or a required variable is not set.
    """

    def value(setting: Setting | None) -> str | None:
        if not isinstance(setting, Env):
            return setting
        found = environ.get(setting.name) or setting.default
        if found is None:
            what = f"the environment variable {setting.name} is not set"
            raise InvalidUrl(what, "set it, in the environment or in .env, or give it a default in the schema")
        return found

    url = value(settings.url)
    if url is not None:
        target = parse(url)
    else:
        driver, library = _known_driver(value(settings.driver))
        target = Target(
            driver,
            value(settings.database) or "",
            host=value(settings.host),
            port=_port(value(settings.port)),
            user=value(settings.user),
            password=value(settings.password),
            library=library,
        )
    options = {name: text for name, setting in settings.options if (text := value(setting)) is not None}
    return _anchored(replace(target, options={**target.options, **options}), root)


def _known_driver(name: str | None) -> tuple[str, str | None]:
    if name is None:
        raise InvalidUrl("there is neither a url nor a driver", "give the connection a url")
    base = name.lower().partition("+")[0]
    if base not in SCHEMES:
        raise InvalidUrl("the driver is unknown", near_hint(name.lower(), tuple(SCHEMES), f"use {', '.join(SCHEMES)}"))
    return SCHEMES[base], chosen_library(name.lower())


def _port(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65_536):
        raise InvalidUrl("the port is no number between 1 and 65535", "leave it out for the database's usual one")
    return int(text)


def _anchored(target: Target, root: Path | None) -> Target:
    """The target with a SQLite path made absolute, so that a program finds its file wherever it is started."""
    if target.driver != "sqlite":
        return target
    if target.database in {"", _MEMORY}:
        return replace(target, database=_MEMORY)
    return target if root is None else replace(target, database=str(root.absolute() / target.database))


def environment(root: Path | None) -> Mapping[str, str]:
    """The process's environment, over what a `.env` file in the folder says."""
    if root is None or not (root / ".env").is_file():
        return os.environ
    from dotenv import dotenv_values  # noqa: PLC0415 - only for those who have a .env

    told = {name: value for name, value in dotenv_values(root / ".env").items() if value is not None}
    return {**told, **os.environ}
