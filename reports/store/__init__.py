"""Where printed reports are kept: a folder, or a bucket that speaks S3 and that several machines share.

A name says all that a file depends on (`reports.pool.place`), so what is there is never written again: whoever comes
first keeps it, on whatever machine, and everybody reads the same bytes. Nothing here knows what a report is.
"""

import re
from functools import cache
from pathlib import Path
from typing import Final, Protocol

from reports.store.bucket import Bucket
from reports.store.folder import Folder
from survey.i18n import Refused
from survey.settings import Settings

BUCKET: Final = "s3://"
_NAMED: Final = re.compile(r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?P<prefix>[A-Za-z0-9._/-]*))?")


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
        Refused: It is not written as a folder or a bucket is.
    """
    chosen = settings.reports
    if not chosen.startswith(BUCKET):
        return Folder(Path(chosen) if chosen else settings.home / "reports")
    named = _NAMED.fullmatch(chosen)
    if named is None:
        raise Refused("SURVEY_REPORTS must be a folder or s3://BUCKET/PREFIX, not '%(found)s'.", found=chosen)
    return Bucket(named["bucket"], named["prefix"] or "")
