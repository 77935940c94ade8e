"""Make the pictures of all pages, docs/pages.md and README's picture anew (`.venv/bin/python -m docs.images.make`).

Needs what bin/test installs, and some minutes. Fills a demo company in a temporary folder, plans one more wave, opens
the page of a unit, serves it on a free port, and goes through `docs.images.pages`. With names of endpoints it makes
only those: `python -m docs.images.make units.show report survey overview`.
"""

import datetime as dt
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pypdfium2
import waitress
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy.orm import Session

from docs.images.index import FOLDER, INDEX, index, name
from docs.images.pages import DRAFT, OPEN, SHOTS, SIZES, UNIT, WAVE, Shot
from reports.pdf import render
from survey.charts.tokens import LIGHT
from survey.database import reading, writing
from survey.services.open_pages import open_pages
from survey.services.open_pages.open_pages import Choice
from survey.services.practices import library, register
from survey.services.publication import publication
from survey.services.waves import waves
from survey.services.waves.wave_plans import WaveDraft, draft
from survey.web.factory import create_app
from tests.chromium import chromium
from tests.demo_company import NOW, DemoCompany, demo_company

OVERVIEW: Final = Path(__file__).with_name("overview.png")
ACCOUNTS: Final = {"HR": "hr@daon.example", "a leader": "care@daon.example"}
LONGEST: Final = {1280: 2600, 360: 1900}
"""Pixels of a page that are shown, by its width; what is longer is cut."""
SHOWN: Final = {1280: 800, 360: 300}
"""Width of a picture."""
SECONDS: Final = 0.7
ERROR: Final = 400
HEIGHT: Final = 1100
GAP: Final = 28


