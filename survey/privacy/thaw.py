"""From a frozen record back to what may be shown: `thaw` is the only way to a `Publication`, and to `Released`."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TypeVar

from survey.instruments.model import Instrument
from survey.instruments.practices import Practice, library
from survey.privacy import head
from survey.privacy.cells import LACKS, Cells, Document, Source
from survey.privacy.evidence import Evidence
from survey.privacy.figures import NotEstimable
from survey.privacy.head import CHANGED, Frame, Place
from survey.privacy.notices import NOTHING, Afterwards, Erratum, told_digest
from survey.privacy.published_unit import PublishedUnit
from survey.privacy.record import Column, Link, PolicyFacts, Quality, Record, Reliability, WaveFacts
from survey.privacy.register import Outcome, OwnPractice
from survey.privacy.released import Released, release

__all__ = ["CHANGED", "LACKS", "Publication", "PublishedUnit", "dump", "read", "thaw"]

T = TypeVar("T")


class Publication:
    """The frozen results of a wave, over a frame that was verified.

    The company and the tree are at hand; what a unit says is read when somebody looks at it, and verified then.
    """

    def __init__(self, frame: Frame, source: Source, afterwards: Afterwards = NOTHING) -> None:
        self._frame, self._source = frame, source
        self._cells = Cells(frame, source)
        self._made: dict[str, PublishedUnit] = {}
        self.digest = frame.digest
        self.afterwards = afterwards

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Publication) and self.told_digest == other.told_digest

    def __hash__(self) -> int:
        return hash(self.told_digest)

    def frozen(self, units: Iterable[str] | None = None) -> tuple[bytes, str]:
        """Return the publication as one document and its digest, for `thaw` in another process (printing).

        Where only some units are to be printed, `units`, it holds them with those above and directly below them: what
        a report of a unit tells. Of a large company that is a hundredth.
        """
        return self._source.document(None if units is None else self._near(units)), self.digest

    def _near(self, codes: Iterable[str]) -> frozenset[str]:
        known = [code for code in codes if code in self]
        near = (unit for code in known for unit in (*self.path(code), *self.children(code)))
        return frozenset({self.root.code, *(unit.code for unit in near)})

    def followed_by(self, afterwards: Afterwards) -> "Publication":
        """Return the same publication with what was said of it since."""
        return Publication(self._frame, self._source, afterwards)

    def read(self, codes: Iterable[str]) -> None:
        """Read the records of these units at once, before they are looked at one by one; unknown codes are left out.

        Where several publications are read, `survey.services.publication.publication.read` takes one query for all.

        Raises:
            Refused: One of them was changed after it was published, or is gone.
        """
        self._cells.read(codes)

    def each(self, kind: type[T]) -> Iterator[tuple[Place, T]]:
        """Yield of every unit what `kind` names of its record, for `survey.privacy` alone; raises Refused as `read`."""
        return self._cells.each(kind)

    def unread(self, codes: Iterable[str]) -> list[str]:
        """Return those of these units whose records would have to be read now."""
        return self._cells.unread(codes)

    def take(self, rows: Mapping[str, bytes]) -> None:
        """Take records of units that were read elsewhere, by code; raises Refused as `read`."""
        self._cells.take(rows)

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
        return self._frame.head.wave

    @property
    def policy(self) -> PolicyFacts:
        """The thresholds under which it was published."""
        return self._frame.head.policy

    @property
    def unit_word(self) -> str:
        """What the company calls a unit: team, store, department."""
        return self._frame.head.unit_word

    def company_name(self, language: str) -> str:
        """The company's name in `language`, or in the other one where it has none."""
        names = self._frame.head.company
        return names.get(language) or next(filter(None, names.values()), "")

    @property
    def instrument(self) -> Instrument:
        """What was asked: formula, weights and version as they were."""
        return self._frame.instrument

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of every unit's sums."""
        return tuple(self._frame.head.columns)

    @property
    def previous_wave(self) -> str:
        """Code of the wave that changes are counted from, or ""."""
        return self._frame.head.previous_wave

    @property
    def previous_digest(self) -> str:
        """Digest of that wave's publication, or ""."""
        return self._frame.head.previous

    @cached_property
    def units(self) -> tuple[PublishedUnit, ...]:
        """Root first, parents before children, siblings by code."""
        return tuple(self.unit(place.code) for place in self._frame.places)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all units, in the same order."""
        return tuple(self._frame.at)

    @property
    def root(self) -> PublishedUnit:
        """The company as a whole."""
        return self.unit(self._frame.places[0].code)

    def unit(self, code: str) -> PublishedUnit:
        """The unit with this code; raises KeyError."""
        if code not in self._made:
            hide_changes = self.previous_wave in self.afterwards.withdrawn
            place = self._frame.places[self._frame.at[code]]
            self._made.setdefault(code, PublishedUnit(place, self._cells, hide_changes))
        return self._made[code]

    def __contains__(self, code: object) -> bool:
        return code in self._frame.at

    def children(self, code: str) -> tuple[PublishedUnit, ...]:
        """The units directly below, shown or not."""
        return tuple(self.unit(below) for below in self._frame.children[code])

    def below(self, code: str) -> tuple[PublishedUnit, ...]:
        """The unit itself and every unit below it, parents before children."""
        found, waiting = [], [self.unit(code)]
        while waiting:
            unit = waiting.pop()
            found.append(unit)
            waiting.extend(reversed(self.children(unit.code)))
        return tuple(found)

    @property
    def groups(self) -> tuple[PublishedUnit, ...]:
        """The joined groups of small units."""
        return tuple(self.unit(code) for code in self._frame.groups)

    def path(self, code: str) -> tuple[PublishedUnit, ...]:
        """The units from the root to this one."""
        return tuple(self.unit(above) for above in self._frame.path(code))

    def published_above(self, code: str) -> PublishedUnit | None:
        """The nearest unit above that is shown, None where there is none."""
        shown = [unit for unit in self.path(code)[:-1] if unit.hidden is None]
        return shown[-1] if shown else None

    @property
    def reliability(self) -> Released[tuple[Reliability, ...]]:
        """Internal consistency of each scale, over the whole company."""
        return release(tuple(self._frame.head.reliability))

    @property
    def link(self) -> Released[Link | NotEstimable]:
        """How total motivation goes with adaptive and with tactical performance, over the whole company."""
        return release(self._frame.head.link)

    @property
    def quality(self) -> Released[Quality]:
        """What was set aside and what was flagged."""
        return release(self._frame.head.quality)

    @property
    def evidence(self) -> Released[Evidence] | None:
        """What the answers say about the numbers themselves; None in publications of a version that did not ask."""
        return None if self._frame.head.evidence is None else release(self._frame.head.evidence)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What the company counted of these units when this was published; no answers, and so not `Released`."""
        return tuple(self._frame.head.outcomes)

    @property
    def own_practices(self) -> tuple[OwnPractice, ...]:
        """The company's own practices as they were when this was published, retired ones that a unit had included."""
        return tuple(self._frame.head.own_practices)

    @property
    def practices(self) -> tuple[Practice, ...]:
        """Every practice that this publication can name: the register's, and the company's own."""
        return (*library(), *(own.practice for own in self._frame.head.own_practices))

    @property
    def offered(self) -> tuple[Practice, ...]:
        """The practices to choose from when this was published: those of `practices` that were not retired."""
        return (*library(), *(own.practice for own in self._frame.head.own_practices if not own.retired))

    @property
    def within_variance(self) -> Released[dict[str, float]]:
        """Pooled variance within units, by scale and for the index."""
        return release(dict(self._frame.head.within_variance))


def dump(record: Record) -> tuple[bytes, str]:
    """Return the record as one document, and the digest that names it: the SHA-256 of its head, in hexadecimal."""
    kept, digest, units = head.pieces(record)
    return head.together(kept, units), digest


def read(data: bytes, digest: str) -> Record:
    """Return the record of a document; raises Refused where a single byte differs from what was published."""
    kept, units = head.apart(data)
    return head.whole(head.frame(kept, digest), units)


def thaw(data: bytes, digest: str, afterwards: Afterwards = NOTHING) -> Publication:
    """Return what a verified document shows: of all units, or of those that it holds.

    Raises:
        Refused: A single byte differs from what was published; or, once it is looked at, a unit is not in it.
    """
    kept, units = head.apart(data)
    frame = head.frame(kept, digest)
    return Publication(frame, Document(data, head.verified(frame, units)), afterwards)
