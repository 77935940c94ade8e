"""Heat maps: what a shade says, what is pale, what is hidden, and the sentence above."""

import io
from itertools import product

import openpyxl
import pytest
from msgspec.structs import replace

from reports.comparison.measures import Measure
from reports.heat.building import Placed, View, heat_map, view_of, views
from reports.heat.contents import HeatMap, Row
from reports.heat.files import HeatFile
from reports.heat.said import NO_CHANGE, NO_DIFFERENCE, counted
from reports.heat.shades import EVEN, Shade, shade
from survey.i18n import LANGUAGES
from survey.privacy.figures import NotEstimable
from survey.privacy.record import UnitFigures, Verdict
from survey.privacy.thaw import Publication, dump, thaw
from tests.reports import company

INDEX = Measure("index", "Total motivation", "index", -100, 100)
PLAY = Measure("play", "Play", "motive", 1, 7)
INERTIA = Measure("inertia", "Inertia", "motive", 1, 7, heavy=True)


def figures(index: float = 10.0, verdict: Verdict = "higher", play: float = 4.0, inertia: float = 4.0) -> UnitFigures:
    """A unit's figures, with an interval of half a point on either side of each motive."""
    made = company.figures(company.sums(40, 0.5, 1), verdict)
    scales = {
        **made.scales,
        "play": company.figure(play, 0.5, digits=2),
        "inertia": company.figure(inertia, 0.5, digits=2),
    }
    return replace(made, index=company.figure(index, 5.0, signed=True), scales=scales)


def mapped(view: View = "motives", publication: Publication | None = None, language: str = "en") -> HeatMap:
    """All units of the company made by hand."""
    of = publication or company.publication()
    return heat_map([Placed(unit, unit.depth) for unit in of.units], of, view, language)


def row(found: HeatMap, code: str) -> Row:
    """The row of a unit."""
    return next(each for each in found.rows if each.code == code)


@pytest.mark.parametrize(
    ("play", "step", "higher", "sure"),
    [
        (4.2, 0, 0, False),
        (4.3, 1, 1, False),
        (4.5, 2, 1, False),
        (4.6, 2, 1, True),
        (5.0, 3, 1, True),
        (2.9, -3, -1, True),
    ],
)
def test_a_shade_grows_by_fixed_steps_and_is_pale_where_the_interval_holds_the_company(
    play: float, step: int, higher: int, *, sure: bool
) -> None:
    """At .25, .5 and 1 point from the company's 4.00; an interval of half a point decides whether it is sure."""
    assert shade(figures(play=play), company.figure(4.0, digits=2), PLAY) == Shade(step, higher, sure)


def test_what_weighs_on_people_is_turned() -> None:
    """More inertia than in the company is a step down, and the arrow still points up."""
    assert shade(figures(inertia=5.0), company.figure(4.0, digits=2), INERTIA) == Shade(-3, 1, sure=True)


def test_the_index_is_sure_by_its_frozen_verdict_only() -> None:
    """However far its interval lies from the company's, without a verdict it is pale; without a rest it has none."""
    whole = company.figure(0.0, 1.0, signed=True)
    assert shade(figures(25.0, "higher"), whole, INDEX) == Shade(3, 1, sure=True)
    assert shade(figures(25.0, "no detectable difference"), whole, INDEX) == Shade(3, 1, sure=False)
    nothing = replace(figures(25.0), contribution=NotEstimable("This is the whole company."))
    assert not shade(nothing, whole, INDEX).sure


def test_rows_follow_the_tree_and_hidden_ones_have_a_reason() -> None:
    """The company stands first and by itself; a hidden unit has no cell at all."""
    found = mapped()
    assert found.company is not None
    assert found.company.code == "ALL"
    assert [each.code for each in found.rows] == ["SALES", "SEOUL", "BUSAN", "CARE", "LAB", "SHOP"]
    assert row(found, "LAB").cells == ()
    assert row(found, "LAB").why == "Fewer than 5 people answered."
    assert [cell.shown for cell in row(found, "SEOUL").cells] == [
        each.text
        for unit in company.record().units
        if unit.code == "SEOUL" and unit.figures
        for each in (unit.figures.index, *(unit.figures.scales[motive.id] for motive in company.INSTRUMENT.motives))
    ]


