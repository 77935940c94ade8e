"""The sheet that slides are laid out on: 16:9, in our colours and a font with Hangul, for whoever edits them too."""

import re
from typing import Any, Final

from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.slide import Slide
from pptx.util import Inches

from reports.comparison.files.slide_text import FONT, Box, Look, colour, fill, put
from survey.charts.sheet import ACCENT, DIRECT, INDIRECT, INK, MUTED

WIDTH: Final = 13.333
HEIGHT: Final = 7.5
MARGIN: Final = 0.6
TITLE_ONLY: Final = 5
STRIPE: Final = 0.09
WIDER: Final = 4 / 3
"""Of the library's sheet, which is 4:3."""
PALETTE: Final = {f"accent{place}": shade for place, shade in enumerate((*DIRECT, *INDIRECT), 1)}


class Deck:
    """Slides that are being made."""

    def __init__(self, language: str, footer: str) -> None:
        self.made = Presentation()
        self.language = language
        self._footer = footer
        self._layout = self.made.slide_layouts[TITLE_ONLY]
        self.made.slide_width, self.made.slide_height = Inches(WIDTH), Inches(HEIGHT)
        _widen(self.made)
        _theme(self.made)
        self._stripe()

    def slide(self, title: str, kicker: str, notes: str) -> Slide:
        """Return a new slide with its title, what stands above it, the foot, and what the speaker reads."""
        slide = self.made.slides.add_slide(self._layout)
        place = Box(MARGIN, 0.52, WIDTH - 2 * MARGIN, 0.5)
        heading = slide.shapes.title
        heading.left, heading.top, heading.width, heading.height = place.emu
        fill(heading.text_frame, place, [title], Look(24, least=14, bold=True), self.language)
        above = Box(MARGIN, 0.26, WIDTH - 2 * MARGIN, 0.24)
        put(slide, above, [kicker], Look(11, least=9, colour=ACCENT, bold=True), self.language)
        count = len(self.made.slides)
        foot = Box(MARGIN, HEIGHT - 0.36, WIDTH - 2 * MARGIN - 0.8, 0.2)
        put(slide, foot, [self._footer], Look(9, least=8, colour=MUTED), self.language)
        corner = Box(WIDTH - MARGIN - 0.7, HEIGHT - 0.36, 0.7, 0.2)
        put(slide, corner, [str(count)], Look(9, colour=MUTED, right=True), self.language)
        slide.notes_slide.notes_text_frame.text = notes
        return slide

    def _stripe(self) -> None:
        """Draw the six colours along the upper edge of the layout, so that no slide carries them itself."""
        slide = self.made.slides.add_slide(self._layout)
        for place, shade in enumerate((*DIRECT, *INDIRECT)):
            box = Box(place * WIDTH / 6, 0, WIDTH / 6, STRIPE)
            piece = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *box.emu)
            piece.fill.solid()
            piece.fill.fore_color.rgb = colour(shade)
            piece.line.fill.background()
            piece.shadow.inherit = False
            self._layout.shapes._spTree.append(piece._element)  # noqa: SLF001 - a layout takes no shapes otherwise
        first = self.made.slides._sldIdLst  # noqa: SLF001 - python-pptx removes no slide
        self.made.part.drop_rel(first[0].rId)
        first.remove(first[0])


def _widen(made: Any) -> None:  # noqa: ANN401 - python-pptx has no types
    for sheet in (made.slide_master, *made.slide_layouts):
        for shape in sheet.shapes:
            if shape.left is not None:
                shape.left, shape.width = round(shape.left * WIDER), round(shape.width * WIDER)


def _theme(made: Any) -> None:  # noqa: ANN401 - python-pptx has no types
    """Put our font and colours into the theme: what somebody adds looks like the rest."""
    part = made.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    text = part.blob.decode()
    text = re.sub(r'<a:(latin|ea) typeface="[^"]*"', rf'<a:\1 typeface="{FONT}"', text)
    for name, shade in {**PALETTE, "dk2": INK}.items():
        text = re.sub(rf"(<a:{name}>).*?(</a:{name}>)", rf'\1<a:srgbClr val="{shade[1:]}"/>\2', text)
    part._blob = text.encode()  # noqa: SLF001 - python-pptx changes no theme
