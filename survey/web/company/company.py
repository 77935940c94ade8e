"""The company's settings, for HR: names and days, who signs in how, and how mail leaves. Every change is in the log."""

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.forms.company import SECOND_STEPS, CompanyForm, MailForm, PolicyForm
from survey.i18n import Refused, Sentence
from survey.services import first_run
from survey.services.company import change_company
from survey.services.company import company as company_of
from survey.services.waves import waves
from survey.web.access import for_hr, me, own_page
from survey.web.acts import act
from survey.web.clock import now
from survey.web.company import company_facts, mail_settings
from survey.web.database import db, roll_back
from survey.web.language import language, say
from survey.web.site import settings

CHANGED: Final = Sentence("The company’s settings are kept.")

bp = Blueprint("company", __name__, url_prefix="/company")


@bp.get("/")
@for_hr
def show() -> str:
    """Show what is kept of the company, each part with its form."""
    return _page()


@bp.post("/")
@for_hr
def change() -> tuple[str, int] | Response:
    """Change names, language, the word for a unit, the time zone."""
    kept = company_of(db())
    open_wave = waves.current(db())
    form = company_facts.spoken(CompanyForm(request.form))
    if open_wave is not None and not form.unit_word.raw_data:
        form.unit_word.data = kept.unit_word  # the page holds this field back while a wave is open
    if not form.validate():
        return _page(company=form), 422
    try:
        change_company(db(), company_facts.facts(form, kept), now(), me().id)
    except Refused as refused:
        roll_back()
        return _page(company=form, problem=refused.sentence), 422
    flash(say(CHANGED), "done")
    return redirect(url_for("company.show"), 303)


@bp.post("/second-step")
@for_hr
def set_rule() -> Response:
    """Change who signs in with a second step."""

    def action() -> Sentence:
        company_facts.set_rule(request.form.get("second_step", ""))
        return CHANGED

    return act(action, f"{url_for('company.show')}#second-step")


@bp.post("/mail")
@for_hr
def set_mail() -> tuple[str, int] | Response:
    """Change how letters leave, and try it where that is asked for."""
    form = mail_settings.spoken(MailForm(request.form))
    if not form.validate():
        return _page(mail_form=form), 422
    try:
        told = mail_settings.keep_and_try(form)
    except Refused as refused:
        roll_back()
        said = mail_settings.details(refused)
        return _page(mail_form=form, mail_problem=refused.sentence, said=said), 422
    flash(say(told), "done")
    return redirect(url_for("company.show"), 303)


@bp.post("/mail/test")
@for_hr
def try_mail() -> Response:
    """Send a test letter to whoever is signed in, by what is kept."""
    return act(mail_settings.attempt, own_page(request.form.get("back")) or url_for("company.show"))


def _page(
    company: CompanyForm | None = None,
    mail_form: MailForm | None = None,
    problem: Sentence | None = None,
    mail_problem: Sentence | None = None,
    said: Sentence | None = None,
) -> str:
    mail, wave = mail_settings.mail(), waves.current(db())
    return render_template(
        "company/show.html",
        company_form=company or company_facts.filled(first_run.named(db()), language()),
        rule=_rule(),
        mail=mail,
        mail_form=mail_form or mail_settings.filled(mail),
        problem=problem,
        mail_problem=mail_problem,
        said=said,
        open_wave=wave.code if wave else "",
        folder=settings().letters,
    )


def _rule() -> PolicyForm:
    form = PolicyForm(data={"second_step": company_of(db()).second_step})
    form.second_step.choices = mail_settings.said(SECOND_STEPS)
    return form
