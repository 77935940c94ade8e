import re
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.driving import Open, check, choose, press

pytestmark = pytest.mark.browser

WAYS: Final = [
    (360, "ko", True, "light"),
    (320, "en", True, "dark"),
    (1280, "en", True, "light"),
    (360, "ko", True, "dark"),
    (320, "ko", False, "light"),
    (1280, "en", False, "light"),
]


@pytest.mark.parametrize("way", WAYS)
def test_an_employee_answers(opened: Open, codes: list[str], way: tuple[int, str, bool, str]) -> None:
    """From the code to thanks and profile, in steps and as a list, with and without script, axe silent throughout."""
    width, language, script, scheme = way
    page = opened(width, language, java_script_enabled=script, color_scheme=scheme)
    reads_the_promise(page, codes[0], script=script)
    answers_step_by_step(page, script=script)
    changes_her_mind(page, script=script)
    press(page, "send")
    expect(page.locator("#receipt")).to_have_text(re.compile(r"^(\w{4}-){3}\w{4}$"))
    check(page, script=script)
    receipt = page.locator("#receipt").inner_text()
    profile = sees_her_profile(page, receipt, script=script)
    profile.goto("/s/receipt")
    profile.fill("#receipt", receipt)
    profile.click("form .button.main")
    expect(profile.locator("[role=status] h2")).to_have_text({"ko": "집계되었어요", "en": "It was counted"}[language])
    check(profile, script=script)
    enters(profile, codes[0])
    expect(profile.locator("h1")).to_have_text(
        {"ko": "이미 사용한 코드예요", "en": "This code has been used"}[language]
    )
    check(profile, script=script)
    assert page.context.cookies() == []


def enters(page: Page, code: str) -> None:
    """She types her code."""
    page.goto("/s")
    page.fill("#code", code)
    page.click("form .button.main")


def reads_the_promise(page: Page, code: str, *, script: bool) -> None:
    """She types her code and reads what is promised, and what not."""
    page.goto("/s")
    check(page, script=script)
    enters(page, code)
    expect(page.locator(".promise li")).to_have_count(6)
    page.locator("details summary").first.click()
    check(page, script=script)


def answers_step_by_step(page: Page, *, script: bool) -> None:
    """She answers four questions, one at a time, and looks her answers over."""
    press(page, "step-1")
    for step, item in enumerate(("play", "economic_pressure", "inertia", "purpose"), 2):
        choose(page, item, step)
        check(page, script=script)
        press(page, f"step-{step}")
    expect(page.locator("#emotional_pressure")).to_be_visible()
    press(page, "review")
    expect(page.locator(".answers .value")).to_have_text(["2", "3", "4", "5"])
    expect(page.locator(".answers .none")).to_have_count(22)
    check(page, script=script)


def changes_her_mind(page: Page, *, script: bool) -> None:
    """She changes one answer, gives another on the list of all questions, and writes a comment."""
    page.locator("li:has(#said-inertia) button").click()
    expect(page.locator("#inertia input[value='4']")).to_be_checked()
    choose(page, "inertia", 1)
    press(page, "review")
    press(page, "list")
    choose(page, "tactical_5", 7)
    page.fill("#comment", "재미있어요 😀")
    check(page, script=script)
    press(page, "review")
    expect(page.locator(".answers .value")).to_have_text(["2", "3", "1", "5", "7"])
    expect(page.locator(".answers").last).to_contain_text("재미있어요 😀")


def sees_her_profile(page: Page, receipt: str, *, script: bool) -> Page:
    """She opens her profile on a page of its own, which knows no receipt."""
    with page.context.expect_page() as other:
        page.locator("form[target=_blank] button").click()
    expect(other.value.locator(".bars")).not_to_have_count(0)
    assert receipt not in other.value.content()
    check(other.value, script=script)
    return other.value


def test_the_code_of_a_link_reaches_no_address(opened: Open, codes: list[str]) -> None:
    """What follows # goes into the body of a form: no address that the browser asks for or shows holds it."""
    page = opened()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url + str(request.headers.get("referer"))))
    page.goto(f"/s#{codes[0]}")
    expect(page.locator(".promise li")).to_have_count(6)
    press(page, "list")
    expect(page.locator("#play")).to_be_visible()
    assert len(asked) > 3
    assert not any(codes[0] in address for address in [*asked[1:], asked[0].partition("#")[0], page.url])
    assert "#" not in page.url


