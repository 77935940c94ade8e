"""A PDF that somebody handed in: its pages as text, and what is attached. Anything may be in it."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pypdfium2

from reports.verify.findings import MOST_BYTES
from survey.i18n import Refused, Sentence

MOST_PAGES: Final = 12
MOST_TEXT: Final = 200_000
MOST_ATTACHED: Final = 8
MOST_ATTACHED_BYTES: Final = 4_000_000
NO_PDF: Final = Sentence("This file is not a PDF that can be read.")
NOT_OURS: Final = Sentence("This PDF is not a team report: its pages, or what is attached, are too many or too large.")


@dataclass(frozen=True)
class Opened:
    """The text of each page, and the attached files by name."""

    pages: tuple[str, ...]
    attached: Mapping[str, bytes]


def opened(content: bytes) -> Opened:
    """Return what is in a PDF.

    Raises:
        Refused: It cannot be read, or is larger than a report can be.
    """
    if len(content) > MOST_BYTES or not content.startswith(b"%PDF-"):
        raise Refused(NO_PDF)
    try:
        document = pypdfium2.PdfDocument(content)
        if len(document) > MOST_PAGES or document.count_attachments() > MOST_ATTACHED:
            raise Refused(NOT_OURS)
        pages = tuple(_text(document, place) for place in range(len(document)))
        found = [document.get_attachment(place) for place in range(document.count_attachments())]
        attached = {each.get_name(): bytes(each.get_data()) for each in found}
    except (pypdfium2.PdfiumError, ValueError, UnicodeDecodeError):
        raise Refused(NO_PDF) from None
    if any(len(data) > MOST_ATTACHED_BYTES for data in attached.values()) or sum(map(len, pages)) > MOST_TEXT:
        raise Refused(NOT_OURS)
    return Opened(pages, attached)


def _text(document: pypdfium2.PdfDocument, place: int) -> str:
    page = document[place].get_textpage()
    if page.count_chars() > MOST_TEXT:
        raise Refused(NOT_OURS)
    return unicodedata.normalize("NFC", page.get_text_bounded())
