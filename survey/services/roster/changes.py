"""What a new roster would change, person by person and unit by unit; and what somebody should look at twice. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from survey.i18n import Sentence
from survey.services.roster.roster import RosterTable
from survey.services.roster.standing import Place, Somebody, Standing, place, somebody

MANY_LEAVE: Final = 20
"""Per cent of the people."""
NAMED: Final = 5
"""Units that a warning names."""

Kind = Literal["joined", "moved", "renamed", "mended", "left"]
KINDS: Final[tuple[Kind, ...]] = ("joined", "moved", "renamed", "mended", "left")
ADDRESS: Final = Sentence("E-mail address")
LANGUAGE: Final = Sentence("Language of letters")
LEAD: Final = Sentence("Leads")


@dataclass(frozen=True)
class Line:
    """What changes for one person."""

    number: str
    name: str
    before: str
    after: str
    what: Sentence | None = None
    """Which fact, where several could be meant."""


@dataclass(frozen=True)
class Changes:
    """A roster before, and after a file has been taken."""

    before: Standing
    people: Mapping[str, Somebody]
    """After, by number."""
    units: Mapping[str, Place]
    """After, by code; parents before children."""

    @cached_property
    def stayed(self) -> list[tuple[Somebody, Somebody]]:
        """Everybody who is in both, as before and as after."""
        here = self.before.here
        return [(here[number], after) for number, after in self.people.items() if number in here]

    @cached_property
    def lines(self) -> dict[Kind, list[Line]]:
        """Who changes in which way, in the file's order; who left by number."""
        here = self.before.here
        return {
            "joined": [
                Line(one.number, one.name, "", one.unit_code) for one in self.people.values() if one.number not in here
            ],
            "moved": [
                Line(new.number, new.name, old.unit_code, new.unit_code)
                for old, new in self.stayed
                if old.unit_code != new.unit_code
            ],
            "renamed": [
                Line(new.number, new.name, old.name, new.name) for old, new in self.stayed if old.name != new.name
            ],
            "mended": [line for old, new in self.stayed if old != new for line in _mended(old, new)],
            "left": [
                Line(one.number, one.name, one.unit_code, "")
                for number, one in sorted(here.items())
                if number not in self.people
            ],
        }

    @cached_property
    def unchanged(self) -> int:
        """How many people stay exactly as they are."""
        return sum(old == new for old, new in self.stayed)

    @property
    def without_email(self) -> int:
        """How many people would get a printed code."""
        return sum(one.email is None for one in self.people.values())

    @cached_property
    def new_units(self) -> list[str]:
        """Codes of units that are added."""
        return [code for code in self.units if code not in self.before.units]

    @cached_property
    def gone_units(self) -> list[str]:
        """Codes of units that are gone."""
        return sorted(self.before.units.keys() - self.units.keys())

    @cached_property
    def renamed_units(self) -> list[tuple[Place, Place]]:
        """Units that get another name, as before and as after."""
        return [(old, new) for old, new in self._same_code() if old.names != new.names]

    @cached_property
    def moved_units(self) -> list[tuple[Place, Place]]:
        """Units that come under another parent, as before and as after."""
        return [(old, new) for old, new in self._same_code() if old.parent_code != new.parent_code]

    @property
    def empty(self) -> bool:
        """Whether the file says what stands here already."""
        same = self.unchanged == len(self.people) == len(self.before.here)
        return same and self.before.units == dict(self.units)

    def _same_code(self) -> Iterator[tuple[Place, Place]]:
        return ((self.before.units[code], new) for code, new in self.units.items() if code in self.before.units)


def changes(before: Standing, table: RosterTable) -> Changes:
    """Compare a file with what stands."""
    return Changes(
        before,
        {row.number: somebody(row) for row in table.people},
        {row.code: place(row, before.units.get(row.code)) for row in table.units},
    )


def warnings(found: Changes) -> list[Sentence]:
    """Say what would be lost or mixed up if the file were not what somebody thinks it is."""
    told: list[Sentence] = []
    here = found.before.here
    if 100 * len(found.lines["left"]) > MANY_LEAVE * len(here):
        share = 100 * len(found.lines["left"]) // len(here)
        said = Sentence(
            "%(share)s %% of all people would leave. If they still work here, the file is not whole, or their numbers "
            "are written in another way than before."
        )
        told.append(said.fill(share=share))
    had = Counter(one.unit_code for one in here.values())
    if vanished := [code for code in found.gone_units if had[code]]:
        said = Sentence("Units with people in them would be gone (%(count)s): %(units)s.")
        told.append(said.fill(count=len(vanished), units=_some(vanished)))
    if other := [new.code for old, new in found.renamed_units if unlike(old.name_ko, new.name_ko)]:
        said = Sentence(
            "These codes get a name that has nothing in common with the one before: %(units)s. A code stays with its "
            "unit for good; a new unit needs a new code, or their trends are drawn as one."
        )
        told.append(said.fill(units=_some(other)))
    if silent := [one.leads_code for one in found.people.values() if one.leads_code and one.email is None]:
        said = Sentence("These units are led by somebody without e-mail, who will get no letter: %(units)s.")
        told.append(said.fill(units=_some(sorted(silent))))
    leads = Counter(one.leads_code for one in found.people.values() if one.leads_code)
    if several := sorted(code for code, count in leads.items() if count > 1 and code):
        said = Sentence("More than one person leads these units: %(units)s.")
        told.append(said.fill(units=_some(several)))
    return told


def unlike(before: str, after: str) -> bool:
    """Tell whether two names have nothing in common: no two letters in a row.

    >>> unlike("영업 1팀", "영업1팀"), unlike("Sales North", "North Sales"), unlike("영업 1팀", "고객지원")
    (False, False, True)
    """
    one, other = ("".join(name.casefold().split()) for name in (before, after))
    pairs = {one[at : at + 2] for at in range(len(one) - 1)}
    return one != other and not any(other[at : at + 2] in pairs for at in range(len(other) - 1))


def _some(codes: list[str]) -> str:
    return ", ".join(codes[:NAMED]) + (", …" if len(codes) > NAMED else "")


def _mended(old: Somebody, new: Somebody) -> Iterator[Line]:
    if old.email != new.email:
        yield Line(new.number, new.name, old.email or "", new.email or "", ADDRESS)
    if old.language != new.language:
        yield Line(new.number, new.name, old.language, new.language, LANGUAGE)
    if old.leads_code != new.leads_code:
        yield Line(new.number, new.name, old.leads_code or "", new.leads_code or "", LEAD)
