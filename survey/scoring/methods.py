"""The paragraphs of the method, for readers who are not statisticians: one for each section of docs/scoring.md."""

from functools import cache
from pathlib import Path
from string import ascii_uppercase
from typing import Final

from msgspec import Struct

from survey.instruments.parts import Text
from survey.instruments.reading import read

TEXT: Final = Path(__file__).with_name("methods.toml")


class Reference(Struct, frozen=True, forbid_unknown_fields=True):
    """A work that a method comes from."""

    id: str
    authors: str
    year: int
    title: str
    where: str
    """Journal, volume and pages; or the publisher."""


class Section(Struct, frozen=True, forbid_unknown_fields=True):
    """How one kind of number is made."""

    id: str
    """The anchor: on the page, in the PDF and in docs/scoring.md."""
    function: str
    """The function that makes the number, as it is imported."""
    title: Text
    short: Text
    """One sentence; all that a printed report has room for."""
    says: Text
    formula: Text
    source: Text
    assumes: Text
    limits: Text
    references: tuple[str, ...] = ()
    """Ids of the works that `source` speaks of."""


class Chapter(Struct, frozen=True, forbid_unknown_fields=True):
    """Sections that belong together."""

    id: str
    title: Text
    sections: tuple[Section, ...]


class Methods(Struct, frozen=True, forbid_unknown_fields=True):
    """All of it, in the order of reading."""

    chapters: tuple[Chapter, ...]
    references: tuple[Reference, ...]


@cache
def methods() -> Methods:
    """Return the chapters in the order of reading, and the works they rest on."""
    return read(TEXT, Methods)


@cache
def numbers() -> dict[str, str]:
    """Return the number of every section by its id; chapters have letters, so that a number is never a decimal.

    >>> numbers()["total-motivation"]
    '1'
    """
    return {found: str(place) for place, found in enumerate(sections(), 1)}


def letters() -> dict[str, str]:
    """Return the letter of every chapter by its id, in the order of reading."""
    return {chapter.id: letter for chapter, letter in zip(methods().chapters, ascii_uppercase, strict=False)}


@cache
def sections() -> dict[str, Section]:
    """Return every section by its id, in the order of reading."""
    return {section.id: section for chapter in methods().chapters for section in chapter.sections}


def works(section: Section) -> tuple[Reference, ...]:
    """Return the works a section rests on; raises KeyError for one that is not listed."""
    listed = {work.id: work for work in methods().references}
    return tuple(listed[one] for one in section.references)
