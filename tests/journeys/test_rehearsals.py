"""A rehearsal on pages and by command: chosen, opened, answered by phone, ended; and nobody else gets at it."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select

from survey.app import main
from survey.database import reading, writing
from survey.models.responses import Intake
from survey.services.waves import rehearsal, wave_plans, waves
from survey.web.clock import now
from tests import cast
from tests.journeys.doors import Visitor, loaded
from tests.services import rounds
from tests.services.rounds import WAVE
from tests.variant import VERSION, variant

CODE = f"{WAVE}-rehearsal"
HERE = f"/rehearsals/{CODE}"


@pytest.fixture
def hr(client: FlaskClient, engine: Engine) -> Visitor:
    """Cy, who has planned a wave that could open today."""
    loaded(engine)
    with writing(engine) as session:
        wave_plans.draft(session, rounds.plan(closes_at=now() + (rounds.CLOSES - cast.NOW), opens_at=now()), now())
    return Visitor(client).sign_in("Cy")


def planned(hr: Visitor) -> None:
    """Plan the rehearsal, and choose Di and the leads."""
    assert hr.post("/rehearsals/", {"of": WAVE, "days": "3"}, "/rehearsals/").location == HERE
    found = re.findall(r'name="person" value="(\d+)"> Di ', hr.get(f"{HERE}?q=di").text)
    hr.post(f"{HERE}/people", {"person": found}, HERE)
    hr.post(f"{HERE}/people", {"leads": "yes"}, HERE)


def test_a_rehearsal_from_its_plan_to_its_end(hr: Visitor, client: FlaskClient, engine: Engine, home: Path) -> None:
    """HR chooses three people and opens; every page they see says what it is; at the end nothing is left or told."""
    planned(hr)
    page = hr.get(HERE).text
    assert all(name in page for name in ("Ada", "Bo", "Di"))
    assert "Zoe" not in page
    hr.post(f"{HERE}/begin", page=HERE)
    said = "Rehearsal: answers will be deleted."
    code = rounds.codes(engine, home, CODE)["Di"]
    facts = {"code": code, "lang": "en"}
    welcome = client.post("/s", data=facts).text
    assert said in welcome
    assert "What a rehearsal is" in welcome
    assert "What we promise" not in welcome
    receipt = re.findall(r'name="receipt" value="([^"]+)"', welcome)[0]
    sent = {**facts, "receipt": receipt, "play": "3", "go": "step-2", "at": "step-1"}
    assert said in client.post("/s/answer", data=sent).text
    thanks = client.post("/s/answer", data={**sent, "go": "send"}).text
    assert said in thanks
    assert "deleted together with your answers" in thanks
    assert said in client.get("/s?lang=en").text
    assert said in client.get("/s/promise?lang=en").text
    assert CODE in hr.get("/rehearsals/").text
    hr.post(f"{HERE}/close", page=HERE)
    assert "It is over" in hr.get(HERE).text
    assert said not in client.get("/s?lang=en").text
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Intake)) == 0
    assert "counts exactly once" not in client.post("/s/receipt", data={"receipt": receipt, "lang": "en"}).text


def test_a_rehearsal_has_no_pages_of_a_wave(hr: Visitor, engine: Engine) -> None:
    """Nothing of a rehearsal is opened, counted, published or printed at the addresses of waves, over or not."""
    planned(hr)
    for step in ("draft", "open", "closed"):
        for address in ("", "/open", "/plan", "/letters"):
            assert hr.get(f"/waves/{CODE}{address}").status_code == 404
        for address in (f"/publications/{CODE}", f"/reports/{CODE}/", f"/waves/{CODE}/foresight"):
            assert hr.get(address).status_code in {404, 405}
        for address in (f"/waves/{CODE}/participation", f"/publications/{CODE}/publish"):
            hr.post(address, page="/rehearsals/")
        with reading(engine) as session:
            assert waves.wave(session, CODE).state == step
        assert CODE not in hr.get("/waves/").text
        assert CODE not in hr.get("/").text
        if step != "closed":
            hr.post(f"{HERE}/{'begin' if step == 'draft' else 'close'}", page=HERE)


def test_a_leader_gets_at_no_rehearsal(hr: Visitor, client: FlaskClient) -> None:
    """Not at the list, not at a page, not at a button."""
    planned(hr)
    leader = Visitor(client)
    leader.post("/sign-out", page="/")
    leader.sign_in("Ada")
    for address in ("/rehearsals/", HERE):
        assert leader.get(address).status_code == 403
    for address in ("/rehearsals/", f"{HERE}/people", f"{HERE}/begin", f"{HERE}/close", f"{HERE}/discard"):
        assert leader.post(address, {"of": WAVE, "days": "3"}, page="/compare/").status_code == 403


def test_what_is_refused_is_said_on_the_page(hr: Visitor) -> None:
    """Too many days, no plan of this name, nobody chosen."""
    assert hr.post("/rehearsals/", {"of": WAVE, "days": "9"}, "/rehearsals/").status_code == 422
    assert hr.post("/rehearsals/", {"of": "X", "days": "3"}, "/rehearsals/").status_code == 422
    hr.post("/rehearsals/", {"of": WAVE, "days": "3"}, "/rehearsals/")
    hr.post(f"{HERE}/begin", page=HERE)
    assert "Nobody takes part" in hr.get(HERE).text
    hr.post(f"{HERE}/discard", page=HERE)
    assert hr.get(HERE).status_code == 404


def test_only_numbers_choose_people(hr: Visitor) -> None:
    """What merely looks like a digit, or is none, chooses nobody."""
    hr.post("/rehearsals/", {"of": WAVE, "days": "3"}, "/rehearsals/")
    answer = hr.post(f"{HERE}/people", {"person": ["²", "-1", "x", "", "9" * 5000]}, HERE)
    assert answer.status_code == 303
    assert "0 people take part" in hr.get(HERE).text


def test_by_command(engine: Engine, environment: dict[str, str]) -> None:
    """`survey rehearse` plans and opens in one go; `survey publish` is refused, `survey waves` does not list it."""
    loaded(engine)
    with writing(engine) as session:
        wave_plans.draft(session, rounds.plan(closes_at=now() + (rounds.CLOSES - cast.NOW), opens_at=now()), now())

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["--lang", "en", *words], env=environment)
        return done.exit_code, done.output

    assert run("rehearse", "--wave", WAVE, "--person", "nobody@example.com")[0] == 1
    code, said = run("rehearse", "--wave", WAVE, "--person", "di@example.com", "--leads")
    assert (code, "open for 3 people" in said) == (0, True)
    assert CODE not in run("waves")[1]
    assert run("close-wave", "--wave", CODE)[0] == 0
    code, said = run("publish", "--wave", CODE)
    assert (code, "rehearsal" in said) == (1, True)
    with reading(engine) as session:
        assert rehearsal.LONGEST.days == 7
        assert waves.wave(session, CODE).state == "closed"


def test_instruments_by_command(engine: Engine, environment: dict[str, str], tmp_path: Path) -> None:
    """A file is brought in, listed and asked by a plan with an extra item; a slip is told with its place."""
    loaded(engine)
    file = tmp_path / "ours.toml"

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["--lang", "en", *words], env=environment)
        return done.exit_code, done.output

    file.write_text(variant().replace('id = "belonging_1"', 'id = "comment"'), "utf-8")
    code, said = run("add-instrument", str(file))
    assert (code, "ours.toml, items[" in said) == (1, True)
    file.write_text(variant(), "utf-8")
    assert run("add-instrument", str(file))[0] == 0
    plan = ("draft-wave", "--wave", WAVE, "--closes", f"{now():%Y}-12-31 18:00", "--instrument-version", VERSION)
    assert run(*plan, "--own", "회의가 제때 끝났다.", "Meetings ended on time.")[0] == 0
    listed = run("instruments")[1]
    assert re.search(rf"total-motivation +{re.escape(VERSION)} .*{WAVE}", listed)
    assert "w-sdi" in listed
