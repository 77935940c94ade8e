"""What may be said of an outcome beside motives: the verdict of the whole company, fixed with the publication."""

from typing import Final

from survey.i18n import Sentence
from survey.privacy.beside import Beside
from survey.scoring.outcomes import COEFFICIENT_FROM, PLOT_FROM

FOUND: Final = {
    "higher together": Sentence(
        "In the whole company values were higher afterwards where total motivation was higher: they go together."
    ),
    "lower together": Sentence(
        "In the whole company values were lower afterwards where total motivation was higher: they go together."
    ),
    "no connection shown": Sentence(
        "In the whole company no connection can be told apart from chance, which does not show that there is none."
    ),
}


def verdict(beside: Beside) -> Sentence | None:
    """Return what may be said of a measure in the whole company; None where nothing is known of it yet."""
    if not beside.period:
        return None
    few = Sentence("too few points to say anything")
    if not beside.drawn:
        facts: dict[str, object] = {"few": few, "have": len(beside.points), "need": PLOT_FROM}
        return Sentence("In the whole company: %(few)s (%(have)s of %(need)s units for a plot).", facts)
    if not beside.declared_on:
        return Sentence("Not declared before this wave opened: it is drawn, and nothing more is said.")
    if beside.finding is not None:
        return FOUND[beside.finding]
    if len(beside.points) < COEFFICIENT_FROM:
        facts = {"few": few, "have": len(beside.points), "need": COEFFICIENT_FROM}
        return Sentence("In the whole company: %(few)s (%(have)s of %(need)s units for a coefficient).", facts)
    return Sentence("The values are too alike, or too much in one order, for a coefficient.")
