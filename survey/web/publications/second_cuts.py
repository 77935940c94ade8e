"""Second cuts of a published wave: HR groups its units in another way, and sees what may be told of the groups."""

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from msgspec import json
from werkzeug.wrappers import Response as Answer

from reports.second_cuts import cut_csv
from survey.charts import interval, told
from survey.forms.fields import with_file
from survey.forms.second_cuts import CutForm
from survey.i18n import Refused, Sentence
from survey.privacy.cut_thaw import Cut, PublishedGroup
from survey.privacy.released import Suppressed
from survey.services.publication import publication as publications
from survey.services.publication import second_cuts as service
from survey.services.publication.cut_file import CutErrors
from survey.web.access import for_hr, me
from survey.web.clock import now
from survey.web.database import db, done, roll_back
from survey.web.language import language, say
from survey.web.results import publication_or_404

LISTED: Final = 20
"""Units named of those in no group."""

bp = Blueprint("second_cuts", __name__, url_prefix="/publications")


@dataclass(frozen=True)
class Line:
    """A group: its numbers, or the reason why there are none."""

    group: PublishedGroup
    n: str
    index: str
    interval: str
    hidden: Sentence | None


@bp.get("/<code>/second-cuts")
@for_hr
def show(code: str) -> str:
    """Show every second cut of a wave, and the form that makes another."""
    return _page(code, CutForm())


@bp.post("/<code>/second-cuts")
@for_hr
def make(code: str) -> Answer | tuple[str, int]:
    """Make a second cut from a file, whole or not at all."""
    publication_or_404(code)
    form = CutForm(with_file(request.form, request.files))
    if not form.validate():
        return _page(code, form), 422
    grouping = service.Grouping((form.code.data or "").strip(), form.file.data.read(), form.file.data.filename)
    try:
        cut = service.make(db(), code, grouping, now(), me().id)
        done()
    except CutErrors as errors:
        roll_back()
        return _page(code, form, errors=errors), 422
    except Refused as refused:
        roll_back()
        return _page(code, form, problem=refused.sentence), 422
    shown = sum(not isinstance(group.figures, Suppressed) for group in cut.groups)
    text = Sentence("The second cut %(cut)s is made: %(shown)s of %(all)s groups are shown.")
    flash(say(text.fill(cut=cut.code, shown=shown, all=len(cut.groups))), "done")
    return redirect(url_for("second_cuts.show", code=code), 303)


@bp.get("/<code>/second-cuts/<cut>.json")
@for_hr
def numbers(code: str, cut: str) -> Response:
    """Hand out everything that a second cut releases, and what it suppresses with the reason."""
    data = json.format(json.encode(service.results(_cut_or_404(code, cut))), indent=2)
    return _file(data, "application/json", f"{code}-{cut}.json")


@bp.get("/<code>/second-cuts/<cut>.csv")
@for_hr
def table(code: str, cut: str) -> Response:
    """Hand out the same as a table."""
    columns = publication_or_404(code).columns
    return _file(cut_csv(_cut_or_404(code, cut), columns, language()), "text/csv", f"{code}-{cut}.csv")


def _cut_or_404(code: str, name: str) -> Cut:
    publication_or_404(code)
    found = {cut.code: cut for cut in service.cuts(db(), code)}
    if name not in found:
        abort(404)
    return found[name]


def _file(data: bytes, kind: str, name: str) -> Response:
    response = Response(data, mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _page(code: str, form: CutForm, errors: CutErrors | None = None, problem: Sentence | None = None) -> str:
    publication = publication_or_404(code)
    cuts = service.cuts(db(), code)
    return render_template(
        "second_cuts/show.html",
        publication=publication,
        verdict=publications.verdict(publications.audit(db(), code)),
        cuts=[
            (
                cut,
                tuple(_line(group, cut.k) for group in cut.groups),
                [publication.unit(unit).name(language()) for unit in cut.left_out[:LISTED]],
            )
            for cut in cuts
        ],
        answers_kept=service.can_be_made(db(), code),
        form=form,
        errors=errors,
        problem=problem,
    )


def _line(group: PublishedGroup, k: int) -> Line:
    if isinstance(group.figures, Suppressed):
        return Line(group, "", "", "", service.why_hidden(group.figures.reason, k))
    figures = group.figures.value
    return Line(group, f"{figures.n:,}", told(figures.index, language()), interval(figures.index, language()), None)
