"""Scoring against the outputs of R and its packages (tests/reference)."""

import csv
import json
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from survey.instruments.load import builtin
from survey.scoring.columns import ColumnSpec
from survey.scoring.comparison import Comparison, Side, compare
from survey.scoring.family import adjust
from survey.scoring.index import total_motivation
from survey.scoring.moments import Moments, moments_by_unit, together
from survey.scoring.quadrant import Position, probabilities
from survey.scoring.reliability import Consistency, alpha
from survey.scoring.summaries import NOBODY, Summary, summarise
from survey.scoring.within import Within, within

REFERENCE = Path(__file__).parents[1] / "reference"
MOTIVES = ("play", "purpose", "potential", "emotional_pressure", "economic_pressure", "inertia")
ITEMS = ("selfLR", "PID7", "DoleLR", "ClinLR")
COLUMNS = tuple(ColumnSpec(item, 1, 1, 7) for item in ITEMS)


@cache
def expected(name: str) -> Any:  # noqa: ANN401 - whatever the JSON file holds
    """Return what another program computed."""
    return json.loads((REFERENCE / "expected" / f"{name}.json").read_text("utf-8"))["expected"]


@cache
def people() -> dict[str, NDArray[np.int64]]:
    """Return the columns of the election survey."""
    with (REFERENCE / "data" / "anes96.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([int(row[name]) for row in rows]) for name in rows[0]}


def by(group: str) -> dict[int, Moments]:
    """Return moments of the four items, by the values of a column."""
    values, place = np.unique(people()[group], return_inverse=True)
    scores = np.column_stack([people()[item] for item in ITEMS])
    return dict(
        zip(values.tolist(), moments_by_unit(scores, place.astype(np.int32), len(values), COLUMNS), strict=True)
    )


def index_cases() -> list[tuple[dict[str, int], str]]:
    """Return the reference vectors of the motives, each with its index as R's fraction."""
    with (REFERENCE / "data" / "tomo_cases.csv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file))[1:]
    fractions = expected("tomo")["w_5_over_3_fraction"]
    return [
        (dict(zip(MOTIVES, map(int, row), strict=True)), fraction)
        for row, (fraction,) in zip(rows, fractions, strict=True)
    ]


@pytest.mark.parametrize(("motives", "fraction"), index_cases())
def test_the_index_is_the_reference_exactly(motives: dict[str, int], fraction: str) -> None:
    """The index of each reference vector is the fraction that R gives, exactly."""
    index = builtin().index
    assert index is not None
    assert total_motivation(motives, index) == Fraction(fraction)


def test_the_index_is_not_the_one_that_adds_inertia() -> None:
    """Where inertia is not at a point that hides it, the index differs from the wrong card's."""
    wrong = expected("tomo")["wrong_if_inertia_is_added"]
    index = builtin().index
    assert index is not None
    for (motives, _), added in zip(index_cases(), wrong, strict=True):
        assert float(total_motivation(motives, index)) == pytest.approx(added - 20 * motives["inertia"])


@pytest.mark.parametrize("case", expected("quadrant"))
def test_quadrant_probabilities_are_those_of_mvtnorm(case: dict[str, Any]) -> None:
    """The four probabilities agree with mvtnorm to 1e-6."""
    (tactical, adaptive), (error_tactical, error_adaptive) = case["mean"], case["se"]
    shares = probabilities(Position(tactical, adaptive, error_tactical, error_adaptive, case["r"]), tuple(case["cut"]))
    assert shares["tactical only"] == pytest.approx(case["p_highT_lowA"], abs=1e-6)
    assert shares["both"] == pytest.approx(case["p_highT_highA"], abs=1e-6)
    assert shares["adaptive only"] == pytest.approx(case["p_lowT_highA"], abs=1e-6)
    assert shares["neither"] == pytest.approx(case["p_lowT_lowA"], abs=1e-6)
    assert sum(shares.values()) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "items"), [("alpha3", ("selfLR", "PID7", "-ClinLR")), ("alpha4", ("selfLR", "-DoleLR", "PID7", "-ClinLR"))]
)
def test_alpha_is_that_of_psych(name: str, items: tuple[str, ...]) -> None:
    """Cronbach's alpha agrees with psych::alpha; a wrong key lowers it as there."""
    columns = [8 - people()[item[1:]] if item.startswith("-") else people()[item] for item in items]
    made = alpha(np.column_stack(columns).astype(np.float64))
    assert isinstance(made, Consistency)
    assert made.value == pytest.approx(expected("anes96_permissive")[name]["raw"], abs=1e-9)
    assert made.low < made.value < made.high


