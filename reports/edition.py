"""Which edition of the report this is: the same publication printed by the same edition gives the same bytes."""

from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Final

from reports.fonts import FONTS

_ROOT: Final = Path(__file__).parents[1]
_LIBRARIES: Final = ("weasyprint", "plotly", "jinja2", "segno", "survey")
_LENGTH: Final = 8


_FILES: Final = ("xlsxwriter",)


def _sources() -> list[Path]:
    """Return every file that a printed page is made of."""
    code = [*(_ROOT / "reports").glob("*.py"), *(_ROOT / "survey" / "charts").glob("*.py")]
    words = (_ROOT / "survey" / "translations").glob("*/*.po")
    practices = (_ROOT / "survey" / "instruments").glob("practices.*")
    paragraphs = (_ROOT / "survey" / "scoring").glob("methods.*")
    return sorted(
        [*code, *words, *practices, *paragraphs, *(_ROOT / "templates" / "report").iterdir(), *FONTS.iterdir()]
    )


@cache
def edition() -> str:
    """Return 8 hexadecimal characters that change with templates, words, charts, fonts and libraries."""
    digest = sha256()
    for library in _LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    for path in _sources():
        digest.update(f"{path.name}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:_LENGTH]


@cache
def files_edition() -> str:
    """Return the same for the workbook of a wave."""
    digest = sha256(edition().encode())
    for library in _FILES:
        digest.update(f"{library} {version(library)}\n".encode())
    for path in sorted((_ROOT / "reports" / "workbook").glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:_LENGTH]
