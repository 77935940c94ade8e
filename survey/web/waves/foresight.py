"""What each unit will probably be able to see: shown to HR before a wave is opened."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, abort, render_template, request

from survey.i18n import Refused
from survey.services.waves import foresight
from survey.services.waves.foresight import FEW, LAST, USUAL, Foreseen, Line
from survey.services.waves.freezing import FrozenUnit
from survey.services.waves.frozen import joins_of
from survey.web.access import for_hr
from survey.web.database import db
from survey.web.waves import wave_page

ROWS: Final = 400
"""Units on one page; of a larger company it shows a branch at a time."""
LISTED: Final = 50
"""Entries of the other lists; the command `survey foresee` prints all."""

bp = Blueprint("foresight", __name__, url_prefix="/waves")


@dataclass(frozen=True)
class Branch:
    """The part of the tree that is shown."""

    lines: tuple[Line, ...]
    path: tuple[FrozenUnit, ...]
    """The units above it, the company first; () where the whole tree is shown."""
    opens: frozenset[str]
    """Units whose own branch is a page away."""


@dataclass(frozen=True)
class Outlook:
    """What is foreseen, for the page."""

    seen: Foreseen
    branch: Branch
    figures: Counter[str]
    details: Counter[str]
    """Units where people answer, by how likely they see it."""
    few: tuple[Line, ...]

    @property
    def percent(self) -> str:
        """The assumed participation in per cent; "" for that of the last wave."""
        return "" if self.seen.assumed == LAST else self.seen.assumed


@bp.get("/<code>/foresight")
@for_hr
def show(code: str) -> str:
    """Show it for the participation that the address asks for."""
    wave = wave_page.wave_or_404(code)
    if wave.state != "draft":
        abort(404)
    outlook, refused = None, None
    try:
        outlook = outlook_of(foresight.foreseen(db(), wave, request.args.get("assumed", USUAL)))
    except Refused as why:
        refused = why.sentence
    return render_template(
        "foresight/show.html",
        wave=wave_page.wave_facts(wave),
        outlook=outlook,
        refused=refused,
        joins=joins_of(wave),
        words=foresight.WORDS,
        told=foresight.told,
        few=FEW,
        listed=LISTED,
    )


def outlook_of(seen: Foreseen) -> Outlook:
    """Count what is foreseen, and choose the part of the tree that the address asks for."""
    return Outlook(
        seen,
        branch_of(seen.lines, request.args.get("unit", "")),
        Counter(line.figures.likely for line in seen.places),
        Counter(line.details.likely for line in seen.places),
        tuple(line for line in seen.places if line.few),
    )


def branch_of(lines: Sequence[Line], code: str, most: int = ROWS) -> Branch:
    """Return the whole tree where it has no more than `most` units, else a unit with those directly below it."""
    if len(lines) <= most:
        return Branch(tuple(lines), (), frozenset())
    by_code = {line.unit.code: line for line in lines}
    top = by_code.get(code, lines[0]).unit
    path = [top]
    while (above := path[-1].parent) is not None:
        path.append(by_code[above].unit)
    inner = {line.unit.parent for line in lines}
    shown = tuple(line for line in lines if top.code in {line.unit.code, line.unit.parent})
    opens = frozenset(line.unit.code for line in shown[1:] if line.unit.code in inner)
    return Branch(shown, tuple(reversed(path)), opens)