@pytest.mark.parametrize(
    ("case", "item", "group"),
    [("selfLR_by_educ", "selfLR", "educ"), ("PID7_by_educ", "PID7", "educ"), ("PID7_by_age", "PID7", "age")],
)
def test_pooled_variance_is_the_mean_square_within(case: str, item: str, group: str) -> None:
    """The pooled within-unit variance is the MSW of R's analysis of variance."""
    pooled = within(by(group).values(), COLUMNS)
    assert isinstance(pooled, Within)
    reference = expected("anes96_permissive")["icc"][case]
    assert pooled.variance(item) == pytest.approx(reference["MSW"], rel=1e-9)
    assert pooled.df == reference["N"] - reference["k"]


def test_pooled_covariance_gives_the_correlation_within() -> None:
    """The correlation of two items within units is CorrW of multilevel::waba."""
    pooled = within(by("educ").values(), COLUMNS)
    assert isinstance(pooled, Within)
    made = pooled.covariance("selfLR", "PID7") / (pooled.variance("selfLR") * pooled.variance("PID7")) ** 0.5
    assert made == pytest.approx(expected("anes96_permissive")["waba_selfLR_PID7_by_educ"]["CorrW"], abs=1e-9)


def test_moments_of_everybody_give_the_plain_correlation() -> None:
    """The correlation from added moments is R's cor of the raw data."""
    everybody = together(by("age").values(), COLUMNS)
    variances = float(everybody.variance("selfLR") * everybody.variance("PID7"))
    made = float(everybody.covariance("selfLR", "PID7")) / variances**0.5
    assert made == pytest.approx(expected("anes96_permissive")["correlation"]["r"], abs=1e-12)


@pytest.mark.parametrize(
    ("case", "item", "group", "first", "second"),
    [
        ("welch_selfLR_vote", "selfLR", "vote", 1, 0),
        ("welch_PID7_age20_vs_80", "PID7", "age", 20, 80),
    ],
)
def test_a_comparison_is_welchs(case: str, item: str, group: str, first: int, second: int) -> None:
    """Difference, degrees of freedom, p and interval are those of t.test, g that of effectsize::hedges_g."""
    reference = expected("anes96_permissive")[case]
    groups = by(group)
    made = compare(Side(groups[first], NOBODY), Side(groups[second], NOBODY), item, own_from=2)
    assert isinstance(made, Comparison)
    assert made.t == pytest.approx(reference["t"], rel=1e-9)
    assert made.p == pytest.approx(reference["p"], rel=1e-6)
    assert made.interval.df == pytest.approx(reference["df"], rel=1e-9)
    assert (made.interval.low, made.interval.high) == pytest.approx(tuple(reference["ci95"]), abs=1e-9)
    assert made.g == pytest.approx(reference["g"], abs=1e-9)
    assert made.g_interval == pytest.approx(tuple(reference["g_ci"]), abs=2e-6)


def test_a_summary_is_that_of_r() -> None:
    """n, mean and sd of a group are those printed with t.test."""
    reference = expected("anes96_permissive")["welch_selfLR_vote"]
    for place, value in enumerate((1, 0)):
        made = summarise(by("vote")[value], "selfLR", NOBODY)
        assert isinstance(made, Summary)
        assert made.n == reference["n"][place]
        assert made.mean == pytest.approx(reference["mean"][place], rel=1e-12)
        assert made.sd == pytest.approx(reference["sd"][place], rel=1e-12)


def test_adjusted_p_are_those_of_p_adjust() -> None:
    """Benjamini-Hochberg agrees with R's p.adjust for a family of 35."""
    reference = expected("anes96_permissive")["bh"]
    assert adjust(reference["p"]) == pytest.approx(reference["BH"], abs=1e-12)
