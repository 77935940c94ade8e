"""What one report was made of: the part of a publication that it shows, and no more, as a publication of its own.

It travels in the PDF as `source.json`, so that whoever holds the file can make the pages again from the numbers
(`reports.verify`). Of other units it holds what the pages hold (docs/decisions/0019-what-a-report-holds-of-others.md).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, Literal, TypeVar

import msgspec

from reports.annex import beside
from reports.edition import edition
from reports.trend import index, trail
from survey.instruments.extra import is_extra
from survey.privacy.evidence import Evidence
from survey.privacy.figures import Figure, NotEstimable
from survey.privacy.notices import Erratum
from survey.privacy.record import Origin, Record, Rest, Sums, UnitFigures, UnitRecord, WaveFacts
from survey.privacy.released import Reason, Released, Suppressed
from survey.privacy.thaw import Publication, PublishedUnit

T = TypeVar("T")
NAME: Final = "source.json"
NOTHING: Final = Figure(0.0, "")
"""For a number that the pages do not show."""
_NOT_HERE: Final = NotEstimable("This number is not part of the report.")


class Then(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The unit's own mean in an earlier wave, and the standard deviation of its answers: what a change rests on."""

    mean: float
    sd: float


class Before(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the report shows of an earlier wave."""

    wave: WaveFacts
    n: int
    index: Figure
    company: Figure | None
    stayed: int | None
    then: dict[str, Then] = {}
    """By "index" and motive: whatever the report shows a change of since this very wave."""
    drawn: float | None = None
    """The index of then, drawn towards other units; None where it was not told, or no change since is shown."""


class Excerpt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of it."""

    format: Literal[1]
    publication: str
    """Digest of the publication that the record was taken from."""
    edition: str
    unit: str
    language: str
    record: Record
    errata: tuple[Erratum, ...]
    earlier: tuple[Before, ...]
    """The earliest first."""


def excerpt(publication: Publication, code: str, language: str, earlier: Sequence[Publication]) -> bytes:
    """Return what the report of a unit is made of, as JSON."""
    unit = publication.unit(code)
    made = Excerpt(
        format=1,
        publication=publication.digest,
        edition=edition(),
        unit=code,
        language=language,
        record=_record(publication, unit),
        errata=publication.errata,
        earlier=tuple(_before(publication, code, earlier)),
    )
    return msgspec.json.encode(made, order="deterministic")


def _record(publication: Publication, unit: PublishedUnit) -> Record:
    evidence = None if publication.evidence is None else publication.evidence.value
    few = not isinstance(unit.figures, Suppressed) and unit.figures.value.n < publication.policy.detail_k
    return Record(
        format=1,
        company={language: publication.company_name(language) for language in ("ko", "en")},
        unit_word=publication.unit_word,
        wave=publication.wave,
        policy=publication.policy,
        instrument=publication.instrument.to_json(),
        columns=list(publication.columns),
        units=list(_units(publication, unit)),
        within_variance=dict(publication.within_variance.value) if few else {},
        reliability=list(publication.reliability.value),
        link=publication.link.value,
        quality=publication.quality.value,
        previous=publication.previous_digest,
        previous_wave=publication.previous_wave,
        evidence=None if evidence is None else Evidence(axes=evidence.axes, link=evidence.link),
        own_practices=list(publication.own_practices),
    )


def _units(publication: Publication, unit: PublishedUnit) -> Iterator[UnitRecord]:
    """Yield the units from the company down to the report's own, and the hidden ones right below it, without names."""
    shown = beside(publication, unit.code)
    for other in publication.path(unit.code)[:-1]:
        yield _above(other, unit, publication) if other.code in shown else _bare(other, "complementary")
    yield _own(unit)
    for place, child in enumerate(publication.children(unit.code)):
        if child.hidden is not None:
            yield msgspec.structs.replace(_bare(child, child.hidden), code=f"{unit.code}/{place}", names={}, joined={})


def _bare(unit: PublishedUnit, hidden: Reason) -> UnitRecord:
    """Return a unit of which no number is shown."""
    return UnitRecord(
        code=unit.code, parent=unit.parent, names=dict(unit.names), kind="", leads=unit.leads, depth=unit.depth,
        invited=0, participation="", hidden=hidden, detail_hidden=hidden, adopted={}, language_note=False,
    )  # fmt: skip


def _own(unit: PublishedUnit) -> UnitRecord:
    """Return the report's own unit, but for what tells of another one."""
    detail = unit.detail
    return msgspec.structs.replace(
        _bare(unit, "small"),
        kind=unit.kind,
        hidden=unit.figures.reason if isinstance(unit.figures, Suppressed) else None,
        detail_hidden=detail.reason if isinstance(detail, Suppressed) else None,
        participation=unit.participation,
        adopted=dict(unit.adopted),
        language_note=unit.language_note,
        sums=_told(unit.sums),
        figures=_told(unit.figures),
        detail=None if isinstance(detail, Suppressed) else msgspec.structs.replace(detail.value, origin_change=None),
        origin=None if unit.origin is None else Origin(unit.origin.stayed, "", 0),
        joined={code: dict(names) for code, names in unit.joined.items()},
        marks=list(unit.marks),
        over=dict(unit.over),
    )


def _above(other: PublishedUnit, unit: PublishedUnit, publication: Publication) -> UnitRecord:
    """Return a unit above with what stands beside the report's own: see `reports.annex`."""
    bare = _bare(other, "complementary")
    if isinstance(other.figures, Suppressed):
        return msgspec.structs.replace(bare, hidden=other.figures.reason)
    figures, own_shown = other.figures.value, not isinstance(unit.figures, Suppressed)
    root = other.code == publication.root.code
    stands_in = not own_shown and publication.published_above(unit.code) == other
    scales: Mapping[str, Figure] = {}
    if root and own_shown:
        scales = figures.scales
    elif stands_in or (root and not own_shown):
        scales = _motives(figures, publication)
    rest = None if other.rest is None or unit.code not in other.rest.value.units else other.rest.value
    return msgspec.structs.replace(
        bare,
        hidden=None,
        sums=_sums(other, scales, publication),
        figures=UnitFigures(
            n=figures.n,
            index=figures.index,
            twin=NOTHING,
            scales=dict(scales),
            contribution=_NOT_HERE,
            weakest=figures.weakest if stands_in else "",
            weakest_facet=figures.weakest_facet if stands_in else "",
            balance=_NOT_HERE,
            position=None,
            practices={item: each for item, each in figures.practices.items() if root and own_shown and is_extra(item)},
            practices_n={},
        ),
        rest=None if rest is None else Rest(rest.n, list(rest.units), rest.index, {}),
    )


def _sums(unit: PublishedUnit, scales: Collection[str], publication: Publication) -> Sums | None:
    """Return the sums of some scales; 0 stands for those that are not part of the report."""
    if isinstance(unit.sums, Suppressed):
        return None
    pairs = zip(publication.columns, unit.sums.value.totals, strict=True)
    return Sums(unit.sums.value.n, [total if column.scale in scales else 0 for column, total in pairs])


def _motives(figures: UnitFigures, publication: Publication) -> Mapping[str, Figure]:
    motives = [motive.id for motive in publication.instrument.motives]
    return {motive: figures.scales[motive] for motive in motives if motive in figures.scales}


def _before(publication: Publication, code: str, earlier: Sequence[Publication]) -> Iterator[Before]:
    for wave in trail(publication, earlier, code)[:-1]:
        unit = wave.unit(code)
        if isinstance(unit.figures, Released):
            figures = unit.figures.value
            stayed = None if unit.origin is None else unit.origin.stayed
            company = None if code == wave.root.code else index(wave, wave.root.code)
            yield Before(wave.wave, figures.n, figures.index, company, stayed, *_behind(publication.unit(code), wave))


def _behind(now: PublishedUnit, wave: Publication) -> tuple[dict[str, Then], float | None]:
    """Return what the changes of a unit since `wave` rest on, as that wave published it of the same unit."""
    detail, figures, then = _told(now.detail), _told(wave.unit(now.code).figures), _told(wave.unit(now.code).detail)
    if detail is None or detail.change is None or detail.change.since != wave.wave.code or not (figures and then):
        return {}, None
    found = {} if then.index_sd is None else {"index": Then(figures.index.value, then.index_sd.value)}
    found |= {
        motive: Then(figures.scales[motive].value, then.spreads[motive].sd.value)
        for motive in detail.motive_changes
        if motive in then.spreads
    }
    return found, figures.shrunken.value if isinstance(figures.shrunken, Figure) else None


def _told(value: Released[T] | Suppressed) -> T | None:
    return None if isinstance(value, Suppressed) else value.value
