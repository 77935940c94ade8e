"""What stands for a unit in earlier waves: the same code, the unit as it was, or where today's people came from.

Nothing is looked up that a publication does not hold: each says of its units how many of their people were there in the
wave before, and from which unit most of them came. A line ends, or breaks, where that is fewer than half.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from reports.trend import broken
from survey.i18n import Sentence
from survey.instruments.model import Instrument
from survey.instruments.versions import same_index
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication, PublishedUnit

Lens = Literal["code", "self", "origin"]
NAMES: Final[dict[Lens, Sentence]] = {
    "code": Sentence("The same code"),
    "self": Sentence("The unit as it was"),
    "origin": Sentence("Where most of today’s people came from"),
}
ELSEWHERE: Final = Sentence("Then in a part of the company that you cannot see")
NOT_PART: Final = Sentence("Not part of this wave")
UNSEEN: Final = Sentence("Most of these people came from a unit that you cannot see")
SPREAD: Final = Sentence("There is no unit that most of these people came from")
UNKNOWN: Final = Sentence("Where these people worked then is not known")

Sees = Callable[[Publication, str], bool]
"""Whether the reader may see a unit of a publication."""
Holds = Callable[[Instrument, Instrument], bool]
"""Whether two waves asked for what is compared in the same way."""


@dataclass(frozen=True)
class Stand:
    """What stands for a unit in one wave."""

    wave: Publication
    unit: PublishedUnit | None
    """None where there is nothing, or nothing that the reader may see."""
    joined: bool = False
    """Whether a line may lead here from the wave before."""
    broken: bool = False
    """Whether fewer than half of its people had been there in the wave before."""
    earlier: bool = False
    """Whether this is another unit than today's: an earlier self, or where its people came from."""
    why: Sentence = NOT_PART
    """Why there is no unit."""


def lens_of(asked: str | None) -> Lens:
    """Return the lens that an address asks for; the same code where it names none.

    >>> lens_of("origin"), lens_of("nonsense"), lens_of(None)
    ('origin', 'code', 'code')
    """
    return next((lens for lens in get_args(Lens) if lens == asked), "code")


def stands(
    code: str, waves: Sequence[Publication], lens: Lens, sees: Sees, holds: Holds = same_index
) -> tuple[Stand, ...]:
    """Return what stands for a unit of the newest wave in each wave, the earliest first."""
    if lens == "origin":
        return _came_from(code, waves, sees, holds)
    found = [_same(code, before, wave, sees, holds) for before, wave in zip((None, *waves), waves, strict=False)]
    if lens == "self":
        newest = max((place for place, stand in enumerate(found) if stand.broken), default=0)
        found = [
            Stand(each.wave, each.unit, each.joined, each.broken, earlier=place < newest, why=each.why)
            for place, each in enumerate(found)
        ]
    return tuple(found)


def _same(code: str, before: Publication | None, wave: Publication, sees: Sees, holds: Holds) -> Stand:
    if code not in wave:
        return Stand(wave, None)
    if not sees(wave, code):
        return Stand(wave, None, why=ELSEWHERE)
    unit = wave.unit(code)
    ended = before is not None and code in before and broken(unit)
    return Stand(wave, unit, joined=not ended and _joined(code, before, unit, wave, holds), broken=ended)


def _came_from(code: str, waves: Sequence[Publication], sees: Sees, holds: Holds) -> tuple[Stand, ...]:
    """Follow a unit's people back, wave by wave, as far as most of them came from one unit that may be seen."""
    found: list[Stand] = []
    at: str | Sentence = code
    for wave, before in zip(reversed(waves), (*reversed(waves[:-1]), None), strict=True):
        if isinstance(at, Sentence):
            found.append(Stand(wave, None, why=at))
            continue
        unit = wave.unit(at)
        then = _then(unit, before, wave, sees)
        joined = isinstance(then, str) and _joined(then, before, unit, wave, holds)
        found.append(Stand(wave, unit, joined=joined, earlier=at != code))
        at = then
    return tuple(reversed(found))


def _then(unit: PublishedUnit, before: Publication | None, wave: Publication, sees: Sees) -> str | Sentence:
    """Return the code of the unit that most of a unit's people came from, or why there is none to show."""
    if before is None or wave.previous_digest != before.digest or unit.origin is None:
        return UNKNOWN
    if unit.origin.unit not in before:
        return SPREAD
    return unit.origin.unit if sees(before, unit.origin.unit) else UNSEEN


def _joined(then: str, before: Publication | None, unit: PublishedUnit, wave: Publication, holds: Holds) -> bool:
    # A wave in between may have been withdrawn: who came and went since is not known then.
    if before is None or then not in before or wave.previous_digest != before.digest:
        return False
    shown = not isinstance(unit.detail, Suppressed) and not isinstance(before.unit(then).detail, Suppressed)
    return shown and holds(before.instrument, wave.instrument)
