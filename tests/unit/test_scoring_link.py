"""The link by hand: correlations over people divided by the root of alpha, intervals from units drawn again."""

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from survey.instruments.load import builtin
from survey.instruments.model import Instrument
from survey.scoring.columns import item_values
from survey.scoring.index import total_motivation
from survey.scoring.link import NO_SCALES, UNRELIABLE, Link, link, linked, two_axes
from survey.scoring.redraw import RESAMPLES, SEED, Estimate, ends
from tests.unit.scoring_data import INSTRUMENT, company

Floats = NDArray[np.float64]


def everybody(answers: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return that all responses count."""
    return np.ones(len(answers), dtype=np.bool_)


def corrected(index: Floats, items: Floats) -> float:
    """Return the correlation of the index with a scale's sum over the root of the scale's alpha."""
    covariances, k = np.atleast_2d(np.cov(items, rowvar=False)), items.shape[1]
    alpha = k / (k - 1) * (1 - np.trace(covariances) / covariances.sum())
    return float(np.atleast_2d(np.corrcoef(index, items.sum(axis=1)))[0, 1] / np.sqrt(alpha))


def by_hand(answers: NDArray[np.uint8]) -> list[float]:
    """Return the correlations with adaptive and tactical performance, their difference, and that of the two axes."""
    place = {item.id: at for at, item in enumerate(INSTRUMENT.items)}
    motives = answers[:, [place[scale.id] for scale in INSTRUMENT.motives]].astype(np.float64)
    index = motives @ [10, 5, 5 / 3, -5 / 3, -5, -10]
    scales = [item_values(answers, INSTRUMENT, scale) for scale in ("adaptive", "tactical")]
    both = [corrected(index, scale) for scale in scales]
    alone = corrected(scales[0].sum(axis=1), scales[0])
    axes = corrected(scales[0].sum(axis=1), scales[1]) * alone
    return [*both, both[0] - both[1], axes]


def test_the_link_is_that_of_people_drawn_again_in_whole_units() -> None:
    """Values and interval ends are those of a bootstrap that puts people side by side, unit by unit."""
    answers, units = company(10, 6, seed=3)
    made = link(answers, units, INSTRUMENT, everybody(answers))
    assert isinstance(made, Link)
    found = made.with_adaptive, made.with_tactical, made.difference, made.axes
    assert [each.value for each in found] == pytest.approx(by_hand(answers))
    people = [np.flatnonzero(units == unit) for unit in range(10)]
    drawn = np.random.default_rng(SEED).multinomial(10, np.full(10, 0.1), RESAMPLES)
    again = np.array([by_hand(answers[np.concatenate(people).repeat(counts.repeat(6))]) for counts in drawn])
    assert [(each.low, each.high) for each in found] == [
        pytest.approx(tuple(np.percentile(column, ends(10)))) for column in again.T
    ]


def test_another_seed_draws_other_units() -> None:
    """The seed that is handed in is the one that is used."""
    answers, units = company(12, 6, seed=3)
    one, same, other = (link(answers, units, INSTRUMENT, everybody(answers), seed) for seed in (1, 1, 2))
    assert one == same != other


def test_two_axes_are_surely_below_nine_tenths() -> None:
    """An interval that ends at .90 exactly does not show two."""
    assert not two_axes(Estimate(0.8, 0.7, 0.90))
    assert two_axes(Estimate(0.8, 0.7, 0.899))


def fewer(kept: int) -> Instrument:
    """Return the instrument with only so many tactical items."""
    gone = {f"tactical_{number}" for number in range(kept + 1, 6)}
    return replace(INSTRUMENT, items=tuple(item for item in INSTRUMENT.items if item.id not in gone))


def test_a_scale_of_two_items_is_long_enough_for_the_link() -> None:
    """Two tactical items are enough, one is not, and an instrument with an index but other scales has no link."""
    answers, units = company(12, 8)
    for kept in (1, 2):
        other = fewer(kept)
        names = {item.id for item in other.items}
        some = answers[:, [item.id in names for item in INSTRUMENT.items]]
        made = link(some, units, other, everybody(some))
        assert made == NO_SCALES if kept == 1 else isinstance(made, Link)
    none = np.full((20, 18), 4, dtype=np.uint8)
    assert link(none, np.arange(20, dtype=np.int32), builtin("w-sdi"), everybody(none)) == NO_SCALES


@pytest.mark.parametrize("loose", ["adaptive", "tactical"])
def test_a_correlation_beyond_one_is_not_told(loose: str) -> None:
    """Where the index says more of a scale's sum than its items say of each other, no corrected number is given."""
    random = np.random.default_rng(2)
    answers, units = company(30, 10, seed=2)
    place = {item.id: at for at, item in enumerate(INSTRUMENT.items)}
    sums = np.zeros(300)
    common = random.normal(0, 0.35, 300)
    for item in INSTRUMENT.items_of(loose):
        answers[:, place[item.id]] = np.clip(np.rint(4 + common + random.normal(0, 1, 300)), 1, 7)
        sums += answers[:, place[item.id]]
    tight = "tactical" if loose == "adaptive" else "adaptive"
    mood = (sums - sums.mean()) / sums.std() + random.normal(0, 1.2, 300)
    for item in INSTRUMENT.items_of(tight):
        answers[:, place[item.id]] = np.clip(np.rint(4 + mood), 1, 7)
    answers[:, [place[scale.id] for scale in INSTRUMENT.motives]] = 4
    answers[:, place["play"]] = np.clip(np.rint(4 + (sums - sums.mean()) / sums.std()), 1, 7)
    values = dict(zip(("adaptive", "tactical"), by_hand(answers), strict=False))
    assert values[loose] > 1 > values[tight] > values[loose] - 1
    assert link(answers, units, INSTRUMENT, everybody(answers)) == UNRELIABLE


def test_the_index_of_longer_motives_is_theirs() -> None:
    """Where a motive has two items and the others one, each person's index is still that of the motives' scores."""
    longer = replace(INSTRUMENT, items=(replace(INSTRUMENT.item("play"), id="play_2"), *INSTRUMENT.items))
    answers = np.random.default_rng(1).integers(1, 8, (5, len(longer.items))).astype(np.uint8)
    place = {item.id: at for at, item in enumerate(longer.items)}
    assert longer.index is not None
    for row, shown in zip(answers.tolist(), linked(answers, longer), strict=True):
        motives = {scale.id: float(row[place[scale.id]]) for scale in longer.motives if scale.id != "play"}
        play = (row[place["play"]] + row[place["play_2"]]) / 2
        assert shown[0] == pytest.approx(float(total_motivation({"play": play, **motives}, longer.index)))
