"""The one sentence a unit's page begins with: against the rest of the company, and against the last wave.

A word such as "higher" stands in it only where the publication's frozen verdict says it.
"""

from collections.abc import Mapping
from typing import Final, Literal

from survey.i18n import Sentence
from survey.privacy.figures import NotEstimable
from survey.privacy.record import Contribution, Verdict
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication, PublishedUnit

Beside = Verdict | Literal["nothing"]
"""Against the rest of the company; "nothing" for the company itself, and where there is too little to compare with."""
Since = Verdict | Literal["first", "not shown"]
"""Against the last wave; "first" where there was none."""

HEADLINES: Final[Mapping[tuple[Beside, Since], Sentence]] = {
    ("higher", "higher"): Sentence(
        "The index is higher here than in the rest of the company, and it has risen since %(wave)s."
    ),
    ("higher", "lower"): Sentence(
        "The index is higher here than in the rest of the company, but it has fallen since %(wave)s."
    ),
    ("higher", "no detectable difference"): Sentence(
        "The index is higher here than in the rest of the company; a change since %(wave)s cannot be told."
    ),
    ("higher", "first"): Sentence(
        "The index is higher here than in the rest of the company. This is the first wave: nothing lies before it."
    ),
    ("higher", "not shown"): Sentence(
        "The index is higher here than in the rest of the company. How it has changed is not shown."
    ),
    ("lower", "higher"): Sentence(
        "The index is lower here than in the rest of the company, but it has risen since %(wave)s."
    ),
    ("lower", "lower"): Sentence(
        "The index is lower here than in the rest of the company, and it has fallen since %(wave)s."
    ),
    ("lower", "no detectable difference"): Sentence(
        "The index is lower here than in the rest of the company; a change since %(wave)s cannot be told."
    ),
    ("lower", "first"): Sentence(
        "The index is lower here than in the rest of the company. This is the first wave: nothing lies before it."
    ),
    ("lower", "not shown"): Sentence(
        "The index is lower here than in the rest of the company. How it has changed is not shown."
    ),
    ("no detectable difference", "higher"): Sentence(
        "The index has risen since %(wave)s; it cannot be told apart from the rest of the company."
    ),
    ("no detectable difference", "lower"): Sentence(
        "The index has fallen since %(wave)s; it cannot be told apart from the rest of the company."
    ),
    ("no detectable difference", "no detectable difference"): Sentence(
        "The index can be told apart neither from the rest of the company nor from what it was in %(wave)s."
    ),
    ("no detectable difference", "first"): Sentence(
        "The index cannot be told apart from the rest of the company. This is the first wave: nothing lies before it."
    ),
    ("no detectable difference", "not shown"): Sentence(
        "The index cannot be told apart from the rest of the company. How it has changed is not shown."
    ),
    ("nothing", "higher"): Sentence("The index has risen since %(wave)s."),
    ("nothing", "lower"): Sentence("The index has fallen since %(wave)s."),
    ("nothing", "no detectable difference"): Sentence("Whether the index has changed since %(wave)s cannot be told."),
    ("nothing", "first"): Sentence("This is the first wave: what comes later will be held against it."),
    ("nothing", "not shown"): Sentence("How the index has changed is not shown."),
}


def headline(unit: PublishedUnit, contribution: Contribution | NotEstimable, publication: Publication) -> Sentence:
    """Return the sentence for a unit that is shown."""
    since, wave = _since(unit, publication)
    return HEADLINES[_beside(unit, contribution), since].fill(wave=wave)


def _beside(unit: PublishedUnit, contribution: Contribution | NotEstimable) -> Beside:
    if unit.parent is None or isinstance(contribution, NotEstimable):
        return "nothing"
    return contribution.verdict


def _since(unit: PublishedUnit, publication: Publication) -> tuple[Since, str]:
    if not publication.previous_wave:
        return "first", ""
    change = None if isinstance(unit.detail, Suppressed) else unit.detail.value.change
    return ("not shown", "") if change is None else (change.verdict, change.since)
