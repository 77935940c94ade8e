"""How many answered, as a band; and whether a unit's languages differ from the company's."""

from collections.abc import Mapping
from typing import Final

FROM_INVITED: Final = 10
"""Below, a band would tell single people apart."""

BAND: Final = 10
LOWEST: Final = 20
HIGHEST: Final = 90

APART: Final = 0.20


def band(answered: int, invited: int) -> str:
    """Return participation as a band, never as a number, never nobody or everybody; "" below ten invited.

    The outer bands are wide enough that ten people invited cannot be seen to be all or none.

    >>> band(14, 20), band(0, 10), band(10, 10), band(5, 9), band(18, 20)
    ('70–79 %', '< 20 %', '≥ 90 %', '', '≥ 90 %')
    """
    if invited < FROM_INVITED:
        return ""
    percent = 100 * answered // invited
    if percent < LOWEST:
        return f"< {LOWEST} %"
    if percent >= HIGHEST:
        return f"≥ {HIGHEST} %"
    low = percent // BAND * BAND
    return f"{low}–{low + BAND - 1} %"


def language_note(unit: Mapping[str, int], company: Mapping[str, int]) -> bool:
    """Return whether the share of any language of the roster differs from the company's by more than 20 points.

    >>> language_note({"ko": 9, "en": 1}, {"ko": 60, "en": 40}), language_note({"ko": 5}, {"ko": 8, "en": 2})
    (True, False)
    """
    here, everywhere = sum(unit.values()), sum(company.values())
    return here > 0 and any(
        abs(unit.get(language, 0) / here - count / everywhere) > APART + 1e-9 for language, count in company.items()
    )
