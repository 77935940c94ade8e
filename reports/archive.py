"""All reports as one ZIP: stored (PDFs are compressed already), with names that people read and that sort.

It is made of the store while it is handed out, and kept nowhere: twenty thousand reports take no more memory than some.
"""

import datetime as dt
import io
import unicodedata
import zipfile
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reports.pool import Job, place
from reports.store import Store
from survey.privacy.thaw import Publication

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_FORBIDDEN: Final = frozenset('/\\:*?"<>|')
_NAME_BYTES: Final = 120
"""Of UTF-8; with number, wave and ending a name stays under the 255 bytes of common file systems."""
AHEAD: Final = 8
"""Reports that are read ahead of the one that is handed out."""


@dataclass(frozen=True)
class Entry:
    """One PDF of the archive, and what its name is made of."""

    kept: str
    """Its name in the store."""
    language: str
    place: int
    """Its place in the tree: units keep the order of the publication."""
    name: str


class _Sink(io.RawIOBase):
    """What a ZIP is written into: what is whole can be taken out, what is not may still be mended."""

    def __init__(self) -> None:
        self._held, self._taken = io.BytesIO(), 0

    def seekable(self) -> bool:
        """A ZIP's sizes stand before each file, as old readers want it, so it goes back to write them."""
        return True

    def writable(self) -> bool:
        """It is there to be written."""
        return True

    def write(self, data: "ReadableBuffer") -> int:
        """Hold some more."""
        return self._held.write(data)

    def tell(self) -> int:
        """Return the place in the whole archive."""
        return self._taken + self._held.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place that was not taken out yet."""
        return self._taken + self._held.seek(offset - self._taken if whence == io.SEEK_SET else offset, whence)

    def take(self) -> bytes:
        """Return what was written since this was asked last."""
        whole = self._held.getvalue()
        self._taken += len(whole)
        self._held = io.BytesIO()
        return whole


def pieces(store: Store, wave: str, day: str, entries: Iterable[Entry]) -> Iterator[bytes]:
    """Give the archive piece by piece, a report at a time. Dates are `day` (YYYY-MM-DD).

    Raises:
        FileNotFoundError: A report is not in the store any more.
        Refused: The store cannot be read.
    """
    moment = (*dt.date.fromisoformat(day).timetuple()[:3], 12, 0, 0)
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for entry, content in _ahead(store, sorted(entries, key=lambda one: (one.language, one.place))):
            info = zipfile.ZipInfo(f"{entry.language}/{file_name(entry.place, entry.name, wave)}", moment)
            info.external_attr = 0o600 << 16
            archive.writestr(info, content)
            yield sink.take()
    yield sink.take()


def _ahead(store: Store, entries: Iterable[Entry]) -> Iterator[tuple[Entry, bytes]]:
    """Read some reports ahead of the one that is handed out: a bucket answers late, and many at a time."""
    waiting: deque[tuple[Entry, Future[bytes]]] = deque()
    with ThreadPoolExecutor(max_workers=AHEAD) as threads:
        try:
            for entry in entries:
                waiting.append((entry, threads.submit(store.read, entry.kept)))
                if len(waiting) > AHEAD:
                    first, content = waiting.popleft()
                    yield first, content.result()
            for first, content in waiting:
                yield first, content.result()
        finally:
            threads.shutdown(cancel_futures=True)


def write(target: Path, found: Iterable[bytes]) -> None:
    """Write the pieces of an archive to a file, whole or not at all."""
    part = target.with_name(f"{target.name}.part")
    try:
        with part.open("wb") as file:
            file.writelines(found)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)  # where the disk is full, room is what is needed
        raise


def entries(publication: Publication, jobs: Iterable[Job]) -> list[Entry]:
    """Return what goes into the archive: the kept report of each job, in the order of the publication's tree."""
    places = {unit.code: number for number, unit in enumerate(publication.units, 1)}
    return [
        Entry(
            place(publication.told_digest, job),
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
