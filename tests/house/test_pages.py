"""docs/pages.md shows every page: a new route is in the list, with its picture, or says what it is instead."""

from flask import Flask

from docs.images.index import FOLDER, INDEX, index
from docs.images.pages import NO_PAGE, SHOTS, SIZES

LARGEST = 6_000_000
"""Bytes of all pictures: a repository is cloned more often than it is looked at."""


def test_every_page_is_shown_or_says_why_not(app: Flask) -> None:
    """The two lists together are the route map, and share nothing."""
    opened = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())}
    assert SHOTS.keys() & NO_PAGE.keys() == set()
    assert SHOTS.keys() | NO_PAGE.keys() == opened


def test_the_index_is_the_one_that_is_made() -> None:
    """Python -m docs.images.make writes docs/pages.md."""
    assert INDEX.read_text("utf-8") == index()


def test_every_picture_is_there_and_none_is_left_behind() -> None:
    """Two widths in Korean, English where it is asked for; all together stay small."""
    wanted = {f"{endpoint}-ko-{width}" for endpoint in SHOTS for width in SIZES}
    wanted |= {f"{endpoint}-en-{SIZES[0]}" for endpoint, shot in SHOTS.items() if shot.english}
    there = {path.stem for path in FOLDER.glob("*.webp")}
    assert wanted - there == set()
    assert {name for name in there - wanted if not name.startswith(("report-", "survey-"))} == set()
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < LARGEST
