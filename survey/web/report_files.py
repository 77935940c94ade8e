"""A wave's reports as files: which there are to be, how many are there, and the run that makes the rest.

A report's file is its own record (`reports.pool`), so progress is what lies in the folder, whoever made it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reports import archive, pool
from reports.edition import edition
from reports.pool import Job
from survey.i18n import LANGUAGES, Refused, Sentence
from survey.privacy.thaw import Publication
from survey.settings import Settings
from survey.web.runs import Outcome


@dataclass(frozen=True)
class Made:
    """How many reports of a publication are there, and whether their ZIP is."""

    done: int
    total: int
    zipped: bool


class ReportFiles:
    """The reports of one publication in this installation's folder."""

    def __init__(self, settings: Settings, publication: Publication, others: Sequence[Publication] = ()) -> None:
        """Reports draw the waves before theirs: to make any, give all publications as `others`."""
        self.folder = settings.home / "reports"
        self.publication = publication
        self.others = others

    @property
    def jobs(self) -> tuple[Job, ...]:
        """Every unit in every language; a hidden unit gets the practices and the meeting guide."""
        return tuple(Job(unit.code, language) for unit in self.publication.units for language in LANGUAGES)

    @property
    def zip(self) -> Path:
        """Where all of them lie in one file."""
        return self.folder / self.publication.digest[: pool.SHORT] / f"all-{edition()}.zip"

    def made(self) -> Made:
        """Count what is there."""
        done = sum(self._path(job).exists() for job in self.jobs)
        return Made(done, len(self.jobs), self.zip.exists())

    def make_all(self) -> Outcome:
        """Print what is missing and pack the ZIP; what could not be printed is told by name."""
        found = pool.render_all(pool.frozen(self.publication, self.others), self.jobs, self.folder)
        if found.set_aside:
            names = ", ".join(f"{each.job.code} ({each.job.language}): {each.why}" for each in found.set_aside)
            text = Sentence("%(n)s reports could not be printed: %(names)s. Start again to try these once more.")
            return "problem", text.fill(n=len(found.set_aside), names=names)
        self._pack()
        return "done", Sentence("All %(n)s reports are ready.", {"n": len(self.jobs)})

    def make_one(self, code: str, language: str) -> Path:
        """Return the file of one report, printed first where it is missing; raises Refused with the reason."""
        try:
            return pool.render_one(pool.frozen(self.publication, self.others), Job(code, language), self.folder)
        except RuntimeError as error:
            raise Refused("This report could not be printed: %(why)s", why=str(error)) from error

    def _pack(self) -> None:
        places = {unit.code: place for place, unit in enumerate(self.publication.units, 1)}
        entries = [
            archive.Entry(
                self._path(job), job.language, places[job.code], self.publication.unit(job.code).name(job.language)
            )
            for job in self.jobs
        ]
        archive.write(self.zip, self.publication.wave.code, self.publication.wave.closed_on, entries)

    def _path(self, job: Job) -> Path:
        return pool.place(self.folder, self.publication.digest, job)
