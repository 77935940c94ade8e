"""What makes an instrument impossible. Each check yields where the fault stands and the sentence that cures it.

Checks run in order and the first fault is told, so that a later check may rely on the earlier ones.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from survey.i18n import LANGUAGES, Sentence
from survey.instruments.checks_weights import weights
from survey.instruments.checks_wording import wording
from survey.instruments.errors import Fault, InstrumentError
from survey.instruments.parts import FILE_NAME, HIGHEST, LOWEST, NAME, AnswerScale, Definition, Item, Part

LONGEST_VERSION: Final = 20
"""What the table of waves holds."""


def check(definition: Definition) -> None:
    """Raise InstrumentError for the first fault of an instrument; return for a possible one."""
    for checks in (_facts, _names, _kinds, _items, _measured, _blocks, _labels, wording, weights):
        for path, cure in checks(definition):
            raise InstrumentError(path, cure)


def _facts(definition: Definition) -> Iterator[Fault]:
    if not re.fullmatch(FILE_NAME, definition.id):
        yield "id", Sentence('Write a lower-case name of letters, digits and "-", such as "total-motivation".')
    if not definition.version.strip() or len(definition.version) > LONGEST_VERSION:
        yield "version", Sentence("Write 1 to %(most)s characters here.", {"most": LONGEST_VERSION})
    for name in ("citation", "licence"):
        if not getattr(definition, name).strip():
            yield name, Sentence("Say here where the wording comes from and under what terms it may be used.")
    for language in LANGUAGES:
        if definition.languages.count(language) != 1:
            yield "languages", Sentence('Name each of "ko" and "en" once: every page is written in both.')


def _names(definition: Definition) -> Iterator[Fault]:
    lists: tuple[tuple[str, Sequence[Part]], ...] = (
        ("answer_scales", definition.answer_scales),
        ("blocks", definition.blocks),
        ("scales", definition.scales),
        ("composites", definition.composites),
        ("items", definition.items),
    )
    for name, parts in lists:
        # A composite is a column beside the scales, so the two share their names.
        seen = {scale.id for scale in definition.scales} if name == "composites" else set()
        for place, part in enumerate(parts):
            path = f"{name}[{place}].id"
            if not re.fullmatch(NAME, part.id):
                yield path, Sentence('Write a lower-case name of letters, digits and "_", such as "play".')
            if part.id in seen:
                yield path, Sentence('"%(id)s" stands here for the second time: choose another id.', {"id": part.id})
            seen.add(part.id)


def _kinds(definition: Definition) -> Iterator[Fault]:
    behaviours = {scale.id for scale in definition.scales if scale.kind == "behaviour"}
    for place, scale in enumerate(definition.scales):
        path = f"scales[{place}]"
        if scale.kind == "motive" and not scale.direction:
            yield f"{path}.direction", Sentence('Write "direct" or "indirect": every motive is one of the two.')
        if scale.kind != "motive" and scale.direction:
            yield f"{path}.direction", Sentence("Remove this: only motives have a direction.")
        if scale.kind == "facet" and scale.parent not in behaviours:
            yield f"{path}.parent", Sentence("Name the behaviour scale that this facet is a part of.")
        if scale.kind != "facet" and scale.parent:
            yield f"{path}.parent", Sentence("Remove this: only facets are a part of another scale.")


def _items(definition: Definition) -> Iterator[Fault]:
    if not definition.items:
        yield "items", Sentence("Add at least one item.")
    scales = {scale.id: scale for scale in definition.scales}
    parents = {scale.parent for scale in definition.scales}
    for place, item in enumerate(definition.items):
        path = f"items[{place}]"
        if item.scale not in scales:
            yield f"{path}.scale", Sentence('There is no scale "%(id)s": add it, or name another.', {"id": item.scale})
        elif item.scale in parents:
            yield f"{path}.scale", Sentence('"%(id)s" has facets: name one of them.', {"id": item.scale})
        elif item.reverse and scales[item.scale].kind == "motive":
            yield f"{path}.reverse", Sentence("Remove this: a motive is never reversed, its weight carries the sign.")
        elif item.required and scales[item.scale].kind == "practice":
            yield f"{path}.required", Sentence("Remove this: a wave asks only some of the practices.")
        yield from _range(path, item)


def _range(path: str, item: Item) -> Iterator[Fault]:
    for name, value in (("min", item.min), ("max", item.max)):
        if not LOWEST <= value <= HIGHEST:
            yield (
                f"{path}.{name}",
                Sentence("Write a whole number from %(low)s to %(high)s.", {"low": LOWEST, "high": HIGHEST}),
            )
    if item.min >= item.max:
        yield f"{path}.max", Sentence("Let max be greater than min, which is %(min)s.", {"min": item.min})


def _measured(definition: Definition) -> Iterator[Fault]:
    for place, scale in enumerate(definition.scales):
        path, items = f"scales[{place}].id", definition.items_of(scale.id)
        if not items:
            yield path, Sentence('No item measures "%(id)s": add one, or remove the scale.', {"id": scale.id})
        if len({item.range for item in items}) > 1:
            yield path, Sentence('Give all items of "%(id)s" the same min and max.', {"id": scale.id})
        if scale.kind == "practice" and [item.id for item in items] != [scale.id]:
            yield path, Sentence('Give the practice "%(id)s" one item, with the same id.', {"id": scale.id})


def _blocks(definition: Definition) -> Iterator[Fault]:
    names, begun, last = {block.id for block in definition.blocks}, set[str](), ""
    for place, item in enumerate(definition.items):
        path = f"items[{place}].block"
        if item.text and item.block not in names:
            yield path, Sentence("Name the block of the form in which this item is asked.")
        if item.block != last and item.block in begun:
            yield path, Sentence('Move this item up to the others of block "%(id)s".', {"id": item.block})
        begun.add(item.block)
        last = item.block
    for place, block in enumerate(definition.blocks):
        if block.id not in begun:
            yield f"blocks[{place}].id", Sentence('No item stands in block "%(id)s": remove it.', {"id": block.id})


def _labels(definition: Definition) -> Iterator[Fault]:
    names = {scale.id for scale in definition.answer_scales}
    for place, item in enumerate(definition.items):
        if (item.text or item.answers) and item.answers not in names:
            yield f"items[{place}].answers", Sentence("Name the answer scale whose labels stand at the numbers.")
    for place, scale in enumerate(definition.answer_scales):
        ranges = {item.range for item in definition.items if item.answers == scale.id}
        if len(ranges) != 1:
            yield (
                f"answer_scales[{place}].id",
                Sentence('Use "%(id)s" for items with the same min and max, or remove it.', {"id": scale.id}),
            )
        for lowest, highest in ranges:
            yield from _label_numbers(f"answer_scales[{place}].labels", scale, lowest, highest)


def _label_numbers(path: str, scale: AnswerScale, lowest: int, highest: int) -> Iterator[Fault]:
    possible = {str(number) for number in range(lowest, highest + 1)}
    for number in scale.labels:
        if number not in possible:
            yield (
                f"{path}.{number}",
                Sentence("No item has this answer: label %(low)s to %(high)s.", {"low": lowest, "high": highest}),
            )
    for end in (lowest, highest):
        if str(end) not in scale.labels:
            yield f"{path}.{end}", Sentence("Add this label: the lowest and the highest answer always have one.")
