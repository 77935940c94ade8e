"""What was published, what is hidden, and why: HR's page of a publication, and the button that makes it."""

from typing import Final, Literal

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from msgspec import json
from werkzeug.wrappers import Response as Answer

from reports import handout
from reports.pool import frozen
from reports.store import store_of
from reports.wanted import MANY, Results
from survey.forms.publications import ThresholdForm
from survey.i18n import Sentence
from survey.privacy.thaw import Publication
from survey.services.publication import publication as service
from survey.services.publication import second_try
from survey.spreadsheets import XLSX_TYPE
from survey.web.access import for_hr, for_readers, me, units_visible_to
from survey.web.acts import act
from survey.web.clock import now
from survey.web.database import db, done
from survey.web.frame import company
from survey.web.language import language, say
from survey.web.people.pages import Pages
from survey.web.publications.exports import note
from survey.web.results import publication_or_404, publications, read
from survey.web.site import settings
from survey.web.units import lines

KINDS: Final = {"xlsx": XLSX_TYPE, "csv": "text/csv"}
ON_A_PAGE: Final = 100
"""Hidden units that stand on a page."""
bp = Blueprint("publications", __name__, url_prefix="/publications")


@bp.get("/<code>")
@for_hr
def show(code: str) -> str:
    """Show the audit's verdict in words, and the hidden units with their reasons, page by page."""
    publication = publication_or_404(code)
    hidden = tuple(unit for unit in publication.units if unit.hidden is not None)
    pages = Pages.asked(request.args.get("page", ""), len(hidden), ON_A_PAGE)
    listed = hidden[pages.first : pages.last]
    read([publication], [unit.code for unit in listed])
    return render_template(
        "publications/show.html",
        publication=publication,
        verdict=service.verdict(service.audit(db(), code)),
        shown=len(publication.units) - len(hidden),
        hidden=lines.below(listed, publication, language()),
        pages=pages,
        address=lambda page: url_for("publications.show", code=code, page=page, _anchor="hidden"),
        small_print=lines.small_print(publication, language()),
    )


@bp.get("/<code>/results.json")
@for_hr
def numbers(code: str) -> Response:
    """Hand out everything the publication releases, and what it suppresses with the reason."""
    found = publication_or_404(code)
    note("results handed out", wave=code, format="json")
    data = json.format(json.encode(service.results(found)), indent=2)
    response = Response(data, mimetype="application/json")
    response.headers["Content-Disposition"] = _named(found, "json")
    return response


@bp.get("/<code>/results.xlsx")
@for_readers
def as_workbook(code: str) -> Response:
    """Hand out what was published as one workbook: all of it, or a leader's part."""
    return _file(code, "xlsx")


@bp.get("/<code>/results.csv")
@for_readers
def as_table(code: str) -> Response:
    """Hand out every published number as a row."""
    return _file(code, "csv")


def _file(code: str, ending: Literal["xlsx", "csv"]) -> Response:
    found = publication_or_404(code)
    seen = frozenset(unit.code for unit in units_visible_to(me(), found))
    if not seen:
        abort(404)
    some = None if len(seen) == len(found.codes) else seen  # a leader's part, and not whole waves of a company
    wanted = Results(frozen(found, publications(), some), ending, language(), seen)
    note("results handed out", wave=code, format=ending)
    large = len(seen) > MANY
    content = handout.kept(wanted, store_of(settings()), wanted.place()) if large else handout.made(wanted)
    response = Response(content, mimetype=KINDS[ending])
    response.headers["Content-Disposition"] = _named(found, ending)
    return response


def _named(found: Publication, ending: str) -> str:
    """Return under which name a file is kept: one of made-up answers says so."""
    house = company()
    demo = "-demo" if house is not None and house.demo else ""
    return f'attachment; filename="results-{found.wave.code}{demo}.{ending}"'


@bp.post("/<code>")
@for_hr
def publish(code: str) -> Answer:
    """Count, protect, audit and freeze; or say what the audit found."""
    form = ThresholdForm(request.form)
    if not form.validate():
        flash(say(form.k.errors[0]), "problem")
        return redirect(url_for("waves.show", code=code), 303)

    def action() -> Sentence:
        service.publish(db(), code, now(), me().id, form.k.data)
        done()
        return Sentence(
            "Wave %(wave)s is published. The independent check found no group that could be worked out.",
            {"wave": code},
        )

    return act(action, url_for("publications.show", code=code), url_for("waves.show", code=code))


@bp.app_template_global()
def audit_failed(code: str) -> bool:
    """Tell the page of a wave whether its audit has failed before."""
    return second_try.failed(db(), code)
