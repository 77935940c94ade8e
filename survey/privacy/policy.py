"""From how many people on something is shown; set before the first answer and never lower than the floor."""

from dataclasses import dataclass
from typing import Final

from survey.i18n import Refused

FLOOR: Final = 5
DETAIL_FLOOR: Final = 10


@dataclass(frozen=True)
class Policy:
    """The two thresholds of a wave: `k` people for means, `detail_k` for items, spreads and trends.

    >>> Policy().k, Policy().detail_k
    (5, 10)
    """

    k: int = FLOOR
    detail_k: int = DETAIL_FLOOR

    def __post_init__(self) -> None:
        if self.k < FLOOR:
            raise Refused(
                "Results from fewer than %(floor)s people are never shown: %(k)s is too low.", floor=FLOOR, k=self.k
            )
        if self.detail_k < DETAIL_FLOOR or self.detail_k < self.k:
            raise Refused(
                "Details need at least %(floor)s people, and never fewer than the results themselves: "
                "%(k)s is too low.",
                floor=max(DETAIL_FLOOR, self.k),
                k=self.detail_k,
            )
