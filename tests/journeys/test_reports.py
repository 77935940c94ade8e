import io
import zipfile
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from survey.database import reading
from survey.models import AuditEntry
from survey.privacy.thaw import Publication
from survey.runs.reports import key
from survey.runs.runner import Runner
from tests.journeys.doors import WAVE, Visitor, published
from tests.statements import statements


@pytest.fixture
def results(engine: Engine, home: Path) -> Publication:
    """The cast's wave, published."""
    return published(engine, home)


def acts(engine: Engine) -> list[str]:
    """Return the acts of the log."""
    with reading(engine) as session:
        return [entry.act for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]


def test_a_leader_takes_the_report_of_a_unit(client: FlaskClient, results: Publication, engine: Engine) -> None:
    """One click gives the PDF in the language asked for, under a name that people read; the log says so."""
    ada = Visitor(client).sign_in("Ada")
    answer = ada.get(f"/reports/{WAVE}/SALES.pdf?language=en")
    assert answer.data.startswith(b"%PDF-1.7")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert f"{results.unit('SALES').name('en')} {WAVE}.pdf" in answer.headers["Content-Disposition"]
    assert acts(engine)[-1] == "report handed out"
    answer.close()
    in_korean = ada.get(f"/reports/{WAVE}/SALES.pdf?language=ko")
    assert quote(f"{results.unit('SALES').name('ko')} {WAVE}.pdf") in in_korean.headers["Content-Disposition"]
    in_korean.close()


def test_hr_makes_all_reports_and_takes_them_as_one_file(
    app: Flask, client: FlaskClient, results: Publication, engine: Engine
) -> None:
    """The run is started by a button, followed by a bar, and ends with a ZIP of every unit in both languages."""
    hr = Visitor(client).sign_in("Cy")
    runs: Runner = app.extensions["survey.runs"]
    assert hr.get(f"/reports/{WAVE}/all.zip").status_code == 404
    assert hr.post(f"/reports/{WAVE}/", page=f"/reports/{WAVE}/").status_code == 303
    page = hr.get(f"/reports/{WAVE}/").text
    assert "<progress" in page
    assert '<noscript><meta http-equiv="refresh"' in page
    state = hr.get(f"/reports/{WAVE}/progress").json
    assert state is not None
    assert state["running"]
    assert state["total"] == 2 * len(results.units)
    runs.wait(key(WAVE, "both"))
    answer = hr.get(f"/reports/{WAVE}/all.zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert len(archive.namelist()) == 2 * len(results.units)
        assert all(archive.read(name).startswith(b"%PDF-") for name in archive.namelist())
    assert {"reports made", "reports handed out"} <= set(acts(engine))
    assert "This wave is finished" in hr.get("/").text
    answer.close()


def test_a_leader_takes_the_workbook_of_her_part(client: FlaskClient, results: Publication, engine: Engine) -> None:
    """The page of units offers workbook and CSV: her units, the company's means, and nobody else's; the log says so."""
    ada = Visitor(client).sign_in("Ada")
    assert f'href="/publications/{WAVE}/results.xlsx"' in ada.get("/units/").text
    told = ada.get(f"/publications/{WAVE}/results.csv").data.decode("utf-8-sig")
    units = {line.split(",")[3] for line in told.splitlines()[1:]}
    assert units == {unit.code for unit in results.units if unit.code in {"CO", *_below(results, "SALES")}}
    assert acts(engine)[-1] == "results handed out"
    assert Visitor(client).sign_in("Eve").get(f"/publications/{WAVE}/results.xlsx").status_code == 404


def test_a_leaders_files_take_a_leaders_part_from_the_database(
    app: Flask, client: FlaskClient, results: Publication
) -> None:
    """Of a company of thousands a division is read, not every wave whole; HR's files need all of it."""
    asked = {}
    assert len(results.units) > len(_below(results, "SALES"))
    for name in ("Ada", "Cy"):
        visitor = Visitor(client).sign_in(name)
        with statements(app.extensions["survey.engine"]) as heard:
            assert visitor.get(f"/publications/{WAVE}/results.csv").status_code == 200
        read = [each for each in heard if "published_unit.record" in each]
        asked[name] = [each for each in read if "published_unit.unit_code IN" not in each]
    assert (asked["Ada"], len(asked["Cy"])) == ([], 1)


def _below(results: Publication, code: str) -> set[str]:
    return {unit.code for unit in results.below(code)}


def test_reports_are_made_in_one_language_and_once_at_a_time(
    app: Flask, client: FlaskClient, results: Publication
) -> None:
    """Korean alone takes half the time; while it runs another run is refused; the other language stays to be made."""
    hr = Visitor(client).sign_in("Cy")
    runs: Runner = app.extensions["survey.runs"]
    page = f"/reports/{WAVE}/"
    hr.post(page, {"language": "ko"}, page=page)
    hr.post(page, {"language": "en"}, page=page)
    assert "being made already" in hr.get(page).text
    runs.wait(key(WAVE, "ko"))
    with hr.get(f"{page}all.zip?language=ko") as answer, zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert {name.split("/")[0] for name in archive.namelist()} == {"ko"}
        assert len(archive.namelist()) == len(results.units)
    assert hr.get(f"{page}all.zip?language=en").status_code == 404
    assert hr.get(f"{page}all.zip?language=fr").status_code == 404
    assert hr.post(page, {"language": "fr"}, page=page).status_code == 404
