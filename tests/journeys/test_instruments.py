"""Instruments on the pages of HR, and a version of the company's own from its file to the printed report."""

import csv
import datetime as dt
import io
from pathlib import Path
from typing import Final

import pytest
from flask.testing import FlaskClient
from markupsafe import escape
from msgspec.structs import replace
from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

from reports.pdf import render
from survey.database import reading, writing
from survey.instruments.answers import encode
from survey.instruments.extra import Extra
from survey.instruments.load import source
from survey.models import RosterEntry
from survey.privacy.released import Released
from survey.privacy.thaw import Publication
from survey.scoring.answers import AnswerTable
from survey.services.instruments import instruments, registry
from survey.services.invitations.codes import new_receipt
from survey.services.publication import publication
from survey.services.responses.replies import Accepted, Sent
from survey.services.waves import waves
from survey.services.waves.frozen import frozen_tree
from survey.web.clock import now
from tests import cast
from tests.journeys.doors import Visitor, loaded
from tests.privacy.attack.attacking import attack
from tests.privacy.attack.examiner import Examiner
from tests.privacy.attack.reading import read
from tests.reports.reading import attachment, pages, text
from tests.services import rounds
from tests.variant import EXTRAS, TRICK, VERSION, variant

HERE: Final = f"/instruments/total-motivation/{VERSION}"


def hr(client: FlaskClient, engine: Engine) -> Visitor:
    """Cy, in a company where nothing was asked yet."""
    loaded(engine)
    return Visitor(client).sign_in("Cy")


def looked(visitor: Visitor, data: bytes, name: str = "ours.toml") -> TestResponse:
    """Give a file to be looked at."""
    return visitor.post("/instruments/look", {"file": (io.BytesIO(data), name)}, page="/instruments/")


def test_a_file_is_looked_at_kept_and_shown(client: FlaskClient, engine: Engine) -> None:
    """HR sees what a file asks before it is kept; then it stands in the list, with its file to take along."""
    visitor = hr(client, engine)
    seen = looked(visitor, variant().encode())
    assert seen.status_code == 200
    assert "Nothing has been kept yet" in seen.text
    assert "In our team, we lit the lamp on time." in seen.text
    assert VERSION not in visitor.get("/instruments/").text
    kept = visitor.post("/instruments/", {"text": variant().replace("\n", "\r\n")}, page="/instruments/")
    assert kept.location == HERE
    assert VERSION in visitor.get("/instruments/").text
    assert "Watching the lamp" in visitor.get(HERE).text
    file = visitor.get(f"{HERE}/file")
    assert file.text == variant()
    assert "attachment" in file.headers["Content-Disposition"]
    visitor.post(f"{HERE}/delete", page="/instruments/")
    assert visitor.get(HERE).status_code == 404


def test_a_look_is_the_page_of_respondents_and_takes_nothing(client: FlaskClient, engine: Engine) -> None:
    """The preview has the questions as respondents get them, in either language, and can run and send nothing."""
    visitor = hr(client, engine)
    for language, words in (
        ("ko", "우리 팀에서는 등불을 돌아가며 지켰다."),
        ("en", "In our team, we took turns at the lamp."),
    ):
        page = visitor.post("/instruments/asked", {"text": variant(), "speak": language}, page="/instruments/")
        assert words in page.text
        assert page.text.count('class="likert"') == 33
        assert "sandbox" in page.headers["Content-Security-Policy"]
        assert "script-src" not in page.headers["Content-Security-Policy"]
    assert visitor.get(HERE).status_code == 404


