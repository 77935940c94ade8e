import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from survey.database import reading, writing
from survey.instruments.answers import decode
from survey.instruments.load import builtin
from survey.models import Token
from survey.models.responses import Intake
from survey.web.factory import STATIC
from tests.journeys.answering import ENGLISH, KOREAN, PRACTICES, begin, hidden
from tests.services import rounds

ITEMS = builtin().asked(PRACTICES)


def test_a_page_of_the_survey_sets_no_cookie_and_is_kept_nowhere(client: FlaskClient, codes: list[str]) -> None:
    """Every page from the code to the profile comes without cookie, cache and referrer, under a strict policy."""
    fields = begin(client, codes[0])
    pages = [client.get("/s"), client.get("/s?lang=en"), client.get("/s/receipt"), client.get("/s/nothing")]
    pages += [client.post("/s/answer", data={**fields, "play": "6", "go": go}) for go in ("step-1", "list", "review")]
    pages += [client.post("/s/answer", data={**fields, "play": "6", "go": "send"}), client.post("/s", data={})]
    pages += [client.post("/s/profile", data={"instrument": "total-motivation", "play": "6"})]
    for page in pages:
        assert "Set-Cookie" not in page.headers
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert "unsafe" not in page.headers["Content-Security-Policy"]
        assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert re.search(r"<title>[^<]+</title>", page.text)
        assert "&lt;function" not in page.text


@pytest.mark.parametrize(("headers", "language"), [(KOREAN, "ko"), (ENGLISH, "en"), ({}, "ko")])
def test_the_browser_chooses_the_language(
    client: FlaskClient, codes: list[str], headers: dict[str, str], language: str
) -> None:
    """Pages speak the browser's language, Korean where it says none; a link or button changes it without a cookie."""
    assert f'<html lang="{language}">' in client.get("/s", headers=headers).text
    other = "en" if language == "ko" else "ko"
    fields = begin(client, codes[0], headers)
    assert fields["lang"] == language
    page = client.post("/s/answer", data={**fields, "play": "6", "speak": other, "at": "step-3"}, headers=headers)
    assert f'<html lang="{other}">' in page.text
    assert hidden(page) | {"lang": other, "at": "step-3", "play": "6"} == hidden(page)


def test_the_promise_comes_before_the_first_question(client: FlaskClient, codes: list[str]) -> None:
    """Threshold, readers, retention, version, unit, and that taking part is free, stand on the first page."""
    korean = client.post("/s", data={"code": codes[10]}, headers=KOREAN).text
    assert korean.count("<li><p><b>") == 6
    for words in (
        "참여하지 않아도 불이익이 없습니다",
        "5명이 안 되는",
        "24개월",
        "1.0판",
        "결과에 포함돼요",
        "약속하지 못하는 것",
    ):
        assert words in korean
    assert 'type="radio"' not in korean
    english = client.post("/s", data={"code": codes[10]}, headers=ENGLISH).text
    assert "staying away has no consequence" in english
    assert "<details>" in english


def test_answers_travel_in_the_page_and_arrive_once(client: FlaskClient, codes: list[str], engine: Engine) -> None:
    """Step by step without script: answers go along hidden, the last look shows them, sending twice counts once."""
    fields = begin(client, codes[3])
    number = 0
    for number, item in enumerate(ITEMS[:6], 1):
        page = client.post("/s/answer", data={**fields, item.id: str(number), "go": f"step-{number + 1}"})
        fields = hidden(page)
    assert [fields[item.id] for item in ITEMS[:6]] == list("123456")
    look = client.post("/s/answer", data={**fields, "comment": "둘\n셋", "go": "review"}, headers=ENGLISH)
    assert "6 of 25 questions answered, 19 skipped." in look.text
    assert look.text.count('class="none"') == 19
    sent = {**hidden(look), "comment": "둘\n셋", "go": "send"}
    first, second = client.post("/s/answer", data=sent), client.post("/s/answer", data=sent)
    assert first.status_code == second.status_code == 200
    receipts = [re.findall(r'id="receipt">([^<]+)<', page.text) for page in (first, second)]
    assert receipts[0] == receipts[1] != []
    with reading(engine) as session:
        row = session.scalars(select(Intake)).one()
        assert session.query(Token).count() == len(codes) + rounds.SPARES - 1
    kept = decode(builtin().items, row.answers)
    assert [kept[item.id] for item in ITEMS[:7]] == [1, 2, 3, 4, 5, 6, None]
    assert row.comment == "둘\n셋"


