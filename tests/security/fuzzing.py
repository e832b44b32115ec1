"""Hostile texts: a corpus of known tricks, and as many random variations of them as asked for, the same every time."""

import random
from collections.abc import Iterator

__all__ = ["CORPUS", "check_silent", "check_tellable", "texts"]

CORPUS = (
    "",
    " ",
    "'",
    '"',
    "`",
    "''",
    '""',
    "``",
    "\\",
    "\\'",
    '\\"',
    "\\\\'",
    "';",
    "'; DROP TABLE users; --",
    '"; DROP TABLE users; --',
    "`; DROP TABLE users; --",
    "1 OR 1=1",
    "' OR '1'='1",
    "' OR 1=1 --",
    "' OR 1=1 #",
    "' UNION SELECT password FROM users --",
    "') OR ('1'='1",
    "admin'--",
    "/* comment */",
    "*/",
    "/*",
    "*/ END OR 1=1 -- ",
    "*/ END UNION SELECT password FROM users -- ",
    "/*!50000 DROP TABLE users */",
    "-- ",
    "#",
    ";",
    "?",
    "??",
    "$1",
    ":name",
    "::text",
    "@@version",
    "%s",
    "%%",
    "%(name)s",
    "%",
    "_",
    "%_%",
    "{0}",
    "{*}",
    "{}",
    "$$",
    "$tag$",
    "E'\\x27'",
    "0x27",
    "CHAR(39)",
    "\x00",
    "\r\n",
    "\t",
    "\x1a",
    "\x08",
    "\u0027",
    "\u02bc",
    "\u2019",
    "\uff07",
    "\u202e",
    "\ufeff",
    "\u0130",
    "😀",
    "表",
    "é",
    "\ud800",
    "a" * 300,
    "NULL",
    "null",
    "true",
    "[a-z]",
    "*",
    "[!a]",
    "^.*$",
    "(a+)+$",
    "(",
    "[",
    "$.a",
    "$[0]",
    "a.b",
    'a"."b',
    "$**.a",
    "users.password",
    "-created_at",
    "name; --",
    "name DESC",
    "(SELECT 1)",
    "sleep(5)",
    "pg_sleep(5)",
    "a & b",
    "a | !b",
    '"phrase',
    "+word -word",
    "foo*",
    "0",
    "-1",
    "#-1",
    "[0]",
    "last",
    "$",
    "$$.a",
    ".a",
    '$."a"',
    "\\u0041",
    "\\u0000",
    "\udfff\ud800",
    "\U0010ffff",
    "NaN",
    "Infinity",
    "{}",
    '{"a": 1}',
    "[1]",
    ":*",
    "<->",
    "a <-> b",
    "\x7f",
    "\x85",
    "\u2028",
)
"""Texts that have broken something somewhere."""


def texts(number: int, seed: int = 20_261_121) -> Iterator[str]:
    """The corpus, then random variations: joined, cut, repeated, mixed with random characters."""
    source = random.Random(seed)
    count = 0
    for text in CORPUS[:number]:
        yield text
        count += 1
    while count < number:
        yield _varied(source)
        count += 1


def check_silent(error: Exception, text: str) -> None:
    """Fail if an error repeats what it was given; two or three characters may stand in any sentence."""
    assert len(text) < 4 or text not in str(error), "the error repeats the text"


def check_tellable(error: Exception, text: str) -> None:
    """Fail if an error that tells a name cannot be shown to whoever sent it: in a log, a terminal, a page."""
    told = str(error)
    assert told.isprintable()
    assert len(told) < 500
    if len(text) > 50 or set(text) & set("\"'`"):
        check_silent(error, text)


def _varied(source: random.Random) -> str:
    parts: list[str] = []
    for _ in range(source.randint(1, 4)):
        kind = source.random()
        if kind < 0.6:
            parts.append(source.choice(CORPUS))
        elif kind < 0.8:
            known = source.choice(CORPUS)
            cut = source.randint(0, len(known))
            parts.append(known[cut:] + known[:cut])
        else:
            parts.append("".join(chr(source.randint(0, 0x10FFFF)) for _ in range(source.randint(1, 5))))
    return "".join(parts)
