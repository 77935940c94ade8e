"""What a unit of k people shows: means, gap, balance and their intervals by hand, from the bounded answers."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from math import sqrt

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import t as student

from survey.privacy.figures import DIFFERENCE, MEAN, POINTS, Figure, NotEstimable, Style
from survey.privacy.gate import decide
from survey.privacy.means import index_figure, scale_figures
from survey.privacy.policy import Policy
from survey.privacy.practice_figures import practices_seen
from survey.privacy.record import Contribution, UnitFigures
from survey.privacy.scored import Scored, score
from survey.privacy.unit_figures import WHOLE, gaps, unit_figures
from survey.scoring import estimable
from survey.scoring.columns import item_values
from survey.scoring.family import adjust
from survey.scoring.measure import Measure, balance
from survey.scoring.position import Placed
from survey.scoring.weakest import weakest_facet, weakest_motive
from tests.privacy.companies import answered, company, instrument
from tests.privacy.test_detail import people_of

Values = NDArray[np.float64]

WEIGHTS = {
    "play": 10, "purpose": 5, "potential": 5 / 3,
    "emotional_pressure": -5 / 3, "economic_pressure": -5, "inertia": -10,
}  # fmt: skip
PICTURE = """
    Company
      Care 12
        Chat 9
        Phone 14
      Sales
        North 25
        South 5
      Stock 11
"""


@pytest.fixture(scope="module")
def scored() -> Scored:
    """A company in which North likes its work, Stock does not, and South gives extreme answers."""
    inputs = company(PICTURE)
    for motive in instrument().motives:
        liked, not_liked = [6, 7, 5, 7, 6, 4, 7], [2, 1, 3, 1, 2, 4, 1]
        direct = motive.direction == "direct"
        inputs = answered(inputs, "North", motive.id, (liked if direct else not_liked) * 4)
        inputs = answered(inputs, "Stock", motive.id, (not_liked if direct else liked) * 2)
    inputs = answered(answered(inputs, "South", "play", [1] * 5), "South", "citizenship_1", [7] * 5)
    inputs = answered(inputs, "Chat", "inertia", [7] * 9)
    for place in range(1, 6):
        inputs = answered(inputs, "Phone", f"tactical_{place}", [7, 6, 7, 5, 7, 6, 7] * 2)
    return score(inputs, decide(inputs))


def of_person(scored: Scored, name: str) -> Values:
    """Each person's own value of a scale, of the index, of its twin or of the balance."""
    if name in scored.scales:
        return np.asarray(item_values(scored.answers, instrument(), name).mean(axis=1))
    if name == "balance":
        return of_person(scored, "adaptive") - of_person(scored, "tactical")
    sign = {motive: weight if name == "index" else np.sign(weight) / 3 for motive, weight in WEIGHTS.items()}
    return np.asarray(sum(weight * of_person(scored, motive) for motive, weight in sign.items()))


def error(scored: Scored, values: Values, here: NDArray[np.bool_], *, own: bool) -> tuple[float, float]:
    """The squared error of a mean, and its degrees of freedom: of its own spread from ten on, else of all cells'."""
    n = int(here.sum())
    if own and n >= 10:
        return float(values[here].var(ddof=1)) / n, n - 1
    within = [values[scored.cells == cell] for cell in np.unique(scored.cells)]
    df = len(values) - len(within)
    return sum(float(((each - each.mean()) ** 2).sum()) for each in within) / df / n, df


def holds(found: Figure, value: float, half: float, style: Style) -> None:
    """A figure is this number with an interval of this half width, cut where numbers end."""
    low = value - half if style.low is None else max(value - half, style.low)
    high = value + half if style.high is None else min(value + half, style.high)
    assert (found.value, found.low, found.high) == pytest.approx((value, low, high), abs=2e-6)
    assert {found.text, found.low_text, found.high_text} <= {f"{part}" for part in printed(found, style)}


def printed(found: Figure, style: Style) -> list[str]:
    """Its three numbers as they are written."""
    plain = [f"{abs(part or 0):.{style.digits}f}" for part in (found.value, found.low, found.high)]
    return [sign + part for sign in (("+", "−", "") if style.signed else ("",)) for part in plain]


