"""Help: a guide for HR, sheets to take along, the words. Each is a text that comes with the program (docs/help)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from flask import Blueprint, abort, render_template
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from survey.i18n import Sentence
from survey.privacy.policy import DETAIL_FLOOR, FLOOR
from survey.services.waves import wave_plans
from survey.web import ROOT
from survey.web.access import signed_in
from survey.web.frame import company_name
from survey.web.language import language

bp = Blueprint("guides", __name__, url_prefix="/help")
FOLDER: Final = ROOT / "docs" / "help"
GLOSSARY: Final = ROOT / "docs" / "glossary.md"
PLACE: Final = re.compile(r"\{(\w+)\}")
ROW: Final = re.compile(r"^\| (?P<en>[^|]+) \| (?P<ko>[^|]+) \| (?P<meaning>[^|]+) \| (?P<meaning_ko>[^|]+) \|$")


@dataclass(frozen=True)
class Sheet:
    """A text that is read, printed, or copied from."""

    name: str
    title: Sentence
    what: Sentence


SHEETS: Final = (
    Sheet(
        "guide",
        Sentence("A wave in one afternoon"),
        Sentence("What to do when, with announcements to copy."),
    ),
    Sheet(
        "council",
        Sentence("Agenda sheet for the works council"),
        Sentence("One sheet to settle the survey with those who speak for employees; to be printed."),
    ),
    Sheet(
        "notice",
        Sentence("Draft of the processing notice"),
        Sentence("What is kept of whom, for how long, and who processes it; your counsel confirms it."),
    ),
)


@dataclass(frozen=True)
class Word:
    """A word of the product: as pages show it, in the other language, and what it means."""

    word: str
    other: str
    meaning: str


@bp.get("/")
@signed_in
def index() -> str:
    """List what there is."""
    return render_template("guides/index.html", sheets=SHEETS)


@bp.get("/words")
def words() -> str:
    """Show the glossary, to everybody: letters and reports use these words."""
    return render_template("guides/words.html", groups=glossary(language()))


@bp.get("/<name>")
@signed_in
def show(name: str) -> str:
    """Show one text, with the company's name filled in."""
    sheet = next((sheet for sheet in SHEETS if sheet.name == name), None)
    if sheet is None:
        abort(404)
    return render_template("guides/show.html", sheet=sheet, text=rendered(name, language(), _facts()))


@cache
def source(name: str, lang: str) -> str:
    """Return a text as it was written, without its title, which the page has."""
    return (FOLDER / f"{name}.{lang}.md").read_text("utf-8").partition("\n")[2]


def rendered(name: str, lang: str, facts: Mapping[str, str]) -> Markup:
    """Return a text as HTML: what is filled in is text and nothing else, and boxes can be ticked with a pen.

    Links between the files become links between the pages.
    """
    plain = source(name, lang).replace("- [ ] ", "- ☐ ").replace(f".{lang}.md)", ")")
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(plain)
    return Markup(PLACE.sub(lambda place: str(escape(facts[place[1]])), html))  # noqa: S704 - our own text, escaped facts


@cache
def glossary(lang: str) -> tuple[tuple[str, tuple[Word, ...]], ...]:
    """Return the words under their headings, in a reader's language."""
    groups: list[tuple[str, list[Word]]] = []
    for line in GLOSSARY.read_text("utf-8").splitlines():
        if line.startswith("## "):
            en, _, ko = line[3:].partition(" · ")
            groups.append((ko if lang == "ko" else en, []))
        elif (row := ROW.match(line)) and row["en"] not in {"word", "---"}:
            korean, english = (row["ko"], row["en"], row["meaning_ko"]), (row["en"], row["ko"], row["meaning"])
            groups[-1][1].append(Word(*(korean if lang == "ko" else english)))
    return tuple((title, tuple(found)) for title, found in groups if found)


def _facts() -> dict[str, str]:
    return {
        "company": company_name(),
        "k": str(FLOOR),
        "detail_k": str(DETAIL_FLOOR),
        "months": str(wave_plans.RETENTION_MONTHS),
    }
