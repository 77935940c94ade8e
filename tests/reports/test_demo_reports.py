from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner

from reports.pool import Job, frozen, place, render_all
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


SOME: Final = 2
"""One unit in so many is printed, in Korean and in English by turns."""
BOTH: Final = 24
"""One unit in so many is printed in both."""


@dataclass(frozen=True)
class Printed:
    """The demo's last publication, and reports of it."""

    publication: Publication
    reports: dict[tuple[str, str], bytes]
    """By language and unit."""
    checked: list[str]
    """Units that are printed in both languages, one of them not shown."""
    variables: dict[str, str]
    """Where its database is, for commands."""


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Printed]:
    """Print reports of the demo, as a run of all reports does."""
    home = tmp_path_factory.mktemp("demo")
    with demo_company(home) as company:
        with reading(company.engine) as session:
            found = publications.publication(session, WAVE)
            record = frozen(found, publications.publications(session))
        hidden = next(unit.code for unit in found.units if unit.hidden is not None)
        checked = [*(unit.code for unit in found.units[::BOTH]), hidden]
        jobs = {Job(code, language) for code in checked for language in LANGUAGES}
        jobs |= {Job(unit.code, LANGUAGES[number % 2]) for number, unit in enumerate(found.units[::SOME])}
        store = Folder(home / "printed")
        assert render_all(record, sorted(jobs, key=str), store).printed == len(jobs)
        reports = {(job.language, job.code): store.read(place(record.digest, job)) for job in jobs}
        variables = {"SURVEY_HOME": str(home), "SURVEY_DATABASE_URL": company.settings.database_url, "LANG": "C.UTF-8"}
        yield Printed(found, reports, checked, variables)


def test_every_report_of_the_demo_prints_its_publication(printed: Printed) -> None:
    """Every number of a unit stands in its PDF as the publication words it; hidden units print two pages."""
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
    for code in printed.checked:
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
        for unit in printed.publication.units[1:]
        if ("en", unit.code) in printed.reports
        and isinstance(unit.detail, Released)
        and unit.detail.value.change is not None
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