BAD = [("0",), ("8",), ("-1",), ("3.5",), ("7 ",), ("3", "5"), ("\x00",), ("7\u202e",)]


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize(("at", "go"), [("step-1", "step-2"), ("list", "review"), ("review", "send")])
def test_a_bad_answer_is_told_and_nothing_is_lost(
    client: FlaskClient, codes: list[str], bad: tuple[str, ...], at: str, go: str
) -> None:
    """An answer out of range, or two of them, brings the page back with what to do; all else is still there."""
    fields = begin(client, codes[0], KOREAN)
    typed = {**fields, "play": list(bad), "inertia": "2", "tactical_1": "7", "comment": "<b>둘 😀", "at": at, "go": go}
    page = client.post("/s/answer", data=typed, headers=KOREAN)
    assert page.status_code == 422
    assert 'id="problem-play"' in page.text
    assert ("하나만 골라 주세요" if len(bad) > 1 else "1부터 7까지의") in page.text
    kept = hidden(page)
    assert (kept["inertia"], kept["tactical_1"], kept["code"]) == ("2", "7", fields["code"])
    assert "&lt;b&gt;둘 😀" in page.text


def test_a_comment_of_a_megabyte_comes_back_to_be_shortened(client: FlaskClient, codes: list[str]) -> None:
    """A comment far too long is refused with its length, whole, and every answer stays."""
    fields = begin(client, codes[0])
    page = client.post(
        "/s/answer", data={**fields, "play": "3", "comment": "x" * 1_000_000, "go": "send", "at": "review"}
    )
    assert page.status_code == 422
    assert "1,000,000 characters" in page.text
    assert "x" * 1_000_000 in page.text
    assert hidden(page)["play"] == "3"


def test_more_than_the_server_takes_gets_a_page_too(client: FlaskClient, codes: list[str]) -> None:
    """Ten megabytes are refused before they are read, in the reader's language."""
    page = client.post("/s/answer", data={"code": codes[0], "comment": "x" * 10_000_000}, headers=KOREAN)
    assert page.status_code == 413
    assert "보낸 내용이 너무 커요" in page.text


def test_an_unknown_item_is_left_out_with_a_word(client: FlaskClient, codes: list[str]) -> None:
    """A field that this survey does not ask is told, never kept; the next try goes through."""
    fields = begin(client, codes[0])
    page = client.post("/s/answer", data={**fields, "play": "3", "salary": "7", "at": "review", "go": "send"})
    assert page.status_code == 422
    assert "does not ask" in page.text
    assert "salary" not in hidden(page)
    assert client.post("/s/answer", data={**hidden(page), "go": "send"}).status_code == 200


def test_a_missing_receipt_is_made_anew_before_sending(client: FlaskClient, codes: list[str]) -> None:
    """Without a receipt nothing is sent: the last look comes again with one, so that no second click counts."""
    fields = begin(client, codes[0])
    page = client.post("/s/answer", data={**fields, "receipt": "x", "play": "3", "go": "send", "at": "review"})
    assert "Nothing has been sent yet" in page.text
    assert len(hidden(page)["receipt"]) == 16


