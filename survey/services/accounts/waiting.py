"""The brake on guessing, one for each account: whoever was wrong waits, longer each time, whatever was guessed.

A try is counted before it is looked at, and the count is committed, so that many at once gain nothing and a refusal
cannot undo it.
"""

import datetime as dt
from typing import Final

from survey import models

FREE_TRIES: Final = 3
LONGEST_WAIT: Final = 900
"""Seconds."""


def waits(account: models.Account, now: dt.datetime) -> bool:
    """Tell whether an account has to wait before its next try is looked at."""
    longest = dt.timedelta(seconds=LONGEST_WAIT)  # further away lies only what a clock that was ahead has written
    return account.locked_until is not None and now < account.locked_until <= now + longest


def count(account: models.Account, now: dt.datetime) -> None:
    """Count a try as if it were wrong."""
    account.failures += 1
    account.locked_until = _wait_until(now, account.failures)


def take_back(account: models.Account) -> None:
    """Take the last try back: it was right, and another step follows, at which guessing would go on."""
    account.failures = models.Account.failures - 1  # by the database: others may have counted since the commit
    account.locked_until = None


def forget(account: models.Account) -> None:
    """Forget all tries: somebody signed in."""
    account.failures, account.locked_until = 0, None


def is_told(failures: int) -> bool:
    """Tell whether a wrong password stands in the log: the first, the third, the tenth, the thirtieth and so on.

    Guessing must not fill the log: of a year of it at one account there are ten entries.

    >>> [failures for failures in range(1, 400) if is_told(failures)]
    [1, 3, 10, 30, 100, 300]
    """
    return str(failures).rstrip("0") in {"1", "3"}


def _wait_until(now: dt.datetime, failures: int) -> dt.datetime | None:
    if failures < FREE_TRIES:
        return None
    return now + dt.timedelta(seconds=min(2 ** min(failures - FREE_TRIES, 30), LONGEST_WAIT))
