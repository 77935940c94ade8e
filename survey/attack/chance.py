"""Does one order tell another? A permutation test with three statistics and one seeded sample of chance.

A channel gives the rows of a table in some order; `arrivals` says when each of these rows had arrived. Without any
connection that is a random permutation. Asked are

* rank: how strongly the two orders go together as a whole (Spearman's correlation, both directions);
* neighbours: whether rows that lie side by side arrived one after the other, even if the whole is shuffled in blocks;
* pairs: how many answers the best guess (first row, first person ...) gives to the right person, in both directions.

p is the share of random permutations that do as well (Phipson and Smyth 2010: the observed one counts among them).
Several p values together are multiplied by their number (Bonferroni), so a family of an honest build falls to 0.01 or
below in at most one of a hundred cases, whatever the connections among its channels.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

LEVEL: Final = 0.01
"""At or below it a family of p values counts as better than chance."""
FEWEST: Final = 8
"""Known answers below which no permutation test can say anything."""
DRAWS: Final = 39_999
SEED: Final = 20_261_122
CHUNK: Final = 1_000


@dataclass(frozen=True)
class Chance:
    """What the test found in one channel."""

    n: int
    rank: float
    neighbours: float
    pairs: float
    """p values of the three statistics."""
    correlation: float
    right: int
    """People whose answer the best guess finds."""

    @property
    def p(self) -> float:
        """The smallest of the three p values, times three."""
        return family((self.rank, self.neighbours, self.pairs))


def judge(arrivals: Sequence[int]) -> Chance:
    """Test one order.

    Args:
        arrivals: for each row in the channel's order, when it arrived; any distinct numbers, at least `FEWEST`.
    """
    order = np.argsort(np.argsort(np.asarray(arrivals)))
    found, sample = _statistics(order[None, :]), _chance(len(order))
    rank, neighbours, pairs = ((1 + (sample >= found).sum(axis=0)) / (len(sample) + 1)).tolist()
    correlation = float(np.corrcoef(order, np.arange(len(order)))[0, 1])
    return Chance(len(order), rank, neighbours, pairs, correlation, int(found[0, 2]))


def family(values: Iterable[float]) -> float:
    """Return one p value for several: the smallest times their number, 1 at most.

    >>> family([0.5, 0.02, 0.3])
    0.06
    """
    ps = list(values)
    return min(1.0, len(ps) * min(ps)) if ps else 1.0


def _statistics(orders: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the three statistics of each permutation of 0 ... n - 1, one a row; larger is more telling."""
    n = orders.shape[1]
    places = np.arange(n)
    rank = np.abs((orders * (places - (n - 1) / 2)).sum(axis=1))
    neighbours = -np.abs(np.diff(orders, axis=1)).sum(axis=1).astype(np.float64)
    forward, backward = (orders == places).sum(axis=1), (orders == places[::-1]).sum(axis=1)
    return np.column_stack([rank, neighbours, np.maximum(forward, backward)])


@cache
def _chance(n: int) -> NDArray[np.float64]:
    random = np.random.default_rng(SEED)
    orders = np.tile(np.arange(n), (CHUNK, 1))
    chunks = [_statistics(random.permuted(orders, axis=1)) for _ in range(0, DRAWS, CHUNK)]
    return np.concatenate(chunks)[:DRAWS]