def test_a_reload_a_closed_page_and_the_back_button_lose_nothing(opened: Open, codes: list[str]) -> None:
    """With script, answers are in the browser until thanks: reload, come back by the link, go back a step."""
    page = opened()
    page.goto(f"/s#{codes[0]}")
    press(page, "step-1")
    choose(page, "play", 6)
    press(page, "step-2")
    choose(page, "economic_pressure", 3)
    page.reload()
    expect(page.locator("#economic_pressure input[value='3']")).to_be_checked()
    page.go_back()
    expect(page.locator("#play input[value='6']")).to_be_checked()
    page.go_forward()
    expect(page.locator("#economic_pressure input[value='3']")).to_be_checked()
    page.goto("about:blank")
    page.goto(f"/s#{codes[0]}")
    expect(page.locator("#economic_pressure input[value='3']")).to_be_checked()
    press(page, "review")
    press(page, "send")
    expect(page.locator("#receipt")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0
    page.go_back()
    expect(page.locator("input#code")).to_have_value("")


def test_another_code_in_the_same_browser_starts_anew(opened: Open, codes: list[str]) -> None:
    """On a shared computer the next person's link does not show the answers of the one before."""
    page = opened()
    page.goto(f"/s#{codes[0]}")
    press(page, "step-1")
    choose(page, "play", 6)
    page.goto("about:blank")
    page.goto(f"/s#{codes[1]}")
    press(page, "step-1")
    expect(page.locator("#play input:checked")).to_have_count(0)


def test_who_stops_leaves_nothing_behind(opened: Open, codes: list[str]) -> None:
    """One link on every page stops and clears the browser: whoever sits down next starts at the field for a code."""
    page = opened()
    page.goto(f"/s#{codes[0]}")
    press(page, "step-1")
    choose(page, "play", 6)
    page.click("[data-clear]")
    expect(page.locator("input#code")).to_have_value("")
    assert page.evaluate("sessionStorage.length") == 0


def test_a_lost_connection_loses_nothing(opened: Open, codes: list[str]) -> None:
    """While the network is gone the page stays, says so, and goes on when it is back."""
    page = opened(language="en")
    page.goto(f"/s#{codes[0]}")
    press(page, "step-1")
    choose(page, "play", 6)
    page.context.set_offline(True)
    press(page, "step-2")
    expect(page.locator("#offline")).to_contain_text("Your answers are still on this screen")
    expect(page.locator("#play input[value='6']")).to_be_checked()
    page.context.set_offline(False)
    press(page, "step-2")
    expect(page.locator("#economic_pressure")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_the_language_changes_in_the_middle(opened: Open, codes: list[str], script: bool) -> None:  # noqa: FBT001 - a way to answer
    """One button changes the language of the page she is on; what she chose stays chosen."""
    page = opened(320, "ko", java_script_enabled=script)
    page.goto("/s")
    page.fill("#code", codes[0])
    page.click("form .button.main")
    press(page, "step-1")
    choose(page, "play", 6)
    page.locator("button.tongue").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("legend")).to_contain_text("work")
    expect(page.locator("#play input[value='6']")).to_be_checked()


def test_pressing_send_twice_counts_once(opened: Open, codes: list[str]) -> None:
    """A hasty double click leads to one thank-you with one receipt."""
    page = opened()
    page.goto(f"/s#{codes[0]}")
    press(page, "step-1")
    press(page, "review")
    page.locator("button[value=send]").dblclick()
    expect(page.locator("h1")).to_have_text("고맙습니다. 답을 잘 받았어요.")


def test_a_text_that_is_too_long_is_told_where_it_stands(opened: Open, codes: list[str]) -> None:
    """A comment stuffed past the limit comes back whole, with the way to mend it, and axe is silent."""
    page = opened(360, "ko")
    page.goto(f"/s#{codes[0]}")
    press(page, "list")
    page.locator("#comment").evaluate("field => field.removeAttribute('maxlength')")
    page.fill("#comment", "가" * 2001)
    choose(page, "play", 2)
    press(page, "review")
    expect(page.locator(".notice[role=alert]:visible")).to_contain_text("2,000자까지")
    expect(page.locator("#comment")).to_have_value("가" * 2001)
    expect(page.locator("#play input[value='2']")).to_be_checked()
    check(page, script=True)
