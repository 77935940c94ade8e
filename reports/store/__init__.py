"""Where printed reports are kept: a folder, or a bucket that speaks S3 and that several machines share.

A name says all that a file depends on (`reports.pool.place`), so what is there is never written again: whoever comes
first keeps it, on whatever machine, and everybody reads the same bytes. Nothing here knows what a report is.
"""

from functools import cache
from pathlib import Path
from typing import Protocol

from reports.store.folder import Folder
from survey.i18n import Refused
from survey.settings import BUCKET, Settings


class Store(Protocol):
    """Files by name. A name is a path without `..`; a prefix ends with a slash, and "" is all there is.

    Every method raises Refused, in words for whoever runs the survey, where the store cannot be reached or used.
    """

    def has(self, name: str) -> bool:
        """Tell whether a file is there."""
        ...

    def names(self, prefix: str = "") -> set[str]:
        """Return the names that begin with `prefix`: what is there is counted by one question, not by one a file."""
        ...

    def heads(self) -> set[str]:
        """Return the first parts of all names, without reading the names themselves."""
        ...

    def read(self, name: str) -> bytes:
        """Return a file; raises FileNotFoundError where there is none."""
        ...

    def keep(self, name: str, content: bytes) -> bool:
        """Keep a file, whole or not at all, unless there is one of that name; tell whether this call has kept it.

        Of many calls at once, on whatever machines, one is told True.
        """
        ...

    def forget(self, prefix: str) -> None:
        """Remove all that begins with `prefix`."""
        ...


@cache
def store_of(settings: Settings) -> Store:
    """Return the store that the operator has chosen, the same one each time: it may hold a connection.

    Raises:
        Refused: it is a bucket, and the library for it is missing.
    """
    named = BUCKET.fullmatch(settings.reports)
    if named is None:
        return Folder(Path(settings.reports).absolute() if settings.reports else settings.home / "reports")
    try:
        from reports.store.bucket import Bucket  # noqa: PLC0415 - boto3: 30 MB, and only where a bucket is chosen
    except ImportError as error:
        raise Refused(
            "SURVEY_REPORTS names a bucket, and the library for it is missing. Run: pip install -r requirements/s3.txt"
        ) from error
    return Bucket(named["bucket"], named["prefix"] or "")
