"""What HR sees before a wave is opened: what each unit will probably be able to see, and where small ones count."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.i18n import Sentence
from survey.models import Wave
from survey.privacy.foresight import Chance, Likely, draws_for, expected, foresee, middle
from survey.privacy.policy import Policy
from survey.privacy.tree import Tree, TreeUnit
from survey.services.publication.notices import said
from survey.services.publication.publication import publication
from survey.services.waves.freezing import DIRECT, Freeze, FrozenUnit, RosterUnit, direct_names
from survey.services.waves.frozen import freeze_for, joins_of, roster_today
from survey.services.waves.joining import Roster, joined

LAST: Final = "last"
PARTICIPATION: Final[Mapping[str, float]] = {"50": 0.5, "70": 0.7, "90": 0.9}
USUAL: Final = "70"
FEW: Final = 8
"""Invited people below which results are unlikely: a few always stay away (design 6.1)."""
HIGHER: Final = (2, 5)
"""By how much the threshold is raised to show what that would cost."""
WORDS: Final[Mapping[Likely, Sentence]] = {
    "almost certainly": Sentence("almost certainly"),
    "probably": Sentence("probably"),
    "unlikely": Sentence("unlikely"),
    "never": Sentence("never"),
}
"""How likely something is shown, the surest first."""
FEWER: Final = 4
"""An average over all units needs a fourth of the draws that the chance of each needs."""


@dataclass(frozen=True)
class Line:
    """A unit of the tree as it would be frozen today, with what it will probably see."""

    unit: FrozenUnit
    depth: int
    people: int
    """Invited, with all below."""
    figures: Chance
    details: Chance

    @property
    def few(self) -> bool:
        """Whether so few are invited that results are unlikely, whatever the chance says."""
        return self.people < FEW


@dataclass(frozen=True)
class Elsewhere:
    """People who will not count for their own unit or group, because it is too small."""

    code: str
    names: Mapping[str, str]
    people: int
    to: Mapping[str, str]
    """The names of the unit that they will count for."""


@dataclass(frozen=True)
class Raised:
    """A threshold, and how many of the units where people answer would see results, on the average."""

    k: int
    shown: int
    units: int


@dataclass(frozen=True)
class Foreseen:
    """Everything that is foreseen of a draft."""

    assumed: str
    """Which participation: a key of `PARTICIPATION`, or `LAST`."""
    choices: tuple[str, ...]
    lines: tuple[Line, ...]
    elsewhere: tuple[Elsewhere, ...]
    raised: tuple[Raised, ...]
    """The wave's own threshold first."""
    draws: int

    @property
    def places(self) -> tuple[Line, ...]:
        """The units where people answer."""
        return tuple(line for line in self.lines if line.unit.invited)


@dataclass(frozen=True)
class _Bands:
    """Participation as the last wave published it, by unit."""

    company: float
    units: Mapping[str, float]


def foreseen(session: Session, wave: Wave, assumed: str = USUAL) -> Foreseen:
    """Foresee a draft from today's roster; what cannot be assumed is taken as the usual participation.

    Raises:
        Refused: it could not be opened: too few people, or a joined group that does not fit the roster any more.
    """
    roster, bands = roster_today(session), _bands(session)
    frozen = freeze_for(wave, roster, wave.k)
    choices = (*PARTICIPATION, LAST) if bands else tuple(PARTICIPATION)
    chosen = assumed if assumed in choices else USUAL
    part = bands if bands and chosen == LAST else _Bands(PARTICIPATION.get(chosen, 0.0), {})
    lines, draws = _lines(frozen, part, Policy(wave.k, wave.detail_k))
    own = Raised(wave.k, round(sum(line.figures.share for line in lines if line.unit.invited)), len(_places(frozen)))
    higher = (_raised(freeze_for(wave, roster, wave.k + more), part, wave.k + more) for more in HIGHER)
    together = joined(roster, joins_of(wave), wave.k)
    return Foreseen(chosen, choices, lines, _elsewhere(together, frozen), (own, *higher), draws)


def told(chance: Chance) -> Sentence:
    """Say a chance in per cent, no finer than it is known; of what can never be shown, that."""
    if not chance.possible:
        return WORDS["never"]
    if chance.percent >= 100:  # noqa: PLR2004 - per cent
        return Sentence("over %(percent)s %%", {"percent": 100 - chance.step})
    if chance.percent <= 0:
        return Sentence("under %(percent)s %%", {"percent": chance.step})
    return Sentence("about %(percent)s %%", {"percent": chance.percent})


def _lines(frozen: Freeze, part: _Bands, policy: Policy) -> tuple[tuple[Line, ...], int]:
    tree, invited = _tree(frozen), _places(frozen)
    found = foresee(tree, invited, _taking_part(tree, invited, part), policy, draws_for(len(tree)))
    people = tree.totals(invited)
    lines = (
        Line(unit, tree.depth(unit.code), people[unit.code], found.figures[unit.code], found.details[unit.code])
        for unit in frozen.units
    )
    return tuple(lines), found.draws


def _raised(frozen: Freeze, part: _Bands, k: int) -> Raised:
    tree, invited = _tree(frozen), _places(frozen)
    draws = max(draws_for(len(tree)) // FEWER, 1)
    return Raised(k, round(expected(tree, invited, _taking_part(tree, invited, part), k, draws)), len(invited))


def _tree(frozen: Freeze) -> Tree:
    return Tree(TreeUnit(unit.code, unit.parent, leads=unit.leads) for unit in frozen.units)


def _places(frozen: Freeze) -> dict[str, int]:
    return {unit.code: unit.invited for unit in frozen.units if unit.invited}


def _taking_part(tree: Tree, places: Mapping[str, int], part: _Bands) -> dict[str, float]:
    """Return the chance of a person of each unit to answer: the unit's own, or that of the nearest unit above."""
    return {
        code: next((part.units[above] for above in reversed(tree.path(code)) if above in part.units), part.company)
        for code in places
    }


def _bands(session: Session) -> _Bands | None:
    """Return participation as it was published last and not withdrawn; None where no wave has told any."""
    newest = (
        select(Wave.id, Wave.code)
        .where(Wave.state == "published", Wave.kind == "native")
        .order_by(Wave.opens_at.desc(), Wave.id.desc())
    )
    told_since = said(session)
    last = next((code for key, code in session.execute(newest) if told_since.withdrawal(key) is None), None)
    if last is None:
        return None
    published = publication(session, last)
    told = {unit.code: middle(unit.participation) for unit in published.units}
    company = told[published.root.code]
    if company is None:
        return None
    return _Bands(company, {code: share for code, share in told.items() if share is not None})


def _elsewhere(roster: Roster, frozen: Freeze) -> tuple[Elsewhere, ...]:
    """Return who will count further up than where they work or lead."""
    units: dict[str, RosterUnit] = {unit.code: unit for unit in roster.units}
    inner, names = {unit.parent for unit in roster.units}, {unit.code: unit.names for unit in frozen.units}
    moved = Counter[tuple[str, str]]()
    for person in roster.people:
        own = person.unit if person.leads is None else units[person.leads].parent or person.leads
        place = frozen.places[person.id]
        if place not in {own, own + DIRECT}:
            moved[own, place] += 1
    return tuple(
        Elsewhere(own, direct_names(units[own].names) if own in inner else units[own].names, people, names[place])
        for (own, place), people in sorted(moved.items())
    )
