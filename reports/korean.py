"""Korean lines break between words, and a noun takes the particle that its last sound asks for.

WeasyPrint knows no `word-break: keep-all` and breaks between any two Hangul syllables, as the standard's default
does. Its layout engine can be told to keep pieces of a text whole, and this says which
(docs/decisions/0069-korean-lines.md).
"""

import re
from typing import Final

_WORD: Final = re.compile(r"(?=\S*[가-힣/])\S{2,}")
"""Addresses such as /methods/ are kept whole as well."""


def whole_words(text: str, room: float) -> list[tuple[int, int]]:
    """Return where the words stand that must not be broken, in bytes of UTF-8.

    `room` is the width of the line in syllables. A text that begins with a longer word is one that stands alone on its
    line and does not fit: it may break anywhere.

    >>> whole_words("일의 의미 A", 10), whole_words("일의 의미", 1)
    ([(0, 6), (7, 13)], [(7, 13)])
    """
    found, place, byte = [], 0, 0
    for word in _WORD.finditer(text):
        start = byte + len(text[place : word.start()].encode())
        place, byte = word.end(), start + len(word.group().encode())
        if word.start() or len(word.group()) <= room:
            found.append((start, byte))
    return found


def subject(noun: str) -> str:
    """Return a noun as the subject of a Korean sentence: 이 after a syllable that ends in a consonant, else 가.

    What ends in another script or a bracket gets both, as print does where nobody knows how it is read aloud.

    >>> subject("총 동기 지수"), subject("일의 즐거움"), subject("NPS")
    ('총 동기 지수가', '일의 즐거움이', 'NPS이(가)')
    """
    last = noun[-1:]
    if not "가" <= last <= "힣":
        return f"{noun}이(가)"
    return noun + ("이" if (ord(last) - ord("가")) % _FINALS else "가")


_FINALS: Final = 28
"""So many syllables share a beginning: one without a final consonant, then one for each."""
