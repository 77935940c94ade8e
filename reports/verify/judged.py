"""The words that follow from published numbers: labels on the map, whether its axes are two, what the link allows.

Hotelling (1931) for the region of the company, Owen (1956) for quarters; the rules are those of docs/scoring.md.
"""

from collections.abc import Iterator
from math import cos, exp, pi, radians, sin, sqrt
from typing import Final

from scipy.integrate import quad
from scipy.special import fdtri, ndtr

from reports.excerpt import Excerpt
from reports.verify.formulas import Means
from reports.verify.made import Made, close
from survey.privacy.evidence import Axes
from survey.privacy.record import Detail, Link, Position, Quadrant, Record, UnitFigures, UnitRecord

MIDPOINT: Final = 4.0
SURE_FROM: Final = 0.80
LABELLED_FROM: Final = 10
TWO_BELOW: Final = 0.90
REGION: Final = 0.95
NEAR: Final = 1e-4
"""How far a probability may be off that is made of radii with six decimals."""


def judged(source: Excerpt, unit: UnitRecord, found: Means) -> Iterator[Made]:
    """Yield what is said of the company's evidence, and of the unit's place on the map."""
    record = source.record
    yield from _evidence(record)
    figures, detail = unit.figures, unit.detail
    if figures is not None and figures.position is not None:
        for axis in ("tactical", "adaptive"):
            yield close(f"map: {axis}", getattr(figures.position, axis), float(found[axis]))
    if figures is not None and detail is not None:
        yield from _label(detail, figures, record)
        if unit.parent is None and figures.position is not None and detail.quadrants:
            yield from _whole(detail, figures.position, figures.n)


def _evidence(record: Record) -> Iterator[Made]:
    if isinstance(record.link, Link):
        low, high = record.link.difference.low or 0.0, record.link.difference.high or 0.0
        finding = "more with adaptive" if low > 0 else "more with tactical" if high < 0 else "no difference shown"
        yield Made("what the link allows to say", record.link.finding, finding)
    axes = _axes(record)
    if axes is not None:
        yield Made("two axes", str(axes.two), str((axes.correlation.high or 1.0) < TWO_BELOW))


def _axes(record: Record) -> Axes | None:
    found = None if record.evidence is None else record.evidence.axes
    return found if isinstance(found, Axes) else None


def _label(detail: Detail, figures: UnitFigures, record: Record) -> Iterator[Made]:
    """Yield the label: the most probable quarter, from ten people and 80 % on, where the axes are two."""
    shares, axes = detail.quadrants, _axes(record)
    best: Quadrant = max(shares, key=shares.__getitem__) if shares else "cannot tell yet"
    if shares:
        yield close("probability of the label", detail.label_probability, shares[best])
        yield close("probabilities of all quarters", sum(shares.values()), 1.0)
    sure = bool(shares) and shares[best] >= SURE_FROM and figures.n >= LABELLED_FROM
    yield Made("label", detail.label, best if sure and axes is not None and axes.two else "cannot tell yet")


def _whole(detail: Detail, position: Position, n: int) -> Iterator[Made]:
    """Yield the quarters of the company: it is drawn towards nothing, so that its region tells them."""
    df = n - 1
    reach = 2 * df / (df - 1) * float(fdtri(2, df - 1, REGION))
    major, minor = position.radius_major**2 / reach, position.radius_minor**2 / reach
    turn = radians(position.angle)
    tactical = major * cos(turn) ** 2 + minor * sin(turn) ** 2
    adaptive = major * sin(turn) ** 2 + minor * cos(turn) ** 2
    both = (major - minor) * sin(turn) * cos(turn)
    t, a = (position.tactical - MIDPOINT) / sqrt(tactical), (position.adaptive - MIDPOINT) / sqrt(adaptive)
    right, up, corner = float(ndtr(t)), float(ndtr(a)), _corner(t, a, both / sqrt(tactical * adaptive))
    made = {
        "tactical only": right - corner,
        "both": corner,
        "adaptive only": up - corner,
        "neither": 1 - right - up + corner,
    }
    for quarter, share in detail.quadrants.items():
        yield close(f"probability: {quarter}", share, max(made[quarter], 0.0), NEAR)


def _corner(h: float, k: float, r: float) -> float:
    """Return P(X < h and Y < k) of standard normal variables with correlation `r`, as the integral that it is."""
    q = sqrt(1 - r * r)
    lowest = min(h, 0.0) - 9
    found, _ = quad(lambda x: _density(x) * float(ndtr((k - r * x) / q)), lowest, max(h, lowest), limit=200)
    return float(found)


def _density(x: float) -> float:
    return exp(-x * x / 2) / sqrt(2 * pi)
