"""What may come of an input: something that holds, or a clear sentence in both languages; within time and memory."""

import re
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

from survey.i18n import LANGUAGES, Refused, Sentence, catalogue

Read = Callable[[bytes], str]
"""Reads an input and holds what came of it against what should have; says in a word what that was."""

SECONDS: Final = 20.0
"""Processor time for one input. The clock does not count: a busy machine must not fail a test."""
MEMORY: Final = 600 << 20
"""Bytes by which one input may make the process larger than it ever was."""


PLACE: Final = re.compile(r"%\(\w+\)s")


class TooMuchError(BaseException):
    """An input took more time or memory than any file is worth; nothing that is tried on the way catches this."""


def tried(read: Read, data: bytes, seconds: float = SECONDS) -> str:
    """Return what came of an input, in a word or by the sentences that refuse it; raise what should not have come."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with _at_most(seconds):
        try:
            came = read(data)
        except Refused as refused:
            came = " | ".join(said(refused.sentence))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) << 10
    if grown > MEMORY:
        raise TooMuchError(f"{grown >> 20} MB")
    return came


def said(sentence: Sentence) -> list[str]:
    """Return the wordings of a sentence and of those within it, without facts; each can be said in both languages."""
    for language in LANGUAGES:
        spoken = sentence.to(language)
        assert spoken.strip(), f"nothing is said in {language}"
    inner = [fact for fact in sentence.facts.values() if isinstance(fact, Sentence)]
    inner += getattr(sentence, "lines", ())[:5]
    worded = re.search("[A-Za-z]", PLACE.sub("", sentence.text))
    assert not worded or sentence.text in catalogue("ko"), f"not translated: {sentence.text}"
    return [sentence.text, *(wording for one in inner for wording in said(one))]


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    def over(_signal: int, _frame: FrameType | None) -> None:
        raise TooMuchError(f"more than {seconds:g} s of processor time")

    before = signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


SAMPLES: Final = Path(__file__).with_name("samples")


def samples(name: str) -> list[Path]:
    """Return the inputs that once did harm to a reader, by name of file."""
    return sorted(path for path in (SAMPLES / name).glob("*") if path.is_file())
