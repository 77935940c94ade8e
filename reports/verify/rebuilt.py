"""From the source attached to a report back to the publication that it was printed from, as far as it shows it."""

from dataclasses import dataclass
from typing import Final

import msgspec

from reports.excerpt import NOTHING, Before, Excerpt
from survey.i18n import LANGUAGES, Refused, Sentence
from survey.privacy.figures import NotEstimable
from survey.privacy.notices import Afterwards
from survey.privacy.record import Change, Detail, Origin, Sums, UnitFigures, UnitRecord
from survey.privacy.thaw import Publication, dump, thaw

UNREADABLE: Final = Sentence("The data attached to this report cannot be read: %(why)s.")


@dataclass(frozen=True)
class Rebuilt:
    """What the pages are made from."""

    source: Excerpt
    publication: Publication
    earlier: tuple[Publication, ...]


def rebuilt(data: bytes) -> Rebuilt:
    """Return the publication of a source, with the earlier waves that the report draws.

    Raises:
        Refused: It is no source, or its parts do not fit together.
    """
    try:
        source = msgspec.json.decode(data, type=Excerpt)
        if source.language not in LANGUAGES:
            raise ValueError(f"language {source.language}")  # noqa: TRY301 - told like the others
        publication = thaw(*dump(source.record), Afterwards(source.errata))
        return Rebuilt(source, publication, _earlier(source))
    except (msgspec.MsgspecError, ValueError, LookupError, ArithmeticError, RecursionError) as error:
        raise Refused(UNREADABLE, why=str(error)[:200]) from None


def _earlier(source: Excerpt) -> tuple[Publication, ...]:
    """Return the earlier waves, each with what the report shows of it and nothing else."""
    found, since = [], ""
    for before in source.earlier:
        columns = len(source.record.columns)
        units = [
            _then(unit, source.unit, before, since, columns)
            for unit in source.record.units
            if _on_the_way(unit, source)
        ]
        record = msgspec.structs.replace(source.record, wave=before.wave, units=units, own_practices=[])
        found.append(thaw(*dump(record)))
        since = before.wave.code
    return tuple(found)


def _on_the_way(unit: UnitRecord, source: Excerpt) -> bool:
    return unit.parent is None or not unit.code.startswith(f"{source.unit}/")


def _then(unit: UnitRecord, code: str, before: Before, since: str, columns: int) -> UnitRecord:
    """Return what an earlier wave shows of a unit: its index, and that it changed since the wave before that."""
    index = before.index if unit.code == code else before.company if unit.parent is None else None
    bare = msgspec.structs.replace(
        unit,
        hidden="small",
        detail_hidden="small",
        sums=None,
        figures=None,
        detail=None,
        rest=None,
        adopted={},
        over={},
    )
    if index is None:
        return bare
    nothing = NotEstimable("This number is not part of the report.")
    sums = Sums(before.n, [0] * columns)
    figures = UnitFigures(before.n, index, NOTHING, {}, nothing, "", "", nothing, None, {}, {})
    if unit.code != code or not since:
        return msgspec.structs.replace(bare, hidden=None, figures=figures, sums=sums)
    change = Change(since, NOTHING, "no detectable difference", 1.0, NOTHING, NOTHING)
    return msgspec.structs.replace(
        bare,
        hidden=None,
        detail_hidden=None,
        figures=figures,
        sums=sums,
        detail=Detail({}, None, "cannot tell yet", 0.0, change),
        origin=None if before.stayed is None else Origin(before.stayed, "", 0),
    )
