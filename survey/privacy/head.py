"""A publication in pieces: a head that says which units there are, and a record of each unit by itself.

The head holds the SHA-256 of every unit's record, and the publication's digest is that of the head: so it covers every
unit, and a page that shows eight units verifies the head and those eight. As it travels (to the process that prints, to
somebody who checks it) a publication is one JSON document: the head, with the units' records added as `units`.

Publications of versions before 0.5 are one record with everything in it, and their digest is that of the whole. They
stay as they are: their bytes are verified together, and taken apart in memory
(docs/decisions/0063-a-head-and-a-row-for-each-unit.md).
"""

import hashlib
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any, Final, Literal, TypeVar

import msgspec

from survey.i18n import Refused, Sentence
from survey.instruments.model import Instrument
from survey.privacy.canonical import unchanged, written
from survey.privacy.record import Record, Told, UnitRecord
from survey.privacy.released import Reason

T = TypeVar("T")
CHANGED: Final = Sentence("This publication was changed after it was made, so it is not shown.")
_BEFORE, _BETWEEN, _AFTER = b',"units":[', b",", b"]}"
_NULL: Final = msgspec.Raw(b"null")


class Place(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """A unit in the tree of a publication: what finds it, whether it shows numbers, and its record's digest.

    Records hold no circles: with `gc=False` Python's collector need not walk through hundreds of thousands of them.
    """

    code: str
    parent: str | None
    names: dict[str, str]
    depth: int
    digest: str
    """SHA-256 of the unit's record, in hexadecimal."""
    kind: str = ""
    leads: bool = False
    hidden: Reason | None = None
    """Why it shows no figures; None where it shows them."""
    detail_hidden: Reason | None = None
    """Why it shows no details; None where it shows them."""
    joined: dict[str, dict[str, str]] = {}


class Head(Told, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a publication says of the company, and its tree."""

    format: Literal[2]
    tree: list[Place]
    """Root first, parents before children, siblings by code."""


class _Older(Told, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A publication with everything in one record, its units still as bytes."""

    format: Literal[1]
    units: list[msgspec.Raw]


class _Form(msgspec.Struct, frozen=True):
    """How a publication is kept."""

    format: int
    units: list[msgspec.Raw] = []


class _Known(msgspec.Struct, frozen=True):
    """What the tree has to know of a unit's record."""

    code: str
    parent: str | None
    names: dict[str, str]
    depth: int
    kind: str
    leads: bool
    hidden: Reason | None
    detail_hidden: Reason | None
    joined: dict[str, dict[str, str]] = {}
    figures: msgspec.Raw = _NULL
    sums: msgspec.Raw = _NULL
    detail: msgspec.Raw = _NULL

    def place(self, digest: str) -> Place:
        """Return its place; what is said to be shown but is not there is hidden."""
        told = bytes(self.figures) != b"null" and bytes(self.sums) != b"null"
        detailed = bytes(self.detail) != b"null"
        return Place(
            self.code, self.parent, self.names, self.depth, digest, self.kind, self.leads,
            self.hidden or (None if told else "small"), self.detail_hidden or (None if detailed else "small"),
            self.joined,
        )  # fmt: skip


class Frame:
    """A verified head, ready to be read by many at once: facts of the company, and the tree."""

    def __init__(self, head: Head, digest: str, *, in_pieces: bool) -> None:
        self.head = Told(**_told(head))
        self.digest = digest
        self.in_pieces = in_pieces
        """Whether each unit's record is kept by itself; False in publications of versions before 0.5."""
        self.places: tuple[Place, ...] = tuple(_shared(place) for place in head.tree)
        self.at = {place.code: number for number, place in enumerate(self.places)}

    @cached_property
    def instrument(self) -> Instrument:
        """What was asked."""
        return Instrument.from_json(self.head.instrument)

    @cached_property
    def children(self) -> Mapping[str, tuple[str, ...]]:
        """Codes of the units directly below each unit."""
        found: dict[str, list[str]] = {place.code: [] for place in self.places}
        for place in self.places:
            if place.parent is not None:
                found[place.parent].append(place.code)
        return {code: tuple(below) for code, below in found.items()}

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """Codes of the joined groups."""
        return tuple(place.code for place in self.places if place.joined)

    def path(self, code: str) -> list[str]:
        """Codes from the root to this one; raises KeyError."""
        path = [code]
        while (parent := self.places[self.at[path[-1]]].parent) is not None:
            path.append(parent)
        return path[::-1]


@lru_cache(maxsize=200_000)
def _once(text: str) -> str:
    """Return one and the same object for equal texts: waves repeat the codes and names of their units."""
    return text


@lru_cache(maxsize=50_000)
def _named(names: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {_once(language): _once(name) for language, name in names}


def _shared(place: Place) -> Place:
    parent = None if place.parent is None else _once(place.parent)
    names = _named(tuple(place.names.items()))
    return Place(
        _once(place.code), parent, names, place.depth, place.digest, _once(place.kind), place.leads, place.hidden,
        place.detail_hidden, place.joined or _NONE,
    )  # fmt: skip


_NONE: Final[dict[str, dict[str, str]]] = {}


def pieces(record: Record) -> tuple[bytes, str, list[bytes]]:
    """Return the head as canonical JSON, its digest, and each unit's record in the order of the tree."""
    units, tree = list[bytes](), list[Place]()
    for unit in record.units:
        data, digest = written(unit)
        units.append(data)
        tree.append(msgspec.json.decode(data, type=_Known).place(digest))
    head, digest = written(Head(format=2, tree=tree, **_told(record)))
    return head, digest, units


def together(head: bytes, units: Sequence[bytes]) -> bytes:
    """Return a publication as one document.

    >>> together(b'{"format":2}', [b'{"code":"A"}', b'{"code":"B"}'])
    b'{"format":2,"units":[{"code":"A"},{"code":"B"}]}'
    """
    return b"".join((head[:-1], _BEFORE, _BETWEEN.join(units), _AFTER))


def apart(data: bytes) -> tuple[bytes, list[msgspec.Raw]]:
    """Return what a document's digest is of, and its units' records; nothing is verified yet.

    Raises:
        Refused: It is no document of a publication any more.

    >>> head, units = apart(b'{"format":2,"units":[{"code":"A"},{"code":"B"}]}')
    >>> head, [bytes(unit) for unit in units]
    (b'{"format":2}', [b'{"code":"A"}', b'{"code":"B"}'])
    """
    form = _unverified(data, _Form)
    if form.format == 1:
        return data, form.units
    rest = (
        len(_BEFORE) + sum(memoryview(unit).nbytes for unit in form.units) + max(len(form.units) - 1, 0) + len(_AFTER)
    )
    return data[:-rest] + b"}", form.units


def frame(kept: bytes, digest: str) -> Frame:
    """Return the frame of a head, or of an older whole record; raises Refused where a single byte differs."""
    unchanged(kept, digest, CHANGED)
    if msgspec.json.decode(kept, type=_Form).format == 1:
        older = msgspec.json.decode(kept, type=_Older)
        tree = [msgspec.json.decode(unit, type=_Known).place(digest_of(unit)) for unit in older.units]
        return Frame(Head(format=2, tree=tree, **_told(older)), digest, in_pieces=False)
    return Frame(msgspec.json.decode(kept, type=Head), digest, in_pieces=True)


def verified(of: Frame, units: Sequence[msgspec.Raw]) -> dict[str, msgspec.Raw]:
    """Return by code the units' records that a document holds, of all units or of some of them.

    Raises:
        Refused: A byte of one differs from what was published, or one is in no tree.
    """
    codes = of.at if len(units) == len(of.places) else (_unverified(unit, _Known).code for unit in units)
    found = dict(zip(codes, units, strict=True))
    if any(code not in of.at or digest_of(unit) != of.places[of.at[code]].digest for code, unit in found.items()):
        raise Refused(CHANGED)
    return found


def unit_record(data: bytes | msgspec.Raw, place: Place) -> UnitRecord:
    """Return a unit's record; raises Refused where a single byte differs from what was published."""
    if digest_of(data) != place.digest:
        raise Refused(CHANGED)
    return msgspec.json.decode(data, type=UnitRecord)


def whole(of: Frame, units: Sequence[bytes | msgspec.Raw]) -> Record:
    """Return a publication as `freeze` made it; raises Refused where one of its units was changed, or lacks."""
    if len(units) != len(of.places):
        raise Refused(CHANGED)
    read = [unit_record(data, place) for data, place in zip(units, of.places, strict=True)]
    return Record(format=1, units=read, **_told(of.head))


def _unverified(data: bytes | msgspec.Raw, kind: type[T]) -> T:
    """Return what bytes say whose digest was not looked at yet; raises Refused where they say nothing of the kind."""
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.MsgspecError, RecursionError):
        raise Refused(CHANGED) from None


def _told(of: Told) -> dict[str, Any]:
    return {name: getattr(of, name) for name in Told.__struct_fields__}


def digest_of(data: bytes | msgspec.Raw) -> str:
    """Return the SHA-256 of a piece, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
