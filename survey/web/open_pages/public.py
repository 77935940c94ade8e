"""The page that everybody reads who has its address: no sign-in, no cookie, no note of who was there."""

import datetime as dt
from typing import Final

from flask import Response, make_response, render_template
from sqlalchemy.orm import Session

from survey.database import reading
from survey.i18n import LANGUAGES, Refused, Sentence, day
from survey.privacy.thaw import Publication
from survey.services.here import day_of, zone_of
from survey.services.open_pages import open_pages
from survey.services.open_pages.open_pages import Choice, OpenPage
from survey.services.practices.library import every
from survey.services.practices.register import adoptions
from survey.services.publication import publication as publications
from survey.services.publication.notices import Withdrawn
from survey.services.waves import waves
from survey.web.clock import now
from survey.web.database import database
from survey.web.language import language
from survey.web.open_pages.blueprint import heard
from survey.web.open_pages.told import Register, Told, tell
from survey.web.responses.brake import Brake
from survey.web.responses.respondents import Trouble, page

CONFLICT: Final = 409
GONE: Final = 410
BRAKE: Final = Brake("open pages")
UNKNOWN: Final = Trouble(
    404,
    Sentence("There is no page at this address"),
    (Sentence("Please compare the address with the notice that you have it from, or scan the code once more."),),
)


@heard.get("/h/<key>")
def show(key: str) -> Response:
    """Show an open page; of one that was closed or whose results were withdrawn, say so."""
    with reading(database()) as session:
        found = open_pages.page_at(session, key)
        if found is not None:
            try:
                return _found(session, found)
            except Refused as refused:  # the publication was changed behind our back
                return _trouble(Trouble(CONFLICT, Sentence("This cannot be done now"), (refused.sentence,)))
    BRAKE.wrong()
    return _trouble(UNKNOWN)


def _found(session: Session, found: OpenPage) -> Response:
    if found.closed_on is not None:
        return _trouble(_closed(found.closed_on))
    try:
        publication = publications.publication(session, found.wave)
    except Withdrawn as withdrawn:
        return _trouble(_withdrawn(withdrawn))
    told = told_of(session, publication, found.unit, found.choice)
    return _trouble(UNKNOWN) if told is None else make_response(written(session, publication, told, found.key))


def told_of(session: Session, publication: Publication, unit: str, choice: Choice) -> Told | None:
    """Return what a page says today in the reader's language; None where the unit's results are not shown."""
    today = day_of(now(), zone_of(session))
    register = Register(adoptions(session, today), {practice.id: practice for practice in every(session)})
    return tell(publication, unit, choice, register, language())


def written(session: Session, publication: Publication, told: Told, key: str = "") -> str:
    """Return the page; without a key it is looked at before it is opened."""
    upcoming = next((wave for wave in waves.waves(session) if wave.state == "draft" and wave.opens_at > now()), None)
    begins = "" if upcoming is None else day(day_of(upcoming.opens_at, zone_of(session)), language())
    return page(
        "open_pages/heard.html",
        told=told,
        publication=publication,
        begins=begins,
        open_now=waves.current(session) is not None,
        key=key,
        other=_other(),
    )


def _closed(on: dt.date) -> Trouble:
    return Trouble(
        GONE,
        Sentence("This page was closed"),
        (
            Sentence("It was closed on %(day)s by whoever leads the unit, or by HR. Ask there if you miss it.").fill(
                day=day(on, language())
            ),
        ),
    )


def _withdrawn(withdrawn: Withdrawn) -> Trouble:
    return Trouble(
        GONE,
        Sentence("These results were withdrawn"),
        (
            Sentence("Since %(day)s the results of this survey are not shown any more.").fill(
                day=day(withdrawn.notice.said_on, language())
            ),
            Sentence("What the company says about it: %(text)s").fill(text=withdrawn.notice.text(language())),
        ),
    )


def _trouble(trouble: Trouble) -> Response:
    return make_response(render_template("open_pages/closed.html", trouble=trouble, other=_other()), trouble.status)


def _other() -> str:
    return next(each for each in LANGUAGES if each != language())
