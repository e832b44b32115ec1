"""The view of a model's module. Owns what stands in it, and how each part of a model is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass

from isomorph import dialects
from isomorph.catalog import Column, Field, Kind, Model, Relation, RelationKind
from isomorph.sql.statics import statements_of
from isomorph_generator.codegen.constructor import ConstructorView, constructor_of, is_required
from isomorph_generator.codegen.layout import Code, Group, call, fitted, flat, prefixed, signature, subscript, tuple_of
from isomorph_generator.codegen.literals import literal
from isomorph_generator.codegen.loaders import LoaderView, loaders_of, loads_of
from isomorph_generator.codegen.names import ALIASES, enum_members, imports_of, natural, type_variables
from isomorph_generator.codegen.relations import RelationsView, model_class, relations_of, targets_of
from isomorph_generator.codegen.scopes import ScopeView, scope_of
from isomorph_generator.codegen.text import docstring, sentence, string
from isomorph_generator.codegen.types import Builtins, column_class, python_type

__all__ = ["Entry", "ModelView", "model_view"]
