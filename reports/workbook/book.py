"""The workbook of a wave, and the same numbers as CSV, for one reader in one language."""

from collections.abc import Iterator

from reports.numbers import HEADER, numbers
from reports.workbook import details, xlsx
from reports.workbook.company import about, company
from reports.workbook.sheets import Sheet
from reports.workbook.units import units
from reports.workbook.view import View
from survey.i18n import Sentence
from survey.spreadsheets import as_csv


def sheets(view: View) -> list[Sheet]:
    """Return all sheets that have rows, the one that explains the others first."""
    made = [
        units(view),
        details.changes(view),
        details.waves(view),
        details.answers(view),
        details.practices(view),
        details.everything(view),
        company(view),
    ]
    filled = [sheet for sheet in made if sheet.rows]
    return [about(view, filled), *filled]


def workbook(view: View) -> bytes:
    """Return the XLSX."""
    title = view.say(Sentence("%(company)s: results of wave %(wave)s", view.facts))
    return xlsx.write(sheets(view), title, str(view.facts["company"]), view.publication.wave.closed_on[:10])


def table(view: View) -> bytes:
    """Return every number as a row of a CSV with a byte order mark, safe to open in a spreadsheet."""
    return as_csv(_lines(view))


def _lines(view: View) -> Iterator[tuple[object, ...]]:
    yield ("wave", "name", "parent", *HEADER)
    for unit in view.units:
        about_unit = (view.publication.wave.code, unit.name(view.language), unit.parent or "")
        for number in numbers(unit, view.publication):
            if view.whole(unit) or number.measure in details.BESIDE:
                yield (*about_unit, *number.cells())
