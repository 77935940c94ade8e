"""The keys that were pressed for Hangul on a Korean keyboard (dubeolsik), as Latin letters: 안녕 is dkssud. Pure."""

import unicodedata
from typing import Final

FIRST: Final = ord("가")
LAST: Final = ord("힣")
VOWELS: Final = [
    "k",
    "o",
    "i",
    "O",
    "j",
    "p",
    "u",
    "P",
    "h",
    "hk",
    "ho",
    "hl",
    "y",
    "n",
    "nj",
    "np",
    "nl",
    "b",
    "m",
    "ml",
    "l",
]
INITIALS: Final = ["r", "R", "s", "e", "E", "f", "a", "q", "Q", "t", "T", "d", "w", "W", "c", "z", "x", "v", "g"]
CONSONANTS: Final = [
    "r",
    "R",
    "rt",
    "s",
    "sw",
    "sg",
    "e",
    "E",
    "f",
    "fr",
    "fa",
    "fq",
    "ft",
    "fx",
    "fv",
    "fg",
    "a",
    "q",
    "Q",
    "qt",
    "t",
    "T",
    "d",
    "w",
    "W",
    "c",
    "z",
    "x",
    "v",
    "g",
]
FINALS: Final = ("", *(each for each in CONSONANTS if each not in {"E", "Q", "W"}))
"""No syllable ends in ㄸ, ㅃ or ㅉ."""
ALONE: Final = (*CONSONANTS, *VOWELS)
"""Of letters that stand alone, from ㄱ to ㅣ as Unicode has them."""
FIRST_ALONE: Final = ord("ㄱ")


def keystrokes(text: str) -> str:
    """Return a text as somebody types it who has forgotten to switch the keyboard; what is no Hangul stays.

    >>> keystrokes("안녕하세요1234"), keystrokes("ㅂㅈㄷㄱ"), keystrokes("값 nord")
    ('dkssudgktpdy1234', 'qwer', 'rkqt nord')
    """
    return "".join(_keys(each) for each in unicodedata.normalize("NFC", text))


def _keys(letter: str) -> str:
    number = ord(letter)
    if FIRST <= number <= LAST:
        rest, final = divmod(number - FIRST, len(FINALS))
        initial, vowel = divmod(rest, len(VOWELS))
        return INITIALS[initial] + VOWELS[vowel] + FINALS[final]
    if FIRST_ALONE <= number < FIRST_ALONE + len(ALONE):
        return ALONE[number - FIRST_ALONE]
    return letter
