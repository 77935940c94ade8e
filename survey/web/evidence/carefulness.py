"""Answers that look careless: how many, and whether any conclusion changes without them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from survey.i18n import Sentence
from survey.privacy.evidence import Carefulness, Flag, Sensitivity
from survey.privacy.figures import NotEstimable
from survey.privacy.thaw import Publication
from survey.scoring.quality import string_cut
from survey.web.evidence.link import OLD
from survey.web.evidence.scales import Number, number

STRAIGHT = Sentence("The same answer to all questions about motives")
EITHER = Sentence("Any of these")
UNUSUAL = Sentence("An unusual combination of answers (told, but not flagged)")
COEFFICIENTS: Final = {"alpha": "α", "spearman-brown": "ρ", "omega": "ω", "icc1": "ICC(1)"}
LINK = Sentence("The link: with adaptive minus with tactical performance")


@dataclass(frozen=True)
class Count:
    """How many answers have a mark, or why that is not told."""

    name: Sentence
    many: int
    why_not: Sentence | None


@dataclass(frozen=True)
class Result:
    """One result with all answers, and without the flagged ones."""

    name: Sentence
    with_all: Number
    without: Number
    changes: bool


@dataclass(frozen=True)
class CarefulSection:
    """What the page says of careless answers."""

    people: int = 0
    counts: tuple[Count, ...] = ()
    verdict: Sentence | None = None
    results: tuple[Result, ...] = ()
    why_not: Sentence | None = None


def carefulness(publication: Publication, language: str) -> CarefulSection:
    """Return flags, what they are worth, and the results with and without them."""
    found = None if publication.evidence is None else publication.evidence.value.carefulness
    if not isinstance(found, Carefulness):
        return CarefulSection(why_not=OLD if found is None else Sentence(found.reason))
    people, counts = publication.quality.value.counted, _counts(found, publication)
    if isinstance(found.sensitivity, NotEstimable):
        return CarefulSection(people, counts, Sentence(found.sensitivity.reason))
    results = tuple(_result(one, publication, language) for one in found.sensitivity)
    return CarefulSection(people, counts, Sentence(found.verdict), results)


def _counts(found: Carefulness, publication: Publication) -> tuple[Count, ...]:
    cut: dict[str, object] = {"many": string_cut(publication.instrument)}
    names: Mapping[Flag, Sentence] = {
        "straight": STRAIGHT,
        "string": Sentence("One and the same answer to %(many)s questions in a row or more", cut),
    }
    flags = tuple(_count(names[flag], many) for flag, many in found.flagged.items())
    return (*flags, _count(EITHER, found.either), _count(UNUSUAL, found.unusual))


def _count(name: Sentence, many: int | NotEstimable) -> Count:
    return Count(name, 0, Sentence(many.reason)) if isinstance(many, NotEstimable) else Count(name, many, None)


def _result(one: Sensitivity, publication: Publication, language: str) -> Result:
    return Result(
        _name(one.what, publication, language),
        number(one.with_all, language),
        number(one.without, language),
        one.changes,
    )


def _name(what: str, publication: Publication, language: str) -> Sentence:
    kind, _, scale = what.partition(":")
    if kind == "index":
        return Sentence("Total motivation")
    if kind == "link":
        return LINK
    if kind == "icc1":
        return Sentence("Share of total motivation that goes with the unit, ICC(1)")
    named: dict[str, object] = {
        "scale": publication.instrument.scale(scale).name[language],
        "coefficient": COEFFICIENTS[kind],
    }
    return Sentence("%(scale)s, consistency %(coefficient)s", named)
