"""What is told of units that anybody can work out from a record's sums: drawn means, bounds, agreement.

Made again here from nothing but the record, so that it cannot tell more than the record does.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from survey.scoring.estimable import NotEstimable
from survey.scoring.oneway import Units
from survey.scoring.shrinkage import FEW_UNITS, Shrinkage, shrinkage
from tests.privacy.attack.evidence import figures
from tests.privacy.attack.published import UnknownNumber, told

UnitRecords = Mapping[str, Mapping[str, Any]]
CLOSE = 1e-4
MISSING = {"invited", "low", "high", "near_low", "near_high", "share"}
AGREEMENT = {"rwg", "split", "deviation"}


def drawn_again(units: UnitRecords, variance: float | None, pool: int) -> dict[str, tuple[float, float, float]]:
    """Return every shown unit's index drawn towards the others, from published means and the published spread."""
    shown = {code: unit for code, unit in units.items() if unit["figures"]}
    root = next(iter(units))
    if variance is None:
        return {}

    def above(code: str) -> Iterator[str]:
        at = units[code]["parent"]
        while at is not None:
            yield at
            at = units[at]["parent"]

    def learnt(codes: Sequence[str]) -> Shrinkage | NotEstimable:
        holding = {other for code in codes for other in above(code)}
        ends = [code for code in codes if code not in holding]
        n = np.array([shown[code]["figures"]["n"] for code in ends], dtype=np.float64)
        means = np.array([shown[code]["figures"]["index"]["value"] for code in ends])
        if not ends:
            return FEW_UNITS
        return shrinkage(Units(n, means, variance * pool, pool))

    everywhere = learnt(list(shown))
    found: dict[str, tuple[float, float, float]] = {}
    for code, unit in shown.items():
        kind = (unit["leads"], unit["kind"])
        alike = [other for other, each in shown.items() if (each["leads"], each["kind"]) == kind and other != root]
        own = learnt(alike) if any(kind) else everywhere
        among = everywhere if isinstance(own, NotEstimable) else own
        if code != root and not isinstance(among, NotEstimable):
            made = among.of([unit["figures"]["n"]], [unit["figures"]["index"]["value"]])
            found[code] = float(made.value[0]), float(made.low[0]), float(made.high[0])
    return found


def drawn_alike(figure: Mapping[str, Any], again: tuple[float, float, float], ends: tuple[int, int]) -> bool:
    """Return whether a published drawn mean is the one that follows."""
    value, low, high = again
    cut = value, max(low, ends[0]), min(high, ends[1])
    return all(abs(figure[name] - each) < CLOSE for name, each in zip(("value", "low", "high"), cut, strict=True))


def read_missing(missing: Mapping[str, Any], n: int, index: Fraction, same: Callable[..., None]) -> None:
    """Read the bounds of those missing: they follow from n, invited and the index."""
    if unknown := missing.keys() - MISSING:
        raise UnknownNumber(", ".join(sorted(unknown)))
    invited = missing["invited"]
    for name, end in (("low", -100), ("high", 100)):
        same(f"bound of those missing, {name}", missing[name], (n * index + (invited - n) * end) / invited)


def read_agreement(agreement: Mapping[str, Any], spreads: Mapping[str, Any]) -> Iterator[str]:
    """Read agreement scale by scale, and return what contradicts: more digits than printed, or another distribution."""
    for scale, found in agreement.items():
        if unknown := found.keys() - AGREEMENT:
            raise UnknownNumber(", ".join(sorted(unknown)))
        for figure in figures(found):
            low, high = told(figure["text"])
            if round(float((low + high) / 2), 6) != figure["value"]:
                yield f"agreement on {scale} is kept as {figure['value']}"
        if found["deviation"] is not None or found["split"]:
            if scale not in spreads:
                yield f"agreement on {scale} tells of a distribution that is not shown"
            elif found["deviation"] is not None:
                yield from _of_distribution(scale, found, spreads[scale]["counts"])


def _of_distribution(scale: str, found: Mapping[str, Any], counts: Sequence[int]) -> Iterator[str]:
    values = np.repeat(np.arange(len(counts)), counts)
    random = (len(counts) ** 2 - 1) / 12
    if abs(found["rwg"]["uniform"]["value"] - max(1 - values.var(ddof=1) / random, 0.0)) > 0.0051:
        yield f"agreement on {scale} does not follow from its distribution"
    if abs(found["deviation"]["value"] - np.abs(values - values.mean()).mean()) > 0.0051:
        yield f"deviation of {scale} does not follow from its distribution"
