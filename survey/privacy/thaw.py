"""From a frozen record back to what may be shown: `thaw` is the only way to a `Publication`, and to `Released`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import msgspec

from survey.i18n import Sentence
from survey.instruments.model import Instrument
from survey.instruments.practices import Practice, library
from survey.privacy.canonical import unchanged, written
from survey.privacy.evidence import Evidence
from survey.privacy.figures import NotEstimable
from survey.privacy.notices import NOTHING, WITHDRAWN_BEFORE, Afterwards, Erratum, told_digest
from survey.privacy.record import (
    Column,
    Detail,
    Link,
    Origin,
    PolicyFacts,
    Quality,
    Record,
    Reliability,
    Rest,
    Sums,
    UnitFigures,
    UnitRecord,
    WaveFacts,
)
from survey.privacy.register import Mark, Outcome, Over, OwnPractice
from survey.privacy.released import Released, Suppressed, release

CHANGED: Final = Sentence("This publication was changed after it was made, so it is not shown.")


@dataclass(frozen=True, eq=False)
class PublishedUnit:
    """A unit of a publication: what it shows, or why it does not."""

    code: str
    parent: str | None
    names: dict[str, str]
    kind: str
    leads: bool
    depth: int
    invited: int
    participation: str
    adopted: dict[str, str]
    language_note: bool
    figures: Released[UnitFigures] | Suppressed
    detail: Released[Detail] | Suppressed
    sums: Released[Sums] | Suppressed
    rest: Released[Rest] | None
    """The hidden units below a shown one, taken together; None where there is nothing to take together."""
    origin: Origin | None
    """Where its people worked in the wave before; None where that is not known."""
    joined: dict[str, dict[str, str]]
    """The units of a joined group, by code; {} for every other unit."""
    marks: tuple[Mark, ...]
    """What else happened here, by day."""
    over: dict[str, Over]
    """Practices that were ended before the wave opened."""

    def name(self, language: str) -> str:
        """The unit's name in `language`, or in the other one where it has none, or its code."""
        return _named(self.names, language) or self.code

    def members(self, language: str) -> list[str]:
        """The names of a joined group's units, in the order of their codes; [] for every other unit."""
        return [_named(names, language) or code for code, names in sorted(self.joined.items())]


def _named(names: Mapping[str, str], language: str) -> str:
    return names.get(language) or next(filter(None, names.values()), "")


