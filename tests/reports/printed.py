"""What a report must print of a publication."""

from survey.privacy.figures import Figure, NotEstimable
from survey.privacy.record import UnitFigures
from survey.privacy.released import Released, Suppressed
from survey.privacy.thaw import PublishedUnit


def figures_of(unit: PublishedUnit) -> UnitFigures:
    """Return the figures of a unit that is shown."""
    assert isinstance(unit.figures, Released)
    return unit.figures.value


def printed_figures(unit: PublishedUnit) -> list[Figure]:
    """Return every figure that the unit's report must print."""
    figures = figures_of(unit)
    found = [figures.index, figures.twin, *figures.scales.values()]
    if not isinstance(figures.contribution, NotEstimable):
        found += [figures.contribution.gap, *figures.contribution.parts.values(), figures.contribution.acquiescence]
    if isinstance(figures.balance, Figure):
        found.append(figures.balance)
    if not isinstance(unit.detail, Suppressed):
        found += [spread.sd for spread in unit.detail.value.spreads.values()]
        if unit.detail.value.change is not None:
            found.append(unit.detail.value.change.difference)
    return found
