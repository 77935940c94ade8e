"""How the numbers were made: formula, thresholds, quality and the digest that names the publication."""

from dataclasses import dataclass
from fractions import Fraction

from survey.charts import told
from survey.i18n import Sentence
from survey.instruments.model import Instrument
from survey.privacy.figures import Figure, NotEstimable
from survey.privacy.record import Quality, Reliability
from survey.privacy.thaw import Publication


@dataclass(frozen=True)
class Method:
    """The small print."""

    formula: str
    instrument: str
    k: int
    detail_k: int
    quality: str
    straight: str
    reliability: str
    """Of whole scales; that of their parts stands in the annex and on the page of the evidence."""


def method(publication: Publication, language: str) -> Method:
    """Return the small print of every report of a publication."""
    instrument = publication.instrument
    return Method(
        formula=formula(instrument, language),
        instrument=f"{instrument.title[language]} {instrument.version}",
        k=publication.policy.k,
        detail_k=publication.policy.detail_k,
        quality=_quality(publication.quality.value).to(language),
        straight=_straight(publication.quality.value, language),
        reliability=", ".join(
            _reliability(one, instrument, language)
            for one in publication.reliability.value
            if not instrument.scale(one.scale).parent
        ),
    )


def formula(instrument: Instrument, language: str) -> str:
    """Return the index as a formula, with its exact weights.

    >>> from survey.instruments.load import builtin
    >>> formula(builtin("total-motivation"), "en")[:61]
    'Total motivation = 10 × Play + 5 × Purpose + 5/3 × Potential '
    """
    index = instrument.index
    if index is None:
        return ""
    weights = index.fractions
    terms = [_term(weights[scale.id], scale.name[language]) for scale in instrument.scales if scale.id in weights]
    return f"{index.name[language]} = {' '.join(terms).removeprefix('+ ')}"


def _term(weight: Fraction, name: str) -> str:
    return f"{'−' if weight < 0 else '+'} {abs(weight)} × {name}"


def _quality(quality: Quality) -> Sentence:
    return Sentence(
        "In the whole company %(received)s people answered; %(counted)s are counted, %(aside)s were set aside because "
        "too much was skipped.",
        {
            "received": f"{quality.received:,}",
            "counted": f"{quality.counted:,}",
            "aside": f"{quality.set_aside:,}",
        },
    )


def _straight(quality: Quality, language: str) -> str:
    without = quality.index_without_straight
    if isinstance(without, NotEstimable) or isinstance(quality.straight, NotEstimable) or not quality.straight:
        return ""
    return Sentence(
        "%(straight)s gave the same answer to all motives; they are counted. Without them the company's index is "
        "%(index)s.",
        {"straight": f"{quality.straight:,}", "index": told(without, language)},
    ).to(language)


def _reliability(one: Reliability, instrument: Instrument, language: str) -> str:
    name = instrument.scale(one.scale).name[language]
    coefficient = {"alpha": "α", "spearman-brown": "ρ"}[one.coefficient]
    shown = one.figure.text if isinstance(one.figure, Figure) else "–"
    return f"{name} {coefficient} {shown}"