@pytest.mark.parametrize(("data", "said"), [
    (b"", "version"),
    (b"a=" + b"[" * 60_000, "nests too deep"),
    (b"a" + b".a" * 30_000 + b"=1", "names within names"),
    (b"#" * 70_000, "Shorten this file"),
    ("제목".encode("cp949"), "Save this file as UTF-8."),
    (variant().replace("lamp_watch", "receipt").encode(), "Choose another id"),
    (variant().replace("I felt", "I \\u202e felt").encode(), "nobody can see"),
    (variant().replace("I felt", "I \\uE000 felt").encode(), "nobody can see"),
    (variant().replace('kind = "outcome"', 'kind = "motive"\ndirection = "direct"').encode(), "weight"),
    (variant().replace('id = "belonging_1"', 'id = "belonging_1"\nmax = 5').encode(), "same min and max"),
    (variant().replace("I felt that I belong here.", "I felt " + "so " * 200).encode(), "300 characters"),
    (source("w-sdi").encode(), "cannot be asked"),
])  # fmt: skip
def test_what_cannot_be_used_is_told_and_not_kept(client: FlaskClient, engine: Engine, data: bytes, said: str) -> None:
    """A bomb, a trick or a slip is refused in a sentence with its place, in no time, and nothing is kept."""
    visitor = hr(client, engine)
    answer = looked(visitor, data)
    assert answer.status_code == 422
    assert said in answer.text
    forced = visitor.post("/instruments/", {"text": data.decode("utf-8", "replace")}, page="/instruments/")
    assert forced.status_code == 422


def test_only_hr_brings_versions_in(client: FlaskClient, engine: Engine) -> None:
    """A leader who knows the addresses gets nowhere with them."""
    loaded(engine)
    leader = Visitor(client).sign_in("Ada")
    assert leader.get("/instruments/").status_code == 403
    for address in ("/instruments/", "/instruments/look", "/instruments/asked", f"{HERE}/delete"):
        assert leader.post(address, {"text": variant()}, page="/compare/").status_code == 403


def typed(extras: tuple[Extra, ...] = EXTRAS) -> dict[str, str]:
    """The fields of the plan form that hold extra items."""
    return {f"own_{name}_{n}": each.text[name] for n, each in enumerate(extras, 1) for name in ("ko", "en")}


def planned(visitor: Visitor, **more: str) -> TestResponse:
    """Send the plan form."""
    days = {"opens_on": now().date().isoformat(), "closes_on": (now() + dt.timedelta(days=14)).date().isoformat()}
    return visitor.post("/waves/new", {"code": rounds.WAVE, **days, "k": "5", "detail_k": "10", **more}, "/waves/new")


def test_a_plan_takes_a_version_and_extra_items(client: FlaskClient, engine: Engine) -> None:
    """What was chosen and typed stands in the plan; what was refused stands in the form again, with the reason."""
    visitor = hr(client, engine)
    visitor.post("/instruments/", {"text": variant()}, page="/instruments/")
    refused = planned(visitor, own_ko_1="회의가 제때 끝났다.")
    assert refused.status_code == 422
    assert "Extra item 1, English: write it in this language too" in refused.text
    assert "회의가 제때 끝났다." in refused.text
    assert planned(visitor, instrument="total-motivation 9").status_code == 422
    assert planned(visitor, instrument=f"total-motivation {VERSION}", **typed()).status_code == 303
    with reading(engine) as session:
        wave = waves.wave(session, rounds.WAVE)
        assert (wave.instrument_version, registry.extras_of(wave)) == (VERSION, EXTRAS)
    page = visitor.post("/instruments/asked", {"wave": rounds.WAVE, "speak": "en"}, page="/instruments/").text
    assert page.index("It was clear who steps in") > page.index("glad to see me")
    assert TRICK not in page
    assert str(escape(TRICK)) in page


