"""The reports of a wave are made in a run, in one language or in both."""

from collections.abc import Sequence
from itertools import chain
from typing import Final

import msgspec

from reports.pool import Job
from survey.database import reading
from survey.i18n import LANGUAGES
from survey.privacy.thaw import Publication
from survey.runs.given import Given, Place, Stopping
from survey.runs.report_files import ReportFiles
from survey.services.publication import publication
from survey.services.runs import Key, Outcome

KIND: Final = "reports"
BOTH: Final = "both"
CHOICES: Final[dict[str, Sequence[str]]] = {BOTH: LANGUAGES, **{language: (language,) for language in LANGUAGES}}
"""What can be made at once, and taken as one file."""
FEW: Final = 10
MANY: Final = 40
"""Reports in a part: so many that a worker's start weighs little, and so few that all machines end together."""


def key(wave: str, chosen: str) -> Key:
    """Return the run that makes the reports of a wave in one of `CHOICES`.

    >>> key("2026-Q4", "ko").about
    '2026-Q4 ko'
    """
    return Key(KIND, f"{wave} {chosen}")


def make(given: Given) -> Outcome:
    """Print what is missing."""
    files, known = _files(given.place, given.about)
    return files.told(files.make(files.jobs, known, given.each, given.place.slots))


def cut(place: Place, about: str) -> list[str]:
    """Cut what is missing into parts; of a thousand reports each has 25."""
    missing = _files(place, about)[0].missing()
    size = min(max(FEW, len(missing) // MANY), MANY)
    parts = (missing[start : start + size] for start in range(0, len(missing), size))
    return [_written([[job.code, job.language] for job in part]) for part in parts]


def make_part(place: Place, about: str, what: str) -> str:
    """Print one part; return what could not be printed, or ""."""
    files, known = _files(place, about)

    def go_on(_done: int, _all: int) -> None:
        if place.stopping.is_set():
            raise Stopping

    jobs = [Job(code, language) for code, language in msgspec.json.decode(what, type=list[tuple[str, str]])]
    set_aside = files.make(jobs, known, go_on, slots=1)
    return _written(set_aside) if set_aside else ""


def given_up(what: str) -> str:
    """Return all of a part as what could not be printed."""
    jobs = msgspec.json.decode(what, type=list[tuple[str, str]])
    return _written([f"{code} ({language}): the worker ended each time" for code, language in jobs])


def told(place: Place, about: str, problems: Sequence[str]) -> Outcome:
    """Say what came of all parts."""
    lists = (msgspec.json.decode(problem, type=list[str]) for problem in problems)
    return _files(place, about)[0].told(list(chain.from_iterable(lists)))


def _files(place: Place, about: str) -> tuple[ReportFiles, list[Publication]]:
    wave, _, chosen = about.rpartition(" ")
    with reading(place.engine) as session:
        found, known = publication.publication(session, wave), publication.publications(session)
    return ReportFiles(place.settings, found, CHOICES[chosen]), known


def _written(what: object) -> str:
    return msgspec.json.encode(what).decode()
