"""A draft on HR's pages: changed beside its preview, passed by a list, opened by itself; letters; an extension."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine, select, text

from survey.database import reading, writing
from survey.models import AuditEntry, LetterText, Wave
from survey.services.here import day_of, utc_of
from survey.services.invitations import announcing
from survey.services.runs import Key
from survey.services.waves import wave_plans, waves
from survey.settings import Settings
from survey.web.clock import now
from tests import cast
from tests.journeys.doors import SEEN, Visitor, loaded
from tests.journeys.driving import check, follow, served, window
from tests.services.test_letter_texts import WELL

WAVE = "2027-Q1"
SEOUL = ZoneInfo("Asia/Seoul")
PREVIEW = "/waves/preview"


@pytest.fixture
def hr(client: FlaskClient, engine: Engine) -> Visitor:
    """Cy, who is HR."""
    loaded(engine)
    return Visitor(client).sign_in("Cy")


def plan(**changed: object) -> dict[str, object]:
    """What HR types to plan a wave from tomorrow morning on."""
    first = day_of(now(), SEOUL) + dt.timedelta(1)
    days = {"opens_on": first.isoformat(), "closes_on": (first + dt.timedelta(14)).isoformat()}
    hours = {"opens_time": "08:30", "closes_time": "17:45"}
    return {"code": WAVE, **days, **hours, "k": "5", "detail_k": "10", "reminds": "yes", **changed}


def planned(hr: Visitor, **changed: object) -> None:
    """Keep a plan."""
    answer = hr.post("/waves/new", plan(**changed), page="/waves/new")
    assert answer.status_code == 303, answer.text


def kept(engine: Engine) -> Wave:
    """Return the wave as the database has it."""
    with reading(engine) as session:
        return waves.wave(session, WAVE)


def acts(engine: Engine) -> list[str]:
    """Return what the log holds."""
    with reading(engine) as session:
        return list(session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))


def test_hours_are_those_of_the_company(hr: Visitor, engine: Engine) -> None:
    """What is typed is Seoul's time, whatever the server's is; the page names the zone and shows what was typed."""
    planned(hr)
    first = day_of(now(), SEOUL) + dt.timedelta(1)
    assert kept(engine).opens_at == utc_of(dt.datetime.combine(first, dt.time(8, 30)), SEOUL)
    assert kept(engine).reminds
    page = hr.get(f"/waves/{WAVE}/plan").text
    assert 'value="08:30"' in page
    assert page.count("Asia/Seoul (UTC+09:00)") == 1
    assert "17:45, Asia/Seoul (UTC+09:00)" in hr.get(f"/waves/{WAVE}").text


def test_a_plan_is_changed_in_its_form(hr: Visitor, engine: Engine) -> None:
    """The form shows what was planned, keeps what is typed, and says what cannot work; an opened wave has none."""
    planned(hr, own_ko_1="점심이 맛있다", own_en_1="Lunch is good")
    page = hr.get(f"/waves/{WAVE}/plan").text
    assert 'value="Lunch is good"' in page
    assert "What each unit will see" in page
    assert hr.post(f"/waves/{WAVE}/plan", plan(k="6"), page="/waves/new").status_code == 303
    assert (kept(engine).k, kept(engine).extra_items) == (6, [])
    for wrong, told in (
        ({"opens_time": "noon"}, "Write the time as 18:00."),
        ({"closes_on": "2020-01-01"}, "lies before the first"),
        ({"code": "preview"}, "cannot be called preview"),
    ):
        answer = hr.post(f"/waves/{WAVE}/plan", plan(**wrong), page="/waves/new")
        assert answer.status_code == 422
        assert told in answer.text
    with writing(engine) as session:
        session.execute(text("UPDATE wave SET state = 'open', pepper = NULL"))
    assert hr.get(f"/waves/{WAVE}/plan").status_code == 404
    assert hr.post(f"/waves/{WAVE}/plan", plan(), page="/waves/new").status_code == 404


def test_an_hour_that_clocks_skip_is_refused(hr: Visitor, engine: Engine) -> None:
    """In the night in which Berlin puts clocks forward there is no half past two; the plan says so."""
    with writing(engine) as session:
        session.execute(text("UPDATE company SET time_zone = 'Europe/Berlin'"))
    skipped = plan(opens_on="2027-03-28", opens_time="02:30", closes_on="2027-04-09")
    answer = hr.post("/waves/new", skipped, "/waves/new")
    assert answer.status_code == 422
    assert "There is no 2027-03-28 02:30 in Europe/Berlin" in answer.text
    assert hr.post(PREVIEW, skipped, "/waves/new").status_code == 200


@pytest.mark.parametrize(
    ("see", "said"), [("ko/welcome", "약속하는 것"), ("en/list", "Lunch is good"), ("x/y", "약속")]
)
def test_the_preview_shows_what_is_typed_and_keeps_nothing(hr: Visitor, engine: Engine, see: str, said: str) -> None:
    """The survey's own page, in its frame and in no other's, with no script, no form and nothing written anywhere."""
    form = plan(own_ko_1="점심이 맛있다", own_en_1="Lunch is good", see=see)
    hr.client.set_cookie("language", "ko")
    before = acts(engine)
    answer = hr.post(PREVIEW, form, page="/waves/new")
    assert answer.status_code == 200
    assert said in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "form-action 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-src 'self'" in hr.get("/waves/new").headers["Content-Security-Policy"]
    with reading(engine) as session:
        assert waves.waves(session) == []
    assert acts(engine) == before


def test_a_preview_of_what_cannot_be_says_why(hr: Visitor) -> None:
    """An empty form and one that ends before it begins show a sentence in the frame, not a broken page."""
    answer = hr.post(PREVIEW, {"see": "en/welcome"}, page="/waves/new")
    assert (answer.status_code, "notice problem" in answer.text) == (200, True)
    assert hr.get(f"{PREVIEW}?see=en/step-1").status_code == 200


def test_nothing_opens_that_was_not_looked_at(hr: Visitor, engine: Engine) -> None:
    """The page lists what is not in order with where it is mended; without the ticks the wave stays a draft."""
    planned(hr)
    page = hr.get(f"/waves/{WAVE}/open").text
    assert set(SEEN.findall(page)) >= {"roster", "mail", "address", "backup"}
    assert 'href="/letters/"' not in re.findall(r'class="check-ok".*?</li>', page, re.DOTALL)
    assert 'href="/company/"' in page
    hr.post(f"/waves/{WAVE}/open", {"seen": ["roster"]})
    assert kept(engine).state == "draft"
    assert "Say that you have seen this first" in hr.get(f"/waves/{WAVE}").text
    hr.post(f"/waves/{WAVE}/open")
    assert kept(engine).state == "open"
    assert acts(engine)[-2:] == ["wave opened", "checklist passed"]


def test_a_wave_is_confirmed_and_taken_back(hr: Visitor, engine: Engine) -> None:
    """HR lets it open by itself, sees when, and can take that back."""
    planned(hr)
    seen = SEEN.findall(hr.get(f"/waves/{WAVE}/open").text)
    hr.post(f"/waves/{WAVE}/schedule", {"seen": seen}, page=f"/waves/{WAVE}/open")
    assert kept(engine).confirmed_at is not None
    assert "It opens by itself" in hr.get(f"/waves/{WAVE}").text
    hr.post(f"/waves/{WAVE}/unschedule", page=f"/waves/{WAVE}")
    assert kept(engine).confirmed_at is None
    hr.post(f"/waves/{WAVE}/schedule", page=f"/waves/{WAVE}")
    assert kept(engine).confirmed_at is None


def test_a_letter_is_worded_looked_at_tried_and_reset(hr: Visitor, engine: Engine, settings: Settings) -> None:
    """The whole way of a letter; what it may not hold is said beside the text that was typed."""
    page = "/letters/invitation/en"
    assert "our words" in hr.get("/letters/").text
    bad = hr.post(page, {"subject": "Hi", "body": "{code.__class__}"}, page=page)
    assert (bad.status_code, "{code.__class__}</textarea>" in bad.text) == (422, True)
    shown = hr.post(
        f"{page}/preview", {"subject": "Hi {name}", "body": WELL + "\n\n<script>alert(1)</script>"}, page=page
    )
    assert "Hi Robin Kim" in shown.text
    assert "<script>" not in shown.text
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
    assert "cannot be filled in" in hr.post(f"{page}/preview", {"subject": "Hi", "body": "{x}"}, page=page).text
    assert hr.post(page, {"subject": "Hi {name}", "body": WELL}, page=page).status_code == 303
    assert "your words" in hr.get("/letters/").text
    assert "Hi Robin Kim" in hr.get(f"{page}/preview").text
    hr.post(f"{page}/test", page=page)
    (letter,) = settings.letters.glob("*.eml")
    assert "To: cy@example.com" in letter.read_text()
    assert "[Test] Hi Cy" in letter.read_text()
    hr.post(f"{page}/reset", page=page)
    with reading(engine) as session:
        assert session.scalars(select(LetterText)).all() == []
    assert acts(engine)[-3:] == ["letter changed", "letter tried", "letter reset"]
    for nowhere in ("/letters/invitation/fr", "/letters/results/en"):
        assert hr.get(nowhere).status_code == 404


def opened(hr: Visitor, engine: Engine, app: Flask) -> None:
    """Plan, open, and send the letters."""
    planned(hr)
    hr.post(f"/waves/{WAVE}/open")
    assert kept(engine).state == "open"
    hr.post(f"/waves/{WAVE}/letters", page=f"/waves/{WAVE}")
    app.extensions["survey.runs"].wait(Key("letters", WAVE))


def test_a_wave_is_extended_once_and_everybody_is_told(hr: Visitor, engine: Engine, app: Flask) -> None:
    """At the same hour of a later day; a second browser is refused; the respondent reads both ends."""
    opened(hr, engine, app)
    end = kept(engine).closes_at
    day = (day_of(end, SEOUL) + dt.timedelta(3)).isoformat()
    page = f"/waves/{WAVE}"
    assert 'name="closes_on"' in hr.get(page).text
    hr.post(f"{page}/extend", {"closes_on": "soon"}, page=page)
    assert "Choose the last day." in hr.get(page).text
    hr.post(f"{page}/extend", {"closes_on": day}, page=page)
    app.extensions["survey.runs"].wait(Key("extension", WAVE))
    assert kept(engine).closes_at == end + dt.timedelta(3)
    again = hr.post(f"{page}/extend", {"closes_on": day}, page=page)
    assert again.status_code == 303
    shown = hr.get(page).text
    assert "has been extended before" in shown
    assert "Everybody who got a letter knows" in shown
    assert "the end announced first was" in shown
    progress = hr.get(f"{page}/announce").json
    assert progress is not None
    assert progress["done"] == progress["total"] == len(cast.MEMBERS)
    assert "extended from" in hr.get("/s/promise?lang=en").text
    with reading(engine) as session:
        assert announcing.told(session, waves.wave(session, WAVE)).waiting == 0


def test_a_zone_that_changes_moves_no_end(hr: Visitor, engine: Engine, app: Flask) -> None:
    """While a wave is open another time zone changes how its end is said, never when it is."""
    opened(hr, engine, app)
    end = kept(engine).closes_at
    with writing(engine) as session:
        session.execute(text("UPDATE company SET time_zone = 'America/New_York'"))
    page = hr.get(f"/waves/{WAVE}").text
    assert kept(engine).closes_at == end
    assert "America/New_York (UTC-0" in page


def test_hr_plans_beside_a_phone(browser: Browser, app: Flask, engine: Engine) -> None:
    """In a browser: typing changes the preview, a letter's too, and nothing is cut off or silent to a screen reader."""
    loaded(engine)
    with writing(engine) as session:
        wave_plans.draft(
            session, wave_plans.WaveDraft(code=WAVE, opens_at=now(), closes_at=now() + dt.timedelta(9)), now()
        )
    with served(app) as site, window(browser, site, 1280, "en") as page:
        page.goto("/sign-in?lang=en")
        page.fill("[name=email]", "cy@example.com")
        page.fill("[name=password]", cast.PASSWORD)
        follow(page, "main button[type=submit]")
        page.goto(f"/waves/{WAVE}/plan")
        phone = page.frame_locator("iframe.phone")
        expect(phone.get_by_role("heading", name="What we promise")).to_be_visible()
        page.fill("#k", "7")
        expect(phone.get_by_text("No result speaks about fewer than 7 people.")).to_be_visible()
        page.get_by_role("button", name="Korean: First question").click()
        expect(phone.locator("html[lang=ko]")).to_be_attached()
        check(page, script=True)
        page.goto("/letters/invitation/en")
        page.fill("#subject", "Hello {name}")
        arrives = page.frame_locator("iframe.letter")
        expect(arrives.get_by_text("Hello Robin Kim")).to_be_visible()
        check(page, script=True)
        page.get_by_role("button", name="Keep").click()
        expect(page.get_by_text("goes out like this from now on")).to_be_visible()
        page.set_viewport_size({"width": 360, "height": 740})
        page.goto(f"/waves/{WAVE}/open")
        check(page, script=True)
