"""Resolves through relations: the relations that lead to the model at the end, of any kind but morph_to."""

from __future__ import annotations

from typing import Final

from isomorph.catalog import RelationKind
from isomorph_generator.schema.errors import InvalidThrough, UnknownRelation
from isomorph_generator.schema.resolve.drafts import ModelDraft, RelationDraft, Resolution
from isomorph_generator.schema.resolve.keys import cross_connection
from isomorph_generator.schema.resolve.wishes import chosen_by
from isomorph_generator.schema.spec import HasManyThroughSpec, HasOneThroughSpec

__all__ = ["resolve_through"]

_THROUGH: Final = (RelationKind.HAS_ONE_THROUGH, RelationKind.HAS_MANY_THROUGH)
_Path = list[RelationDraft]


def resolve_through(resolution: Resolution) -> None:
    """Follow the path of each through relation to its model. One that leads through others is made of their steps."""
    paths = _Paths(resolution)
    for relation in resolution.relations(*_THROUGH):
        paths.of(relation)


class _Paths:
    def __init__(self, resolution: Resolution) -> None:
        self._resolution = resolution
        self._report = resolution.report
        self._found: dict[tuple[str, str], _Path | None] = {}
        self._chain: list[tuple[str, str]] = []

    def of(self, relation: RelationDraft) -> _Path | None:
        """The relations to follow; None, and an error, when they do not lead to the target."""
        name = (relation.model.name, relation.name)
        if name in self._found:
            return self._found[name]
        if name in self._chain:
            told = ", ".join(f"{model}.{step}" for model, step in self._chain[self._chain.index(name) :])
            at = self._report.value(relation.path, "through")
            hint = "name the relations that it is made of"
            self._report.add(InvalidThrough(*at, f"{told} would lead through {'.'.join(name)} again", hint))
            return None
        self._chain.append(name)
        path = self._path(relation, relation.target) if relation.target is not None else None
        self._chain.pop()
        if path is not None and relation.model.key is not None:
            relation.through = tuple(step.name for step in path)
            relation.local = path[0].local
            relation.ready = True
        self._found[name] = path
        return path

    def _path(self, relation: RelationDraft, target: ModelDraft) -> _Path | None:
        assert isinstance(relation.spec, HasOneThroughSpec | HasManyThroughSpec)
        at = self._report.value(relation.path, "through")
        path: _Path = []
        here = relation.model
        for name in relation.spec.through.split("."):
            step = here.relations.get(name)
            if step is None:
                if name not in here.broken:
                    self._report.add(UnknownRelation(*at, here.name, name, tuple(_steps(here, relation))))
                return None
            steps = self._steps_of(relation, step)
            if steps is None or step.target is None:
                return None
            path += steps
            here = step.target
        if len(path) == 1 or here is not target:
            last = self._last_step(relation, here, target)
            steps = None if last is None else self._steps_of(relation, last)
            if steps is None:
                return None
            path += steps
        return path if self._has_right_number(relation, path) else None

    def _steps_of(self, relation: RelationDraft, step: RelationDraft) -> _Path | None:
        """What following a relation adds to the path; None, and an error, when it cannot be followed."""
        at = self._report.value(relation.path, "through")
        if step.kind is RelationKind.MORPH_TO:
            problem = f'"{step.name}" is a morph_to, which leads to several models'
            self._report.add(InvalidThrough(*at, problem, "name a relation to a single model"))
            return None
        if (word := chosen_by(step.spec)) is not None:
            problem = f'"{step.name}" chooses one row by {word}, and a relation through it would not'
            self._report.add(InvalidThrough(*at, problem, "name a relation to all of the rows"))
            return None
        if step.kind in _THROUGH:
            return self.of(step)
        if step.crosses and step.target is not None:
            problem = f'"{step.name}" cannot be joined'
            hint = "include the relations one inside of the other"
            self._report.add(cross_connection(at, step.model, step.target, problem, hint))
            return None
        return [step] if step.ready else None

    def _last_step(self, relation: RelationDraft, here: ModelDraft, target: ModelDraft) -> RelationDraft | None:
        """The only relation that leads from the end of the path to the target, but for those through others."""
        assert isinstance(relation.spec, HasOneThroughSpec | HasManyThroughSpec)
        leading = [
            step
            for name in _steps(here, relation)
            if (step := here.relations[name]).target is target
            and step.kind not in _THROUGH
            and chosen_by(step.spec) is None
        ]
        through = relation.spec.through
        if len(leading) == 1:
            return leading[0]
        at = self._report.value(relation.path, "through")
        if leading:
            names = " or ".join(f'"{through}.{step.name}"' for step in leading)
            problem = f"{here.name} leads to {target.name} by {len(leading)} relations"
            self._report.add(InvalidThrough(*at, problem, f"say which one: through = {names}"))
        elif not here.broken:
            problem = f"{here.name}, where it leads, has no relation to {target.name}"
            self._report.add(InvalidThrough(*at, problem, f"add one to [models.{here.name}.relations]"))
        return None

    def _has_right_number(self, relation: RelationDraft, path: _Path) -> bool:
        many = any(step.kind.to_many for step in path)
        if many == relation.kind.to_many or chosen_by(relation.spec) is not None:
            return True
        at = self._report.key(relation.path, relation.kind.value)
        names = ".".join(step.name for step in path)
        other = "has_many_through" if many else "has_one_through"
        problem = f"{names} leads to {'several rows' if many else 'one row'}"
        self._report.add(InvalidThrough(*at, problem, f"write {other}"))
        return False


def _steps(model: ModelDraft, but: RelationDraft) -> list[str]:
    """The relations of a model that may be followed."""
    return [
        step.name
        for step in model.relations.values()
        if step.kind is not RelationKind.MORPH_TO and step is not but and chosen_by(step.spec) is None
    ]
