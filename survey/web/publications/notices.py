"""What is said about a publication afterwards: HR's page for an erratum or a withdrawal, and what readers see of it."""

import datetime as dt

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.forms.notices import NoticeForm
from survey.i18n import Refused, Sentence, day
from survey.privacy.thaw import Publication
from survey.runs.report_files import forget_withdrawn
from survey.services.publication import notices as service
from survey.services.publication.notices import Kind, Notice, Withdrawn
from survey.web.access import for_hr, me
from survey.web.clock import now
from survey.web.database import db, done
from survey.web.language import language, say
from survey.web.site import settings
from survey.web.waves.wave_page import wave_or_404

bp = Blueprint("notices", __name__, url_prefix="/publications")


@bp.get("/<code>/notices")
@for_hr
def show(code: str) -> str:
    """Show what was said about a publication, and the form to say more."""
    return _page(code, NoticeForm(data={"kind": "erratum"}))


@bp.post("/<code>/notices/preview")
@for_hr
def preview(code: str) -> str | tuple[str, int]:
    """Show a notice as it will stand in both languages; nothing is written yet."""
    return _looked_at(code, NoticeForm(request.form))


@bp.post("/<code>/notices")
@for_hr
def publish(code: str) -> Response | str | tuple[str, int]:
    """Say it; from now on it stands wherever the numbers stand, or stood."""
    form = NoticeForm(request.form)
    if not form.validate():
        return _page(code, form), 422
    if _kind(form) == "withdrawal" and request.form.get("sure") != "yes":
        return _looked_at(code, form, Sentence("Tick the box if you want to withdraw the results."))
    notice = service.say(db(), code, _kind(form), _texts(form), now(), me().id)
    done()
    flash(say(SAID[notice.kind]), "done")
    try:
        forget_withdrawn(db(), settings())
    except Refused as refused:
        flash(say(LATER.fill(why=refused.sentence)), "problem")
    return redirect(url_for("notices.show", code=code), 303)


LATER = Sentence(
    "What was printed lies in the store of reports still; it goes by itself once the store can be used. %(why)s"
)
SAID = {
    "erratum": Sentence("The erratum stands on every page of this wave, and on every report made from now on."),
    "withdrawal": Sentence("The results are withdrawn. No page, no report and no file shows them any more."),
}


def withdrawn(code: str) -> Notice | None:
    """Return that a wave's results were withdrawn, and why; None where they were not."""
    return next((notice for notice in service.withdrawals(db()) if notice.wave == code), None)


def withdrawn_after(publication: Publication | None) -> tuple[Notice, ...]:
    """Return the withdrawals of waves later than the one shown; all, where none is."""
    return service.withdrawals(db(), publication.wave.code if publication else None)


def day_said(said_on: dt.date | str) -> str:
    """Return the day of a notice as the reader writes it."""
    return day(dt.date.fromisoformat(said_on) if isinstance(said_on, str) else said_on, language())


def not_shown_any_more(error: Withdrawn) -> tuple[str, int]:
    """Answer whoever asks for withdrawn results: since when, and why; 410, gone."""
    return render_template("notices/gone.html", notice=error.notice), 410


def _looked_at(code: str, form: NoticeForm, problem: Sentence | None = None) -> str | tuple[str, int]:
    if not form.validate():
        return _page(code, form), 422
    try:
        notice = service.check(db(), code, _kind(form), _texts(form), now().date())
    except Refused as refused:
        return _page(code, form, problem=refused.sentence), 422
    page = _page(code, form, notice, problem)
    return (page, 422) if problem else page


def _kind(form: NoticeForm) -> Kind:
    return "withdrawal" if form.kind.data == "withdrawal" else "erratum"


def _texts(form: NoticeForm) -> dict[str, str]:
    return {"ko": form.ko.data or "", "en": form.en.data or ""}


def _page(code: str, form: NoticeForm, asked: Notice | None = None, problem: Sentence | None = None) -> str:
    if wave_or_404(code).state != "published":
        abort(404)
    return render_template(
        "notices/show.html",
        wave=code,
        said=service.notices(db(), code),
        gone=withdrawn(code),
        form=form,
        asked=asked,
        problem=problem,
    )


bp.add_app_template_global(withdrawn, "withdrawn")
bp.add_app_template_global(withdrawn_after, "withdrawn_after")
bp.add_app_template_global(day_said, "day_said")
bp.app_errorhandler(Withdrawn)(not_shown_any_more)
