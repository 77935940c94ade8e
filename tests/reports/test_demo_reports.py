import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner

from reports.pool import Frozen, Job, frozen, place, render_all
from reports.store.folder import Folder
from reports.verify.check import check
from survey.charts import told
from survey.cli import main
from survey.database import reading
from survey.i18n import LANGUAGES
from survey.privacy.released import Released, Suppressed
from survey.privacy.thaw import Publication
from survey.services.publication import publication as publications
from tests.demo_company import demo_company
from tests.reports import reading as pdfs
from tests.reports.printed import printed_figures

WAVE = "2026-Q3"


SOME: Final = 4
"""One unit in so many is printed in English too; pages of both languages come from the same figures."""


@dataclass(frozen=True)
class Printed:
    """The demo's last publication, its reports as they came out of the ZIP in Korean, and some in English."""

    publication: Publication
    reports: dict[tuple[str, str], bytes]
    variables: dict[str, str]
    """Where its database is, for commands."""


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Printed]:
    """Print every report of the demo in Korean, as HR would by command, and some in English."""
    home = tmp_path_factory.mktemp("demo")
    target = tmp_path_factory.mktemp("zip") / "reports.zip"
    with demo_company(home) as company:
        variables = {"SURVEY_HOME": str(home), "SURVEY_DATABASE_URL": company.settings.database_url, "LANG": "C.UTF-8"}
        words = ["reports", "--wave", WAVE, "--language", "ko", "-o", str(target)]
        result = CliRunner().invoke(main, words, env=variables, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        with reading(company.engine) as session:
            found = publications.publication(session, WAVE)
            record = frozen(found, publications.publications(session))
        yield Printed(found, _unpacked(target, found) | _in_english(found, record, home / "english"), variables)


def _unpacked(target: Path, found: Publication) -> dict[tuple[str, str], bytes]:
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        names = sorted(archive.namelist())
        return {("ko", unit.code): archive.read(name) for unit, name in zip(found.units, names, strict=True)}


def _in_english(found: Publication, record: Frozen, folder: Path) -> dict[tuple[str, str], bytes]:
    hidden = next(unit for unit in found.units if unit.hidden is not None)
    jobs = [Job(code, "en") for code in sorted({unit.code for unit in (*found.units[::SOME], hidden)})]
    store = Folder(folder)
    assert render_all(record, jobs, store).printed == len(jobs)
    return {(job.language, job.code): store.read(place(record.digest, job)) for job in jobs}


def test_every_report_of_the_demo_prints_its_publication(printed: Printed) -> None:
    """Every number of every unit stands in its PDF as the publication words it; hidden units print two pages."""
    for (language, code), pdf in printed.reports.items():
        unit = printed.publication.unit(code)
        text = pdfs.text(pdf)
        assert unit.name(language) in text
        if isinstance(unit.figures, Suppressed):
            assert pdfs.pages(pdf) == 2
        else:
            missing = [told(figure, language) for figure in printed_figures(unit) if told(figure, language) not in text]
            assert (code, language, missing) == (code, language, [])
            assert (code, language, pdfs.pages(pdf)) in {(code, language, 3), (code, language, 4)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_reports_of_the_demo_can_be_checked(printed: Printed, language: str) -> None:
    """Nothing differs between pages, attachments and sums, for the company, its parts, and units not shown."""
    codes = [unit.code for unit in printed.publication.units][::24]
    hidden = next(unit.code for unit in printed.publication.units if unit.hidden is not None)
    for code in (*codes, hidden):
        found = check(printed.reports[language, code])
        assert (code, [str(one) for one in found.differs]) == (code, [])


def test_every_report_of_the_demo_says_that_it_is_one(printed: Printed) -> None:
    """No page of the demo could be taken for a real company's."""
    words = {"ko": "데모: 지어낸 자료입니다", "en": "Demo: made-up data"}
    for (language, _code), pdf in printed.reports.items():
        assert pdfs.text(pdf).count(words[language]) == pdfs.pages(pdf)


def test_a_report_is_checked_against_the_publication_that_is_kept(printed: Printed, tmp_path: Path) -> None:
    """Where the database is, adjusted p values are made again; of the rest it is said by name why they are not."""
    code = next(
        unit.code
        for unit in printed.publication.units[SOME::SOME]
        if isinstance(unit.detail, Released) and unit.detail.value.change is not None
    )
    file = tmp_path / "report.pdf"
    file.write_bytes(printed.reports["en", code])
    words = ["verify", str(file)]
    alone, here = (
        CliRunner().invoke(main, each, env=printed.variables, catch_exceptions=False)
        for each in (words, [*words, "--here"])
    )
    assert (alone.exit_code, here.exit_code) == (0, 0), here.output
    assert "The correlations of motivation and behaviour" in alone.output
    assert "The correlations of motivation and behaviour" in here.output
    assert "Adjusted p values cannot be made again from this report" in alone.output
    assert "Adjusted p values cannot be made again" not in here.output
    assert "adjusted p values were made again from the publication kept here" in here.output
    assert "was compared with the publication that has this digest" in here.output
    assert "is told with --here" in alone.output
