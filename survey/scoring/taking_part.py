"""How sure a share is, and how far those who did not answer could move a mean."""

from dataclasses import dataclass
from math import sqrt
from typing import Final

from survey.i18n import Sentence
from survey.scoring.estimable import NotEstimable
from survey.scoring.special import ndtri
from survey.scoring.summaries import LEVEL

NOBODY_ASKED: Final = NotEstimable(Sentence("Nobody was invited."))


@dataclass(frozen=True)
class Share:
    """A share, 0 to 1, with its 95 % interval."""

    value: float
    low: float
    high: float


def wilson(some: int, of_all: int) -> Share | NotEstimable:
    """Return a share with Wilson's interval.

    p = some / of_all, z = 1.96: (p + z^2 / 2n -+ z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n).

    Source: E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference, Journal of the
    American Statistical Association 22, 209-212.

    Assumes: Each person takes part by chance, with the same probability, and apart from the others. Nobody who asked
    everybody drew a sample: read it as how far the share could be another one next time, with nothing changed.

    Limits: It says nothing about those who did not take part: `bounds` does.

    Args:
        some: How many took part.
        of_all: How many were asked.

    Returns:
        The share and its interval, both within 0 to 1, or NotEstimable where nobody was asked.

    Raises:
        ValueError: More took part than were asked, or fewer than none.

    >>> found = wilson(12, 15)
    >>> round(found.value, 4), round(found.low, 4), round(found.high, 4)
    (0.8, 0.5481, 0.9295)
    """
    if not 0 <= some <= of_all:
        raise ValueError(f"{some} of {of_all} is no share")
    if not of_all:
        return NOBODY_ASKED
    z, p = float(ndtri((1 + LEVEL) / 2)), some / of_all
    middle, reach = p + z * z / (2 * of_all), z * sqrt(p * (1 - p) / of_all + (z / (2 * of_all)) ** 2)
    low, high = ((middle + sign * reach) / (1 + z * z / of_all) for sign in (-1, 1))
    return Share(p, max(low, 0.0) if some else 0.0, min(high, 1.0) if some < of_all else 1.0)


def bounds(mean: float, answered: int, asked: int, missing: tuple[float, float]) -> tuple[float, float]:
    """Return the mean of all who were asked, if those missing had the lowest, and if they had the highest mean.

    (answered x mean + (asked - answered) x missing) / asked, for both ends of `missing`.

    Source: C. F. Manski (1989), Anatomy of the selection problem, Journal of Human Resources 24, 343-360: what can be
    said without assuming anything about those who are missing.

    Assumes: Nothing but that the means of those missing lie between the two ends.

    Limits: The ends are possible, not likely. No chance is in them: the interval of the mean comes on top.

    Args:
        mean: Of those who answered.
        answered: How many they are.
        asked: How many were asked, not fewer.
        missing: The lowest and the highest mean that those missing may have.

    Returns:
        Both ends in the measure's units; those of `missing` where nobody answered.

    Raises:
        ValueError: Nobody was asked, or more answered than were asked.

    >>> bounds(10.0, 12, 15, (-100, 100))
    (-12.0, 28.0)
    """
    if not (0 <= answered <= asked and asked):
        raise ValueError(f"{answered} of {asked} cannot have answered")
    low, high = ((answered * mean + (asked - answered) * end) / asked for end in missing)
    return low, high
