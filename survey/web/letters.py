"""Letters in the company's own words: written as text with named places, looked at, tried, and reset to ours."""

from dataclasses import dataclass

from flask import Blueprint, Response, abort, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from survey.forms.letters import LetterForm
from survey.i18n import LANGUAGES, Refused, Sentence
from survey.mail import Letter
from survey.services import mail_server
from survey.services.invitations import letter_texts, samples, wording
from survey.services.invitations.letters import Reader
from survey.services.invitations.wording import KINDS, Kind, Text
from survey.web.access import for_hr, me
from survey.web.acts import act
from survey.web.clock import now
from survey.web.database import database, db, done, roll_back
from survey.web.frames import framed, may_frame
from survey.web.site import settings

bp = Blueprint("letters", __name__, url_prefix="/letters")


@dataclass(frozen=True)
class Editing:
    """A letter on its page."""

    kind: Kind
    spoken: str
    """Its language, which need not be the page's."""
    form: LetterForm
    own: bool
    """Whether the company has worded it."""
    problem: Sentence | None = None


@bp.get("/")
@for_hr
def index() -> str:
    """List the letters."""
    return render_template("letters/index.html", kinds=KINDS.values(), own=letter_texts.own(db()))


@bp.get("/<kind>/<spoken>")
@for_hr
def edit(kind: str, spoken: str) -> Response:
    """Show a letter's text, and how it will arrive."""
    found = _kind(kind, spoken)
    text = letter_texts.in_use(db())[kind, spoken]
    return _page(found, spoken, LetterForm(data={"subject": text.subject, "body": text.body}))


@bp.post("/<kind>/<spoken>")
@for_hr
def keep(kind: str, spoken: str) -> Answer | tuple[Response, int]:
    """Keep what was typed, for every letter from now on."""
    found, form = _kind(kind, spoken), LetterForm(request.form)
    if not form.validate():
        return _page(found, spoken, form), 422
    try:
        letter_texts.keep(db(), kind, spoken, (form.subject.data or "", form.body.data or ""), now(), me().id)
    except Refused as refused:
        roll_back()
        return _page(found, spoken, form, refused.sentence), 422
    return act(lambda: Sentence("The letter is kept and goes out like this from now on."), _here(kind, spoken))


@bp.get("/<kind>/<spoken>/preview")
@for_hr
def preview(kind: str, spoken: str) -> Response:
    """Show a letter as it goes out now, in the frame beside its text."""
    _kind(kind, spoken)
    return framed(samples.both_ways(_sample(kind, spoken), spoken), styles="'unsafe-inline'")


@bp.post("/<kind>/<spoken>/preview")
@for_hr
def preview_typed(kind: str, spoken: str) -> Response:
    """Show what is being typed as it would arrive; nothing is kept."""
    found = _kind(kind, spoken)
    try:
        text = wording.checked(found, request.form.get("subject", ""), request.form.get("body", ""))
    except Refused as refused:
        return framed(render_template("letters/cannot.html", problem=refused.sentence))
    return framed(samples.both_ways(_sample(kind, spoken, text), spoken), styles="'unsafe-inline'")


@bp.post("/<kind>/<spoken>/test")
@for_hr
def test(kind: str, spoken: str) -> Answer:
    """Send the letter, as it is kept, to whoever is signed in."""
    _kind(kind, spoken)
    to, by = me().email, me().id

    def action() -> Sentence:
        letter = _sample(kind, spoken, None, Reader(0, me().name, to, spoken))
        post = mail_server.post(db(), settings())
        done()  # a mail server takes its time, in which others must be able to write
        samples.send_sample(database(), post, (kind, spoken), letter, now(), by)
        told = Sentence("The test letter is on its way to %(email)s. Its code is made up and opens nothing.")
        return told.fill(email=to)

    return act(action, _here(kind, spoken))


@bp.post("/<kind>/<spoken>/reset")
@for_hr
def reset(kind: str, spoken: str) -> Answer:
    """Use our words again."""
    _kind(kind, spoken)

    def action() -> Sentence:
        letter_texts.reset(db(), kind, spoken, now(), me().id)
        return Sentence("Our words go out again.")

    return act(action, _here(kind, spoken))


def _kind(kind: str, spoken: str) -> Kind:
    if kind not in KINDS or spoken not in LANGUAGES:
        abort(404)
    return KINDS[kind]


def _here(kind: str, spoken: str) -> str:
    return url_for("letters.edit", kind=kind, spoken=spoken)


def _page(kind: Kind, spoken: str, form: LetterForm, problem: Sentence | None = None) -> Response:
    editing = Editing(kind, spoken, form, (kind.name, spoken) in letter_texts.own(db()), problem)
    ends = "\n\n".join(wording.always(name, spoken) for name in kind.always)
    page = render_template("letters/edit.html", letter=editing, places=wording.PLACES, ends=ends)
    return may_frame(page)


def _sample(kind: str, spoken: str, text: Text | None = None, reader: Reader | None = None) -> Letter:
    somebody = reader or Reader(0, samples.PERSON[spoken], "person@example.com", spoken)
    return samples.sample(db(), kind, somebody, settings().base_url, now(), text)
