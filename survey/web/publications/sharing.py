"""Who can see the results of a wave, and the button that tells them so by letter."""

from dataclasses import dataclass

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from survey.i18n import Sentence, day
from survey.runs.letters import SHARES
from survey.services.accounts.roles import NAMES
from survey.services.publication import sharing
from survey.services.runs import Key, Run
from survey.services.waves import frozen, waves
from survey.web.access import for_hr
from survey.web.database import db
from survey.web.language import language
from survey.web.results import publication_or_404
from survey.web.site import run
from survey.web.waves import sending

bp = Blueprint("sharing", __name__, url_prefix="/publications")


@dataclass(frozen=True)
class Listener:
    """Somebody who can see results: which ones, and since when she has been told."""

    name: str
    role: Sentence
    units: tuple[str, ...]
    told_on: str


@dataclass(frozen=True)
class Audience:
    """All of them, and the run that tells them."""

    listeners: tuple[Listener, ...]
    run: Run

    @property
    def told(self) -> int:
        """How many have been told."""
        return sum(bool(one.told_on) for one in self.listeners)


@bp.post("/<code>/share")
@for_hr
def share(code: str) -> Response:
    """Write to everybody who can see results and has not been told."""
    back = url_for("publications.show", code=code, _anchor="audience")
    return sending.start(SHARES, code, lambda: publication_or_404(code), back)


@bp.get("/<code>/share")
@for_hr
def progress(code: str) -> Response:
    """Tell how many have been told, for the page's script."""
    publication_or_404(code)
    found = audience(code)
    return sending.progress(SHARES, code, found.told, len(found.listeners))


@bp.app_template_global()
def audience(code: str) -> Audience:
    """Return who can see the results of a wave, or will once they are published, for the pages that say so."""
    wave = waves.wave(db(), code)
    tree = {unit.code: unit for unit in frozen.frozen_tree(db(), wave)}
    listeners = tuple(
        Listener(
            one.name,
            NAMES[one.role],
            tuple(tree[unit].names[language()] or unit for unit in one.units),
            day(one.told_on, language()) if one.told_on else "",
        )
        for one in sharing.audience(db(), wave, tree.values())
    )
    return Audience(listeners, run(Key(SHARES.name, code)))
