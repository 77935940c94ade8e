"""What is said where there is nothing to work with: a reason in words, never a number made up."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import isfinite
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from benchmarks.calibration.counts import Claim, Part, Tally
from benchmarks.calibration.people import INDEX, INSTRUMENT, SPECS, answers, between, inclinations, units
from benchmarks.calibration.waves import sizes, wave
from survey.instruments.answers import SKIPPED
from survey.privacy.figures import NotEstimable as Told
from survey.privacy.freeze import freeze
from survey.privacy.inputs import WaveInputs
from survey.scoring.agreement import agreement, item_variances
from survey.scoring.answers import AnswerTable
from survey.scoring.base import one_base
from survey.scoring.columns import item_values, scale_scores
from survey.scoring.comparison import Side, compare
from survey.scoring.estimable import NotEstimable
from survey.scoring.intraclass import intraclass
from survey.scoring.link import link
from survey.scoring.moments import moments_by_unit
from survey.scoring.omega import omega
from survey.scoring.oneway import units_of
from survey.scoring.outcomes import go_together
from survey.scoring.reliability import alpha, spearman_brown
from survey.scoring.shrinkage import shrinkage
from survey.scoring.summaries import Summary, summarise
from survey.scoring.variance_components import components
from survey.scoring.within import within

Answers = NDArray[np.uint8]
Where = NDArray[np.int32]

ASKED: Final = {item.id for item in INSTRUMENT.asked()}
PEOPLE: Final = 24


def situations() -> Mapping[str, tuple[Answers, Where]]:
    """Return answers with which there is little to do, and the unit of each person."""
    random = np.random.default_rng(4)
    some = units(random, [6] * 4, between(0.1))
    given = answers(random, some, inclinations(random, PEOPLE))
    alike = np.where(given == SKIPPED, SKIPPED, 4).astype(np.uint8)
    return {
        "everybody answers 4 to everything": (alike, some.of_people),
        "one unit": (given, np.zeros(PEOPLE, dtype=np.int32)),
        "one person in each unit": (given, np.arange(PEOPLE, dtype=np.int32)),
        "one person": (given[:1], np.zeros(1, dtype=np.int32)),
        "everything skipped": (np.full_like(given, SKIPPED), some.of_people),
        "nobody": (given[:0], np.zeros(0, dtype=np.int32)),
    }


def numbers(given: Answers, where: Where) -> Iterator[tuple[str, object]]:
    """Make every kind of number of such answers."""
    base = one_base(given, INSTRUMENT, ASKED)
    scores, of = scale_scores(given[base], INSTRUMENT, SPECS), where[base]
    groups = moments_by_unit(scores, of, 24, SPECS)
    pooled = within(groups, SPECS)
    weights = np.array([float(weight) for _, weight in INDEX.weights])
    index = scores[:, : len(weights)] @ weights
    plain = units_of(index, of)
    tactical, creativity = (item_values(given[base], INSTRUMENT, scale) for scale in ("tactical", "creativity"))
    yield "mean of a unit", summarise(groups[0], INDEX, pooled)
    yield "spread within units", pooled if isinstance(pooled, NotEstimable) else pooled.variance(INDEX)
    yield "difference of two units", compare(Side(groups[0], pooled), Side(groups[1], pooled), INDEX)
    yield "variance components", components(plain)
    yield "ICC", intraclass(plain)
    yield "shrunken means", shrinkage(plain)
    yield "alpha", alpha(tactical)
    yield "Spearman-Brown", spearman_brown(creativity)
    yield "omega", omega(tactical)
    yield "rwg(j)", agreement(item_variances(tactical).tolist(), 7, "uniform")
    yield "the link", link(given, where, INSTRUMENT, base)
    yield "rank correlation of units", go_together(plain.means.tolist(), plain.n.tolist(), fewest=4)


def publications() -> Mapping[str, WaveInputs]:
    """Return closed waves with which there is little to do."""
    random = np.random.default_rng(5)
    teams = units(random, sizes(), between(0.1))
    given = answers(random, teams, inclinations(random, int(teams.sizes.sum())))
    whole = wave(given, teams.of_people)
    few = wave(given[:4], teams.of_people[:4])
    return {
        "everybody answers 4 to everything": _answered(whole, np.where(given == SKIPPED, SKIPPED, 4)),
        "everybody answers 7 to everything": _answered(whole, np.where(given == SKIPPED, SKIPPED, 7)),
        "everything skipped": _answered(whole, np.full_like(given, SKIPPED)),
        "four people": few,
        "nobody": wave(given[:0], teams.of_people[:0]),
    }


def _answered(inputs: WaveInputs, given: NDArray[Any]) -> WaveInputs:
    table = AnswerTable(INSTRUMENT, given.astype(np.uint8), inputs.table.units)
    return replace(inputs, table=table)


def told(made: object) -> str:
    """Say in words what came out."""
    if isinstance(made, NotEstimable):
        return f"not estimable: {made.reason.to('en')}"
    if isinstance(made, Summary) and isinstance(made.interval, NotEstimable):
        return f"{made.mean:.2f}; its interval is not estimable: {made.interval.reason.to('en')}"
    if isinstance(made, Summary):
        return f"{made.mean:.2f} ({made.low:.2f} to {made.high:.2f})"
    return f"{made:.2f}" if isinstance(made, float) else "estimable"


def floats(of: object) -> Iterator[float]:
    """Walk through what was made and yield every number in it."""
    if isinstance(of, float):
        yield of
    elif isinstance(of, np.ndarray):
        yield from np.asarray(of, dtype=np.float64).ravel().tolist()
    elif isinstance(of, msgspec.Struct):
        yield from floats(list(msgspec.structs.asdict(of).values()))
    elif isinstance(of, Mapping):
        yield from floats(list(of.values()))
    elif isinstance(of, list | tuple):
        for each in of:
            yield from floats(each)
    elif hasattr(of, "__dict__") and not isinstance(of, NotEstimable):
        yield from floats(list(vars(of).values()))


def reasons(of: object) -> Iterator[str]:
    """Walk through a record and yield every reason in it."""
    if isinstance(of, Told):
        yield of.reason
    elif isinstance(of, msgspec.Struct):
        yield from reasons(list(msgspec.structs.asdict(of).values()))
    elif isinstance(of, dict):
        yield from reasons(list(of.values()))
    elif isinstance(of, list):
        for each in of:
            yield from reasons(each)


def parts() -> list[Part]:
    """Return the tables of numbers and of publications that cannot be had."""
    single = Part(
        "Where there is nothing to work with",
        "Numbers that cannot be had are a value with its reason. Every number behind this table was looked through: "
        "none is NaN or infinite, and nothing raised an error or a warning.",
        ["answers", "number", "what comes out"],
    )
    finite = Tally()
    for situation, (given, where) in situations().items():
        for name, made in numbers(given, where):
            single.rows.append([situation, name, told(made)])
            finite.add(np.isfinite(list(floats(made))))
    whole = Part(
        "The same for a whole publication",
        "What the record of such a wave says instead of numbers.",
        ["answers", "units shown", "reasons in the record"],
    )
    for situation, inputs in publications().items():
        record = freeze(inputs)
        shown = sum(unit.figures is not None for unit in record.units)
        whole.rows.append([situation, f"{shown} of {len(record.units)}", " ".join(sorted(set(reasons(record))))])
        finite.add(np.array([isfinite(number) for number in floats(record)]))
    whole.claims.append(Claim("numbers are finite where there is nothing to work with", finite, least=1.0))
    return [single, whole]
