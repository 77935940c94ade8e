"""What was said about a publication afterwards: its numbers never change, what stands beside them may."""

import hashlib
from typing import Final

import msgspec

from survey.i18n import Sentence

WITHDRAWN_BEFORE: Final = Sentence("The results of the wave before were withdrawn, so no change is shown.")


class Erratum(msgspec.Struct, frozen=True):
    """What was found to be wrong about a publication, in both languages."""

    said_on: str
    """YYYY-MM-DD."""
    ko: str
    en: str

    def text(self, language: str) -> str:
        """Return what is said in `language`."""
        return self.ko if language == "ko" else self.en


class Afterwards(msgspec.Struct, frozen=True):
    """What has happened to a publication since it was made; it travels beside the record, never in it."""

    errata: tuple[Erratum, ...] = ()
    """The earliest first."""
    withdrawn: tuple[str, ...] = ()
    """Codes of earlier waves that were withdrawn: a change since one of them would give its number."""


NOTHING: Final = Afterwards()


def told_digest(digest: str, afterwards: Afterwards) -> str:
    """Return the digest of all that is told: of the record where nothing was said since, else of both together."""
    if afterwards == NOTHING:
        return digest
    said = msgspec.json.encode(afterwards, order="deterministic")
    return hashlib.sha256(digest.encode() + said).hexdigest()
