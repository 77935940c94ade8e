"""The sheet of units: one line each, in the order of the tree, never by a number."""

from collections.abc import Iterator

from reports import sentences
from reports.leaning import label
from reports.workbook.sheets import Cell, Column, Row, Sheet, high, low, shown, words
from reports.workbook.view import View
from survey.i18n import Sentence
from survey.instruments.model import Scale
from survey.privacy.record import Rest, UnitFigures
from survey.privacy.released import Suppressed
from survey.privacy.thaw import PublishedUnit


def units(view: View) -> Sheet:
    """Return the sheet."""
    return Sheet(
        name=view.say(Sentence("Units")),
        title=view.say(Sentence("Units of %(company)s, wave %(wave)s", view.facts)),
        lead=view.say(
            Sentence(
                "In the order of the tree. This is no ranking: groups that differ by less than their intervals cannot "
                "be told apart."
            )
        ),
        columns=_columns(view),
        rows=tuple(_rows(view)),
    )


def _columns(view: View) -> list[Column]:
    say = view.say
    return [
        words(say(Sentence("Unit")), 30),
        words(say(Sentence("Code")), 12),
        words(say(Sentence("Part of")), 20),
        Column(say(Sentence("People invited")), 10),
        words(say(Sentence("Taking part")), 11),
        Column(say(Sentence("Answers")), 9),
        Column(view.index_name, 12),
        Column(say(Sentence("From")), 9),
        Column(say(Sentence("To")), 9),
        *(Column(scale.name[view.language], 11) for scale in _scales(view)),
        Column(say(Sentence("Direct minus indirect")), 11),
        Column(say(Sentence("Against the rest of the company")), 12),
        Column(say(Sentence("Adaptive minus tactical, against the rest")), 13),
        words(say(Sentence("Which way it leans")), 44),
        words(say(Sentence("Why not shown")), 44, wraps=True),
    ]


def _rows(view: View) -> Iterator[Row]:
    for unit in view.units:
        yield Row(_cells(unit, view), unit.depth, strong=unit.depth == 0, muted=isinstance(unit.figures, Suppressed))
        if unit.rest is not None and view.whole(unit):
            yield Row(_rest(unit, unit.rest.value, view), unit.depth + 1)


def _cells(unit: PublishedUnit, view: View) -> list[Cell]:
    above = view.publication.path(unit.code)[-2:-1]
    about: list[Cell] = [
        unit.name(view.language),
        unit.code,
        above[0].name(view.language) if above else "",
        unit.invited or None,
        unit.participation,
    ]
    if isinstance(unit.figures, Suppressed):
        why = view.say(sentences.hidden(unit.figures.reason, view.publication.policy))
        return [*about, *[None] * (8 + len(_scales(view))), why]
    return [*about, *_figures(unit.figures.value, view), _leaning(unit, view), ""]


def _figures(figures: UnitFigures, view: View) -> list[Cell]:
    gap = getattr(figures.contribution, "gap", None)
    return [
        figures.n,
        *_index_and_scales(figures, view),
        shown(figures.twin, view.language),
        shown(gap, view.language),
        shown(figures.balance, view.language),
    ]


def _index_and_scales(figures: UnitFigures | Rest, view: View) -> list[Cell]:
    return [
        shown(figures.index, view.language),
        low(figures.index),
        high(figures.index),
        *(shown(figures.scales.get(scale.id), view.language) for scale in _scales(view)),
    ]


def _rest(unit: PublishedUnit, rest: Rest, view: View) -> list[Cell]:
    name = view.say(Sentence("The rest of %(unit)s", {"unit": unit.name(view.language)}))
    codes = " ".join(rest.units)
    return [name, "", unit.name(view.language), None, "", rest.n, *_index_and_scales(rest, view), *[None] * 3, "",
            view.say(Sentence("Taken together: %(units)s", {"units": codes}))]  # fmt: skip


def _leaning(unit: PublishedUnit, view: View) -> str:
    return view.say(label(unit.detail, view.publication)[0]) if view.whole(unit) and unit.depth else ""


def _scales(view: View) -> list[Scale]:
    asked = {column.scale for column in view.publication.columns}
    return [scale for scale in view.publication.instrument.scales if scale.id in asked]
