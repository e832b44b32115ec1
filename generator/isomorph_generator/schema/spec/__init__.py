"""The shape of a schema file: which keys exist and what form their values have, as strict pydantic models.

Owns shape only: names, types and references are judged when the schema is resolved. The JSON Schema for editors is made
from these models, so the docstring of an attribute is what an editor shows. Short forms (`age = "int?"`) are turned into
the long ones before validation, so that everything after it sees one form.
"""

from isomorph_generator.schema.spec.fields import EnumSpec, FieldSpec, GeneratedSpec, PivotFieldSpec, TimestampsSpec
from isomorph_generator.schema.spec.forms import DialectText, Spec, SqlSpec, form_of
from isomorph_generator.schema.spec.models import (
    CheckSpec,
    IndexSpec,
    MacroSpec,
    MixinSpec,
    ModelSpec,
    ParameterSpec,
    QueryPartSpec,
    SchemaSpec,
    ScopeSpec,
    UniqueSpec,
)
from isomorph_generator.schema.spec.objects import FunctionSpec, NamedObjectSpec, TriggerSpec, ViewSpec
from isomorph_generator.schema.spec.relations import (
    RELATION_KINDS,
    BelongsToManySpec,
    BelongsToSpec,
    DefaultingSpec,
    HasManySpec,
    HasManyThroughSpec,
    HasOneSpec,
    HasOneThroughSpec,
    HasThroughSpec,
    MorphedByManySpec,
    MorphManySpec,
    MorphOneSpec,
    MorphToManySpec,
    MorphToSpec,
    OneOfManySpec,
    PivotSpec,
    RelationSpec,
    TouchingSpec,
)
from isomorph_generator.schema.spec.settings import ConnectionSpec, EnvSpec, ProjectSpec

__all__ = [
    "RELATION_KINDS",
    "BelongsToManySpec",
    "BelongsToSpec",
    "CheckSpec",
    "ConnectionSpec",
    "DefaultingSpec",
    "DialectText",
    "EnumSpec",
    "EnvSpec",
    "FieldSpec",
    "FunctionSpec",
    "GeneratedSpec",
    "HasManySpec",
    "HasManyThroughSpec",
    "HasOneSpec",
    "HasOneThroughSpec",
    "HasThroughSpec",
    "IndexSpec",
    "MacroSpec",
    "MixinSpec",
    "ModelSpec",
    "MorphManySpec",
    "MorphOneSpec",
    "MorphToManySpec",
    "MorphToSpec",
    "MorphedByManySpec",
    "NamedObjectSpec",
    "OneOfManySpec",
    "ParameterSpec",
    "PivotFieldSpec",
    "PivotSpec",
    "ProjectSpec",
    "QueryPartSpec",
    "RelationSpec",
    "SchemaSpec",
    "ScopeSpec",
    "Spec",
    "SqlSpec",
    "TimestampsSpec",
    "TouchingSpec",
    "TriggerSpec",
    "UniqueSpec",
    "ViewSpec",
    "form_of",
]
