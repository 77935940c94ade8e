"""The data annex: what a report shows, with the exact sums behind it, so that anybody can recompute every number."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from reports.method import formula
from reports.numbers import HEADER, Number, numbers, totals_of
from reports.recompute import of_fields
from reports.trend import trail
from survey.privacy.figures import Figure
from survey.privacy.record import Detail
from survey.privacy.released import Released, Suppressed
from survey.privacy.thaw import Publication, PublishedUnit
from survey.spreadsheets import as_csv


def annex_json(publication: Publication, unit_code: str, language: str, earlier: Sequence[Publication] = ()) -> bytes:
    """Return all that is published of the unit, and what its report shows of those above it, as JSON."""
    own, instrument = publication.unit(unit_code), publication.instrument
    index = instrument.index
    facts = {
        "publication": publication.digest,
        "errata": publication.errata,
        "previous_wave": publication.previous_wave,
        "wave": publication.wave,
        "policy": publication.policy,
        "instrument": {
            "id": instrument.id,
            "version": instrument.version,
            "digest": instrument.digest(),
            "formula": formula(instrument, language),
            "weights": dict(index.weights) if index else {},
            "rescale": index.rescale if index else None,
        },
        "methods": of_fields(),
        "columns": publication.columns,
        "reliability": publication.reliability.value,
        "link": publication.link.value,
        "evidence": _evidence(publication),
        "quality": publication.quality.value,
        "unit": _unit(own, language),
        "waves": {
            wave.wave.code: {"n": n, "index": figure} for wave, n, figure in _before(publication, unit_code, earlier)
        },
        "beside": [_beside(other, own, publication, language) for other in _others(publication, unit_code)],
    }
    return msgspec.json.format(msgspec.json.encode(facts, order="sorted"), indent=1)


def _evidence(publication: Publication) -> dict[str, object]:
    """Return what the link and the labels rest on."""
    if publication.evidence is None:
        return {}
    return {"axes": publication.evidence.value.axes, "link": publication.evidence.value.link}


def annex_csv(publication: Publication, unit_code: str, language: str, earlier: Sequence[Publication] = ()) -> bytes:
    """Return the same figures as CSV with a byte order mark, safe to open in a spreadsheet."""
    del language  # the columns and ids are the same for every reader
    own = publication.unit(unit_code)
    rows = list(numbers(own, publication))
    for other in _others(publication, unit_code):
        scales = _scales_beside(other, own, publication)
        rows += [
            row
            for row in numbers(other, publication)
            if row.measure == "index" or (row.measure == "mean" and row.scale in scales)
        ]
        if other.rest is not None and unit_code in other.rest.value.units:
            rows.append(Number(other.code, "index of the rest", "", other.rest.value.n, other.rest.value.index))
    rows += [
        Number(unit_code, f"index in {wave.wave.code}", "", n, figure)
        for wave, n, figure in _before(publication, unit_code, earlier)
    ]
    return as_csv([HEADER, *(row.cells() for row in rows)])


def _before(
    publication: Publication, unit_code: str, earlier: Sequence[Publication]
) -> Iterable[tuple[Publication, int, Figure]]:
    """Return the earlier waves that the report draws."""
    for wave in trail(publication, earlier, unit_code)[:-1]:
        figures = wave.unit(unit_code).figures
        if not isinstance(figures, Suppressed):
            yield wave, figures.value.n, figures.value.index


def _others(publication: Publication, unit_code: str) -> list[PublishedUnit]:
    """Return what the report shows beside the unit: see `beside`."""
    return [publication.unit(code) for code in beside(publication, unit_code)]


def beside(publication: Publication, unit_code: str) -> tuple[str, ...]:
    """Return the nearest published unit above and the company; in the kit of a hidden unit, the next one above, too."""
    above = publication.published_above(unit_code)
    shown = [] if above is None else [above.code]
    if above is not None and isinstance(publication.unit(unit_code).figures, Suppressed):
        higher = publication.published_above(above.code)
        shown += [] if higher is None else [higher.code]
    return tuple(code for code in dict.fromkeys((*shown, publication.root.code)) if code != unit_code)


def _scales_beside(other: PublishedUnit, own: PublishedUnit, publication: Publication) -> tuple[str, ...]:
    """Return the scales whose means `own`'s report shows of a unit above: the company's, in the kit the motives.

    Whoever gets a team's report may not see its division: the annex holds no more than the pages do.
    """
    if other.code == publication.root.code and not isinstance(own.figures, Suppressed):
        return tuple(column.scale for column in publication.columns)
    stands_in = publication.published_above(own.code)
    with_motives = {publication.root.code, "" if stands_in is None else stands_in.code}
    if isinstance(own.figures, Suppressed) and other.code in with_motives:
        return tuple(motive.id for motive in publication.instrument.motives)
    return ()


def _unit(unit: PublishedUnit, language: str) -> dict[str, Any]:
    return {
        "code": unit.code,
        "name": unit.name(language),
        "participation": unit.participation,
        "joined": unit.joined,
        "figures": _told(unit.figures),
        "detail": _detail(unit.detail),
        "stayed": None if unit.origin is None else unit.origin.stayed,
        "sums": _told(unit.sums),
    }


def _detail(detail: Released[Detail] | Suppressed) -> object:
    """Return the details, but for what tells of another unit: whoever reads this report may not see that one."""
    if isinstance(detail, Suppressed):
        return _told(detail)
    return msgspec.structs.replace(detail.value, origin_change=None)


def _beside(other: PublishedUnit, own: PublishedUnit, publication: Publication, language: str) -> dict[str, Any]:
    told: dict[str, Any] = {"code": other.code, "name": other.name(language)}
    if isinstance(other.figures, Suppressed):
        return {**told, "suppressed": other.figures.reason}
    found, totals = other.figures.value, totals_of(other, publication)
    scales = _scales_beside(other, own, publication)
    return {
        **told,
        "n": found.n,
        "index": found.index,
        "scales": {scale: found.scales[scale] for scale in scales if scale in found.scales},
        "totals": {scale: totals[scale][0] for scale in scales if scale in totals},
        **_together(other, own),
    }


def _together(other: PublishedUnit, own: PublishedUnit) -> dict[str, Any]:
    """Return what a hidden unit's kit says of the hidden units it stands among, taken together."""
    if other.rest is None or own.code not in other.rest.value.units:
        return {}
    rest = other.rest.value
    return {"rest": {"n": rest.n, "units": rest.units, "index": rest.index}}


def _told(value: Released[Any] | Suppressed) -> object:
    return {"suppressed": value.reason} if isinstance(value, Suppressed) else value.value
