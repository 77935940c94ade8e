"""Answers to an instrument as one short vector: a byte for each item, so that a response is one row."""

from collections.abc import Mapping, Sequence
from typing import Final

from survey.i18n import Refused
from survey.instruments.model import Item

SKIPPED: Final = 255
"""The byte of an item that was skipped or not asked; answers are 0 to 100."""


def parse_answer(item: Item, text: str) -> int | None:
    """Read what was typed or chosen: None where nothing was.

    Raises:
        Refused: the text is not exactly one of the item's whole numbers ("0", "3.5", "7 " and "٧" are not).
    """
    if not text:
        return None
    for answer in range(item.min, item.max + 1):
        if text == str(answer):
            return answer
    raise Refused("Choose a whole number from %(low)s to %(high)s, or leave it empty.", low=item.min, high=item.max)


def encode(items: Sequence[Item], values: Mapping[str, int | None]) -> bytes:
    """Return one byte for each of `items` (`instrument.items`, whole); items without a value count as skipped.

    Raises:
        ValueError: a value outside its item's range, or for an item that is not among `items`.
    """
    unknown = values.keys() - {item.id for item in items}
    if unknown:
        raise ValueError(f"no such item: {', '.join(sorted(unknown))}")
    return bytes(_byte(item, values.get(item.id)) for item in items)


def decode(items: Sequence[Item], answers: bytes) -> dict[str, int | None]:
    """Return the answers by item id, None where skipped: the inverse of `encode`.

    Raises:
        ValueError: the vector does not have one byte for each item, or a byte is no answer to its item.
    """
    if len(answers) != len(items):
        raise ValueError(f"{len(answers)} answers for {len(items)} items")
    values = {item.id: None if byte == SKIPPED else byte for item, byte in zip(items, answers, strict=True)}
    encode(items, values)
    return values


def _byte(item: Item, value: int | None) -> int:
    if value is None:
        return SKIPPED
    if not item.min <= value <= item.max:
        raise ValueError(f"{item.id}: {value} is not from {item.min} to {item.max}")
    return value
