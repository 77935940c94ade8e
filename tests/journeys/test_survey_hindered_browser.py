"""Somebody answers while the database is away: her answers come back in the page, with a script and without."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.driving import Open, check, choose, press


@pytest.mark.parametrize("script", [True, False])
def test_answers_stay_in_the_page_until_they_are_taken(
    opened: Open,
    codes: list[str],
    home: Path,
    script: bool,  # noqa: FBT001 - a way to answer
) -> None:
    """Nothing is taken, and she reads so; she presses again, and is thanked once the database is back."""
    page = opened(320, "ko", java_script_enabled=script)
    page.goto("/s")
    page.fill("#code", codes[0])
    page.click("form .button.main")
    press(page, "step-1")
    choose(page, "play", 6)
    press(page, "review")
    file, away = home / "survey.db", home / "away.db"
    file.rename(away)
    page.locator("button.button[value=send]").click()
    expect(page.locator("h1")).to_have_text("지금은 답을 받지 못했어요")
    check(page, script=script)
    with page.expect_response("**/s/answer"):  # what is read is the page of before, until there is another one
        page.locator("button.button[value=send]").click()
    expect(page.locator("h1")).to_have_text("지금은 답을 받지 못했어요")
    assert page.locator("input[name=play]").get_attribute("value") == "6"
    away.rename(file)
    if script:  # a reload asks for the code again, and the script goes on where she was
        page.reload()
        expect(page.locator("#said-play + .given")).to_contain_text("6")
    page.locator("button.button[value=send]").first.click()
    expect(page.locator("h1")).to_have_text("고맙습니다. 답을 잘 받았어요.")


def test_a_page_of_somebody_else_does_not_take_the_place_of_hers(opened: Open, codes: list[str]) -> None:
    """Where a proxy answers for a server that is away, her page stays as it was, and says that she is to try again."""
    page = opened(language="en")
    page.goto(f"/s#{codes[0]}")
    press(page, "step-1")
    choose(page, "play", 6)
    page.route("**/s/answer", lambda route: route.fulfill(status=502, body="<h1>502 Bad Gateway</h1>"))
    press(page, "step-2")
    expect(page.locator("#offline")).to_contain_text("Your answers are still on this screen")
    expect(page.locator("#play input[value='6']")).to_be_checked()
    page.unroute("**/s/answer")
    press(page, "step-2")
    expect(page.locator("#economic_pressure")).to_be_visible()
