"""Judges the names that a schema gives: usable in Python, free, and not needed by generated classes."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Mapping

from isomorph.names import MODEL_NAMES, PIVOT_NAMES, QUERY_NAMES, RELATION_NAMES
from isomorph_generator.schema.errors import InvalidName, KeywordName, NameClash, Position, ReservedName
from isomorph_generator.schema.naming import module_name
from isomorph_generator.schema.report import Report
from isomorph_generator.schema.scan import Path
from isomorph_generator.schema.spec import QueryPartSpec, SchemaSpec

__all__ = ["GENERATED_CLASSES", "check_attribute", "check_class_names", "check_fields_and_relations", "check_scopes"]

GENERATED_CLASSES: Mapping[str, str] = {
    "Query": "the query class",
    "Create": "the create input",
    "Update": "the update input",
    "Read": "the read input",
    "Values": "the values of new rows",
    "Changes": "the values of changes",
}
"""What is generated for a model under its name with a suffix."""

_OWN_NAMES: Mapping[str, frozenset[str]] = {"model": MODEL_NAMES, "query": QUERY_NAMES, "pivot": PIVOT_NAMES}
_CLASS_NAME = re.compile(r"[A-Z][A-Za-z0-9]*")


def check_class_names(spec: SchemaSpec, report: Report) -> None:
    """Models, enums and mixins become classes of one package: each name once, and none that is generated."""
    taken: dict[str, tuple[str, Path]] = {}
    for kind, names in (("model", spec.models), ("enum", spec.enums), ("mixin", spec.mixins)):
        for name in names:
            path: Path = (f"{kind}s", name)
            if _is_class_name(kind, name, path, report):
                _take(taken, name, kind, path, report)
    for model in spec.models:
        for suffix, role in GENERATED_CLASSES.items():
            if (other := taken.get(model + suffix)) is not None:
                kind, path = other
                first = report.sources.key(("models", model))
                at, shown = report.key(path)
                what = f'{role} generated for model "{model}"'
                report.add(NameClash(at, shown, kind, model + suffix, what, first, "rename one of the two"))
    modules: dict[str, str] = {}
    for model in spec.models:
        module = module_name(model)
        if taken.get(model, ("", ()))[0] == "model" and module in modules:
            first = report.sources.key(("models", modules[module]))
            what = f'the generated module of model "{modules[module]}"'
            report.add(
                NameClash(*report.key(("models", model)), "module", module, what, first, "rename one of the two")
            )
        modules.setdefault(module, model)


def _take(taken: dict[str, tuple[str, Path]], name: str, kind: str, path: Path, report: Report) -> None:
    if name in taken:
        other, first = taken[name]
        article = "an" if other == "enum" else "a"
        report.add(
            NameClash(
                *report.key(path), kind, name, f"{article} {other}", report.sources.key(first), "rename one of the two"
            )
        )
    taken.setdefault(name, (kind, path))


def _is_class_name(kind: str, name: str, path: Path, report: Report) -> bool:
    if keyword.iskeyword(name):
        report.add(KeywordName(*report.key(path), kind, name))
        return False
    if not _CLASS_NAME.fullmatch(name):
        words = re.findall(r"[A-Za-z0-9]+", name)
        better = "".join(word[:1].upper() + word[1:] for word in words)
        hint = f'for example "{better}"' if _CLASS_NAME.fullmatch(better) else "rename it"
        rule = "it must be letters and digits, the first an uppercase letter"
        report.add(InvalidName(*report.key(path), kind, name, rule, hint))
        return False
    return True


def check_attribute(kind: str, name: str, at: tuple[Position, str], report: Report, owner: str | None = None) -> bool:
    """Judge the name of something that becomes an attribute, a method or an argument.

    Args:
        kind: what is named, for messages: `field`, `relation`, `scope`, `macro`, `parameter`.
        name: its name.
        at: where it stands.
        report: takes the mistake.
        owner: `model`, `query` or `pivot`, whose own names are then refused.
    """
    if keyword.iskeyword(name):
        report.add(KeywordName(*at, kind, name, kind == "field"))
    elif not name.isidentifier() or unicodedata.normalize("NFKC", name) != name:
        better = re.sub(r"\W+", "_", unicodedata.normalize("NFKC", name)).strip("_")
        hint = f'write {better} = {{ ..., column = "{name}" }}' if kind == "field" and better.isidentifier() else ""
        report.add(InvalidName(*at, kind, name, "it is no Python identifier", hint))
    elif name.startswith("_"):
        report.add(InvalidName(*at, kind, name, "a leading underscore is for generated code"))
    elif "__" in name:
        report.add(InvalidName(*at, kind, name, "two underscores in a row are for generated code"))
    elif owner is not None and name in _OWN_NAMES[owner]:
        report.add(ReservedName(*at, kind, name, f"every {owner}", kind == "field" and owner == "model"))
    elif kind == "relation" and name in RELATION_NAMES:
        report.add(ReservedName(*at, kind, name, "every relation"))
    else:
        return True
    return False


def check_fields_and_relations(spec: SchemaSpec, report: Report) -> None:
    """Names of fields and relations of models and mixins; one name means one thing."""
    for section, holders in (("models", spec.models), ("mixins", spec.mixins)):
        for holder, content in holders.items():
            for name in content.fields:
                check_attribute("field", name, report.key((section, holder, "fields", name)), report, "model")
            for name in content.relations:
                path = (section, holder, "relations", name)
                at = report.key(path)
                if check_attribute("relation", name, at, report, "model") and name in content.fields:
                    first = report.sources.key((section, holder, "fields", name))
                    report.add(NameClash(*at, "relation", name, "a field", first, "rename one of the two"))


def check_scopes(spec: SchemaSpec, report: Report) -> None:
    """Names of scopes and macros, which become methods of queries, and of their parameters."""
    declared: list[tuple[str, QueryPartSpec, Path]] = []
    for section, holders in (("models", spec.models), ("mixins", spec.mixins)):
        for holder, content in holders.items():
            declared += [(name, scope, (section, holder, "scopes", name)) for name, scope in content.scopes.items()]
    declared += [(name, macro, ("macros", name)) for name, macro in spec.macros.items()]
    for name, scope, path in declared:
        check_attribute("macro" if path[0] == "macros" else "scope", name, report.key(path), report, "query")
        for parameter in scope.params or {}:
            at = report.key((*path, "params", parameter))
            if check_attribute("parameter", parameter, at, report) and parameter == "self":
                report.add(InvalidName(*at, "parameter", parameter, "it is the query itself"))
