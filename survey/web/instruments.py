"""Instruments: those that ship with the product and the company's own, brought in as files and looked at before."""

import re
from typing import Final

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from survey.forms.instruments import InstrumentFileForm
from survey.i18n import Refused, Sentence
from survey.i18n import day as day_of
from survey.instruments.model import Instrument
from survey.instruments.uploads import LARGEST
from survey.instruments.versions import Difference, between
from survey.services.company import company
from survey.services.instruments import instruments as service
from survey.services.instruments import registry
from survey.services.waves import waves
from survey.web.access import for_hr, me
from survey.web.acts import act
from survey.web.clock import now
from survey.web.database import db, done, roll_back
from survey.web.language import language, say, use_language
from survey.web.responses.asked import as_asked
from survey.web.waves.wave_page import wave_or_404

bp = Blueprint("instruments", __name__, url_prefix="/instruments")
PASTED: Final = "instrument.toml"
KINDS: Final[dict[str, Sentence]] = {
    "motive": Sentence("motive"),
    "outcome": Sentence("outcome"),
    "facet": Sentence("facet"),
    "behaviour": Sentence("performance"),
    "practice": Sentence("practice"),
}


@bp.get("/")
@for_hr
def index() -> str:
    """List the versions, and take a file."""
    return _index()


@bp.post("/look")
@for_hr
def look() -> str | tuple[str, int]:
    """Read a file and show what it would ask; nothing is kept yet."""
    form = InstrumentFileForm(request.files)
    if not form.validate():
        return _index(form), 422
    data = form.file.data.read(LARGEST + 1)
    try:
        found = service.look(db(), data, form.file.data.filename)
    except Refused as refused:
        return _index(form, refused.sentence), 422
    return _shown(found, text=data.decode("utf-8-sig"))


@bp.post("/")
@for_hr
def add() -> Answer | tuple[str, int]:
    """Keep what was looked at; it is checked again, since a form may be changed on its way."""
    try:
        found = service.add(db(), request.form.get("text", "").encode(), PASTED, now(), me().id)
        done()
    except Refused as refused:
        roll_back()
        return _index(problem=refused.sentence), 422
    told = Sentence("Version %(version)s is kept. A wave that you plan can choose it.", {"version": found.version})
    flash(say(told), "done")
    return redirect(url_for("instruments.show", instrument=found.id, version=found.version), 303)


@bp.get("/<instrument>/<version>")
@for_hr
def show(instrument: str, version: str) -> str:
    """Show one version: what it asks, its scales and weights, and how it compares with what was asked last."""
    found = _or_404(instrument, version)
    return _shown(found.instrument, found)


@bp.get("/<instrument>/<version>/file")
@for_hr
def file(instrument: str, version: str) -> Response:
    """Hand out a version's file, as a starting point for another one."""
    found = _or_404(instrument, version).instrument
    text = service.text_of(db(), found.id, found.version)
    name = f"{found.id}-{re.sub('[^A-Za-z0-9]', '-', found.version)}.toml"
    answer = make_response(text, 200, {"Content-Type": "application/toml; charset=utf-8"})
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


@bp.post("/<instrument>/<version>/delete")
@for_hr
def delete(instrument: str, version: str) -> Answer:
    """Delete a version that no wave uses."""

    def action() -> Sentence:
        service.remove(db(), instrument, version, now(), me().id)
        done()
        return Sentence("Version %(version)s is deleted.", {"version": version})

    _or_404(instrument, version)
    return act(action, url_for("instruments.index"))


@bp.post("/asked")
@for_hr
def asked() -> Response | tuple[str, int]:
    """Show a version, a file not kept yet, or a planned wave as respondents see it, in either language."""
    use_language(request.form.get("speak", ""))
    if code := request.form.get("wave"):
        wave = wave_or_404(code)
        return as_asked(waves.instrument_of(db(), wave), registry.practices_of(wave))
    try:
        found = _sent()
    except Refused as refused:
        return _index(problem=refused.sentence), 422
    worded = found.worded_for(company(db()).unit_word if found.units else "")
    return as_asked(worded, [item.id for item in worded.practices])


def _sent() -> Instrument:
    if text := request.form.get("text"):
        return service.look(db(), text.encode(), PASTED)
    return _or_404(request.form.get("instrument", ""), request.form.get("version", "")).instrument


def _or_404(instrument: str, version: str) -> service.Version:
    try:
        return service.version(db(), instrument, version)
    except Refused:
        abort(404)


def _index(form: InstrumentFileForm | None = None, problem: Sentence | None = None) -> str:
    return render_template(
        "instruments/index.html",
        versions=service.versions(db()),
        form=form or InstrumentFileForm(),
        problem=problem,
        day_said=lambda day: day_of(day, language()),
    )


def _shown(found: Instrument, kept: service.Version | None = None, text: str = "") -> str:
    last = service.last_used(db(), found.id)
    return render_template(
        "instruments/show.html",
        found=found.worded_for(company(db()).unit_word if found.units else ""),
        kept=kept,
        text=text,
        last=last,
        difference=_difference(last, found),
        kinds=KINDS,
    )


def _difference(last: Instrument | None, found: Instrument) -> Difference | None:
    return None if last is None else between(last.worded_for(), found.worded_for())
