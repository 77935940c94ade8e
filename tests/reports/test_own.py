"""What a company asked besides, in print: a line each, escaped, and the report keeps to four pages."""

import pytest
from msgspec.structs import replace

from reports.own import own
from reports.pdf import render
from survey.charts import UNIT_FIGURES
from survey.i18n import LANGUAGES
from survey.instruments.extra import MOST, Extra, with_extra
from survey.instruments.model import Instrument, Item, Scale
from survey.instruments.uploads import MOST_OTHERS
from survey.privacy.record import UnitRecord
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication
from tests.reports import company
from tests.reports.reading import pages, text

LONG = "We were told about the <b>weather</b> at sea, and of all ships, in time to do something about it {}."
EXTRAS = tuple(
    Extra(f"바다 날씨와 지나가는 배를 제때 들어 무엇이든 할 수 있었다 {n}.", LONG.format(n)) for n in range(MOST)
)
SCALES = [f"other_{n}" for n in range(MOST_OTHERS)]


def asked() -> Instrument:
    """The default instrument with as many scales and items more as there may be."""
    return with_extra(
        replace(
            company.INSTRUMENT,
            scales=(
                *company.INSTRUMENT.scales,
                *(Scale(name, {"ko": "소속감", "en": "Belonging"}, "outcome") for name in SCALES),
            ),
            items=(
                *company.INSTRUMENT.items,
                *(
                    Item(name, name, {"ko": "소속감", "en": "Belonging"}, block="practices", answers="frequency")
                    for name in SCALES
                ),
            ),
        ),
        EXTRAS,
    )


def more(unit: UnitRecord) -> UnitRecord:
    """A unit with a figure for everything that was asked."""
    if unit.figures is None:
        return unit
    shown = company.figure(4.1, digits=2)
    practices = {"stand_ups": shown} | {extra.id: replace(shown, bound="or more") for extra in EXTRAS}
    figures = replace(
        unit.figures,
        scales=unit.figures.scales | dict.fromkeys(SCALES, shown),
        practices=practices,
        practices_n=dict.fromkeys(practices, unit.figures.n),
    )
    return replace(unit, figures=figures)


@pytest.fixture
def publication() -> Publication:
    """The publication made by hand, with all of it."""
    return company.with_change(instrument=asked().to_json(), units=[more(unit) for unit in company.record().units])


def test_everything_that_was_asked_has_a_line(publication: Publication) -> None:
    """Scales first, then the extra items, each with its people and the company's mean beside it."""
    unit = publication.unit("SEOUL")
    assert not isinstance(unit.figures, Suppressed)
    lines = own(unit, unit.figures.value, publication, "en")
    assert [line.name for line in lines] == ["Belonging"] * MOST_OTHERS + [extra.en for extra in EXTRAS]
    assert {(line.n, line.beside) for line in lines[MOST_OTHERS:]} == {(12, "4.10 or more")}
    root = publication.root
    assert not isinstance(root.figures, Suppressed)
    assert {line.beside for line in own(root, root.figures.value, publication, "en")} == {""}


@pytest.mark.parametrize(("code", "language"), [("ALL", "en"), ("SEOUL", "ko"), ("BUSAN", "en"), ("SALES", "ko")])
def test_a_report_with_everything_keeps_to_four_pages(publication: Publication, code: str, language: str) -> None:
    """As many scales and extra items as may be, with long words, leave a report of four pages; tags print as text."""
    pdf = render(publication, code, language)
    assert pages(pdf) == 4
    said = text(pdf)
    assert ("<b>weather</b> at sea" if language == "en" else "바다 날씨와 지나가는 배를") in said


def test_names_of_scales_are_no_markup_in_charts() -> None:
    """Plotly reads links and bold print in labels: a company's own names are escaped in every chart of a unit."""
    scales = tuple(replace(scale, name={"ko": "<b>가</b>", "en": '<a href="x">'}) for scale in asked().scales)
    named = company.with_change(instrument=replace(asked(), scales=scales).to_json())
    for draw, _alt in UNIT_FIGURES.values():
        for language in LANGUAGES:
            figure = draw(named.unit("SEOUL"), named, language)
            assert figure is not None
            assert "<a" not in str(figure.to_dict())
            assert "<b" not in str(figure.to_dict())
