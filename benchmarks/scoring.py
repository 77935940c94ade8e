"""A company's responses scored and summarised in one pass, against a bare numpy group-by of the same arrays.

    python -m benchmarks.scoring [RESPONSES UNITS]

The bare one takes what no scoring can do without: the mean of every item by unit. Ours gives scale scores under the
half rule, the one base, exact sums and cross-products of every scale by unit, the spread within units, and n, mean,
standard deviation and 95 % interval of the index and of every scale for every unit. Where pandas can be imported and
where R is installed (Debian's r-base-core), their n, mean and standard deviation of every item by unit are timed
besides, which is less than ours; neither is needed. Times are processor seconds, the shortest of some rounds; memory is
the most that was allocated at once, the answers themselves included.
"""

import importlib
import platform
import shutil
import subprocess
import sys
import tempfile
import tracemalloc
from collections.abc import Callable
from os import cpu_count
from pathlib import Path
from time import process_time
from typing import Final, TypeVar

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from survey.instruments.answers import SKIPPED
from survey.instruments.load import builtin
from survey.scoring.base import whole
from survey.scoring.columns import columns, scale_scores
from survey.scoring.index import index_measure
from survey.scoring.measure import Measure
from survey.scoring.moments import UnitMoments, moments_by_unit
from survey.scoring.unit_summaries import Summaries, summaries
from survey.scoring.within import within

RESPONSES: Final = 1_000_000
UNITS: Final = 100_000
ITEMS: Final = 20
"""The motives and the first items of both kinds of performance."""
SKIPPING: Final = 0.01
"""Share of questions that are skipped."""
ROUNDS: Final = 5
AIM: Final = 3
"""Times as long, and times as much memory, as the bare group-by, at most."""

INSTRUMENT: Final = replace(
    builtin(),
    items=builtin().items[:ITEMS],
    scales=tuple(scale for scale in builtin().scales if scale.kind != "practice"),
    blocks=tuple(block for block in builtin().blocks if block.id != "practices"),
)
SPECS: Final = columns(INSTRUMENT)
INDEX: Final = index_measure(INSTRUMENT, SPECS)

Answers = NDArray[np.uint8]
Units = NDArray[np.int32]
T = TypeVar("T")


def drawn(responses: int, units: int) -> tuple[Answers, Units]:
    """Draw answers and the unit of each response."""
    random = np.random.default_rng(1)
    answers = random.integers(1, 8, size=(responses, ITEMS)).astype(np.uint8)
    answers[random.random(answers.shape) < SKIPPING] = SKIPPED
    return answers, random.integers(0, units, responses).astype(np.int32)


def bare(answers: Answers, units: Units, n_units: int) -> NDArray[np.float64]:
    """Return the mean of each item by unit, skipped answers left out."""
    means = np.empty((answers.shape[1], n_units))
    for place, column in enumerate(answers.T):
        given = column != SKIPPED
        counts = np.bincount(units[given], minlength=n_units)
        sums = np.bincount(units, weights=np.where(given, column, 0), minlength=n_units)
        means[place] = sums / np.maximum(counts, 1)
    return means


def scored(answers: Answers, units: Units, n_units: int) -> UnitMoments:
    """Return the moments of every unit."""
    scores = scale_scores(answers, INSTRUMENT, SPECS)
    base = np.flatnonzero(whole(scores))
    scores = scores.take(base, axis=0)
    return moments_by_unit(scores, units[base], n_units, SPECS)


def summarised(groups: UnitMoments) -> list[Summaries]:
    """Return n, mean, standard deviation and interval of the index and of every scale for every unit."""
    pooled = within(groups, SPECS)
    measures: list[Measure | str] = [INDEX, *(spec.scale for spec in SPECS)]
    return [summaries(groups, of, pooled) for of in measures]


def by_pandas(answers: Answers, units: Units) -> Callable[[], object] | None:
    """Return a run of pandas: n, mean and standard deviation of each item by unit; None where it cannot be imported."""
    try:
        pandas = importlib.import_module("pandas")
    except ImportError:
        return None
    frame = pandas.DataFrame(np.where(answers == SKIPPED, np.nan, answers))
    return lambda: frame.groupby(units).agg(["count", "mean", "std"])


