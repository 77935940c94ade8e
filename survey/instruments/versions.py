"""Two versions of an instrument, held against each other: for which scales may what changed between waves be told?

A change of a mean is a change of mind only where the same was asked in the same way. Fails closed: whatever a
respondent reads differently, and whatever is reckoned differently, breaks the trend of its scale.
"""

from collections.abc import Mapping
from functools import lru_cache

import msgspec

from survey.i18n import Sentence
from survey.instruments.extra import is_extra
from survey.instruments.model import Instrument, Item

INDEX = ""
"""Stands for the index among the scales."""


class Verdict(msgspec.Struct, frozen=True):
    """What two versions have in common on one scale, or on the index."""

    scale: str
    """Its id; "" is the index."""
    name: Mapping[str, str]
    """By language."""
    changed: int = 0
    """Questions with other words, other answers, or under another introduction."""
    added: int = 0
    removed: int = 0
    new: bool = False
    """Only the later version has it."""
    gone: bool = False
    """Only the earlier one has it."""
    reckoned: bool = False
    """Made of its questions, or of its motives, in another way."""

    @property
    def holds(self) -> bool:
        """Whether what changed between waves may be told."""
        return not (self.changed or self.added or self.removed or self.new or self.gone or self.reckoned)

    @property
    def why(self) -> tuple[Sentence, ...]:
        """What is different, part by part; () where nothing is."""
        if self.new or self.gone:
            return (Sentence("not asked before") if self.new else Sentence("not asked any more"),)
        counted = (
            (self.changed, Sentence("1 item changed"), Sentence("%(count)s items changed")),
            (self.added, Sentence("1 item added"), Sentence("%(count)s items added")),
            (self.removed, Sentence("1 item left out"), Sentence("%(count)s items left out")),
        )
        found = [(one if count == 1 else many.fill(count=count)) for count, one, many in counted if count]
        return (*found, *([Sentence("reckoned in another way")] if self.reckoned else []))


class Difference(msgspec.Struct, frozen=True):
    """Two versions: the index first, then every scale of either but the company's extra items."""

    verdicts: tuple[Verdict, ...]

    @property
    def index_holds(self) -> bool:
        """Whether changes of the index may be told."""
        return self.verdicts[0].holds

    @property
    def broken(self) -> tuple[Verdict, ...]:
        """The scales for which no change may be told."""
        return tuple(verdict for verdict in self.verdicts if not verdict.holds)


@lru_cache(maxsize=256)
def between(earlier: Instrument, later: Instrument) -> Difference:
    """Hold a later version against an earlier one; instruments of different ids have nothing in common."""
    then, now = ({scale.id: scale for scale in each.scales} for each in (earlier, later))
    names = [name for name in (*now, *(name for name in then if name not in now)) if not is_extra(name)]
    scales = tuple(_scale(name, earlier, later) for name in names)
    motives = {scale.id for scale in later.motives} | {scale.id for scale in earlier.motives}
    return Difference((_index(earlier, later, [each for each in scales if each.scale in motives]), *scales))


def same_index(earlier: Instrument, later: Instrument) -> bool:
    """Tell whether changes of the index, and of its motives, may be told between two versions."""
    return between(earlier, later).index_holds


def _index(earlier: Instrument, later: Instrument, motives: list[Verdict]) -> Verdict:
    made = later.index or earlier.index
    return Verdict(
        INDEX,
        {} if made is None else made.name,
        changed=sum(each.changed for each in motives),
        added=sum(each.added for each in motives),
        removed=sum(each.removed for each in motives),
        reckoned=earlier.id != later.id
        or _weighed(earlier) != _weighed(later)
        or any(each.new or each.gone or each.reckoned for each in motives),
    )


def _scale(name: str, earlier: Instrument, later: Instrument) -> Verdict:
    then, now = (name in {scale.id for scale in each.scales} for each in (earlier, later))
    if not (then and now):
        said = (later if now else earlier).scale(name).name
        return Verdict(name, said, new=now, gone=then)
    before, after = (_questions(each, name) for each in (earlier, later))
    return Verdict(
        name,
        later.scale(name).name,
        changed=sum(before[item] != after[item] for item in before.keys() & after.keys()),
        added=len(after.keys() - before.keys()),
        removed=len(before.keys() - after.keys()),
        reckoned=earlier.id != later.id or _made(earlier, name) != _made(later, name),
    )


def _questions(instrument: Instrument, scale: str) -> dict[str, tuple[object, ...]]:
    return {item.id: _asked(instrument, item) for item in instrument.items_of(scale)}


def _asked(instrument: Instrument, item: Item) -> tuple[object, ...]:
    """Return all that a respondent reads of a question, and how its answer counts."""
    labels = instrument.answer_scale(item)
    block = next((block for block in instrument.blocks if block.id == item.block), None)
    return (
        item.text,
        item.range,
        item.reverse,
        item.required,
        item.scale,
        labels.labels if labels else {},
        (block.title, block.intro) if block else (),
    )


def _made(instrument: Instrument, name: str) -> tuple[object, ...]:
    """Return how a scale is made; its name may change."""
    scale = instrument.scale(name)
    facets = sorted(each.id for each in instrument.scales if each.parent == name)
    return scale.kind, scale.direction, scale.parent, facets


def _weighed(instrument: Instrument) -> tuple[object, ...] | None:
    made = instrument.index
    return None if made is None else (made.fractions, made.rescale)
