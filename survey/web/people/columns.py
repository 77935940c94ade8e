"""Which column of a file is which of ours: somebody chooses, and the company remembers it."""

from typing import Final

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.forms.people import COLUMNS
from survey.forms.roster_columns import ColumnsForm
from survey.i18n import Sentence
from survey.services.roster import staging
from survey.services.roster.columns import REQUIRED, proposals, samples
from survey.services.roster.previews import remembered
from survey.services.roster.staging import Staged
from survey.web.access import for_hr, me
from survey.web.database import db
from survey.web.language import say
from survey.web.people.blueprint import bp
from survey.web.people.waiting import waiting
from survey.web.site import settings

LONGEST: Final = 24
"""Characters of a sample cell."""


@bp.get("/import/<name>/columns")
@for_hr
def columns(name: str) -> str:
    """Show a choice for each column, with what we would propose."""
    staged = waiting(name)
    match = staged.match(remembered(db()))
    choices = staged.choices or proposals(staged.rows[0], staged.rows[1:], match)
    return _page(name, staged, ColumnsForm(dict(choices)), match.problem)


@bp.post("/import/<name>/columns")
@for_hr
def choose_columns(name: str) -> Response | tuple[str, int]:
    """Keep the choice beside the file, and show the preview that it gives."""
    staged = waiting(name)
    form = ColumnsForm.sent(request.form, len(staged.rows[0]))
    if not form.validate(REQUIRED):
        return _page(name, staged, form), 422
    chosen = Staged(staged.filename, staged.day, staged.rows, staged.computed, form.choices)
    staging.replace(settings().home, me().id, name, chosen)
    return redirect(url_for("people.look", name=name), 303)


def _page(name: str, staged: Staged, form: ColumnsForm, problem: Sentence | None = None) -> str:
    return render_template(
        "people/columns.html",
        name=name,
        staged=staged,
        form=form,
        columns=COLUMNS,
        required=REQUIRED,
        options=[(str(place), _option(staged, place)) for place in range(len(staged.rows[0]))],
        problem=problem,
    )


def _option(staged: Staged, place: int) -> str:
    """Name a column of the file by its heading and the first cells below it."""
    heading = staged.rows[0][place] or say(Sentence("Column %(place)s", {"place": place + 1}))
    cells = ", ".join(_short(cell) for cell in samples(staged.rows[1:], place))
    return f"{_short(heading)} ({cells})" if cells else _short(heading)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
