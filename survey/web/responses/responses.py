"""How an employee answers: code, promise, questions, a last look, thanks. Nothing is kept here between two requests."""

import datetime as dt
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, make_response, request
from markupsafe import Markup

from survey.database import at_once, glancing, in_turn, travels, writing
from survey.forms.questionnaire import Questionnaire
from survey.i18n import Sentence, day
from survey.services.here import day_of, zone_of
from survey.services.instruments import registry
from survey.services.invitations.codes import grouped, new_receipt, read
from survey.services.responses import page_time, responses
from survey.services.responses.replies import Accepted, Closed, Good, OtherWave, Sent, Spent, Stale, Unknown
from survey.services.waves import frozen_facts
from survey.services.waves.asking import Asking, asked_now
from survey.services.waves.frozen_facts import WordingChanged
from survey.services.waves.frozen_promise import Promise
from survey.web.clock import now
from survey.web.database import database
from survey.web.language import language
from survey.web.responses.brake import Brake
from survey.web.responses.moments import extended, spoken
from survey.web.responses.questionnaire import LIST, REVIEW, SEND, WELCOME, Paper, filled, hidden, paper, troubles
from survey.web.responses.respondents import ERRORS, Trouble, install, page, trouble_page
from survey.web.responses.sheets import Sheet, place

bp = Blueprint("responses", __name__)
install(bp)
BRAKE: Final = Brake()


class Sitting(NamedTuple):
    """One request of somebody whose code is good."""

    good: Good
    paper: Paper
    promise: Promise
    digest: str
    zone: ZoneInfo


@bp.get("/s")
def entry() -> str:
    """Ask for the code; a script takes it from behind the # of the link."""
    return page("responses/entry.html")


@bp.post("/s")
def enter() -> Response:
    """Check the code, and show what is promised before the first question."""
    sitting = _sit_down()
    if not isinstance(sitting, Sitting):
        return _turned_away(sitting)
    return _show(sitting, WELCOME, Questionnaire(sitting.paper.items, request.form))


@bp.post("/s/answer")
def answer() -> Response:
    """Take what a page holds, and show the page that was asked for; send only when told to."""
    at, go = (request.form.get(name, "") for name in ("at", "go"))
    thanks = _send() if go == SEND else None
    if thanks is not None:
        return thanks
    sitting = _sit_down()
    if not isinstance(sitting, Sitting):
        return _turned_away(sitting)
    form = Questionnaire(sitting.paper.items, request.form)
    if form.problems() or form.strangers:
        return _show(sitting, _page_for(sitting.paper, at, form), form, 422)
    return _show(sitting, next((name for name in (go, at) if sitting.paper.knows(name)), REVIEW), form)


@bp.get("/s/answer")
def again() -> str:
    """Answer a reload of an earlier page: the code is asked for again, and a script goes on where she was."""
    return entry()


@bp.route("/s/<path:_rest>", methods=["GET", "POST"])
def nowhere(_rest: str) -> Response:
    """Say that there is no such page."""
    return trouble_page(ERRORS[404])


@bp.errorhandler(WordingChanged)
def reworded(_error: WordingChanged) -> Response:
    """Ask nothing that is not worded as promised; her answers stay in her browser."""
    return trouble_page(REWORDED)


def _sit_down() -> Sitting | Stale:
    typed = request.form.get("code", "")
    with glancing(database()) as session:
        here, moment = asked_now(session), now()
        good = responses.look(session, here, typed, moment, _opened(here, moment))
        if not isinstance(good, Good) or here is None:
            return good if isinstance(good, Stale) else Unknown()
        promise = frozen_facts.read_with(session, here.wave, here.instrument)
    pages = paper(here.instrument, good.practices, here.company, language(), rehearsal=promise.facts.rehearsal)
    return Sitting(good, pages, promise, frozen_facts.fingerprint(here.wave), ZoneInfo(here.company.time_zone))


def _show(sitting: Sitting, name: str, form: Questionnaire, status: int = 200) -> Response:
    """Fill in a page of the questionnaire."""
    good, pages, promise, digest, zone = sitting
    sheet = pages.welcome(promise, digest) if name == WELCOME else pages.page(name)
    values = filled(pages, name, form) | troubles(pages, form)
    values |= {
        "code": request.form.get("code", ""),
        "receipt": read(request.form.get("receipt", "")) or new_receipt(),
        "opened": request.form.get("opened") or page_time.write(_secret(), now()),
        "unit": good.unit_names[language()],
        "coarse": good.coarse_names[language()],
    }
    if name == WELCOME:
        values["closes"] = spoken(good.closes_at, zone) + extended(good.extended_from, zone)
    if name == REVIEW:
        values["tally"] = _tally(form)
    return make_response(sheet.fill(values), status)


def _send() -> Response | None:
    """Keep the answers and say thank you, once they are safe; None where something has to be looked at again first.

    One transaction sees what is asked, takes the code and keeps the answers.
    """
    if travels(database()) and (thanks := _send_at_once()) is not None:
        return thanks
    with in_turn(database()), writing(database()) as session:
        here, moment = asked_now(session, locked=True), now()  # one moment: no clock goes back between look and accept
        pages, form, fit = _filled_in(here)
        code, opened = request.form.get("code", ""), _opened(here, moment)
        if not fit and isinstance(responses.look(session, here, code, moment, opened), Good):
            return None
        # Of somebody whose code is spent only the receipt is looked for.
        outcome = responses.accept(session, here, _sent(form if fit else None, opened), moment)
        if isinstance(outcome, Accepted) and here is not None:
            frozen_facts.read_with(session, here.wave, here.instrument)  # raises, so that nothing is kept
    if isinstance(outcome, Stale):
        return _turned_away(outcome)
    return make_response(_thanks(outcome.receipt, pages, form))


