"""Choosing a password with the code of a letter, and asking for such a letter after forgetting the old one.

The code stands behind the # of the letter's link, so it reaches no log; a script puts it into the form, and whoever has
no script types it. These pages need no cookie: the code is the proof, so there is nothing that another site could
forge.
"""

from typing import Final

from flask import Blueprint, Response, make_response, render_template, request

from survey.forms.staff import ForgottenForm, WelcomeForm
from survey.i18n import Refused, Sentence
from survey.runs.ways_in import FORGOTTEN
from survey.services import runs
from survey.services.accounts import ways_in
from survey.services.runs import Key
from survey.web.clock import now
from survey.web.database import db, done, roll_back
from survey.web.limits import TRIES, limiter
from survey.web.site import begin, settings

MOST_WAITING: Final = 100
"""Addresses that wait for their run; more would be somebody's game."""
FEW: Final = "5 per minute"
ASKED: Final = Sentence(
    "If there is an account with this address, a letter is on its way. It works for an hour. If none comes within a "
    "few minutes, look among unwanted mail, and check how the address is written."
)

bp = Blueprint("welcome", __name__)


@bp.get("/welcome")
def show() -> Response:
    """Show the form; a script takes the code from behind the # of the link."""
    return _page("welcome/show.html", form=WelcomeForm())


@bp.post("/welcome")
@limiter.limit(TRIES)
def choose() -> Response:
    """Take the code, and keep the password that was chosen."""
    form = WelcomeForm(request.form)
    if not form.validate():
        return _page("welcome/show.html", 422, form=form)
    try:
        typed = (form.code.data or "", form.password.data or "")
        account = ways_in.use(db(), *typed, now(), breached=settings().breached)
        done()
    except Refused as refused:
        roll_back()
        return _page("welcome/show.html", 422, form=form, problem=refused.sentence)
    return _page("welcome/chosen.html", email=account.email)


@bp.get("/forgotten")
def forgotten() -> Response:
    """Ask for the address."""
    return _page("welcome/forgotten.html", form=ForgottenForm())


@bp.post("/forgotten")
@limiter.limit(FEW)
def ask() -> Response:
    """Say the same whether there is such an account or not; whatever is done is done in a run, after the answer."""
    form = ForgottenForm(request.form)
    if not form.validate():
        return _page("welcome/forgotten.html", 422, form=form)
    if runs.under_way(db(), FORGOTTEN) < MOST_WAITING:
        begin(Key(FORGOTTEN, (form.email.data or "").strip().lower()))
    return _page("welcome/forgotten.html", form=ForgottenForm(), told=ASKED)


def _page(template: str, status: int = 200, **facts: object) -> Response:
    response = make_response(render_template(template, **facts), status)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
