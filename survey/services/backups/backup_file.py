"""The file that a backup is: pieces in the order of the tables, and a digest that tells a damaged copy.

    survey backup 1, a line feed, then for each piece 4 bytes of its length and the piece, four zero bytes, SHA-256

A piece is MessagePack: the head, rows of a table, or a box, which holds rows under the key of a wave.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, Final

import msgspec
from nacl.secret import SecretBox

from survey.i18n import Refused
from survey.services.backups.backup_keys import Stage

MAGIC: Final = b"survey backup 1\n"
LENGTH_BYTES: Final = 4
DIGEST_BYTES: Final = 32
CHUNK: Final = 1 << 20


class Head(msgspec.Struct, frozen=True, tag="head"):
    """What a backup is of."""

    revision: str
    """Of the tables (Alembic)."""
    made_at: str
    """ISO 8601, UTC without a zone."""


class Rows(msgspec.Struct, frozen=True, tag="rows"):
    """Rows of one table."""

    table: str
    columns: list[str]
    rows: list[list[Any]]


class Box(msgspec.Struct, frozen=True, tag="box"):
    """Rows that only the key of a wave and stage opens."""

    wave: str
    stage: Stage
    box: bytes


Piece = Head | Rows | Box


def boxed(wave: str, stage: Stage, key: bytes, rows: Rows) -> Box:
    """Encrypt rows (XSalsa20-Poly1305 with a nonce of its own for every box)."""
    return Box(wave, stage, bytes(SecretBox(key).encrypt(msgspec.msgpack.encode(rows))))


def opened(box: Box, key: bytes) -> Rows:
    """Return the rows of a box whose key this is."""
    return msgspec.msgpack.decode(SecretBox(key).decrypt(box.box), type=Rows)


class Writing:
    """The bytes of a backup, one after the other; `digest` is known after the last."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self.pieces = pieces
        self.digest = ""

    def __iter__(self) -> Iterator[bytes]:
        whole = hashlib.sha256()
        for part in self._parts():
            whole.update(part)
            yield part
        self.digest = whole.hexdigest()
        yield whole.digest()

    def _parts(self) -> Iterator[bytes]:
        yield MAGIC
        for piece in self.pieces:
            content = msgspec.msgpack.encode(piece)
            yield len(content).to_bytes(LENGTH_BYTES) + content
        yield bytes(LENGTH_BYTES)


def require_free(path: Path) -> None:
    """Refuse to put a backup over anything but another backup or an empty file: the database, or a device."""
    if not path.exists():
        return
    if path.is_file():
        with path.open("rb") as file:
            if file.read(len(MAGIC)) in {b"", MAGIC}:
                return
    raise Refused("%(file)s is there already and is no backup, so it is left alone. Name another file.", file=path)


def digest(path: Path) -> str:
    """Return the digest of a backup that is whole, in hexadecimal.

    Raises:
        Refused: the file is none of ours, or damaged, or cut off.
    """
    whole = hashlib.sha256()
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise Refused("%(file)s is no backup of this program.", file=path)
        file.seek(0)
        left = os.fstat(file.fileno()).st_size - DIGEST_BYTES
        while left > 0:
            part = file.read(min(CHUNK, left))
            whole.update(part)
            left -= len(part)
        if left < 0 or file.read() != whole.digest():
            raise Refused("%(file)s is damaged or cut off: its digest is not the one it ends with.", file=path)
    return whole.hexdigest()


def pieces(path: Path) -> Iterator[Piece]:
    """Yield the pieces of a backup whose digest was right."""
    with path.open("rb") as file:
        file.seek(len(MAGIC))
        while length := _length(file):
            try:
                yield msgspec.msgpack.decode(file.read(length), type=Piece)
            except msgspec.DecodeError as error:
                raise Refused("%(file)s is no backup of this program.", file=path) from error


def _length(file: IO[bytes]) -> int:
    return int.from_bytes(file.read(LENGTH_BYTES))
