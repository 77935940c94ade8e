"""Reports as PDF: one, or all of a wave in one language or both as a ZIP, with a progress bar."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from threading import BoundedSemaphore
from typing import Final

from flask import Blueprint, Response, abort, current_app, jsonify, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as Answer

from reports import archive
from reports.pool import Job
from survey.i18n import LANGUAGES, Refused, Sentence
from survey.privacy.thaw import Publication
from survey.runs.report_files import Made, ReportFiles
from survey.runs.reports import BOTH, CHOICES, key
from survey.runs.runner import minutes_left
from survey.services import audit_log
from survey.services.runs import Run
from survey.web.access import for_hr, for_readers, me, unit_visible_to
from survey.web.acts import act
from survey.web.clock import now
from survey.web.database import db
from survey.web.finding import find_units
from survey.web.language import language, say
from survey.web.people.pages import Pages
from survey.web.publications.exports import note
from survey.web.results import publication_or_404, publications
from survey.web.site import begin, run, settings

AT_ONCE: Final = 2
"""ZIPs that a process hands out at a time: each holds a thread for as long as its reader takes, and others answer."""
ON_A_PAGE: Final = 100
"""Units that stand on a page; of more than these one can be found by name."""
bp = Blueprint("reports", __name__, url_prefix="/reports")


@dataclass(frozen=True)
class Choice:
    """Reports that are made at once: how many are ready, and whether they are being made."""

    name: str
    made: Made
    run: Run


@bp.get("/<wave>/")
@for_hr
def show(wave: str) -> str:
    """Show how many reports are ready, the buttons that make the rest, the ZIPs, and units one by one."""
    publication = publication_or_404(wave)
    units = publication.units
    pages = Pages.asked(request.args.get("page", ""), len(units), ON_A_PAGE)
    choices = [_choice(name, publication) for name in CHOICES]
    return render_template(
        "reports/show.html",
        publication=publication,
        units=units[pages.first : pages.last],
        pages=pages,
        address=lambda page: url_for("reports.show", wave=wave, page=page, _anchor="single"),
        search=find_units(request.args.get("find", ""), units, language()) if len(units) > ON_A_PAGE else None,
        choices=choices,
        running=next((choice for choice in choices if choice.run.running), None),
        problems=[told[1] for choice in choices if (told := choice.run.outcome) and told[0] == "problem"],
    )


@bp.post("/<wave>/")
@for_hr
def make(wave: str) -> Answer:
    """Start the run that prints what is missing."""
    chosen = _chosen(request.form)
    files = _files(publication_or_404(wave), chosen)

    def action() -> Sentence:
        if any(run(key(wave, name)).running for name in CHOICES):
            raise Refused("Reports of this wave are being made already. Wait until they are ready.")
        audit_log.write(db(), now(), me().id, "reports made", wave=wave, language=chosen)
        begin(key(wave, chosen), me().id, files.made().done)
        return Sentence("The reports are being made. You may leave this page and come back.")

    return act(action, url_for("reports.show", wave=wave))


@bp.get("/<wave>/progress")
@for_hr
def progress(wave: str) -> Response:
    """Tell how many reports are ready and how long the rest will take, for the page's script."""
    chosen = _chosen(request.args)
    found = _choice(chosen, publication_or_404(wave))
    told = {"done": found.made.done, "total": found.made.total, "running": found.run.running}
    return jsonify(**told, text=say(report_progress(found)))


@bp.get("/<wave>/all.zip")
@for_hr
def everything(wave: str) -> Response:
    """Hand out all reports in one language, or in both, as one file."""
    chosen = _chosen(request.args)
    files = _files(publication_or_404(wave), chosen)
    if not files.made().all_there:
        abort(404)
    turns = _turns()
    if not turns.acquire(blocking=False):
        raise Refused("Others are taking all reports at this moment. Try again in some minutes.")
    response = Response(files.zip(), mimetype="application/zip")
    response.call_on_close(turns.release)
    try:
        note("reports handed out", wave=wave, language=chosen)
    except BaseException:
        response.close()
        raise
    name = f"reports-{wave}.zip" if chosen == BOTH else f"reports-{wave}-{chosen}.zip"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@bp.get("/<wave>/<code>.pdf")
@for_readers
def one(wave: str, code: str) -> Response:
    """Hand out the report of one unit, if the account may see it."""
    publication = publication_or_404(wave)
    unit = unit_visible_to(me(), publication, code)
    asked = request.args.get("language", "")
    chosen = asked if asked in LANGUAGES else language()
    note("report handed out", wave=wave, unit=code)
    pdf = ReportFiles(settings(), publication).make_one(Job(code, chosen), publications())
    place = publication.units.index(unit) + 1
    name = archive.file_name(place, unit.name(chosen), wave)
    return send_file(BytesIO(pdf), "application/pdf", as_attachment=True, download_name=name)


@bp.app_template_global()
def report_progress(choice: Choice) -> Sentence:
    """Say how many reports are ready, and how long the rest will take."""
    made = choice.made
    left = minutes_left(choice.run, made.done, made.total)
    facts: dict[str, object] = {"done": f"{made.done:,}", "total": f"{made.total:,}", "minutes": left}
    if left is None:
        return Sentence("%(done)s of %(total)s reports are ready.", facts)
    if left <= 1:
        return Sentence("%(done)s of %(total)s reports are ready; less than a minute is left.", facts)
    return Sentence("%(done)s of %(total)s reports are ready; about %(minutes)s minutes are left.", facts)


def _chosen(values: Mapping[str, str]) -> str:
    asked = values.get("language", BOTH)
    if asked not in CHOICES:
        abort(404)
    return asked


def _turns() -> BoundedSemaphore:
    # setdefault is one step: two threads get the same one.
    found: BoundedSemaphore = current_app.extensions.setdefault("survey.zips", BoundedSemaphore(AT_ONCE))
    return found


def _files(publication: Publication, chosen: str) -> ReportFiles:
    return ReportFiles(settings(), publication, CHOICES[chosen])


def _choice(name: str, publication: Publication) -> Choice:
    return Choice(name, _files(publication, name).made(), run(key(publication.wave.code, name)))
