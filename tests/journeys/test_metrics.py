"""Metrics and logs: what an operator needs, and nothing of who answers, where or when."""

import io
import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from flask import Flask
from msgspec.structs import replace
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine

from survey.services.backups import backups
from survey.web import logs
from survey.web.clock import now
from survey.web.crowd import AGAIN_IN
from survey.web.factory import create_app
from survey.web.limits import limiter
from survey.web.together import Together, memory_for
from tests import cast
from tests.journeys.answering import WAVE, codes_of, open_wave
from tests.journeys.doors import Visitor, loaded

TOKEN: Final = "a token that nobody guesses"
BEARER: Final = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def watched(app: Flask, engine: Engine) -> Flask:
    """The cast's installation, with metrics and a log for collectors."""
    loaded(engine)
    limiter.reset()
    made = create_app(replace(app.extensions["survey.settings"], metrics_token=TOKEN, log="json"))
    made.testing = True
    return made


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Give what is logged, as a collector gets it."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(logs.formatter("json"))
    logging.getLogger().addHandler(handler)
    before = logging.getLogger(logs.NAME).level
    logging.getLogger(logs.NAME).setLevel(logging.INFO)
    yield text
    logging.getLogger().removeHandler(handler)
    logging.getLogger(logs.NAME).setLevel(before)


