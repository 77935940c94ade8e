"""Which way a unit leans, and what motivation goes together with in the company: chosen by evidence, never a cause."""

from collections.abc import Mapping
from typing import Final

from reports.sentences import no_detail
from survey.i18n import Sentence
from survey.privacy.evidence import Axes, LinkDetails
from survey.privacy.figures import NotEstimable
from survey.privacy.record import Detail, Link, Quadrant
from survey.privacy.released import Released, Suppressed
from survey.privacy.thaw import Publication

_LABELS: Final[Mapping[Quadrant, Sentence]] = {
    "tactical only": Sentence("Most likely leaning on the plan"),
    "both": Sentence("Most likely both: the plan and the situation"),
    "adaptive only": Sentence("Most likely leaning on adaptive work"),
    "neither": Sentence("Most likely neither the plan nor the situation"),
}
QUARTERS: Final[Mapping[Quadrant, Sentence]] = {
    "tactical only": Sentence("Leaning on the plan"),
    "both": Sentence("Both"),
    "adaptive only": Sentence("Adaptive only"),
    "neither": Sentence("Neither"),
}
SUREST: Final = 0.95
"""No probability is told more exactly than "above 95 %": of labels that were surer still, 98 in 100 were right
(docs/calibration.md)."""
BOTH_LEVELS: Final = "go together, among people of the same unit and between units."
"""How the evidence says that something holds at both levels (`survey.privacy.link_evidence`, not imported here: pages
and printing read its sentence without SciPy)."""
ONLY_THE_PLAN: Final = "Total motivation and carrying out the plan"
"""How that sentence begins where it holds of carrying out the plan, and not of adaptive work."""
UNKNOWN: Final = Sentence("We cannot tell yet which way this leans")


def label(detail: Released[Detail] | Suppressed, publication: Publication) -> tuple[Sentence, Sentence]:
    """Return the label of the unit's place on the map and what it rests on, or "cannot tell yet" and why."""
    if isinstance(detail, Suppressed):
        return UNKNOWN, no_detail(
            detail, Sentence("A label is given from %(k)s answers.", {"k": publication.policy.detail_k})
        )
    found = detail.value
    if found.label != "cannot tell yet":
        return _LABELS[found.label], _how_sure(found.label_probability)
    return UNKNOWN, _why_not(found, publication)


def _how_sure(probability: float) -> Sentence:
    if probability > SUREST:
        return Sentence("Probability above 95 %. Labels are given from 80 %, so up to one in five may be wrong.")
    return Sentence(
        "Probability %(percent)s %%. Labels are given from 80 %%, so up to one in five may be wrong.",
        {"percent": int(probability * 100)},
    )


def _why_not(detail: Detail, publication: Publication) -> Sentence:
    """Return why a unit with details has no label."""
    if publication.evidence is None:
        return Sentence(
            "The region on the map may reach over more than one quarter, or the two axes may not be two "
            "in this company."
        )
    axes = publication.evidence.value.axes
    if isinstance(axes, NotEstimable):
        return Sentence("No unit gets a label. %(why)s", {"why": Sentence(axes.reason)})
    if axes is not None and not axes.two:
        return not_two(axes)
    if not detail.quadrants:
        return Sentence("How far units truly lie apart cannot be told in this company, so no unit gets a label.")
    return Sentence(
        "No quarter of the map is probable enough: the most probable one has %(percent)s %%, a label is given from "
        "80 %%.",
        {"percent": min(79, int(max(detail.quadrants.values()) * 100))},
    )


def not_two(axes: Axes) -> Sentence:
    """Return that the two kinds of performance are not shown to be two, and what follows."""
    found = axes.correlation
    return Sentence(
        "No unit gets a label: the two kinds of performance are not shown to be two here. They go together with "
        "%(correlation)s (%(low)s to %(high)s); the upper end must lie below nine tenths.",
        {"correlation": found.text, "low": found.low_text, "high": found.high_text},
    )


