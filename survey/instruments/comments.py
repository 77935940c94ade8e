"""The one open question: what of a free text is kept. Nothing unseen, no turned direction of writing, limited."""

import unicodedata
from typing import Final

from survey.i18n import Refused

LONGEST: Final = 2_000
"""Characters."""
UNSEEN: Final = frozenset({"Cc", "Cs", "Co"})
"""Control characters (NUL among them), halves of characters and private ones; emoji newer than Python stay."""
TURNING: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of writing."""


def composed(text: str) -> str:
    r"""Return a text with one kind of line end, Hangul composed (some systems send it in parts).

    >>> composed("a\r\nb\rc")
    'a\nb\nc'
    """
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def visible(text: str) -> str:
    r"""Return a text without the characters that no reader sees.

    >>> visible("ca\u202efe\x00")
    'cafe'
    """
    return "".join(
        mark for mark in text if mark in "\n\t" or (unicodedata.category(mark) not in UNSEEN and mark not in TURNING)
    )


def clean(text: str) -> str:
    r"""Return a comment as it is kept.

    Raises:
        Refused: it is longer than 2,000 characters.

    >>> clean(" a\r\n\u202eb\x00 ")
    'a\nb'
    """
    if len(text) > 10 * LONGEST:
        raise _too_long(len(text))
    kept = composed(visible(composed(text))).strip()  # what stood around an unseen sign may now belong together
    if len(kept) > LONGEST:
        raise _too_long(len(kept))
    return kept


def _too_long(length: int) -> Refused:
    return Refused(
        "Your comment has %(length)s characters; at most %(most)s can be kept. Please shorten it.",
        length=f"{length:,}",
        most=f"{LONGEST:,}",
    )
