"""What a sheet of printed codes is made from: plain, so that the web process can ask for one."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Slips:
    """What a sheet is printed from. Codes come in random order and belong to no name."""

    company: str
    unit: str
    wave: str
    address: str
    """Where the survey is answered: the code follows `#`, so that it reaches no log."""
    codes: Sequence[str]
    """Each in four groups: ABCD-EFGH-JKMN-PQRS."""
    closes_on: dt.date