class Publication:
    """The frozen results of a wave; made by `thaw` only."""

    def __init__(self, record: Record, data: bytes, digest: str, afterwards: Afterwards = NOTHING) -> None:
        self._record, self._data = record, data
        self.digest = digest
        self.afterwards = afterwards
        hide_changes = record.previous_wave in afterwards.withdrawn
        self.units: tuple[PublishedUnit, ...] = tuple(
            _published(unit, hide_changes=hide_changes) for unit in record.units
        )
        """Root first, parents before children, siblings by code."""
        self._units = {unit.code: unit for unit in self.units}
        self._children: dict[str, list[PublishedUnit]] = {unit.code: [] for unit in self.units}
        for unit in self.units:
            if unit.parent is not None:
                self._children[unit.parent].append(unit)

    def frozen(self) -> tuple[bytes, str]:
        """Return the record and its digest again, for `thaw` in another process (printing)."""
        return self._data, self.digest

    def followed_by(self, afterwards: Afterwards) -> "Publication":
        """Return the same publication with what was said of it since."""
        return Publication(self._record, self._data, self.digest, afterwards)

    @property
    def errata(self) -> tuple[Erratum, ...]:
        """What was found to be wrong, the earliest first; it stands wherever the numbers stand."""
        return self.afterwards.errata

    @cached_property
    def told_digest(self) -> str:
        """The digest of all that is told, errata included: it names what is printed."""
        return told_digest(self.digest, self.afterwards)

    @property
    def wave(self) -> WaveFacts:
        """When and how it was asked."""
        return self._record.wave

    @property
    def policy(self) -> PolicyFacts:
        """The thresholds under which it was published."""
        return self._record.policy

    @property
    def unit_word(self) -> str:
        """What the company calls a unit: team, store, department."""
        return self._record.unit_word

    def company_name(self, language: str) -> str:
        """The company's name in `language`, or in the other one where it has none."""
        names = self._record.company
        return names.get(language) or next(filter(None, names.values()), "")

    @cached_property
    def instrument(self) -> Instrument:
        """What was asked: formula, weights and version as they were."""
        return Instrument.from_json(self._record.instrument)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of every unit's sums."""
        return tuple(self._record.columns)

    @property
    def previous_wave(self) -> str:
        """Code of the wave that changes are counted from, or ""."""
        return self._record.previous_wave

    @property
    def previous_digest(self) -> str:
        """Digest of that wave's publication, or ""."""
        return self._record.previous

    @property
    def root(self) -> PublishedUnit:
        """The company as a whole."""
        return self.units[0]

    def unit(self, code: str) -> PublishedUnit:
        """The unit with this code; raises KeyError."""
        return self._units[code]

    def __contains__(self, code: object) -> bool:
        return code in self._units

    def children(self, code: str) -> tuple[PublishedUnit, ...]:
        """The units directly below, shown or not."""
        return tuple(self._children[code])

    def below(self, code: str) -> tuple[PublishedUnit, ...]:
        """The unit itself and every unit below it, parents before children."""
        found, waiting = [], [self._units[code]]
        while waiting:
            unit = waiting.pop()
            found.append(unit)
            waiting.extend(reversed(self._children[unit.code]))
        return tuple(found)

    def path(self, code: str) -> tuple[PublishedUnit, ...]:
        """The units from the root to this one."""
        path = [self._units[code]]
        while (parent := path[-1].parent) is not None:
            path.append(self._units[parent])
        return tuple(reversed(path))

    def published_above(self, code: str) -> PublishedUnit | None:
        """The nearest unit above that is shown, None where there is none."""
        shown = [unit for unit in self.path(code)[:-1] if isinstance(unit.figures, Released)]
        return shown[-1] if shown else None

    @property
    def reliability(self) -> Released[tuple[Reliability, ...]]:
        """Internal consistency of each scale, over the whole company."""
        return release(tuple(self._record.reliability))

    @property
    def link(self) -> Released[Link | NotEstimable]:
        """How total motivation goes with adaptive and with tactical performance, over the whole company."""
        return release(self._record.link)

    @property
    def quality(self) -> Released[Quality]:
        """What was set aside and what was flagged."""
        return release(self._record.quality)

    @property
    def evidence(self) -> Released[Evidence] | None:
        """What the answers say about the numbers themselves; None in publications of a version that did not ask."""
        return None if self._record.evidence is None else release(self._record.evidence)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What the company counted of these units when this was published; no answers, and so not `Released`."""
        return tuple(self._record.outcomes)

    @property
    def own_practices(self) -> tuple[OwnPractice, ...]:
        """The company's own practices as they were when this was published, retired ones that a unit had included."""
        return tuple(self._record.own_practices)

    @property
    def practices(self) -> tuple[Practice, ...]:
        """Every practice that this publication can name: the register's, and the company's own."""
        return (*library(), *(own.practice for own in self._record.own_practices))

    @property
    def offered(self) -> tuple[Practice, ...]:
        """The practices to choose from when this was published: those of `practices` that were not retired."""
        return (*library(), *(own.practice for own in self._record.own_practices if not own.retired))

    @property
    def within_variance(self) -> Released[dict[str, float]]:
        """Pooled variance within units, by scale and for the index."""
        return release(dict(self._record.within_variance))


def _published(unit: UnitRecord, *, hide_changes: bool) -> PublishedUnit:
    figures: Released[UnitFigures] | Suppressed = Suppressed(unit.hidden or "small")
    sums: Released[Sums] | Suppressed = Suppressed(unit.hidden or "small")
    detail: Released[Detail] | Suppressed = Suppressed(unit.detail_hidden or "small")
    rest: Released[Rest] | None = None
    if unit.hidden is None and unit.figures is not None and unit.sums is not None:
        figures, sums = release(unit.figures), release(unit.sums)
        rest = None if unit.rest is None else release(unit.rest)
    if unit.detail_hidden is None and unit.detail is not None:
        detail = release(_without_change(unit.detail) if hide_changes else unit.detail)
    return PublishedUnit(
        unit.code, unit.parent, unit.names, unit.kind, unit.leads, unit.depth, unit.invited, unit.participation,
        unit.adopted, unit.language_note, figures, detail, sums, rest,
        unit.origin, unit.joined, tuple(unit.marks), unit.over,
    )  # fmt: skip


def _without_change(detail: Detail) -> Detail:
    return msgspec.structs.replace(
        detail, change=None, change_hidden=WITHDRAWN_BEFORE.text, motive_changes={}, origin_change=None
    )


def dump(record: Record) -> tuple[bytes, str]:
    """Return the record as canonical JSON, and its SHA-256 in hexadecimal."""
    return written(record)


def read(data: bytes, digest: str) -> Record:
    """Return the record; raises Refused where a single byte differs from what was published."""
    return msgspec.json.decode(unchanged(data, digest, CHANGED), type=Record)


def thaw(data: bytes, digest: str, afterwards: Afterwards = NOTHING) -> Publication:
    """Return what a verified record shows; raises Refused where a single byte differs from what was published."""
    return Publication(read(data, digest), data, digest, afterwards)
