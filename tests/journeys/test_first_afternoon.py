"""Somebody who has never seen the product sets it up, asks everybody, and holds all reports."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests import cast
from tests.journeys.afternoon import spend


@pytest.mark.browser
@pytest.mark.parametrize(("language", "size"), [("ko", (1280, 900)), ("en", (820, 1180))])
def test_from_an_empty_folder_to_the_zip(
    browser: Browser, tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    """At a desk and on a tablet, in both languages: under half an hour of work to the open wave, three clicks after."""
    roster = tmp_path / "roster.csv"
    roster.write_bytes(cast.roster_csv())
    took = spend(browser, tmp_path / "home", roster, language, size)
    assert took.clicks_to_the_zip == 3
    assert took.minutes < 30
    assert took.clicks < 60
    assert took.reports == 2 * 7
    assert len(took.looked_at) > 15
