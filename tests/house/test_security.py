"""docs/security.md: every requirement once, and nothing named there that is not there."""

import re
import tomllib
from collections import Counter
from functools import cache
from typing import Final

import pytest

from tests.house.source import ROOT

PAGE: Final = ROOT / "docs" / "security.md"
ROW: Final = re.compile(r"^\| (V\d+\.\d+\.\d+) \| ([12]) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
NAMED: Final = re.compile(r"`(tests/[\w/]+\.py)(?:::(test_\w+))?`")
OPEN: Final = "**not met**, see [above](#not-met)"
SAYING: Final = ("*document*", "*operator*")


def rows() -> list[tuple[str, str, str, str, str]]:
    """Return id, level, requirement, how it is met, and what shows it."""
    return [found.groups() for found in ROW.finditer(PAGE.read_text("utf-8"))]  # type: ignore[misc] # five groups


def open_ones() -> set[str]:
    """Return the ids of the section on what is not met."""
    section = PAGE.read_text("utf-8").split("\n## Not met\n")[1].split("\n## ")[0]
    return set(
        re.findall(r"V\d+\.\d+\.\d+", "".join(line.split("|")[1] for line in section.splitlines() if "|" in line))
    )


@cache
def named_in(path: str) -> frozenset[str]:
    """Return the tests of a file."""
    return frozenset(re.findall(r"^(?:async )?def (test_\w+)", (ROOT / path).read_text("utf-8"), re.MULTILINE))


def test_every_requirement_stands_there_once() -> None:
    """Those of levels 1 and 2 of ASVS 5.0, each with its level, in our own words."""
    asked = tomllib.loads((ROOT / "tests" / "house" / "asvs.toml").read_text("utf-8"))
    expected = {number: level[-1] for level in ("level_1", "level_2") for number in asked[level]}
    assert (len(asked["level_1"]), len(asked["level_2"])) == (70, 183)
    assert Counter(row[0] for row in rows()) == Counter(list(expected))
    assert {row[0]: row[1] for row in rows()} == expected


def test_every_requirement_says_how_it_is_met() -> None:
    """By a test, by a page, by the operator; or why it does not apply; or that it is not met, with a word of why."""
    for number, _level, _what, how, shown in rows():
        if how.startswith("*not applicable*: ") or how == OPEN:
            assert shown == "–", number
        elif shown in SAYING:
            assert shown == SAYING[1] or "](" in how, number
        else:
            assert NAMED.sub("", shown).strip(", ") == "", number
    assert {row[0] for row in rows() if row[3] == OPEN} == open_ones()


@pytest.mark.parametrize(("path", "test"), sorted(set(NAMED.findall(PAGE.read_text("utf-8")))))
def test_what_is_named_is_there(path: str, test: str) -> None:
    """A test that is named exists, in its file."""
    assert (ROOT / path).is_file()
    assert not test or test in named_in(path)


def test_places_on_the_page_are_there() -> None:
    """A link to a section of the page finds it."""
    text = PAGE.read_text("utf-8")
    known = {
        re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([\w-]+)\)", text)) <= known
