"""Templates of print: strict, escaping everything, speaking one language at a time."""

import re
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reports.notes import Notes
from survey.i18n import catalogue

TEMPLATES: Final = Path(__file__).parents[1] / "templates" / "report"
_HEAD: Final = re.compile(
    r'(?:(?<=<h1 class="large">)|(?<=<h2 class="title">)|(?<=<p class="lead">)|(?<=<b class="name">))[^<>]*(?=<)'
)
_WORD: Final = re.compile(r"(?<!\S)[^\s<>]{2,12}(?!\S)")
_LAST: Final = re.compile(r"(?<=[\s>])[^\s<>]{2,12}(?=</p>)|(?<=\s)[^\s<>]{1,11}[가-힣.](?=</td>)")
_LONE: Final = re.compile(r"(?<=[^<>]) (?=[^\s<>]{1,6}</p>)")
"""The space before a short last word, which would stand alone on a line of its own."""
_KEPT: Final = r'<span class="w">\g<0></span>'
STYLES: Final = TEMPLATES / "report.css"


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
    # jinja2 adds the method at run time, where its types cannot see it.
    install = vars(templates)["install_gettext_callables"]
    install(sentences.gettext, sentences.ngettext, newstyle=True)
    return templates


def page(template: str, language: str, **facts: object) -> str:
    """Return a document for `reports.pdf.print_pdf`."""
    html = environment(language).get_template(template).render(language=language, notes=Notes(language), **facts)
    return whole_words(html) if language == "ko" else _LONE.sub("\N{NO-BREAK SPACE}", html)


def whole_words(html: str) -> str:
    """Keep words in one piece where a break would hurt: in headings, and at the end of a paragraph.

    WeasyPrint breaks lines between any two Hangul syllables and knows no `word-break: keep-all`; keeping every word of
    a report together triples the time it takes (docs/decisions/0018-printing.md).

    >>> whole_words('<p class="lead">일의 뜻.</p><p>일의 의미.</p>')
    '<p class="lead"><span class="w">일의</span> <span class="w">뜻.</span></p><p>일의 <span class="w">의미.</span></p>'
    """
    headed = _HEAD.sub(lambda text: _WORD.sub(_KEPT, text.group()), html)
    return _LAST.sub(_KEPT, headed)
