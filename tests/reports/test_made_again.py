from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec
import pytest

from reports.excerpt import Excerpt, excerpt
from reports.verify.again import made_again
from reports.verify.changes import Side, welch
from reports.verify.family import adjust, adjusted_again
from reports.verify.findings import Findings
from reports.verify.kept import against
from reports.verify.resting import ALIKE, FAMILY, PLACES, REGION, UNTOLD, numbers, resting, why_not
from survey.i18n import LANGUAGES
from survey.privacy.released import Released
from survey.privacy.thaw import PublishedUnit, dump, thaw
from survey.scoring.comparison import Comparison, Mean, compare_means
from survey.scoring.family import adjust as published_adjust
from survey.scoring.summaries import MeanError
from tests.sample import EXTREME, SMALL, sample_publication, sample_record

CODES = ("HQ", "A2-T5", "A1-T3", EXTREME, "B3-T1", "B2", SMALL)
"""The company, a team whose motives changed, small teams, one at the bounds, one of like answers, two hidden."""


@cache
def source(code: str) -> bytes:
    """Return the source of a unit's report, with the wave before."""
    return excerpt(sample_publication(), code, "en", (sample_publication(False),))


def decoded(data: bytes) -> Excerpt:
    """Return a source as the check reads it."""
    return msgspec.json.decode(data, type=Excerpt)


def differing(found: Excerpt) -> list[str]:
    """Return the names of numbers that are not what their formula makes."""
    return [each.of for each in made_again(found) if each.told != each.made]


@pytest.mark.parametrize("code", CODES)
def test_formulas_make_what_is_printed(code: str) -> None:
    """Sums, counts and the wave before make every number that they determine, to the last digit."""
    assert differing(decoded(source(code))) == []


@pytest.mark.parametrize("code", CODES)
def test_every_number_is_made_again_or_named(code: str) -> None:
    """Whichever printed number is changed in the data, its formula tells; or it is said by name why none can."""
    made = {each.of for each in made_again(decoded(source(code)))}
    silent = {
        f"{path} {part}"
        for path, part in parts(decoded(source(code)))
        if not differing(changed(source(code), path, part)) and why_not(path, made) is None
    }
    assert silent == set()


@pytest.mark.parametrize("code", CODES)
def test_nothing_is_named_that_is_made_again(code: str) -> None:
    """What is said not to be made again is not: the reason would be untrue."""
    found = decoded(source(code))
    made = {each.of for each in made_again(found)}
    named = [(path, part) for path, part in parts(found) if why_not(path, made) is not None]
    assert [one for one in named if differing(changed(source(code), *one))] == []


def parts(found: Excerpt) -> Iterator[tuple[str, str]]:
    """Yield every printed text by its path: the number, or the ends of its interval."""
    for path in numbers(found):
        yield from ((path, part) for part in (("low_text", "high_text") if path.endswith(".interval") else ("text",)))


def changed(data: bytes, path: str, part: str, value: object = "+99.9") -> Excerpt:
    """Return a source in which a text says something else."""
    facts = msgspec.json.decode(data)
    _at(facts, path.removesuffix(".interval"))[part] = value
    return msgspec.convert(facts, Excerpt)


def _at(facts: Any, path: str) -> Any:  # noqa: ANN401 - plain JSON
    first, *steps = path.split(".")
    if first in {"unit", "above"}:
        code = facts["unit"] if first == "unit" else steps.pop(0)
        node = next(each for each in facts["record"]["units"] if each["code"] == code)
    else:
        node = facts["earlier"] if first == "earlier" else facts["record"][first]
    for step in steps:
        node = node[int(step)] if isinstance(node, list) else node[step]
    return node


@pytest.mark.parametrize(
    ("path", "part", "value", "name"),
    [
        ("unit.detail", "label", "neither", "label"),
        ("unit.detail", "label_probability", 0.5, "probability of the label"),
        ("unit.detail.quadrants", "both", 0.123, "probability: both"),
        ("unit.detail.change", "verdict", "lower", "word of the change: index"),
        ("unit.detail.change", "p_adjusted", 0.0, "adjusted p, not below its own: index"),
        ("unit.detail.agreement.play", "split", True, "two camps: play"),
        ("unit.figures.position", "tactical", 3.21, "map: tactical"),
        ("link", "finding", "more with tactical", "what the link allows to say"),
        ("evidence.axes", "two", False, "two axes"),
    ],
)
def test_words_and_probabilities_follow_from_the_numbers(path: str, part: str, value: object, name: str) -> None:
    """A label, a verdict, a probability that its own numbers do not make is told by its name."""
    assert name in differing(changed(source("HQ"), path, part, value))


