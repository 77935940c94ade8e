import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import Engine, delete

from survey.database import writing
from survey.models.responses import Comment
from survey.services.publication import publication
from survey.services.waves.retention import months_after
from tests.journeys.answering import ENGLISH, KOREAN, begin
from tests.journeys.doors import WAVE, Visitor
from tests.services import rounds
from tests.services.test_comments import told

HOSTILE: Final = "<script>alert(1)</script> {{ 7*7 }} %(x)s \u202eevil\n\n\n\nend"
SAID: Final = {
    "Di": HOSTILE,
    "Eun": "좋아요 👍",
    "Max": "Fewer meetings, please",
    "Rae": "From Care",
    "Cy": "From above",
}
ADDRESS: Final = f"/waves/{WAVE}/units/{{unit}}/comments"


@pytest.fixture(autouse=True)
def soon() -> Iterator[None]:
    """Read them while they are kept, whenever the tests run."""
    with time_machine.travel(rounds.OVER + dt.timedelta(days=2)):
        yield


@pytest.fixture
def written(engine: Engine, home: Path) -> Engine:
    """The cast's wave, published; three of Sales wrote, one of Care, one at the top."""
    told(engine, home, SAID)
    return engine


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize(
    ("name", "sees"),
    [("Cy", {"CO", "SALES", "CARE", "NORTH"}), ("Ada", {"SALES", "NORTH"}), ("Bo", {"CARE"}), ("Eve", set())],
)
def test_comments_open_to_their_part_of_the_tree(client: FlaskClient, name: str, sees: set[str]) -> None:
    """HR opens every unit's page, a leader those of the own grant; for all others there is no such page."""
    visitor = Visitor(client).sign_in(name)
    found = {
        unit: visitor.get(ADDRESS.format(unit=unit)).status_code for unit in ("CO", "SALES", "CARE", "NORTH", "NIX")
    }
    assert {unit for unit, status in found.items() if status == 200} == sees
    assert set(found.values()) <= {200, 404}
    listed = visitor.get(f"/waves/{WAVE}/comments").text
    assert ("3 comments" in listed) == ("SALES" in sees)


@pytest.mark.usefixtures("written")
def test_strangers_sign_in_first(client: FlaskClient) -> None:
    """Nobody reads a comment without an account."""
    for address in (ADDRESS.format(unit="SALES"), f"/waves/{WAVE}/comments"):
        assert Visitor(client).get(address).status_code == 303


@pytest.mark.usefixtures("written")
def test_a_comment_is_text_and_nothing_else(client: FlaskClient) -> None:
    """Markup, templates and turned writing arrive as the letters they are made of; empty lines do not pile up."""
    page = Visitor(client).sign_in("Ada").get(ADDRESS.format(unit="SALES")).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }} %(x)s evil\n\nend" in page
    assert "<script>alert" not in page
    assert "\u202e" not in page
    for text in (
        "좋아요 👍",
        "Fewer meetings, please",
        "Do not look for who wrote it",
        "deleted together with the answers on",
    ):
        assert text in page
    assert "From Care" not in page


@pytest.mark.usefixtures("written")
def test_no_number_stands_beside_a_comment(client: FlaskClient) -> None:
    """The page of comments shows no index, the page of numbers no comment: it only leads there."""
    ada = Visitor(client).sign_in("Ada")
    assert "95\N{NO-BREAK SPACE}%" not in ada.get(ADDRESS.format(unit="SALES")).text
    unit = ada.get("/units/SALES").text
    assert ADDRESS.format(unit="SALES") in unit
    assert "Fewer meetings" not in unit
    assert "/comments" not in ada.get("/units/NORTH").text


@pytest.mark.usefixtures("written")
def test_no_file_holds_a_comment(client: FlaskClient) -> None:
    """Neither the data of the publication nor any other answer of the results hands one out."""
    hr = Visitor(client).sign_in("Cy")
    for address in (
        f"/publications/{WAVE}/results.json",
        f"/publications/{WAVE}",
        f"/reports/{WAVE}/",
        "/units/",
        "/compare/",
    ):
        assert "Fewer meetings" not in hr.get(address).text
    assert f"/waves/{WAVE}/comments" in hr.get(f"/publications/{WAVE}").text


@pytest.mark.usefixtures("written")
def test_a_unit_with_too_few_looks_like_one_with_none(client: FlaskClient, written: Engine) -> None:
    """Care, where one wrote and nobody may read it, says the same as before and after: nothing tells of hidden ones."""
    hr = Visitor(client).sign_in("Cy")
    before = hr.get(ADDRESS.format(unit="CO")).text
    assert "No comments to read here" in before
    assert "or so few" in before
    with writing(written) as session:
        session.execute(delete(Comment).where(Comment.coarse_unit.in_(("CO", "CARE"))))
    assert hr.get(ADDRESS.format(unit="CO")).text == before


@pytest.mark.parametrize(
    ("unit", "says"), [("NORTH", "never read at their own team"), ("CARE", "Fewer than 10 people were counted here")]
)
@pytest.mark.usefixtures("written")
def test_an_empty_page_says_why(client: FlaskClient, unit: str, says: str) -> None:
    """A team, and a unit of too few people, say so: both follow from what is published anyway."""
    assert says in Visitor(client).sign_in("Cy").get(ADDRESS.format(unit=unit)).text


@pytest.mark.usefixtures("written")
def test_deleted_comments_are_told_as_deleted(client: FlaskClient) -> None:
    """From the promised day on, before any clean-up has run, pages say that they are gone."""
    with time_machine.travel(months_after(rounds.OVER, 24)):
        page = Visitor(client).sign_in("Cy").get(ADDRESS.format(unit="SALES")).text
    assert "deleted with the answers of this wave" in page
    assert "Fewer meetings" not in page


def test_comments_of_an_unpublished_wave_are_no_page(client: FlaskClient, engine: Engine, home: Path) -> None:
    """Before the publication there is nothing to read for anybody."""
    for name, code in rounds.open_cast(engine, home).items():
        rounds.answer(engine, rounds.sent(code, SAID.get(name, "")))
    rounds.close(engine)
    hr = Visitor(client).sign_in("Cy")
    assert hr.get(ADDRESS.format(unit="SALES")).status_code == 404
    assert hr.get(f"/waves/{WAVE}/comments").status_code == 404
    with writing(engine) as session:
        publication.publish(session, WAVE, rounds.OVER)
    assert hr.get(ADDRESS.format(unit="SALES")).status_code == 200


def test_where_one_writes_the_readers_are_named(client: FlaskClient, codes: list[str]) -> None:
    """The page with the comment field names the unit from which on leaders may read, in both languages."""
    di = codes[3]
    for language, says in (
        (ENGLISH, "HR and the leaders of Sales or of the units above it"),
        (KOREAN, "영업 또는 그 위 부서의 리더"),
    ):
        page = client.post("/s/answer", data={**begin(client, di, language), "go": "list"}, headers=language).text
        assert says in page
