"""What came in by the command line and in files, and was taken, comes out of everything as text."""

import io
import itertools
import tomllib
from collections.abc import Iterator
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any, Final
from typing import cast as said_to_be

import pytest

from reports.pdf import render
from survey.runs.runner import Runner
from survey.web.clock import now
from tests.hostile import brought
from tests.hostile.brought import BOSS, HR, TEAMS, instrument_file, sent, table
from tests.hostile.company import LATER
from tests.hostile.conftest import Stage, installed, kept
from tests.hostile.corpus import CORPUS, MIXED
from tests.hostile.crawling import walk
from tests.hostile.doors import MADE_BY_CHILDREN
from tests.hostile.judging import wrong
from tests.hostile.opened import judge, wrong_letter, wrong_pdf
from tests.hostile.test_terminal import moves, run
from tests.reports import reading as printed
from tests.services.rounds import WAVE
from tests.variant import variant

STARTS: Final = (
    *("/", "/people/", "/units/", "/log/", "/accounts/", "/company/", "/heat-map/", "/outcomes/", "/instruments/"),
    *("/practices/", f"/waves/{LATER}", f"/waves/{WAVE}", f"/publications/{WAVE}", f"/reports/{WAVE}/", "/evidence/"),
    *(f"/units/T{place}" for place in range(len(TEAMS))),
    "/compare/?" + "&".join(f"unit=T{place}" for place in range(len(TEAMS))),
)
FILES: Final = (
    f"/publications/{WAVE}/results.csv",
    f"/publications/{WAVE}/results.json",
    f"/publications/{WAVE}/results.xlsx",
    "/heat-map/map.csv",
    "/heat-map/map.xlsx",
    "/compare/comparison.pptx?unit=T0&unit=T1",
)
COLUMNS: Final = {
    "/outcomes/preview": ("unit", "period", "measure", "value"),
    "/accounts/file": ("email", "name", "role", "unit", "language"),
}
"""Tables that HR sends beside the roster, and their headings."""
RIGHT: Final = {
    "/outcomes/preview": ("T0", "2026-04", "csat", "5"),
    "/accounts/file": ("new@example.com", "New", "leader", "T0", "en"),
}