def mean_holds(scored: Scored, found: Figure, name: str, of: Measure | str, code: str, style: Style) -> None:
    """A mean is that of the unit's people, its interval rests on them where their spread may be told."""
    values, here = of_person(scored, name), people_of(scored, code)
    squared, df = error(scored, values, here, own=code in scored.telling(of))
    holds(found, float(values[here].mean()), student.ppf(0.975, df) * sqrt(squared), style)
    assert found.bound == scored.bound(scored.moved[code], int(here.sum()), of, style)


def apart(scored: Scored, name: str, of: Measure, code: str) -> tuple[float, float, float]:
    """The difference from everybody else, half its interval, and its p, by Welch's test."""
    values, here = of_person(scored, name), people_of(scored, code)
    own, others = code in scored.telling(of), {code, scored.root} <= scored.telling(of)
    (one, df_one), (two, df_two) = error(scored, values, here, own=own), error(scored, values, ~here, own=others)
    pooled = not others and (not own or int(here.sum()) < 10)
    df = df_one if pooled else (one + two) ** 2 / (one**2 / df_one + two**2 / df_two)
    difference = float(values[here].mean() - values[~here].mean())
    return difference, student.ppf(0.975, df) * sqrt(one + two), 2 * student.sf(abs(difference) / sqrt(one + two), df)


def made(scored: Scored) -> dict[str, UnitFigures]:
    """The figures of every shown unit."""
    family, seen = gaps(scored), practices_seen(scored.inputs, scored.gate)
    return {code: unit_figures(scored, code, family, seen[code]) for code in scored.partition.shown}


def test_means_and_their_intervals(scored: Scored) -> None:
    """n, index, twin and every scale of each unit, with flags where answers were moved."""
    found = made(scored)
    assert len(found) == 8
    for code, told in found.items():
        assert told.n == int(people_of(scored, code).sum())
        mean_holds(scored, told.index, "index", scored.index, code, POINTS.within(-100, 100))
        mean_holds(scored, told.twin, "twin", scored.twin, code, DIFFERENCE.within(-6, 6))
        assert list(told.scales) == [spec.scale for spec in scored.specs]
        for scale, figure in told.scales.items():
            mean_holds(scored, figure, scale, scale, code, MEAN.within(1, 7))
    assert (found["South"].scales["play"].bound, found["Chat"].scales["inertia"].bound) == ("or less", "or more")


def test_the_gap_to_everybody_else(scored: Scored) -> None:
    """Difference with its interval, a word by the adjusted p, parts without the common shift; the company has none."""
    codes = [code for code in scored.partition.shown if code != scored.root]
    known = {code: apart(scored, "index", scored.index, code) for code in codes}
    adjusted = dict(zip(codes, adjust([p for _, _, p in known.values()]), strict=True))
    assert gaps(scored).adjusted == pytest.approx(adjusted)
    words = set()
    for code, told in made(scored).items():
        if code == scored.root:
            assert told.contribution == told.balance == NotEstimable(WHOLE.reason.text)
            continue
        found, (difference, half, _) = told.contribution, known[code]
        assert isinstance(found, Contribution)
        holds(found.gap, difference, half, POINTS)
        sure = adjusted[code] < 0.05 and abs(difference) > half
        assert found.verdict == (("higher" if difference > 0 else "lower") if sure else "no detectable difference")
        words.add(found.verdict)
        parts_hold(scored, code, found)
    assert words == {"higher", "lower", "no detectable difference"}


def parts_hold(scored: Scored, code: str, found: Contribution) -> None:
    """Each motive's part is its weight times how far it lies off, once what all have in common is taken out."""
    here = people_of(scored, code)
    off: Mapping[str, float] = {
        motive: float(values[here].mean() - values[~here].mean())
        for motive, values in ((motive, of_person(scored, motive)) for motive in WEIGHTS)
    }
    shift = sum(off.values()) / 6
    assert found.acquiescence.value == pytest.approx(shift, abs=2e-6)
    assert found.acquiescence.text in printed(found.acquiescence, DIFFERENCE)
    assert found.gap.bound == scored.bound_apart(code, scored.index, POINTS)
    for motive, weight in WEIGHTS.items():
        assert found.parts[motive].value == pytest.approx(weight * (off[motive] - shift), abs=2e-6)
        assert found.parts[motive].text in printed(found.parts[motive], POINTS)
        own = Measure("", ((motive, Fraction(weight).limit_denominator(3)),))
        assert found.parts[motive].bound == scored.bound_apart(code, own, POINTS)


