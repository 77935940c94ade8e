"""Pages behind the sign-in: which pages are open, choosing what one shows, opening, closing, a notice to print."""

from dataclasses import dataclass
from typing import Final

import segno
from flask import Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Answer

from survey.forms.open_pages import PARTS, ChoiceForm, choice_form
from survey.i18n import Sentence, day
from survey.privacy.thaw import Publication
from survey.services.open_pages import open_pages
from survey.services.open_pages.open_pages import Choice, OpenPage
from survey.services.practices.library import offered
from survey.web.access import for_leaders, me, sees, unit_visible_to, units_visible_to
from survey.web.acts import act
from survey.web.clock import now
from survey.web.database import db
from survey.web.frames import framed, may_frame
from survey.web.language import language, say
from survey.web.open_pages.blueprint import bp
from survey.web.open_pages.public import told_of, written
from survey.web.results import chosen, publication_or_404, publications
from survey.web.site import settings

OPENED: Final = Sentence("The page is open. Whoever has its address can read it.")
CLOSED: Final = Sentence("The page is closed. Its address says so to whoever comes.")
FIRST: Final = Sentence("Open the page first.")
NOTHING: Final = Sentence("Nothing is named")


@dataclass(frozen=True)
class Line:
    """A page that was opened, as the list says it."""

    page: OpenPage
    unit: str
    opened: str
    closed: str


@bp.get("/")
@for_leaders
def index() -> str:
    """List the pages of the account's own units, and the units whose page could be opened."""
    told = {publication.wave.code: publication for publication in publications()}
    lines = [
        _line(page, told[page.wave])
        for page in open_pages.pages(db())
        if page.wave in told and page.unit in told[page.wave] and sees(me(), told[page.wave], page.unit)
    ]
    newest = chosen(None)
    units = [] if newest is None else [unit for unit in units_visible_to(me(), newest) if unit.hidden is None]
    return render_template("open_pages/index.html", lines=lines, units=units, newest=newest)


@bp.get("/unit")
@for_leaders
def plan() -> Answer | str:
    """Choose what a unit's page shows, beside how it will look; where it is open, its address and its code."""
    if not request.args.get("unit"):
        return index()
    publication, unit = _asked(request.args)
    page = open_pages.page_of(db(), publication.wave.code, unit)
    address = _address(page) if page and page.closed_on is None else ""
    form = _form(request.args if request.args.get("look") else _kept(page))
    return may_frame(
        render_template(
            "open_pages/plan.html",
            unit=publication.unit(unit),
            publication=publication,
            page=page,
            closed=day(page.closed_on, language()) if page and page.closed_on else "",
            form=form,
            address=address,
            picture=_picture(address) if address else "",
        )
    )


@bp.get("/look")
@for_leaders
def look() -> Response:
    """Show the page as it would be, in a frame beside the form; nobody else sees it."""
    publication, unit = _asked(request.args)
    told = told_of(db(), publication, unit, _choice(_form(request.args)))
    if told is None:
        abort(404)
    return framed(written(db(), publication, told))


@bp.post("/open")
@for_leaders
def open_it() -> Answer:
    """Open the page, or show something else on it."""
    publication, unit = _asked(request.form)

    def opened() -> Sentence:
        open_pages.open_page(db(), publication, unit, _choice(_form(request.form)), now(), me().id)
        return OPENED

    return act(opened, url_for("open_pages.plan", unit=unit, wave=publication.wave.code))


@bp.post("/close")
@for_leaders
def close() -> Answer:
    """Close the page; its address says so from now on."""
    publication, unit = _asked(request.form)

    def closed() -> Sentence:
        open_pages.close_page(db(), publication.wave.code, unit, now(), me().id)
        return CLOSED

    return act(closed, url_for("open_pages.plan", unit=unit, wave=publication.wave.code))


@bp.get("/notice")
@for_leaders
def notice() -> str | Answer:
    """Show a notice to print and put up: what the page is, its code to scan, its address."""
    publication, unit = _asked(request.args)
    page = open_pages.page_of(db(), publication.wave.code, unit)
    if page is None or page.closed_on is not None:
        flash(say(FIRST), "problem")
        return redirect(url_for("open_pages.plan", unit=unit, wave=publication.wave.code), 303)
    address = _address(page)
    return render_template(
        "open_pages/notice.html",
        unit=publication.unit(unit),
        publication=publication,
        address=address,
        picture=_picture(address),
    )


def _asked(given: MultiDict[str, str]) -> tuple[Publication, str]:
    """Return the wave and the unit asked for, where this account sees the unit; else there is no such page."""
    wave = given.get("wave")
    publication = publication_or_404(wave) if wave else chosen(None)
    if publication is None:
        abort(404)
    return publication, unit_visible_to(me(), publication, given.get("unit", "")).code


def _form(given: MultiDict[str, str]) -> ChoiceForm:
    practices = [(practice.id, practice.name[language()]) for practice in offered(db())]
    return choice_form(given, practices, ("", say(NOTHING)))


def _kept(page: OpenPage | None) -> MultiDict[str, str]:
    """Return what the page shows as a form sends it; everything but a practice before it is opened first."""
    choice = Choice(tuple(PARTS)) if page is None else page.choice
    return MultiDict([*(("part", part) for part in choice.parts), ("practice", choice.practice)])


def _choice(form: ChoiceForm) -> Choice:
    chosen_parts = form.part.data or []
    return Choice(tuple(part for part in PARTS if part in chosen_parts), form.practice.data or "")


def _address(page: OpenPage) -> str:
    return settings().base_url.rstrip("/") + url_for("heard.show", key=page.key)


def _picture(address: str) -> str:
    return segno.make(address, error="m").svg_data_uri(scale=5, border=3, light="white")


def _line(page: OpenPage, publication: Publication) -> Line:
    closed = day(page.closed_on, language()) if page.closed_on else ""
    return Line(page, publication.unit(page.unit).name(language()), day(page.opened_on, language()), closed)
