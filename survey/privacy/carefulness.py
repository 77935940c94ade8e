"""Answers that look careless: how many, and whether results change without them."""

from typing import Final

from survey.i18n import Sentence
from survey.privacy.evidence import Carefulness, Evidence
from survey.privacy.figures import NotEstimable, because
from survey.privacy.flagged import Flagged, Mask, straight_told
from survey.privacy.record import Link, Reliability
from survey.privacy.scored import TOO_FEW, Scored
from survey.privacy.sensitivity import sensitivity, verdict
from survey.scoring import estimable
from survey.scoring.quality import unusual

NOT_TOLD: Final = estimable.NotEstimable(Sentence("Too few, or nearly everybody: how many is not told."))
TOGETHER: Final = estimable.NotEstimable(
    Sentence("Not told: beside the counts of the single flags it would set a few people apart.")
)


def carefulness(
    scored: Scored, reliability: list[Reliability], link: Link | NotEstimable, evidence: Evidence
) -> Carefulness | NotEstimable:
    """Count flags, and set published results beside the same without flagged answers; of tier two only."""
    if scored.root not in scored.detailed:
        return because(TOO_FEW)
    found = Flagged.of(scored)
    results = sensitivity(found, reliability, link, evidence)
    return Carefulness(
        {"straight": _straight(scored, found), "string": _count(scored, found.string)},
        _either(scored, found),
        _count(scored, _unusual(scored)),
        results,
        "" if isinstance(results, NotEstimable) else verdict(results).text,
    )


def _count(scored: Scored, mask: Mask | estimable.NotEstimable) -> int | NotEstimable:
    """Tell how many, where that is nobody, or neither a few nor all but a few."""
    if isinstance(mask, estimable.NotEstimable):
        return because(mask)
    many, k = int(mask.sum()), scored.inputs.policy.k
    return many if many == 0 or k <= many <= len(mask) - k else because(NOT_TOLD)


def _straight(scored: Scored, found: Flagged) -> int | NotEstimable:
    told = straight_told(scored, int(found.straight.sum()))
    return because(told) if isinstance(told, estimable.NotEstimable) else told


def _either(scored: Scored, found: Flagged) -> int | NotEstimable:
    """Tell how many have any flag, where neither the overlap nor what it leaves of each flag is a few.

    How many gave the same answer to all motives is told anyway, as `Quality.straight`, but of nearly everybody.
    """
    straight, string = found.straight, found.string
    told = _straight(scored, found)
    if isinstance(told, NotEstimable) or isinstance(string, estimable.NotEstimable):
        return told
    counts = [_count(scored, mask) for mask in (string, straight & string, string & ~straight)]
    alone = straight & ~string
    if int(alone.sum()) != int(straight.sum()):
        counts.append(_count(scored, alone))
    if any(isinstance(count, NotEstimable) for count in counts):
        return because(TOGETHER)
    return int(found.either.sum())


def _unusual(scored: Scored) -> Mask | estimable.NotEstimable:
    rows, _ = scored.gate.rows(scored.gate.base, scored.partition)
    return unusual(scored.inputs.table.answers[rows], scored.instrument, scored.inputs.asked)
