import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest

from reports.pdf import render
from reports.recompute import IN_FIELDS
from survey.scoring.methods import numbers
from tests.reports import reading
from tests.sample import SMALL, sample_publication


def _figures(value: Any, path: str = "") -> Iterator[str]:  # noqa: ANN401 - plain JSON
    """Yield the path of every figure of an annex; places of a list are not part of it."""
    if isinstance(value, dict):
        if value.get("type") == "Figure":
            yield path
        for name, each in value.items():
            yield from _figures(each, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for each in value:
            yield from _figures(each, path)


@pytest.mark.parametrize("code", ["HQ", "A1-T3", "A", SMALL])
def test_every_number_of_an_annex_names_its_paragraph(code: str) -> None:
    """In results.json every figure lies under a field that names its paragraph; in results.csv every row does."""
    pdf = render(sample_publication(), code, "en")
    annex = reading.annex(pdf)
    named = annex["methods"]
    assert named == {path: {"id": found, "paragraph": numbers()[found]} for path, found in IN_FIELDS.items()}
    own = {path for path in _figures(annex) if not path.startswith("beside")}
    assert sorted(path for path in own if not any(f"{path}.".startswith(f"{field}.") for field in named)) == []
    rows = list(csv.DictReader(io.StringIO(reading.attachment(pdf, "results.csv").decode("utf-8-sig"))))
    assert rows
    assert [row for row in rows if (row["method"] in numbers()) is (row["measure"] == "suppressed")] == []


@pytest.mark.parametrize("language", ["ko", "en"])
def test_marks_in_print_lead_to_the_list_on_the_last_page(language: str) -> None:
    """Each mark is a link inside the PDF whose end is there, and the last page says in a sentence what it means."""
    pdf = render(sample_publication(), "HQ", language)
    links, ends = reading.inner_links(pdf)
    assert len(links) > 10
    assert set(links) <= set(ends)
    assert all(name.startswith("method-") for name in links)
    last = reading.page_text(pdf, reading.pages(pdf) - 1)
    assert all(f"§ {numbers()[name.removeprefix('method-')]} " in last for name in links)
