"""What a unit may try, by its own results, and taking one of it up."""

from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.forms.practices import AdoptionForm
from survey.i18n import Refused, Sentence
from survey.instruments.practices import Practice, suggest
from survey.privacy.released import Suppressed
from survey.services import audit_log
from survey.services.practices.library import offered
from survey.services.practices.register import RHYTHMS, Adoption, adopt, adoptions, entry
from survey.web.access import for_leaders, for_readers, me, sees
from survey.web.clock import now, today
from survey.web.database import db, roll_back
from survey.web.language import language, say
from survey.web.practices import around
from survey.web.practices.blueprint import bp
from survey.web.results import publications


@dataclass(frozen=True)
class Suggested:
    """Practices for a unit, and by what they were chosen."""

    ideas: tuple[Practice, ...]
    rest: tuple[Practice, ...]
    """What else there is."""
    motive: str
    facet: str
    """What stands out as weak, in the reader's language; "" where nothing does."""
    wave: str
    """"" where the unit has no published numbers."""
    above: str
    """The unit above whose numbers were used; "" for the unit's own."""


@bp.get("/library")
@for_readers
def library() -> str:
    """Show what there is to try: for a unit what fits its weakest motive and facet first."""
    code = request.args.get("unit", "")
    if code and code not in around.mine():
        abort(404)
    return render_template(
        "practices/library.html",
        unit=code,
        suggested=suggested(code),
        search=around.search(request.args.get("find", "")),
        around=around,
    )


@bp.get("/new")
@for_leaders
def new() -> str:
    """Show the form that notes a practice, filled in as far as the address says."""
    unit, practice = (request.args.get(name, "") for name in ("unit", "practice"))
    if unit and unit not in around.mine():
        abort(404)
    kept = entry(db(), unit, practice)
    chosen = next((one for one in offered(db()) if one.id == practice), None)
    typed = kept.what if kept else chosen.first_step[language()] if chosen else ""
    facts = {"since": kept.since, "owner": kept.owner, "how_often": kept.how_often} if kept else {"since": today()}
    return _form(AdoptionForm(data={"unit": unit, "practice": practice, "what": typed, **facts}))


@bp.post("/new")
@for_leaders
def note() -> Response | tuple[str, int]:
    """Note that a unit has taken up a practice, or mend what is noted; only for units that the account may see."""
    form = _with_choices(AdoptionForm(request.form))
    if not form.validate():
        return _form(form), 422
    adoption = Adoption(
        form.unit.data or "", form.practice.data, form.since.data or today(), form.owner.data or "",
        form.what.data or "", form.how_often.data or "",
    )  # fmt: skip
    try:
        _require_own(adoption.unit)
        adopt(db(), adoption)
        audit_log.write(db(), now(), me().id, "practice adopted", unit=adoption.unit, practice=adoption.practice)
    except Refused as refused:
        roll_back()
        return _form(form, refused.sentence), 422
    flash(say(Sentence("Noted. The next wave asks how often it happens.")), "done")
    return redirect(url_for("practices.entry", code=adoption.unit, practice=adoption.practice), 303)


def _require_own(code: str) -> None:
    if code not in around.mine():
        raise Refused("Choose a unit of your part of the company.")


def suggested(code: str) -> Suggested:
    """Return what fits a unit by the last results in which the account sees it, or those of the unit above."""
    everything = offered(db())
    taken = {each.practice for each in adoptions(db(), today()) if each.unit == code}
    last = next((each for each in reversed(publications()) if code in each and sees(me(), each, code)), None)
    subject = last.unit(code) if last else None
    if last and subject and isinstance(subject.figures, Suppressed):
        subject = last.published_above(code)
    if not last or not subject or isinstance(subject.figures, Suppressed):
        return Suggested((), tuple(one for one in everything if one.id not in taken), "", "", "", "")
    figures, scales = subject.figures.value, last.instrument
    ideas = suggest(figures.weakest, figures.weakest_facet, taken, among=everything)
    motive, facet = (
        scales.scale(each).name[language()] if each else "" for each in (figures.weakest, figures.weakest_facet)
    )
    return Suggested(
        ideas,
        tuple(one for one in everything if one not in ideas and one.id not in taken),
        motive,
        facet,
        last.wave.code,
        "" if subject.code == code else subject.name(language()),
    )


def _form(form: AdoptionForm, problem: Sentence | None = None) -> str:
    code = form.unit.data or ""
    return render_template(
        "practices/new.html",
        form=_with_choices(form),
        unit=code if code in around.mine() else "",
        kept=entry(db(), code, form.practice.data or ""),
        chosen=next((one for one in offered(db()) if one.id == form.practice.data), None),
        search=around.search(request.args.get("find", "")),
        few=around.starts(),
        problem=problem,
        around=around,
    )


def _with_choices(form: AdoptionForm) -> AdoptionForm:
    kept = {form.practice.data} if entry(db(), form.unit.data or "", form.practice.data or "") else set[str]()
    named = around.names()
    ids = dict.fromkeys([*(one.id for one in offered(db())), *sorted(kept)])
    form.practice.choices = [(each, named[each]) for each in ids if each in named]
    form.how_often.choices = [("", say(Sentence("not said"))), *((each, around.rhythm(each)) for each in RHYTHMS)]
    form.how_often.data = form.how_often.data or ""
    return form