def test_reasons_fit_the_report() -> None:
    """The company's probabilities are made again, a team's are named; a change is, where spreads are told."""
    names = {
        code: resting(decoded(source(code)), [each.of for each in made_again(decoded(source(code)))]) for code in CODES
    }
    assert REGION in names["HQ"]
    assert PLACES not in names["HQ"]
    assert PLACES in names["A2-T5"]
    assert FAMILY in names["A2-T5"]
    assert UNTOLD not in names["A2-T5"]
    assert ALIKE in names["B3-T1"]
    alone = decoded(excerpt(sample_publication(), "A2-T5", "en", ()))
    assert UNTOLD in resting(alone, [each.of for each in made_again(alone)])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reason_says_what_cannot_be_made_and_why(language: str) -> None:
    """Each sentence reads the same way: this cannot be made again, because of that."""
    words = {"en": ("cannot be made again from", "because"), "ko": ("다시 계산할 수 없어요.", "때문이에요.")}[language]
    found = {str(why): why for code in CODES for why in resting(decoded(source(code)), [])}
    assert len(found) > 8
    assert [each for each in found.values() if not all(word in each.to(language) for word in words)] == []


def told() -> list[PublishedUnit]:
    """Return the sample's units that show a change."""
    units = sample_publication().units
    return [each for each in units if isinstance(each.detail, Released) and each.detail.value.change is not None]


def test_adjusted_p_values_are_made_again_from_the_publication() -> None:
    """All changes of all units make every unit's adjusted p values, those of motives included."""
    made = [
        each for unit in told() for each in adjusted_again(sample_publication(), sample_publication(False), unit.code)
    ]
    assert [each for each in made if each.told != each.made] == []
    assert len(made) > len(told()) > 10


def test_one_unit_left_out_would_be_seen() -> None:
    """The family is all units: without one of them the others' p values are other ones."""
    record = sample_record()
    gone = next(each.code for each in told() if each.parent is not None)
    units = [
        msgspec.structs.replace(each, detail=msgspec.structs.replace(each.detail, change=None))
        if each.code == gone and each.detail is not None
        else each
        for each in record.units
    ]
    other = thaw(*dump(msgspec.structs.replace(record, units=units)))
    made = [each for unit in told() for each in adjusted_again(other, sample_publication(False), unit.code)]
    assert any(each.told != each.made for each in made)


def test_what_cannot_be_made_is_left_alone() -> None:
    """Where the wave before holds other units, no p value is made up."""
    assert list(adjusted_again(sample_publication(), sample_publication(), told()[0].code)) == []


def test_a_report_is_held_against_the_publication_it_names() -> None:
    """The same data say so, with p values; a correlation that was changed everywhere in the report does not."""
    code = told()[1].code
    earlier = (sample_publication(False),)
    kept = against(findings(source(code), code), sample_publication(), earlier)
    assert kept.differs == ()
    assert kept.made == (FAMILY,)
    assert "adjusted p" in str(kept.checked[1])
    other = msgspec.json.encode(changed(source(code), "link.with_adaptive", "text", "0.99"))
    assert len(against(findings(other, code), sample_publication(), earlier).differs) == 1


def test_reports_of_the_version_before_can_be_held_against_it() -> None:
    """They hold less of the wave before; nothing else may differ."""
    code = told()[1].code
    facts = msgspec.json.decode(source(code))
    for each in facts["earlier"]:
        del each["then"], each["drawn"]
    data = msgspec.json.encode(facts)
    assert against(findings(data, code), sample_publication(), (sample_publication(False),)).differs == ()
    assert UNTOLD in resting(decoded(data), [each.of for each in made_again(decoded(data))])


def findings(data: bytes, code: str) -> Findings:
    """Return what a check of a report hands on."""
    return Findings((), (), (), sample_publication().digest, code, "en", data)


def test_written_out_formulas_are_the_published_ones() -> None:
    """Two ways to the same numbers: Welch's interval and p, Hedges' g with its interval, what can be detected."""
    found = compare_means(
        Mean(23, 12.5, MeanError(21.0**2 / 23, 22, "own")), Mean(31, 3.25, MeanError(17.5**2 / 31, 30, "own"))
    )
    made = welch(Side(12.5, 21.0, 23, 22), Side(3.25, 17.5, 31, 30))
    assert isinstance(found, Comparison)
    ours = (made.difference, made.low, made.high, made.p, made.g, made.g_low, made.g_high, made.detectable)
    theirs = (
        found.difference,
        found.interval.low,
        found.interval.high,
        found.p,
        found.g,
        *found.g_interval,
        found.detectable,
    )
    assert ours == pytest.approx(theirs, rel=1e-9)
    p = [0.01, 0.04, 0.03, 0.5, 0.03]
    assert adjust(p) == pytest.approx(published_adjust(p))
