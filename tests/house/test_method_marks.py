import re
from collections.abc import Iterator

import pytest

from reports.recompute import IN_FIELDS, IN_ROWS
from survey.scoring.methods import sections
from tests.house.source import ROOT

TEMPLATES = ROOT / "templates"
MARK = re.compile(r"\bhow\(([^()]*)\)")
ID = re.compile(r'"([a-z-]+)"')


def _marks(*, printed: bool) -> Iterator[tuple[str, str]]:
    for path in sorted(TEMPLATES.rglob("*.html")):
        if (path.parent.name == "report") is printed:
            for mark in MARK.findall(path.read_text("utf-8")):
                yield from ((path.relative_to(TEMPLATES).as_posix(), found) for found in ID.findall(mark))


@pytest.mark.parametrize("printed", [True, False])
def test_every_mark_leads_to_a_paragraph(printed: bool) -> None:  # noqa: FBT001 - a case
    """What stands beside a number, on a page or in print, is the id of a paragraph that is written."""
    marks = list(_marks(printed=printed))
    assert len(marks) > 10
    assert [(where, found) for where, found in marks if found not in sections()] == []


def test_every_paragraph_stands_beside_a_number() -> None:
    """Each paragraph is reached from the pages that show its numbers."""
    assert sorted(sections().keys() - {found for _, found in _marks(printed=False)}) == []


def test_every_number_of_the_annex_leads_to_a_paragraph() -> None:
    """The ids that travel with a report are those of paragraphs."""
    assert sorted({*IN_FIELDS.values(), *IN_ROWS.values()} - sections().keys()) == []
