import doctest
import re
import sys
from typing import Any

import pytest

from survey.i18n import LANGUAGES
from survey.scoring.methods import Section as Paragraph
from survey.scoring.methods import methods, numbers, sections, works
from tests.spec.manual import MANUAL, PARTS, name_of, part
from tests.spec.section import Section
from tests.spec.tables import SECTIONS

BY_NAME = {name_of(section.of): section for section in SECTIONS}
WORDED = ("title", "short", "says", "formula", "source", "assumes", "limits")
YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")


def _each(of: Any) -> Any:  # noqa: ANN401 - sections of the manual, or paragraphs of the page
    return [pytest.param(one, id=one.id if isinstance(one, Paragraph) else name_of(one.of)) for one in of]


def test_page_and_manual_are_about_the_same_functions() -> None:
    """Every section of docs/scoring.md has its paragraph on the page, and the other way round; none stands twice."""
    functions = [section.function for section in sections().values()]
    assert sorted(functions) == sorted(BY_NAME)
    assert len(SECTIONS) == len(BY_NAME)
    assert len(sections()) == sum(len(chapter.sections) for chapter in methods().chapters)


def test_page_and_manual_number_alike() -> None:
    """Anchor and number of every section are the same in docs/scoring.md and on the page."""
    found = re.findall(r'^<a id="([\w-]+)"></a>\n### § (\d+) ', MANUAL.read_text("utf-8"), re.MULTILINE)
    assert dict(found) == numbers()


def test_links_inside_the_manual_lead_somewhere() -> None:
    """Every link of the table of contents, and between sections, has its anchor."""
    text = MANUAL.read_text("utf-8")
    assert set(re.findall(r"\]\(#([\w-]+)\)", text)) <= set(re.findall(r'<a id="([\w-]+)">', text))


@pytest.mark.parametrize("section", _each(SECTIONS))
def test_a_section_can_be_judged(section: Section) -> None:
    """Every section says where its method comes from, what it assumes, and where it ends."""
    assert [name for name in PARTS if not part(section.of, name)] == []


@pytest.mark.parametrize("section", _each(SECTIONS))
def test_a_section_has_an_example_that_runs(section: Section) -> None:
    """Every section has a worked example, and its result is what the function returns."""
    module = sys.modules[section.of.__module__]
    (example,) = doctest.DocTestFinder(recurse=False).find(section.of, name_of(section.of), module)
    result = doctest.DocTestRunner(verbose=False).run(example)
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize("paragraph", _each(sections().values()))
def test_a_paragraph_is_written_in_every_language(paragraph: Paragraph) -> None:
    """What a section says, assumes and leaves open is said in Korean and in English."""
    silent = [(field, tongue) for field in WORDED for tongue in LANGUAGES if not getattr(paragraph, field).get(tongue)]
    assert silent == []


@pytest.mark.parametrize("paragraph", _each(sections().values()))
def test_page_and_manual_name_the_same_works(paragraph: Paragraph) -> None:
    """The works under a paragraph are those that the section of docs/scoring.md names: surname and year of each."""
    said = " ".join(part(BY_NAME[paragraph.function].of, name) for name in PARTS)
    assert {work.year for work in works(paragraph)} == set(map(int, YEAR.findall(said)))
    assert [work.id for work in works(paragraph) if _surname(work.authors) not in said] == []


def _surname(authors: str) -> str:
    return re.split(r",| and ", authors)[0].split(". ")[-1]


def test_every_work_is_named_somewhere() -> None:
    """The list of references holds no work that no section rests on, and none twice."""
    listed = [work.id for work in methods().references]
    assert sorted(listed) == sorted({work.id for section in sections().values() for work in works(section)})
    assert listed == [f"{_surname(work.authors).lower()}-{work.year}" for work in methods().references]


@pytest.mark.parametrize("paragraph", _each(sections().values()))
def test_the_sentence_for_print_is_short_and_holds_no_figure(paragraph: Paragraph) -> None:
    """Reports have room for a line or two, and no number with decimals there may look like a result."""
    for tongue in LANGUAGES:
        assert len(paragraph.short[tongue]) <= 120
        assert not re.search(r"\d[.,]\d", paragraph.short[tongue])
