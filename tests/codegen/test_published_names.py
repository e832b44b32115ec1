"""What generated classes have is on the published list, so that a schema that would hide it is refused."""

from pathlib import Path

import pytest

import generated
from generated import db
from isomorph.catalog import Model
from isomorph.names import MODEL_NAMES, QUERY_NAMES
from isomorph_generator.schema import SchemaErrors, load

pytestmark = pytest.mark.feature("schema.names")

_MODELS = [pytest.param(model, id=model.name) for model in db.catalog.models]


def _public(class_: type) -> set[str]:
    return {name for name in dir(class_) if not name.startswith("_")}


def _own_of_model(model: Model) -> set[str]:
    """The attributes of a generated class that the schema did not name."""
    class_: type = getattr(generated, model.name)
    declared = {field.name for field in model.fields} | {relation.name for relation in model.relations}
    return (_public(class_) | _public(type(class_))) - declared


def _own_of_query(model: Model) -> set[str]:
    query: type = getattr(generated, f"{model.name}Query")
    return _public(query) - {scope.name for scope in model.scopes}


@pytest.mark.parametrize("model", _MODELS)
def test_all_that_a_model_has_is_published(model: Model) -> None:
    assert _own_of_model(model) - MODEL_NAMES == set()


@pytest.mark.parametrize("model", _MODELS)
def test_all_that_a_query_has_is_published(model: Model) -> None:
    assert _own_of_query(model) - QUERY_NAMES == set()


def test_what_would_hide_it_is_a_mistake_of_the_schema(tmp_path: Path) -> None:
    (user,) = [model for model in db.catalog.models if model.name == "User"]
    of_model, of_query = sorted(_own_of_model(user)), sorted(_own_of_query(user))
    assert {"query", "save"} <= set(of_model)
    assert {"get", "where_raw"} <= set(of_query)
    fields = "".join(f'{name} = "int"\n' for name in of_model)
    scopes = "".join(f'{name} = "number = 1"\n' for name in of_query)
    path = tmp_path / "schema.toml"
    path.write_text(
        f'[models.Thing.fields]\nnumber = "int"\n{fields}[models.Thing.scopes]\n{scopes}'
        '[models.Other.fields]\nlabel = "int"\n[models.Other.relations]\n'
        + "".join(f'{name} = {{ belongs_to = "Thing" }}\n' for name in of_model)
    )

    with pytest.raises(SchemaErrors) as refused:
        load(path)

    told = str(refused.value)
    for where, names, of in (
        ("models.Thing.fields", of_model, "every model"),
        ("models.Other.relations", of_model, "every model"),
        ("models.Thing.scopes", of_query, "every query"),
    ):
        for name in names:
            assert f' {where}.{name}: "{name}" is a name of {of}' in told
