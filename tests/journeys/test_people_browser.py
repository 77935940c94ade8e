import datetime as dt
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine

from tests import cast
from tests.journeys.doors import loaded
from tests.journeys.driving import follow, served, window
from tests.journeys.test_access_browser import check, sign_in
from tests.journeys.test_people import MOVED, OWN


@pytest.mark.browser
@pytest.mark.parametrize(("width", "language"), [(1280, "ko"), (360, "en")])
def test_from_a_file_of_ones_own_to_a_new_roster(
    browser: Browser, app: Flask, engine: Engine, tmp_path: Path, width: int, language: str
) -> None:
    """Wide and narrow, in both languages: errors, columns, preview, person; axe finds nothing, nothing is cut off."""
    loaded(engine)
    files = {
        "errors": cast.roster_csv().replace(b"di@example.com", b"x" * 200),
        "columns": OWN.encode(),
        "branches": MOVED.replace(b"SOUTH", b"WEST"),
    }
    with served(app) as address, window(browser, address, width, language) as page:
        sign_in(page, "Cy", language)
        page.goto("/people/")
        check(page)
        for landmark, data in files.items():
            page.goto("/people/")
            (tmp_path / "roster.csv").write_bytes(data)
            page.set_input_files("[name=file]", tmp_path / "roster.csv")
            page.fill("[name=day]", max(dt.date.today(), cast.TODAY).isoformat())  # noqa: DTZ011 - as the browser shows it
            follow(page, "form[enctype] button[type=submit]")
            page.wait_for_selector(f"#{landmark if landmark != 'columns' else 'choose'}")
            check(page)
        page.evaluate("for (const each of document.querySelectorAll('main details')) each.open = true")
        check(page)
        page.click("[name=seen] + button")
        expect(page.locator("[role=status]")).to_contain_text("27")
        page.fill("[name=words]", "Di")
        follow(page, "form[role=search] button")
        page.click("tbody a")
        page.wait_for_selector("#erase")
        check(page)
