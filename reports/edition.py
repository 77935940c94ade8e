"""Which edition of the report this is: the same publication printed by the same edition gives the same pages.

What the pages are made of is listed here; a test opens the eyes of a printing process and holds the list against it.
"""

from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Final

from reports.fonts import FONTS
from reports.made_of import ROOT, modules, system, templates

TEMPLATES: Final = ROOT / "templates" / "report"
LIBRARIES: Final = (
    "babel",
    "brotli",
    "cffi",
    "cssselect2",
    "fonttools",
    "jinja2",
    "lxml",
    "markupsafe",
    "msgspec",
    "narwhals",
    "numpy",
    "pillow",
    "plotly",
    "pycparser",
    "pydyf",
    "pyphen",
    "tinycss2",
    "tinyhtml5",
    "typing-extensions",
    "weasyprint",
    "webencodings",
)
_WORKBOOK: Final = ("xlsxwriter",)
_LENGTH: Final = 8


def sources() -> frozenset[Path]:
    """Return every file of ours that a printed page is made of."""
    data = (
        ROOT / "survey" / "charts" / "tokens.toml",
        ROOT / "survey" / "instruments" / "practices.toml",
        ROOT / "survey" / "scoring" / "methods.toml",
        TEMPLATES / "report.css",
        *(ROOT / "survey" / "translations").glob("*/*.po"),
        *FONTS.glob("*.ttf"),
    )
    return modules(["reports.pdf"]) | templates(TEMPLATES, "report.html") | frozenset(data)


@cache
def edition() -> str:
    """Return 8 hexadecimal characters that change with all that a printed page is made of, and with nothing else."""
    return _digest(sources(), LIBRARIES, [f"{name} {number}" for name, number in system().items()])


@cache
def files_edition() -> str:
    """Return the same for the workbook of a wave."""
    return _digest(modules(["reports.workbook.book"]), _WORKBOOK, [edition()])


def _digest(paths: Iterable[Path], libraries: Iterable[str], beside: Iterable[str]) -> str:
    digest = sha256()
    for line in (*beside, *(f"{library} {version(library)}" for library in libraries)):
        digest.update(f"{line}\n".encode())
    for path in sorted(paths):
        digest.update(f"{path.relative_to(ROOT)}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:_LENGTH]
