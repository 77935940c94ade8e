"""Records as bytes that are the same wherever they are written, and a digest by which a changed byte is noticed."""

import hashlib

import msgspec

from survey.i18n import Refused, Sentence


def written(record: msgspec.Struct) -> tuple[bytes, str]:
    """Return a record as canonical JSON, and its SHA-256 in hexadecimal."""
    data = msgspec.json.encode(record, order="deterministic")
    return data, hashlib.sha256(data).hexdigest()


def unchanged(data: bytes, digest: str, otherwise: Sentence) -> bytes:
    """Return the bytes; raises Refused with `otherwise` where a single one differs from what was written."""
    if hashlib.sha256(data).hexdigest() != digest:
        raise Refused(otherwise)
    return data
