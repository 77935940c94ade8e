"""What is said of the company, as a form: on its page and in the first run."""

from dataclasses import replace

from survey.forms.company import DEFAULT_ZONE, LANGUAGES, UNIT_WORDS, CompanyForm, time_zones
from survey.services.company import Company, change_company, company
from survey.web.access import me
from survey.web.clock import now
from survey.web.company.mail_settings import said
from survey.web.database import db
from survey.web.language import say


def filled(kept: Company | None, language: str) -> CompanyForm:
    """Return the form as it was kept; before that with what most would choose."""
    facts = kept or Company("", "", language, time_zone=DEFAULT_ZONE)
    return spoken(CompanyForm(obj=facts))


def spoken(form: CompanyForm) -> CompanyForm:
    """Say the choices of the form in the reader's language."""
    form.language.choices, form.unit_word.choices = list(LANGUAGES), said(UNIT_WORDS)
    form.time_zone.choices = {say(region): zones for region, zones in time_zones().items()}
    return form


def facts(form: CompanyForm, kept: Company | None) -> Company:
    """Return what was typed; what the form does not ask for stays as it was."""
    names = (form.name_ko.data or "").strip(), (form.name_en.data or "").strip()
    typed = Company(*names, form.language.data, form.unit_word.data, time_zone=form.time_zone.data)
    return replace(typed, demo=kept.demo, second_step=kept.second_step) if kept else typed


def set_rule(rule: str) -> None:
    """Set who signs in with a second step."""
    change_company(db(), replace(company(db()), second_step=rule), now(), me().id)
