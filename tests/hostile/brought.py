"""A company that came in through its doors: every name was typed on the command line, or stood in a file that HR sent.

What a door refuses is told, and replaced by something harmless; what it takes is looked for in all that comes out.
"""

import csv
import io
import itertools
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from survey.app import main
from survey.database import reading, writing
from survey.instruments.comments import visible
from survey.models import RosterEntry, Wave
from survey.privacy.thaw import Publication
from survey.services.accounts import sign_ins
from survey.services.invitations import issue_key
from survey.services.invitations.codes import code_for, new_receipt
from survey.services.publication import publication
from survey.services.responses.replies import Accepted, Sent
from survey.services.responses.responses import GRACE
from survey.services.waves import opening, wave_plans
from survey.services.waves.wave_plans import WaveDraft
from survey.services.waves.waves import instrument_of, wave
from survey.web.access import COOKIE
from survey.web.clock import now
from tests.cast import HEADINGS
from tests.hostile.company import LATER, OPENED, OVER, Words
from tests.hostile.conftest import Stage
from tests.hostile.corpus import CORPUS, MIXED, names
from tests.hostile.crawling import read
from tests.hostile.judging import wrong
from tests.hostile.opened import cells_of, judge
from tests.services import rounds
from tests.variant import variant

SINCE: Final = "2026-05-20"
HR: Final = 1
BOSS: Final = "<canary-x>%(x)s {{7*7}} \"'&"
"""A name that the command line takes."""
TEAMS: Final = (
    "<canary-x>", "+1+canary", "@SUM(1)", '"><img src=x canary=1>', "javascript:alert(1)//canary", "{{7*7}}${7*7}%n"
)  # fmt: skip
"""Names of teams that are large enough to be published."""
IN_A_TEAM: Final = 7
TRIES: Final = 4
"""How often HR mends a file until it is taken."""


def build(app: Flask, home: Path) -> tuple[Stage, list[str]]:
    """Bring everything in; return the company, and what was wrong with any answer on the way."""
    found: list[str] = []
    for words in (
        ("init", "--name-ko", BOSS, "--name-en", f"{BOSS} &lt;b&gt;", "--second-step", "nobody"),
        ("create-account", "hr@example.com", "--name", BOSS, "--role", "hr", "--password", "a heron over 9 rivers"),
    ):
        done = CliRunner().invoke(main, ["--lang", "en", *words], env={"SURVEY_HOME": str(home)})
        assert done.exit_code == 0, done.output
    hr = app.test_client()
    with writing(app.extensions["survey.engine"]) as session:
        hr.set_cookie(COOKIE, sign_ins.let_in(session, HR, now(), second_step=True))
    _roster(hr, found)
    _instrument(hr, found)
    told = _wave(app.extensions["survey.engine"], home)
    _outcomes(hr, found)
    return Stage(app, home, Words(), told), found


def roster() -> list[list[str]]:
    """Return a roster that tries a text in every cell, and teams with hostile names that are large enough."""
    texts = itertools.cycle([each.text for each in (MIXED, *CORPUS) if each.sendable and len(each.text) < 5000])
    head = {"unit": "CO", "unit_name": "<canary-x>Co", "unit_name_en": "@canary Co"}
    rows = [list(HEADINGS), [head.get(name, "") for name in HEADINGS]]
    for place, team in enumerate(TEAMS):
        for one in range(IN_A_TEAM):
            person = {
                "name": f"{team} {one}", "email": f"t{place}.{one}@example.com", "number": f"{team}{one}",
                "language": "en" if one % 2 else "ko", "unit": f"T{place}", "parent": "CO",
                "unit_name": team, "unit_name_en": team, "kind": team[:40],
            }  # fmt: skip
            rows.append([person.get(name, "") for name in HEADINGS])
    tries = ([next(texts) if name != "parent" else "CO" for name in HEADINGS] for _ in names())
    return [*rows, *tries]


