import re
from typing import Literal

import pytest
from msgspec.structs import replace

from reports import leaning, sentences
from survey.i18n import LANGUAGES, Sentence, catalogue
from survey.privacy.figures import NotEstimable
from survey.privacy.record import Contribution, Link, UnitFigures
from survey.privacy.released import Released, Suppressed
from tests.reports import company

CAUSE = re.compile(
    r"because of|cause|leads? to|due to|result(s|ed)? (in|from)|때문에 (높|낮)|덕분|원인이|초래|영향을 미"
)


def figures(code: str) -> UnitFigures:
    """Return the figures of a unit of the hand-made publication."""
    found = company.publication().unit(code).figures
    assert isinstance(found, Released)
    value: UnitFigures = found.value
    return value


@pytest.mark.parametrize(
    ("middle", "half", "says"),
    [(20.0, 10.0, "outweigh the pressures"), (-20.0, 10.0, "The pressures around"), (5.0, 10.0, "cannot be told yet")],
)
def test_the_standing_needs_an_interval_that_leaves_zero(middle: float, half: float, says: str) -> None:
    """Which side weighs more is said only where the whole interval lies on one side of zero."""
    assert says in str(sentences.standing(company.figure(middle, half, signed=True)))


@pytest.mark.parametrize(
    ("verdict", "says"),
    [("higher", "Higher than"), ("lower", "Lower than"), ("no detectable difference", "not proof of sameness")],
)
def test_a_gap_is_called_by_its_frozen_verdict(
    verdict: Literal["higher", "lower", "no detectable difference"], says: str
) -> None:
    """Words of comparison are the publication's verdict, whatever the number looks like."""
    contribution = figures("SEOUL").contribution
    assert isinstance(contribution, Contribution)
    contribution = replace(contribution, gap=company.figure(4.0, 10.0, signed=True))
    assert says in str(sentences.against_the_rest(replace(contribution, verdict=verdict)))


def test_an_interval_without_zero_is_explained_where_the_verdict_sees_no_difference() -> None:
    """A reader who sees 0 outside the interval and "no detectable difference" beside it is told how both can be."""
    contribution = figures("SEOUL").contribution
    assert isinstance(contribution, Contribution)
    apart = replace(contribution, verdict="no detectable difference", gap=company.figure(-20.0, 10.0, signed=True))
    assert "the interval leaves out 0" in str(sentences.against_the_rest(apart))
    change = replace(company.CHANGE, difference=company.figure(20.0, 10.0, signed=True))
    units = [
        replace(unit, detail=unit.detail and replace(unit.detail, change=change)) for unit in company.record().units
    ]
    publication = company.with_change(units=units)
    said = sentences.since_last_wave(publication.unit("SALES").detail, publication)[1]
    assert "the interval leaves out 0" in str(said)
    assert "2026-Q2" in str(said)


def test_what_is_not_estimable_gives_its_reason() -> None:
    """A number that cannot be had is replaced by its reason, in words."""
    reason = "This is the whole company: there is no rest to compare it with."
    assert str(sentences.against_the_rest(NotEstimable(reason))) == reason
    assert [str(said) for said in leaning.link(company.with_change(link=NotEstimable(reason)))] == [reason]
    assert str(sentences.balance(replace(figures("SEOUL"), balance=NotEstimable(reason)), "en")) == reason


def test_a_change_is_told_with_what_could_have_been_seen() -> None:
    """No detectable change comes with the smallest change that would have shown."""
    publication = company.publication()
    change, said = sentences.since_last_wave(publication.unit("SALES").detail, publication)
    assert change is not None
    assert "12.4" in str(said)


@pytest.mark.parametrize(
    ("code", "says"),
    [("SEOUL", "One or two people"), ("BUSAN", "from 10 answers"), ("LAB", "from 10 answers")],
)
def test_a_change_that_is_not_shown_says_why(code: str, says: str) -> None:
    """Too few answers, or one or two movers: the reason stands where the number would be."""
    publication = company.publication()
    change, said = sentences.since_last_wave(publication.unit(code).detail, publication)
    assert change is None
    assert says in str(said)


