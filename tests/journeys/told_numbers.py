"""Every number that a page, a file or a PDF tells, as text; what cannot be read stops the test."""

import csv
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from functools import cache
from typing import Any, Final
from xml.etree import ElementTree as ET

import openpyxl
import pypdfium2
from werkzeug.test import TestResponse

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
CHART: Final = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
NUMBER: Final = re.compile(r"(?<![\w.#&/-])(?<!\d:)[+−-]?\d+\.\d+(?![\w.])")
"""A number with decimals, as figures are printed; versions such as 1.2.3, codes and seconds of a time are none."""
TAGS: Final = re.compile(r"<(script|style|svg)\b.*?</\1>|<[^>]*>", re.DOTALL)
FIGURE: Final = re.compile(r'<script type="application/json">(.*?)</script>', re.DOTALL)
ATTRIBUTES: Final = re.compile(r'(?:aria-label|title|alt|data-[a-z-]+|content)="([^"]*)"')


def told_by(answer: TestResponse) -> frozenset[str]:
    """Return the numbers of a response; what is refused is read as well."""
    return told_in(answer.mimetype, answer.data)


@cache
def told_in(kind: str, data: bytes) -> frozenset[str]:
    """Return the numbers of a file of this kind; an unknown kind must be thought about before it is handed out."""
    return frozenset(_read(kind, data))


def _read(kind: str, data: bytes) -> set[str]:
    if kind == "text/html":
        page = data.decode()
        texts = [TAGS.sub(" ", page), *ATTRIBUTES.findall(page)]
        return {number for text in texts for number in NUMBER.findall(text)} | {
            number for figure in FIGURE.findall(page) for number in _plotted(json.loads(figure))
        }
    if kind == "application/json":
        return set(_numbers(json.loads(data)))
    if kind in {"text/csv", "text/plain", "application/toml"}:
        rows = csv.reader(io.StringIO(data.decode("utf-8-sig")))
        return {number for row in rows for cell in row for number in NUMBER.findall(cell.lstrip("'"))}
    if kind == "application/pdf":
        return _printed(data)
    if kind in {XLSX, PPTX}:
        return set(_written(data) if kind == XLSX else _on_slides(data))
    if kind == "application/zip":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {number for name in archive.namelist() for number in told_in(_kind(name), archive.read(name))}
    raise AssertionError(f"nothing reads {kind} yet: what does it tell?")


def _written(data: bytes) -> Iterator[str]:
    """Return the numbers of a workbook as it shows them, those inside texts, headings and hidden sheets too."""
    for sheet in openpyxl.load_workbook(io.BytesIO(data)).worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if isinstance(cell.value, float):
                yield shown(cell.value, cell.number_format)
            elif isinstance(cell.value, str):
                yield from NUMBER.findall(cell.value)


def _on_slides(data: bytes) -> Iterator[str]:
    """Return the numbers of slides: texts, notes and alternative texts, what charts draw and where bars end."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if name.startswith("ppt/charts/"):
                yield from _in_chart(ET.fromstring(package.read(name)))  # noqa: S314 - a file of our own
            elif name.startswith(("ppt/slides/slide", "ppt/notesSlides/notes")):
                for element in ET.fromstring(package.read(name)).iter():  # noqa: S314 - the same
                    yield from NUMBER.findall(f"{element.text or ''}\n{element.get('descr') or ''}")


def _in_chart(chart: ET.Element) -> Iterator[str]:
    """Return the values of a chart's series and the ends of their bars, as the axis says that they are written."""
    forms = [axis.get("formatCode", "") for axis in chart.iter(f"{CHART}numFmt")]
    form = "{:+.1f}" if any(each.startswith("+") for each in forms) else "{:.2f}"
    for series in chart.iter(f"{CHART}ser"):
        values = _points(series.find(f"{CHART}val"))
        up, down = (_points(series.find(f"{CHART}errBars/{CHART}{end}")) for end in ("plus", "minus"))
        for place, value in values.items():
            ends = {value, value + up.get(place, 0), value - down.get(place, 0)}
            yield from (form.format(round(end, 6)).replace("-", "−") for end in ends)


def _points(part: ET.Element | None) -> dict[str, float]:
    points = [] if part is None else part.iter(f"{CHART}pt")
    return {point.get("idx", ""): float(point.findtext(f"{CHART}v") or "nan") for point in points}


def shown(value: float, form: str) -> str:
    """Return a number as a spreadsheet shows it, without the words beside it.

    >>> shown(12.3, '+0.0" or more";−0.0" or more";0.0'), shown(-3.12, "0.00;−0.00;0.00")
    ('+12.3', '−3.12')
    """
    part = re.sub(r'"[^"]*"', "", form.split(";")[0 if value > 0 else 1 if value < 0 else 2])
    sign, _, digits = part.partition("0")
    return f"{sign}{abs(value):.{max(len(digits) - 1, 0)}f}"


def _kind(name: str) -> str:
    kinds = {"pdf": "application/pdf", "json": "application/json", "csv": "text/csv"}
    return kinds.get(name.rpartition(".")[2], f"a file called {name}")


def _printed(data: bytes) -> set[str]:
    """Return the numbers of a PDF's text and of the files that are attached to it."""
    document = pypdfium2.PdfDocument(data)
    text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    found = set(NUMBER.findall(unicodedata.normalize("NFC", text)))
    for place in range(document.count_attachments()):
        attached = document.get_attachment(place)
        found |= told_in(_kind(attached.get_name()), bytes(attached.get_data()))
    return found


def _numbers(value: Any) -> Iterator[str]:  # noqa: ANN401 - plain JSON
    """Return the numbers of a JSON: those with decimals, and those inside its texts."""
    if isinstance(value, dict):
        for name, each in value.items():
            if name != "instrument":
                yield from _numbers(each)
    elif isinstance(value, list):
        for each in value:
            yield from _numbers(each)
    elif isinstance(value, float):
        yield repr(value)
    elif isinstance(value, str):
        yield from NUMBER.findall(value)


def _plotted(figure: dict[str, Any]) -> Iterator[str]:
    """Return the numbers of a chart: its points and its words; how it is drawn tells nothing."""
    for trace in figure["data"]:
        yield from _numbers([trace.get(part) for part in ("text", "hovertext", "customdata", "hovertemplate")])
    for note in figure["layout"].get("annotations", ()):
        yield from _numbers(note.get("text", ""))
