"""What the company counted of one unit beside its index, wave by wave; what the statistics say of it, company-wide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from reports.comparison.lenses import Sees
from reports.outcome_sentences import verdict
from survey.charts import interval, told
from survey.charts.measure import measure_figure
from survey.charts.outcomes import value_text
from survey.i18n import Sentence
from survey.privacy.beside import outcomes_beside
from survey.privacy.lately import Lately
from survey.privacy.register import Outcome, OutcomeValues
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication
from survey.web.figures import figure_json

FEW: Final = 3
"""Values from which they are drawn: two make a line of whatever happened."""
KEPT: Final = 64
_said: Final = Lately[tuple[str, ...], Mapping[str, Sentence | None]](KEPT)


@dataclass(frozen=True)
class MeasureRow:
    """One wave: the unit's index, and what was counted in the period that began next."""

    wave: str
    index: str
    interval: str
    period: str
    value: str


@dataclass(frozen=True)
class UnitMeasure:
    """A measure of one unit."""

    name: str
    counted_in: str
    better: Sentence
    rows: tuple[MeasureRow, ...]
    figure: Markup | None
    says: Sentence | None
    """What may be said of it in the whole company, beside the last wave for which a value is known."""
    said_of: str
    """That wave."""


def measures_of(
    code: str, waves: Sequence[Publication], everything: Sequence[Publication], sees: Sees, language: str
) -> tuple[UnitMeasure, ...]:
    """Return every measure that has a value beside a wave in which the unit showed results, `waves` the earliest first.

    Values come from the newest publication that froze any for the wave: a period ends after the wave was published.
    """
    seen = [wave for wave in waves if code in wave and sees(wave, code)]
    shown = [wave for wave in seen if not isinstance(wave.unit(code).figures, Suppressed)]
    found = [_measure(outcome, code, shown, everything, language) for outcome in _newest(everything)]
    return tuple(measure for measure in found if measure is not None)


def _newest(everything: Sequence[Publication]) -> list[Outcome]:
    by_code = {outcome.measure: outcome for publication in everything for outcome in publication.outcomes}
    return [by_code[measure] for measure in sorted(by_code)]


def _measure(
    outcome: Outcome, code: str, shown: Sequence[Publication], everything: Sequence[Publication], language: str
) -> UnitMeasure | None:
    beside = [_beside(outcome.measure, wave, everything) for wave in shown]
    values = [None if found is None else found.values.get(code) for found in beside]
    if all(value is None for value in values):
        return None
    rows = [_row(wave, code, found, value, language) for wave, found, value in zip(shown, beside, values, strict=True)]
    latest = next(wave for wave, value in zip(reversed(shown), reversed(values), strict=True) if value is not None)
    enough = sum(value is not None for value in values) >= FEW
    figure = measure_figure([wave.wave.code for wave in shown], values, outcome.counted_in) if enough else None
    return UnitMeasure(
        name=outcome.names[language],
        counted_in=outcome.counted_in,
        better=Sentence("Higher is better") if outcome.better == "higher" else Sentence("Lower is better"),
        rows=tuple(rows),
        figure=figure_json(figure),
        says=_of_the_company(latest, everything).get(outcome.measure),
        said_of=latest.wave.code,
    )


def _beside(measure: str, wave: Publication, everything: Sequence[Publication]) -> OutcomeValues | None:
    for publication in reversed(everything):
        for outcome in publication.outcomes:
            for found in outcome.beside if outcome.measure == measure else ():
                if found.wave == wave.wave.code:
                    return found
    return None


def _row(wave: Publication, code: str, found: OutcomeValues | None, value: float | None, language: str) -> MeasureRow:
    figures = wave.unit(code).figures
    index = None if isinstance(figures, Suppressed) else figures.value.index
    return MeasureRow(
        wave.wave.code,
        "" if index is None else told(index, language),
        "" if index is None else interval(index, language),
        "" if found is None or value is None else found.period,
        "" if value is None else value_text(value),
    )


def _of_the_company(publication: Publication, everything: Sequence[Publication]) -> Mapping[str, Sentence | None]:
    """Return what is said of each measure in the whole company; frozen records say it once and for all."""
    key = (publication.digest, *(each.digest for each in everything))
    kept = _said.get(key)
    if kept is not None:
        return kept
    outcomes = [outcome for each in everything for outcome in each.outcomes]
    publication.read({code for outcome in outcomes for each in outcome.beside for code in each.values})
    found = {beside.outcome.measure: verdict(beside) for beside in outcomes_beside(publication, everything)}
    _said.put(key, found)
    return found
