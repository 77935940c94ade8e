"""A unit of a publication: where it stands in the tree, and what it shows, read when somebody looks at it."""

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from survey.i18n import Refused
from survey.privacy.cells import LACKS, Cells
from survey.privacy.head import Place
from survey.privacy.notices import WITHDRAWN_BEFORE
from survey.privacy.record import Detail, Origin, Rest, Sums, UnitFigures, UnitRecord
from survey.privacy.register import Mark, Over
from survey.privacy.released import Reason, Released, Suppressed, release, release_later

T = TypeVar("T")


class PublishedUnit(msgspec.Struct, frozen=True, eq=False, gc=False):
    """A unit of a publication: what it shows, or why it does not.

    Code, names, place in the tree and whether the unit is shown stand in the publication's head. Everything else is in
    the unit's own record, which is read at the first look: whoever looks at many calls `Publication.read` before.

    A page of HR makes thousands of these and lets them go: with `gc=False` that costs no round of Python's collector.
    """

    _place: Place
    _cells: Cells
    _hide_changes: bool

    @property
    def code(self) -> str:
        """Its code, the same in every wave."""
        return self._place.code

    @property
    def parent(self) -> str | None:
        """Code of the unit above; None at the top."""
        return self._place.parent

    @property
    def names(self) -> dict[str, str]:
        """Its names by language."""
        return self._place.names

    @property
    def kind(self) -> str:
        """Its declared type."""
        return self._place.kind

    @property
    def leads(self) -> bool:
        """Whether it is the group of people placed directly at `parent`."""
        return self._place.leads

    @property
    def depth(self) -> int:
        """How many units stand above it."""
        return self._place.depth

    @property
    def joined(self) -> dict[str, dict[str, str]]:
        """The units of a joined group, by code; {} for every other unit."""
        return self._place.joined

    @property
    def hidden(self) -> Reason | None:
        """Why its figures are suppressed, None where they are shown; known without reading its record."""
        return self._place.hidden

    @property
    def invited(self) -> int:
        """Everybody invited in the unit and below it."""
        return self._record.invited

    @property
    def participation(self) -> str:
        """A band, or ""."""
        return self._record.participation

    @property
    def adopted(self) -> dict[str, str]:
        """Practice id -> date since when."""
        return self._record.adopted

    @property
    def over(self) -> dict[str, Over]:
        """Practices that were ended before the wave opened."""
        return self._record.over

    @property
    def language_note(self) -> bool:
        """Whether the roster's language mix differs much from the company's."""
        return self._record.language_note

    @property
    def origin(self) -> Origin | None:
        """Where its people worked in the wave before; None where that is not known."""
        return self._record.origin

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What else happened here, by day."""
        return tuple(self._record.marks)

    @property
    def figures(self) -> Released[UnitFigures] | Suppressed:
        """What it shows (tier one)."""
        return release_later(self._figures) if self.hidden is None else Suppressed(self.hidden)

    @property
    def sums(self) -> Released[Sums] | Suppressed:
        """The exact sums behind it."""
        return release_later(self._sums) if self.hidden is None else Suppressed(self.hidden)

    @property
    def detail(self) -> Released[Detail] | Suppressed:
        """What it shows besides (tier two)."""
        hidden = self._place.detail_hidden
        return release_later(self._detail) if hidden is None else Suppressed(hidden)

    @property
    def rest(self) -> Released[Rest] | None:
        """The hidden units below a shown one, taken together; None where there is nothing to take together."""
        found = self._record.rest if self.hidden is None else None
        return None if found is None else release(found)

    def name(self, language: str) -> str:
        """The unit's name in `language`, or in the other one where it has none, or its code."""
        return _named(self.names, language, self.code)

    def members(self, language: str) -> list[str]:
        """The names of a joined group's units, in the order of their codes; [] for every other unit."""
        return [_named(names, language, code) for code, names in sorted(self.joined.items())]

    @property
    def _record(self) -> UnitRecord:
        return self._cells.of(self._place)

    def _figures(self) -> UnitFigures:
        return self._there(self._record.figures)

    def _sums(self) -> Sums:
        return self._there(self._record.sums)

    def _detail(self) -> Detail:
        found = self._there(self._record.detail)
        return _without_change(found) if self._hide_changes else found

    def _there(self, found: T | None) -> T:
        if found is None:  # the head says that it is shown
            raise Refused(LACKS, unit=self.code)
        return found


def _named(names: Mapping[str, str], language: str, code: str) -> str:
    return names.get(language) or next(filter(None, names.values()), code)


def _without_change(detail: Detail) -> Detail:
    return msgspec.structs.replace(
        detail, change=None, change_hidden=WITHDRAWN_BEFORE.text, motive_changes={}, origin_change=None
    )
