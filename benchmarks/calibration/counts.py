"""How often something happened in so many cases, and whether that is as often as it should."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from textwrap import fill
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import bdtr, bdtrc

from survey.scoring.taking_part import Share, wilson

SURELY: Final = 0.001
"""A count that is less probable than this, if what was promised holds, breaks the promise."""


@dataclass
class Tally:
    """How often something happened, by company: what happens in one company does not come alone."""

    hits: dict[int, int] = field(default_factory=dict)
    by_company: dict[int, int] = field(default_factory=dict)

    def add(self, happened: ArrayLike, company: int | None = None) -> None:
        """Count one case, or as many as there are, of a company; of one of its own where none is named."""
        place = len(self.by_company) if company is None else company
        self.hits[place] = self.hits.get(place, 0) + int(np.sum(happened))
        self.by_company[place] = self.by_company.get(place, 0) + int(np.size(happened))

    @property
    def cases(self) -> int:
        """How many cases there were."""
        return sum(self.by_company.values())

    @property
    def share(self) -> float:
        """How often it happened, 0 where there was no case."""
        return sum(self.hits.values()) / self.cases if self.cases else 0.0

    @property
    def ends(self) -> tuple[float, float]:
        """Between which shares the true one lies, as far as so many cases can tell.

        Wilson's 95 % interval; cases of one company count for less, as far as they are more alike than others.
        """
        found = wilson(*self.effective)
        return (found.low, found.high) if isinstance(found, Share) else (0.0, 1.0)

    @property
    def effective(self) -> tuple[int, int]:
        """How often it happened in how many cases, had they nothing to do with each other."""
        cases = self.cases / self._alike
        return round(self.share * cases), round(cases)

    @property
    def _alike(self) -> float:
        """Return how many times as unsure the share is as it would be of unrelated cases, squared; 1 at least."""
        sizes = np.array(list(self.by_company.values()), dtype=np.float64)
        chance = self.share * (1 - self.share) * sizes.sum()
        if len(sizes) < 2 or not chance:  # noqa: PLR2004 - a spread needs two
            return 1.0
        apart = np.array(list(self.hits.values())) - self.share * sizes
        return max(float((apart**2).sum()) / float(chance), 1.0)

    def __str__(self) -> str:
        return f"{100 * self.share:.1f} %"


def counted(happened: ArrayLike) -> Tally:
    """Return a tally of cases that have nothing to do with each other."""
    tally = Tally()
    for case in np.atleast_1d(happened).tolist():
        tally.add(case)
    return tally


@dataclass(frozen=True)
class Claim:
    """What is promised, and what was counted."""

    what: str
    counted: Tally
    least: float = 0.0
    most: float = 1.0

    @property
    def holds(self) -> bool:
        """Whether what was counted agrees with what is promised, or chance alone may well have moved it so far."""
        if not self.counted.cases:
            return False
        hits, cases = self.counted.effective
        chance = bdtr(hits, cases, self.least) if self.counted.share < self.least else bdtrc(hits - 1, cases, self.most)
        return self.within or float(chance) >= SURELY

    @property
    def within(self) -> bool:
        """Whether the counted share itself lies within what is promised."""
        return self.least <= self.counted.share <= self.most

    def __str__(self) -> str:
        low, high = self.counted.ends
        counted = f"{self.counted} of {self.counted.cases:,} ({100 * low:.1f} to {100 * high:.1f} %)"
        return f"{self.what}: {counted}, promised {100 * self.least:.0f} to {100 * self.most:.0f} %"


@dataclass
class Part:
    """A part of the report: some lines of words, a table, and what is promised of it."""

    title: str
    words: str
    head: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)

    def markdown(self) -> str:
        """The part as it stands in docs/calibration.md."""
        return "\n".join([f"## {self.title}", "", fill(self.words, 118), "", *table(self.head, self.rows), ""])


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a table."""
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]
