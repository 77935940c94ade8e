"""The reports of a wave are made in a run, in one language or in both."""

from collections.abc import Sequence
from typing import Final

from survey.database import reading
from survey.i18n import LANGUAGES
from survey.runs.given import Given
from survey.runs.report_files import ReportFiles
from survey.services.publication import publication
from survey.services.runs import Key, Outcome

KIND: Final = "reports"
BOTH: Final = "both"
CHOICES: Final[dict[str, Sequence[str]]] = {BOTH: LANGUAGES, **{language: (language,) for language in LANGUAGES}}
"""What can be made at once, and taken as one file."""


def key(wave: str, chosen: str) -> Key:
    """Return the run that makes the reports of a wave in one of `CHOICES`.

    >>> key("2026-Q4", "ko").about
    '2026-Q4 ko'
    """
    return Key(KIND, f"{wave} {chosen}")


def make(given: Given) -> Outcome:
    """Print what is missing, and pack the ZIP."""
    wave, _, chosen = given.about.rpartition(" ")
    with reading(given.place.engine) as session:
        found, known = publication.publication(session, wave), publication.publications(session)
    return ReportFiles(given.place.settings, found, CHOICES[chosen]).make_all(known, given.each)
