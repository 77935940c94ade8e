"""The keyholders: who can unseal waves, and how somebody becomes one."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.forms.keyholders import KeyholderForm
from survey.i18n import Refused, Sentence, day
from survey.services.sealing import keyholders, sealing
from survey.web.access import for_hr, me
from survey.web.acts import act
from survey.web.clock import now
from survey.web.database import db, done, roll_back
from survey.web.language import language, say

bp = Blueprint("keyholders", __name__, url_prefix="/keyholders")


@bp.get("/")
@for_hr
def show() -> str:
    """Show who keeps a key, and the form that registers somebody."""
    return _page(KeyholderForm())


@bp.post("/")
@for_hr
def add() -> Response | tuple[str, int]:
    """Register a keyholder by the public key."""
    form = KeyholderForm(request.form)
    if not form.validate():
        return _page(form), 422
    try:
        holder = keyholders.add(db(), form.name.data or "", form.public_key.data or "", now(), me().id)
    except Refused as refused:
        roll_back()
        return _page(form, refused.sentence), 422
    told = Sentence("%(name)s is a keyholder. Compare the fingerprint with theirs: %(mark)s")
    flash(say(told.fill(name=holder.name, mark=holder.fingerprint)), "done")
    return redirect(url_for("keyholders.show"), 303)


@bp.post("/<int:holder>/remove")
@for_hr
def remove(holder: int) -> Response:
    """Take a keyholder off the list."""

    def action() -> Sentence:
        removed = keyholders.remove(db(), holder, now(), me().id)
        done()
        return Sentence("%(name)s is no keyholder any more.", {"name": removed.name})

    return act(action, url_for("keyholders.show"))


def _page(form: KeyholderForm, problem: Sentence | None = None) -> str:
    holders = [(holder, day(holder.added_on, language())) for holder in keyholders.keyholders(db())]
    return render_template(
        "keyholders/show.html", form=form, problem=problem, holders=holders, enough=sealing.by_default(db())
    )
