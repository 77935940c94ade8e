"""Passwords: only their hashes (argon2id) are kept, and checking one costs the same whoever it belongs to."""

import secrets
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from survey.i18n import Refused

SHORTEST_PASSWORD: Final = 12
LONGEST_PASSWORD: Final = 512


def hashed(password: str) -> str:
    """Return what is kept of a password.

    Raises:
        Refused: it is too short, or too long to be one.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Refused("A password has at least %(shortest)s characters. Use a few words.", shortest=SHORTEST_PASSWORD)
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
