"""Scored summaries of answers in a file, for someone who owns the file: no floor, no gate, nothing is stored."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from survey.instruments.model import Instrument
from survey.scoring.base import one_base
from survey.scoring.columns import ColumnSpec, columns, half, scale_scores
from survey.scoring.estimable import NotEstimable
from survey.scoring.files import AnswerFile
from survey.scoring.index import index_measure
from survey.scoring.measure import Measure, composite
from survey.scoring.moments import UnitMoments, moments_by_unit
from survey.scoring.practices import practice_moments
from survey.scoring.summaries import Summary
from survey.scoring.unit_summaries import summaries
from survey.scoring.within import within


@dataclass(frozen=True)
class ScoredUnit:
    """A unit's summaries by scale, motives first, then the index; None where nobody answered."""

    n: int
    """Responses that count."""
    set_aside: int
    """Responses that do not, since they skipped a motive or too much of another scale."""
    scales: dict[str, Summary | None]


@dataclass(frozen=True)
class Scored:
    """The summaries of a file."""

    units: dict[str, ScoredUnit]
    alone: tuple[str, ...]
    """Items that give no scale, since fewer than half of their scale's items have a column."""


def score(file: AnswerFile) -> Scored:
    """Summarise each unit of a file on every scale that its items give, on one base, and on the index if it can be had.

    Intervals rest on the unit's own standard deviation from 10 responses on, below on that pooled over the file's
    units. The index is given only where all its motives have columns.
    """
    instrument, table, count = file.table.instrument, file.table, len(file.codes)
    specs = columns(instrument, file.asked)
    base = one_base(table.answers, instrument, file.asked)
    scores = scale_scores(table.answers[base], instrument, specs)
    groups = moments_by_unit(scores, table.units[base], count, specs)
    received = np.bincount(table.units, minlength=count)
    found: list[dict[str, Summary | None]] = [{} for _ in file.codes]
    _summarise(found, groups, _measures(instrument, specs))
    practices = practice_moments(table.answers, table.units, count, instrument, base)
    for practice in (item.id for item in instrument.practices if item.id in file.asked):
        _summarise(found, practices[practice], [Measure.scale(practice)])
    units = zip(file.codes, groups.counts.tolist(), received.tolist(), found, strict=True)
    return Scored(
        {code: ScoredUnit(n, all_ - n, scales) for code, n, all_, scales in units},
        tuple(_alone(file)),
    )


def _measures(instrument: Instrument, specs: tuple[ColumnSpec, ...]) -> Iterator[Measure]:
    """Yield the motives, the composites that can be had, then all other scales."""
    there = {spec.scale for spec in specs}
    motives = [scale.id for scale in instrument.motives if scale.id in there]
    yield from (Measure.scale(scale) for scale in motives)
    for of in instrument.composites:
        if there >= of.fractions.keys():
            yield index_measure(instrument, specs) if of == instrument.index else composite(of, specs)
    yield from (Measure.scale(spec.scale) for spec in specs if spec.scale not in motives)


def _summarise(found: list[dict[str, Summary | None]], groups: UnitMoments, measures: Iterable[Measure]) -> None:
    pooled = within(groups, groups.columns)
    for measure in measures:
        for scales, made in zip(found, summaries(groups, measure, pooled), strict=True):
            scales[measure.name] = None if isinstance(made, NotEstimable) else made


def _alone(file: AnswerFile) -> Iterator[str]:
    """Yield the items that count in no scale of the file."""
    instrument = file.table.instrument
    for item in (instrument.item(item_id) for item_id in file.asked):
        own = instrument.items_of(item.scale)
        if sum(other.id in file.asked for other in own) < half(len(own)):
            yield item.id
