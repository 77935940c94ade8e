"""What a report says in words. Every sentence is chosen by evidence; where the evidence is thin, it says so.

A word such as "higher" appears only where the publication's frozen verdict says it; nothing here names a cause.
"""

from typing import Final

from survey.charts import told
from survey.i18n import Sentence
from survey.privacy.figures import Figure, NotEstimable
from survey.privacy.record import Change, Contribution, Detail, PolicyFacts, UnitFigures
from survey.privacy.released import Reason, Released, Suppressed
from survey.privacy.thaw import Publication, PublishedUnit

POOLED_BELOW: Final = 10
"""Units with fewer answers have intervals from the company's pooled spread (design 5)."""


def first(unit: PublishedUnit, figures: UnitFigures) -> tuple[Sentence, ...]:
    """Return the report's first words: where the unit stands, and against what."""
    where = standing(figures.index)
    if unit.parent is None or isinstance(figures.contribution, NotEstimable):
        return (where,)
    return (_against_the_rest(figures.contribution), where)


def standing(index: Figure) -> Sentence:
    """Return which side of the index weighs more, as far as its interval allows."""
    if index.low is not None and index.low > 0:
        return Sentence("Reasons that come from the work itself outweigh the pressures around it.")
    if index.high is not None and index.high < 0:
        return Sentence("The pressures around the work outweigh the reasons that come from the work itself.")
    return Sentence("Which weighs more here, the work itself or the pressures around it, cannot be told yet.")


def _against_the_rest(contribution: Contribution) -> Sentence:
    return {
        "higher": Sentence("The index is higher here than in the rest of the company."),
        "lower": Sentence("The index is lower here than in the rest of the company."),
        "no detectable difference": Sentence("The index here cannot be told apart from the rest of the company."),
    }[contribution.verdict]


def against_the_rest(contribution: Contribution | NotEstimable) -> Sentence:
    """Return what the gap means, for the cell that shows it."""
    if isinstance(contribution, NotEstimable):
        return Sentence(contribution.reason)
    if contribution.verdict == "no detectable difference" and _leaves_zero(contribution.gap):
        return Sentence(
            "No detectable difference: the interval leaves out 0, but with so many groups compared, some do so by "
            "chance."
        )
    return {
        "higher": Sentence("Higher than the rest of the company."),
        "lower": Sentence("Lower than the rest of the company."),
        "no detectable difference": Sentence("No detectable difference. That is not proof of sameness."),
    }[contribution.verdict]


def _leaves_zero(figure: Figure) -> bool:
    """Return whether the interval alone would call it a difference; verdicts are adjusted for all comparisons."""
    return figure.low is not None and figure.high is not None and (figure.low > 0 or figure.high < 0)


def since_last_wave(detail: Released[Detail] | Suppressed, publication: Publication) -> tuple[Change | None, Sentence]:
    """Return the change since the last wave, and the sentence that goes with it (or that says why there is none)."""
    if not publication.previous_wave:
        return None, Sentence("This is the first wave: it is the starting point for the next.")
    if isinstance(detail, Suppressed):
        return None, no_detail(
            detail, Sentence("Changes are shown from %(k)s answers in both waves.", {"k": publication.policy.detail_k})
        )
    change = detail.value.change
    if change is None:
        return None, _no_change(detail.value.change_hidden)
    return change, _change(change)


def _change(change: Change) -> Sentence:
    facts: dict[str, object] = {"wave": change.since, "points": change.detectable.text.lstrip("+")}
    if change.verdict == "no detectable difference" and _leaves_zero(change.difference):
        return Sentence(
            "No detectable change since %(wave)s: the interval leaves out 0, but with so many groups compared, some do "
            "so by chance.",
            facts,
        )
    return {
        "higher": Sentence("Higher than in the last wave (%(wave)s).", facts),
        "lower": Sentence("Lower than in the last wave (%(wave)s).", facts),
        "no detectable difference": Sentence(
            "No detectable change since %(wave)s; one of %(points)s points or more would most likely have shown.", facts
        ),
    }[change.verdict]


def no_detail(detail: Suppressed, small: Sentence) -> Sentence:
    """Return why a unit shows no details: `small` where too few answered."""
    if detail.reason == "small":
        return small
    return Sentence("Not shown: with it, the answers of a smaller group could be worked out.")


def _no_change(reason: str) -> Sentence:
    return Sentence(reason) if reason else Sentence("There is no earlier result to compare with.")


def weakest(figures: UnitFigures, publication: Publication, language: str) -> Sentence:
    """Return which motive stands out, if any does."""
    if not figures.weakest:
        return Sentence("No motive stands out as the weak one")
    scale = publication.instrument.scale(figures.weakest)
    name: dict[str, object] = {"motive": scale.name[language]}
    if scale.direction == "indirect":
        return Sentence("What weighs most here: %(motive)s", name)
    return Sentence("Weakest here: %(motive)s", name)


def twin(figures: UnitFigures) -> Sentence:
    """Return whether the index and its unweighted twin point the same way."""
    if figures.index.value * figures.twin.value >= 0:
        return Sentence("Counted without weights, the answers point the same way.")
    return Sentence("Counted without weights, the answers point the other way: draw no conclusion from the sign.")


def balance(figures: UnitFigures, language: str) -> Sentence:
    """Return adaptive minus tactical against the rest of the company, in words that its interval allows."""
    found = figures.balance
    if isinstance(found, NotEstimable):
        return Sentence(found.reason)
    facts: dict[str, object] = {"points": told(found, language), "low": found.low_text, "high": found.high_text}
    if found.low is not None and found.low > 0:
        return Sentence(
            "More weight on adaptive work than in the rest of the company: %(points)s points (%(low)s to %(high)s).",
            facts,
        )
    if found.high is not None and found.high < 0:
        return Sentence(
            "More weight on the plan than in the rest of the company: %(points)s points (%(low)s to %(high)s).", facts
        )
    return Sentence(
        "The balance cannot be told apart from the rest of the company: %(points)s points (%(low)s to %(high)s).",
        facts,
    )


def together(above: PublishedUnit, code: str, language: str) -> Sentence | None:
    """Return what the hidden groups of the unit above show together, where the hidden unit `code` is one of them."""
    if above.rest is None or code not in above.rest.value.units:
        return None
    found = above.rest.value
    return Sentence(
        "The groups of %(unit)s that are not shown, this one among them, have an index of %(index)s together "
        "(%(low)s to %(high)s; answers: %(n)s).",
        {
            "unit": above.name(language),
            "index": told(found.index, language),
            "low": found.index.low_text,
            "high": found.index.high_text,
            "n": f"{found.n:,}",
        },
    )


def hidden(reason: Reason, policy: PolicyFacts) -> Sentence:
    """Return why a unit's results are not shown."""
    k = policy.k
    if reason == "small":
        return Sentence("Fewer than %(k)s people answered.", {"k": k})
    if policy.strict:
        return Sentence(
            "Showing these results would let someone work out those of a group smaller than %(k)s people, or guess "
            "what one or two people who joined or left had answered.",
            {"k": k},
        )
    return Sentence(
        "Showing these results would let someone work out those of a group smaller than %(k)s people.", {"k": k}
    )