def by_r(answers: Answers, units: Units) -> float | None:
    """Return the processor seconds of R for the same; None where it is not installed."""
    program = shutil.which("Rscript")
    if program is None:
        return None
    with tempfile.NamedTemporaryFile() as file:
        file.write(answers.T.tobytes() + units.tobytes())
        file.flush()
        numbers = map(str, (*answers.shape, ROUNDS))
        command = [program, str(Path(__file__).with_suffix(".R")), file.name, *numbers]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own script
    took, given = map(float, said.split())
    assert given == int((answers != SKIPPED).sum())
    return took


def seconds(run: Callable[[], T]) -> tuple[float, T]:
    """Return the shortest of some rounds, in processor seconds, and what the last one gave."""
    times = []
    for _ in range(ROUNDS):
        start = process_time()
        result = run()
        times.append(process_time() - start)
    return min(times), result


def megabytes(run: Callable[[], object]) -> float:
    """Return the most that was allocated at once while it ran, what it returns included."""
    tracemalloc.start()
    run()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 1e6


def check(answers: Answers, groups: UnitMoments, made: list[Summaries]) -> None:
    """Hold what was made against what is known without it: who counts, and the index of everybody."""
    scores = scale_scores(answers, INSTRUMENT, SPECS)
    base = whole(scores)
    assert int(groups.counts.sum()) == int(base.sum())
    assert groups.totals.sum(axis=0).tolist() == scores[base].sum(axis=0, dtype=np.int64).tolist()
    everybody = float((made[0].mean * made[0].n).sum()) / int(base.sum())
    index = np.array([float(weight) for _, weight in INDEX.weights])
    assert np.isclose(everybody, (scores[base][:, : len(index)] @ index).mean())


def main() -> None:
    """Time, measure, print the ratios."""
    responses, n_units = (int(given) for given in sys.argv[1:3]) if len(sys.argv) > 2 else (RESPONSES, UNITS)  # noqa: PLR2004 - both or none
    answers, units = drawn(responses, n_units)
    given = (answers.nbytes + units.nbytes) / 1e6
    print(f"{responses:,} responses to {ITEMS} items, {n_units:,} units, {len(SPECS)} scales and the index")
    print(f"Python {platform.python_version()}, numpy {np.__version__}, {cpu_count()} cores")
    bare_time, _ = seconds(lambda: bare(answers, units, n_units))
    bare_room = given + megabytes(lambda: bare(answers, units, n_units))
    pass_time, groups = seconds(lambda: scored(answers, units, n_units))
    made_time, made = seconds(lambda: summarised(groups))
    room = given + megabytes(lambda: summarised(scored(answers, units, n_units)))
    check(answers, groups, made)
    print(f"{'':<44}{'s':>8}{'ratio':>8}{'MB':>8}{'ratio':>8}")
    show("bare numpy group-by: item means", bare_time, bare_time, bare_room, bare_room)
    print(f"{'scored, sums and products by unit':<44}{pass_time:8.3f}{pass_time / bare_time:8.2f}")
    print(f"{'n, mean, sd and interval of all':<44}{made_time:8.3f}{made_time / bare_time:8.2f}")
    show("scored and summarised", pass_time + made_time, bare_time, room, bare_room)
    assert max((pass_time + made_time) / bare_time, room / bare_room) < AIM
    run = by_pandas(answers, units)
    if run is None:
        print("pandas is not installed.")
    else:
        show("pandas: n, mean and sd of items", seconds(run)[0], bare_time, given + megabytes(run), bare_room)
    r_time = by_r(answers, units)
    if r_time is None:
        print("R is not installed.")
    else:
        print(f"{'R, rowsum: n, mean and sd of items':<44}{r_time:8.3f}{r_time / bare_time:8.2f}")


def show(what: str, time: float, bare_time: float, room: float, bare_room: float) -> None:
    """Print a line of the table."""
    print(f"{what:<44}{time:8.3f}{time / bare_time:8.2f}{room:8.0f}{room / bare_room:8.2f}")


if __name__ == "__main__":
    main()
