"""What is said about differences: of two units, of a unit's own waves, and of who was there then.

A word such as "higher" appears only where the publication's frozen verdict says it; nothing here names a cause.
"""

from survey.i18n import Sentence
from survey.privacy.figures import Figure
from survey.privacy.pairs import Pair
from survey.privacy.record import Change
from survey.privacy.thaw import Publication, PublishedUnit
from survey.scoring.regression import bites


def leaves_zero(figure: Figure) -> bool:
    """Return whether the interval alone would call it a difference; verdicts are adjusted for all comparisons."""
    return figure.low is not None and figure.high is not None and (figure.low > 0 or figure.high < 0)


def of_pair(pair: Pair, first: str, second: str) -> Sentence:
    """Return what may be said of two units."""
    names: dict[str, object] = {"first": first, "second": second}
    if pair.verdict == "no detectable difference" and leaves_zero(pair.difference):
        return Sentence(
            "No detectable difference: the interval leaves out 0, but with so many groups compared, some do so by "
            "chance."
        )
    return {
        "higher": Sentence("%(first)s is higher than %(second)s.", names),
        "lower": Sentence("%(first)s is lower than %(second)s.", names),
        "no detectable difference": Sentence("No detectable difference. That is not proof of sameness."),
    }[pair.verdict]


def unseen(change: Change) -> Sentence:
    """Return how large a change must be to be found, in plain words; shorter where the number was said before."""
    if change.verdict == "no detectable difference" and not leaves_zero(change.difference):
        return Sentence("With this many answers, a smaller change may well go unseen.")
    return Sentence(
        "With this many answers, a change of less than %(points)s points may well go unseen here.",
        {"points": change.detectable.text.lstrip("+")},
    )


def expected(change: Change) -> Sentence | None:
    """Return which part of a change was to be expected without any change; None where that is not worth saying."""
    found, seen = change.expected, change.difference
    if found is None or not bites(found.value, seen.value):
        return None
    facts: dict[str, object] = {"expected": found.text, "change": seen.text}
    if abs(found.value) >= abs(seen.value):
        return Sentence(
            "Groups that stood far from the others last time tend to come back towards them by themselves: about "
            "%(expected)s points would be expected without any change, so these %(change)s say little.",
            facts,
        )
    if seen.value > 0:
        return Sentence(
            "Groups that stood very low last time tend to come back up by themselves: about %(expected)s of these "
            "%(change)s points would be expected without any change.",
            facts,
        )
    return Sentence(
        "Groups that stood very high last time tend to come back down by themselves: about %(expected)s of these "
        "%(change)s points would be expected without any change.",
        facts,
    )


def stayed(unit: PublishedUnit, publication: Publication) -> Sentence | None:
    """Return how many of a unit's people were there in the wave before; None where nobody was, or nobody knows."""
    if unit.origin is None or not publication.previous_wave or not unit.origin.stayed:
        return None
    return Sentence("%(percent)s %% of today’s people were here last time.", {"percent": unit.origin.stayed})


def came(share: int, name: str) -> Sentence:
    """Return from which other unit most of a unit's people came."""
    return Sentence("%(percent)s %% of today’s people were in %(unit)s last time.", {"percent": share, "unit": name})


def since_origin(change: Change, name: str) -> Sentence:
    """Return the change against the unit that most of today's people came from."""
    facts: dict[str, object] = {
        "unit": name,
        "points": change.difference.text,
        "low": change.difference.low_text,
        "high": change.difference.high_text,
    }
    return {
        "higher": Sentence("Against %(unit)s then: %(points)s points (%(low)s to %(high)s), higher.", facts),
        "lower": Sentence("Against %(unit)s then: %(points)s points (%(low)s to %(high)s), lower.", facts),
        "no detectable difference": Sentence(
            "Against %(unit)s then: %(points)s points (%(low)s to %(high)s), no detectable change.", facts
        ),
    }[change.verdict]


def word(change: Change) -> Sentence:
    """Return the verdict on a motive's change, in a word."""
    return {
        "higher": Sentence("Higher"),
        "lower": Sentence("Lower"),
        "no detectable difference": Sentence("No detectable change"),
    }[change.verdict]
