"""Checking a file in a process of its own, with limits on memory and time: the file may be anybody's."""

from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Final

from reports import child
from reports.child import Limits
from reports.verify.findings import Findings
from survey.i18n import Refused, Sentence

LIMITS: Final = Limits(memory=3 * 2**29, seconds=60.0)
TOO_MUCH: Final = Sentence(
    "This file needs more time or memory to be read than a report ever does. It was not checked."
)


def checked(content: bytes, limits: Limits = LIMITS) -> Findings:
    """Return what a printed report and its data say of each other.

    Raises:
        Refused: It cannot be checked.
    """
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as worker:
        try:
            found = worker.submit(child.verified, content, limits).result()
        except (BrokenProcessPool, MemoryError, SystemError):
            raise Refused(TOO_MUCH) from None
    if isinstance(found, Sentence):
        raise Refused(found)
    return found
