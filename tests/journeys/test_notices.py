import json
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import Engine

from reports.pool import Job, forget_others, place
from reports.store.folder import Folder
from survey.app import main
from survey.database import reading, writing
from survey.privacy.released import Released
from survey.privacy.thaw import Publication
from survey.runs.report_files import forget_withdrawn
from survey.services.publication import notices
from survey.services.publication.publication import told_digests
from survey.settings import Settings
from tests.journeys.doors import WAVE, Visitor, published
from tests.services import rounds

FORM: Final = f"/publications/{WAVE}/notices"
WORDS: Final = {"ko": "남부영업의 이름이 <b>잘못</b> 적혔습니다.", "en": "The name of Sales South was <b>wrong</b>."}
SHOWN: Final = "The name of Sales South was &lt;b&gt;wrong&lt;/b&gt;."
PAGES: Final = (
    *(f"/units/?wave={WAVE}", f"/units/SALES?wave={WAVE}", f"/units/NORTH?wave={WAVE}", f"/publications/{WAVE}"),
    *(
        f"/publications/{WAVE}/results.json",
        f"/reports/{WAVE}/",
        f"/reports/{WAVE}/all.zip",
        f"/reports/{WAVE}/SALES.pdf",
    ),
    *(f"/waves/{WAVE}/comments", f"/waves/{WAVE}/units/SALES/comments"),
)
"""Every address that asks for results of the wave."""


@pytest.fixture
def results(engine: Engine, home: Path) -> Publication:
    """The cast's wave, published."""
    return published(engine, home)


def say(engine: Engine, kind: notices.Kind) -> None:
    """Say something about the cast's wave."""
    with writing(engine) as session:
        notices.say(session, WAVE, kind, WORDS, rounds.OVER)


@pytest.mark.usefixtures("results")
def test_hr_says_an_erratum_after_a_look_at_it(client: FlaskClient) -> None:
    """Written in both languages, looked at, said: then it stands on every page, for leaders in their language too."""
    hr = Visitor(client).sign_in("Cy")
    look = hr.post(f"{FORM}/preview", {"kind": "erratum", **WORDS}, page=FORM)
    assert look.status_code == 200
    for text in (SHOWN, "남부영업의 이름이 &lt;b&gt;잘못&lt;/b&gt;", "On every page of wave", "Say it"):
        assert text in look.text
    assert SHOWN not in hr.get("/units/").text
    said = hr.post(FORM, {"kind": "erratum", **WORDS}, page=FORM)
    assert (said.status_code, said.location) == (303, FORM)
    for address in (
        "/units/",
        "/units/SALES",
        "/units/NORTH",
        "/compare/",
        f"/publications/{WAVE}",
        f"/reports/{WAVE}/",
    ):
        assert SHOWN in hr.get(address).text, address
    assert hr.post(FORM, {"kind": "erratum", **WORDS}, page=FORM).status_code == 303  # the button pressed twice
    assert [each["ko"] for each in json.loads(hr.get(f"/publications/{WAVE}/results.json").text)["errata"]] == [
        WORDS["ko"]
    ]
    hr.post("/sign-out")
    ada = Visitor(client).sign_in("Ada")
    for address in ("/units/?lang=ko", "/units/SALES", "/compare/", f"/waves/{WAVE}/units/SALES/comments"):
        assert "남부영업의 이름이 &lt;b&gt;잘못&lt;/b&gt;" in ada.get(address).text, address


@pytest.mark.usefixtures("results")
@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"kind": "erratum", "ko": "한국어", "en": " "}, "Please fill in this field."),
        ({"kind": "erratum", "ko": "가" * 601, "en": "English"}, "This text is too long."),
        ({"kind": "erratum", "ko": "\u202e\u200b", "en": "English"}, "Please fill in this field."),
        ({"kind": "else", **WORDS}, "What to do"),
    ],
)
def test_a_notice_that_cannot_be_said_comes_back(client: FlaskClient, typed: dict[str, object], says: str) -> None:
    """One language, too many characters, nothing visible, another kind: it is told, and nothing kept."""
    hr = Visitor(client).sign_in("Cy")
    page = hr.post(f"{FORM}/preview", typed, page=FORM)
    assert page.status_code == 422
    assert says in page.text
    assert "So it will be read" not in page.text
    assert "Said so far" not in hr.get(FORM).text


@pytest.mark.usefixtures("results")
def test_a_withdrawal_needs_the_box(client: FlaskClient) -> None:
    """Without the tick nothing is withdrawn; the page says beside it what cannot be taken back."""
    hr = Visitor(client).sign_in("Cy")
    withdraw: dict[str, object] = {"kind": "withdrawal", **WORDS}
    page = hr.post(FORM, withdraw, page=FORM)
    assert page.status_code == 422
    for text in ("Tick the box", "printed or saved before cannot be taken back", "disappear from pages"):
        assert text in page.text
    assert hr.get("/units/SALES").status_code == 200
    assert hr.post(FORM, {**withdraw, "sure": "yes"}, page=FORM).status_code == 303
    assert hr.get(f"/units/SALES?wave={WAVE}").status_code == 410
    page = hr.get(FORM)
    assert "withdrawn for good" in page.text
    assert "Look at it first" not in page.text
    assert "withdrawn on" in hr.get(f"/waves/{WAVE}").text
    assert hr.get("/").status_code == 200


