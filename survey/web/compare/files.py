"""A comparison as a file, from the address of its page: the same units, measure and waves, and the same right."""

import datetime as dt
from collections.abc import Sequence
from functools import partial
from io import BytesIO
from typing import Final
from urllib.parse import urlencode

from flask import Response, abort, send_file, url_for

from reports import handout
from reports.comparison.building import comparison
from reports.comparison.contents import Comparison
from reports.comparison.files.handed import TYPES, Handed, Kind, Said
from survey.i18n import Sentence, day
from survey.privacy.thaw import Publication
from survey.services.publication import notices
from survey.web.access import for_readers, me, sees, units_visible_to
from survey.web.compare.address import MOST, asked, of, pairs
from survey.web.compare.blueprint import bp
from survey.web.compare.chooser import first
from survey.web.database import db
from survey.web.language import language, say
from survey.web.publications.exports import note
from survey.web.results import publications, read_over

ENDPOINTS: Final = {
    "csv": "compare.as_table",
    "xlsx": "compare.as_workbook",
    "pptx": "compare.as_slides",
    "pdf": "compare.as_pdf",
}


@bp.get("/comparison.csv")
@for_readers
def as_table() -> Response:
    """Hand out the comparison as a table."""
    return _file("csv")


@bp.get("/comparison.xlsx")
@for_readers
def as_workbook() -> Response:
    """Hand out the comparison as a workbook with charts."""
    return _file("xlsx")


@bp.get("/comparison.pptx")
@for_readers
def as_slides() -> Response:
    """Hand out the comparison as slides whose charts can be edited."""
    return _file("pptx")


@bp.get("/comparison.pdf")
@for_readers
def as_pdf() -> Response:
    """Hand out the comparison as it is printed."""
    return _file("pdf")


@bp.app_template_global()
def comparison_file(ending: str, found: Comparison, waves: Sequence[Publication]) -> str:
    """Return the address of a file of this comparison: the page's own, with the units that it shows."""
    query = urlencode(pairs(found.choice, waves))
    return f"{url_for(ENDPOINTS[ending])}?{query}"


def _file(kind: Kind) -> Response:
    waves = publications()
    if not waves:
        abort(404)
    found = _compared(waves)
    wanted = Handed(found, afterwards(waves[-len(found.waves) :]), waves[-1].wave.closed_on[:10], kind)
    note("comparison handed out", wave=waves[-1].wave.code, units=" ".join(found.choice.units), format=kind)
    # A table is written at once; what the others need is heavy, and loaded in a child only.
    made = wanted.make() if kind == "csv" else handout.made(wanted)
    return send_file(BytesIO(made), TYPES[kind], as_attachment=True, download_name=wanted.name)


def _compared(waves: Sequence[Publication]) -> Comparison:
    """Return what the page of this address shows; 404 where it shows no comparison."""
    choice, newest = asked(waves), waves[-1]
    level = () if choice.units else first(units_visible_to(me(), newest))[:MOST]
    chosen = tuple(newest.unit(code) for code in choice.units) or level
    if not 0 < len(chosen) <= MOST:
        abort(404)
    read_over(waves, [unit.code for unit in chosen], back=choice.lens == "origin")
    return comparison(of(choice, chosen), waves, partial(sees, me()), language())


def afterwards(waves: Sequence[Publication]) -> tuple[Said, ...]:
    """Return what was said of the waves shown, and which waves were withdrawn: it travels with every file."""
    errata = [
        Said(wave.wave.code, _on(Sentence("Erratum of %(day)s"), erratum.said_on), erratum.text(language()))
        for wave in waves
        for erratum in wave.errata
    ]
    gone = Sentence("The results of wave %(wave)s were withdrawn on %(day)s.")
    withdrawn = [
        Said(each.wave, _on(gone.fill(wave=each.wave), each.said_on.isoformat()), each.text(language()))
        for each in notices.withdrawals(db())
    ]
    return (*withdrawn, *errata)


def _on(sentence: Sentence, said_on: str) -> str:
    return say(sentence.fill(day=day(dt.date.fromisoformat(said_on), language())))
