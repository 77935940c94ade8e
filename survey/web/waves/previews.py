"""The survey's pages as respondents will see them, in a frame beside the plan: nothing on them is kept or sent."""

from typing import Final

from flask import Blueprint, Response, render_template, request
from msgspec.structs import replace
from werkzeug.datastructures import MultiDict

from survey.forms.questionnaire import Questionnaire
from survey.i18n import LANGUAGES, Refused, Sentence
from survey.services.company import company
from survey.services.instruments import registry
from survey.services.waves import frozen_facts, wave_plans
from survey.services.waves.waves import Wave, instrument_of
from survey.web.access import for_hr
from survey.web.clock import zone
from survey.web.database import db, roll_back
from survey.web.frames import framed
from survey.web.language import language, use_language
from survey.web.responses.moments import spoken
from survey.web.responses.questionnaire import WELCOME, Paper, filled
from survey.web.waves import plan_form, wave_page

bp = Blueprint("previews", __name__, url_prefix="/waves")
NAME: Final = "preview-1"
"""A wave has a name; on the pages that are looked at it stands nowhere."""
UNIT: Final = Sentence("(the reader’s unit)")


@bp.post("/preview")
@for_hr
def typed() -> Response:
    """Show the survey of a plan that is being typed."""
    form = plan_form.typed()
    try:
        plan = replace(plan_form.draft_of(form), code=NAME)
        page = _page(wave_plans.imagined(db(), plan), request.form.get("see", ""))
    except (Refused, ValueError) as error:
        said = error.sentence if isinstance(error, Refused) else Sentence("Fill in the plan first.")
        page = render_template("letters/cannot.html", problem=said)
    roll_back()  # what was imagined is kept nowhere
    return framed(page)


@bp.get("/preview")
@for_hr
def standard() -> Response:
    """Show the survey before anything is typed."""
    plan = plan_form.draft_of(plan_form.proposed(NAME))
    return framed(_page(wave_plans.imagined(db(), plan), request.args.get("see", "")))


@bp.get("/<code>/preview")
@for_hr
def show(code: str) -> Response:
    """Show the survey of a wave as it is planned."""
    return framed(_page(wave_page.wave_or_404(code), request.args.get("see", "")))


def _page(wave: Wave, see: str) -> str:
    """Return a page of a wave's survey; `see` is its language and which one: "ko/welcome", "en/list"."""
    tongue, _, name = see.partition("/")
    back = language()
    use_language(tongue if tongue in LANGUAGES else back)
    ours, instrument = company(db()), instrument_of(db(), wave)
    items = instrument.asked(registry.practices_of(wave))
    # Not kept among the papers of open waves: what is looked at may never be asked.
    paper = Paper(instrument, items, language(), {"whose": ours.name(language()), "demo": ours.demo})
    name = name if paper.knows(name) else WELCOME
    sheet = paper.welcome(frozen_facts.would_promise(db(), wave), "") if name == WELCOME else paper.page(name)
    values = filled(paper, name, Questionnaire(items, MultiDict()))
    unit = UNIT.to(language())
    return sheet.fill(values | {"unit": unit, "coarse": unit, "closes": spoken(wave.closes_at, zone())})