@pytest.mark.parametrize("sent", ["cross-site", "same-site"])
def test_forms_of_other_websites_are_refused(client: FlaskClient, codes: list[str], sent: str) -> None:
    """A form that the browser says comes from elsewhere is not taken; links from letters are."""
    page = client.post("/s", data={"code": codes[0]}, headers={"Sec-Fetch-Site": sent, **KOREAN})
    assert page.status_code == 403
    assert "다른 웹사이트" in page.text
    assert client.get("/s", headers={"Sec-Fetch-Site": sent}).status_code == 200


def test_a_page_that_does_not_exist_says_so_in_the_readers_language(client: FlaskClient, codes: list[str]) -> None:
    """Under /s, 404 has the survey's own page."""
    assert codes
    page = client.get("/s/anything", headers=KOREAN)
    assert page.status_code == 404
    assert "설문에 이런 화면은 없어요" in page.text


def test_our_own_mistake_is_told_without_telling_the_log_what_was_typed(
    app: Flask, codes: list[str], engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    """When the database breaks, the page says that nothing counts twice; the log has no code, answer or comment."""
    client = app.test_client()
    fields = begin(client, codes[0], KOREAN)
    with writing(engine) as session:
        session.connection().exec_driver_sql("DROP TABLE intake")
    page = client.post("/s/answer", data={**fields, "comment": "secret words", "go": "send"}, headers=KOREAN)
    assert page.status_code == 500
    assert "두 번 집계되는 일은 없어요" in page.text
    assert caplog.text
    for typed in (codes[0], fields["receipt"], "secret words"):
        assert typed not in caplog.text


def test_a_reload_of_a_later_page_asks_for_the_code(client: FlaskClient, codes: list[str]) -> None:
    """An address in the middle of the survey, asked for anew, shows the first page."""
    assert codes
    assert 'name="code"' in client.get("/s/answer").text


@pytest.mark.parametrize("go", ["welcome", "list", "review", "step-1", "step-9"])
def test_a_page_with_everything_weighs_less_than_sixty_kilobytes(
    client: FlaskClient, codes: list[str], go: str
) -> None:
    """HTML, styles and script together, uncompressed, with every practice question and a comment."""
    answers = {item.id: "4" for item in ITEMS}
    page = client.post(
        "/s/answer", data={**begin(client, codes[0], KOREAN), **answers, "comment": "가" * 500, "go": go}
    )
    files = [STATIC / name for name in re.findall(r'(?:href|src)="/static/([^"?]+)', page.text)]
    assert len(files) == 3
    assert len(page.data) + sum(file.stat().st_size for file in files) < 60_000


def test_the_profile_is_worked_out_and_forgotten(client: FlaskClient, codes: list[str]) -> None:
    """All motives answered give the index; the page holds no receipt, and thanks holds no profile."""
    motives = {"play": "6", "purpose": "6", "potential": "5"}
    motives |= {"emotional_pressure": "2", "economic_pressure": "3", "inertia": "2"}
    fields = begin(client, codes[0])
    thanks = client.post("/s/answer", data={**fields, **motives, "stand_ups": "3", "comment": "x", "go": "send"})
    assert fields["receipt"][:4] in thanks.text
    assert "+60" not in thanks.text
    assert "comment" not in hidden(thanks)
    page = client.post("/s/profile", data={**hidden(thanks), "lang": "ko"})
    assert "+60" in page.text
    assert "눈치·자책의 부담" in page.text
    assert fields["receipt"][:4] not in page.text
    assert codes[0] not in page.text


def test_a_profile_without_all_motives_has_no_index(client: FlaskClient, codes: list[str]) -> None:
    """A skipped motive leaves the index out and says so; nothing is made up."""
    assert codes
    page = client.post("/s/profile", data={"instrument": "total-motivation", "play": "6", "lang": "en"})
    assert page.status_code == 200
    assert "The index needs an answer" in page.text
    assert 'class="index"' not in page.text
    assert client.post("/s/profile", data={"instrument": "none"}).status_code == 404
