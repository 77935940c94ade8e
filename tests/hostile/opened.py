"""What leaves as a file or a letter is opened again: what in it runs, leads elsewhere or was put in is told."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Final

import openpyxl
import pikepdf
from lxml import etree
from werkzeug.test import TestResponse

from tests.hostile.judging import wrong

NUMBER: Final = re.compile(r"[-+−]?[\d,.]+(?: ?%)?")
PASSED_OVER: Final = " '\u00a0\u3000\u200b\u200e\u200f\u2060\ufeff"
RUNS: Final = "=+-@\t\r\n＝＋－＠"
ACTIONS: Final = (
    "/JavaScript",
    "/JS",
    "/Launch",
    "/OpenAction",
    "/AA",
    "/SubmitForm",
    "/ImportData",
    "/GoToR",
    "/RichMedia",
)
ATTACHED: Final = frozenset(("results.json", "results.csv", "source.json", "comparison.json", "comparison.csv"))
ONCE: Final = ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version")
PARSER: Final = etree.XMLParser(resolve_entities=False, no_network=True)


def cells_of(data: bytes) -> Iterator[str]:
    """Yield every cell of a CSV."""
    for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
        yield from row


def runs(cell: str) -> bool:
    """Tell whether a spreadsheet might take a cell for a formula."""
    return cell.lstrip(PASSED_OVER.replace("'", ""))[:1] in RUNS and bool(cell) and not NUMBER.fullmatch(cell)


def wrong_office(data: bytes) -> list[str]:
    """Return what an Office file holds that runs or leads elsewhere, in the workbooks inside it too."""
    found: list[str] = []
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            part = package.read(name)
            if re.search(r"vba|external|activeX|oleObject", name, re.IGNORECASE) or ".." in name:
                found.append(name)
            if name.endswith(".xlsx"):
                found += wrong_office(part) + wrong_cells(part)
            if not name.endswith((".xml", ".rels")):
                continue
            for each in etree.fromstring(part, PARSER).iter():
                tag = etree.QName(each).localname if isinstance(each.tag, str) else "comment"
                if "canary" in tag or each.get("TargetMode") == "External" or "hlinkClick" in tag or "ddeLink" in tag:
                    found.append(f"{name}: {tag} {dict(each.attrib)}")
                if tag == "f" and re.search(r"canary|cmd|HYPERLINK|SUM\(|\|", each.text or ""):
                    found.append(f"{name}: refers to {each.text}")
    return found


def wrong_cells(data: bytes) -> list[str]:
    """Return the cells of a workbook that are formulas, or that lead somewhere."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    cells = [cell for page in book.worksheets for row in page.iter_rows() for cell in row]
    return [str(cell.value) for cell in cells if cell.data_type == "f" or cell.hyperlink]


def wrong_pdf(data: bytes) -> list[str]:
    """Return what a PDF holds that runs, leads elsewhere, or was not put in by us."""
    found: list[str] = []
    with pikepdf.open(io.BytesIO(data)) as document:
        names = set(document.attachments)
        found += [f"holds {name}" for name in names - ATTACHED]
        for each in document.objects:
            if isinstance(each, pikepdf.Dictionary):
                found += [f"has {key}" for key in each.keys() if key in ACTIONS]  # noqa: SIM118 - pikepdf's own
                if "/URI" in each and not re.match(r"https?://(?:localhost|doi\.org|hbr\.org)", str(each["/URI"])):
                    found.append(f"leads to {each['/URI']}")
    return found


def judge(answer: TestResponse) -> list[str]:
    """Return what is wrong with a file that is handed out."""
    with answer:
        found, data, kind = wrong(answer), answer.get_data(), answer.mimetype
        name = answer.headers.get("Content-Disposition", "")
        if re.search(r"canary\.exe\"|[\r\n\0]|\.\./|\\", name):
            found.append(f"is called {name}")
    if kind == "text/csv":
        found += [cell for cell in cells_of(data) if runs(cell)]
    elif "officedocument" in str(kind):
        found += wrong_office(data) + (wrong_cells(data) if "sheet" in str(kind) else [])
    elif kind == "application/pdf":
        found += wrong_pdf(data)
    elif kind == "application/json":
        json.loads(data)
    return found


def wrong_letter(letter: EmailMessage) -> list[str]:
    """Return what is wrong with a letter: a header twice or broken, somebody else who gets it, anything that lives."""
    found = [
        f"{name} stands {len(letter.get_all(name, []))} times" for name in ONCE if len(letter.get_all(name, [])) != 1
    ]
    found += [f"has {name}" for name in letter if name.lower() in {"bcc", "cc", "x-canary", "set-cookie"}]
    found += [f"{name} is broken" for name, value in letter.items() if re.search(r"[\r\n]", str(value))]
    to = letter["To"].addresses
    if len(to) != 1 or "canary@" in to[0].addr_spec:
        found.append(f"goes to {to}")
    html = letter.get_body(("html",))
    text = html.get_content() if html else ""
    found += [f"lives: {each}" for each in re.findall(r"<\s*/?\s*(?:canary|script|img|svg|iframe|form)\b[^>]*", text)]
    leads = re.findall(r'(?:href|src)="([^"]*)"', text)
    found += [f"leads to {to}" for to in leads if not to.startswith(("http://127.0.0.1:8000/", "mailto:"))]
    return found + [f"attaches {each.get_filename()}" for each in letter.iter_attachments()]
