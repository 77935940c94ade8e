"""Passwords: only their hashes (argon2id) are kept, and checking one costs the same whoever it belongs to."""

import secrets
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from survey.i18n import Refused
from survey.services.accounts import guessing

SHORTEST_PASSWORD: Final = 12
LONGEST_PASSWORD: Final = 512


def chosen(password: str, own: Iterable[str], breached: Path | None) -> str:
    """Return what is kept of a new password.

    Args:
        password: as it was typed.
        own: the words of the person and her company, which `own_words` gives.
        breached: the operator's list of passwords that have leaked; None where there is none.

    Raises:
        Refused: it is too short, too long to be one, or among the first that somebody would try.
        SettingsError: the operator's list cannot be read.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Refused("A password has at least %(shortest)s characters. Use a few words.", shortest=SHORTEST_PASSWORD)
    guessing.require_hard(password, own, breached)
    return hashed(password)


def hashed(password: str) -> str:
    """Return what is kept of a password, be it one that would not be taken any more."""
    return _hasher().hash(password)


def fits(known: str, password: str) -> bool:
    """Tell whether `password` is the one whose hash is `known`."""
    try:
        return _hasher().verify(known, password[: LONGEST_PASSWORD + 1])
    except (VerificationError, InvalidHashError):
        return False


def outdated(known: str) -> bool:
    """Tell whether a hash costs less than one made today."""
    return _hasher().check_needs_rehash(known)


@cache
def nobody() -> str:
    """Return the hash of a password that nobody knows: checking against it costs what checking a real one costs."""
    return _hasher().hash(secrets.token_urlsafe(32))


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()
