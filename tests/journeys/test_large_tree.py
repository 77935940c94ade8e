import datetime as dt
from html import unescape
from unicodedata import normalize

import pytest
from flask import Flask
from msgspec.structs import replace
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey.database import writing
from survey.instruments.load import builtin
from survey.models import Account, Grant, Publication, Unit, Wave
from survey.privacy import cells
from survey.privacy.record import Record, UnitRecord
from survey.privacy.thaw import read
from survey.services.publication import kept
from survey.web.finding import find_units
from survey.web.publications import publications, reports
from survey.web.trees import Node
from survey.web.units import tree
from tests import cast
from tests.journeys.doors import Visitor
from tests.sample import sample_bytes
from tests.statements import statements

FIRST_LEVEL = ["A", "B", "C", "D", "HQ+", "A_1", "B_1", "C_1", "D_1", "HQ+_1"]
FIRST = dt.datetime(2024, 1, 8, 9)
PAGES = (
    *("/units/", "/units/?under=A", "/units/?find=team", "/units/A1", "/units/A1?wave=W0", "/units/A1/meeting"),
    *("/compare/?unit=A1&unit=A2&unit=A3", "/compare/?unit=A1&unit=A2&find=team", "/heat-map/", "/heat-map/?under=A"),
    *("/practices/", "/practices/new", "/evidence/"),
)
FOR_HR = (
    *("/", "/publications/W0", "/publications/W0/share", "/publications/W0/notices", "/waves/", "/waves/W0"),
    *("/waves/W0/comments", "/accounts/", "/people/", "/log/"),
)
READ_ONCE = ("/practices/", "/publications/W0")
"""What needs every unit is made the first time, and kept: what came after practices, and the audit's verdict."""


def company(engine: Engine) -> None:
    """Fill a database with the cast: Ada sees the sample's sales division, Cy everything."""
    with writing(engine) as session:
        cast.load(session)
        session.add(Unit(code="A", parent_code="CO", name_ko="영업본부", name_en="Sales"))
        session.flush()
        ada = session.scalars(select(Account).where(Account.name == "Ada")).one()
        session.add(Grant(account_id=ada.id, unit_code="A"))


def keep(engine: Engine, numbers: range, times: int = 1) -> None:
    """Keep the sample's second wave under other codes, its tree that many times as large."""
    record = read(*sample_bytes())
    units = [*record.units, *(copy for number in range(1, times) for copy in _copies(record, str(number)))]
    with writing(engine) as session:
        before = session.scalar(select(Publication.digest).order_by(Publication.wave_id.desc()).limit(1)) or ""
        for number in numbers:
            before = _keep(session, replace(record, units=units), number, before)


def _copies(record: Record, number: str) -> list[UnitRecord]:
    """Everything but the company once more, under codes of its own."""
    root = record.units[0].code
    return [
        replace(unit, code=f"{unit.code}_{number}", parent=root if unit.parent == root else f"{unit.parent}_{number}")
        for unit in record.units[1:]
    ]


def _keep(session: Session, record: Record, number: int, before: str) -> str:
    opens = FIRST + number * dt.timedelta(91)
    of = {"instrument_id": builtin().id, "instrument_version": builtin().version}
    wave = Wave(code=f"W{number}", state="published", opens_at=opens, closes_at=opens + dt.timedelta(14), **of)
    session.add(wave)
    session.flush()
    facts = replace(record.wave, code=wave.code, opened_on=str(opens.date()), closed_on=str(wave.closes_at.date()))
    earlier = {"previous": before, "previous_wave": f"W{number - 1}" if number else ""}
    return kept.keep(session, wave, replace(record, wave=facts, **earlier), wave.closes_at.date())


def asked(app: Flask, name: str) -> dict[str, tuple[int, int]]:
    """How many statements each page takes: in a process that has just started, and when it is opened again."""
    visitor, found = Visitor(app.test_client()).sign_in(name), {}
    for page in PAGES + (FOR_HR if name == "Cy" else ()):
        cells._lately.clear()
        kept._frames.clear()
        counts = []
        for _ in range(2):
            with statements(app.extensions["survey.engine"]) as heard:
                assert visitor.get(page).status_code == 200, page
            counts.append(len(heard))
        found[page] = (counts[1] if page in READ_ONCE else counts[0], counts[1])
    return found


def test_pages_ask_as_often_whatever_the_size(app: Flask, engine: Engine) -> None:
    """Five waves, the last of 340 units, take no more statements than two of 86: cold and warm, for a leader and HR."""
    company(engine)
    keep(engine, range(2))
    small = {name: asked(app, name) for name in ("Ada", "Cy")}
    keep(engine, range(2, 5), times=4)
    assert {name: asked(app, name) for name in ("Ada", "Cy")} == small
    assert all(cold <= warm + 4 for found in small.values() for cold, warm in found.values()), small


