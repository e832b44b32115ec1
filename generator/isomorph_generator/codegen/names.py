"""Names that generated modules use beside those of the schema.

All of them start with an underscore, which no name of a schema does, so that only they can clash with each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from isomorph_generator.schema.naming import plural, snake

__all__ = [
    "class_alias",
    "class_aliases",
    "enum_members",
    "free",
    "natural",
    "relation_class",
    "relations_class",
    "type_stem",
    "type_variables",
]

_DIGITS = re.compile(r"(\d+)")


def class_aliases(models: Iterable[str], taken: Iterable[str]) -> dict[str, str]:
    """What a module calls the classes of other models: `_User`, with a further underscore where that means another thing."""
    found: dict[str, str] = {}
    used = set(taken)
    for model in models:
        found[model] = free(f"_{model}", used)
        used.add(found[model])
    return found


def relation_class(model: str, relation: str) -> str:
    """The class of a relation: `_User_posts`. No model has an underscore in its name."""
    return f"_{model}_{relation}"


def relations_class(model: str) -> str:
    """The class that lists the relations of a model: `UserRelations`. Modules of other models import it."""
    return f"{model}Relations"


def type_variables(names: Iterable[str]) -> dict[str, str]:
    """A type variable for each relation: `_ReceivedCommentsT`."""
    found: dict[str, str] = {}
    for name in names:
        found[name] = free(f"_{type_stem(name)}T", found.values())
    return found


def type_stem(name: str) -> str:
    """A name of a relation as the beginning of a type's name: `ReceivedComments`."""
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))


def class_alias(path: str) -> str:
    """What modules call a class of the application: `_app_money_Money` for `app.money:Money`."""
    module, _, name = path.partition(":")
    return f"_{module.replace('.', '_')}_{name}"


def enum_members(enum: str) -> str:
    """The mapping from stored texts to members: `_ORDER_STATUSES`."""
    return f"_{plural(snake(enum)).upper()}"


def free(name: str, taken: Iterable[str]) -> str:
    """The name, with underscores behind it until nothing else has it."""
    used = frozenset(taken)
    while name in used:
        name += "_"
    return name


def natural(name: str) -> tuple[tuple[int, int | str], ...]:
    """A key that sorts `a2` before `a10`, as linters sort."""
    return tuple((0, int(part)) if part.isdecimal() else (1, part) for part in _DIGITS.split(name) if part)
