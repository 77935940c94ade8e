"""How often one address may try to sign in; the back-off of an account, which the database keeps, stops guessing.

Tries are counted in memory that the processes of a machine share. No address is kept there: each falls into one of
some thousand drawers, into another every ten seconds, and a drawer holds a number.
"""

import hmac
import threading
import time
from typing import Final

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits.storage import Storage

from survey.web.together import TRY_DRAWERS, Together

TRIES: Final = "20 per minute"
VISITS: Final = "120 per minute"
"""Of what guesses nothing, but has us ask the company's provider: an office may share one address."""
STEP: Final = 10.0
"""Seconds that are counted in one drawer."""
STEPS: Final = 7
"""That make up a minute, and the one that has just begun."""


class Drawers(Storage):
    """How many tries there were in the last minute, and up to ten seconds before it."""

    STORAGE_SCHEME = ["drawers"]  # noqa: RUF012 - the library's own name and type
    base_exceptions = ()

    def __init__(self, uri: str | None = None, **_options: float | str | bool) -> None:
        super().__init__(uri)
        self._counting = threading.Lock()
        self.count_in(Together(), b"")

    def count_in(self, together: Together, secret: bytes) -> None:
        """Count with others from now on; who does not know the secret cannot choose somebody else's drawer."""
        self._numbers, self._secret = together.numbers("tries"), secret

    def incr(self, key: str, _expiry: int, amount: int = 1) -> int:
        """Count a try; return how many there were in a minute."""
        step = time.monotonic() // STEP
        at, mine = self._drawer(key, step), self._numbers.mine
        with self._counting:
            if mine[at] != step:
                mine[at], mine[at + 1] = step, 0.0
            mine[at + 1] += amount
        return self.get(key)

    def get(self, key: str) -> int:
        """Return how many there were in a minute."""
        step = time.monotonic() // STEP
        return int(sum(self._count(key, step - back) for back in range(STEPS)))

    def get_expiry(self, _key: str) -> float:
        """Return when the last of them is forgotten, by the clock on the wall."""
        return time.time() + STEPS * STEP - time.monotonic() % STEP

    def check(self) -> bool:
        """Tell that memory is always there."""
        return True

    def reset(self) -> int:
        """Forget what this process has counted."""
        with self._counting:
            for at in range(len(self._numbers.mine)):
                self._numbers.mine[at] = 0.0
        return TRY_DRAWERS

    def clear(self, key: str) -> None:
        """Forget what this process has counted of one address."""
        step = time.monotonic() // STEP
        with self._counting:
            for back in range(STEPS):
                self._numbers.mine[self._drawer(key, step - back) + 1] = 0.0

    def _count(self, key: str, step: float) -> float:
        at = self._drawer(key, step)
        return sum(part[at + 1] for part in self._numbers.all if part[at] == step)

    def _drawer(self, key: str, step: float) -> int:
        said = hmac.digest(self._secret, f"{step} {key}".encode(), "sha256")
        return 2 * (int.from_bytes(said[:4], "big") % TRY_DRAWERS)


class OfViews(Limiter):
    """Asks about limits where a view was given one: of any other page it would find none, at a tenth of its cost."""

    def _check_request_limit(self, callable_name: str | None = None, in_middleware: bool = True) -> None:  # noqa: FBT001, FBT002 - the library's own
        if not in_middleware:
            super()._check_request_limit(callable_name, in_middleware)


limiter = OfViews(get_remote_address, storage_uri="drawers://", strategy="fixed-window")


def count_in(together: Together, secret: bytes) -> None:
    """Let all processes of this machine count tries together."""
    drawers = limiter.storage
    if isinstance(drawers, Drawers):
        drawers.count_in(together, secret)
