"""What leaves the hostile company as a file or a letter is opened again and looked through, cell by cell."""

import io
import json
import re
import zipfile
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Final
from typing import cast as said_to_be
from urllib.parse import quote

import pytest
from prometheus_client.parser import text_string_to_metric_families

from reports.archive import Entry, pieces
from reports.codes import sheet
from reports.pdf import render
from reports.slips import Slips
from reports.store.folder import Folder
from survey.database import reading
from survey.models import Person
from survey.runs.runner import Runner
from survey.services.publication import publication
from tests import cast
from tests.hostile.company import CODES, LATER, PAPER
from tests.hostile.conftest import Stage
from tests.hostile.corpus import CORPUS
from tests.hostile.doors import addresses
from tests.hostile.opened import judge, wrong_letter, wrong_pdf
from tests.reports import reading as printed
from tests.services.rounds import WAVE

TABLES: Final = re.compile(r"\.(csv|json|toml|<kind>)$|/file$")


def test_tables_that_are_handed_out_hold_text(hostile: Stage) -> None:
    """Each CSV, JSON and text file, of both waves: no cell begins a formula, every name can be sent."""
    client, kinds, found = hostile.browser(), set[str | None](), dict[str, list[str]]()
    others = [f"/compare/comparison.csv?wave={PAPER}&unit={quote(code, safe='')}" for code in CODES[1:3]]
    others += [f"/publications/{PAPER}/results.{kind}" for kind in ("csv", "json")] + [
        f"/heat-map/map.csv?wave={PAPER}"
    ]
    every = [address for rule, address in addresses(hostile, "GET") if TABLES.search(rule.rule)]
    for address in [*every, *others]:
        for language in ("ko", "en"):
            answer = client.get(f"{address}{'&' if '?' in address else '?'}lang={language}")
            kinds.add(answer.mimetype)
            if faults := judge(answer):
                found[address] = faults
    assert found == {}
    assert kinds >= {"text/csv", "application/json"}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_files_made_by_children_hold_text(hostile: Stage, language: str, *, every: bool) -> None:
    """Workbooks, slides and PDFs: no formula, no link, no action, nothing attached but ours."""
    client, wave = hostile.browser(), {"ko": WAVE, "en": PAPER}[language]
    found = {}
    compared = [f"/compare/comparison.{kind}?unit=SALES&unit=CARE&" for kind in ("xlsx", "pptx", "pdf")]
    tables = [f"/publications/{wave}/results.xlsx?", f"/heat-map/map.xlsx?wave={wave}&"]
    for address in [*compared, *tables] if every else {"ko": compared[:2], "en": [compared[2], *tables]}[language]:
        answer = client.get(f"{address}lang={language}")
        assert answer.status_code == 200, address
        found[address] = judge(answer)
    assert {address: faults for address, faults in found.items() if faults} == {}


def test_the_roster_and_its_mistakes_go_out_as_text(hostile: Stage) -> None:
    """The exported roster, and the table of what is to be mended, as CSV and as workbook."""
    client = hostile.browser()
    assert hostile.waiting or addresses(hostile, "GET")
    for kind in ("csv", "xlsx"):
        assert judge(client.post("/people/export", data={"kind": kind})) == []
        assert hostile.waiting
        assert judge(client.get(f"/people/import/{hostile.waiting[0]}/errors.{kind}")) == []


def test_reports_hold_text_only(hostile: Stage) -> None:
    """A team's report of a unit with a hostile code and names, in both languages: text, our attachments, no action."""
    with reading(hostile.engine) as session:
        paper = publication.publication(session, PAPER)
    for code, language in ((CODES[2], "ko"), (CODES[8], "en")):
        data = render(paper, code, language)
        assert wrong_pdf(data) == []
        assert _seen(paper.unit(code).name(language)) <= _seen(printed.text(data))
        assert json.loads(printed.attachment(data, "results.json"))["unit"]["code"] == code


def _seen(text: str) -> set[str]:
    return {word for word in re.split(r"[^\w]+", text) if word.isascii()}


def test_slips_of_codes_hold_text_only() -> None:
    """The sheet of printed codes names company and unit as they are."""
    name = next(each.text for each in CORPUS if each.kind == "script")
    slips = Slips(name, name, WAVE, "http://localhost/s", ("0000-0000-0000-0000",), cast.TODAY)
    data = sheet(slips, "en")
    assert wrong_pdf(data) == []
    assert "canary-x" in printed.text(data)


def test_names_inside_the_archive_are_files_of_one_folder(tmp_path: Path) -> None:
    """Whatever a unit is called, its PDF lies beside the others: no folder, no drive, nothing twice."""
    store = Folder(tmp_path / "store")
    entries = []
    for place, each in enumerate(CORPUS):
        store.keep(f"a/{place}.pdf", b"%PDF")
        entries.append(Entry(f"a/{place}.pdf", "ko", place, each.text[:5000]))
    data = b"".join(pieces(store, "=<canary>", "2026-11-22", entries))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
    bad = [name for name in names if not re.fullmatch(r'ko/\d{4} [^\\/:*?"<>|\x00-\x1f\x7f\u202e]+', name)]
    assert bad == []
    assert len({name.casefold() for name in names}) == len(CORPUS)


def test_letters_have_each_header_once(hostile: Stage) -> None:
    """All letters that the product writes here: read back, nobody else is written to, and nothing in them lives."""
    client, runner = hostile.browser(), said_to_be("Runner", hostile.app.extensions["survey.runs"])
    for address, data in (
        ("/company/mail/test", {}),
        (f"/waves/{LATER}/letters", {}),
        (f"/publications/{WAVE}/share", {"account": [str(number) for number in range(1, 7)]}),
        ("/accounts/letters", {}),
        ("/letters/invitation/en/test", {}),
        ("/forgotten", {"email": "ada@example.com"}),
    ):
        assert client.post(address, data=data).status_code in {200, 303}, address
        runner.wait_for_all()
    letters = [BytesParser(policy=policy.default).parsebytes(file.read_bytes()) for file in hostile.home.rglob("*.eml")]
    assert len(letters) > 20
    for letter in letters:
        assert wrong_letter(letter) == []
    with reading(hostile.engine) as session:
        assert session.query(Person).count() > len(CODES)


def test_metrics_stay_metrics(hostile: Stage) -> None:
    """The collector reads what it is handed, and no label holds a word that somebody wrote."""
    token = hostile.app.extensions["survey.settings"].metrics_token
    with hostile.browser(None).get("/metrics", headers={"Authorization": f"Bearer {token}"}) as answer:
        assert answer.status_code == 200
        text = answer.get_data(as_text=True)
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    assert len(samples) > 5
    assert "canary" not in text
