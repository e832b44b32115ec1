"""Resolves what fields and tables have beyond a type: generated values, collations, places, patterns, the version."""

from __future__ import annotations

import keyword
import re
from dataclasses import replace

from isomorph import dialects
from isomorph.catalog import (
    COLLATIONS,
    INTEGERS,
    TEXTS,
    Collation,
    ColumnType,
    Default,
    Generated,
    Kind,
    RelationKind,
    patterns,
)
from isomorph_generator.schema.documents import as_table
from isomorph_generator.schema.errors import (
    ComputedField,
    ConflictingKeys,
    InvalidKey,
    InvalidName,
    InvalidPattern,
    InvalidSetting,
    MissingKey,
    ModifierNotForType,
    NotOnDialect,
    UnknownFieldName,
    WrongDefault,
)
from isomorph_generator.schema.expressions import Vocabulary, computed
from isomorph_generator.schema.resolve.columns import sql_text
from isomorph_generator.schema.resolve.drafts import FieldDraft, ModelDraft, Resolution
from isomorph_generator.schema.resolve.names import check_attribute
from isomorph_generator.schema.scan import Path
from isomorph_generator.schema.spec import DialectText, FieldSpec, GeneratedSpec, PivotFieldSpec, SqlSpec

__all__ = ["TableOptions", "modify", "mutator_of", "table_options", "text_modifiers", "version_field"]

_MYSQL = "mysql"
_ONLY_MYSQL = frozenset({"engine", "charset", "after", "first"})
_MYSQL_NAME = re.compile(r"[A-Za-z]\w*", re.ASCII)
_UTF8 = "utf8mb4"
_WITH_FOREIGN_KEYS = frozenset({"innodb", "ndb", "ndbcluster"})

TableOptions = tuple[str | None, str | None, Collation | None]
"""Engine, character set, collation."""


# --- by dialect ----------------------------------------------------------------------------------------------------------


def _by_dialect(resolution: Resolution, given: object, key: str, path: Path) -> dict[str, object]:
    """What a key says for each dialect; a mistake where it says something for one that has no such thing."""
    if given is None:
        return {}
    report = resolution.report
    path = (*path, key)
    table = as_table(given)
    if table is not None:
        for dialect in table:
            if key in _ONLY_MYSQL and dialect != _MYSQL:
                report.add(NotOnDialect(*report.key(path, dialect), key, dialect, "drop it"))
        return dict(table)
    for dialect in resolution.dialects:
        if key in _ONLY_MYSQL and dialect != _MYSQL:
            told = str(given).lower() if isinstance(given, bool) else f'"{given}"'
            hint = f"say where: {key} = {{ {_MYSQL} = {told} }}"
            report.add(NotOnDialect(*report.value(path), key, dialect, hint))
            return {}
    return dict.fromkeys(resolution.dialects, given)


def _mysql_name(resolution: Resolution, given: object, key: str, path: Path) -> str | None:
    """A name that MySQL knows: of an engine, of a character set."""
    name = _by_dialect(resolution, given, key, path).get(_MYSQL)
    if name is None:
        return None
    if not isinstance(name, str) or not _MYSQL_NAME.fullmatch(name):
        at = resolution.report.value((*path, key))
        resolution.report.add(InvalidSetting(*at, f"`{key}` is no name that MySQL knows", "letters, digits and _"))
        return None
    return name


def _collation(resolution: Resolution, given: DialectText | None, charset: str | None, path: Path) -> Collation | None:
    if given is None:
        return None
    report, path = resolution.report, (*path, "collation")
    if isinstance(given, str):
        if given not in COLLATIONS:
            hint = f'{" or ".join(COLLATIONS)}, or its name by dialect: {{ {_MYSQL} = "{given}" }}'
            report.add(InvalidSetting(*report.value(path), f'no collation "{given}" that all databases have', hint))
            return None
        if given != "binary" and charset not in (None, _UTF8) and _MYSQL in resolution.dialects:
            problem = f'no collation "{given}" of {charset} that every MySQL has'
            report.add(InvalidSetting(*report.value(path), problem, f'name it: {{ {_MYSQL} = "..." }}'))
        return given
    for dialect, name in given.items():
        if not name or "\0" in name or (dialect == _MYSQL and not _MYSQL_NAME.fullmatch(name)):
            problem = f"`collation` is no name that {dialect} knows"
            report.add(InvalidSetting(*report.value((*path, dialect)), problem, "see the database's own list"))
    return {str(dialect): name for dialect, name in given.items()}


# --- columns -------------------------------------------------------------------------------------------------------------