def table(rows: list[list[str]]) -> bytes:
    """Return rows as CSV, as somebody's spreadsheet writes it."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def sent(hr: FlaskClient, address: str, name: str, data: bytes, **fields: str) -> Any:  # noqa: ANN401 - an answer
    """Send a file with a form."""
    return hr.post(address, data={**fields, name: (io.BytesIO(data), "=<canary-x>.csv")})


def _roster(hr: FlaskClient, found: list[str]) -> None:
    rows = roster()
    for turn in range(TRIES):
        answer = sent(hr, "/people/", "file", table(rows), day=SINCE)
        found += [f"roster: {each}" for each in wrong(answer)]
        assert answer.status_code == 303, answer.text
        where = answer.location
        page = hr.get(where)
        found += [f"{where}: {each}" for each in wrong(page)]
        mend = hr.get(f"{where}/errors.csv")
        if mend.status_code == 404:
            break
        found += judge(hr.get(f"{where}/errors.xlsx"))
        _mend(rows, list(cells_of(mend.get_data())), turn)
    forms = [form for form in read(page.text, where)[1] if form.address == where]
    assert forms, "the roster was not taken"
    taken = hr.post(where, data=dict(forms[0].fields))
    found += [f"roster taken: {each}" for each in wrong(taken)]
    assert taken.location.endswith("/people/"), taken.location


def _mend(rows: list[list[str]], cells: list[str], turn: int) -> None:
    """Do as the file of what is to be mended says."""
    for at in range(4, len(cells), 4):
        place, column = int(cells[at]) - 1, cells[at + 1]
        good = {"email": "", "language": "ko", "parent": "CO", "leads": "", "unit": f"U{place}-{turn}"}
        rows[place][HEADINGS.index(column)] = good.get(column, f"n{place}-{turn}")


def toml(value: object) -> str:
    """Write a value as TOML does, in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(name)} = {toml(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def instrument_file(told: dict[str, Any]) -> bytes:
    """Write an instrument as a file."""
    return "".join(f"{name} = {toml(value)}\n" for name, value in told.items()).encode("utf-8", "surrogatepass")


def worded(value: Any, texts: Iterator[str]) -> Any:  # noqa: ANN401 - whatever a file holds
    """Return what a file holds with every wording in both languages replaced."""
    if isinstance(value, dict):
        if set(value) == {"ko", "en"} and all(isinstance(each, str) for each in value.values()):
            return {language: next(texts) for language in value}
        return {name: worded(inner, texts) for name, inner in value.items()}
    return [worded(each, texts) for each in value] if isinstance(value, list) else value


def _instrument(hr: FlaskClient, found: list[str]) -> None:
    """Bring in a questionnaire every wording of which is hostile, as far as a questionnaire may be."""
    kept = [each.text for each in (MIXED, *CORPUS) if each.sendable and len(each.text) <= 30 and each.text.strip()]
    fit = [text for text in kept if visible(text) == text and not set("\n\u2028\u2029{}") & set(text)]
    texts = (f"{text} {at}" for at, text in enumerate(itertools.cycle(fit)))
    told = worded(tomllib.loads(variant("1.0-canary")), texts)
    told["citation"] = "<canary-x>=1+1 https://canary.example/"
    looked = sent(hr, "/instruments/look", "file", instrument_file(told))
    found += [f"instrument: {each}" for each in wrong(looked)]
    assert looked.status_code == 200, looked.text
    taken = hr.post("/instruments/", data={"text": instrument_file(told).decode()})
    assert taken.status_code == 303, taken.text


def _wave(engine: Engine, home: Path) -> Publication:
    """Ask, let the teams answer, publish; then open another wave, whose letters HR sends."""
    with writing(engine) as session:
        plan = WaveDraft(code=rounds.WAVE, opens_at=OPENED, closes_at=OVER - GRACE, instrument_version="1.0-canary")
        wave_plans.draft(session, plan, OPENED)
        opening.open_wave(session, rounds.WAVE, OPENED, home)
    key = issue_key.read(home, rounds.WAVE)
    with reading(engine) as session:
        asked = instrument_of(session, wave(session, rounds.WAVE)).asked()
        listed = (
            select(RosterEntry.person_id).join(Wave).where(Wave.code == rounds.WAVE).order_by(RosterEntry.person_id)
        )
        people = session.scalars(listed).all()[: len(TEAMS) * IN_A_TEAM + 9]
    for place, person in enumerate(people):
        answers: dict[str, int | None] = {item.id: 1 + (place * (3 + at) + at) % 7 for at, item in enumerate(asked)}
        form = Sent(code_for(key, rounds.WAVE, person), new_receipt(), answers)
        assert isinstance(rounds.answer(engine, form, OPENED), Accepted)
    rounds.close(engine, OVER)
    with writing(engine) as session:
        told = publication.publish(session, rounds.WAVE, OVER + (OVER - OPENED))
        began = now()
        later = WaveDraft(
            code=LATER, opens_at=began, closes_at=began + (OVER - OPENED), instrument_version="1.0-canary"
        )
        wave_plans.draft(session, later, began)
        opening.open_wave(session, LATER, began, home)
    return told


def _outcomes(hr: FlaskClient, found: list[str]) -> None:
    """Note a measure with hostile names, and bring in its values for units with hostile names."""
    measure = {"code": "csat", "ko": TEAMS[0], "en": TEAMS[1], "better": "higher", "counted_in": "=1+1"}
    assert hr.post("/outcomes/measures", data=measure).status_code == 303
    rows = [
        ["unit", "period", "measure", "value"],
        *([f"T{at}", "2026-05", TEAMS[0], "5.5"] for at in range(len(TEAMS))),
    ]
    page = sent(hr, "/outcomes/preview", "file", table(rows))
    found += [f"outcomes: {each}" for each in wrong(page)]
    forms = [form for form in read(page.text, "/outcomes/preview")[1] if form.address == "/outcomes/"]
    assert hr.post("/outcomes/", data=dict(forms[0].fields)).status_code == 303
