"""A wave's reports as files: which there are to be, how many are there, and the run that makes the rest.

A report's file is its own record (`reports.pool`), so progress is what lies in the store, whoever made it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from reports import archive, pool
from reports.pool import Job, Progress
from reports.store import store_of
from survey.i18n import LANGUAGES, Refused, Sentence
from survey.privacy.thaw import Publication
from survey.services.publication import notices
from survey.services.publication.publication import told_digests
from survey.services.runs import Outcome
from survey.settings import Settings


@dataclass(frozen=True)
class Made:
    """How many reports of a publication are there."""

    done: int
    total: int

    @property
    def all_there(self) -> bool:
        """Whether nothing is left to print."""
        return self.done == self.total


def forget_withdrawn(session: Session, settings: Settings) -> None:
    """Remove the reports of what was withdrawn, and those of later waves that draw it; nothing where nothing was."""
    if notices.withdrawals(session):
        pool.forget_others(store_of(settings), told_digests(session))


def any_ready(settings: Settings, publication: Publication) -> bool:
    """Tell whether all reports of a publication lie ready, in one language at least."""
    return any(ReportFiles(settings, publication, (language,)).made().all_there for language in LANGUAGES)


class ReportFiles:
    """The reports of one publication in this installation's store."""

    def __init__(self, settings: Settings, publication: Publication, languages: Sequence[str] = LANGUAGES) -> None:
        self.store = store_of(settings)
        self.publication = publication
        self.languages = tuple(languages)

    @property
    def jobs(self) -> tuple[Job, ...]:
        """Every unit in every language asked for; a hidden unit gets the practices and the meeting guide."""
        return tuple(Job(unit.code, language) for unit in self.publication.units for language in self.languages)

    def zip(self) -> Iterator[bytes]:
        """Give all of them as one file, piece by piece."""
        wave = self.publication.wave
        return archive.pieces(self.store, wave.code, wave.closed_on, archive.entries(self.publication, self.jobs))

    def made(self) -> Made:
        """Count what is there."""
        return Made(len(pool.there(self.store, self.publication.told_digest, self.jobs)), len(self.jobs))

    def missing(self) -> list[Job]:
        """Return what is to be printed, in the order of the tree."""
        there = pool.there(self.store, self.publication.told_digest, self.jobs)
        return [job for job in self.jobs if job not in there]

    def make(
        self, jobs: Sequence[Job], publications: Sequence[Publication], progress: Progress, slots: int | None = None
    ) -> list[str]:
        """Print those that are missing, and return what could not be printed, by name and with the reason.

        A report draws the waves before its own: `publications` are all there are, here and below.
        """
        units = None if len(jobs) == len(self.jobs) else {job.code for job in jobs}
        source = pool.frozen(self.publication, publications, units)
        found = pool.render_all(source, jobs, self.store, progress, slots)
        return [f"{each.job.code} ({each.job.language}): {each.why}" for each in found.set_aside]

    def told(self, set_aside: Sequence[str]) -> Outcome:
        """Say what came of making all of them."""
        if set_aside:
            text = Sentence("%(n)s reports could not be printed: %(names)s. Start again to try these once more.")
            return "problem", text.fill(n=len(set_aside), names=", ".join(set_aside))
        return "done", Sentence("All %(n)s reports are ready.", {"n": len(self.jobs)})

    def make_one(self, job: Job, publications: Sequence[Publication]) -> bytes:
        """Return one report, printed first where it is missing; raises Refused with the reason."""
        try:
            return pool.render_one(pool.frozen(self.publication, publications, {job.code}), job, self.store)
        except RuntimeError as error:
            raise Refused("This report could not be printed: %(why)s", why=str(error)) from error