def read(app: Flask) -> dict[str, float]:
    """Return the metrics by name and labels."""
    text = app.test_client().get("/metrics", headers=BEARER).text
    return {
        sample.name + "".join(f" {value}" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if not sample.name.endswith("_created")
    }


def test_without_a_token_there_are_no_metrics(app: Flask) -> None:
    """Where the operator asked for none there is no such page."""
    assert app.test_client().get("/metrics", headers=BEARER).status_code == 404


@pytest.mark.parametrize("shown", [{}, {"Authorization": "Bearer nope"}, {"Authorization": TOKEN}, {"X-Token": TOKEN}])
def test_metrics_open_to_their_token_only(watched: Flask, shown: dict[str, str]) -> None:
    """Anybody else is turned away, HR without the token included."""
    assert watched.test_client().get("/metrics", headers=shown).status_code == 401
    assert Visitor(watched.test_client()).sign_in("Cy").client.get("/metrics").status_code == 401


def test_an_operator_reads_how_it_runs(watched: Flask, engine: Engine, home: Path) -> None:
    """Waves by state, letters that wait, the age of backup and tick, room on the disk; pages behind the sign-in."""
    open_wave(engine, home, WAVE, now())
    backups.backup(engine, home, home / "b.backup", "", now())
    Visitor(watched.test_client()).sign_in("Cy").get("/")
    found = read(watched)
    assert (found["survey_waves open"], found["survey_waves draft"]) == (1, 0)
    assert found["survey_letters_waiting"] == len(cast.MEMBERS)
    assert found["survey_requests_total 2xx"] >= 2
    assert found["survey_backup_age_seconds"] < 3600
    assert found["survey_disk_free_bytes"] > 0
    assert "survey_tick_age_seconds" not in found


def test_nothing_that_respondents_do_moves_a_metric(watched: Flask, engine: Engine, home: Path) -> None:
    """Opening the survey, a wrong code, an answer and a receipt leave every number but those of time as it was."""
    open_wave(engine, home, WAVE, now())
    before = read(watched)
    client = watched.test_client()
    for path in ("/s", "/receipt", "/promise"):
        client.get(path)
    client.post("/s", data={"code": "0000-0000-0000-0000"})
    assert client.post("/s", data={"code": codes_of(engine, home, WAVE)[4]}).status_code == 200
    after = read(watched)
    moving = {"survey_wave_ends_in_seconds", "survey_disk_free_bytes"}
    assert {name for name in before if before[name] != after[name]} <= moving
    assert before.keys() == after.keys()


def test_a_failure_is_counted_wherever_it_happens(watched: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that fails is known, whosever it is."""
    watched.testing = False
    monkeypatch.setattr(watched, "view_functions", {**watched.view_functions, "responses.entry": _fails})
    assert watched.test_client().get("/s").status_code == 500
    assert read(watched)["survey_failures_total"] == 1


def test_a_crowd_is_counted_and_logged_by_the_minute(watched: Flask, written: io.StringIO) -> None:
    """However many are told to come again: one minute, one line with the day, and no failure of ours."""
    told = {AGAIN_IN: 10}
    before = read(watched)
    for path in ("/s", "/s", "/sign-in", "/readyz"):
        page = watched.test_client().get(path, environ_overrides=told, headers={"User-Agent": "canary/1"})
        assert (page.status_code, page.headers["Retry-After"]) == (503, "10")
    assert page.get_json() == {"status": "cannot keep up", "problem": "crowded"}
    after = read(watched)
    assert (before["survey_crowded_total"], after["survey_crowded_total"]) == (0, 1)
    assert after["survey_failures_total"] == before["survey_failures_total"]
    (line,) = [each for each in map(json.loads, written.getvalue().splitlines()) if "crowded" in each["event"]]
    assert line["day"] == f"{now():%Y-%m-%d}"
    assert not {"at", "endpoint"} & line.keys()


def test_a_collector_is_not_turned_away_by_a_crowd(watched: Flask) -> None:
    """What is counted is told without the database: else the alarm that people are turned away could never come."""
    page = watched.test_client().get("/metrics", headers=BEARER, environ_overrides={AGAIN_IN: 10})
    assert page.status_code == 200
    assert "survey_crowded_total 1.0" in page.text
    assert "survey_waves" not in page.text  # others wait for the database
    assert watched.test_client().get("/metrics", environ_overrides={AGAIN_IN: 10}).status_code == 401


def test_a_minute_is_one_minute_for_all_processes(watched: Flask, written: io.StringIO) -> None:
    """However many processes turn people away: one line and one minute, so that the alert counts minutes."""
    memory = memory_for(2)
    apps = [create_app(watched.extensions["survey.settings"], Together(memory, slot)) for slot in (0, 1)]
    os.close(memory)
    for app in apps:
        assert app.test_client().get("/s", environ_overrides={AGAIN_IN: 10}).status_code == 503
    assert [read(app)["survey_crowded_total"] for app in apps] == [1, 1]
    assert written.getvalue().count("crowded") == 1


def _fails() -> str:
    raise RuntimeError("the words of an answer")


def test_a_collector_gets_one_object_a_line(watched: Flask, written: io.StringIO) -> None:
    """Requests behind the sign-in with their page and time; no address, browser, path or account."""
    Visitor(watched.test_client()).sign_in("Cy").get("/waves/?wave=secret-name")
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert {"endpoint", "method", "status", "ms", "at", "event", "level", "logger"} == set(lines[-1])
    assert (lines[-1]["endpoint"], lines[-1]["status"]) == ("waves.index", 200)
    assert "secret-name" not in written.getvalue()
    assert "cy@example.com" not in written.getvalue()


def test_nothing_that_respondents_do_is_logged_but_our_failures(
    watched: Flask, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a failure on their pages the kind, the line of code and the day stand there; no time, no word of theirs."""
    client = watched.test_client()
    client.get("/s", headers={"User-Agent": "canary/1"})
    client.post("/s", data={"code": "0000-0000-0000-0000"})
    assert written.getvalue() == ""
    watched.testing = False
    monkeypatch.setattr(watched, "view_functions", {**watched.view_functions, "responses.entry": _fails})
    client.get("/s?lang=en", headers={"User-Agent": "canary/1"})
    (line,) = [json.loads(line) for line in written.getvalue().splitlines()]
    assert (line["event"], line["endpoint"], line["day"]) == ("RuntimeError", "responses.entry", f"{now():%Y-%m-%d}")
    assert "at" not in line
    assert not any(word in written.getvalue() for word in ("canary", "words of an answer", "127.0.0.1"))


@pytest.mark.parametrize("kind", ["json", "text"])
def test_other_libraries_log_no_words_either(kind: str) -> None:
    """What waitress or SQLAlchemy say of an error keeps its kind and place, and loses its message and traceback."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(logs.formatter(kind))
    logger = logging.getLogger("waitress")
    logger.addHandler(handler)
    try:
        try:
            _fails()
        except RuntimeError:
            logger.exception("Exception while serving %s", "/s")
    finally:
        logger.removeHandler(handler)
    assert "RuntimeError" in text.getvalue()
    assert "test_metrics.py" in text.getvalue()
    assert "words of an answer" not in text.getvalue()
    assert text.getvalue().count("\n") == 1
