"""What a check of a report came to: light to import, and small enough to travel from the process that checks."""

from dataclasses import dataclass
from typing import Final

from survey.i18n import Sentence

MOST_BYTES: Final = 20_000_000
"""Of a file that is looked at; a report has a hundredth of it."""


@dataclass(frozen=True)
class Findings:
    """What a check came to: everything that was looked at, and everything that differs."""

    checked: tuple[Sentence, ...]
    differs: tuple[Sentence, ...]
    resting: tuple[Sentence, ...]
    """What cannot be made again from a report, by name, each with its reason."""
    publication: str
    """Digest of the publication that the report names."""
    unit: str
    language: str
    source: bytes


@dataclass(frozen=True)
class Kept:
    """What a comparison with the publication itself came to."""

    checked: tuple[Sentence, ...] = ()
    differs: tuple[Sentence, ...] = ()
    made: tuple[Sentence, ...] = ()
    """What a report alone cannot make again, and the publication can: no longer to be said."""
