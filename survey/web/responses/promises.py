"""The promise for everybody to read and keep: no code is needed, and who reads it is not noted."""

from flask import Blueprint, Response

from survey.database import reading
from survey.services.here import zone_of
from survey.services.waves import frozen_facts
from survey.web.database import database
from survey.web.responses.moments import extended, spoken
from survey.web.responses.respondents import ERRORS, install, page, trouble_page

bp = Blueprint("promises", __name__)
install(bp)


@bp.get("/s/promise")
def show() -> str:
    """Show the promise of the wave that is open, or of the last one."""
    with reading(database()) as session:
        wave = frozen_facts.newest(session)
        promise = frozen_facts.read_by(session, wave) if wave else None
        zone = zone_of(session)
    later = wave if wave and wave.state == "open" and wave.extended_from else None
    ends = spoken(later.closes_at, zone) + extended(later.extended_from, zone) if later else ""
    return page("promises/show.html", promise=promise, digest=frozen_facts.fingerprint(wave) if wave else "", ends=ends)


@bp.get("/s/promise/file")
def file() -> Response:
    """Hand out the text whose SHA-256 is the fingerprint, byte for byte."""
    with reading(database()) as session:
        wave = frozen_facts.newest(session)
    if wave is None or not wave.promise:
        return trouble_page(ERRORS[404])
    response = Response(wave.promise, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="promise-{wave.code}.json"'
    return response
