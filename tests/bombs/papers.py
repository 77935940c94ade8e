"""PDFs that no printer makes, given to `survey verify`."""

import io
import zlib
from collections.abc import Callable
from typing import Final

import pikepdf

MEGABYTE: Final = 1 << 20
HEAD: Final = b"%PDF-1.7\n"


def _file(*objects: bytes) -> bytes:
    """Return a PDF of these objects, the first of which is its catalogue; its table is left out, and is made anew."""
    body = b"".join(b"%d 0 obj %s endobj\n" % (number, each) for number, each in enumerate(objects, 1))
    return HEAD + body + b"trailer << /Root 1 0 R /Size %d >>\n%%%%EOF\n" % (len(objects) + 1)


def _stream(facts: bytes, content: bytes) -> bytes:
    packed = zlib.compress(content, 9)
    return b"<< %s /Filter /FlateDecode /Length %d >> stream\n%s\nendstream" % (facts, len(packed), packed)


def _attachment(size: int) -> bytes:
    with pikepdf.new() as document:
        document.add_blank_page()
        document.attachments["source.json"] = pikepdf.AttachedFileSpec(
            document, bytes(size), filename="source.json", description="", mime_type="", creation_date="", mod_date=""
        )
        made = io.BytesIO()
        document.save(made)
        return made.getvalue()


def _page(content: bytes) -> bytes:
    return _file(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R "
        b"/Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        _stream(b"", content),
    )


def _deep(levels: int) -> bytes:
    """Return a tree of pages in pages."""
    kids = [b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (number + 3) for number in range(levels)]
    return _file(b"<< /Type /Catalog /Pages 2 0 R >>", *kids, b"<< /Type /Page /MediaBox [0 0 9 9] >>")


def _objects_in_a_stream() -> bytes:
    inner = _stream(b"/Type /ObjStm /N 1000000 /First 10", bytes(256 * MEGABYTE))
    return _file(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>", inner)


PAPERS: Final[dict[str, Callable[[], bytes]]] = {
    "an attachment that unpacks to a quarter of a gigabyte": lambda: _attachment(256 * MEGABYTE),
    "objects in a stream": _objects_in_a_stream,
    "a page of words without end": lambda: _page(b"BT /F 1 Tf " + b"(a) Tj " * 3_000_000 + b"ET"),
    "states in states": lambda: _page(b"q " * 3_000_000),
    "arrays in arrays": lambda: _file(b"<< /Type /Catalog /X " + b"[" * MEGABYTE + b" >>"),
    "pages in pages": lambda: _deep(50_000),
    "a page that holds itself": lambda: _file(
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 1000000000 >>"
    ),
    "a thousand million pages announced": lambda: _file(
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 2147483647 >>"
    ),
    "twenty megabytes of nothing": lambda: HEAD + bytes(19 * MEGABYTE),
    "a picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(64),
}
