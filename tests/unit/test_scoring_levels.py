"""The link taken apart: against R, against brute force, and where there is nothing to take apart."""

import csv
import json
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from survey.scoring.halves import FEW_LARGE, HALVES_ALIKE, Halves, split_half
from survey.scoring.levels import ALIKE, ALL_ALIKE, ALONE, NO_ANSWERS, Plain, levels, plain
from survey.scoring.link import FEW_UNITS, UNRELIABLE
from survey.scoring.redraw import Estimate, redraw
from survey.scoring.williams import FEW_PEOPLE, ONE_LINE, Williams, williams

Floats = NDArray[np.float64]
Units = NDArray[np.int32]
REFERENCE = Path(__file__).parents[1] / "reference"


def election(name: str) -> Floats:
    """Return a column of the election survey."""
    with (REFERENCE / "data" / "anes96.csv").open(encoding="utf-8") as file:
        return np.array([float(row[name]) for row in csv.DictReader(file)])


def expected(name: str) -> Any:  # noqa: ANN401 - whatever the JSON file holds
    """Return what R computed."""
    return json.loads((REFERENCE / "expected" / "anes96_permissive.json").read_text("utf-8"))["expected"][name]


def test_plain_correlations_are_those_of_waba() -> None:
    """Whole, between and within correlations and their etas agree with multilevel::waba to 1e-9."""
    made = plain(election("selfLR"), election("PID7"), election("educ").astype(np.int32))
    assert isinstance(made, Plain)
    reference = expected("waba_selfLR_PID7_by_educ")
    names = ("EtaBx", "EtaWx", "EtaBy", "EtaWy")
    assert made.whole == pytest.approx(reference["RawCorr"], abs=1e-9)
    assert made.between == pytest.approx(reference["CorrB"], abs=1e-9)
    assert made.within == pytest.approx(reference["CorrW"], abs=1e-9)
    assert made.etas == pytest.approx(tuple(reference[name] for name in names), abs=1e-9)


def test_plain_correlations_say_why_there_are_none() -> None:
    """No spread between units, none within them, none at all, nobody: reasons for each part."""
    units = np.array([0, 0, 1, 1], dtype=np.int32)
    alike = plain(np.array([1.0, 2, 1, 2]), np.array([1.0, 2, 2, 1]), units)
    assert isinstance(alike, Plain)
    assert alike.between == ALIKE
    alone = plain(np.array([1.0, 1, 2, 2]), np.array([3.0, 3, 1, 1]), units)
    assert isinstance(alone, Plain)
    assert (alone.between, alone.within) == (-1.0, ALONE)
    assert plain(np.ones(4), np.arange(4.0), units) == ALL_ALIKE
    assert plain(np.array([np.nan, 1, np.nan, 2]), np.array([1.0, np.nan, 2, 3]), units) == NO_ANSWERS
    assert plain(np.empty(0), np.empty(0), np.empty(0, dtype=np.int32)) == NO_ANSWERS


def people(
    random: np.random.Generator, units: int, sizes: tuple[int, int], between: float, within: float
) -> tuple[Floats, Floats, Units]:
    """Return the index and five items of people, with correlations `between` and `within` units of what is behind."""
    place = np.repeat(np.arange(units, dtype=np.int32), random.integers(*sizes, units))
    unit, person = (
        random.multivariate_normal([0, 0], [[1, r], [r, 1]], size)
        for r, size in ((between, units), (within, len(place)))
    )
    x, y = (unit[place] * 0.9 + person).T
    return x, y[:, None] + random.normal(size=(len(place), 5)) * 1.2, place


def by_hand(index: Floats, items: Floats, place: Units) -> tuple[float, float]:
    """Return the corrected correlations within and between, by textbook sums over units."""
    values = np.column_stack([index, items])
    groups = [values[place == unit] for unit in np.unique(place)]
    total, k = len(values), len(groups)
    off = np.array([group.mean(axis=0) - values.mean(axis=0) for group in groups])
    rest = values - np.array([group.mean(axis=0) for group in groups])[np.unique(place, return_inverse=True)[1]]
    inside = rest.T @ rest / (total - k)
    apart = (off.T * [len(group) for group in groups]) @ off / (k - 1)
    usual = (total - sum(len(group) ** 2 for group in groups) / total) / (k - 1)
    return corrected(inside), corrected((apart - inside) / usual)


def corrected(matrix: Floats) -> float:
    """Return a corrected correlation of the first variable with the items after it."""
    among = matrix[1:, 1:][~np.eye(len(matrix) - 1, dtype=bool)].mean()
    return float(matrix[0, 1:].mean() / np.sqrt(matrix[0, 0] * among))


def test_levels_are_those_of_textbook_sums() -> None:
    """Within and between agree with an analysis of variance written out, units of one person included."""
    index, items, place = people(np.random.default_rng(1), 60, (1, 14), 0.5, -0.2)
    made = levels(index, {"adaptive": items}, place)
    within, between = made.within["adaptive"], made.between["adaptive"]
    assert isinstance(within, Estimate)
    assert isinstance(between, Estimate)
    assert (within.value, between.value) == pytest.approx(by_hand(index, items, place), abs=1e-9)
    assert within.low < within.value < within.high < 0.1
    assert 0.1 < between.low < between.value < between.high <= 1


