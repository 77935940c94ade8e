import csv
import io
import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, text, update

from survey import models
from survey.database import reading, writing
from survey.services import audit_log
from survey.services.accounts import keeping, sign_ins
from survey.services.accounts.keeping import Facts
from survey.web import log
from survey.web.access import COOKIE
from survey.web.clock import now
from survey.web.limits import limiter
from tests import cast
from tests.journeys.doors import Visitor, loaded


@pytest.fixture
def auditor(client: FlaskClient, engine: Engine) -> Visitor:
    """Ann, before a log with some entries."""
    loaded(engine)
    limiter.reset()
    with writing(engine) as session:
        ann = keeping.make(session, "ann@example.com", Facts("Ann", "auditor", "en"), cast.NOW)
        ada = session.scalars(select(models.Account).where(models.Account.name == "Ada")).one()
        audit_log.write(session, cast.NOW, ada.id, "practice adopted", unit="SALES", practice="stand_ups")
        audit_log.write(session, cast.NOW, None, "wave published", wave="2026-Q4", digest="0" * 64)
        audit_log.write(session, cast.NOW, None, "an act of old", what="=1+1")
        client.set_cookie(COOKIE, sign_ins.let_in(session, ann.id, now(), second_step=True))
    client.get("/log/?lang=en")
    return Visitor(client)


def head(engine: Engine) -> str:
    """Return the head of the log."""
    with reading(engine) as session:
        return audit_log.head(session)


def test_the_log_is_read_in_words(auditor: Visitor) -> None:
    """Newest first, by the company's clocks, with the name of whoever did it, in both languages."""
    page = auditor.get("/log/").text
    assert page.index("an act of old") < page.index("Published wave 2026-Q4.") < page.index("Made the account Ann.")
    assert "Noted that the unit SALES uses the practice stand_ups." in page
    assert "<td>Ada</td>" in page
    assert "2026-10-01 18:00" in page
    assert "조사 2026-Q4의 결과를 공개했습니다." in auditor.get("/log/?lang=ko").text


def test_one_act_at_a_time_and_page_by_page(auditor: Visitor, engine: Engine) -> None:
    """A choice shows one act; a hundred entries stand on a page, and older ones behind it."""
    page = auditor.get("/log/?act=wave+published").text
    assert "Published wave 2026-Q4." in page
    assert "Made the account Ann." not in page.split("<tbody>")[1]
    with writing(engine) as session:
        for wave in range(log.PER_PAGE):
            audit_log.write(session, cast.NOW, None, "wave closed", wave=f"W{wave:03}")
    first = auditor.get("/log/").text
    assert "W099" in first
    assert "Made the account Ann." not in first.split("<tbody>")[1]
    assert "Made the account Ann." in auditor.get("/log/?before=5").text
    for before in ("x", "-1", "9" * 99, "²"):
        assert auditor.get(f"/log/?before={before}").status_code == 200
    assert "Nothing was written yet." in auditor.get("/log/?act=nothing").text


def test_a_whole_log_says_so(auditor: Visitor, engine: Engine) -> None:
    """With the head that is held, in capitals and with spaces too, and without one."""
    held = head(engine)
    assert "each of 4 entries follows" in auditor.get("/log/verify").text
    page = auditor.get(f"/log/verify?head={held[:20].upper()}%20{held[20:]}").text
    assert "The head that you hold stands in it." in page
    for typed in ("abc", "g" * 64, "%3Cscript%3E"):
        assert "A head has 64 letters and digits." in auditor.get(f"/log/verify?head={typed}").text


def test_a_log_that_was_edited_is_found_out(auditor: Visitor, engine: Engine) -> None:
    """A changed entry is named; a log that was written anew as a whole lacks the head that is held."""
    held = head(engine)
    with writing(engine) as session:
        session.execute(update(models.AuditEntry).where(models.AuditEntry.id == 2).values(act="wave closed"))
    assert "The log was edited: entry 2 does not follow" in auditor.get("/log/verify").text
    with writing(engine) as session:
        session.execute(text("DELETE FROM audit_entry"))
        audit_log.write(session, cast.NOW, None, "wave published", wave="2026-Q4")
    assert "The log is whole" in auditor.get("/log/verify").text
    assert "The head that you hold is not in the log" in auditor.get(f"/log/verify?head={held}").text


def test_the_log_as_a_file(auditor: Visitor, engine: Engine) -> None:
    """Every entry with its digest, its own export the last one; no cell is run by a spreadsheet."""
    with writing(engine) as session:
        session.execute(update(models.Account).where(models.Account.name == "Ada").values(name="=cmd|' /C calc'!A1"))
    answer = auditor.get("/log/log.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="audit-log.csv"'
    assert answer.get_data().startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert [row["act"] for row in rows][-1] == "log exported"
    assert rows[1]["name"] == "'=cmd|' /C calc'!A1"
    assert all(cell[:1] not in {"=", "+", "-", "@"} for row in rows for cell in row.values())
    before = audit_log.FIRST
    for row in rows:
        assert row["before"] == before
        assert json.loads(row["facts"]) is not None
        before = row["digest"]
    assert before == head(engine)


def test_a_log_longer_than_a_piece(auditor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is read piece by piece, and no entry is lost or doubled between two."""
    monkeypatch.setattr(audit_log, "CHUNK", 2)
    rows = list(csv.DictReader(io.StringIO(auditor.get("/log/log.csv").get_data().decode("utf-8-sig"))))
    assert [row["entry"] for row in rows] == ["1", "2", "3", "4", "5"]


def test_an_auditor_starts_where_she_checks(auditor: Visitor, app: Flask, engine: Engine) -> None:
    """The first page leads auditors to what they check, observers to units; each finds what opens, and no more."""
    assert auditor.get("/").location == "/audit/"
    page = auditor.get("/audit/").text
    assert "No wave has been opened yet." in page
    links = {"/accounts/", "/audit/", "/log/", "/units/", "/people/", "/practices/"}
    assert {link for link in links if f'href="{link}"' in page} == {"/accounts/", "/audit/", "/log/"}
    assert "Make an account" not in auditor.get("/accounts/").text
    assert "csrf_token" in auditor.get("/accounts/1").text
    assert "/accounts/1/close" not in auditor.get("/accounts/1").text
    with writing(engine) as session:
        oz = keeping.make(session, "oz@example.com", Facts("Oz", "observer", "en"), cast.NOW)
        session.add(models.Grant(account_id=oz.id, unit_code="SALES"))
        cookie = sign_ins.let_in(session, oz.id, now(), second_step=True)
    observer = app.test_client()
    observer.set_cookie(COOKIE, cookie)
    assert observer.get("/?lang=en").location == "/units/"
    for place in ("/practices/", "/marks/"):
        seen = observer.get(place).text
        assert "Oz" in seen
        assert "<select" not in seen
    assert observer.get("/audit/").status_code == 403
