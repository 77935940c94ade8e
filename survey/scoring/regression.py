"""Regression to the mean: which part of a change was to be expected without any change."""

from typing import Final

WORTH_SAYING: Final = 2.0
"""Points of the index below which an expected change is not worth a sentence."""
GOOD_PART: Final = 0.25
"""The part of a change from which on what was to be expected is said."""


def expected_change(before: float, shrunken: float) -> float:
    """Return the change that is to be expected of a unit in which nothing changed: shrunken mean - mean.

    A unit's mean is its true mean and the chance of who answered, and on what day. Where it stands far from the other
    units, chance more likely pushed it out than in, and does not do so twice. The best guess of its true mean is the
    shrunken one, mu + lambda (mean - mu), with the reliability lambda = between variance / (between variance + error of
    the mean), so that the expected change is (1 - lambda) (mu - mean).

    Source: F. Galton (1886), Regression towards mediocrity in hereditary stature, Journal of the Anthropological
    Institute 15; T. L. Kelley (1947), Fundamentals of statistics, for the estimate.

    Assumes: the unit belongs to those it is shrunken towards, and true means are spread about theirs as the between
    variance says.

    Limits: it is the mean of what may be expected; a single unit's own chance may have been another. It holds for a
    unit that is looked at because it stood out, as much as for any other.

    Args:
        before: The unit's mean in the earlier wave.
        shrunken: The same, drawn towards units of its type, as it was published then.

    Returns:
        The expected change in points, towards the other units.

    >>> expected_change(-20.0, -14.0)
    6.0
    """
    return shrunken - before


def bites(expected: float, change: float) -> bool:
    """Return whether a change must not be read without what was to be expected.

    It goes the way that was to be expected, this is two points or more, and a quarter of the change or more.

    >>> bites(6.0, 9.0), bites(6.0, -9.0), bites(1.0, 2.0), bites(3.0, 20.0)
    (True, False, False, False)
    """
    return expected * change > 0 and abs(expected) >= WORTH_SAYING and abs(expected) >= GOOD_PART * abs(change)
