"""Numbers of the whole company that cannot be had: a constant index or scale, nobody invited."""

import numpy as np
import pytest
from numpy.typing import NDArray

from survey.privacy.link_evidence import _plain, _williams
from survey.privacy.missing import _share
from survey.scoring.estimable import NotEstimable

CELLS = np.repeat(np.arange(4, dtype=np.int32), 5)
VARIED, OTHER = np.random.default_rng(1).normal(size=(2, 20))
FLAT = np.ones(20)


@pytest.mark.parametrize(
    ("index", "adaptive", "tactical"), [(FLAT, VARIED, OTHER), (VARIED, OTHER, FLAT)], ids=["index", "tactical"]
)
def test_what_does_not_vary_goes_together_with_nothing(
    index: NDArray[np.float64],
    adaptive: NDArray[np.float64],
    tactical: NDArray[np.float64],
) -> None:
    """Williams' test of a constant is not estimable; a plain link of a constant is none."""
    assert isinstance(_williams(index, {"adaptive": adaptive, "tactical": tactical}, CELLS), NotEstimable)
    assert _plain(FLAT, adaptive, CELLS) is None


def test_a_share_of_nobody_is_none() -> None:
    """Where nobody was invited there is no share of those who took part."""
    assert _share(0, 0) is None
