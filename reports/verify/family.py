"""Adjusted p values, made again from the publication that is kept here: all changes of all units, as one family.

Benjamini and Hochberg (1995) for the index; Benjamini and Bogomolov (2014) for motives, which are looked into only
where the index has changed. All of it is made of published means and standard deviations, two waves side by side.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reports.verify.changes import Side, welch
from reports.verify.made import Made, close
from survey.privacy.record import Change, Detail
from survey.privacy.released import Released
from survey.privacy.thaw import Publication, PublishedUnit

NEAR: Final = 1e-4
"""How far a p may be off that is made of means and spreads with six decimals."""


def adjusted_again(publication: Publication, before: Publication, code: str) -> Iterator[Made]:
    """Yield the adjusted p values of a unit's changes since the wave before; none where not all changes can be made."""
    found = {(unit, of): p for unit, of, p in _all(publication, before)}
    index = {key: p for key, p in found.items() if key[1] in {"index", "came from"}}
    adjusted = dict(zip(index, adjust([p for p in index.values() if p is not None]), strict=False))
    detail = _detail(publication.unit(code))
    if detail is None or detail.change is None or None in found.values() or (code, "index") not in adjusted:
        return
    yield close("adjusted p: index", detail.change.p_adjusted, adjusted[code, "index"], NEAR)
    passed = sum(_passed(publication.unit(other)) for other, of in index if of == "index")
    motives = {motive: p for motive in detail.motive_changes if (p := found[code, motive]) is not None}
    for motive, p in zip(motives, adjust(list(motives.values())), strict=True):
        made = min(1.0, p * len(index) / passed)
        yield close(f"adjusted p: {motive}", detail.motive_changes[motive].p_adjusted, made, NEAR)


def adjust(p: Sequence[float]) -> list[float]:
    """Return min over all p(j) >= p(i) of p(j) m / j, with j the place of p(j) from the smallest on."""
    order = sorted(p)
    return [min((p_j * len(p) / (at + 1) for at, p_j in enumerate(order) if p_j >= each), default=1.0) for each in p]


def _all(publication: Publication, before: Publication) -> Iterator[tuple[str, str, float | None]]:
    """Yield every change that is told: whose, of what, and its own p; None where that cannot be made."""
    publication.read(publication.codes)
    before.read(before.codes)
    for unit in publication.units:
        detail = _detail(unit)
        if detail is None:
            continue
        now = _sides(unit, publication)
        for of, change in _changes(detail).items():
            then_code = unit.origin.unit if of == "came from" and unit.origin is not None else unit.code
            then = _sides(before.unit(then_code)) if then_code in before else {}
            key = "index" if of == "came from" else of
            there = change.since == before.wave.code and key in now and key in then
            yield unit.code, of, welch(now[key], then[key]).p if there else None


def _changes(detail: Detail) -> Mapping[str, Change]:
    found = {} if detail.change is None else {"index": detail.change}
    found |= {} if detail.origin_change is None else {"came from": detail.origin_change}
    return found | detail.motive_changes


def _passed(unit: PublishedUnit) -> bool:
    detail = _detail(unit)
    return detail is not None and detail.change is not None and detail.change.verdict != "no detectable difference"


def _detail(unit: PublishedUnit) -> Detail | None:
    return unit.detail.value if isinstance(unit.detail, Released) else None


def _sides(unit: PublishedUnit, pooled: Publication | None = None) -> dict[str, Side]:
    """Return the means that a unit shows with their spreads; of the index the company's where its own is not told."""
    detail = _detail(unit)
    if detail is None or not isinstance(unit.figures, Released):
        return {}
    figures, n = unit.figures.value, unit.figures.value.n
    found = {
        motive: Side(figures.scales[motive].value, spread.sd.value, n, n - 1)
        for motive, spread in detail.spreads.items()
    }
    if detail.index_sd is not None:
        return found | {"index": Side(figures.index.value, detail.index_sd.value, n, n - 1)}
    shared = None if pooled is None else _shared(pooled)
    return found if shared is None else found | {"index": Side(figures.index.value, shared[0], n, shared[1])}


def _shared(publication: Publication) -> tuple[float, int] | None:
    """Return the spread of the index within the company's units, with the degrees of freedom that it rests on."""
    index, evidence = publication.instrument.index, publication.evidence
    variance = None if index is None else publication.within_variance.value.get(index.id)
    df = None if evidence is None else next((each.df for each in evidence.value.pairs), None)
    return None if variance is None or df is None else (variance**0.5, df)
