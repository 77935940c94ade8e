"""A wave's reports as files: which there are to be, how many are there, and the run that makes the rest.

A report's file is its own record (`reports.pool`), so progress is what lies in the folder, whoever made it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from reports import archive, pool
from reports.edition import edition
from reports.pool import Job
from survey.i18n import LANGUAGES, Refused, Sentence
from survey.privacy.thaw import Publication
from survey.services.publication import notices
from survey.services.publication.publication import told_digests
from survey.settings import Settings
from survey.web.runs import Outcome

FOLDER: Final = "reports"
"""In the installation's own folder."""


@dataclass(frozen=True)
class Made:
    """How many reports of a publication are there, and whether their ZIP is."""

    done: int
    total: int
    zipped: bool


def forget_withdrawn(session: Session, home: Path) -> None:
    """Remove the reports of what was withdrawn, and those of later waves that draw it; nothing where nothing was."""
    if notices.withdrawals(session):
        pool.forget_others(home / FOLDER, told_digests(session))


def any_zip(settings: Settings, publication: Publication) -> bool:
    """Tell whether the reports of a publication lie ready as one file, in one language at least."""
    choices = (LANGUAGES, *((language,) for language in LANGUAGES))
    return any(ReportFiles(settings, publication, chosen).zip.exists() for chosen in choices)


class ReportFiles:
    """The reports of one publication in this installation's folder."""

    def __init__(self, settings: Settings, publication: Publication, languages: Sequence[str] = LANGUAGES) -> None:
        self.folder = settings.home / FOLDER
        self.publication = publication
        self.languages = tuple(languages)

    @property
    def jobs(self) -> tuple[Job, ...]:
        """Every unit in every language asked for; a hidden unit gets the practices and the meeting guide."""
        return tuple(Job(unit.code, language) for unit in self.publication.units for language in self.languages)

    @property
    def zip(self) -> Path:
        """Where all of them lie in one file."""
        name = f"all-{'-'.join(self.languages)}-{edition()}.zip"
        return self.folder / self.publication.told_digest[: pool.SHORT] / name

    def made(self) -> Made:
        """Count what is there."""
        done = sum(pool.place(self.folder, self.publication.told_digest, job).exists() for job in self.jobs)
        return Made(done, len(self.jobs), self.zip.exists())

    def make_all(self, publications: Sequence[Publication]) -> Outcome:
        """Print what is missing and pack the ZIP; what could not be printed is told by name.

        A report draws the waves before its own: `publications` are all there are, here and below.
        """
        found = pool.render_all(pool.frozen(self.publication, publications), self.jobs, self.folder)
        if found.set_aside:
            names = ", ".join(f"{each.job.code} ({each.job.language}): {each.why}" for each in found.set_aside)
            text = Sentence("%(n)s reports could not be printed: %(names)s. Start again to try these once more.")
            return "problem", text.fill(n=len(found.set_aside), names=names)
        wave = self.publication.wave
        archive.write(self.zip, wave.code, wave.closed_on, archive.entries(self.publication, self.jobs, self.folder))
        return "done", Sentence("All %(n)s reports are ready.", {"n": len(self.jobs)})

    def make_one(self, job: Job, publications: Sequence[Publication]) -> Path:
        """Return the file of one report, printed first where it is missing; raises Refused with the reason."""
        try:
            return pool.render_one(pool.frozen(self.publication, publications, {job.code}), job, self.folder)
        except RuntimeError as error:
            raise Refused("This report could not be printed: %(why)s", why=str(error)) from error
