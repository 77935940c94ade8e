"""What is installed here: Python libraries by their own metadata, scripts and fonts by the list that came with them."""

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Final, cast

import msgspec

from survey.services.parts import licences

OURS: Final = "survey"
STATIC: Final = Path(__file__).parents[2] / "static"
MANIFEST: Final = STATIC / "vendor" / "manifest.json"
"""What `bin/vendor` packed, with its hashes."""
REQUIREMENTS: Final = Path(__file__).parents[3] / "requirements"
PRODUCT: Final = ("core", "s3", "workers")
_REQUIRED: Final = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\])?")
_ONLY_IN: Final = re.compile(r"""extra\s*==\s*['"]([^'"]+)""")


@dataclass(frozen=True)
class Part:
    """One thing that somebody else made."""

    kind: str
    """"library" or "page": what Python runs, or what the pages bring along."""
    name: str
    version: str
    licence: str
    needs: tuple[str, ...] = ()
    """The names of other parts it needs."""
    sha512: str = ""
    """Of the package it came from, in hex; "" where none was kept."""

    @property
    def address(self) -> str:
        """Return what every tool calls it (package URL)."""
        return f"pkg:{'pypi' if self.kind == 'library' else 'npm'}/{self.name}@{self.version}"


class _Packed(msgspec.Struct):
    name: str
    version: str
    licence: str
    integrity: str


def parts() -> tuple[Part, ...]:
    """Return every part of this installation, sorted; the product itself is none.

    In a source tree that is what its requirements ask for and what these need, so that tools of developers are left
    out; in an image, which holds nothing else, all that is installed.
    """
    there = {plain(each.metadata["Name"]): each for each in distributions() if each.metadata["Name"]}
    there.pop(OURS, None)
    asked = [one for one in _asked() if one.name in there] or [_Asked(name) for name in there]
    found = {part.address: part for part in (*_libraries(there, asked), *_of_pages())}
    return tuple(sorted(found.values(), key=lambda part: (part.kind, part.name, part.version)))


def plain(name: str) -> str:
    """Return the name of a library as registries compare it.

    >>> plain("Flask_WTF")
    'flask-wtf'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


@dataclass(frozen=True)
class _Asked:
    """A library that something needs, and which of its extras."""

    name: str
    extras: frozenset[str] = frozenset()
    only_in: str = ""
    """The extra of whoever needs it for which it is needed; "" where it is needed in any case."""

    @classmethod
    def read(cls, line: str) -> "_Asked | None":
        """Read a requirement; None where a line is none."""
        found = _REQUIRED.match(line)
        if found is None:
            return None
        extras = frozenset(plain(each.strip()) for each in (found[2] or "").split(",") if each.strip())
        only = _ONLY_IN.search(line)
        return cls(plain(found[1]), extras, plain(only[1]) if only else "")


def _asked() -> list[_Asked]:
    """Return what the requirements of the product name; nothing where there is no source tree."""
    files = (REQUIREMENTS / f"{name}.in" for name in PRODUCT)
    lines = [line for file in files if file.is_file() for line in file.read_text("utf-8").splitlines()]
    return [one for one in map(_Asked.read, lines) if one is not None]


def _libraries(there: Mapping[str, Distribution], asked: Iterable[_Asked]) -> Iterator[Part]:
    """Yield what is asked for, and all that it needs, each once."""
    needs: dict[_Asked, list[_Asked]] = {}
    waiting = list(asked)
    while waiting:
        one = waiting.pop()
        if one not in needs:
            needs[one] = _needs(there, one)
            waiting += needs[one]
    for name in {one.name for one in needs}:
        library = there[name]
        needed = {each.name for one, found in needs.items() if one.name == name for each in found}
        # What a distribution's metadata are, whatever their type promises.
        licence = licences.of(name, cast("Message", library.metadata))
        yield Part("library", name, library.version, licence, tuple(sorted(needed)))


def _needs(there: Mapping[str, Distribution], one: _Asked) -> list[_Asked]:
    """Return what a library needs here: what only an extra that nobody asked for needs is left out."""
    found = [_Asked.read(line) for line in there[one.name].requires or ()]
    wanted = [each for each in found if each is not None and each.only_in in {"", *one.extras}]
    return [_Asked(each.name, each.extras) for each in wanted if each.name in there]


def _of_pages() -> Iterator[Part]:
    for packed in msgspec.json.decode(MANIFEST.read_bytes(), type=list[_Packed]):
        digest = base64.b64decode(packed.integrity.removeprefix("sha512-")).hex()
        yield Part("page", packed.name, packed.version, packed.licence, sha512=digest)
