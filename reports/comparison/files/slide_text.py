"""Text on slides: in a font that has Hangul, for both kinds of script, and never larger than its box."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.util import Emu, Inches, Pt

from survey.charts.sheet import INK

FONT: Final = "Malgun Gothic"
"""On every Windows with Korean, and replaced well elsewhere."""
LANGUAGES: Final = {"ko": "ko-KR", "en": "en-GB"}
WIDE: Final = 1.0
NARROW: Final = 0.58
"""Widths of a character in ems; what is measured errs on the wide side."""
SPACING: Final = 1.25
BETWEEN: Final = 0.4
"""Of a line, between two paragraphs."""


@dataclass(frozen=True)
class Look:
    """How a paragraph looks."""

    size: float
    least: float = 10.0
    """Points below which it is cut rather than made smaller."""
    colour: str = INK
    bold: bool = False
    right: bool = False


@dataclass(frozen=True)
class Box:
    """A place on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float

    @property
    def emu(self) -> tuple[Emu, Emu, Emu, Emu]:
        """It as python-pptx wants it."""
        return (Inches(self.left), Inches(self.top), Inches(self.width), Inches(self.height))


def width_of(text: str, size: float) -> float:
    """Return how wide a line of text is at most, in inches."""
    ems = sum(WIDE if unicodedata.east_asian_width(each) in "WFA" else NARROW for each in text)
    return ems * size / 72


def lines_of(text: str, size: float, width: float) -> int:
    """Return how many lines a paragraph takes, with some room for words that do not fit the end of a line."""
    return max(1, -(-int(width_of(text, size) * 1.06 * 100) // int(width * 100)))


def fitted(texts: Sequence[str], look: Look, box: Box) -> tuple[list[str], float]:
    """Return paragraphs and the size at which they fit a box; what does not fit at the least size ends in "…"."""
    size = look.size
    while size > look.least and _height(texts, size, box.width) > box.height:
        size -= 0.5
    return _cut(list(texts), size, box), size


def height_of(texts: Sequence[str], look: Look, box: Box) -> float:
    """Return how much of a box's height paragraphs take, in inches."""
    kept, size = fitted(texts, look, box)
    return _height(kept, size, box.width)


def _height(texts: Sequence[str], size: float, width: float) -> float:
    lines = sum(lines_of(text, size, width) for text in texts) + BETWEEN * (len(texts) - 1)
    return lines * size * SPACING / 72


def _cut(texts: list[str], size: float, box: Box) -> list[str]:
    room = max(1.0, box.height * 72 / (size * SPACING) + 0.01)
    kept: list[str] = []
    for text in texts:
        needs = lines_of(text, size, box.width)
        if needs <= room:
            kept.append(text)
            room -= needs + BETWEEN
            continue
        if room >= 1:
            shortened = text
            while shortened and lines_of(f"{shortened}…", size, box.width) > room:
                shortened = shortened[:-1]
            kept.append(f"{shortened.rstrip()}…")
        elif kept and not kept[-1].endswith("…"):
            kept[-1] += " …"
        break
    return kept


def put(slide: Slide, box: Box, texts: Sequence[str], look: Look, language: str) -> None:
    """Put paragraphs into a box of their own."""
    fill(slide.shapes.add_textbox(*box.emu).text_frame, box, texts, look, language)


def fill(frame: Any, box: Box, texts: Sequence[str], look: Look, language: str) -> None:  # noqa: ANN401 - python-pptx has no types
    """Write paragraphs into a frame, at a size at which they fit."""
    frame.word_wrap = True
    frame.auto_size = MSO_AUTO_SIZE.NONE
    frame.vertical_anchor = MSO_ANCHOR.TOP
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    kept, size = fitted([text.replace("\n", " ") for text in texts], look, box)
    for place, text in enumerate(kept):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        if place < len(kept) - 1:
            paragraph.space_after = Pt(size * BETWEEN)
        run = paragraph.add_run()
        run.text = text
        paragraph.alignment = PP_ALIGN.RIGHT if look.right else PP_ALIGN.LEFT
        dress(run.font, replace(look, size=size), language)


def dress(font: Any, look: Look, language: str) -> None:  # noqa: ANN401 - python-pptx has no types
    """Set size, colour, language, and the typeface of Latin and of East Asian text."""
    font.size, font.bold = Pt(look.size), look.bold
    font.color.rgb = colour(look.colour)
    font.name = FONT
    properties = font._element  # noqa: SLF001 - python-pptx names no typeface for East Asian text
    properties.set("lang", LANGUAGES[language])
    for kind in ("a:ea", "a:cs"):
        found = properties.find(qn(kind))
        if found is None:
            found = properties.makeelement(qn(kind), {})
            # After a:latin, where the schema has them.
            properties.find(qn("a:latin")).addnext(found)
        found.set("typeface", FONT)


def colour(text: str) -> RGBColor:
    """Return one of our colours, as it stands among the tokens, as slides write it."""
    return RGBColor.from_string(text.removeprefix("#").upper())
