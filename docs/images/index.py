"""docs/pages.md: every page with its pictures."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from docs.images.pages import SHOTS, Shot

FOLDER: Final = Path(__file__).with_name("pages")
INDEX: Final = FOLDER.parents[1] / "pages.md"


def name(endpoint: str, language: str, width: int) -> str:
    """Return what the picture of a page is called."""
    return f"{endpoint}-{language}-{width}"


def index() -> str:
    """Return docs/pages.md."""
    return "\n".join((*_head(), *(line for endpoint, shot in SHOTS.items() for line in _shown(endpoint, shot))))


def _head() -> Iterator[str]:
    yield "# Every page"
    yield ""
    yield "Made from the demo company by `.venv/bin/python -m docs.images.make`, which also writes this page; in Korean"
    yield "at 1280 and 360 pixels, in English where that tells something. Long pages are cut. A page of the program"
    yield "that is not here fails a test. Why they look so: [design.md](design.md)."
    yield ""
    yield "## A letter's link leads here"
    yield ""
    yield "![The promise, as an employee reads it first](images/pages/survey-welcome.webp)"
    yield "![A question](images/pages/survey-question.webp)"
    yield ""
    yield "## The report of a team"
    yield ""
    yield from (
        f"![Page {path.stem[-1]} of the report](images/pages/{path.name})"
        for path in sorted(FOLDER.glob("report-*.webp"))
    )
    yield ""


def _shown(endpoint: str, shot: Shot) -> Iterator[str]:
    yield f"## {shot.says}"
    yield ""
    yield f"`{shot.path}` · {shot.who}"
    yield ""
    for language, width in (("ko", 1280), ("en", 1280), ("ko", 360)):
        if language == "ko" or shot.english:
            told = f"{shot.says}, {'Korean' if language == 'ko' else 'English'}, {width} pixels"
            yield f"![{told}](images/pages/{name(endpoint, language, width)}.webp)"
    yield ""
