"""Omega, item-rest statistics and marks of careless answers against R's lavaan, psych and careless."""

import csv
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import chdtri

from survey.scoring.careless import distance, even_odd, strings, variability
from survey.scoring.estimable import NotEstimable
from survey.scoring.factor import OneFactor, one_factor
from survey.scoring.item_rest import item_rest
from survey.scoring.omega import HEYWOOD, omega
from tests.unit.test_scoring_reference import REFERENCE, expected, people

CARELESS = ("longstr", "avgstr", "irv", "evenodd")


def conservative() -> NDArray[np.float64]:
    """Return the three items of the election survey that all point the same way."""
    return np.column_stack([people()["selfLR"], people()["PID7"], 8 - people()["ClinLR"]]).astype(np.float64)


def simulated(name: str = "careless_40") -> NDArray[np.float64]:
    """Return the simulated answers of the R package careless, NaN where missing."""
    path = REFERENCE / "data" / f"{name}.csv"
    with path.open(encoding="utf-8") as file:
        rows = list(csv.reader(file))[1:]
    return np.array([[float(cell) if cell else np.nan for cell in row] for row in rows])


def test_an_improper_factor_is_that_of_lavaan() -> None:
    """Loadings and residuals of a Heywood case agree with lavaan's cfa to 1e-6, with n in the denominator."""
    reference = expected("anes96_permissive")["omega3"]
    model = one_factor(np.cov(conservative(), rowvar=False, ddof=0))
    assert isinstance(model, OneFactor)
    assert model.loadings == pytest.approx(reference["loadings"], abs=1e-6)
    assert model.residuals == pytest.approx(reference["residuals"], abs=1e-6)
    common = sum(model.loadings) ** 2
    assert common / (common + sum(model.residuals)) == pytest.approx(reference["omega"], abs=1e-6)
    assert not model.proper


def test_omega_of_an_improper_factor_is_refused() -> None:
    """The .98 of the Heywood case is never given: a reason stands in its place."""
    assert omega(conservative()) == HEYWOOD


def test_alpha_without_an_item_is_that_of_psych() -> None:
    """Alpha without each item agrees with psych::alpha's `drop`; the corrected correlation with numpy's."""
    drop = expected("anes96_permissive")["alpha3"]["drop"]
    found = item_rest(conservative())
    assert not isinstance(found, NotEstimable)
    assert [each.without for each in found] == pytest.approx(list(drop.values()), abs=1e-9)
    for place, each in enumerate(found):
        others = np.delete(conservative(), place, axis=1).sum(axis=1)
        assert each.correlation == pytest.approx(np.corrcoef(conservative()[:, place], others)[0, 1], abs=1e-12)


@pytest.mark.parametrize("index", CARELESS)
def test_marks_of_carelessness_are_those_of_careless(index: str) -> None:
    """Long strings, their average, variability and even-odd agree with the R package careless to 1e-9."""
    _agree(index, expected("careless")["careless_40"][index], simulated(), [5] * 10)


def test_distances_are_those_of_careless() -> None:
    """Mahalanobis' D^2 agrees with careless::mahad to 1e-9, and its 99 % cut flags the same responses."""
    reference = expected("careless")["careless_40"]
    found = distance(simulated()[:, :10])
    assert not isinstance(found, NotEstimable)
    assert found == pytest.approx(reference["mahad_first10items_d2"], abs=1e-9)
    cut = float(chdtri(10, 0.01))
    assert [each is not None and each > cut for each in found] == reference["mahad_first10items_flag99"]


def test_missing_answers_break_strings_as_in_careless() -> None:
    """A missing answer is a run of its own, and variability skips it; of nothing answered there is none."""
    reference = expected("careless")["na_rows"]
    rows = np.array([[np.nan if each is None else each for each in row] for row in reference["input"]])
    assert list(strings(rows).longest) == reference["longstr"]
    assert list(variability(rows)) == reference["irv"]


def test_distances_over_all_items_are_those_of_careless() -> None:
    """D^2 over all 50 items of 200 responses agrees with careless::mahad to 1e-9, and the cut at .999 flags as many."""
    reference = expected("careless")["full200"]
    found = distance(simulated("careless_200"))
    assert not isinstance(found, NotEstimable)
    assert found[:40] == pytest.approx(reference["mahad_d2_first40"], abs=1e-9)
    cut = float(chdtri(50, 0.001))
    assert sum(each is not None and each > cut for each in found) == reference["n_flag_999"]


def _agree(index: str, reference: Any, values: NDArray[np.float64], lengths: list[int]) -> None:  # noqa: ANN401 - JSON
    found: dict[str, Sequence[float | None]] = {
        "longstr": strings(values).longest,
        "avgstr": strings(values).average,
        "irv": variability(values),
        "evenodd": even_odd(values, lengths),
    }
    assert list(found[index]) == pytest.approx(reference, abs=1e-9)
