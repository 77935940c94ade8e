"""One common factor behind the items of a scale, fitted by maximum likelihood."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from survey.i18n import Sentence
from survey.scoring.estimable import NotEstimable

ITEMS: Final = 3
"""With fewer items loadings are not determined."""

SINGULAR: Final = 1e-8
"""A correlation matrix whose smallest eigenvalue is below this holds an item that repeats others."""

STEPS: Final = 1000
CLOSE: Final = 1e-9
"""The largest slope at the solution, in the metric of correlations."""

NO_WORSE: Final = 1e-12
"""A step that changes the fit by less is lost in rounding, and taken."""

NOTHING: Final = 1e-15
"""A step in no direction longer than this leads nowhere."""

AWAY: Final = -10.0
"""A residual variance below so many times the item's own is on its way to minus infinity."""

NO_FACTOR = NotEstimable(Sentence("The questions of this scale have no common core that all of them share."))
REPEATED = NotEstimable(Sentence("A question of this scale repeats the others exactly."))

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class OneFactor:
    """The model item = loading x factor + residual, factor with variance 1."""

    loadings: tuple[float, ...]
    """Their sum is 0 at least."""
    residuals: tuple[float, ...]
    """Variances of the residuals; one that is not above 0 makes the solution improper (a Heywood case)."""

    @property
    def proper(self) -> bool:
        """Whether every item keeps a variance of its own; where not, nothing may be reported of this solution."""
        return min(self.residuals) > 0


def one_factor(covariances: NDArray[np.float64]) -> OneFactor | NotEstimable:
    """Return the loadings and residual variances of one common factor, fitted by maximum likelihood.

    With S the covariances and Sigma = l l' + diag(psi), loadings l and residual variances psi minimise
    log |Sigma| + tr(S Sigma^-1). Three items have as many covariances as loadings, so that the model fits exactly:
    l1 = sqrt(s12 s13 / s23). From four items on Fisher's scoring starts at the first principal component. Residual
    variances are left free to go below 0, so that an improper solution shows itself.

    Source: K. G. Joreskog (1967), Some contributions to maximum likelihood factor analysis, Psychometrika 32, 443-482;
    Fisher's scoring: D. N. Lawley and A. E. Maxwell (1971), Factor analysis as a statistical method, 2nd ed.

    Assumes: one factor and uncorrelated residuals; normality for the likelihood, though the loadings are consistent
    without it.

    Limits: From three items on. Where the likelihood has several maxima, the one that is reached from the first
    principal component is given. The scale of S does not matter: with half of S, loadings shrink by sqrt(1/2) and
    residual variances by 1/2. Programs such as lavaan take S with n, not n - 1, in the denominator.

    Args:
        covariances: Shape (items, items), symmetric.

    Returns:
        The solution, proper or not (see `OneFactor.proper`), or NotEstimable where there are fewer than three items,
        the items share nothing, or one repeats the others.

    >>> model = one_factor(np.array([[3.25, 0.75, 3.0], [0.75, 1.25, 1.0], [3.0, 1.0, 5.0]]))
    >>> [round(loading, 6) for loading in model.loadings], [round(residual, 6) for residual in model.residuals]
    ([1.5, 0.5, 2.0], [1.0, 1.0, 1.0])
    """
    s = np.asarray(covariances, dtype=np.float64)
    if len(s) < ITEMS or not np.isfinite(s).all() or np.diag(s).min() <= 0:
        return NO_FACTOR
    scale = np.sqrt(np.diag(s))
    r = s / np.outer(scale, scale)
    if float(np.linalg.eigvalsh(r)[0]) < SINGULAR:
        return REPEATED
    found = _three(r) if len(s) == ITEMS else _scored(r)
    if found is None:
        return NO_FACTOR
    loadings, residuals = found
    sign = -1 if loadings @ scale < 0 else 1
    return OneFactor(tuple((sign * loadings * scale).tolist()), tuple((residuals * scale**2).tolist()))


