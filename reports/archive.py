"""All reports as one ZIP: stored (PDFs are compressed already), with names that people read and that sort."""

import datetime as dt
import unicodedata
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reports.pool import Job, place
from survey.privacy.thaw import Publication

_FORBIDDEN: Final = frozenset('/\\:*?"<>|')
_NAME_BYTES: Final = 120
"""Of UTF-8; with number, wave and ending a name stays under the 255 bytes of common file systems."""


@dataclass(frozen=True)
class Entry:
    """One PDF of the archive, and what its name is made of."""

    path: Path
    language: str
    place: int
    """Its place in the tree: units keep the order of the publication."""
    name: str


def write(target: Path, wave: str, day: str, entries: Iterable[Entry]) -> int:
    """Write the archive whole or not at all; return how many reports are in it. Dates are `day` (YYYY-MM-DD)."""
    part = target.with_name(f"{target.name}.part")
    try:
        count = _fill(part, wave, day, entries)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)  # where the disk is full, room is what is needed
        raise
    return count


def _fill(part: Path, wave: str, day: str, entries: Iterable[Entry]) -> int:
    moment = (*dt.date.fromisoformat(day).timetuple()[:3], 12, 0, 0)
    count = 0
    with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
        for entry in sorted(entries, key=lambda one: (one.language, one.place)):
            info = zipfile.ZipInfo(f"{entry.language}/{file_name(entry.place, entry.name, wave)}", moment)
            info.external_attr = 0o600 << 16
            archive.writestr(info, entry.path.read_bytes())
            count += 1
    return count


def entries(publication: Publication, jobs: Iterable[Job], folder: Path) -> list[Entry]:
    """Return what goes into the archive: the kept report of each job, in the order of the publication's tree."""
    places = {unit.code: number for number, unit in enumerate(publication.units, 1)}
    return [
        Entry(
            place(folder, publication.told_digest, job),
            job.language,
            places[job.code],
            publication.unit(job.code).name(job.language),
        )
        for job in jobs
    ]


def file_name(place: int, name: str, wave: str) -> str:
    """Return the name of a report in the archive: composed Hangul, nothing that a file system refuses.

    >>> file_name(3, "영업/1팀", "2026-Q3")
    '0003 영업 1팀 2026-Q3.pdf'
    """
    return f"{place:04d} {plain(name)} {plain(wave)}.pdf"


def plain(name: str) -> str:
    """Return a name as a part of a file's name: composed Hangul, nothing that a file system refuses, not too long."""
    kept = "".join(
        " " if character in _FORBIDDEN or unicodedata.category(character).startswith("C") else character
        for character in unicodedata.normalize("NFC", name)
    )
    words = " ".join(kept.split()).strip(". ")
    return words.encode()[:_NAME_BYTES].decode(errors="ignore") or "-"
