"""Weights that mean something: exact, for scales that exist, and with the sign of their motive in the index.

The index is the composite made of motives. Its weights sum to zero, so that someone who gives the same answer
everywhere scores exactly 0; direct motives raise it and indirect ones lower it. Other composites weigh as their authors
chose.
"""

import re
from collections.abc import Iterator
from math import ceil, floor

from survey.i18n import Sentence
from survey.instruments.errors import Fault
from survey.instruments.parts import WEIGHT, Composite, Definition


def weights(definition: Definition) -> Iterator[Fault]:
    """Yield the faults of the composites."""
    motives = {scale.id for scale in definition.motives}
    if motives and definition.index is None:
        yield "composites", Sentence("Add a composite with a weight for each motive: it is the index.")
    for place, composite in enumerate(definition.composites):
        path = f"composites[{place}]"
        yield from _exact(path, composite, definition)
        yield from _ranges(path, composite, definition)
        if composite is definition.index:
            yield from _index(path, composite, definition)
        elif motives & composite.weights.keys():
            yield f"{path}.weights", Sentence("Leave motives to the index: only one composite may weigh them.")
        yield from _reach(path, composite, definition)


def _exact(path: str, composite: Composite, definition: Definition) -> Iterator[Fault]:
    kinds = {scale.id: scale.kind for scale in definition.scales}
    if not composite.weights:
        yield f"{path}.weights", Sentence("Add a weight for at least one scale.")
    for scale, weight in composite.weights.items():
        if scale not in kinds:
            cure = Sentence('There is no scale "%(id)s": add it, or name another.', {"id": scale})
            yield f"{path}.weights.{scale}", cure
        elif kinds[scale] == "practice":
            yield f"{path}.weights.{scale}", Sentence("Remove this: practices count in no composite.")
        if not re.fullmatch(WEIGHT, weight):
            yield f"{path}.weights.{scale}", Sentence('Write an exact number other than 0, such as "10" or "-5/3".')


def _ranges(path: str, composite: Composite, definition: Definition) -> Iterator[Fault]:
    if composite.rescale is not None and composite.rescale[0] >= composite.rescale[1]:
        yield f"{path}.rescale", Sentence("Write the lower number first, such as [1, 7].")
    if composite.rescale is None and len({definition.range_of(scale) for scale in composite.weights}) > 1:
        yield f"{path}.rescale", Sentence("Add a common range such as [1, 7]: the scales have different ones.")


def _index(path: str, composite: Composite, definition: Definition) -> Iterator[Fault]:
    directions = {scale.id: scale.direction for scale in definition.motives}
    for motive in directions:
        if motive not in composite.weights:
            cure = Sentence('Add a weight for the motive "%(id)s": the index is made of all.', {"id": motive})
            yield f"{path}.weights.{motive}", cure
    for scale, weight in composite.fractions.items():
        if scale not in directions:
            yield f"{path}.weights.{scale}", Sentence("Remove this: the index is made of motives only.")
        elif directions[scale] == "direct" and weight < 0:
            yield f"{path}.weights.{scale}", Sentence("Remove the minus: a direct motive raises the index.")
        elif directions[scale] == "indirect" and weight > 0:
            yield f"{path}.weights.{scale}", Sentence("Put a minus before it: an indirect motive lowers the index.")
    total = sum(composite.fractions.values())
    if total != 0:
        cure = Sentence(
            "Let the weights add up to 0, not %(total)s: the same answer everywhere must give 0.", {"total": total}
        )
        yield f"{path}.weights", cure


def _reach(path: str, composite: Composite, definition: Definition) -> Iterator[Fault]:
    """The range that is printed and drawn must be the one that answers can reach."""
    ends = [(weight, composite.rescale or definition.range_of(scale)) for scale, weight in composite.fractions.items()]
    lowest = floor(sum(min(weight * low, weight * high) for weight, (low, high) in ends))
    highest = ceil(sum(max(weight * low, weight * high) for weight, (low, high) in ends))
    for name, written, reached in (("low", composite.low, lowest), ("high", composite.high, highest)):
        if written != reached:
            yield f"{path}.{name}", Sentence("Write %(value)s: that is what the weights reach.", {"value": reached})