def test_the_balance_against_everybody_else(scored: Scored) -> None:
    """Adaptive minus tactical performance, less that of all others, with its interval and its flag."""
    of = balance(scored.specs)
    for code, told in made(scored).items():
        if code != scored.root:
            assert isinstance(told.balance, Figure)
            difference, half, _ = apart(scored, "balance", of, code)
            holds(told.balance, difference, half, DIFFERENCE)
            assert told.balance.bound == scored.bound_apart(code, of, DIFFERENCE)


def test_what_stands_out_and_where_units_stand(scored: Scored) -> None:
    """Weakest motive and facet from spreads that may be told, a place on the map with its region, and practices."""
    motives = [scale.id for scale in instrument().motives]
    facets = [scale.id for scale in instrument().scales if scale.kind == "facet"]
    seen = practices_seen(scored.inputs, scored.gate)
    told = made(scored)
    for code, unit in told.items():
        for of, choose, said in ((motives, weakest_motive, unit.weakest), (facets, weakest_facet, unit.weakest_facet)):
            sides = scored.known(code, *of), scored.rest(code, *of)
            assert said == choose(*sides, scored.pooled(*of), instrument())
        placed = scored.placed(code)
        assert isinstance(placed, Placed)
        assert unit.position is not None
        where, region = placed.position, placed.region
        assert (unit.position.tactical, unit.position.adaptive) == pytest.approx((where.tactical, where.adaptive))
        radii = unit.position.radius_major, unit.position.radius_minor, unit.position.angle
        assert radii == pytest.approx((region.radius_major, region.radius_minor, region.angle), abs=1e-6)
        assert (unit.practices, unit.practices_n) == (seen[code].figures, seen[code].n)
    assert {"", "play"} <= {unit.weakest for unit in told.values()}


def test_nothing_stands_out_where_a_spread_is_not_told(scored: Scored) -> None:
    """How far motives lie apart is measured by spreads: where one of them is not told, no motive is called weakest."""
    inputs = scored.inputs
    for code, people in (("Care", 12), ("Chat", 9), ("Phone", 14), ("North", 25), ("South", 5), ("Stock", 11)):
        inputs = answered(inputs, code, "economic_pressure", [4] * people)
    inputs = answered(inputs, "Care", "economic_pressure", [5, 4])
    alike = score(inputs, decide(inputs))
    assert isinstance(alike.pooled("economic_pressure"), estimable.NotEstimable)
    assert {unit.weakest for unit in made(alike).values()} == {""}


def test_below_tier_two_nothing_has_an_interval(scored: Scored) -> None:
    """Where the company shows no spread its means stand alone; gaps have no word, and nobody a place."""
    inputs = replace(scored.inputs, policy=Policy(5, 200))
    small = score(inputs, decide(inputs))
    whole = made(scored)
    for code, told in made(small).items():
        for name, figure in (("index", told.index), ("twin", told.twin), *told.scales.items()):
            same = whole[code].scales[name] if name in told.scales else getattr(whole[code], name)
            assert (figure.value, figure.bound) == (same.value, same.bound)
            assert (figure.low, figure.high, figure.low_text, figure.high_text) == (None, None, "", "")
        assert told.position is None
        if code != small.root:
            assert isinstance(told.contribution, Contribution)
            assert isinstance(told.balance, Figure)
            assert (told.contribution.gap.low, told.balance.low) == (None, None)
            assert told.contribution.verdict == "no detectable difference"
    assert gaps(small).adjusted == {}


def test_a_group_of_sums_has_every_scale(scored: Scored) -> None:
    """A rest, of which sums are all that is known, has all figures by the company's spread, cut where scales end."""
    people = replace(scored.moments["Stock"], products=None)
    moved = scored.moved["South"]
    found = scale_figures(scored, people, moved)
    assert list(found) == [spec.scale for spec in scored.specs]
    here = people_of(scored, "Stock")
    for scale, figure in found.items():
        values = of_person(scored, scale)
        squared, df = error(scored, values, here, own=False)
        holds(figure, float(values[here].mean()), student.ppf(0.975, df) * sqrt(squared), MEAN.within(1, 7))
    assert (found["play"].bound, found["purpose"].bound) == ("or less", "")
    squared, df = error(scored, of_person(scored, "index"), here, own=False)
    value = float(of_person(scored, "index")[here].mean())
    index = index_figure(scored, people, moved)
    holds(index, value, student.ppf(0.975, df) * sqrt(squared), POINTS.within(-100, 100))
    assert index.bound == "or less"