def text_modifiers(
    resolution: Resolution, spec: PivotFieldSpec, type_: ColumnType, path: Path
) -> tuple[Collation | None, str | None]:
    """The collation and the character set that a column says for itself."""
    for key, given in (("collation", spec.collation), ("charset", spec.charset)):
        if given is not None and type_.kind not in TEXTS:
            report = resolution.report
            report.add(ModifierNotForType(*report.value((*path, key)), key, str(type_), "texts"))
            return None, None
    charset = _mysql_name(resolution, spec.charset, "charset", path)
    return _collation(resolution, spec.collation, charset, path), charset


def modify(resolution: Resolution, model: ModelDraft, field: FieldDraft, vocabulary: Vocabulary) -> None:
    """Resolve what a field says of its column beside type and default; nothing for fields that relations add."""
    spec = field.spec
    if spec is None or field.type is None:
        return
    field.collation, field.charset = text_modifiers(resolution, spec, field.type, field.path)
    _place(resolution, model, field, spec)
    _check_texts(resolution, spec, field)
    if spec.generated is not None:
        field.generated = _generated(resolution, model, field, spec.generated, vocabulary)


def _place(resolution: Resolution, model: ModelDraft, field: FieldDraft, spec: FieldSpec) -> None:
    report = resolution.report
    after = _by_dialect(resolution, spec.after, "after", field.path)
    first = _by_dialect(resolution, spec.first, "first", field.path)
    name = after.get(_MYSQL)
    field.first = bool(first.get(_MYSQL))
    if name is not None and field.first:
        report.add(ConflictingKeys(*report.key((*field.path, "first")), "after", "first", "a column has one place"))
    if not isinstance(name, str):
        return
    other = model.find(name)
    if other is not None and other is not field:
        field.after = other.column
    elif not model.is_broken(name):
        known = tuple(shown for shown in model.names if shown != field.shown)
        report.add(UnknownFieldName(*report.value((*field.path, "after")), model.name, name, known))


def _check_texts(resolution: Resolution, spec: FieldSpec, field: FieldDraft) -> None:
    report, path, type_ = resolution.report, field.path, field.type
    assert type_ is not None  # the caller looked
    for key, given in (("pattern", spec.pattern is not None), ("trim", spec.trim)):
        if given and type_.kind not in TEXTS:
            report.add(ModifierNotForType(*report.value((*path, key)), key, str(type_), "texts"))
            return
    if spec.trim and type_.cast is not None:
        report.add(ConflictingKeys(*report.key((*path, "trim")), "cast", "trim", "the cast decides what it takes"))
    if spec.pattern is None:
        return
    try:
        patterns.check(spec.pattern)
    except patterns.InvalidPattern as error:
        report.add(InvalidPattern(*report.inside((*path, "pattern"), error.index), error.problem, error.hint))
        return
    default = None if field.default is None else field.default.value
    spelled = patterns.spelled(spec.pattern, patterns.Engine.PYTHON)
    if isinstance(default, str) and re.search(spelled, default) is None:
        at = report.value((*path, "default"))
        report.add(WrongDefault(*at, str(type_), "a text in which `pattern` is found", "another text"))


# --- generated columns ---------------------------------------------------------------------------------------------------


def _generated(
    resolution: Resolution, model: ModelDraft, field: FieldDraft, spec: GeneratedSpec, vocabulary: Vocabulary
) -> Generated | None:
    report, path = resolution.report, (*field.path, "generated")
    assert field.type is not None  # the caller looked
    if field.type.kind is Kind.ENCRYPTED:
        # Only the application has the key.
        report.add(ModifierNotForType(*report.key(path), "generated", str(field.type), "what the database can read"))
        return None
    _check_not_given(resolution, model, field)
    if not spec.stored:
        for dialect in resolution.dialects:
            if not dialects.get(dialect).ddl.has_virtual_columns:
                at = report.value((*path, "stored"))
                report.add(NotOnDialect(*at, "stored = false", dialect, "drop it, or leave that dialect out"))
    path = (*path, "as")
    if isinstance(spec.as_, SqlSpec):
        return Generated(sql_text(spec.as_, path, resolution.dialects, report), spec.stored)
    expression = computed(spec.as_, _sources(model, field, vocabulary), field.shown, field.type, path, report)
    return None if expression is None else Generated(expression, spec.stored)


def _check_not_given(resolution: Resolution, model: ModelDraft, field: FieldDraft) -> None:
    """Nobody gives a generated field its value: no default, no relation, no mutator."""
    report, spec, key = resolution.report, field.spec, (*field.path, "generated")
    assert spec is not None  # the caller looked
    given = {
        "default": spec.default is not None,
        "default_sql": spec.default_sql is not None,
        "default_code": spec.default_code is not None,
        "auto_increment": bool(spec.auto_increment),
        "trim": spec.trim,
        "mutator": bool(spec.mutator),
    }
    for other in (name for name, says in given.items() if says):
        report.add(ConflictingKeys(*report.key(key), other, "generated", "the database computes the value"))
    if field in (model.key or ()):
        report.add(ComputedField(*report.key(key), field.shown, "the key"))
    for relation in model.of_kind(RelationKind.BELONGS_TO, RelationKind.MORPH_TO):
        if field in relation.fields:
            report.add(ComputedField(*report.key(key), field.shown, f"the foreign key of {relation.name}"))


