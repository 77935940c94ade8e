"""Many comparisons within few units: the motives of those units whose index has changed."""

from collections.abc import Sequence

from survey.scoring.family import adjust


def adjust_selected(p: Sequence[float], selected: int, families: int) -> list[float]:
    """Return the p values of one selected family, adjusted for its own members and for the choice of the family.

    Benjamini and Hochberg's adjusted p within the family (`family.adjust`), times m / R, at most 1: so that .05 is held
    at the level .05 R / m within each of the R families that were selected out of m.

    Source: Y. Benjamini and M. Bogomolov (2014), Selective inference on multiple families of hypotheses, Journal of the
    Royal Statistical Society B 76.

    Assumes: families are selected by their own answers; those of one unit say nothing of another's.

    Limits: what is held is the share of false ones averaged over the selected units, not in each of them.

    Args:
        p: The p values of the members of one family (the motives of one unit).
        selected: R, the families that were looked into (units whose index was told apart), 1 or more.
        families: m, the families there were (units whose change of the index was tested).

    >>> adjust_selected([0.001, 0.02, 0.25], 2, 4)
    [0.006, 0.06, 0.5]
    """
    return [min(1.0, value * families / selected) for value in adjust(p)]