def main(only: frozenset[str]) -> None:
    """Make the pictures, of all pages or of some."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as home, demo_company(Path(home)) as company:
        filled = _fill(company)
        with _served(company) as address, chromium() as browser:
            for endpoint, shot in SHOTS.items():
                if not only or endpoint in only:
                    _take(browser, address, company, endpoint, shot, shot.path.format(**filled))
            if not only or "report" in only:
                _report_pages(company)
            if not only or "survey" in only:
                _survey_pages(browser, address, company)
            if not only or OVERVIEW.stem in only:
                _overview(browser, address, company)
    INDEX.write_text(index(), "utf-8")


def _fill(company: DemoCompany) -> dict[str, str]:
    """Plan a wave and open a page, and return what addresses are filled with."""
    with writing(company.engine) as session:
        opens = dt.datetime(2027, 2, 15, 0, 0)
        draft(session, WaveDraft(code=DRAFT, opens_at=opens, closes_at=opens + dt.timedelta(days=11)), NOW)
        told = publication.publication(session, WAVE)
        key = open_pages.open_page(session, told, UNIT, Choice(open_pages.PARTS, "free_script"), NOW, 1).key
        return {"key": key, **_names(session)}


def _names(session: Session) -> dict[str, str]:
    asked = waves.wave(session, OPEN)
    habits = [each for each in register.entries(session) if each.unit.startswith(UNIT)]
    return {
        "habit": f"{habits[0].unit}/{habits[0].practice}",
        "own": library.own(session)[0].practice.id,
        "instrument": f"{asked.instrument_id}/{asked.instrument_version}",
    }


@contextmanager
def _served(company: DemoCompany) -> Iterator[str]:
    server = waitress.create_server(create_app(company.settings), host="127.0.0.1", port=0)
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()


def _take(browser: Browser, address: str, company: DemoCompany, endpoint: str, shot: Shot, path: str) -> None:
    """Take the pictures of one page: Korean at both widths, English at the larger one where it tells something."""
    for language, width in (*(("ko", width) for width in SIZES), *([("en", SIZES[0])] if shot.english else [])):
        with _visitor(browser, address, company, shot, language, width) as page:
            answer = page.goto(f"{address}{path}")
            asked, came = path.partition("?")[0], page.url.removeprefix(address).partition("?")[0]
            if answer is None or (answer.status >= ERROR and endpoint != "responses.nowhere") or came != asked:
                raise SystemExit(f"{endpoint}: {path} led to {came} ({answer and answer.status})")
            _keep(page, name(endpoint, language, width), width)


_STATES: Final[dict[tuple[str, str], object]] = {}
"""Who has signed in before, by account and language: signing in is slow on purpose."""


@contextmanager
def _visitor(
    browser: Browser, address: str, company: DemoCompany, shot: Shot, language: str, width: int
) -> Iterator[Page]:
    kept = _STATES.get((shot.who, language))
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        locale={"ko": "ko-KR", "en": "en-GB"}[language],
        storage_state=kept,  # type: ignore[arg-type] # as Playwright gave it
    )
    page = context.new_page()
    if shot.who in ACCOUNTS and kept is None:
        _sign_in(page, address, company, ACCOUNTS[shot.who], language)
        _STATES[shot.who, language] = context.storage_state()
    yield page
    context.close()


def _sign_in(page: Page, address: str, company: DemoCompany, email: str, language: str) -> None:
    page.goto(f"{address}/sign-in?lang={language}")
    page.fill("#email", email)
    page.fill("#password", company.sign_ins[email])
    page.locator("main button[type=submit]").click()
    page.wait_for_load_state()
    page.goto(f"{address}/?lang={language}")


def _keep(page: Page, name: str, width: int) -> None:
    page.wait_for_timeout(SECONDS * 1000)
    tall = min(LONGEST[width], int(page.evaluate("document.documentElement.scrollHeight")))
    page.set_viewport_size({"width": width, "height": max(tall, 500)})
    page.wait_for_timeout(SECONDS * 1000)
    _save(_image(page.screenshot()), name, SHOWN[width])


def _save(image: Image.Image, name: str, width: int) -> None:
    """Keep a picture as small as it can be read."""
    height = image.height * width // image.width
    small = image.resize((width, height), Image.Resampling.LANCZOS)
    small.save(FOLDER / f"{name}.webp", quality=52, method=6)


def _image(png: bytes) -> Image.Image:
    with tempfile.TemporaryFile() as file:
        file.write(png)
        file.seek(0)
        return Image.open(file).convert("RGB")


def _report_pages(company: DemoCompany) -> None:
    for number, image in enumerate(_report(company, "ko"), 1):
        _save(image, f"report-{number}", 600)


def _report(company: DemoCompany, language: str) -> list[Image.Image]:
    with reading(company.engine) as session:
        found = publication.publication(session, WAVE)
    pages = pypdfium2.PdfDocument(render(found, UNIT, language))
    return [page.render(scale=HEIGHT / page.get_height()).to_pil().convert("RGB") for page in pages]


def _survey_pages(browser: Browser, address: str, company: DemoCompany) -> None:
    """Take the promise and a question as somebody with a letter sees them."""
    context, page = _with_letter(browser, address, company)
    _save(_image(page.screenshot()), "survey-welcome", SHOWN[360])
    page.locator("main button.main, main .button.main").first.click()
    page.wait_for_timeout(SECONDS * 1000)
    _save(_image(page.screenshot()), "survey-question", SHOWN[360])
    context.close()


def _with_letter(browser: Browser, address: str, company: DemoCompany) -> tuple[BrowserContext, Page]:
    context = browser.new_context(viewport={"width": 400, "height": HEIGHT}, locale="ko-KR")
    page = context.new_page()
    page.goto(f"{address}/s#{company.sign_ins['codes'].split()[0]}")
    page.wait_for_timeout(SECONDS * 1000)
    return context, page


def _overview(browser: Browser, address: str, company: DemoCompany) -> None:
    """Put a unit's page, the first page of its report and the promise on a phone side by side, for README."""
    with _visitor(browser, address, company, SHOTS["units.show"], "en", 1180) as page:
        page.set_viewport_size({"width": 1180, "height": HEIGHT})
        page.goto(f"{address}/units/{UNIT}")
        page.wait_for_timeout(2 * SECONDS * 1000)
        leader = _image(page.screenshot())
    context, page = _with_letter(browser, address, company)
    phone = _image(page.screenshot())
    context.close()
    _side_by_side([leader, _report(company, "ko")[0], phone]).save(OVERVIEW, optimize=True)


def _side_by_side(shots: list[Image.Image]) -> Image.Image:
    width = sum(shot.width for shot in shots) + GAP * (len(shots) + 1)
    sheet = Image.new("RGB", (width, HEIGHT + 2 * GAP), LIGHT["line"])
    left = GAP
    for shot in shots:
        sheet.paste(shot, (left, GAP))
        left += shot.width + GAP
    small = sheet.resize((width * 3 // 4, (HEIGHT + 2 * GAP) * 3 // 4), Image.Resampling.LANCZOS)
    return small.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)


if __name__ == "__main__":
    main(frozenset(sys.argv[1:]))
