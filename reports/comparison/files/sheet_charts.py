"""The workbook's charts: one for each unit, all on one scale, drawn from a sheet of their own that can be edited."""

import re
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from reports.comparison.contents import Cell, Comparison, Line
from reports.comparison.files.parts import reach, runs
from reports.workbook.sheets import shown
from reports.workbook.xlsx import FONT, Formats, number_format
from survey.charts.scale import step_of
from survey.charts.sheet import ACCENT, COMPANY, INK, LINE, MUTED
from survey.i18n import Sentence

ACROSS: Final = 2
WIDTH: Final = 490
HEIGHT: Final = 218
FIRST: Final = 9
"""The column right of the table."""
ROOM: Final = 12
REFERENCE: Final = re.compile(r"!(?=\$?[A-Z]+\$?\d)")
WORD_JOINER: Final = "\u2060"
LONGEST: Final = 46
"""Characters of a name above a chart."""


def add(book: Workbook, page: Worksheet, numbers: Worksheet, compared: Comparison, formats: Formats) -> None:
    """Put a chart for each unit that shows anything beside the table, and the numbers behind them on a sheet."""
    numbers.set_column(0, 0, 12)
    numbers.freeze_panes(1, 1)
    numbers.set_landscape()
    numbers.set_paper(9)
    numbers.fit_to_pages(1, 0)
    for place, wave in enumerate(compared.waves, 1):
        numbers.write_string(place, 0, wave, formats.of())
    company = Series(numbers, compared, formats)
    company.fill(compared.company_name, compared.company, tuple(range(len(compared.waves))))
    drawn = [line for line in compared.lines if line.shown]
    for place, line in enumerate(drawn):
        chart = _chart(book, line, compared, company)
        across, down = place % ACROSS, place // ACROSS
        at = {"x_offset": across * (WIDTH + ROOM), "y_offset": down * (HEIGHT + ROOM)}
        says = Sentence("%(measure)s of %(unit)s over the waves; the numbers stand in the table.",
                        {"measure": compared.measure.name, "unit": line.name})  # fmt: skip
        page.insert_chart(0, FIRST, chart, {**at, "description": says.to(compared.language), "object_position": 3})


class Series:
    """Columns of the sheet of numbers, one for each part of a line that is drawn in one piece."""

    def __init__(self, numbers: Worksheet, compared: Comparison, formats: Formats) -> None:
        self._numbers, self._compared, self._formats = numbers, compared, formats
        self.columns = 0
        self.sheet = numbers.get_name()

    def fill(self, name: str, cells: tuple[Cell, ...], run: tuple[int, ...]) -> dict[str, Any]:
        """Write one column and return where it stands, as a series names it."""
        self.columns += 1
        column, last = self.columns, len(cells)
        self._numbers.write_string(0, column, name, self._formats.of(bold=True))
        for place in run:
            found = shown(cells[place].figure, self._compared.language)
            if found is not None:
                form = self._formats.of(num_format=number_format(found))
                self._numbers.write_number(place + 1, column, found.value, form)
        return {
            "name": [self.sheet, 0, column],
            "categories": [self.sheet, 1, 0, last, 0],
            "values": [self.sheet, 1, column, last, column],
        }


def _chart(book: Workbook, line: Line, compared: Comparison, series: Series) -> Any:  # noqa: ANN401 - xlsxwriter has no types
    chart, last = book.add_chart({"type": "line"}), len(compared.waves)
    chart.add_series(
        {
            "name": [series.sheet, 0, 1],
            "categories": [series.sheet, 1, 0, last, 0],
            "values": [series.sheet, 1, 1, last, 1],
            "line": {"color": COMPANY, "width": 1.25, "dash_type": "round_dot"},
            "marker": {"type": "none"},
        }
    )
    for run in runs(line.cells):
        chart.add_series({**series.fill(line.name, line.cells, run), **_look(line.cells, run)})
    _dress(chart, line.name, compared)
    return chart


def _look(cells: tuple[Cell, ...], run: tuple[int, ...]) -> dict[str, Any]:
    ends = [reach(cell) if place in run else (0.0, 0.0) for place, cell in enumerate(cells)]
    return {
        "line": {"color": ACCENT, "width": 2},
        "marker": {"type": "circle", "size": 7, "border": {"color": ACCENT}, "fill": {"color": ACCENT}},
        "y_error_bars": {
            "type": "custom",
            "plus_values": [up for _, up in ends],
            "minus_values": [down for down, _ in ends],
            "end_style": 0,
            "line": {"color": ACCENT, "width": 3.5, "transparency": 60},
        },
    }


def _dress(chart: Any, name: str, compared: Comparison) -> None:  # noqa: ANN401 - xlsxwriter has no types
    low, high = compared.axis
    small = {"name": FONT, "size": 9, "color": MUTED}
    short = name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
    chart.set_title(
        {
            "name": _no_reference(short),
            "name_font": {"name": FONT, "size": 11, "bold": True, "color": INK},
            "overlay": False,
        }
    )
    chart.set_legend({"none": True})
    form = "+0;−0;0" if compared.measure.kind == "index" else "0"
    chart.set_y_axis(
        {"min": low, "max": high, "major_unit": step_of(low, high), "num_format": form, "num_font": small,
         "line": {"none": True}, "major_gridlines": {"visible": True, "line": {"color": LINE, "width": 0.75}}}
    )  # fmt: skip
    chart.set_x_axis({"num_font": small, "label_position": "low", "line": {"color": MUTED, "width": 0.75}})
    chart.set_size({"width": WIDTH, "height": HEIGHT})
    chart.show_blanks_as("gap")
    chart.set_chartarea({"border": {"color": LINE}})


def _no_reference(title: str) -> str:
    """Return a title that is not taken for the address of a cell: "Sales!A1" would show what stands there.

    A mark that nobody sees parts what the library looks for.
    """
    return REFERENCE.sub(f"!{WORD_JOINER}", title)
