"""When a build is accused, and what copies taken while answers came in tell about what is kept now."""

from collections.abc import Callable, Sequence

from survey.attack.chance import LEVEL
from survey.attack.orders import Order
from survey.attack.target import Row, Target
from survey.i18n import Sentence


def beats(attempt: Callable[[], float], rounds: int = 3) -> bool:
    """Tell whether an attack does better than chance in `rounds` independent attempts, one after the other.

    Args:
        attempt: makes a fresh try (a new shuffle) and returns its p value.
        rounds: with the level of 0.01 an honest build is accused once in 100 to the power of `rounds`.
    """
    return all(attempt() <= LEVEL for _ in range(rounds))


def first_seen(copies: Sequence[Target], after: Target) -> Order:
    """Return the responses that are recognised in the copies, ordered by the copy in which each appears first."""
    seen: dict[bytes, int] = {}
    for number, copy in enumerate(copies):
        for row in copy.table("intake"):
            seen.setdefault(bytes(row["answers"]), number)
    rows: list[Row] = [row for row in after.table("response") if bytes(row["answers"]) in seen]
    return Order("response", Sentence("copies"), tuple(sorted(rows, key=lambda row: seen[bytes(row["answers"])])))
