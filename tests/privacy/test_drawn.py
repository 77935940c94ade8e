"""Indexes drawn towards the others, and how much lies between units: from n, means and the pooled spread alone."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest

from survey.privacy.evidence import GroupEvidence
from survey.privacy.figures import MEAN, PLAIN_POINTS, POINTS, Figure, NotEstimable, figure
from survey.privacy.gate import decide
from survey.privacy.policy import Policy
from survey.privacy.scored import TOO_ALIKE, TOO_FEW, Scored, score
from survey.privacy.shrunken import WHOLE, ends, group_evidence, kinds_of, shrunken
from survey.scoring import estimable
from survey.scoring.intraclass import CHANCE, NOTHING_BETWEEN, Intraclass, intraclass, told_apart
from survey.scoring.measure import Measure
from survey.scoring.oneway import Units
from survey.scoring.shrinkage import FEW_UNITS, Shrinkage, shrinkage
from survey.scoring.variance_components import ONE_UNIT, Components, components
from survey.scoring.within import Within
from tests.privacy.companies import answered, company, instrument
from tests.privacy.test_units_told import of_kind

PICTURE = """
    Company
      East
        A 12
        B 6
        C 10
      West
        D 14
        E 7
        F 13
        G 9
      H 8
      I 11
"""
STORES = "ABCDE"
OTHERS = "FGHI"


def stores(*, far: bool = False) -> Scored:
    """A company whose stores are five teams; East and the company are called stores as well. Far apart, if asked."""
    inputs = company(PICTURE)
    for place, code in enumerate([*STORES, *OTHERS] if far else ""):
        for motive in instrument().motives:
            liked = (motive.direction == "direct") is (place % 2 == 0)
            inputs = answered(inputs, code, motive.id, [7, 7, 7, 7, 3] * 3 if liked else [1, 1, 1, 1, 5] * 3)
    inputs = of_kind(inputs, **dict.fromkeys([*STORES, "East", "Company"], "store"), F="office", G="office")
    return score(inputs, decide(inputs))


def units_of(scored: Scored, codes: Iterable[str], of: Measure | str) -> Units:
    """People and means of units, and the spread within all cells."""
    pooled, unit = scored.pooled(of), [scored.moments[code] for code in codes]
    assert isinstance(pooled, Within)
    means = np.array([float(each.mean(of)) for each in unit])
    return Units(np.array([float(each.n) for each in unit]), means, pooled.variance(of) * pooled.df, pooled.df)


def untold(name: str, units: int, reason: estimable.NotEstimable) -> GroupEvidence:
    """What is said of a measure of which nothing may be told."""
    why = NotEstimable(reason.reason.text)
    return GroupEvidence(name, units, why, why, why)


@pytest.mark.parametrize("far", [False, True])
def test_units_are_drawn_towards_the_last_of_their_kind(far: bool) -> None:  # noqa: FBT001 - two cases
    """Five stores towards stores, with the one that holds three; others towards all teams; the company nowhere."""
    scored = stores(far=far)
    drawn = shrunken(scored)
    assert list(drawn) == ["Company", *(code for code in scored.partition.shown if code != "Company")]
    assert len(drawn) == 12
    assert drawn["Company"] == NotEstimable(WHOLE.reason.text)
    cut = False
    for code in (*STORES, *OTHERS, "East", "West"):
        towards = STORES if code in STORES or code == "East" else STORES + OTHERS
        learnt = shrinkage(units_of(scored, towards, scored.index))
        assert isinstance(learnt, Shrinkage)
        here = scored.moments[code]
        made = learnt.of([here.n], [float(here.mean(scored.index))])
        low, high = float(made.low[0]), float(made.high[0])
        assert drawn[code] == figure(float(made.value[0]), POINTS, (max(low, -100.0), min(high, 100.0)))
        cut = cut or low < -100 or high > 100
    assert cut is far


def test_ends_hold_no_other_of_their_kind() -> None:
    """Of stores the five teams; of all kinds each is an end that holds none alike; what is left out holds nobody."""
    scored = stores()
    kinds = kinds_of(scored)
    assert set(kinds) == set(scored.partition.shown)
    assert (kinds["A"], kinds["West"]) == ((False, "store"), (False, ""))
    assert set(ends(scored, dict.fromkeys(kinds, (False, "")))) == {*STORES, *OTHERS}
    assert set(ends(scored, kinds)) == {*STORES, *OTHERS, "West"}
    assert ends(scored, {"East": (False, "store"), "H": (False, "")}) == ("East", "H")


def test_leads_are_a_kind_of_their_own() -> None:
    """Groups of leads are not of the type that teams are declared to be, nor teams of theirs."""
    inputs = company(
        "Company\n" + "".join(f"  D{place}\n    D{place}+ 6\n    T{place} {8 + place}\n" for place in range(5))
    )
    scored = score(inputs, decide(inputs))
    leads, teams = ([f"{before}{place}{after}" for place in range(5)] for before, after in (("D", "+"), ("T", "")))
    assert set(leads) <= set(scored.partition.shown)
    drawn = shrunken(scored)
    for code, towards in ((leads[0], leads), (teams[0], [*leads, *teams])):
        learnt, here = shrinkage(units_of(scored, towards, scored.index)), scored.moments[code]
        assert isinstance(learnt, Shrinkage)
        made = learnt.of([here.n], [float(here.mean(scored.index))])
        assert drawn[code] == figure(float(made.value[0]), POINTS, (float(made.low[0]), float(made.high[0])))


def test_where_nothing_can_be_learnt_every_unit_says_why() -> None:
    """Four teams are too few; below tier two, and where answers are too alike, there is no spread to draw by."""
    inputs = company("Company\n  A 12\n  B 11\n  C 13\n  D 10\n")
    scored = score(inputs, decide(inputs))
    few = dict.fromkeys("ABCD", NotEstimable(FEW_UNITS.reason.text))
    assert shrunken(scored) == {"Company": NotEstimable(WHOLE.reason.text), **few}
    assert all(isinstance(each.icc1, Figure) for each in group_evidence(scored))
    small = replace(inputs, policy=Policy(5, 200))
    alike = inputs
    for motive in instrument().motives:
        for code in "ABCD":
            alike = answered(alike, code, motive.id, [4] * 13)
    for each, reason in ((small, TOO_FEW), (alike, TOO_ALIKE)):
        scored = score(each, decide(each))
        assert shrunken(scored) == dict.fromkeys(scored.partition.shown, NotEstimable(reason.reason.text))
        first = group_evidence(scored)[0]
        assert first == untold("total_motivation", 4, reason)


@pytest.mark.parametrize("far", [False, True])
def test_what_lies_between_units_is_that_of_the_last_units_shown(far: bool) -> None:  # noqa: FBT001 - two cases
    """ICC(1) with its interval, ICC(2), the spread of true means and a word, of the index and of every scale."""
    scored = stores(far=far)
    found = {each.measure: each for each in group_evidence(scored)}
    assert list(found) == [scored.index.name, *(spec.scale for spec in scored.specs)]
    for name, told in found.items():
        of, style = (scored.index, PLAIN_POINTS) if name == scored.index.name else (name, MEAN)
        pooled = scored.pooled(of)
        if isinstance(pooled, estimable.NotEstimable):
            assert told == untold(name, 9, pooled)
            continue
        units = units_of(scored, [*STORES, *OTHERS], of)
        made, apart = intraclass(units), components(units)
        assert isinstance(made, Intraclass)
        assert isinstance(apart, Components)
        assert told.units == 9
        assert told.icc1 == figure(round(made.icc1, 2), MEAN, (round(made.low, 2), round(made.high, 2)))
        assert not isinstance(made.icc2, estimable.NotEstimable)
        assert told.icc2 == figure(round(made.icc2, 2), MEAN)
        assert told.between_sd == figure(round(apart.tau2**0.5, style.digits), style)
        assert told.note == told_apart(made).text


def test_units_with_one_mean_are_not_told_apart() -> None:
    """Where units have the same mean on a motive, the reliability of their means is not estimable; the rest is told."""
    inputs = company("Company\n  A 12\n  B 8\n  C 12\n")
    for code in "ABC":
        inputs = answered(inputs, code, "play", [1, 3, 5, 7] * 3)
    play = group_evidence(score(inputs, decide(inputs)))[1]
    assert play.measure == "play"
    assert play.icc2 == NotEstimable(NOTHING_BETWEEN.reason.text)
    assert isinstance(play.icc1, Figure)
    assert isinstance(play.between_sd, Figure)
    assert (play.icc1.value < 0, play.between_sd.text, play.note) == (True, "0.00", CHANCE.text)


def test_one_unit_alone_has_nothing_between() -> None:
    """A company of one team has a spread within it, and no units to tell apart."""
    inputs = company("Company\n  A 40\n")
    scored = score(inputs, decide(inputs))
    found = group_evidence(scored)
    assert [told.measure for told in found] == [scored.index.name, *(spec.scale for spec in scored.specs)]
    for told in found:
        assert told.units == 1
        assert isinstance(told.icc1, NotEstimable)
        assert told.icc1 == told.icc2 == told.between_sd
        assert told.icc1.reason == ONE_UNIT.reason.text
        assert told.note == ""
