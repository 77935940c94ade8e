"""Help is found by everybody who signs in, says the facts that hold, and runs nothing."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, update

from survey.database import writing
from survey.i18n import LANGUAGES
from survey.models import Company
from survey.web.guides import FOLDER, GLOSSARY, PLACE, SHEETS, glossary
from tests.journeys.doors import Visitor, loaded


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [sheet.name for sheet in SHEETS])
def test_each_text_is_there_in_both_languages(client: FlaskClient, engine: Engine, name: str, language: str) -> None:
    """Every place is filled in, every link leads somewhere, and nothing of the notation is left."""
    loaded(engine)
    ada = Visitor(client).sign_in("Ada", language)
    page = ada.get(f"/help/{name}?lang={language}").text
    text = page.split("<article", 1)[1].split("</article>")[0]
    assert not PLACE.search(text)
    assert not re.search(r"\*\*|\]\(|- \[|^#|\| ---", text, re.MULTILINE)
    assert ("Lighthouse Trading" if language == "en" else "등대상사") in text
    for link in re.findall(r'href="([^"]+)"', text):
        assert ada.get(f"/help/{link}").status_code == 200, link


def test_a_company_name_is_text(client: FlaskClient, engine: Engine) -> None:
    """Whatever the company is called, its name is not read as markup."""
    loaded(engine)
    with writing(engine) as session:
        session.execute(update(Company).values(name_en="<script>*A* & {k}</script>"))
    page = Visitor(client).sign_in("Ada").get("/help/notice").text
    assert "&lt;script&gt;*A* &amp; {k}&lt;/script&gt;" in page
    assert "<script>*A*" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_glossary_is_shown(language: str) -> None:
    """The page loses no row of docs/glossary.md."""
    rows = [line for line in GLOSSARY.read_text("utf-8").splitlines() if line.count(" | ") == 3]
    shown = [one for _, words in glossary(language) for one in words]
    assert len(shown) == len([row for row in rows if not row.startswith(("| word |", "| ---"))])
    assert all(one.word and one.other and one.meaning for one in shown)


def test_the_glossary_is_for_everybody(client: FlaskClient, engine: Engine) -> None:
    """Whoever reads a report may look up its words without an account."""
    loaded(engine)
    assert "총 동기 지수" in client.get("/help/words?lang=ko").text
    assert client.get("/help/guide").status_code == 303
    assert Visitor(client).sign_in("Ada").get("/help/nothing").status_code == 404


def test_the_two_languages_say_the_same() -> None:
    """A heading, a table row or a box that one language has the other has too."""
    for sheet in SHEETS:
        found = [_shape((FOLDER / f"{sheet.name}.{language}.md").read_text("utf-8")) for language in LANGUAGES]
        assert found[0] == found[1], sheet.name


def _shape(text: str) -> list[str]:
    marks = ("# ", "## ", "### ", "| ", "- ", "1. ", "2. ", "3. ", "4. ", "> ", ">")
    return [
        next(mark for mark in marks if line.startswith(mark)) for line in text.splitlines() if line.startswith(marks)
    ]
