"""Outcomes beside motives: the published index of units, and what the company counted of them afterwards.

Only units that are shown have a point; of the others nothing is told but how many there are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from survey.privacy.figures import DIFFERENCE, Figure, figure
from survey.privacy.record import UnitFigures
from survey.privacy.register import Outcome, OutcomeValues
from survey.privacy.released import Released
from survey.privacy.thaw import Publication, PublishedUnit
from survey.scoring.estimable import NotEstimable
from survey.scoring.outcomes import PLOT_FROM, Finding, go_together

RANK: Final = DIFFERENCE.within(-1, 1)


@dataclass(frozen=True)
class Point:
    """A shown unit and its value."""

    unit: PublishedUnit
    figures: UnitFigures
    value: float


@dataclass(frozen=True)
class Beside:
    """A measure beside the answers of one wave."""

    outcome: Outcome
    period: str
    """"" where nothing is known of a period after the wave."""
    points: tuple[Point, ...]
    """In the order of the tree; a unit that holds others with points has none of its own."""
    hidden: tuple[str, ...]
    """Codes of units with a value that show no results: pages say how many, and no more."""
    declared_on: str
    """The day on which the measure was declared, before the wave opened; "" where it was not."""
    coefficient: Figure | None
    """Spearman's, of the declared measure and from thirty units only."""
    finding: Finding | None

    @property
    def drawn(self) -> bool:
        """Whether there are enough points for a plot."""
        return len(self.points) >= PLOT_FROM


def outcomes_beside(publication: Publication, publications: Sequence[Publication]) -> tuple[Beside, ...]:
    """Return every measure beside the answers of `publication`, in the order of their codes.

    What was declared is read from the wave's own publication; values from the newest that froze any for it, since a
    period ends after the wave was published.
    """
    declared = {outcome.measure: outcome.declared_on for outcome in publication.outcomes}
    newest: dict[str, Outcome] = {}
    values: dict[str, OutcomeValues] = {}
    for each in reversed([*publications, publication] if publication not in publications else publications):
        for outcome in each.outcomes:
            newest.setdefault(outcome.measure, outcome)
            for beside in outcome.beside:
                if beside.wave == publication.wave.code:
                    values.setdefault(outcome.measure, beside)
    return tuple(
        _beside(publication, newest[measure], values.get(measure), declared.get(measure, ""))
        for measure in sorted(newest)
    )


def _beside(publication: Publication, outcome: Outcome, found: OutcomeValues | None, declared_on: str) -> Beside:
    values: Mapping[str, float] = {} if found is None else found.values
    points = _points(publication, values)
    hidden = tuple(
        code for code in values if code in publication and not isinstance(publication.unit(code).figures, Released)
    )
    period = "" if found is None else found.period
    if not declared_on:
        return Beside(outcome, period, points, hidden, "", None, None)
    made = go_together([each.figures.index.value for each in points], [each.value for each in points])
    if isinstance(made, NotEstimable):
        return Beside(outcome, period, points, hidden, declared_on, None, None)
    told = figure(made.value, RANK, (made.low, made.high))
    return Beside(outcome, period, points, hidden, declared_on, told, made.finding)


def _points(publication: Publication, values: Mapping[str, float]) -> tuple[Point, ...]:
    found: list[Point] = []
    above: set[str] = set()
    for unit in reversed(publication.units):
        if unit.code in values and isinstance(unit.figures, Released) and unit.code not in above:
            found.append(Point(unit, unit.figures.value, values[unit.code]))
            above |= {each.code for each in publication.path(unit.code)}
    return tuple(reversed(found))
