"""What an auditor checks of each wave: the promise, what names the publication, the check before it. No result."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, abort, render_template

from survey.i18n import Refused, Sentence, day
from survey.services import audit_log
from survey.services.publication import publication as published
from survey.services.waves import frozen_facts, waves
from survey.services.waves.waves import Wave
from survey.web.access import for_auditors
from survey.web.clock import day_of
from survey.web.database import db
from survey.web.language import language

bp = Blueprint("audit", __name__, url_prefix="/audit")

STATES: Final = {
    "open": Sentence("open"),
    "closed": Sentence("closed"),
    "published": Sentence("published"),
}


@dataclass(frozen=True)
class Line:
    """A wave as the list tells it."""

    code: str
    state: Sentence
    opened: str
    promise: str
    publication: str


@bp.get("/")
@for_auditors
def index() -> str:
    """List the waves with what names their promise and their publication."""
    made = published.digests(db())
    return render_template(
        "audit/index.html",
        lines=[_line(wave, made) for wave in reversed(waves.waves(db())) if wave.state != "draft"],
        head=audit_log.head(db()),
    )


@bp.get("/<code>")
@for_auditors
def show(code: str) -> str:
    """Show what was promised before a wave opened, whether it stands, and what the check of its publication found."""
    wave = _wave_or_404(code)
    verdict = published.verdict(published.audit(db(), code)) if wave.state == "published" else None
    return render_template(
        "audit/show.html",
        wave=wave,
        line=_line(wave, published.digests(db())),
        promise=frozen_facts.read_by(db(), wave).words[language()] if wave.promise else None,
        broken=frozen_facts.broken(db(), wave),
        verdict=verdict,
    )


@bp.get("/<code>/promise.json")
@for_auditors
def promise(code: str) -> Response:
    """Hand out the text whose SHA-256 is the promise's fingerprint, byte for byte."""
    wave = _wave_or_404(code)
    if not wave.promise:
        abort(404)
    response = Response(wave.promise, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="promise-{wave.code}.json"'
    return response


def _wave_or_404(code: str) -> Wave:
    try:
        found = waves.wave(db(), code)
    except Refused:
        abort(404)
    if found.state == "draft":
        abort(404)
    return found


def _line(wave: Wave, made: Mapping[str, str]) -> Line:
    return Line(
        wave.code,
        STATES[wave.state],
        day(day_of(wave.opens_at), language()),
        frozen_facts.fingerprint(wave),
        made.get(wave.code, ""),
    )
