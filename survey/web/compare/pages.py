"""Departments over waves, side by side: up to eight, chosen in the address."""

from typing import Final

from flask import Blueprint, render_template, request

from reports.asked_otherwise import asked_otherwise
from reports.comparison.lenses import NAMES, lens_of
from survey.privacy.released import Suppressed
from survey.privacy.thaw import PublishedUnit
from survey.web.access import for_readers, me, unit_visible_to, units_visible_to
from survey.web.compare.panels import panels
from survey.web.compare.told_apart import told_apart
from survey.web.language import language
from survey.web.results import publications

MOST: Final = 8
bp = Blueprint("compare", __name__, url_prefix="/compare")


@bp.get("/")
@for_readers
def show() -> str:
    """Show the chosen units; those of the first level where none was chosen."""
    waves = publications()
    if not waves:
        return render_template("compare/show.html", waves=(), panels=(), choices=(), asked=(), most=MOST)
    choices = units_visible_to(me(), waves[-1])
    asked = tuple(dict.fromkeys(request.args.getlist("unit")))[:MOST]
    units = tuple(unit_visible_to(me(), waves[-1], code) for code in asked) or first(choices)
    lens = lens_of(request.args.get("lens"))
    return render_template(
        "compare/show.html",
        waves=waves,
        panels=panels(units, waves, lens, me(), language()),
        apart=told_apart(units, waves[-1], language()),
        otherwise=asked_otherwise(waves, language()),
        lens=lens,
        lenses=NAMES,
        choices=choices,
        asked={unit.code for unit in units},
        most=MOST,
        top=min((unit.depth for unit in choices), default=0),
    )


def first(choices: tuple[PublishedUnit, ...]) -> tuple[PublishedUnit, ...]:
    """Return what to show where nothing was chosen: the shallowest units of which there are two or more."""
    shown = [unit for unit in choices if not isinstance(unit.figures, Suppressed)]
    for depth in sorted({unit.depth for unit in shown}):
        level = [unit for unit in shown if unit.depth == depth]
        if len(level) > 1:
            return tuple(level[:MOST])
    return tuple(shown[:MOST])