def test_details_hidden_for_others_say_so() -> None:
    """A large unit whose details would give away a smaller group does not claim to be too small."""
    publication = company.publication()
    change, said = sentences.since_last_wave(Suppressed("complementary"), publication)
    assert change is None
    assert "smaller group" in str(said)
    assert "smaller group" in str(leaning.label(Suppressed("complementary"), publication)[1])


@pytest.mark.parametrize(
    ("weakest", "says"),
    [("", "No motive stands out"), ("play", "Weakest here: Play"), ("inertia", "What weighs most here: Inertia")],
)
def test_the_weak_motive_is_named_by_its_side(weakest: str, says: str) -> None:
    """A direct motive is weak, an indirect one weighs; where none stands out, that is said."""
    assert says in str(sentences.weakest(replace(figures("SEOUL"), weakest=weakest), company.publication(), "en"))


def test_a_label_comes_with_its_probability_or_not_at_all() -> None:
    """A label names its probability and how often such labels are wrong; without one the report cannot tell."""
    publication = company.publication()
    label, says = leaning.label(publication.unit("SALES").detail, publication)
    assert "leaning on the plan" in str(label)
    assert "Probability 87\N{NO-BREAK SPACE}%. Labels are given from 80\N{NO-BREAK SPACE}%" in str(says)
    for code in ("SEOUL", "CARE"):
        assert "cannot tell yet" in str(leaning.label(publication.unit(code).detail, publication)[0])


@pytest.mark.parametrize(
    ("middle", "half", "says"),
    [(0.5, 0.2, "More weight on adaptive"), (-0.5, 0.2, "More weight on the plan"), (0.1, 0.2, "cannot be told apart")],
)
def test_the_balance_leans_only_where_its_interval_does(middle: float, half: float, says: str) -> None:
    """A side is named only where the whole interval lies on it."""
    found = replace(figures("SEOUL"), balance=company.figure(middle, half, signed=True, digits=2))
    assert says in str(sentences.balance(found, "en"))


@pytest.mark.parametrize(
    ("finding", "says"),
    [
        ("more with adaptive", "more closely with adaptive"),
        ("more with tactical", "more closely with carrying out"),
        ("no difference shown", "is not shown"),
    ],
)
def test_the_link_says_what_goes_together(
    finding: Literal["more with adaptive", "no difference shown", "more with tactical"], says: str
) -> None:
    """Each finding has its sentence, after the correlations and their base."""
    found = company.publication().link.value
    assert isinstance(found, Link)
    said = " ".join(
        str(sentence) for sentence in leaning.link(company.with_change(link=replace(found, finding=finding)))
    )
    assert says in said
    assert "Among 1,204 people in 118 units" in said


def test_the_unweighted_twin_may_disagree() -> None:
    """Where the unweighted difference has the other sign, the report warns against a conclusion."""
    found = figures("SEOUL")
    assert "same way" in str(sentences.twin(found))
    other = replace(found, twin=company.figure(-found.twin.value, 0.5, signed=True, digits=2))
    assert "no conclusion" in str(sentences.twin(other))


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_called_a_cause(language: str) -> None:
    """No sentence of the report about results speaks of cause and effect."""
    publication = company.publication()
    said: list[Sentence] = [*leaning.link(publication)]
    for code in ("ALL", "SALES", "SEOUL", "BUSAN", "CARE"):
        unit = publication.unit(code)
        said += [*sentences.first(unit, figures(code)), *leaning.label(unit.detail, publication)]
        said += [sentences.weakest(figures(code), publication, language)]
    assert [text for text in (sentence.to(language) for sentence in said) if CAUSE.search(text)] == []
    assert "These numbers say what goes together. They do not say that one brings about the other." in catalogue("ko")