def test_levels_find_what_was_put_in() -> None:
    """Over many companies the two correlations are right on average, and intervals hold them about as often as said."""
    random, found, held = np.random.default_rng(7), list[tuple[float, float]](), list[bool]()
    for _ in range(25):
        made = levels(*arranged(people(random, 80, (8, 14), 0.6, 0.3)))
        within, between = made.within["tactical"], made.between["tactical"]
        assert isinstance(within, Estimate)
        assert isinstance(between, Estimate)
        found.append((within.value, between.value))
        held += [within.low < 0.3 < within.high, between.low < 0.6 < between.high]
    assert np.mean(found, axis=0) == pytest.approx((0.3, 0.6), abs=0.05)
    assert np.mean(held) > 0.85


def arranged(made: tuple[Floats, Floats, Units]) -> tuple[Floats, dict[str, Floats], Units]:
    """Return people's answers as `levels` takes them."""
    return made[0], {"tactical": made[1]}, made[2]


def test_the_same_company_has_the_same_levels() -> None:
    """Whoever skipped something is left out, the order of people is no matter, the bootstrap is seeded."""
    index, items, place = people(np.random.default_rng(2), 30, (4, 9), 0.5, 0.5)
    made = levels(index, {"adaptive": items}, place)
    holes = np.vstack([items, np.full((3, 5), np.nan)])
    more = levels(np.append(index, [1.0, 2.0, 3.0]), {"adaptive": holes}, np.append(place, [0, 1, 2]).astype(np.int32))
    assert more == made
    order = np.random.default_rng(3).permutation(len(index))
    turned = levels(index[order], {"adaptive": items[order]}, place[order]).between["adaptive"]
    straight = made.between["adaptive"]
    assert isinstance(turned, Estimate)
    assert isinstance(straight, Estimate)
    assert (turned.value, turned.low) == pytest.approx((straight.value, straight.low), abs=1e-9)


def test_levels_say_why_there_are_none() -> None:
    """Few units, units that do not differ, people who are alone, items with nothing in common: reasons."""
    random = np.random.default_rng(4)
    index, items, place = people(random, 9, (5, 9), 0.5, 0.5)
    few = levels(index, {"adaptive": items, "tactical": items}, place)
    assert (few.within, few.between) == ({"adaptive": FEW_UNITS, "tactical": FEW_UNITS},) * 2
    x, y, _ = people(random, 30, (9, 10), 0.0, 0.4)
    mixed = random.permutation(np.arange(len(x), dtype=np.int32) % 30).astype(np.int32)
    assert levels(x, {"adaptive": y}, mixed).between["adaptive"] == ALIKE
    alone = levels(x, {"adaptive": y}, np.arange(len(x), dtype=np.int32))
    assert (alone.within["adaptive"], alone.between["adaptive"]) == (UNRELIABLE, ALIKE)
    noise = random.normal(size=(len(x), 5))
    assert levels(x, {"adaptive": noise}, mixed).within["adaptive"] == UNRELIABLE
    flat = levels(np.ones(len(x)), {"adaptive": y}, mixed)
    assert (flat.within["adaptive"], flat.between["adaptive"]) == (UNRELIABLE, ALIKE)


def every_cut(x: Floats, y: Floats, place: Units) -> Floats:
    """Return E cov and E variances of halves over all ways to cut every unit, by listing them."""
    choices = []
    for unit in np.unique(place):
        rows = np.flatnonzero(place == unit)
        half = len(rows) // 2
        cuts = [
            (list(chosen), [row for row in rows if row not in chosen])
            for size in {half, len(rows) - half}
            for chosen in combinations(rows.tolist(), size)
        ]
        choices.append(np.array([[x[a].mean(), y[a].mean(), y[b].mean()] for a, b in cuts]))
    k = len(choices)
    means = np.array([cut.mean(axis=0) for cut in choices])
    squares = np.array(
        [[(cut[:, i] * cut[:, j]).mean() for i, j in ((0, 0), (0, 1), (1, 1), (0, 2))] for cut in choices]
    )
    found = []
    for column, (i, j) in enumerate(((0, 0), (0, 1), (1, 1), (0, 2))):
        crossed = means[:, i].sum() * means[:, j].sum() - (means[:, i] * means[:, j]).sum()
        found.append(squares[:, column].mean() - crossed / (k * (k - 1)))
    return np.array(found)


