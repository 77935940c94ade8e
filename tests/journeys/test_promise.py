"""The frozen promise on the pages: read before the first question, kept by everybody, loosened by nobody."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from msgspec.structs import replace
from sqlalchemy import Engine, select, update

from survey.database import reading, writing
from survey.i18n import Sentence
from survey.instruments.load import builtin
from survey.models import AuditEntry, Wave, WaveUnit
from survey.services import audit_log
from survey.services.publication import second_try
from survey.services.waves import frozen_facts, upkeep, waves
from survey.services.waves.promise import Line
from survey.web.clock import now
from tests import cast
from tests.journeys.answering import ENGLISH, KOREAN, WAVE, begin
from tests.journeys.doors import Visitor, answered
from tests.services import rounds


def wave_of(engine: Engine) -> Wave:
    """The open wave."""
    with reading(engine) as session:
        return waves.wave(session, WAVE)


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        (
            ENGLISH,
            (
                "After the close nobody can tell which answers are yours.",
                "5 people or more",
                "24 months after the close",
            ),
        ),
        (KOREAN, ("설문이 끝나면 누가 어떤 답을 했는지 아무도 알 수 없습니다.", "5명 이상", "설문이 끝나고 24개월 뒤")),
    ],
)
def test_the_promise_stands_before_the_first_question(
    client: FlaskClient, codes: list[str], engine: Engine, headers: dict[str, str], said: tuple[str, ...]
) -> None:
    """Threshold, who sees what, retention, the questionnaire's version and the digest are told before any question."""
    page = client.post("/s", data={"code": codes[0]}, headers=headers).text
    digest = wave_of(engine).promise_digest
    assert [words for words in said if words not in page] == []
    assert builtin().version in page
    assert f"{digest[:4]} {digest[4:8]} {digest[8:12]} {digest[12:16]}" in page
    assert f">{digest}<" in page
    assert 'type="radio"' not in page


def test_what_is_shown_is_what_was_frozen(
    client: FlaskClient, codes: list[str], engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A later program with softer words still shows the words that were frozen."""
    softer = (Line(Sentence("Softer."), Sentence("Much softer.")),)
    monkeypatch.setattr("survey.services.waves.frozen_promise.promise", lambda *_, **__: softer)
    for page in (client.post("/s", data={"code": codes[0]}, headers=ENGLISH), client.get("/s/promise?lang=en")):
        assert "After the close nobody can tell which answers are yours." in page.text
        assert "softer" not in page.text
    with reading(engine) as session:
        assert frozen_facts.broken(session, waves.wave(session, WAVE)) is None


@pytest.mark.usefixtures("codes")
def test_everybody_can_keep_the_promise(client: FlaskClient, engine: Engine) -> None:
    """Without a code or a cookie the promise can be read, kept as a file, and hashed to the digest on the page."""
    page, file = client.get("/s/promise?lang=ko"), client.get("/s/promise/file")
    digest = wave_of(engine).promise_digest
    assert hashlib.sha256(file.data).hexdigest() == digest
    assert json.loads(file.data)["facts"]["wave"] == WAVE
    assert file.headers["Content-Disposition"] == f'attachment; filename="promise-{WAVE}.json"'
    assert f">{digest}<" in page.text
    assert "참여하지 않아도 불이익이 없습니다." in page.text
    assert "Set-Cookie" not in page.headers
    assert "Set-Cookie" not in file.headers


def test_after_the_close_the_promise_still_stands(client: FlaskClient, engine: Engine, home: Path) -> None:
    """Who answered can read what she was promised when the survey is over."""
    rounds.open_cast(engine, home)
    before = client.get("/s/promise?lang=en").text
    rounds.close(engine)
    assert client.get("/s/promise?lang=en").text == before


def test_before_the_first_wave_there_is_no_promise(client: FlaskClient, engine: Engine) -> None:
    """The page says so, and there is no file."""
    with writing(engine) as session:
        cast.load(session)
    assert "No promise yet" in client.get("/s/promise?lang=en").text
    assert client.get("/s/promise/file").status_code == 404


def test_other_words_than_promised_are_not_asked(
    client: FlaskClient, codes: list[str], engine: Engine, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the questions were changed after the opening, none is asked, nothing is taken, and a tick logs it once."""
    fields = begin(client, codes[0])
    items = (replace(builtin().items[0], text={"ko": "다르게 묻는다", "en": "Asked otherwise"}), *builtin().items[1:])
    with monkeypatch.context() as changed:
        changed.setattr("survey.services.instruments.registry.builtin", lambda *_: replace(builtin(), items=items))
        for page in (
            client.post("/s", data={"code": codes[1]}, headers=ENGLISH),
            client.post("/s/answer", data={**fields, "play": "6", "go": "send", "lang": "en"}),
            client.post("/s/answer", data={**fields, "play": "6", "go": "step-2", "lang": "en"}),
        ):
            assert page.status_code == 503
            assert "The questions are not as promised" in page.text
            assert "still in this browser" in page.text
            assert "Asked otherwise" not in page.text
        assert upkeep.tick(engine, home, now()).broken == (WAVE,)
        assert upkeep.tick(engine, home, now()).broken == ()
    assert "data-done" in client.post("/s/answer", data={**fields, "play": "6", "go": "send", "lang": "en"}).text
    with reading(engine) as session:
        told = audit_log.find(session, frozen_facts.BROKEN, wave=WAVE)
        assert told is not None
        assert told.facts["what"] == "the questions, or their wording"


def test_no_page_loosens_an_open_wave(client: FlaskClient, engine: Engine, home: Path) -> None:
    """HR's forms, sent once more for a wave that is open or closed, are refused and logged under HR's account."""
    answered(engine, home)
    hr = Visitor(client).sign_in("Cy")
    plan = {"code": WAVE, "opens_on": "2026-10-01", "closes_on": "2026-12-31", "k": "5", "detail_k": "10"}
    assert hr.post("/waves/new", plan, page="/waves/new").status_code == 422
    hr.post(f"/waves/{WAVE}/open", page="/waves/new")
    hr.post(f"/waves/{WAVE}/discard", page="/waves/new")
    rounds.close(engine)
    assert hr.post(f"/publications/{WAVE}", {"k": "4"}, page="/waves/new").status_code == 303
    assert "never lowered" in hr.get(f"/waves/{WAVE}").text
    with reading(engine) as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.act == audit_log.REFUSED)).all()
        assert [entry.facts["what"] for entry in entries] == ["wave", "wave", "wave", "wave.k"]
        assert None not in {entry.account_id for entry in entries}
        assert frozen_facts.broken(session, waves.wave(session, WAVE)) is None


