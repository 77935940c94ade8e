"""A keyholder's two keys as people handle them: the private one a file, the public one read over the phone. Pure.

Both are 56 characters of Crockford's alphabet: 32 bytes of a Curve25519 key and 3 of a checksum, which tells a damaged
copy, a slip of the tongue, and one kind of key from the other.
"""

import hashlib
import re
from typing import Final, Literal

from nacl.public import PrivateKey

from survey.i18n import LANGUAGES, Refused, Sentence
from survey.services.invitations import codes

Kind = Literal["private", "public"]

KEY_BYTES: Final = 32
CHECK_BYTES: Final = 3
LENGTH: Final = 8 * (KEY_BYTES + CHECK_BYTES) // 5
LARGEST_FILE: Final = 64 * 1024
"""Bytes; a key file has about one thousand."""
BEGIN: Final = "-----BEGIN SURVEY PRIVATE KEY-----"
END: Final = "-----END SURVEY PRIVATE KEY-----"
BLOCK: Final = re.compile(f"{BEGIN}(.*?)(?:{END}|$)", re.DOTALL)
WORDS: Final = (
    Sentence(
        "This is a private key for sealed waves of the employee survey. Whoever has this file can read the answers of "
        "every wave that was sealed for it, in old copies of the database too."
    ),
    Sentence(
        "Keep it away from the survey's server, twice, in places that only you can open. Nobody can make it anew. "
        "When the last wave sealed for it has been unsealed, destroy it."
    ),
)
SHOWN: Final = Sentence(
    "This is a private key: it belongs into nobody else's hands, and now it has been shown. Make a new pair with "
    "survey make-key, and register the public key that is printed then."
)


def text_of(key: PrivateKey) -> str:
    """Return what the file of a private key holds: words in both languages, the fingerprint, and the key."""
    words = "\n\n".join("\n".join(words.to(language) for words in WORDS) for language in LANGUAGES)
    groups = codes.grouped(_written(bytes(key), "private"))
    half = len(groups) // 2
    mark = fingerprint(bytes(key.public_key))
    return f"{words}\n\nFingerprint: {mark}\n\n{BEGIN}\n{groups[:half]}\n{groups[half + 1 :]}\n{END}\n"


def read_file(content: bytes) -> PrivateKey:
    """Return the key that a file holds.

    Raises:
        Refused: it is no key file, or its key is damaged.
    """
    text = content.decode("utf-8", errors="replace") if len(content) <= LARGEST_FILE else ""
    found = BLOCK.search(text)
    if found is None:
        raise Refused("This is no key file of a keyholder. Choose the file that survey make-key has written.")
    key = _read(found[1], "private")
    if key is None:
        raise Refused("This key file is damaged: characters are missing or changed. Use another copy of it.")
    return PrivateKey(key)


def public_text(key: bytes) -> str:
    """Return a public key as it is printed: 14 groups of four characters."""
    return codes.grouped(_written(key, "public"))


def read_public(typed: str) -> bytes:
    """Return the 32 bytes of a public key as it was typed or read out.

    Raises:
        Refused: a character is missing or wrong, or it is a private key.
    """
    if BEGIN in typed or _read(typed, "private") is not None:
        raise Refused(SHOWN)
    key = _read(typed, "public")
    if key is None:
        raise Refused(
            "This is no public key: %(length)s characters in groups of four are needed, and their check must come out "
            "right. Compare it group by group.",
            length=LENGTH,
        )
    return key


def fingerprint(public: bytes) -> str:
    """Return the 16 characters by which people tell one key from another.

    >>> fingerprint(bytes(range(32)))
    'GN53-HXYS-ZY1Z-131N'
    """
    digest = hashlib.sha256(b"survey fingerprint\0" + public).digest()
    return codes.grouped(codes.spell(int.from_bytes(digest), codes.LENGTH))


def _written(key: bytes, kind: Kind) -> str:
    return codes.spell(int.from_bytes(key + _check(key, kind)), LENGTH)


def _read(typed: str, kind: Kind) -> bytes | None:
    characters = codes.characters(typed, LENGTH)
    if characters is None:
        return None
    whole = codes.number(characters).to_bytes(KEY_BYTES + CHECK_BYTES)
    key, check = whole[:KEY_BYTES], whole[KEY_BYTES:]
    return key if check == _check(key, kind) else None


def _check(key: bytes, kind: Kind) -> bytes:
    return hashlib.sha256(f"survey {kind} key\0".encode() + key).digest()[:CHECK_BYTES]
