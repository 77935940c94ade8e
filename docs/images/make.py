"""Make the README's picture anew from the demo company (`.venv/bin/python -m docs.images.make`).

Needs what bin/test installs. Fills a demo company in a temporary folder, serves it on a free port, and puts a unit's
page, the first page of its report and a question on a phone side by side.
"""

import tempfile
import threading
from pathlib import Path
from typing import Final

import pypdfium2
import waitress
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from reports.pdf import render
from survey.database import reading
from survey.services.publication import publication
from survey.web.factory import create_app
from tests.chromium import CHROMIUM, QUIET
from tests.demo_company import DemoCompany, demo_company

TARGET: Final = Path(__file__).with_name("overview.png")
WAVE, UNIT = "2026-Q3", "CARE"
GROUND: Final = "#e9ecf1"
HEIGHT, GAP = 1100, 28


def main() -> None:
    """Make the picture."""
    with tempfile.TemporaryDirectory() as folder, demo_company(Path(folder)) as company:
        server = waitress.create_server(create_app(company.settings), host="127.0.0.1", port=0)
        threading.Thread(target=server.run, daemon=True).start()
        address = f"http://127.0.0.1:{server.effective_port}"
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
            shots = [_unit_page(browser, address, company), _report(company), _question(browser, address, company)]
            browser.close()
        server.close()
    _side_by_side(shots).save(TARGET, optimize=True)


def _unit_page(browser: Browser, address: str, company: DemoCompany) -> Image.Image:
    page = browser.new_page(viewport={"width": 1180, "height": HEIGHT}, locale="en-GB")
    page.goto(f"{address}/sign-in")
    page.fill("#email", "hr@daon.example")
    page.fill("#password", company.sign_ins["hr@daon.example"])
    page.locator("main button[type=submit]").click()
    page.goto(f"{address}/units/{UNIT}?lang=en")
    page.wait_for_timeout(1500)
    return _shot(page.screenshot())


def _question(browser: Browser, address: str, company: DemoCompany) -> Image.Image:
    page = browser.new_page(viewport={"width": 400, "height": HEIGHT}, locale="ko-KR")
    page.goto(f"{address}/s#{company.sign_ins['codes'].split()[0]}")
    page.wait_for_timeout(500)
    return _shot(page.screenshot())


def _report(company: DemoCompany) -> Image.Image:
    with reading(company.engine) as session:
        found = publication.publication(session, WAVE)
    page = pypdfium2.PdfDocument(render(found, UNIT, "ko"))[0]
    image: Image.Image = page.render(scale=HEIGHT / page.get_height()).to_pil()
    return image.convert("RGB")


def _shot(png: bytes) -> Image.Image:
    with tempfile.TemporaryFile() as file:
        file.write(png)
        file.seek(0)
        return Image.open(file).convert("RGB")


def _side_by_side(shots: list[Image.Image]) -> Image.Image:
    width = sum(shot.width for shot in shots) + GAP * (len(shots) + 1)
    sheet = Image.new("RGB", (width, HEIGHT + 2 * GAP), GROUND)
    left = GAP
    for shot in shots:
        sheet.paste(shot, (left, GAP))
        left += shot.width + GAP
    return sheet.resize((width * 3 // 4, (HEIGHT + 2 * GAP) * 3 // 4), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    main()
