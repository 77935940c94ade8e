"""What was made last is kept, and no more than so much of it; for values that never change."""

from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Lately(Generic[K, V]):
    """Values by key; where there are too many, the one that was asked for longest ago goes. Threads may share it.

    >>> lately = Lately[str, int](2)
    >>> lately.put("a", 1), lately.put("b", 2), lately.get("a"), lately.put("c", 3)
    (None, None, 1, None)
    >>> lately.get("a"), lately.get("b"), len(lately)
    (1, None, 2)
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._kept: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        """Return the value, or None where it is not kept."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key]

    def put(self, key: K, value: V) -> None:
        """Keep a value, and let go what there is too much."""
        with self._lock:
            self._kept[key] = value
            self._kept.move_to_end(key)
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._kept.clear()

    def __len__(self) -> int:
        return len(self._kept)
