"""What a whole wave tells of each unit in a few numbers: read once, verified, and kept as columns, not as records.

For what looks at every unit of every wave (`survey.privacy.before_after`). A company of ten thousand units fills a
megabyte or two a wave; its records would be hundreds.
"""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from survey.privacy.lately import Lately
from survey.privacy.thaw import Publication

KEPT: Final = 48
"""Waves that stay read: twelve years of quarters, as many as heads (`survey.services.publication.kept`)."""


class _Number(msgspec.Struct, frozen=True, gc=False):
    value: float


class _Figures(msgspec.Struct, frozen=True, gc=False):
    index: _Number
    scales: dict[str, _Number]


class _Part(msgspec.Struct, frozen=True, gc=False):
    """What is asked of a unit's record; whatever else stands in it is passed over."""

    adopted: dict[str, str]
    figures: _Figures | None = None


@dataclass(frozen=True, eq=False)
class Brief:
    """The units of a wave."""

    rows: Mapping[str, int]
    """Place in the columns of each unit that is shown."""
    numbers: Mapping[str, "array[float]"]
    """The index ("") and the motives of those."""
    adopted: Mapping[str, Mapping[str, str]]
    """Practice -> date since when, of the units that have any."""
    ends: Mapping[str, str]
    """Declared type of each unit that has none below it and is no group of leads, in the order of the tree."""

    def value(self, code: str, motive: str = "") -> float:
        """Return a shown unit's mean on a motive, or its index."""
        return self.numbers[motive][self.rows[code]]


_lately: Final = Lately[str, Brief](KEPT)
"""By digest: a publication never says anything else."""


def brief(publication: Publication) -> Brief:
    """Return what a wave tells of each unit; raises Refused where a unit's record was changed, or is gone."""
    found = _lately.get(publication.digest)
    if found is None:
        found = _read(publication)
        _lately.put(publication.digest, found)
    return found


def _read(publication: Publication) -> Brief:
    rows: dict[str, int] = {}
    adopted: dict[str, Mapping[str, str]] = {}
    ends: dict[str, str] = {}
    numbers = {motive: array("d") for motive in ("", *(scale.id for scale in publication.instrument.motives))}
    for place, part in publication.each(_Part):
        if place.hidden is None and part.figures is not None:
            rows[place.code] = len(rows)
            for motive, column in numbers.items():
                figure = part.figures.scales[motive] if motive else part.figures.index
                column.append(figure.value)
        if part.adopted:
            adopted[place.code] = part.adopted
        if not place.leads:
            ends[place.code] = place.kind
            ends.pop(place.parent or "", None)
    return Brief(rows, numbers, adopted, ends)