def test_a_failed_audit_can_be_retried_with_a_higher_threshold(
    client: FlaskClient, engine: Engine, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wave stays closed, the log says why, and its page offers a higher threshold, and nothing else."""
    answered(engine, home)
    rounds.close(engine)
    hr = Visitor(client).sign_in("Cy")
    offer = 'name="k" type="number"'
    assert offer not in hr.get(f"/waves/{WAVE}").text
    with writing(engine) as session:
        session.execute(update(WaveUnit).where(WaveUnit.code == "SOUTH").values(spares_drawn=4))
    with monkeypatch.context() as broken:
        broken.setattr("survey.privacy.gate.protect_tree", lambda tree, *_: dict.fromkeys(tree.codes))
        hr.post(f"/publications/{WAVE}", page=f"/waves/{WAVE}")
        page = hr.get(f"/waves/{WAVE}").text
    assert "Nothing was published" in page
    assert re.search(r'name="k" type="number" inputmode="numeric" min="6"', page)
    with reading(engine) as session:
        told = audit_log.find(session, second_try.FAILED, wave=WAVE)
        assert told is not None
        assert told.facts == {"wave": WAVE, "k": "5"}
        assert waves.wave(session, WAVE).state == "closed"
    hr.post(f"/publications/{WAVE}", {"k": "many"}, page=f"/waves/{WAVE}")
    assert "Write a whole number." in hr.get(f"/waves/{WAVE}").text
    hr.post(f"/publications/{WAVE}?lang=ko", {"k": "many"}, page=f"/waves/{WAVE}?lang=ko")
    assert "정수로 적어 주세요" in hr.get(f"/waves/{WAVE}").text
    hr.post(f"/publications/{WAVE}", {"k": "7"}, page=f"/waves/{WAVE}")
    with reading(engine) as session:
        wave = waves.wave(session, WAVE)
        assert (wave.state, wave.k, wave.detail_k) == ("published", 7, 10)
    assert offer not in hr.get(f"/waves/{WAVE}").text