def _three(r: NDArray[np.float64]) -> tuple[Vector, Vector] | None:
    if r[0, 1] * r[0, 2] * r[1, 2] <= 0:
        return None
    first = np.sqrt(r[0, 1] * r[0, 2] / r[1, 2])
    loadings = np.array([first, r[0, 1] / first, r[0, 2] / first])
    return loadings, 1 - loadings**2


@dataclass(frozen=True, eq=False)
class _Point:
    """Loadings and residual variances, one after the other, and how the misfit changes there."""

    r: NDArray[np.float64]
    at: Vector

    @property
    def parts(self) -> tuple[Vector, Vector]:
        """Loadings, and residual variances."""
        return self.at[: len(self.r)], self.at[len(self.r) :]

    @cached_property
    def misfit(self) -> float:
        """Infinite where there is no such model."""
        return _misfit(self.r, *self.parts)

    @cached_property
    def derivatives(self) -> tuple[Vector, NDArray[np.float64]]:
        """The slope of the misfit, and its expected second derivatives; for a misfit that is finite."""
        return _derivatives(self.r, *self.parts)


def _scored(r: NDArray[np.float64]) -> tuple[Vector, Vector] | None:
    """Step with the expected second derivatives, halving a step that does not improve the fit or goes too far."""
    here = _Point(r, np.concatenate(_start(r)))
    for _ in range(STEPS):
        slope, curve = here.derivatives
        if here.parts[1].min() < AWAY:
            break
        if np.linalg.matrix_rank(curve, hermitian=True) < len(curve):
            return None
        if np.abs(slope).max() < CLOSE:
            break
        after = _stepped(here)
        if after is None:
            break
        here = after
    loadings, residuals = here.parts
    done = residuals.min() <= 0 or np.abs(here.derivatives[0]).max() < np.sqrt(CLOSE)
    return (loadings, residuals) if done else None


def _stepped(here: _Point) -> _Point | None:
    """Return where a step leads; it is halved until it does no harm, and ends before the misfit rises half as steeply.

    A step may go nearly twice as far as the lowest point. Such steps to and fro would come to it very slowly. None
    where the step is halved to nothing: what could still be gained is lost in rounding.
    """
    slope, curve = here.derivatives
    step: Vector = np.linalg.solve(curve, slope).astype(np.float64)
    while np.abs(step).max() > NOTHING:
        there = _Point(here.r, here.at - step)
        if there.misfit <= here.misfit + NO_WORSE and step @ there.derivatives[0] >= -step @ slope / 2:
            return there
        step = step / 2
    return None


def _start(r: NDArray[np.float64]) -> tuple[Vector, Vector]:
    values, vectors = np.linalg.eigh(r)
    loadings = 0.9 * vectors[:, -1] * np.sqrt(values[-1])
    return loadings, np.maximum(1 - loadings**2, 0.1)


def _misfit(r: NDArray[np.float64], loadings: Vector, residuals: Vector) -> float:
    sigma = np.outer(loadings, loadings) + np.diag(residuals)
    values = np.linalg.eigvalsh(sigma)
    if values[0] <= 0:
        return np.inf
    return float(np.log(values).sum() + np.trace(np.linalg.solve(sigma, r)))


def _derivatives(r: NDArray[np.float64], loadings: Vector, residuals: Vector) -> tuple[Vector, NDArray[np.float64]]:
    """Return the slope of the misfit over loadings and residuals, and its expected second derivatives."""
    sigma = np.outer(loadings, loadings) + np.diag(residuals)
    w = np.linalg.inv(sigma)
    off = w @ (sigma - r) @ w
    along = w @ loadings
    slope = np.concatenate([2 * off @ loadings, np.diag(off)])
    mixed = 2 * w * along
    return slope, np.block([[2 * (loadings @ along * w + np.outer(along, along)), mixed], [mixed.T, w**2]])
