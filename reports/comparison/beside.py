"""An outcome beside the waves: what the company counted of a unit in the first period after each wave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.comparison.lenses import Sees
from reports.outcome_sentences import verdict
from survey.charts.outcomes import value_text
from survey.i18n import Sentence
from survey.privacy.beside import outcomes_beside
from survey.privacy.register import Outcome as Published
from survey.privacy.register import OutcomeValues
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication


@dataclass(frozen=True)
class Value:
    """What was counted of one unit after one wave."""

    wave: str
    period: str
    """"" where nothing is known of a period after the wave."""
    value: float | None
    shown: str


@dataclass(frozen=True)
class Outcome:
    """A measure that the company counts anyway."""

    code: str
    name: str
    counted_in: str
    better: str
    """Which direction the company wishes, in words."""
    wave: str
    """The wave that the verdict is about: the newest with values."""
    verdict: str
    """What may be said of it beside total motivation, in the whole company; "" where nothing is known."""
    values: Mapping[str, tuple[Value, ...]]
    """By unit code, one for each wave shown."""
    axis: tuple[float, float] | None
    """One for all units; None where there is no value."""


def names(waves: Sequence[Publication], language: str) -> dict[str, str]:
    """Return the measures that any of these waves noted, by code: the newest name."""
    found = {outcome.measure: outcome.names[language] for wave in waves for outcome in wave.outcomes}
    return dict(sorted(found.items()))


def outcome(
    code: str,
    units: Sequence[str],
    waves: Sequence[Publication],
    every: Sequence[Publication],
    sees: Sees,
    language: str,
) -> Outcome:
    """Return a measure beside units of the waves shown; `every` wave published may know values of an earlier one."""
    published, known = _known(code, every)
    values = {unit: tuple(_value(unit, wave, known.get(wave.wave.code), sees) for wave in waves) for unit in units}
    numbers = [each.value for row in values.values() for each in row if each.value is not None]
    newest = next((wave for wave in reversed(waves) if wave.wave.code in known), waves[-1])
    return Outcome(
        code,
        published.names[language],
        published.counted_in,
        (Sentence("Higher is better") if published.better == "higher" else Sentence("Lower is better")).to(language),
        newest.wave.code,
        _verdict(code, newest, every, language),
        values,
        _axis(numbers) if numbers else None,
    )


def _known(code: str, every: Sequence[Publication]) -> tuple[Published, dict[str, OutcomeValues]]:
    """Return the measure as it was noted last, and its values by wave: the newest publication's stand."""
    found = [each for wave in reversed(every) for each in wave.outcomes if each.measure == code]
    known: dict[str, OutcomeValues] = {}
    for each in found:
        for beside in each.beside:
            known.setdefault(beside.wave, beside)
    return found[0], known


def _value(unit: str, wave: Publication, known: OutcomeValues | None, sees: Sees) -> Value:
    """Return what was counted of a unit that shows results to this reader in this wave; of others nothing is told."""
    shown = unit in wave and sees(wave, unit) and not isinstance(wave.unit(unit).figures, Suppressed)
    value = None if known is None or not shown else known.values.get(unit)
    return Value(
        wave.wave.code,
        "" if known is None else known.period,
        value,
        "" if value is None else value_text(value),
    )


def _verdict(code: str, wave: Publication, every: Sequence[Publication], language: str) -> str:
    found = next((each for each in outcomes_beside(wave, every) if each.outcome.measure == code), None)
    said = None if found is None else verdict(found)
    return "" if said is None else said.to(language)


def _axis(numbers: Sequence[float]) -> tuple[float, float]:
    low, high = min(numbers), max(numbers)
    room = (high - low) * 0.12 or max(abs(high), 1.0) * 0.12
    return low - room, high + room
