"""The instrument: the questionnaire as a frozen value. One that makes no sense cannot be made (see `checks`)."""

import hashlib
from collections.abc import Iterable
from functools import cached_property
from itertools import groupby
from typing import Self

import msgspec
from msgspec.structs import replace

from survey.instruments.checks import check
from survey.instruments.checks_wording import UNIT
from survey.instruments.parts import AnswerScale, Block, Composite, Definition, Item, Kind, Scale, Text

__all__ = ["AnswerScale", "Block", "Composite", "Instrument", "Item", "Kind", "Scale", "Text"]


class Instrument(Definition, frozen=True):
    """The questionnaire: items, scales, weights, wording by language, version."""

    def __post_init__(self) -> None:
        check(self)

    def __hash__(self) -> int:
        return hash((self.id, self.version, len(self.items)))

    @cached_property
    def _items(self) -> dict[str, Item]:
        return {item.id: item for item in self.items}

    @cached_property
    def _scales(self) -> dict[str, Scale]:
        return {scale.id: scale for scale in self.scales}

    def item(self, item_id: str) -> Item:
        """Return the item; raises KeyError for an id the instrument does not have."""
        return self._items[item_id]

    def scale(self, scale_id: str) -> Scale:
        """Return the scale; raises KeyError for an id the instrument does not have."""
        return self._scales[scale_id]

    def answer_scale(self, item: Item) -> AnswerScale | None:
        """Return the labels of the item's numbers; None in a definition without wording."""
        return next((scale for scale in self.answer_scales if scale.id == item.answers), None)

    @property
    def direct(self) -> tuple[Scale, ...]:
        """The motives that raise the index."""
        return tuple(scale for scale in self.motives if scale.direction == "direct")

    @property
    def indirect(self) -> tuple[Scale, ...]:
        """The motives that lower the index."""
        return tuple(scale for scale in self.motives if scale.direction == "indirect")

    @cached_property
    def practices(self) -> tuple[Item, ...]:
        """The items that ask about practices; a wave asks some of them."""
        return tuple(item for item in self.items if self.scale(item.scale).kind == "practice")

    def asked(self, practices: Iterable[str] = ()) -> tuple[Item, ...]:
        """Return the items of a wave in order: all but practice items, and those of the practices named.

        Raises:
            KeyError: a name is no practice item of this instrument.
        """
        known, named = {item.id for item in self.practices}, set(practices)
        if named - known:
            raise KeyError(f"no practice item of {self.id}: {', '.join(sorted(named - known))}")
        return tuple(item for item in self.items if item.id not in known or item.id in named)

    def in_blocks(self, items: Iterable[Item]) -> tuple[tuple[Block, tuple[Item, ...]], ...]:
        """Group items (in the instrument's order) into the blocks of the form, each with its heading and intro."""
        blocks = {block.id: block for block in self.blocks}
        return tuple((blocks[name], tuple(group)) for name, group in groupby(items, key=lambda item: item.block))

    def worded_for(self, unit: str = "") -> Self:
        """Return the instrument with {unit} filled in: the word named `unit` in `units`, or the first.

        Raises:
            KeyError: the instrument has no such word.
        """
        if not self.units:
            return self
        words = self.units[unit or next(iter(self.units))]

        def filled(text: Text) -> Text:
            return {language: wording.replace(UNIT, words[language]) for language, wording in text.items()}

        return replace(
            self,
            intro=filled(self.intro),
            comment=filled(self.comment),
            blocks=tuple(replace(block, title=filled(block.title), intro=filled(block.intro)) for block in self.blocks),
            items=tuple(replace(item, text=filled(item.text)) for item in self.items),
        )

    def to_json(self) -> str:
        """Return the instrument as canonical JSON: the same text for the same instrument, always."""
        return msgspec.json.encode(self, order="sorted").decode()

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote; raises msgspec.ValidationError or InstrumentError for anything else."""
        return msgspec.json.decode(text, type=cls)

    def digest(self) -> str:
        """SHA-256 of the canonical JSON, in 64 hexadecimal characters: changes with any word or weight."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()