def test_halves_are_the_mean_over_every_cut() -> None:
    """The closed form is what listing every way to cut units of four and five people gives."""
    random = np.random.default_rng(6)
    place = np.repeat(np.arange(12, dtype=np.int32), [4, 5] * 6)
    unit = random.normal(size=12)[place]
    x, y = unit + random.normal(size=len(place)), unit + random.normal(size=len(place))
    listed = every_cut(x, y, place)
    made = split_half(x, {"adaptive": y}, place, least=4)["adaptive"]
    assert isinstance(made.different, Estimate)
    assert isinstance(made.same, Estimate)
    assert made.different.value == pytest.approx(listed[3] / np.sqrt(listed[0] * listed[2]), abs=1e-9)
    assert made.same.value == pytest.approx(listed[1] / np.sqrt(listed[0] * listed[2]), abs=1e-9)
    assert made.units == 12


def test_halves_take_out_what_single_people_bring_in() -> None:
    """Where only people's own moods go together, different people's answers do not."""
    random = np.random.default_rng(8)
    place = np.repeat(np.arange(60, dtype=np.int32), 14)
    mood = random.normal(size=len(place)) * 2
    x, y = random.normal(size=60)[place] + mood, random.normal(size=60)[place] + mood
    made = split_half(x, {"adaptive": y}, place)["adaptive"]
    assert isinstance(made.different, Estimate)
    assert isinstance(made.same, Estimate)
    assert made.different.low < 0 < made.different.high
    assert made.same.low > 0


def test_halves_say_why_there_are_none() -> None:
    """Only units of ten people and more are cut; fewer than ten such units, or none that differ, are reasons."""
    x, place = np.arange(108.0), np.repeat(np.arange(12, dtype=np.int32), 9)
    assert split_half(x, {"adaptive": x}, place)["adaptive"] == Halves(FEW_LARGE, FEW_LARGE, 0)
    assert split_half(np.ones(120), {"a": np.ones(120)}, np.repeat(np.arange(12, dtype=np.int32), 10))["a"] == Halves(
        HALVES_ALIKE, HALVES_ALIKE, 12
    )
    assert split_half(np.empty(0), {"a": np.empty(0)}, np.empty(0, dtype=np.int32))["a"].units == 0


def test_williams_test_is_that_of_psych() -> None:
    """Its t and p agree with examples of psych's r.test, and |R| is the determinant of the three correlations."""
    made = williams(0.693458895410494, 0.695966022434845, 0.988475791500198, 5105)
    assert isinstance(made, Williams)
    assert round(made.p, 4) == 0.1001
    assert made.df == 5102
    r12, r13, r23, n = 0.52, 0.31, -0.2, 61
    determinant = np.linalg.det(np.array([[1, r12, r13], [r12, 1, r23], [r13, r23, 1]]))
    below = 2 * (n - 1) / (n - 3) * determinant + ((r12 + r13) / 2) ** 2 * (1 - r23) ** 3
    other = williams(r12, r13, r23, n)
    assert isinstance(other, Williams)
    assert other.t == pytest.approx((r12 - r13) * np.sqrt((n - 1) * (1 + r23) / below), rel=1e-12)
    swapped = williams(r13, r12, r23, n)
    assert isinstance(swapped, Williams)
    assert (swapped.t, swapped.p) == pytest.approx((-other.t, other.p))


def test_williams_test_is_right_by_chance_alone() -> None:
    """Where both correlations are the same, p is below .05 in about one of twenty samples."""
    random = np.random.default_rng(9)
    matrix = np.array([[1, 0.4, 0.4], [0.4, 1, 0.3], [0.4, 0.3, 1]])
    low = 0
    for _ in range(2000):
        x, y, z = random.multivariate_normal([0, 0, 0], matrix, 40).T
        pairs = ((x, y), (x, z), (y, z))
        r12, r13, r23 = (float(np.corrcoef(*pair)[0, 1]) for pair in pairs)
        made = williams(r12, r13, r23, 40)
        assert isinstance(made, Williams)
        low += made.p < 0.05
    assert 0.035 < low / 2000 < 0.065


def test_williams_test_says_why_it_cannot_be_had() -> None:
    """Three people, or copies of one variable, are reasons; what can be no correlations is refused."""
    assert williams(0.5, 0.4, 0.3, 3) == FEW_PEOPLE
    assert williams(0.5, 0.5, 1.0, 20) == ONE_LINE
    assert isinstance(williams(1.0, 0.5, 0.5, 20), Williams)
    for r12, r13, r23 in ((1.2, 0.0, 0.0), (0.9, -0.9, 0.9)):
        with pytest.raises(ValueError, match="no correlations of one sample"):
            williams(r12, r13, r23, 20)


def test_what_is_lost_in_too_many_resamples_is_not_estimable() -> None:
    """A result that a hundredth of the resamples lack has no interval, and neither has one that is not there itself."""
    values = np.arange(20.0)

    def results(weights: Floats) -> Floats:
        mean = weights @ values / 20
        return np.column_stack([mean, np.where(mean > 12, np.nan, mean), np.full(len(mean), np.inf)])

    made = redraw(20, results)
    assert isinstance(made.estimate(0, ALIKE), Estimate)
    assert made.estimate(1, ALIKE) == ALIKE
    assert made.estimate(2, ALIKE) == ALIKE
