"""TOML documents of every shape, as hypothesis strategies: for the scanner and the formatter."""

import tomllib
from datetime import date, datetime, time, timedelta, timezone

from hypothesis import strategies as st

BARE = st.text("abcXYZ019_-", min_size=1, max_size=6)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
BLANK = st.sampled_from(["", " ", "  ", "\t"])


def _basic(text: str) -> str:
    short = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return "".join(short.get(char) or (char if char.isprintable() else f"\\U{ord(char):08x}") for char in text)


def _literal_fits(text: str) -> bool:
    return "'" not in text and all(char.isprintable() for char in text)


@st.composite
def strings(draw: st.DrawFn) -> str:
    """A string in one of the four spellings."""
    text = draw(TEXTS)
    forms = [f'"{_basic(text)}"', f'"""\n{_basic(text)}"""', f'"""{_basic(text)}\\\n  \n """']
    if _literal_fits(text):
        forms += [f"'{text}'", f"'''\n{text}'''"]
        if '"' not in text and "\\" not in text:
            forms.append(f'"""{text}"\n"\n"""')
            forms.append(f'"""{text}"""""')
    return draw(st.sampled_from(forms))


SCALARS = (
    strings()
    | st.integers(-(2**63), 2**63 - 1).map(str)
    | st.sampled_from(["true", "false", "1.5", "-0.0", "1e6", "inf", "-nan", "0xfF", "0b1_0", "1_000"])
    | st.dates(min_value=date(1000, 1, 1)).map(date.isoformat)
    | st.times().map(time.isoformat)
    | st.datetimes(min_value=datetime(1000, 1, 1)).map(lambda at: at.isoformat(sep=" "))  # noqa: DTZ001
    | st.datetimes(min_value=datetime(1000, 1, 1)).map(  # noqa: DTZ001
        lambda at: at.replace(tzinfo=timezone(timedelta(hours=2))).isoformat()
    )
)


@st.composite
def keys(draw: st.DrawFn) -> str:
    """A key, bare or quoted."""
    if draw(st.booleans()):
        return draw(BARE)
    text = draw(TEXTS)
    return f"'{text}'" if _literal_fits(text) and draw(st.booleans()) else f'"{_basic(text)}"'


@st.composite
def gaps(draw: st.DrawFn) -> str:
    """What may stand between the items of an array."""
    return draw(st.sampled_from(["", " ", "\n", "  # a, ] comment\n", "\n\t# }\n\n"]))


def _arrays(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    @st.composite
    def array(draw: st.DrawFn) -> str:
        items = draw(st.lists(values, max_size=4))
        parts = [f"{draw(gaps())}{item}{draw(gaps())}," for item in items]
        without_last_comma = draw(st.booleans())
        if parts and without_last_comma:
            parts[-1] = parts[-1][:-1]
        return f"[{''.join(parts)}{draw(gaps())}]"

    return array()


def _inline_tables(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    @st.composite
    def table(draw: st.DrawFn) -> str:
        names = draw(st.lists(keys(), max_size=3, unique_by=decoded_key))
        blank = draw(BLANK)
        return "{" + ",".join(f"{blank}{name}{blank}={blank}{draw(values)}{blank}" for name in names) + "}"

    return table()


VALUES = st.recursive(SCALARS, lambda values: _arrays(values) | _inline_tables(values), max_leaves=6)


def decoded_key(key: str) -> str:
    return next(iter(tomllib.loads(f"{key} = 1")))


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A document of key-value lines, tables and arrays of tables; often valid, or made so by dropping lines."""
    lines: list[str] = []
    for _ in range(draw(st.integers(0, 8))):
        line = draw(_lines())
        try:
            tomllib.loads("\n".join([*lines, line]))
        except tomllib.TOMLDecodeError:
            continue
        lines.append(line)
    return "\n".join([*lines, draw(st.sampled_from(["", "\n", "\n\n"]))])


@st.composite
def _lines(draw: st.DrawFn) -> str:
    blank = draw(BLANK)
    parts = draw(st.lists(keys(), min_size=1, max_size=3))
    dotted = f"{blank}.{blank}".join(parts)
    comment = draw(st.sampled_from(["", " # comment", "  #: [x] = {"]))
    kind = draw(st.sampled_from(["table", "array", "blank", "comment", "key", "key"]))
    if kind == "blank":
        return ""
    if kind == "comment":
        return "# comment"
    if kind == "key":
        return f"{blank}{dotted}{blank}={blank}{draw(VALUES)}{comment}"
    return f"[{blank}{dotted}{blank}]{comment}" if kind == "table" else f"[[{blank}{dotted}{blank}]]{comment}"
