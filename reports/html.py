"""Templates of print: strict, escaping everything, speaking one language at a time."""

import re
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reports.notes import Notes
from survey.charts.tokens import DRAWN, LIGHT, inlined, translucent
from survey.i18n import catalogue

TEMPLATES: Final = Path(__file__).parents[1] / "templates" / "report"
_LONE: Final = re.compile(r"(?<=[^<>]) (?=[^\s<>]{1,6}</p>)")
"""The space before a short last word, which would stand alone on a line of its own."""
_BETWEEN: Final = re.compile(r"(?<=\d) (~|to) (?=[+−\d])")
"""What stands between the ends of an interval: no line breaks there."""
STYLES: Final = TEMPLATES / "report.css"
TINTS: Final = 25
"""Steps from no colour to the whole: a cell of a table wears one of them as its class."""
NAMES: Final = {LIGHT[name]: name for name in DRAWN}


@cache
def environment(language: str) -> Environment:
    """Return the templates of print in `language`; an undefined name is an error, and all text is escaped."""
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    sentences = catalogue(language)
    templates.globals["colour_name"] = NAMES.__getitem__
    templates.globals["tint"] = lambda share: round(share * TINTS)
    # jinja2 adds the method at run time, where its types cannot see it.
    install = vars(templates)["install_gettext_callables"]
    install(sentences.gettext, sentences.ngettext, newstyle=True)
    return templates


def page(template: str, language: str, **facts: object) -> str:
    """Return a document for `reports.pdf.print_pdf`."""
    html = environment(language).get_template(template).render(language=language, notes=Notes(language), **facts)
    return held_together(html)


def held_together(html: str) -> str:
    """Let no line break where it would hurt: inside an interval, and before a short last word of a paragraph.

    >>> held_together("<p>It lies within 1.5 to 2.5, more or less.</p>").replace("\N{NO-BREAK SPACE}", "_")
    '<p>It lies within 1.5_to_2.5, more or_less.</p>'
    """
    return _LONE.sub("\N{NO-BREAK SPACE}", _BETWEEN.sub("\N{NO-BREAK SPACE}\\1\N{NO-BREAK SPACE}", html))


def styles(path: Path) -> str:
    """Return a style sheet of print, with a class for each colour of a chip and each tint of a cell.

    What is the same for many elements is worked out once; a `style` of its own makes each of them one of a kind.
    """
    chips = (f".chip.{name} {{ background: {LIGHT[name]} }}" for name in DRAWN)
    shades = (translucent(LIGHT["accent"], step / TINTS) for step in range(TINTS + 1))
    tints = (f".tint-{step} {{ background: {shade} }}" for step, shade in enumerate(shades))
    return "\n".join((inlined(path.read_text("utf-8")), *chips, *tints))
