"""Departments over waves, side by side: up to eight, chosen in the address."""

from functools import partial

from flask import redirect, render_template
from werkzeug.wrappers import Response

from reports.comparison.beside import names
from reports.comparison.building import comparison
from reports.comparison.lenses import NAMES
from reports.comparison.measures import measures
from survey.web.access import for_readers, me, sees, units_visible_to
from survey.web.compare.address import MOST, asked, better, of, words
from survey.web.compare.blueprint import bp
from survey.web.compare.chooser import chooser, first
from survey.web.compare.panels import bands, panels
from survey.web.language import language
from survey.web.results import publications, read_over


@bp.get("/")
@for_readers
def show() -> str | Response:
    """Show the chosen units; those of the first level where none was chosen."""
    waves = publications()
    if not waves:
        return render_template("compare/none.html", waves=())
    choice = asked(waves)
    shorter = better(choice, waves)
    if shorter is not None:
        return redirect(shorter, 303)
    visible = units_visible_to(me(), waves[-1])
    if not visible:
        return render_template("compare/none.html", waves=waves)
    level = first(visible)
    chosen = tuple(waves[-1].unit(code) for code in choice.units) or level[:MOST]
    fits = len(chosen) <= MOST
    read_over(waves, [unit.code for unit in chosen[:MOST]], back=choice.lens == "origin")
    found = comparison(of(choice, chosen), waves, partial(sees, me()), language()) if fits else None
    return render_template(
        "compare/show.html",
        found=found,
        panels=panels(found) if found else (),
        bands=bands(found) if found else None,
        chosen=chosen,
        choice=choice,
        chooser=chooser(chosen, of(choice, chosen), visible, waves, words(), language()),
        find=words(),
        waves=waves,
        codes=[wave.wave.code for wave in waves],
        measures=measures(waves[-1], language()),
        outcomes=names(waves, language()),
        lenses=NAMES,
        most=MOST,
        level=len(level) if not choice.units else 0,
    )