def test_bounded_values_keep_their_words() -> None:
    """Where answers were moved to the bound the cell says "or more"."""
    record = company.record()
    seoul = record.units[2].figures
    assert seoul is not None
    play = replace(seoul.scales["play"], bound="or more")
    units = [*record.units]
    units[2] = replace(units[2], figures=replace(seoul, scales={**seoul.scales, "play": play}))
    found = mapped(publication=thaw(*dump(replace(record, units=units))))
    assert row(found, "SEOUL").cells[1].shown.endswith("or more")


def test_changes_are_those_that_were_published() -> None:
    """A change of the index with its verdict; motives that were not looked into have a reason and no number."""
    found = mapped("changes")
    assert found.company is None
    index, *motives = row(found, "SALES").cells
    assert index.shown == "+6.3"
    assert index.says == "No change can be told"
    assert {cell.figure for cell in motives} == {None}
    assert all(cell.says.startswith("Not tested") for cell in motives)
    assert row(found, "CARE").cells[0].says == "Its change: Changes are shown from 10 answers in both waves."


def test_a_wave_has_the_views_that_it_can_fill() -> None:
    """Changes need a wave before; what an address names otherwise is no view."""
    assert views(company.publication(), "en") == ("motives", "behaviour", "changes")
    assert views(company.publication(first_wave=True), "en") == ("motives", "behaviour")
    assert (view_of(None), view_of("behaviour"), view_of("ranks")) == ("motives", "behaviour", None)
    behaviour = [column.code for column in mapped("behaviour").columns]
    assert behaviour[:3] == ["index", "tactical", "adaptive"]
    assert len(behaviour) == 8


def test_the_sentence_counts_verdicts_and_ranks_nobody() -> None:
    """Every pattern, in both languages."""
    assert mapped().sentence == (
        "Of 4 units shown, total motivation is higher than in the rest of the company in 1 and lower in 1. For the "
        "others no difference can be told."
    )
    assert mapped("changes").sentence == (
        "Whether total motivation changed since 2026-Q2 was tested for 1 of the units shown: no change can be told."
    )
    for view in ("motives", "behaviour", "changes"):
        for language in ("en", "ko"):
            found = mapped(view, language=language)
            for text in (found.sentence, *found.notes, *(key.says for key in found.legend)):
                assert "%(" not in text
                assert "순위를" not in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("changes", [False, True])
def test_the_sentence_names_no_direction_that_nobody_took(language: str, changes: bool) -> None:  # noqa: FBT001 - two views
    """Nothing is said of 0 units, and nothing of others where there are none."""
    others = (NO_CHANGE if changes else NO_DIFFERENCE).to(language)
    up, down = ("높", "낮") if language == "ko" else (("rose", "fell") if changes else ("higher", "lower"))
    for higher, lower, rest in product(range(3), repeat=3):
        kinds: tuple[Verdict, ...] = ("higher", "lower", "no detectable difference")
        verdicts = [kind for kind, many in zip(kinds, (higher, lower, rest), strict=True) for _ in range(many)]
        said = counted(verdicts, "2026-Q2", language, changes=changes)
        assert " 0" not in said
        assert (up in said, down in said) == (higher > 0, lower > 0)
        assert (others in said) == (rest > 0 and higher + lower > 0)


def test_a_workbook_wears_the_shades_and_arrows_of_the_page() -> None:
    """Every cell that is shaded on the page has a colour in the file, pale ones a paler one; the company has none."""
    found = mapped()
    book = openpyxl.load_workbook(io.BytesIO(HeatFile(found, (), "Hanbit", "2026-09-14", "xlsx").make()))
    lines = list(book.worksheets[0].iter_rows(min_row=5, max_row=5 + len(found.rows)))
    shades = [EVEN for _ in found.columns], *([cell.shade for cell in line.cells] for line in found.rows if line.cells)
    told = [line for line in lines if isinstance(line[1].value, int | float)]
    assert len(told) == len(shades)
    for line, each in zip(told, shades, strict=True):
        for cell, shade_of in zip(line[1:], each, strict=False):
            assert (cell.fill.fgColor.rgb != "00000000") == (shade_of.step != 0)
            assert ("▲" in cell.number_format, "▼" in cell.number_format) == (
                shade_of.step != 0 and shade_of.higher > 0,
                shade_of.step != 0 and shade_of.higher < 0,
            )
    assert len({cell.fill.fgColor.rgb for line in told for cell in line}) > 3