def quarters(detail: Released[Detail] | Suppressed, publication: Publication) -> tuple[tuple[Sentence, str], ...]:
    """Return the probability of each quarter of the map, the largest first; none where the axes are not two."""
    if isinstance(detail, Suppressed) or not two_axes(publication):
        return ()
    shares = sorted(detail.value.quadrants.items(), key=lambda each: -each[1])
    return tuple((QUARTERS[name], percent(share)) for name, share in shares)


def percent(share: float) -> str:
    """Return a probability in whole per cent, rounded down so that 79.9 is no 80; its spaces break no line.

    >>> [" ".join(percent(share).split()) for share in (0.857, 0.799, 0.004, 0.999, 0.95)]
    ['85 %', '79 %', '< 5 %', '> 95 %', '95 %']
    """
    shown = "< 5" if share < 1 - SUREST else "> 95" if share > SUREST else str(int(share * 100))
    return f"{shown} %".replace(" ", "\u00a0")


def two_axes(publication: Publication) -> bool:
    """Return whether tactical and adaptive performance are two things in this company, as far as was asked."""
    axes = None if publication.evidence is None else publication.evidence.value.axes
    return isinstance(axes, Axes) and axes.two


def link(publication: Publication) -> tuple[Sentence, ...]:
    """Return how motivation and behaviour go together in the whole company; never as cause and effect."""
    found = publication.link.value
    if isinstance(found, NotEstimable):
        return (Sentence(found.reason),)
    correlations = Sentence(
        "Among %(n)s people in %(units)s units, total motivation goes together with adaptive work at %(adaptive)s and "
        "with carrying out the plan at %(tactical)s (correlation: 0 is not at all, 1 is always, −1 is always the other "
        "way round).",
        {
            "n": f"{found.n:,}",
            "units": f"{found.units:,}",
            "adaptive": found.with_adaptive.text,
            "tactical": found.with_tactical.text,
        },
    )
    if publication.evidence is None:
        return correlations, _closer(found)
    details = publication.evidence.value.link
    told = (Sentence(details.sentence),) if isinstance(details, LinkDetails) else ()
    return (correlations, *told, closer(publication, found))


def thesis(publication: Publication) -> Sentence | None:
    """Return whether low motivation and work on the plan alone go together here; None where nothing can be said.

    Said only where motivation goes together with adaptive work among people and between units alike, and more closely
    than with carrying out the plan.
    """
    found, evidence = publication.link.value, publication.evidence
    if isinstance(found, NotEstimable) or evidence is None or not isinstance(evidence.value.link, LinkDetails):
        return None
    said = evidence.value.link.sentence
    with_adaptive = BOTH_LEVELS in said and not said.startswith(ONLY_THE_PLAN)
    if two_axes(publication) and found.finding == "more with adaptive" and with_adaptive:
        return Sentence(
            "Put plainly: where total motivation is low, performance here tends to be tactical only. The plan is "
            "carried out; adaptive work is rarer."
        )
    return Sentence("That groups with low total motivation lean on the plan alone is not shown in this company.")


def closer(publication: Publication, found: Link) -> Sentence:
    """Return with which of the two motivation goes together more closely, where these are two."""
    if two_axes(publication):
        return _closer(found)
    return Sentence(
        "With which of the two it goes together more closely cannot be said: they are not shown to be two here."
    )


def _closer(found: Link) -> Sentence:
    difference = found.difference
    facts: dict[str, object] = {"points": difference.text, "low": difference.low_text, "high": difference.high_text}
    return {
        "more with adaptive": Sentence(
            "It goes together more closely with adaptive work: the difference is %(points)s (%(low)s to %(high)s).",
            facts,
        ),
        "more with tactical": Sentence(
            "It goes together more closely with carrying out the plan: the difference is %(points)s "
            "(%(low)s to %(high)s).",
            facts,
        ),
        "no difference shown": Sentence(
            "Which of the two it goes together with more closely is not shown: the difference is %(points)s "
            "(%(low)s to %(high)s).",
            facts,
        ),
    }[found.finding]
