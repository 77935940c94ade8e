"""Every number of a report that its source determines, made again."""

from collections.abc import Iterator

from reports.excerpt import Excerpt
from reports.verify.answers import agreements, missing, without_straight
from reports.verify.changes import changes
from reports.verify.formulas import apart, index_of, means, of_scales, rest, spread, then, twin_of, weighed
from reports.verify.judged import judged
from reports.verify.made import Made
from survey.instruments.model import Instrument
from survey.privacy.figures import DIFFERENCE, POINTS, text
from survey.privacy.record import UnitFigures, UnitRecord


def made_again(source: Excerpt) -> Iterator[Made]:
    """Yield every number of the report's unit that sums, counts and earlier waves determine.

    What rests on more than a report may hold, or on what is never published, is named by `reports.verify.resting`.
    """
    record = source.record
    instrument = Instrument.from_json(record.instrument)
    units = {each.code: each for each in record.units}
    unit, root = units[source.unit], record.units[0]
    for other in record.units:
        yield from of_scales(other, record)
        if other.code != unit.code and other.figures is not None and instrument.index is not None:
            yield from _index_above(other, other.figures, source, instrument)
    if root.sums is not None and root.figures is not None and _whole(instrument) <= set(root.figures.scales):
        whole = weighed(means(root, record), *index_of(instrument, record))
        yield from without_straight(record.quality, whole, root.sums.n)
    if unit.figures is None or unit.sums is None:
        return
    own = means(unit, record)
    index = weighed(own, *index_of(instrument, record))
    yield Made("index", unit.figures.index.text, text(index, POINTS))
    yield Made("twin", unit.figures.twin.text, text(weighed(own, *twin_of(instrument, record)), DIFFERENCE))
    if unit.code != root.code and root.sums is not None:
        yield from apart(unit, unit.figures, rest(unit, root, record), instrument, record)
    yield from spread(unit, record)
    yield from agreements(unit)
    yield from judged(source, unit, own)
    if unit.figures.missing is not None and instrument.index is not None:
        ends = float(instrument.index.low), float(instrument.index.high)
        yield from missing(unit.figures.missing, unit.figures.n, index, ends)
    yield from changes(unit, then(unit, own, index), source.earlier)


def _index_above(other: UnitRecord, figures: UnitFigures, source: Excerpt, instrument: Instrument) -> Iterator[Made]:
    """Yield the index of a unit above, where its motives are part of the report."""
    if other.sums is not None and _whole(instrument) <= set(figures.scales):
        made = weighed(means(other, source.record), *index_of(instrument, source.record))
        yield Made(f"{other.code}: index", figures.index.text, text(made, POINTS))


def _whole(instrument: Instrument) -> set[str]:
    """Return the scales that the index is made of."""
    return set() if instrument.index is None else set(instrument.index.weights)
