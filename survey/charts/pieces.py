"""The pieces that charts over waves are drawn of, as few traces as there can be: each costs time here and there."""

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

from survey.charts.scale import with_ends
from survey.charts.sheet import COMPANY, LINE, MUTED, Part, line

LONGEST: Final = 7
"""Characters of one line of a wave's name under an axis."""


def named(waves: Sequence[str], most: int) -> list[str]:
    """Return the names under an axis: on two lines, `most` of them at the most, the newest always.

    >>> named(["2026-Q3", "2026-Q4"], 6), named(["2026-Q2", "2026-Q3", "2026-Q4"], 2)
    (['2026<br>Q3', '2026<br>Q4'], ['2026<br>Q2', '', '2026<br>Q4'])
    """
    every, last = math.ceil(len(waves) / most), len(waves) - 1
    return ["" if (last - place) % every else _in_lines(wave) for place, wave in enumerate(waves)]


def axes(waves: Sequence[str], most: int, axis: tuple[float, float], ticks: Mapping[float, str], size: int) -> Part:
    """Return the axes of a chart over waves: `most` names of waves below, `ticks` on the left; neither can be moved."""
    common: Part = {
        "fixedrange": True, "showline": False, "ticks": "", "zeroline": False,
        "tickfont": {"size": size, "color": MUTED},
    }  # fmt: skip
    below: Part = {
        "range": [-0.5, len(waves) - 0.5], "showgrid": False, "tickangle": 0,
        "tickvals": list(range(len(waves))), "ticktext": named(waves, most),
    }  # fmt: skip
    left: Part = {
        "range": with_ends(axis), "showgrid": bool(ticks), "gridcolor": LINE, "gridwidth": 1,
        "tickvals": list(ticks), "ticktext": list(ticks.values()),
    }  # fmt: skip
    return {"xaxis": {**common, **below}, "yaxis": {**common, **left}}


def _in_lines(name: str) -> str:
    parts = name.split("-", 1)
    return "<br>".join(escape(part if len(part) <= LONGEST else f"{part[: LONGEST - 1]}…") for part in parts)


def runs(values: Sequence[float | None], joined: Sequence[bool]) -> list[list[tuple[int, float]]]:
    """Return what one line joins, run by run: print draws no line with holes in it.

    >>> runs([1.0, 2.0, None, 3.0, 4.0], [False, True, True, True, False])
    [[(0, 1.0), (1, 2.0)], [(3, 3.0)], [(4, 4.0)]]
    """
    found: list[list[tuple[int, float]]] = []
    for place, value in enumerate(values):
        if value is None:
            continue
        if joined[place] and found and found[-1][-1][0] == place - 1:
            found[-1].append((place, value))
        else:
            found.append([(place, value)])
    return found


def at(text: str, x: float, y: float, colour: str, size: int) -> Part:
    """Return words at a place; the rest of an annotation may be added."""
    return {"text": text, "x": x, "y": y, "xref": "x", "yref": "y", "showarrow": False,
            "font": {"size": size, "color": colour}}  # fmt: skip


def path(through: Sequence[tuple[int, float]], style: Part) -> Part:
    """Return one line through some points."""
    return {
        "type": "scatter",
        "x": [place for place, _ in through],
        "y": [value for _, value in through],
        "mode": "lines",
        "hoverinfo": "skip",
        "line": style,
    }


def company_lines(values: Sequence[float | None], apart: Sequence[bool]) -> list[Part]:
    """Return the whole company over the waves, dotted: a line ends where a wave asked otherwise than the one before."""
    style = {**line(COMPANY, 1.5), "dash": "dot"}
    return [path(run, style) for run in runs(values, [not each for each in apart]) if len(run) > 1]


def points(places: Sequence[tuple[int, float]], symbol: str, size: int, colour: str, hover: Sequence[str]) -> Part:
    """Return marks of one kind, each with its words for those who point at it."""
    return {
        "type": "scatter",
        "x": [place for place, _ in places],
        "y": [value for _, value in places],
        "mode": "markers",
        "hoverinfo": "text" if hover else "skip",
        "hovertext": list(hover),
        "marker": {"symbol": symbol, "size": size, "color": colour},
    }
