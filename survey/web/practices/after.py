"""What came after practices, in words for everybody, with numbers for HR: they rest on units of the whole company."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from survey.charts import interval, told
from survey.i18n import Sentence
from survey.privacy.before_after import After, afterwards
from survey.privacy.figures import Figure
from survey.privacy.thaw import Publication

WORDS: Final = {
    "moved apart before": Sentence(
        "These units had moved apart from the others already before it began, so what came after says nothing about it."
    ),
    "higher after": Sentence(
        "After it began, total motivation rose more, or fell less, than in units that had started alike."
    ),
    "lower after": Sentence(
        "After it began, total motivation fell more, or rose less, than in units that had started alike."
    ),
    "no detectable difference": Sentence(
        "After it began, no difference could be told from units that had started alike."
    ),
}
MISSING: Final = {
    "adopting": Sentence("%(have)s of %(need)s units that took it up and can be compared so far"),
    "others": Sentence("%(have)s of %(need)s units to compare them with"),
    "earlier": Sentence("%(have)s of %(need)s earlier waves"),
}


@dataclass(frozen=True)
class Number:
    """A number with its interval."""

    name: str
    shown: str
    interval: str


@dataclass(frozen=True)
class Story:
    """A practice, what may be said of it, and the numbers behind the words."""

    name: str
    early: bool
    says: Sentence
    missing: tuple[Sentence, ...]
    unmatched: int
    """Units that took it up, for which no others had started alike."""
    matched: int
    others: int
    numbers: tuple[Number, ...]


def stories(publications: Sequence[Publication], language: str, *, numbers: bool) -> tuple[Story, ...]:
    """Return what is known of each practice, in the register's order; `numbers` for HR."""
    known = {one.id: one.name[language] for each in publications for one in each.practices}
    return tuple(
        _story(each, known[each.practice], publications, language, numbers=numbers) for each in afterwards(publications)
    )


def _story(after: After, name: str, publications: Sequence[Publication], language: str, *, numbers: bool) -> Story:
    return Story(
        name,
        after.verdict == "too early to say",
        WORDS.get(after.verdict, Sentence("Too early to say.")),
        tuple(MISSING[what].fill(have=have, need=need) for what, (have, need) in after.missing.items()),
        after.took_up - after.matched,
        after.matched,
        after.others,
        _numbers(after, publications, language) if numbers else (),
    )


def _numbers(after: After, publications: Sequence[Publication], language: str) -> tuple[Number, ...]:
    scales = publications[-1].instrument
    named: list[tuple[str, Figure | None]] = [
        (Sentence("Total motivation: change beside the others").to(language), after.index),
        (Sentence("The same between the two waves before it began").to(language), after.earlier),
    ]
    if after.starts is not None:
        named += [
            (Sentence("Where these units started, on average").to(language), after.starts[0]),
            (Sentence("Where the others started, on average").to(language), after.starts[1]),
        ]
    named += [
        (
            Sentence("%(motive)s: change beside the others", {"motive": scales.scale(each).name[language]}).to(
                language
            ),
            it,
        )
        for each, it in after.motives.items()
    ]
    return tuple(
        Number(name, told(each, language), interval(each, language)) for name, each in named if each is not None
    )
