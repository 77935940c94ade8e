"""Where most of a unit's people worked in the wave before, for a reader who may see that unit then; else that much."""

from collections.abc import Iterable

from reports.change_sentences import came, since_origin
from reports.comparison.lenses import UNSEEN, Sees
from survey.i18n import Sentence
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication, PublishedUnit


def came_from(
    unit: PublishedUnit, publication: Publication, others: Iterable[Publication], sees: Sees, language: str
) -> tuple[Sentence, ...]:
    """Return what is said of another unit that most of a unit's people came from; () where there is none.

    The change against it would tell its index: nothing but that it is there is said to whoever may not see it.
    """
    before = next((other for other in others if other.digest == publication.previous_digest), None)
    origin = unit.origin
    if before is None or origin is None or origin.unit in {"", unit.code} or origin.unit not in before:
        return ()
    if not sees(before, origin.unit):
        return (UNSEEN,)
    name = before.unit(origin.unit).name(language)
    change = None if isinstance(unit.detail, Suppressed) else unit.detail.value.origin_change
    said = came(origin.share, name)
    return (said,) if change is None else (said, since_origin(change, name))
