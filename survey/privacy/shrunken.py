"""Units' indexes drawn towards those of their kind, and how much of the spread lies between units.

All of it is made of the published units' n and means and of the spread that is published of the company: who reads a
publication can make the same numbers, so that nothing here needs a gate (docs/decisions/0037-shrunken-means.md).
"""

from collections.abc import Iterable, Mapping
from math import sqrt
from typing import Final

import numpy as np

from survey.i18n import Sentence
from survey.privacy.evidence import GroupEvidence
from survey.privacy.figures import MEAN, PLAIN_POINTS, POINTS, Figure, NotEstimable, Style, because, figure
from survey.privacy.scored import Scored
from survey.scoring import estimable
from survey.scoring.intraclass import Intraclass, intraclass, told_apart
from survey.scoring.measure import Measure
from survey.scoring.oneway import Units
from survey.scoring.shrinkage import FEWEST, Shrinkage, shrinkage
from survey.scoring.variance_components import components

WHOLE: Final = estimable.NotEstimable(
    Sentence("This is the whole company: there is nothing that it could be drawn towards.")
)

Kind = tuple[bool, str]
"""Whether it is a group of leads, and the declared type."""


def shrunken(scored: Scored) -> dict[str, Figure | NotEstimable]:
    """Return every shown unit's index drawn towards the units of its declared type.

    Towards those of them that hold no other one of the type, from five on; where the type is not declared or has fewer,
    towards all shown units that hold no other shown one. The company is not drawn anywhere.
    """
    pooled = scored.pooled(scored.index)
    if isinstance(pooled, estimable.NotEstimable):
        return dict.fromkeys(scored.partition.shown, because(pooled))
    kinds = kinds_of(scored)
    everywhere = _learnt(scored, ends(scored, dict.fromkeys(kinds, (False, ""))))
    found: dict[str, Figure | NotEstimable] = {}
    for kind in dict.fromkeys(kinds.values()):
        codes = [code for code, of in kinds.items() if of == kind and code != scored.root]
        alike = ends(scored, {code: kinds[code] for code in codes}) if any(kind) else ()
        found |= _drawn(scored, codes, _learnt(scored, alike) if len(alike) >= FEWEST else everywhere)
    return {scored.root: because(WHOLE)} | {code: found[code] for code in kinds if code in found}


def kinds_of(scored: Scored) -> dict[str, Kind]:
    """Return what kind of unit each shown one is."""
    kinds = {unit.code: (unit.leads, unit.kind) for unit in scored.inputs.tree.units}
    return {code: kinds[code] for code in scored.partition.shown}


def ends(scored: Scored, kinds: Mapping[str, Kind]) -> tuple[str, ...]:
    """Return the shown units among `kinds` that hold no other one of their kind: no two of a kind share a person."""
    cut, holding = scored.partition, set[str]()
    for place, code in enumerate(cut.shown):
        above = cut.above[place] if code in kinds else -1
        while above >= 0:
            if kinds.get(cut.shown[above]) == kinds[code]:
                holding.add(cut.shown[above])
            above = cut.above[above]
    return tuple(code for code in kinds if code not in holding)


def _units(scored: Scored, codes: Iterable[str], of: Measure | str) -> Units | estimable.NotEstimable:
    """Return n and means of units, with the spread that is pooled within all published cells."""
    pooled = scored.pooled(of)
    if isinstance(pooled, estimable.NotEstimable):
        return pooled
    unit = [scored.moments[code] for code in codes]
    n, means = np.array([each.n for each in unit], dtype=np.float64), np.array([float(each.mean(of)) for each in unit])
    return Units(n, means, pooled.variance(of) * pooled.df, pooled.df)


def _learnt(scored: Scored, codes: Iterable[str]) -> Shrinkage | estimable.NotEstimable:
    units = _units(scored, codes, scored.index)
    return units if isinstance(units, estimable.NotEstimable) else shrinkage(units)


def _drawn(
    scored: Scored, codes: list[str], learnt: Shrinkage | estimable.NotEstimable
) -> dict[str, Figure | NotEstimable]:
    if isinstance(learnt, estimable.NotEstimable):
        return dict.fromkeys(codes, because(learnt))
    unit = [scored.moments[code] for code in codes]
    made = learnt.of([each.n for each in unit], [float(each.mean(scored.index)) for each in unit])
    style = POINTS.within(*scored.ends)
    rows = zip(codes, made.value.tolist(), made.low.tolist(), made.high.tolist(), strict=True)
    return {code: figure(value, style, (low, high)) for code, value, low, high in rows}


def group_evidence(scored: Scored) -> list[GroupEvidence]:
    """Return how much units differ on the index and on every scale, in the digits that are printed."""
    codes = ends(scored, dict.fromkeys(kinds_of(scored), (False, "")))
    scales = [_evidence(_units(scored, codes, spec.scale), spec.scale, len(codes), MEAN) for spec in scored.specs]
    return [_evidence(_units(scored, codes, scored.index), scored.index.name, len(codes), PLAIN_POINTS), *scales]


def _evidence(units: Units | estimable.NotEstimable, name: str, many: int, style: Style) -> GroupEvidence:
    if isinstance(units, estimable.NotEstimable):
        return _without(units, name, many)
    found, apart = intraclass(units), components(units)
    if isinstance(found, estimable.NotEstimable):
        return _without(found, name, many)
    icc1, low, high = (round(value, MEAN.digits) for value in (found.icc1, found.low, found.high))
    return GroupEvidence(
        name,
        many,
        figure(icc1, MEAN, (low, high)),
        _reliability(found),
        because(apart)
        if isinstance(apart, estimable.NotEstimable)
        else figure(round(sqrt(apart.tau2), style.digits), style),
        told_apart(found).text,
    )


def _without(reason: estimable.NotEstimable, name: str, many: int) -> GroupEvidence:
    return GroupEvidence(name, many, because(reason), because(reason), because(reason))


def _reliability(found: Intraclass) -> Figure | NotEstimable:
    if isinstance(found.icc2, estimable.NotEstimable):
        return because(found.icc2)
    return figure(round(found.icc2, MEAN.digits), MEAN)
