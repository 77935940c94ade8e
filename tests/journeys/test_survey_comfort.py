from typing import Final

import pytest
from playwright.sync_api import expect

from tests.journeys.driving import Open, press

pytestmark = pytest.mark.browser

TARGET: Final = 44
"""Pixels: the smallest side of what a thumb should hit."""


def test_the_keyboard_is_enough(opened: Open, codes: list[str]) -> None:
    """Tab, arrows, space and Enter lead from the code to thanks; what has the focus is seen."""
    page = opened(1280, "en")
    page.goto("/s")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type(codes[0])
    page.keyboard.press("Enter")
    expect(page.locator(".promise")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("summary").first).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#play")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#play input[value='5']")).to_be_checked()
    ring = "getComputedStyle(document.activeElement.nextElementSibling).outlineStyle"
    assert page.evaluate(ring) == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("#economic_pressure")).to_be_visible()
    page.locator("button.button.plain[value=review]").focus()
    page.keyboard.press("Enter")
    page.locator("button[value=send]").focus()
    page.keyboard.press("Space")
    expect(page.locator("#receipt")).to_be_visible()


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_seven_numbers_stand_in_one_row_for_thumbs(opened: Open, codes: list[str], width: int) -> None:
    """Even at 320 px the seven numbers share a row, and each can be hit on 44 by 44 pixels; so can every button."""
    page = opened(width)
    page.goto(f"/s#{codes[0]}")
    press(page, "list")
    expect(page.locator("#play")).to_be_visible()
    boxes = [each.bounding_box() for each in page.locator("#play .points label").all()]
    assert len({box["y"] for box in boxes if box}) == 1
    boxes += [each.bounding_box() for each in page.locator("button:visible:not(.unseen), .skip").all()]
    assert all(box and box["width"] >= TARGET and box["height"] >= TARGET for box in boxes)
