"""The link as the company's evidence tells it: are the axes two, at which level does it hold, from whose answers?"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Final

import numpy as np
from numpy.typing import NDArray

from survey.i18n import Sentence
from survey.privacy.evidence import Axes, HalvesLink, LinkDetails, PlainLink
from survey.privacy.figures import MEAN, Figure, NotEstimable, Style, because, figure
from survey.privacy.scored import Scored
from survey.scoring import estimable
from survey.scoring.columns import scale_scores
from survey.scoring.halves import split_half
from survey.scoring.levels import Levels, levels, plain
from survey.scoring.link import Link, linked
from survey.scoring.position import ADAPTIVE, TACTICAL
from survey.scoring.redraw import Estimate
from survey.scoring.williams import Williams, williams

CORRELATION: Final = MEAN.within(-1, 1)
P: Final = Style(3)

BOTH_KINDS: Final = Sentence(
    "Total motivation and performance of both kinds go together, among people of the same unit and between units."
)
ADAPTIVE_WORK: Final = Sentence(
    "Total motivation and adaptive work go together, among people of the same unit and between units. With carrying "
    "out the plan this is not shown at both levels."
)
THE_PLAN: Final = Sentence(
    "Total motivation and carrying out the plan go together, among people of the same unit and between units. With "
    "adaptive work this is not shown at both levels."
)
WITHIN: Final = Sentence(
    "Among people of the same unit total motivation and performance go together. Between units this is not shown, so "
    "it may come from the same person answering both."
)
LESS_OF_THE_PLAN: Final = Sentence(
    "Total motivation and adaptive work go together, among people of the same unit and between units. With carrying "
    "out the plan it is the other way round between units: where motivation is higher, people report less of it."
)
OTHER_WAY_BETWEEN: Final = Sentence(
    "Among people of the same unit total motivation and performance go together. Between units it is the other way "
    "round, so what holds among people must not be read into a comparison of units."
)
BETWEEN: Final = Sentence(
    "Between units total motivation and performance go together. Among people of the same unit this is not shown."
)
WHOLE: Final = Sentence(
    "Over all people total motivation and performance go together. Whether among people of the same unit or between "
    "units cannot be told, so it may come from the same person answering both."
)
OTHER_WAY: Final = Sentence(
    "In this company total motivation and performance go together the other way round: where one is higher, the other "
    "is lower. Look at the questions before drawing a conclusion."
)
NOTHING: Final = Sentence("It is not shown that total motivation and performance go together in this company.")


def axes(found: Link | estimable.NotEstimable) -> Axes | NotEstimable:
    """Return whether the two kinds of performance are two in this company, rounded for good."""
    if isinstance(found, estimable.NotEstimable):
        return because(found)
    return Axes(_printed(found.axes), found.two_axes)


def link_details(scored: Scored, found: Link | estimable.NotEstimable) -> LinkDetails | NotEstimable:
    """Return the link by level and by half, rounded for good; whole published cells are drawn again.

    Only where there is a link to look at: the company is in tier two, and shows ten cells.
    """
    if isinstance(found, estimable.NotEstimable):
        return because(found)
    cells = scored.cells.astype(np.int32)
    values, lengths = linked(scored.answers, scored.instrument), len(scored.instrument.items_of(ADAPTIVE))
    index, items = values[:, 0], {ADAPTIVE: values[:, 1 : 1 + lengths], TACTICAL: values[:, 1 + lengths :]}
    scales = _scales(scored)
    apart = levels(index, items, cells)
    halves = split_half(index, scales, cells)
    test = _williams(index, scales, cells)
    return LinkDetails(
        within={scale: _shown(one) for scale, one in apart.within.items()},
        between={scale: _shown(one) for scale, one in apart.between.items()},
        split_half={scale: HalvesLink(_shown(one.different), _shown(one.same)) for scale, one in halves.items()},
        split_units=halves[ADAPTIVE].units,
        plain={scale: one for scale in scales if (one := _plain(index, scales[scale], cells)) is not None},
        williams=figure(round(test.t, MEAN.digits), MEAN) if isinstance(test, Williams) else because(test),
        williams_p=_p(test.p) if isinstance(test, Williams) else because(test),
        sentence=says(found, apart).text,
    )


def says(found: Link, apart: Levels) -> Sentence:
    """Return the sentence that the evidence allows; never one about causes."""
    whole = {ADAPTIVE: found.with_adaptive, TACTICAL: found.with_tactical}
    if _below(whole):
        return OTHER_WAY
    inside, between = _above(apart.within), _above(apart.between)
    both, turned = inside & between, _below(apart.between)
    if both:
        return _by_scale(both, turned)
    if inside and not between:
        return OTHER_WAY_BETWEEN if turned else WITHIN
    if between and not inside:
        return BETWEEN
    return WHOLE if _above(whole) else NOTHING


def _by_scale(both: AbstractSet[str], turned: AbstractSet[str]) -> Sentence:
    """Return the sentence where something goes together at both levels."""
    if both == {ADAPTIVE}:
        return LESS_OF_THE_PLAN if turned else ADAPTIVE_WORK
    return THE_PLAN if both == {TACTICAL} else BOTH_KINDS


def _above(level: Mapping[str, Estimate | estimable.NotEstimable]) -> set[str]:
    """Return the scales whose printed interval lies above 0."""
    return {scale for scale, one in level.items() if isinstance(one, Estimate) and round(one.low, MEAN.digits) > 0}


def _below(level: Mapping[str, Estimate | estimable.NotEstimable]) -> set[str]:
    return {scale for scale, one in level.items() if isinstance(one, Estimate) and round(one.high, MEAN.digits) < 0}


def _scales(scored: Scored) -> dict[str, NDArray[np.float64]]:
    specs = [spec for spec in scored.specs if spec.scale in {ADAPTIVE, TACTICAL}]
    scores = scale_scores(scored.answers, scored.instrument, specs).astype(np.float64)
    return {spec.scale: scores[:, place] / spec.denominator for place, spec in enumerate(specs)}


def _williams(
    index: NDArray[np.float64], scales: dict[str, NDArray[np.float64]], cells: NDArray[np.int32]
) -> Williams | estimable.NotEstimable:
    pairs = ((index, scales[ADAPTIVE]), (index, scales[TACTICAL]), (scales[ADAPTIVE], scales[TACTICAL]))
    found = [plain(*pair, cells) for pair in pairs]
    one, two, three = found
    if isinstance(one, estimable.NotEstimable):
        return one
    if isinstance(two, estimable.NotEstimable):
        return two
    return (
        three if isinstance(three, estimable.NotEstimable) else williams(one.whole, two.whole, three.whole, len(index))
    )


def _plain(index: NDArray[np.float64], scale: NDArray[np.float64], cells: NDArray[np.int32]) -> PlainLink | None:
    found = plain(index, scale, cells)
    if isinstance(found, estimable.NotEstimable):
        return None
    return PlainLink(_round(found.whole), _maybe(found.between), _maybe(found.within))


def _maybe(found: float | estimable.NotEstimable) -> Figure | NotEstimable:
    return because(found) if isinstance(found, estimable.NotEstimable) else _round(found)


def _round(value: float) -> Figure:
    return figure(round(value, MEAN.digits), MEAN)


def _shown(found: Estimate | estimable.NotEstimable) -> Figure | NotEstimable:
    return because(found) if isinstance(found, estimable.NotEstimable) else _printed(found)


def _printed(found: Estimate) -> Figure:
    value, low, high = (round(part, MEAN.digits) for part in (found.value, found.low, found.high))
    return figure(value, CORRELATION, (low, high))


def _p(value: float) -> Figure:
    """Round a p value; one that would be printed as 0 is said to be the last digit or less."""
    least = 10.0**-P.digits
    return figure(least, P, bound="or less") if value < least / 2 else figure(round(value, P.digits), P)
