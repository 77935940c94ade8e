"""Small units are joined into named groups before a wave is opened."""

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.forms.joins import JoinForm
from survey.i18n import Refused, Sentence
from survey.services.waves import joins
from survey.services.waves.foresight import FEW
from survey.services.waves.frozen import joins_of, roster_today
from survey.services.waves.joining import Join
from survey.services.waves.joins import Siblings
from survey.services.waves.waves import Wave
from survey.web.access import for_hr, me
from survey.web.acts import act
from survey.web.clock import now
from survey.web.database import db, done, roll_back
from survey.web.language import language, say
from survey.web.waves import wave_page

LISTED: Final = 50

bp = Blueprint("joins", __name__, url_prefix="/waves")


@dataclass(frozen=True)
class Groups:
    """The joined groups of a draft, and what could be joined besides."""

    joined: tuple[tuple[Join, str], ...]
    """Each with the names of its units."""
    beside: tuple[Siblings, ...]
    """Units side by side, one of them small at least: those with the smallest first, `LISTED` at most."""
    chosen: Siblings | None
    """Those that the form offers."""


@bp.get("/<code>/joins")
@for_hr
def show(code: str) -> str:
    """Show the groups of a draft, and the form for the units under the one that the address names."""
    return _page(_draft(code), request.args.get("parent", ""), JoinForm())


@bp.post("/<code>/joins")
@for_hr
def join(code: str) -> Response | tuple[str, int]:
    """Join the units that were ticked."""
    wave, parent, form = wave_page.wave_or_404(code), request.form.get("parent", ""), JoinForm(request.form)

    def action() -> Sentence:
        names = {"ko": form.name_ko.data or "", "en": form.name_en.data or ""}
        group = joins.join(db(), code, form.units.data or (), names, now(), me().id)
        done()
        return Sentence("The group %(group)s is joined.", {"group": group.names[language()]})

    if wave.state != "draft":
        return act(action, url_for("waves.show", code=code))  # refused, and logged
    found = _groups(wave, parent).chosen
    form.units.choices = [(unit.code, unit.code) for unit in found.units] if found else []
    if not form.validate():
        return _page(wave, parent, form), 422
    try:
        flash(say(action()), "done")
    except Refused as refused:
        roll_back()
        return _page(_draft(code), parent, form, refused.sentence), 422
    return redirect(url_for("foresight.show", code=code), 303)


@bp.post("/<code>/joins/undo")
@for_hr
def undo(code: str) -> Response:
    """Let the units of a group count for themselves again."""

    def action() -> Sentence:
        group = joins.unjoin(db(), code, request.form.get("group", ""), now(), me().id)
        done()
        return Sentence("The units of %(group)s count for themselves again.", {"group": group.names[language()]})

    if wave_page.wave_or_404(code).state != "draft":
        return act(action, url_for("waves.show", code=code))
    return act(action, url_for("joins.show", code=code))


def _draft(code: str) -> Wave:
    wave = wave_page.wave_or_404(code)
    if wave.state != "draft":
        abort(404)
    return wave


def _page(wave: Wave, parent: str, form: JoinForm, problem: Sentence | None = None) -> str:
    facts = wave_page.wave_facts(wave)
    return render_template(
        "foresight/joins.html",
        wave=facts,
        groups=_groups(wave, parent),
        form=form,
        problem=problem,
        few=FEW,
        listed=LISTED,
    )


def _groups(wave: Wave, parent: str) -> Groups:
    roster, joined = roster_today(db()), joins_of(wave)
    names = {unit.code: unit.names[language()] for unit in roster.units}
    found = joins.siblings(roster, joined)
    return Groups(
        tuple((group, ", ".join(names.get(member, member) for member in group.members)) for group in joined),
        tuple(each for each in found if each.smallest < FEW)[:LISTED],
        next((each for each in found if each.parent.code == parent), None),
    )
