"""Reports as PDF: one, or all of a wave as a ZIP with a progress bar."""

from flask import Blueprint, Response, abort, jsonify, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as Answer

from reports import archive
from reports.pool import Job
from survey.database import writing
from survey.i18n import LANGUAGES, Sentence
from survey.services import audit_log
from survey.web.access import for_hr, for_readers, me, unit_visible_to
from survey.web.acts import act
from survey.web.clock import now
from survey.web.database import database, db, done
from survey.web.language import language, say
from survey.web.report_files import Made, ReportFiles
from survey.web.results import publication_or_404, publications
from survey.web.site import runs, settings

bp = Blueprint("reports", __name__, url_prefix="/reports")


@bp.get("/<wave>/")
@for_hr
def show(wave: str) -> str:
    """Show how many reports are ready, the button that makes the rest, and the ZIP."""
    publication = publication_or_404(wave)
    return render_template(
        "reports/show.html",
        publication=publication,
        made=ReportFiles(settings(), publication).made(),
        running=runs().running(_key(wave)),
        outcome=runs().outcome(_key(wave)),
    )


@bp.post("/<wave>/")
@for_hr
def make(wave: str) -> Answer:
    """Start the run that prints what is missing."""
    files, known = ReportFiles(settings(), publication_or_404(wave)), publications()

    def action() -> Sentence:
        audit_log.write(db(), now(), me().id, "reports made", wave=wave)
        done()
        runs().start(_key(wave), lambda: files.make_all(known))
        return Sentence("The reports are being made. You may leave this page and come back.")

    return act(action, url_for("reports.show", wave=wave))


@bp.get("/<wave>/progress")
@for_hr
def progress(wave: str) -> Response:
    """Tell how many reports are ready, for the page's script."""
    made = ReportFiles(settings(), publication_or_404(wave)).made()
    return jsonify(done=made.done, total=made.total, running=runs().running(_key(wave)), text=say(told(made)))


@bp.get("/<wave>/all.zip")
@for_hr
def everything(wave: str) -> Response:
    """Hand out all reports in one file."""
    files = ReportFiles(settings(), publication_or_404(wave))
    if not files.zip.exists():
        abort(404)
    _log("reports handed out", wave=wave)
    return send_file(files.zip, as_attachment=True, download_name=f"reports-{wave}.zip")


@bp.get("/<wave>/<code>.pdf")
@for_readers
def one(wave: str, code: str) -> Response:
    """Hand out the report of one unit, if the account may see it."""
    publication = publication_or_404(wave)
    unit = unit_visible_to(me(), publication, code)
    asked = request.args.get("language", "")
    chosen = asked if asked in LANGUAGES else language()
    _log("report handed out", wave=wave, unit=code)
    file = ReportFiles(settings(), publication).make_one(Job(code, chosen), publications())
    place = publication.units.index(unit) + 1
    name = archive.file_name(place, unit.name(chosen), wave)
    return send_file(file, as_attachment=True, download_name=name)


def told(made: Made) -> Sentence:
    """Say how many are ready."""
    return Sentence("%(done)s of %(total)s reports are ready.", {"done": made.done, "total": made.total})


def _key(wave: str) -> tuple[str, str]:
    return ("reports", wave)


def _log(what: str, **facts: str) -> None:
    # A page's own session only reads: the log gets a transaction of its own. The page's must be over first: on SQLite
    # a reader holds up those who write, and printing takes seconds.
    by = me().id
    done()
    with writing(database()) as session:
        audit_log.write(session, now(), by, what, **facts)
