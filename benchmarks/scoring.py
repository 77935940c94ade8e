"""One scoring pass over a company's responses against a bare numpy group-by of the same answers.

The bare one takes what no scoring can do without: the mean of every item by unit. The pass gives scale scores under the
half rule, the one base, and exact sums and cross-products of every scale by unit. Run: python -m benchmarks.scoring
"""

from collections.abc import Callable
from time import perf_counter
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from survey.instruments.answers import SKIPPED
from survey.instruments.load import builtin
from survey.scoring.base import whole
from survey.scoring.columns import columns, scale_scores
from survey.scoring.index import index_measure
from survey.scoring.measure import Measure
from survey.scoring.moments import Moments, moments_by_unit, together
from survey.scoring.summaries import summarise
from survey.scoring.within import within

RESPONSES: Final = 200_000
UNITS: Final = 10_000
SKIPPING: Final = 0.01
"""Share of questions that are skipped."""
ROUNDS: Final = 5

INSTRUMENT: Final = builtin()
SPECS: Final = columns(INSTRUMENT)

T = TypeVar("T")


def bare(answers: NDArray[np.uint8], units: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return the mean of each item by unit, skipped answers left out."""
    given = answers != SKIPPED
    sums = [np.bincount(units, weights=column, minlength=UNITS) for column in np.where(given, answers, 0).T]
    counts = [np.bincount(units, weights=column, minlength=UNITS) for column in given.T]
    return np.array(sums) / np.maximum(np.array(counts), 1)


def one_pass(answers: NDArray[np.uint8], units: NDArray[np.int32]) -> tuple[Moments, ...]:
    """Return the moments of every unit."""
    scores = scale_scores(answers, INSTRUMENT, SPECS)
    base = whole(scores)
    return moments_by_unit(scores[base], units[base], UNITS, SPECS)


def figures(groups: tuple[Moments, ...]) -> int:
    """Summarise the index and every scale of every unit; return how many summaries that made."""
    pooled, index = within(groups, SPECS), index_measure(INSTRUMENT, SPECS)
    measures: list[Measure | str] = [index, *(spec.scale for spec in SPECS)]
    return len([summarise(group, of, pooled) for group in groups for of in measures])


def best(run: Callable[[], T]) -> tuple[float, T]:
    """Return the shortest of some rounds, in seconds, and what the last one gave."""
    times = []
    for _ in range(ROUNDS):
        start = perf_counter()
        result = run()
        times.append(perf_counter() - start)
    return min(times), result


def main() -> None:
    """Time both and print the ratio."""
    random = np.random.default_rng(1)
    answers = random.integers(1, 8, size=(RESPONSES, len(INSTRUMENT.items))).astype(np.uint8)
    answers[random.random(answers.shape) < SKIPPING] = SKIPPED
    units = random.integers(0, UNITS, RESPONSES).astype(np.int32)
    bare_time, _ = best(lambda: bare(answers, units))
    pass_time, groups = best(lambda: one_pass(answers, units))
    start = perf_counter()
    made = figures(groups)
    figures_time = perf_counter() - start
    counted = whole(scale_scores(answers, INSTRUMENT, SPECS))
    assert together(groups, SPECS).n == int(counted.sum())
    print(f"{RESPONSES} responses, {UNITS} units, {len(SPECS)} scales")
    print(f"bare numpy group-by of {answers.shape[1]} items: {bare_time * 1000:.0f} ms")
    print(f"one scoring pass, exact moments: {pass_time * 1000:.0f} ms, {pass_time / bare_time:.1f} times the bare one")
    print(f"{made} summaries with intervals from them: {figures_time:.1f} s")


if __name__ == "__main__":
    main()
