"""The lines of an axis that several charts share."""

from typing import Final

STEPS: Final = (1, 2, 5, 10, 20, 50)
LINES: Final = 5
"""So many steps at most lie between the ends of an axis."""
HAIR: Final = 0.008
"""How much an axis goes on beyond its ends, as a part of it: a pixel or two."""


def with_ends(axis: tuple[float, float]) -> list[float]:
    """Return the range of an axis that draws the lines at its ends: plotly.js leaves out what lies on the edge.

    >>> with_ends((-20.0, 80.0))
    [-20.8, 80.8]
    """
    hair = (axis[1] - axis[0]) * HAIR
    return [axis[0] - hair, axis[1] + hair]


def step_of(low: float, high: float) -> int:
    """Return how far apart the lines of an axis are.

    >>> step_of(-8.2, 45.0), step_of(3.1, 5.9), step_of(-0.5, 0.5)
    (20, 1, 1)
    """
    return next((step for step in STEPS if (high - low) / step <= LINES), STEPS[-1])


def lines(axis: tuple[float, float]) -> tuple[float, ...]:
    """Return where the lines of an axis are.

    >>> lines((-20.0, 60.0)), lines((3.0, 6.0))
    ((-20.0, 0.0, 20.0, 40.0, 60.0), (3.0, 4.0, 5.0, 6.0))
    """
    step = step_of(*axis)
    count = round((axis[1] - axis[0]) / step)
    return tuple(axis[0] + step * place for place in range(count + 1))
