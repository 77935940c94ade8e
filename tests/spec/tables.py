"""The tables of the scoring manual: what is given, what is expected, and the call that must agree."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from survey.instruments.answers import encode
from survey.instruments.load import builtin
from survey.scoring import (
    base,
    columns,
    comparison,
    contribution,
    effects,
    family,
    index,
    link,
    measure,
    quadrant,
    quality,
    reliability,
    summaries,
    weakest,
)
from survey.scoring.estimable import NotEstimable
from survey.scoring.moments import UnitMoments, moments_by_unit
from survey.scoring.within import within
from tests.spec import axes, comparisons, practices, scales, units
from tests.spec.groups import MOTIVES, group_of_means, motive_moments
from tests.spec.section import Expected, Given, Section


def _index(given: Given) -> Expected:
    return {"index": index.total_motivation(given, _index_weights())}


def _index_weights() -> Any:  # noqa: ANN401 - the instrument's composite or None; the default has one
    return builtin().index


def _rescale(given: Given) -> Expected:
    return {"on 1..7": index.rescale(Fraction(given["score"]), tuple(given["range"]))}


def _scale_score(given: Given) -> Expected:
    instrument = builtin()
    items = instrument.items_of(given["scale"])
    values = dict(zip((item.id for item in items), (_answer(text) for text in given["answers"]), strict=True))
    row = np.frombuffer(encode(instrument.items, values), dtype=np.uint8)[np.newaxis, :]
    (spec,) = (spec for spec in columns.columns(instrument) if spec.scale == given["scale"])
    score = int(columns.scale_scores(row, instrument, [spec])[0, 0])
    shown = "none" if score == columns.NO_SCORE else Fraction(score, spec.denominator)
    return {"score": shown, "kept as": "none" if score == columns.NO_SCORE else score}


def _answer(text: str) -> int | None:
    return None if text == "-" else int(text)


def _one_base(given: Given) -> Expected:
    instrument = builtin()
    skipped = {item.id for scale in given["skipped"] for item in _items(scale)}
    values = {item.id: 4 for item in instrument.asked() if item.id not in skipped}
    row = np.frombuffer(encode(instrument.items, values), dtype=np.uint8)[np.newaxis, :]
    return {"counts": bool(base.one_base(row, instrument)[0])}


def _items(name: str) -> Sequence[Any]:
    instrument = builtin()
    scales = {scale.id for scale in instrument.scales}
    return instrument.items_of(name) if name in scales else (instrument.item(name),)


def _summary(given: Given) -> Expected:
    units = [given["answers"], *given["other units"]]
    groups = _play(units)
    made = summaries.summarise(groups[0], "play", within(groups, groups[0].columns))
    if isinstance(made, NotEstimable):
        return {"not estimable": made.reason.text}
    sd = "none" if isinstance(made.sd, NotEstimable) else made.sd
    if isinstance(made.interval, NotEstimable):
        return {"mean": made.mean, "sd": sd, "not estimable": made.interval.reason.text}
    return {"mean": made.mean, "sd": sd, "low": made.low, "high": made.high, "basis": made.interval.basis}


def _play(units: Sequence[Sequence[int]]) -> UnitMoments:
    scores = np.array([[answer] for unit in units for answer in unit], dtype=np.int64).reshape(-1, 1)
    place = np.repeat(np.arange(len(units)), [len(unit) for unit in units]).astype(np.int32)
    return moments_by_unit(scores, place, len(units), (columns.ColumnSpec("play", 1, 1, 7),))


def _twin(given: Given) -> Expected:
    group = group_of_means([Fraction(given[motive]) for motive in MOTIVES])
    return {"twin": group.mean(measure.twin(builtin(), group.columns))}


def _contributions(given: Given) -> Expected:
    unit, rest = (group_of_means([Fraction(mean) for mean in given[name]]) for name in ("unit", "rest"))
    gap = contribution.contributions(unit, rest, index.index_measure(builtin(), unit.columns))
    return {"shift": gap.shift, **gap.parts, "gap": gap.gap}


def _weakest(given: Given) -> Expected:
    unit = motive_moments(given["n"], given["unit"], given["sd"])
    rest = motive_moments(200, given["rest"], given["sd"])
    named = weakest.weakest_motive(unit, rest, within([unit, rest], unit.columns), builtin())
    return {"weakest": named or "none stands out"}


def _compare(given: Given) -> Expected:
    groups = _play([given["first"], given["second"]])
    pooled = within(groups, groups[0].columns)
    made = comparison.compare(comparison.Side(groups[0], pooled), comparison.Side(groups[1], pooled), "play")
    if isinstance(made, NotEstimable):
        return {"not estimable": made.reason.text}
    ends = {"low": made.interval.low, "high": made.interval.high, "df": made.interval.df}
    return {"difference": made.difference, **ends, "p": made.p, "g": made.g}


def _hedges(given: Given) -> Expected:
    return {"g": effects.hedges(given["d"], given["df"])}


def _detectable(given: Given) -> Expected:
    return {"detectable": effects.detectable(given["standard error"], given["df"])}


def _adjust(given: Given) -> Expected:
    return {"adjusted": family.adjust(given["p"])}


def _verdict(given: Given) -> Expected:
    interval = summaries.Interval(given["low"], given["high"], 30, "own")
    return {"word": comparison.verdict(interval, given["adjusted p"])}


def _quadrant(given: Given) -> Expected:
    (tactical, adaptive), (error_tactical, error_adaptive) = given["mean"], given["se"]
    position = quadrant.Position(tactical, adaptive, error_tactical, error_adaptive, given["r"])
    return {str(name): share for name, share in quadrant.probabilities(position, tuple(given["cut"])).items()}


def _label(given: Given) -> Expected:
    shares: dict[quadrant.Quadrant, float] = {"tactical only": given["probability"], "both": 1 - given["probability"]}
    return {"label": quadrant.label(shares, given["n"], two_axes=given["two axes"])}


def _region(given: Given) -> Expected:
    made = quadrant.region(tuple(given["covariance"]), given["df"])
    return {"major": made.radius_major, "minor": made.radius_minor, "angle": made.angle}


def _alpha(given: Given) -> Expected:
    made = reliability.alpha(np.array(given["answers"], dtype=np.float64))
    if isinstance(made, NotEstimable):
        return {"not estimable": made.reason.text}
    return {"alpha": made.value, "low": made.low, "high": made.high}


def _spearman_brown(given: Given) -> Expected:
    made = reliability.spearman_brown(np.array(given["answers"], dtype=np.float64))
    if isinstance(made, NotEstimable):
        return {"not estimable": made.reason.text}
    return {"reliability": made.value, "low": made.low, "high": made.high}


def _straight(given: Given) -> Expected:
    instrument = builtin()
    values = {motive: _answer(text) for motive, text in zip(MOTIVES, given["motives"], strict=True)}
    row = np.frombuffer(encode(instrument.items, values), dtype=np.uint8)[np.newaxis, :]
    return {"flagged": bool(quality.straight_liners(row, instrument)[0])}


SECTIONS = (
    Section("Total motivation", index.total_motivation, _index, "total_motivation"),
    Section("Other answer ranges", index.rescale, _rescale, "rescale"),
    Section("A scale's score and the half rule", columns.scale_scores, _scale_score, "scale_scores"),
    Section("One base", base.one_base, _one_base, "one_base"),
    Section("A practice's own base", base.practice_base),
    Section("A group", summaries.summarise, _summary, "summaries"),
    Section("The pooled spread", within),
    Section("The twin", measure.twin, _twin, "twin"),
    Section("Contribution to the gap", contribution.contributions, _contributions, "contributions"),
    Section("The weakest motive", weakest.weakest, _weakest, "weakest"),
    Section("A comparison", comparison.compare, _compare, "comparison"),
    Section("The size of a difference", effects.hedges, _hedges, "hedges"),
    Section("What can be detected", effects.detectable, _detectable, "detectable"),
    Section("Many comparisons", family.adjust, _adjust, "adjust"),
    Section("The word for a difference", comparison.verdict, _verdict, "verdict"),
    Section("The tactical x adaptive map", quadrant.probabilities, _quadrant, "quadrant"),
    Section("The label on the map", quadrant.label, _label, "label"),
    Section("The region on the map", quadrant.region, _region, "region"),
    Section("Reliability of three items and more", reliability.alpha, _alpha, "alpha"),
    Section("Reliability of two items", reliability.spearman_brown, _spearman_brown, "spearman_brown"),
    Section("Motivation and performance", link.link),
    Section("Whether the axes are two", link.two_axes),
    *comparisons.SECTIONS,
    *axes.SECTIONS,
    *units.SECTIONS,
    *practices.SECTIONS,
    *scales.SECTIONS,
    Section("Careless answers", quality.straight_liners, _straight, "straight"),
)
