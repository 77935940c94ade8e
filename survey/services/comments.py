"""Free text as it is kept: no control characters, nothing that turns the direction of writing, limited. Pure."""

import unicodedata
from typing import Final

from survey.i18n import Refused

LONGEST: Final = 2_000
KEPT: Final = "\n\t"
DROPPED: Final = frozenset({"Cc", "Cs", "Co"})
"""Control characters (NUL among them), halves of characters and private ones; emoji newer than Python stay."""
BIDI: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(text: str) -> str:
    r"""Return a comment as it is kept.

    Raises:
        Refused: it is longer than 2,000 characters.

    >>> clean(" a\r\n\u202eb\x00 ")
    'a\nb'
    """
    if len(text) > 10 * LONGEST:
        raise _too_long(len(text))
    lines = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(c for c in lines if c in KEPT or (unicodedata.category(c) not in DROPPED and c not in BIDI)).strip()
    if len(kept) > LONGEST:
        raise _too_long(len(kept))
    return kept


def _too_long(length: int) -> Refused:
    return Refused(
        "Your comment has %(length)s characters; at most %(most)s can be kept. Please shorten it.",
        length=f"{length:,}",
        most=f"{LONGEST:,}",
    )
