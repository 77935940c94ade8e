"""What tables and keys could tell by themselves: hidden row numbers, and keys that count up or hold a time."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from survey.attack.finding import Finding, Occasion, either
from survey.attack.target import ANSWERS, Target
from survey.i18n import Sentence

KEYS: Final = {"intake": "receipt_hash", "response": "id", "sealed_response": "id", "comment": "id", "receipt": "hash"}
BYTES: Final = 8
"""Of a key that are looked at: the front, where a count or a time would show."""
SURE: Final = 3.0
"""Kolmogorov's distance times the root of n: random keys exceed it once in 30 million times (2 exp -18)."""


def attack(target: Target, _occasion: Occasion) -> Iterator[Finding]:
    """Look for hidden row numbers and for keys that are not random."""
    numbered = [table for table in (*ANSWERS, "token") if target.sqlite and _has_numbers(target, table)]
    yield either(
        len(numbered),
        Sentence("SQLite numbers the rows of %(tables)s behind our back.", {"tables": ", ".join(numbered)}),
        Sentence("No table of answers or codes has hidden row numbers."),
    )
    telling = [table for table, key in KEYS.items() if not random(_keys(target, table, key))]
    yield either(
        len(telling),
        Sentence("The keys of %(tables)s are not random.", {"tables": ", ".join(telling)}),
        Sentence("The keys of all tables of answers look random."),
    )


def random(keys: Sequence[bytes]) -> bool:
    """Tell whether keys are spread evenly (Kolmogorov 1933); numbers that count, times and UUIDs with times are not.

    >>> random([n.to_bytes(16) for n in range(100)])
    False
    """
    if not keys:
        return True
    spread = np.sort([int.from_bytes(key[:BYTES]) / 256**BYTES for key in keys])
    steps = np.arange(len(keys) + 1) / len(keys)
    distance = max(float(np.max(steps[1:] - spread)), float(np.max(spread - steps[:-1])))
    return bool(distance * np.sqrt(len(keys)) < SURE)


def _has_numbers(target: Target, table: str) -> bool:
    made = target.rows("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :table", table=table)
    return "WITHOUT ROWID" not in str(made[0]["sql"]).upper()


def _keys(target: Target, table: str, key: str) -> list[bytes]:
    return [bytes(row[key]) for row in target.rows(f'SELECT "{key}" FROM "{table}"')]  # noqa: S608 - our own names
