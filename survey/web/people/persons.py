"""One person: found, looked at, erased; and those without e-mail. No page here knows anything about answering."""

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.forms.people import EraseForm, SearchForm
from survey.i18n import Refused
from survey.services.roster import persons as service
from survey.services.roster.erasing import erase
from survey.services.waves import waves
from survey.web.access import for_hr, me
from survey.web.clock import day_of, now
from survey.web.database import database, db, done
from survey.web.language import language, say
from survey.web.people.blueprint import bp
from survey.web.people.pages import ON_A_PAGE, Pages
from survey.web.site import settings


@bp.post("/search")
@for_hr
def search() -> str | tuple[str, int]:
    """Find people by name or number; as a form, so that no name gets into the log of a web server."""
    form = SearchForm(request.form)
    if not form.validate():
        return render_template("people/found.html", form=form, found=(), count=0, searched=False), 422
    found, count = service.search(db(), form.words.data or "")
    return render_template("people/found.html", form=form, found=found, count=count, searched=True)


@bp.get("/<int:person>")
@for_hr
def person(person: int) -> str:
    """Show what is kept of a person."""
    return _page(person, EraseForm())


@bp.post("/<int:person>/erase")
@for_hr
def erase_person(person: int) -> Response | tuple[str, int]:
    """Erase a person, if her number was typed."""
    form, by = EraseForm(request.form), me().id
    if not form.validate():
        return _page(person, form), 422
    done()
    try:
        said = erase(database(), settings().home, person, form.number.data or "", now(), by)
    except Refused as refused:
        form.number.errors = [say(refused.sentence)]
        return _page(person, form), 422
    flash(say(said), "done")
    return redirect(url_for("people.show"), 303)


@bp.get("/without-email")
@for_hr
def without_email() -> str:
    """Show in which units people have no e-mail address, and who they are."""
    units = service.without_email(db())
    chosen = next((each for each in units if each[0].code == request.args.get("unit")), None)
    pages = Pages.asked(request.args.get("page", ""), chosen[1] if chosen else 0)
    wave = waves.current(db())
    return render_template(
        "people/without_email.html",
        units=[(unit.code, unit.name_ko if language() == "ko" else unit.name_en, count) for unit, count in units],
        count=sum(count for _, count in units),
        chosen=(chosen[0].name_ko if language() == "ko" else chosen[0].name_en) if chosen else "",
        people=service.without_email_in(db(), chosen[0].code, pages.page, ON_A_PAGE) if chosen else (),
        pages=pages,
        address=lambda page: url_for("people.without_email", unit=request.args.get("unit"), page=page),
        wave=wave.code if wave else "",
    )


def _page(number: int, form: EraseForm) -> str:
    found = service.profile(db(), number)
    if found is None:
        abort(404)
    return render_template("people/person.html", person=found, form=form, day_of=day_of)
