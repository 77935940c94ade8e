"""One visual language: colours stand in one file, can be read, and are told apart by every kind of sight."""

import re
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Final

import pytest

from survey.charts.tokens import DARK, DIVERGING, LIGHT, MOTIVES, SIZES, TARGET, style_sheet
from tests.colours import SIGHTS, contrast, nearest
from tests.house.source import ROOT

STYLES: Final = ROOT / "survey" / "static"
HEX: Final = re.compile(r"(?<![&\w}])#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b(?![\w-])|rgba?\((?!0 0 0|0,0,0)\d[^)]*\)")
MARK: Final = STYLES / "mark.svg"
"""The icon of a browser's tab is read before any style; its two colours are held against the tokens below."""
SHOWN: Final[Mapping[str, Mapping[str, str]]] = {"light": LIGHT, "dark": DARK}
TEXT: Final = 4.5
GRAPHICS: Final = 3.0
"""WCAG 2.2, 1.4.3 and 1.4.11, level AA."""
APART: Final = 11.0
"""CIEDE2000 between two motives; 2.3 is what trained eyes just notice side by side."""
STEP_APART: Final = 8.0
"""Between two steps of the diverging scale, whose cells hold their numbers besides."""
PAGES: Final = ("paper", "ground", "raised")
ON_PAGES: Final = ("ink", "muted", "accent", "accent-strong", "warm")
ON_TINTS: Final = (
    ("ink", "accent-soft"), ("accent-strong", "accent-soft"), ("muted", "accent-soft"), ("ink", "warm-soft"),
    ("warm", "warm-soft"), ("on-accent", "accent"), ("on-accent", "accent-strong"), ("faint", "paper"),
    ("ink", "up-1"), ("ink", "up-2"), ("on-deep", "up-3"), ("ink", "down-1"), ("ink", "down-2"), ("on-deep", "down-3"),
)  # fmt: skip


def sources() -> Iterator[Path]:
    """Yield every file that could hold a colour of its own."""
    for folder, endings in (("survey", "py css js svg"), ("templates", "html css"), ("reports", "py"), ("docs", "py")):
        for ending in endings.split():
            for path in sorted((ROOT / folder).rglob(f"*.{ending}")):
                if "vendor" not in path.parts and path not in {TARGET, MARK}:
                    yield path


def test_the_style_sheet_is_made_of_the_tokens() -> None:
    """Nobody edits tokens.css by hand: python -m survey.charts writes it."""
    assert TARGET.read_text("utf-8") == style_sheet()


def test_no_colour_stands_anywhere_else() -> None:
    """Pages, survey, letters, charts and PDFs name a token; a change of one is a change of all."""
    found = [
        f"{path.relative_to(ROOT)}:{number}: {match[0]}"
        for path in sources()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        for match in HEX.finditer(line)
        if ">>>" not in line and not line.strip().startswith(("'#", "'rgba", "'color", "\"'rgba"))
    ]
    assert found == []


def test_the_tab_icon_wears_two_motives() -> None:
    """One of each side, as in the head of every page."""
    assert HEX.findall(MARK.read_text("utf-8")) == [LIGHT["play"], LIGHT["emotional_pressure"]]


def test_light_and_dark_name_the_same_colours() -> None:
    """A token without its dark sister would shine at night."""
    assert LIGHT.keys() == DARK.keys()


def test_every_variable_is_one_of_the_tokens_or_of_its_own_file() -> None:
    """A misspelt name would be no colour at all, and nobody would be told."""
    known = {*LIGHT, *SIZES, "shade", "shadow", "focus"}
    wrong = [
        f"{path.name}: --{name}"
        for path in sorted(STYLES.rglob("*.css"))
        if "vendor" not in path.parts
        for name in re.findall(r"var\(--([\w-]+)", path.read_text("utf-8"))
        if name not in known | set(re.findall(r"--([\w-]+):", path.read_text("utf-8")))
    ]
    assert wrong == []


def test_sizes_of_type_are_those_of_the_scale() -> None:
    """Shared styles take every size from the scale; only paper has points."""
    wrong = [
        f"{path.name}: {size}"
        for path in sorted((STYLES / "styles").glob("*.css"))
        if path.name != "print.css"
        for size in re.findall(r"font-size: ([^;]+);", path.read_text("utf-8"))
        if not size.startswith("var(--")
    ]
    assert wrong == []


@pytest.mark.parametrize("shown", SHOWN)
def test_text_can_be_read(shown: str) -> None:
    """4.5 to 1 on every ground that text stands on, in light and dark."""
    colours = SHOWN[shown]
    pairs = (*product(ON_PAGES, PAGES), *ON_TINTS)
    wrong = {pair: contrast(*(colours[name] for name in pair)) for pair in pairs}
    assert {pair: round(found, 2) for pair, found in wrong.items() if found < TEXT} == {}


@pytest.mark.parametrize("shown", SHOWN)
def test_graphics_can_be_seen(shown: str) -> None:
    """3 to 1 for every motive, the marks of charts and the edges of what is filled in, in light and dark."""
    colours = SHOWN[shown]
    pairs = product((*MOTIVES, "accent", "rest", "edge", "faint"), PAGES)
    wrong = {pair: contrast(*(colours[name] for name in pair)) for pair in pairs}
    assert {pair: round(found, 2) for pair, found in wrong.items() if found < GRAPHICS} == {}


@pytest.mark.parametrize(("shown", "sight"), list(product(SHOWN, SIGHTS)))
def test_motives_are_told_apart_by_every_kind_of_sight(shown: str, sight: str) -> None:
    """Two motives never look alike, whichever cones an eye has; their names stand beside them all the same."""
    found, one, other = nearest({name: SHOWN[shown][name] for name in MOTIVES}, sight)
    assert found >= APART, f"{one} and {other}"


@pytest.mark.parametrize(("shown", "sight"), list(product(SHOWN, SIGHTS)))
def test_steps_of_the_diverging_scale_are_told_apart(shown: str, sight: str) -> None:
    """Also above from below: blue and orange, never red and green."""
    colours = SHOWN[shown]
    found, one, other = nearest({name: colours[name] for name in (*DIVERGING, "ground")}, sight)
    assert found >= STEP_APART, f"{one} and {other}"
