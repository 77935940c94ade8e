"""What a check of a report came to: light to import, and small enough to travel from the process that checks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from reports.excerpt import excerpt
from survey.i18n import Sentence
from survey.privacy.thaw import Publication

MOST_BYTES: Final = 20_000_000
"""Of a file that is looked at; a report has a hundredth of it."""


@dataclass(frozen=True)
class Findings:
    """What a check came to: everything that was looked at, and everything that differs."""

    checked: tuple[Sentence, ...]
    differs: tuple[Sentence, ...]
    publication: str
    """Digest of the publication that the report names."""
    unit: str
    language: str
    source: bytes


def against(findings: Findings, publication: Publication, earlier: Sequence[Publication]) -> Sentence | None:
    """Return what differs between a report's source and the publication itself; None where nothing does."""
    if findings.unit in publication:
        told = msgspec.json.decode(excerpt(publication, findings.unit, findings.language, earlier))
        kept = msgspec.json.decode(findings.source)
        for each in (told, kept):  # what was said since, and which program printed it, may differ
            each["edition"], each["errata"] = "", []
        if told == kept:
            return None
    return Sentence("The data in this report are not those of the publication that is kept here.")
