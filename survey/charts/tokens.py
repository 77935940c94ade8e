"""The visual language in numbers, for all that is drawn: pages, survey, letters, charts, PDFs.

python -m survey.charts    writes the style sheet of the pages anew
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

SOURCE: Final = Path(__file__).with_name("tokens.toml")
TARGET: Final = Path(__file__).parents[1] / "static" / "styles" / "tokens.css"
_VARIABLE: Final = re.compile(r"var\(--([\w-]+)\)")
_ALL: Final = tomllib.loads(SOURCE.read_text("utf-8"))

LIGHT: Final[Mapping[str, str]] = _ALL["light"]
"""Colours by name, as on paper."""
DARK: Final[Mapping[str, str]] = _ALL["dark"]
SIZES: Final[Mapping[str, str]] = _ALL["sizes"]
MOTIVES: Final = ("play", "purpose", "potential", "emotional_pressure", "economic_pressure", "inertia")
DIVERGING: Final = ("down-3", "down-2", "down-1", "up-1", "up-2", "up-3")
"""From far below to far above; between them lies what is no colour."""

DRAWN: Final = ("ink", "muted", "line", "ground", "paper", "accent", "rest", *MOTIVES)
"""Colours that figures are made with; a chart on a page wears those of the page instead."""

_BEFORE: Final = """\
/* Written by python -m survey.charts from survey/charts/tokens.toml: change it there. */

:root {
  color-scheme: light dark;
"""
_DARK: Final = """\
}

@media (prefers-color-scheme: dark) {
  :root {
"""
_AFTER: Final = """\
  }
}

@media print {
  :root {
    color-scheme: light;
"""


def style_sheet() -> str:
    """Return tokens.css: each colour in light, in dark, and on paper; `--as-drawn-…` is what charts are made with."""
    shadow = "0 1px 2px rgb(0 0 0 / 6%)"
    light = {**LIGHT, "shade": "rgb(0 0 0 / 16%)", "shadow": shadow}
    dark = {**DARK, "shade": "rgb(0 0 0 / 55%)", "shadow": "none"}
    drawn = {f"as-drawn-{name}": LIGHT[name] for name in DRAWN}
    always = {**SIZES, "focus": "0 0 0 2px var(--paper), 0 0 0 4px var(--accent)"}
    return "".join(
        (
            _BEFORE, *_lines(light, 2), *_lines(drawn, 2), *_lines(always, 2),
            _DARK, *_lines(dark, 4),
            _AFTER, *_lines(light, 4), "  }\n}\n",
        )
    )  # fmt: skip


def _lines(values: Mapping[str, str], deep: int) -> list[str]:
    return [f"{' ' * deep}--{name}: {value};\n" for name, value in values.items()]


def inlined(css: str) -> str:
    """Return styles for print, with the values instead of the names; raises KeyError for a name that is no token.

    >>> inlined("color: var(--ink)")
    'color: #1d2433'
    """
    return _VARIABLE.sub(lambda found: LIGHT[found[1]], css)


def mixed(colour: str, paper: str, share: float) -> str:
    """Return a colour of which only a share is left on a paper, for what knows no transparency.

    >>> mixed("#000000", "#ffffff", 0.2)
    '#cccccc'
    """
    pairs = ((int(colour[at : at + 2], 16), int(paper[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(ink * share + ground * (1 - share)):02x}" for ink, ground in pairs)


def translucent(colour: str, share: float) -> str:
    """Return a colour that lets the paper through.

    >>> translucent("#1b5e8c", 0.16)
    'rgba(27,94,140,0.16)'
    """
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share})"
