"""The units' records of a publication, read when somebody looks at them and verified then.

What was read stays for a while, for all publications together and no more than `KEPT`: a process that shows many units
one after another does not grow with them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, Protocol, TypeVar

import msgspec

from survey.i18n import Refused, Sentence
from survey.privacy.head import CHANGED, Frame, Place, apart, digest_of, together, unit_record
from survey.privacy.lately import Lately
from survey.privacy.record import UnitRecord

T = TypeVar("T")
KEPT: Final = 2_000
"""Units' records that stay read: 12 to 40 kB each, so 50 MB or so."""
FURTHEST: Final = 250
"""Records that are read ahead at most where somebody goes through a tree unit by unit."""
LACKS: Final = Sentence(
    "This publication is not whole any more: what it says of the unit %(unit)s is missing, so it is not shown."
)

_lately: Final = Lately[str, UnitRecord](KEPT)
"""By their own digest: equal bytes say the same, of whichever wave they are."""


class Source(Protocol):
    """Where the pieces of a publication come from: a database, or a document."""

    def units(self, codes: Sequence[str]) -> Mapping[str, bytes | msgspec.Raw]:
        """Return the records of these units, as they are kept; those that are missing are left out."""
        ...

    def document(self, codes: Collection[str] | None = None) -> bytes:
        """Return the publication as one document: the whole, or with the records of these units alone."""
        ...


class Document:
    """A source that is at hand as a whole."""

    def __init__(self, data: bytes, units: Mapping[str, msgspec.Raw]) -> None:
        self._data, self._units = data, units

    def units(self, codes: Sequence[str]) -> Mapping[str, msgspec.Raw]:
        """Return the records of these units."""
        return {code: self._units[code] for code in codes if code in self._units}

    def document(self, codes: Collection[str] | None = None) -> bytes:
        """Return the document, or with the records of these units alone; an older one is always whole."""
        head, _ = apart(self._data)
        if codes is None or head == self._data:
            return self._data
        return together(head, [bytes(unit) for code, unit in self._units.items() if code in codes])


class Cells:
    """The units' records of one publication."""

    def __init__(self, frame: Frame, source: Source) -> None:
        self.frame, self.source = frame, source
        self._next, self._ahead = 0, 1

    def of(self, place: Place) -> UnitRecord:
        """Return the record of a unit, read now where it is not kept; raises Refused where it was changed or lacks."""
        found = _lately.get(place.digest)
        if found is None:
            found = self.take(self.source.units(self._window(self.frame.at[place.code]))).get(place.code)
        if found is None:
            raise Refused(LACKS, unit=place.code)
        return found

    def _window(self, number: int) -> list[str]:
        """Return what to read for the unit at a place: more and more where the last reading ended just before it."""
        follows = self._next <= number < self._next + FURTHEST
        self._ahead = min(2 * self._ahead, FURTHEST) if follows else 1
        self._next = number + self._ahead
        return [place.code for place in self.frame.places[number : self._next]]

    def unread(self, codes: Iterable[str]) -> list[str]:
        """Return those of these units, as far as the publication has them, whose records are not kept at the moment."""
        known = (code for code in dict.fromkeys(codes) if code in self.frame.at)
        return [code for code in known if _lately.get(self._place(code).digest) is None]

    def read(self, codes: Iterable[str]) -> dict[str, UnitRecord]:
        """Read what is not kept of these units, all at once.

        Raises:
            Refused: One was changed after it was published, or is gone.
        """
        wanted = self.unread(codes)
        found = self.take(self.source.units(wanted)) if wanted else {}
        for code in wanted:
            if code not in found:
                raise Refused(LACKS, unit=code)
        return found

    def take(self, rows: Mapping[str, bytes | msgspec.Raw]) -> dict[str, UnitRecord]:
        """Take records that were read elsewhere; raises Refused where a single byte differs from what was published."""
        found = {code: unit_record(data, self._place(code)) for code, data in rows.items()}
        for code, record in found.items():
            _lately.put(self._place(code).digest, record)
        return found

    def each(self, kind: type[T]) -> Iterator[tuple[Place, T]]:
        """Yield of every unit what `kind` names of its record, verified; nothing of it is kept.

        Raises:
            Refused: One was changed after it was published, or is gone.
        """
        decode = msgspec.json.Decoder(kind).decode
        for start in range(0, len(self.frame.places), FURTHEST):
            places = self.frame.places[start : start + FURTHEST]
            found = self.source.units([place.code for place in places])
            for place in places:
                if place.code not in found:
                    raise Refused(LACKS, unit=place.code)
                if digest_of(found[place.code]) != place.digest:
                    raise Refused(CHANGED)
                yield place, decode(found[place.code])

    def _place(self, code: str) -> Place:
        return self.frame.places[self.frame.at[code]]
