"""The first run: five pages from an empty database to an installation that HR can work with.

Every page can be left, reloaded and come back to: what is done stands in the database, and the first page leads on to
the first step that is not. Before there is an account, only who typed the set-up code gets in.
"""

from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec, TypeVar

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response
from wtforms import Form

from survey.forms.company import CompanyForm, FirstAccountForm, MailForm
from survey.i18n import Refused, Sentence
from survey.services import first_run
from survey.services.accounts import sign_ins
from survey.services.company import change_company
from survey.web import access, database
from survey.web.access import for_hr
from survey.web.clock import now
from survey.web.company import company_facts, mail_settings
from survey.web.company.first_steps import steps
from survey.web.database import db, roll_back
from survey.web.language import language, say
from survey.web.responses.brake import Brake
from survey.web.sign_in.letting_in import let_in
from survey.web.site import settings

BRAKE: Final = Brake("set-up")
CLAIMED: Final = "first run"
"""In the signed cookie of a browser whose reader has typed the set-up code."""
WRONG: Final = Sentence(
    "This is not the set-up code of this installation. It stands where survey was started, and in its log."
)

bp = Blueprint("first_run", __name__, url_prefix="/first-run")

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def setting_up(view: Callable[Parameters, Result]) -> Callable[Parameters, Result | Response]:
    """Open to whoever typed the set-up code while nobody has an account, and to HR from then on."""

    @wraps(view)
    def guarded(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result | Response:
        if not first_run.is_open(db()):
            return for_hr(view)(*args, **kwargs)
        if not session.get(CLAIMED):
            return redirect(url_for("first_run.show"), 303)
        return view(*args, **kwargs)

    return guarded


@bp.get("/")
def show() -> str | Response:
    """Ask for the set-up code; who has typed it, or signed in, goes on to the step that is next."""
    if first_run.is_open(db()) and not session.get(CLAIMED):
        return render_template("first_run/code.html", problem=None)
    found = access.account()
    if found is None and not first_run.is_open(db()):
        return redirect(url_for("signing_in.show", next=url_for("first_run.show")), 303)
    progress = first_run.progress(db(), settings(), found.id if found else None)
    return redirect(url_for(f"first_run.{progress.next}"), 303)


@bp.post("/")
def claim() -> tuple[str, int] | Response:
    """Check the set-up code."""
    if first_run.is_open(db()):
        database.done()  # who waits because of wrong codes holds no lock
        if not first_run.fits(settings().secret(), request.form.get("code", "")):
            BRAKE.wrong()
            return render_template("first_run/code.html", problem=WRONG), 422
        session[CLAIMED] = True
    return redirect(url_for("first_run.show"), 303)


@bp.get("/company")
@setting_up
def company() -> str:
    """Show the names of the company, and in which words and days it lives."""
    return _page("company", form=company_facts.filled(first_run.named(db()), language()))


@bp.post("/company")
@setting_up
def company_named() -> tuple[str, int] | Response:
    """Name the company."""
    form = company_facts.spoken(CompanyForm(request.form))
    if not form.validate():
        return _page("company", form=form), 422
    found = access.account()
    try:
        change_company(db(), company_facts.facts(form, first_run.named(db())), now(), found.id if found else None)
    except Refused as refused:
        roll_back()
        return _page("company", form=form, problem=refused.sentence), 422
    return redirect(url_for("first_run.show"), 303)


@bp.get("/account")
@setting_up
def account() -> str:
    """Show the form of the first account, or whose it is."""
    return _page("account", form=FirstAccountForm())


@bp.post("/account")
@setting_up
def account_made() -> tuple[str, int] | Response:
    """Make the first account, and let this browser in."""
    form = FirstAccountForm(request.form)
    if not form.validate():
        return _page("account", form=form), 422
    who = (form.email.data or "", form.name.data or "", form.password.data or "")
    try:
        made = first_run.make_first_account(db(), *who, language(), now(), breached=settings().breached)
    except Refused as refused:
        roll_back()
        return _page("account", form=form, problem=refused.sentence), 422
    secret = sign_ins.let_in(db(), made.id, now(), second_step=True)
    session.pop(CLAIMED, None)
    return let_in(secret, url_for("first_run.show"))


@bp.get("/second-step")
@for_hr
def second_step() -> str:
    """Show how to set up a second step, and the rule that nobody needs one."""
    return _page("second_step")


@bp.post("/second-step")
@for_hr
def second_step_for_nobody() -> Response:
    """Set the rule that nobody needs a second step."""
    company_facts.set_rule("nobody")
    return redirect(url_for("first_run.show"), 303)


@bp.get("/mail")
@for_hr
def mail() -> str:
    """Show how letters leave."""
    return _page("mail", form=mail_settings.filled(mail_settings.mail()))


@bp.post("/mail")
@for_hr
def mail_set() -> tuple[str, int] | Response:
    """Keep how letters leave, and try it where that is asked for."""
    form = mail_settings.spoken(MailForm(request.form))
    if not form.validate():
        return _page("mail", form=form), 422
    try:
        told = mail_settings.keep_and_try(form)
    except Refused as refused:
        roll_back()
        return _page("mail", form=form, problem=refused.sentence, said=mail_settings.details(refused)), 422
    flash(say(told), "done")
    return redirect(url_for("first_run.done"), 303)


@bp.get("/done")
@for_hr
def done() -> str:
    """Say what comes next."""
    return _page("done")


def _page(here: str, form: Form | None = None, problem: Sentence | None = None, said: Sentence | None = None) -> str:
    found = access.account()
    progress = first_run.progress(db(), settings(), found.id if found else None)
    return render_template(
        "first_run/show.html",
        steps=steps(here, progress),
        form=form,
        problem=problem,
        said=said,
        progress=progress,
        mail=mail_settings.mail(),
        folder=settings().letters,
    )
