"""PostgreSQL writes into every row which transaction made it, and leaves deleted rows where they are for a while.

A tick on a person's row in the transaction of her answer would join the two for good; the deleted code of an answer
joins them as long as its dead row lies in the file (design 6.1).
"""

import itertools
from collections.abc import Iterator

from survey.attack import heap_pages
from survey.attack.finding import Finding, Occasion, either
from survey.attack.target import ANSWERS, PERSONS_SIDE, Target
from survey.i18n import Sentence

TIDIED = 2
"""Transaction numbers below 3 stand for "long ago"."""


def attack(target: Target, _occasion: Occasion) -> Iterator[Finding]:
    """Join people and answers by transaction numbers, and rows of a closed wave among each other."""
    if target.sqlite:
        yield Finding("nothing", Sentence("SQLite keeps no transaction numbers."))
        return
    yield either(
        len(joined(target)),
        Sentence("%(count)s answers were written in one transaction with a row on the side of people."),
        Sentence("No answer was written in one transaction with a row on the side of people."),
    )
    yield either(
        len(stepwise(target)),
        Sentence("Answers of %(count)s tables were moved at the close in more than one transaction."),
        Sentence("All answers of a closed wave were written by one transaction, so its number tells nothing."),
    )


def joined(target: Target) -> dict[int, list[str]]:
    """Return by transaction the rows on the side of people that it wrote or ended besides an answer."""
    answers = {int(row["xmin"]) for table in ANSWERS for row in _live(target, table)} - set(range(TIDIED + 1))
    found: dict[int, list[str]] = {}
    for table in PERSONS_SIDE:
        live = ((int(row["xmin"]), int(row["xmax"])) for row in _live(target, table))
        dead = ((row.xmin, row.xmax) for row in heap_pages.rows(target.relation(table) or b""))
        for number in set(itertools.chain.from_iterable(itertools.chain(live, dead))) & answers:
            found.setdefault(number, []).append(table)
    return found


def stepwise(target: Target) -> list[tuple[str, int]]:
    """Return table and wave where rows that were kept after a close carry different transaction numbers."""
    return [
        (table, int(row["wave_id"]))
        for table in ANSWERS
        if table != "intake"
        for row in target.rows(f'SELECT wave_id FROM "{table}" GROUP BY wave_id HAVING count(DISTINCT xmin::text) > 1')  # noqa: S608 - our names
    ]


def _live(target: Target, table: str) -> list[dict[str, str]]:
    rows = target.rows(f'SELECT xmin::text AS xmin, xmax::text AS xmax FROM "{table}"')  # noqa: S608 - our names
    return [dict(row) for row in rows]
