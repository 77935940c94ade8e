"""One-use codes and receipts: how they are made, read back from what people type, and hashed. Pure.

A code is 16 characters of Crockford's alphabet in four groups, 80 bits: 65 that nobody can guess, made from the issue
key, the wave and the person, and 15 that can be recomputed from the wave's name, so that a mistyped code, a code of an
earlier wave and a spent one can be told apart although nothing is kept about them (docs/decisions/0010).
"""

import hmac
import secrets
import unicodedata
from hashlib import sha256
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH: Final = 16
SECRET_LENGTH: Final = 13
"""Characters that come from the issue key: 65 bits."""
KEY_BYTES: Final = 32
ALIKE: Final = str.maketrans("OIL", "011")
"""Letters that Crockford's alphabet leaves out because they are read as digits."""


def code_for(issue_key: bytes, wave: str, person: int) -> str:
    """Return the person's code in a wave; the same key gives the same code, so that sending can be resumed.

    >>> code = code_for(bytes(32), "2026-Q4", 7)
    >>> len(code), belongs_to(code, "2026-Q4"), belongs_to(code, "2026-Q3")
    (16, True, False)
    """
    return _code(issue_key, wave, f"code\0{wave}\0{person}")


def spare_for(issue_key: bytes, wave: str, unit: str, number: int) -> str:
    """Return a unit's spare code with this number; it is no person's, so its label is none of a person's code.

    >>> spare_for(bytes(32), "2026-Q4", "NORTH", 7) == code_for(bytes(32), "2026-Q4", 7)
    False
    """
    return _code(issue_key, wave, f"spare\0{wave}\0{unit}\0{number}")


def belongs_to(code: str, wave: str) -> bool:
    """Tell whether `code` (16 characters) was made for `wave`; a slip of the finger passes once in 32,768 times."""
    return hmac.compare_digest(code[SECRET_LENGTH:], _mark(code[:SECRET_LENGTH], wave))


def new_receipt() -> str:
    """Return a receipt: 80 random bits, which therefore may be hashed without a key."""
    return spell(secrets.randbits(5 * LENGTH), LENGTH)


def read(typed: str) -> str | None:
    """Return the 16 characters of a code or receipt as typed, or None where it cannot be one.

    Lower case, full-width letters, spaces, hyphens and the letters O, I and L are understood.

    >>> read("o1il-abcd efgh-2345")
    '0111ABCDEFGH2345'
    >>> read("0111-ABCD-EFGH") is None
    True
    """
    return characters(typed, LENGTH)


def characters(typed: str, length: int) -> str | None:
    """Return the `length` characters of the alphabet that were typed, as `read` understands them, or None."""
    if len(typed) > 10 * length:
        return None
    kept = [c for c in unicodedata.normalize("NFKC", typed) if unicodedata.category(c)[0] not in "ZPC"]
    found = "".join(kept).upper().translate(ALIKE)
    return found if len(found) == length and set(found) <= set(ALPHABET) else None


def grouped(code: str) -> str:
    """Return a code in groups of four, as it is printed.

    >>> grouped("0111ABCDEFGH2345")
    '0111-ABCD-EFGH-2345'
    """
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def code_hash(pepper: bytes, code: str) -> bytes:
    """Return the 32 bytes under which an unspent code is kept while its wave is open."""
    return hmac.digest(pepper, b"code\0" + code.encode(), "sha256")


def receipt_hash(wave: str, receipt: str) -> bytes:
    """Return the 32 bytes under which a receipt is kept; no key, so that it can still be checked after the close."""
    return sha256(f"receipt\0{wave}\0{receipt}".encode()).digest()


def _code(issue_key: bytes, wave: str, label: str) -> str:
    digest = hmac.new(issue_key, label.encode(), sha256).digest()
    secret = spell(int.from_bytes(digest), SECRET_LENGTH)
    return secret + _mark(secret, wave)


def _mark(secret: str, wave: str) -> str:
    digest = sha256(f"mark\0{wave}\0{secret}".encode()).digest()
    return spell(int.from_bytes(digest), LENGTH - SECRET_LENGTH)


def spell(number: int, length: int) -> str:
    """Write the lowest 5 x `length` bits of a number in characters, the lowest ones first."""
    return "".join(ALPHABET[(number >> 5 * at) & 31] for at in range(length))


def number(characters: str) -> int:
    """Return the number that `spell` wrote.

    >>> number(spell(2**20 + 7, 16))
    1048583
    """
    return sum(ALPHABET.index(character) << 5 * at for at, character in enumerate(characters))