@pytest.fixture(scope="module")
def company(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Give the company that came in through its doors."""
    home = tmp_path_factory.mktemp("brought") / "home"
    made, found = brought.build(installed(home, sqlite_template), home)
    assert found == []
    yield from kept(made)


@pytest.fixture(scope="module")
def pages(company: Stage) -> list[str]:
    """Give the addresses of pages that HR reaches from the main ones."""
    found = walk(company.app, company.browser(HR), STARTS, few=2, skip=MADE_BY_CHILDREN).pages
    assert len(found) > 60
    return [each for route, some in found.items() if route not in MADE_BY_CHILDREN for each in some]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_page_shows_what_was_taken_as_text(company: Stage, pages: list[str], language: str) -> None:
    """On all pages that can be reached: no element, no script and no address came out of a file."""
    hr, found = company.browser(HR), {}
    hr.get(f"/?lang={language}")
    for address in [each for each in pages if "lang=" not in each]:
        if faults := judge(hr.get(address)):
            found[address] = faults
    assert found == {}
    shown = hr.get("/units/").get_data(as_text=True)
    assert f'<html lang="{language}"' in shown
    assert "&lt;canary-x&gt;" in shown


@pytest.mark.parametrize("address", FILES)
def test_files_hold_it_as_text(company: Stage, address: str) -> None:
    """Results, heat map and comparison, opened again."""
    answer = company.browser(HR).get(address)
    assert (answer.status_code, judge(answer)) == (200, [])


def test_the_roster_goes_out_as_it_came_in(company: Stage) -> None:
    """As CSV and workbook: no formula, and the file that went out can be brought in, and changes nothing."""
    hr = company.browser(HR)
    for kind in ("csv", "xlsx"):
        answer = hr.post("/people/export", data={"kind": kind})
        data = answer.get_data()
        assert b"canary" in data or kind == "xlsx"
        assert judge(answer) == []
        back = hr.post("/people/", data={"file": (io.BytesIO(data), f"roster.{kind}"), "day": f"{now().date()}"})
        assert hr.get(f"{back.location}/errors.csv").status_code == 404, kind
        assert "The roster says all of this already." in hr.get(f"{back.location}?lang=en").get_data(as_text=True)


def test_reports_print_it(company: Stage) -> None:
    """A team's report: its name and the words of the questionnaire as text, nothing that runs or leads elsewhere."""
    for place, language in ((0, "ko"), (4, "en")):
        data = render(company.told, f"T{place}", language)
        assert wrong_pdf(data) == []
        assert "canary" in printed.text(data)


def test_letters_carry_it(company: Stage) -> None:
    """Invitations to everybody whom the roster names: each header once, to one address, and nothing in them lives."""
    hr, runner = company.browser(HR), said_to_be("Runner", company.app.extensions["survey.runs"])
    assert isinstance(runner, Runner)
    assert hr.post(f"/waves/{LATER}/letters").status_code == 303
    runner.wait_for_all()
    letters = [BytesParser(policy=policy.default).parsebytes(file.read_bytes()) for file in company.home.rglob("*.eml")]
    assert len(letters) >= len(TEAMS) * brought.IN_A_TEAM
    assert [fault for letter in letters for fault in wrong_letter(letter)] == []
    assert all(BOSS in plain.get_content() for letter in letters if (plain := letter.get_body(("plain",))))


def test_commands_print_it(company: Stage) -> None:
    """Results, questionnaires and practices on a terminal."""
    for words in (("waves",), ("results", "--wave", WAVE), ("instruments",), ("promise", "--wave", LATER)):
        code, said = run(company, "en", words)
        assert (code, moves(said)) == (0, []), words
    assert BOSS not in run(company, "en", ("verify-audit-log",))[1]


def test_cells_of_other_tables_are_told(company: Stage, *, every: bool) -> None:
    """Outcomes and accounts: each text in each column is taken or refused in a sentence, and shown as text."""
    hr, found = company.browser(HR), []
    for address, headings in COLUMNS.items():
        for place, heading in enumerate(headings):
            texts = [each.text for each in (MIXED, *CORPUS[:: 1 if every else 2]) if each.sendable]
            tried = ([text if at == place else right for at, right in enumerate(RIGHT[address])] for text in texts)
            rows = [list(headings), *tried]
            for some in itertools.chain([rows], ([rows[0], one] for one in rows[1::10])):
                answer = sent(hr, address, "file", table(some))
                found += [f"{address} {heading}: {each}" for each in wrong(answer)]
                assert answer.status_code in {200, 422}, heading
    assert found == []


def strings(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - whatever a file holds
    """Yield the place of every text of a file, one of each kind: the first and the last of a list stand for all."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from strings(inner, (*path, name))
    elif isinstance(value, list):
        for place in sorted({0, len(value) - 1} - {-1}):
            yield from strings(value[place], (*path, place))
    elif isinstance(value, str):
        yield path


def test_each_text_of_a_questionnaire_is_checked(company: Stage, tmp_path: Path, *, every: bool) -> None:
    """Title, names, items, labels, intro, ids, source: shown as text or refused in a sentence, by page and command."""
    hr, found, answered = company.browser(HR), [], set[int]()
    places = list(strings(tomllib.loads(variant("1.0-x"))))
    assert len(places) > 40
    for at, path in enumerate(places):
        for text in (MIXED, *CORPUS) if every else (MIXED, CORPUS[at % len(CORPUS)]):
            told = tomllib.loads(variant("1.0-x"))
            inner = told
            for step in path[:-1]:
                inner = inner[step]
            inner[path[-1]] = text.text
            data = instrument_file(told)
            answer = sent(hr, "/instruments/look", "file", data)
            found += [f"{path} {text.text[:30]!r}: {each}" for each in wrong(answer)]
            answered.add(answer.status_code)
            if text is MIXED and at % 8 == 0:
                (tmp_path / "own.toml").write_bytes(data)
                code, said = run(company, "en", ("add-instrument", str(tmp_path / "own.toml")))
                if code not in {0, 1} or moves(said):
                    found.append(f"add-instrument {path}: {code} {said[-200:]}")
    assert found == []
    assert answered == {200, 422}