def published(engine: Engine, home: Path) -> tuple[Publication, Examiner]:
    """Publish a wave of the company's own version with five extra items, some skipped; return who is behind it."""
    with writing(engine) as session:
        cast.load(session)
        instruments.add(session, variant().encode(), "ours.toml", cast.NOW)
    plan = replace(rounds.plan(), instrument_version=VERSION, extra_items=EXTRAS, practices=("lamp_watch",))
    codes = rounds.open_next(engine, home, plan)
    with reading(engine) as session:
        wave = waves.wave(session, rounds.WAVE)
        instrument = waves.instrument_of(session, wave)
        asked = instrument.asked(registry.practices_of(wave))
        homes = session.scalars(select(RosterEntry.report_unit).order_by(RosterEntry.person_id)).all()
        tree = {unit.code: unit.parent for unit in frozen_tree(session, wave)}
    vectors = []
    for place, code in enumerate(codes.values()):
        answers: dict[str, int | None] = {item.id: 1 + (place * (3 + at) + at) % 7 for at, item in enumerate(asked)}
        answers |= {extra.id: None for extra in EXTRAS[: place % 3]}
        vectors.append(encode(instrument.items, answers))
        assert isinstance(rounds.answer(engine, Sent(code, new_receipt(), answers)), Accepted)
    rounds.close(engine)
    table = AnswerTable.of(instrument, vectors, [0] * len(vectors))
    examiner = Examiner.behind(rounds.WAVE, tree, list(enumerate(homes)), table)
    with writing(engine) as session:
        return publication.publish(session, rounds.WAVE, rounds.OVER + dt.timedelta(days=1)), examiner


def test_a_version_and_extra_items_reach_pages_and_print(client: FlaskClient, engine: Engine, home: Path) -> None:
    """Another wording, another number of tactical items, a scale, a practice and five items more: on every page.

    The words of the company are escaped wherever they stand, and the report keeps to four pages.
    """
    made, _ = published(engine, home)
    assert made.instrument.version == VERSION
    assert len(made.instrument.items_of("tactical")) == 6
    shown = made.root.figures
    assert isinstance(shown, Released)
    assert shown.value.practices.keys() == {"lamp_watch", *(extra.id for extra in EXTRAS)}
    assert "belonging" in shown.value.scales
    visitor = Visitor(client).sign_in("Cy")
    for code, language in (("CO", "en"), ("SALES", "ko"), ("NORTH", "en")):
        page = visitor.get(f"/units/{code}?lang={language}&wave={rounds.WAVE}").text
        for words in (
            ("Watching the lamp", "Belonging", EXTRAS[4].en) if language == "en" else ("등불 지키기", "소속감")
        ):
            assert words in page
        assert TRICK not in page
        pdf = render(made, code, language)
        assert pages(pdf) <= 4
        assert {"CO": TRICK, "SALES": EXTRAS[2].ko, "NORTH": EXTRAS[4].en}[code] in text(pdf)
        assert visitor.get(f"/publications/{rounds.WAVE}/results.xlsx?lang={language}").status_code == 200
        rows = list(csv.DictReader(io.StringIO(attachment(pdf, "results.csv").decode("utf-8-sig"))))
        assert {row["scale"] for row in rows if row["measure"] == "practice"} <= shown.value.practices.keys()


def test_a_profile_knows_the_version_that_was_asked(client: FlaskClient, engine: Engine) -> None:
    """Her own profile is worked out with the questions of the wave; a questionnaire that is not here has none."""
    visitor = hr(client, engine)
    visitor.post("/instruments/", {"text": variant()}, page="/instruments/")
    answers = {f"tactical_{n}": "7" for n in (4, 5, 6)}  # half of six, which is too little of five
    profile = client.post("/s/profile", data={"instrument": f"total-motivation {VERSION}", "lang": "en", **answers})
    assert "Tactical performance" in profile.text
    assert client.post("/s/profile", data={"instrument": "ours 1", **answers}).status_code == 404


def test_extra_items_give_nobody_away(engine: Engine, home: Path) -> None:
    """Whoever reads the record of a wave with extra items learns of no group below five from them."""
    made, examiner = published(engine, home)
    assert {extra.id for extra in EXTRAS} <= {
        statement.quantity.partition(":")[2] for statement in read(made.frozen()[0]).statements
    }
    assert attack([(made.frozen()[0], examiner)]) == []
