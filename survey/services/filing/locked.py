"""Text that the database keeps and only this installation can read.

It is encrypted (XSalsa20-Poly1305) under a key made of the installation's secret, which is a file in no backup.
"""

import hashlib

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox


def lock(secret: bytes, purpose: str, text: str) -> bytes:
    """Encrypt `text` for one purpose; each purpose has a key of its own."""
    return bytes(SecretBox(_key(secret, purpose)).encrypt(text.encode()))


def unlock(secret: bytes, purpose: str, box: bytes) -> str | None:
    """Return the text; None where it was locked with another secret, for another purpose, or was changed.

    >>> unlock(bytes(32), "a", lock(bytes(32), "a", "text")), unlock(bytes(32), "b", lock(bytes(32), "a", "text"))
    ('text', None)
    """
    try:
        return SecretBox(_key(secret, purpose)).decrypt(box).decode()
    except (CryptoError, ValueError):  # the second where it is shorter than any box
        return None


def _key(secret: bytes, purpose: str) -> bytes:
    return hashlib.sha256(b"survey locked\0" + purpose.encode() + b"\0" + secret).digest()