def _send_at_once() -> Response | None:
    """Look, then take the code and keep the answers in one statement; None where `_send` has to find out what is."""
    with at_once(database()) as session:
        here, moment = asked_now(session), now()
        pages, form, fit = _filled_in(here)
        if here is None or not fit or not frozen_facts.is_worded(session, here.wave, here.instrument):
            return None
        outcome = responses.accept(session, here, _sent(form, _opened(here, moment)), moment)
    return make_response(_thanks(outcome.receipt, pages, form)) if isinstance(outcome, Accepted) else None


def _filled_in(here: Asking | None) -> tuple[Paper | None, Questionnaire, bool]:
    """Return the pages, what was filled in, and whether it can be taken as it is."""
    pages = _pages(here) if here else None
    form = Questionnaire(pages.items if pages else (), request.form)
    fit = not (form.problems() or form.strangers) and read(request.form.get("receipt", "")) is not None
    return pages, form, fit


def _sent(form: Questionnaire | None, opened: dt.datetime | None) -> Sent:
    answers, comment = (form.answers(), form.comment()) if form else ({}, "")
    return Sent(request.form.get("code", ""), request.form.get("receipt", ""), answers, comment, opened)


def _pages(here: Asking) -> Paper:
    asked, rehearsal = registry.practices_of(here.wave), here.wave.rehearsal
    return paper(here.instrument, asked, here.company, language(), rehearsal=rehearsal)


def _thanks(receipt: str, pages: Paper | None, form: Questionnaire) -> str:
    """Show the receipt; the answers go along hidden for the profile, if she asks for it."""
    if pages is None:
        sheet = Sheet(page("responses/thanks.html", place=place, carries=False))
        return sheet.fill({"receipt": grouped(receipt)})
    instrument, answers = pages.instrument, form.answers()
    told = {item.id: str(answers[item.id]) for item in pages.in_profile if item.id in answers}
    carried = hidden({"instrument": f"{instrument.id} {instrument.version}", **told})
    return pages.thanks(carries=bool(told)).fill({"receipt": grouped(receipt), "carried": carried})


def _turned_away(stale: Stale) -> Response:
    code = request.form.get("code", "")
    if isinstance(stale, Unknown | Spent) and BRAKE.wrong():
        return trouble_page(ERRORS[429], code)
    return trouble_page(_trouble(stale), code)


def _trouble(stale: Stale) -> Trouble:
    match stale:
        case Closed(closed_at=closed_at):
            return Trouble(410, CLOSED.title, (CLOSED.advice[0].fill(day=_there(closed_at)), *CLOSED.advice[1:]))
        case OtherWave(wave=wave, open_wave=open_wave):
            return Trouble(
                409, FOREIGN.title, (FOREIGN.advice[0].fill(wave=wave, open=open_wave), FOREIGN.advice[1]), again=True
            )
        case Spent():
            return USED
        case Unknown():
            return MISTYPED


def _there(moment: dt.datetime) -> str:
    """Say the company's day of a moment that the database keeps."""
    with glancing(database()) as session:
        return day(day_of(moment, zone_of(session)), language())


def _page_for(pages: Paper, at: str, form: Questionnaire) -> str:
    """Choose where to show what cannot be taken: where she is, if that page asks it, else the list of all."""
    if not form.problems():
        return at if pages.knows(at) else REVIEW
    return at if form.problems().keys() <= pages.shown(at) else LIST


def _tally(form: Questionnaire) -> Markup:
    said = Sentence(
        "%(answered)s of %(asked)s questions answered, %(skipped)s skipped.",
        {
            "answered": (answered := len(form.answers())),
            "asked": len(form.items),
            "skipped": len(form.items) - answered,
        },
    )
    return Markup("<p><b>{}</b></p>").format(said.to(language()))


def _opened(here: Asking | None, moment: dt.datetime) -> dt.datetime | None:
    """Return when her page was opened, if that is signed by us; before the end nobody asks."""
    if here is None or moment < here.wave.closes_at:
        return None
    return page_time.read(_secret(), request.form.get("opened", ""))


def _secret() -> bytes:
    return bytes(current_app.config["SECRET_KEY"])


REWORDED: Final = Trouble(
    503,
    Sentence("The questions are not as promised"),
    (
        Sentence(
            "Their wording was changed after the survey opened. We do not ask them like that, and nothing is sent."
        ),
        Sentence(
            "What you have answered is still in this browser. Please come back later, and tell whoever runs the survey."
        ),
    ),
)
MISTYPED: Final = Trouble(
    404,
    Sentence("There is no such code"),
    (
        Sentence("Compare it with your letter or slip, character by character: it has four groups of four."),
        Sentence("The letters I, L, O and U do not occur in codes; what looks like them is 1 or 0, or a V."),
    ),
    again=True,
)
USED: Final = Trouble(
    410,
    Sentence("This code has been used"),
    (
        Sentence("A code counts once. If you have answered, all is well, and your receipt will show it."),
        Sentence(
            "If you have not, somebody else may have used it. Tell whoever runs the survey; they cannot see who "
            "answered, nor what."
        ),
    ),
)
FOREIGN: Final = Trouble(
    409,
    Sentence("This code belongs to another survey"),
    (
        Sentence("It is a code of %(wave)s; the survey that is open now is %(open)s."),
        Sentence("Please use the code of your newest letter or slip."),
    ),
    again=True,
)
CLOSED: Final = Trouble(
    410,
    Sentence("This survey has closed"),
    (
        Sentence("It closed on %(day)s, and answers can no longer be taken."),
        Sentence("If you could not take part, that has no consequence. Results are published once, for everybody."),
    ),
)
