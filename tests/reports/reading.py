"""Reading PDFs back: text, structure, fonts and attachments."""

import json
import subprocess
import unicodedata
from collections.abc import Iterator
from ctypes import c_long, c_ulong, c_ushort, create_string_buffer
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium


def text(pdf: bytes) -> str:
    """Return all text of a PDF with single spaces, as a reader's search would see it."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    return " ".join(unicodedata.normalize("NFC", "\n".join(pages)).split())


def page_text(pdf: bytes, place: int) -> str:
    """Return the text of one page with single spaces; the first is 0."""
    page = pypdfium2.PdfDocument(pdf)[place]
    return " ".join(unicodedata.normalize("NFC", page.get_textpage().get_text_bounded()).split())


def pages(pdf: bytes) -> int:
    """Return how many pages a PDF has."""
    return len(pypdfium2.PdfDocument(pdf))


def attachment(pdf: bytes, name: str) -> bytes:
    """Return an attached file by its name."""
    document = pypdfium2.PdfDocument(pdf)
    for place in range(document.count_attachments()):
        found = document.get_attachment(place)
        if found.get_name() == name:
            return bytes(found.get_data())
    raise KeyError(name)


def annex(pdf: bytes) -> Any:  # noqa: ANN401 - plain JSON
    """Return the attached results.json."""
    return json.loads(attachment(pdf, "results.json"))


def structure(pdf: bytes) -> set[str]:
    """Return the kinds of structure elements on all pages ("H1", "Table", "Figure", ...)."""
    document = pypdfium2.PdfDocument(pdf)
    kinds: set[str] = set()
    for page in document:
        tree = pdfium.FPDF_StructTree_GetForPage(page)
        for place in range(pdfium.FPDF_StructTree_CountChildren(tree)):
            _collect(pdfium.FPDF_StructTree_GetChildAtIndex(tree, place), kinds)
        pdfium.FPDF_StructTree_Close(tree)
    return kinds


def language(pdf: bytes) -> str:
    """Return the language of a PDF's catalogue."""
    buffer = (c_ushort * 10)()
    length = pdfium.FPDFCatalog_GetLanguage(pypdfium2.PdfDocument(pdf), buffer, c_ulong(20))
    return bytes(buffer)[: length - 2].decode("utf-16-le")


def _collect(element: Any, kinds: set[str]) -> None:  # noqa: ANN401 - a handle of pdfium
    if not element:
        return
    buffer = create_string_buffer(100)
    length = pdfium.FPDF_StructElement_GetType(element, buffer, c_ulong(100))
    kinds.add(buffer.raw[: length - 2].decode("utf-16-le"))
    for place in range(pdfium.FPDF_StructElement_CountChildren(element)):
        _collect(pdfium.FPDF_StructElement_GetChildAtIndex(element, place), kinds)


def facts(pdf: Path) -> dict[str, str]:
    """Return what poppler's pdfinfo says."""
    lines = subprocess.run(["pdfinfo", str(pdf)], check=True, capture_output=True, text=True).stdout.splitlines()  # noqa: S603, S607 - a tool of the tests
    return {name.strip(): value.strip() for name, value in (line.split(":", 1) for line in lines)}


def fonts(pdf: Path) -> list[list[str]]:
    """Return the rows of poppler's pdffonts: name, type, ..., embedded, subset, unicode, object."""
    lines = subprocess.run(["pdffonts", str(pdf)], check=True, capture_output=True, text=True).stdout.splitlines()  # noqa: S603, S607 - a tool of the tests
    return [line.split() for line in lines[2:]]


def inner_links(pdf: bytes) -> tuple[list[str], list[str]]:
    """Return where the links inside a PDF lead, and the names that something in it has."""
    document = pypdfium2.PdfDocument(pdf)
    names = []
    for place in range(pdfium.FPDF_CountNamedDests(document)):
        size = c_long(0)
        pdfium.FPDF_GetNamedDest(document, place, None, size)
        buffer = create_string_buffer(size.value)
        pdfium.FPDF_GetNamedDest(document, place, buffer, size)
        names.append(buffer.raw[: size.value - 2].decode("utf-16-le"))
    leading = [name for page in document for name in _leading(page)]
    return leading, names


def _leading(page: Any) -> Iterator[str]:  # noqa: ANN401 - a page of pdfium
    """Yield the text of each link annotation: WeasyPrint writes there where it leads."""
    for place in range(pdfium.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium.FPDFPage_GetAnnot(page, place)
        if pdfium.FPDFAnnot_GetSubtype(annotation) == pdfium.FPDF_ANNOT_LINK:
            buffer = (c_ushort * 100)()
            length = pdfium.FPDFAnnot_GetStringValue(annotation, b"Contents", buffer, c_ulong(200))
            yield bytes(buffer)[: length - 2].decode("utf-16-le")
        pdfium.FPDFPage_CloseAnnot(annotation)