def _sources(model: ModelDraft, field: FieldDraft, vocabulary: Vocabulary) -> Vocabulary:
    """What a generated field may be made of: not of what is generated, too, nor of what comes with the insert."""
    refused: dict[str, str] = {}
    for other in (*model.fields.values(), *model.added.values(), *(model.key or ())):
        if other.spec is not None and other.spec.generated is not None:
            refused[other.shown] = "is generated itself"
        elif other.auto_increment:
            refused[other.shown] = "is numbered when the row is there already"
    known = {name: replace(item, refused=refused.get(name)) for name, item in vocabulary.fields.items()}
    known[field.shown] = replace(known[field.shown], refused="is this field")
    return replace(vocabulary, fields=known)


# --- mutators ------------------------------------------------------------------------------------------------------------


def mutator_of(resolution: Resolution, model: ModelDraft, field: FieldDraft) -> str | None:
    """The method of the behaviour that sees what is assigned to a field; whether it exists is seen later."""
    report, spec = resolution.report, field.spec
    if spec is None or not spec.mutator:
        return None
    path = (*field.path, "mutator")
    name = f"set_{field.name}" if spec.mutator is True else spec.mutator
    if not name.isidentifier() or keyword.iskeyword(name) or name.startswith("_"):
        report.add(InvalidName(*report.value(path), "mutator", name, "it is no name of a method"))
    elif model.spec.behaviour is None:
        at = report.key(path)
        report.add(MissingKey(*at, "behaviour", 'behaviour = "app.users:UserBehaviour", the class with the method'))
    return name


# --- the version ---------------------------------------------------------------------------------------------------------


def version_field(resolution: Resolution, model: ModelDraft) -> FieldDraft | None:
    """The field that counts writes, declared or added; None without one, or when it is wrong, which was told."""
    given = model.spec.version
    if not given:
        return None
    report, path = resolution.report, (*model.path, "version")
    name = "version" if given is True else given
    declared = model.fields.get(name)
    if declared is not None:
        return declared if _counts(resolution, model, declared) else None
    if model.is_broken(name) or not check_attribute("field", name, report.value(path), report, "model"):
        return None
    if name in model.relations or name in model.added:
        problem = f'"{name}" is a relation, or one of its columns'
        report.add(InvalidKey(*report.value(path), problem, 'name another field: version = "lock_version"'))
        return None
    made = FieldDraft(name, name, ColumnType(Kind.INT), path, default=Default(1))
    model.fields[name] = made
    return made


def _counts(resolution: Resolution, model: ModelDraft, field: FieldDraft) -> bool:
    report = resolution.report
    at = report.key((*model.path, "version"))
    if field.type is None:
        return False
    if field.type.kind not in INTEGERS or field.nullable:
        told = f"{field.type}{'?' if field.nullable else ''}"
        report.add(ModifierNotForType(*at, "version", told, "whole numbers that are never NULL"))
        return False
    if field.spec is not None and field.spec.generated is not None:
        report.add(ComputedField(*at, field.shown, "the version"))
        return False
    if field in (model.key or ()) or field.default_sql is not None or field.default not in (None, Default(1)):
        problem = f'"{field.shown}" cannot count from 1'
        report.add(InvalidKey(*at, problem, "give it no default, and keep it out of the key"))
        return False
    field.default = Default(1)
    return True


# --- tables --------------------------------------------------------------------------------------------------------------


def table_options(resolution: Resolution, model: ModelDraft) -> TableOptions:
    """What a model says of its table as a whole: engine, character set, collation."""
    spec = model.spec
    engine = _mysql_name(resolution, spec.engine, "engine", model.path)
    charset = _mysql_name(resolution, spec.charset, "charset", model.path)
    if engine is not None and engine.lower() not in _WITH_FOREIGN_KEYS and _has_foreign_keys(resolution, model):
        report = resolution.report
        problem = f"{engine} takes no notice of foreign keys, and the table has some or is referred to"
        report.add(InvalidSetting(*report.value((*model.path, "engine")), problem, "leave it to InnoDB"))
    return engine, charset, _collation(resolution, spec.collation, charset, model.path)


def _has_foreign_keys(resolution: Resolution, model: ModelDraft) -> bool:
    own = any(model.of_kind(RelationKind.BELONGS_TO))
    referred = any(relation.target is model for relation in resolution.relations(RelationKind.BELONGS_TO))
    between = any(key.table == model.table for pivot in resolution.pivots.values() for key in pivot.table.foreign_keys)
    return own or referred or between
