"""The paragraphs of the method, for readers who are not statisticians: one for each section of docs/scoring.md."""

from functools import cache
from pathlib import Path
from typing import Final

from msgspec import Struct

from survey.instruments.parts import Text
from survey.instruments.reading import read

TEXT: Final = Path(__file__).with_name("methods.toml")


class Section(Struct, frozen=True, forbid_unknown_fields=True):
    """How one kind of number is made."""

    id: str
    """The anchor, on the page, in the PDF and in docs/scoring.md."""
    function: str
    """The function that makes the number, as it is imported."""
    title: Text


class Chapter(Struct, frozen=True, forbid_unknown_fields=True):
    """Sections that belong together."""

    title: Text
    sections: tuple[Section, ...]


class Methods(Struct, frozen=True, forbid_unknown_fields=True):
    """All of it, in the order of reading."""

    chapters: tuple[Chapter, ...]


@cache
def methods() -> Methods:
    """Return the chapters in the order of reading."""
    return read(TEXT, Methods)


@cache
def numbers() -> dict[str, str]:
    """Return the number of every section by its id: chapter and place, as "3.1"."""
    return {
        section.id: f"{chapter}.{place}"
        for chapter, found in enumerate(methods().chapters, 1)
        for place, section in enumerate(found.sections, 1)
    }


def section(of: str) -> Section:
    """Return a section by its id; raises KeyError for one that is not written."""
    return {section.id: section for chapter in methods().chapters for section in chapter.sections}[of]