@pytest.mark.parametrize("name", ["Cy", "Ada"])
def test_no_address_hands_out_withdrawn_numbers(
    client: FlaskClient, engine: Engine, results: Publication, name: str
) -> None:
    """Every address of the wave's results says since when and why, and holds no number; lists pass the wave over."""
    say(engine, "withdrawal")
    visitor = Visitor(client).sign_in(name)
    figures = results.unit("SALES").figures
    assert isinstance(figures, Released)
    number = figures.value.index.text.lstrip("+−")
    for address in PAGES:
        answer = visitor.get(address)
        hr_only = name != "Cy" and address.startswith(("/publications/", f"/reports/{WAVE}/")) and ".pdf" not in address
        assert answer.status_code == (403 if hr_only else 410), address
        assert (SHOWN in answer.text) != hr_only
        assert number not in answer.text
    for address in ("/units/", "/compare/"):
        page = visitor.get(address).text
        assert "Results appear here once" in page
        assert SHOWN in page
        assert number not in page
    assert visitor.get("/units/SALES").status_code == 404


@pytest.mark.usefixtures("results")
def test_strangers_hear_of_no_withdrawal(client: FlaskClient, engine: Engine) -> None:
    """Who is not signed in is asked to, whatever became of the results."""
    say(engine, "withdrawal")
    assert {client.get(address).status_code for address in PAGES} == {303}


@pytest.mark.usefixtures("results")
def test_withdrawn_reports_are_not_made(client: FlaskClient, engine: Engine) -> None:
    """The button that prints all reports is answered with the reason, and prints nothing."""
    hr = Visitor(client).sign_in("Cy")
    say(engine, "withdrawal")
    answer = hr.post(f"/reports/{WAVE}/", page="/practices/")
    assert answer.status_code == 410
    assert SHOWN in answer.text


def printed(home: Path, results: Publication) -> Path:
    """A report of the publication as a file, in the place where it would be kept."""
    file = home / "reports" / place(results.told_digest, Job("SALES", "ko"))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"%PDF")
    return file


@pytest.mark.usefixtures("results")
def test_a_withdrawal_is_told_as_done_where_the_store_is_away(client: FlaskClient, home: Path) -> None:
    """The results are withdrawn all the same; what lies in the store still is told, and the wave's page stays."""
    hr = Visitor(client).sign_in("Cy")
    (home / "reports").write_text("a file", "utf-8")
    assert hr.get(f"/waves/{WAVE}").status_code == 200
    assert hr.post(FORM, {"kind": "withdrawal", "sure": "yes", **WORDS}, page=FORM).status_code == 303
    told = hr.get(FORM).text
    assert "The results are withdrawn." in told
    assert "lies in the store of reports still" in told


def test_a_withdrawal_removes_what_was_printed(client: FlaskClient, home: Path, results: Publication) -> None:
    """An erratum leaves the issued reports where they are; a withdrawal leaves none of the wave's on the server."""
    hr, file = Visitor(client).sign_in("Cy"), printed(home, results)
    hr.post(FORM, {"kind": "erratum", **WORDS}, page=FORM)
    assert file.exists()
    hr.post(FORM, {"kind": "withdrawal", "sure": "yes", **WORDS}, page=FORM)
    assert list((home / "reports").iterdir()) == []


def test_the_command_removes_what_was_printed(home: Path, results: Publication, environment: dict[str, str]) -> None:
    """Withdrawn on the command line: the same; what a run prints while that happens goes at the next tick."""
    file = printed(home, results)
    for arguments in (["withdraw", "--wave", WAVE, "--ko", WORDS["ko"], "--en", WORDS["en"]], ["tick"]):
        assert CliRunner().invoke(main, arguments, env=environment).exit_code == 0
        assert not file.exists()
        printed(home, results)


def test_reports_of_other_waves_stay(engine: Engine, home: Path, results: Publication) -> None:
    """What is told goes on being kept; what draws a withdrawn wave is printed anew, without it."""
    file = printed(home, results)
    with reading(engine) as session:
        forget_withdrawn(session, Settings.from_environment({"SURVEY_HOME": str(home)}))
        assert file.exists()
        assert told_digests(session) == {results.told_digest}
    forget_others(Folder(home / "reports"), {results.told_digest})
    assert file.exists()


def test_only_published_waves_can_be_corrected(client: FlaskClient, engine: Engine, home: Path) -> None:
    """An open wave has no such page."""
    rounds.open_cast(engine, home)
    hr = Visitor(client).sign_in("Cy")
    assert hr.get(FORM).status_code == 404
    assert hr.get("/publications/1999-Q1/notices").status_code == 404