@pytest.fixture
def hr(app: Flask, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """HR before a tree that is too large for one page."""
    monkeypatch.setattr(tree, "MOST", 10)
    monkeypatch.setattr(tree, "FINDING_FROM", 10)
    company(engine)
    keep(engine, range(1), times=2)
    return Visitor(app.test_client()).sign_in("Cy")


def codes(visitor: Visitor, address: str) -> list[str]:
    """The units that a page of the tree lists, by the address of their page."""
    page = visitor.get(address).text.partition("<table")[2]
    return [
        unescape(part.partition("?")[0]).replace("%2B", "+")
        for part in page.split('href="/units/')[1:]
        if part[0] != "?"
    ]


def test_a_large_tree_is_shown_level_by_level(hr: Visitor) -> None:
    """The company and the units directly below it, with a link to what lies deeper, and the way back above."""
    page = hr.get("/units/").text
    assert codes(hr, "/units/") == ["HQ", *FIRST_LEVEL]
    assert '<a href="/units/?under=A&amp;wave=W0">19 units below it' in page
    assert codes(hr, "/units/?under=A1") == ["A1", *(f"A1-T{team}" for team in range(1, 6))]
    below = hr.get("/units/?under=A1").text
    assert '<li><a href="/units/?under=HQ&amp;wave=W0">Hanbit Trading</a></li>' in below
    assert "units below it" not in below


def test_a_level_that_is_too_large_has_pages(hr: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of ten units and more at one level each stands on one page, and pages lead to each other."""
    monkeypatch.setattr(tree, "MOST", 4)
    seen = [code for start in (0, 4, 8) for code in codes(hr, f"/units/?from={start}")[1:]]
    assert seen == FIRST_LEVEL
    page = hr.get("/units/?from=4").text
    assert "5 to 8 of 10" in page
    assert 'rel="prev" href="/units/?under=HQ&amp;wave=W0&amp;from=0"' in page
    assert 'rel="next" href="/units/?under=HQ&amp;wave=W0&amp;from=8"' in page
    assert hr.get("/units/?from=-3").status_code == hr.get("/units/?from=x").status_code == 200


def test_a_unit_is_found_by_name_in_what_one_may_see(app: Flask, hr: Visitor) -> None:
    """Names in both languages and codes are looked through; nobody finds what lies outside of their part."""
    assert '<a href="/units/B1-T2?wave=W0">' in hr.get("/units/?find=b1-t2").text
    ada = Visitor(app.test_client()).sign_in("Ada")
    assert '<a href="/units/A1-T2?wave=W0">' in ada.get("/units/?find=1.2").text
    for outside in ("b1-t2", "Engineering", "HQ"):
        assert "No unit that you may see is called so." in ada.get(f"/units/?find={outside}").text
    assert ada.get("/units/?under=B").status_code == ada.get("/units/?under=NOWHERE").status_code == 404


def test_reports_and_hidden_units_of_a_large_company_stand_on_pages(
    hr: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All units are there, each on one page; the report of a unit is found by its name, as in every long list."""
    monkeypatch.setattr(reports, "ON_A_PAGE", 100)
    monkeypatch.setattr(publications, "ON_A_PAGE", 2)
    pages = [hr.get(f"/reports/W0/?page={page}").text for page in (1, 2)]
    assert [page.count('hreflang="ko" aria-label') for page in pages] == [100, 63]
    assert "101 to 163 of 163" in pages[1]
    assert 'href="/reports/W0/?page=2#single"' in pages[0]
    found = hr.get("/reports/W0/?find=b1-t2&page=2").text.partition('class="plain rows found"')[2].partition("</ul>")[0]
    assert "/reports/W0/B1-T2.pdf?language=en" in found
    first, second = (hr.get(f"/publications/W0?page={page}").text for page in (1, 2))
    assert "1 to 2 of" in first
    assert "3 to 4 of" in second
    assert 'href="/publications/W0?page=1#hidden"' in second


def test_who_sees_several_parts_begins_with_their_tops(app: Flask, engine: Engine, hr: Visitor) -> None:
    """A leader of two parts of the tree sees both tops, and goes down into either."""
    del hr
    with writing(engine) as session:
        session.add(Unit(code="C1", parent_code="CO", name_ko="개발1실", name_en="Engineering 1"))
        session.flush()
        ada = session.scalars(select(Account).where(Account.name == "Ada")).one()
        session.add(Grant(account_id=ada.id, unit_code="C1"))
    both = Visitor(app.test_client()).sign_in("Ada")
    assert codes(both, "/units/") == ["A", "C1"]
    assert codes(both, "/units/?under=A") == ["A", "A+", "A1", "A2", "A3"]


def test_finding_looks_at_words_however_they_are_typed() -> None:
    """Composed or not, full width or half, in any order; a code comes first, and no more than so many are listed."""
    units = [
        Node("S", None, {"ko": "영업본부", "en": "Sales"}),
        Node("N1", "S", {"ko": "북부 영업팀", "en": "Sales North"}),
        Node("N10", "S", {"ko": "남부 영업팀", "en": "Sales South, once N1"}),
    ]
    assert [hit.code for hit in find_units("영업팀 북부", units, "ko").hits] == ["N1"]
    assert [hit.code for hit in find_units(normalize("NFD", "북부"), units, "ko").hits] == ["N1"]
    assert [hit.code for hit in find_units("ＮＯＲＴＨ", units, "ko").hits] == ["N1"]
    assert [hit.code for hit in find_units("n1", units, "en").hits] == ["N1", "N10"]
    assert [(hit.name, hit.where) for hit in find_units("south", units, "ko").hits] == [("남부 영업팀", "영업본부")]
    few = find_units("sales", units, "en", most=2)
    assert ([hit.code for hit in few.hits], few.more) == (["S", "N1"], 1)


def test_ten_years_of_waves_stay_at_hand(app: Flask, engine: Engine) -> None:
    """With forty waves a page that was opened before reads no head again: all of them are kept, not the last few."""
    company(engine)
    keep(engine, range(40))
    visitor = Visitor(app.test_client()).sign_in("Cy")
    visitor.get("/units/")
    with statements(app.extensions["survey.engine"]) as heard:
        visitor.get("/units/")
    assert [statement for statement in heard if "publication.record" in statement] == []
