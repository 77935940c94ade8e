import re
from itertools import pairwise

import pytest
from msgspec.structs import replace

from reports.context import report_of
from reports.html import page
from reports.lengths import LINE, width
from reports.tries import tries
from survey.i18n import LANGUAGES
from survey.instruments.practices import library
from survey.privacy.published_unit import PublishedUnit
from tests.reports import company


def adopting(code: str, *practices: str) -> PublishedUnit:
    """Return a unit of the hand-made publication that has adopted `practices`."""
    had = dict.fromkeys(practices, "2026-02-01")
    units = [replace(unit, adopted=had) if unit.code == code else unit for unit in company.record().units]
    return company.with_change(units=units).unit(code)


def test_practices_fit_the_weakest_motive_and_facet() -> None:
    """The first suggestion speaks to what is weakest; what the unit has already is not suggested but named."""
    publication = company.publication()
    seoul = publication.unit("SEOUL")
    ideas = tries(seoul, seoul, publication, "en").ideas
    assert ideas[0].name == "Freedom from the script"
    unit = adopting("SEOUL", "free_script")
    found = tries(unit, unit, publication, "en")
    assert "Freedom from the script" not in [idea.name for idea in found.ideas]
    assert [kept.name for kept in found.kept] == ["Freedom from the script"]
    assert found.chosen == "Chosen for the weakest motive and facet of this group."


@pytest.mark.parametrize(
    ("motive", "facet", "says"),
    [("inertia", "", "weakest motive of this group; no facet"), ("", "persistence", "weakest facet of this group; no")],
)
def test_practices_say_what_they_were_chosen_for(motive: str, facet: str, says: str) -> None:
    """A report that names no weak motive does not say that practices were chosen for one."""
    units = [
        replace(unit, figures=unit.figures and replace(unit.figures, weakest=motive, weakest_facet=facet))
        for unit in company.record().units
    ]
    publication = company.with_change(units=units)
    seoul = publication.unit("SEOUL")
    assert says in tries(seoul, seoul, publication, "en").chosen


def test_where_nothing_fits_any_practice_may() -> None:
    """Without a weak motive, or with one that no practice speaks to, the register's first are suggested, and why."""
    publication = company.publication()
    care = publication.unit("CARE")
    assert "No motive and no facet stands out" in tries(care, care, publication, "en").chosen
    names = [one.id for one in library() if "play" in one.motives or "creativity" in one.facets]
    unit = adopting("SEOUL", *names)
    found = tries(unit, unit, publication, "en")
    assert found.ideas
    assert "No practice of the register" in found.chosen


def test_the_kit_is_chosen_by_the_unit_above() -> None:
    """A hidden unit gets practices for the weakest motive of the unit whose numbers it is shown."""
    publication = company.publication()
    found = tries(publication.unit("LAB"), publication.root, publication, "en")
    assert "in the group whose numbers are shown" in found.chosen


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_knows_where_it_stands(language: str) -> None:
    """Path, company, dates and digest come from the publication; names in running heads are cut to their room."""
    publication = company.renamed("SEOUL", "가나다라마바사아자차" * 6)
    report = report_of(publication, "SEOUL", language)
    assert report.above == {"ko": ("한빛상사", "영업본부"), "en": ("Hanbit Trading", "Sales division")}[language]
    assert (
        report.asked
        == {
            "ko": "2026년 9월 1일 – 2026년 9월 14일",
            "en": "1 September 2026 – 14 September 2026",
        }[language]
    )
    assert report.size == "small"
    assert width(report.short_name) <= LINE
    assert report.digest == publication.digest


def test_without_anything_above_the_kit_has_no_numbers() -> None:
    """Where not even the company may be shown, the report is the kit alone."""
    record = company.record()
    hidden = [
        company.hidden_unit(unit) if unit.code in {"ALL", "SALES", "SEOUL", "BUSAN", "CARE"} else unit
        for unit in record.units
    ]
    report = report_of(company.with_change(units=hidden), "LAB", "ko")
    assert report.shown is None
    assert report.charts == ()
    assert report.hidden


def test_an_unknown_unit_is_refused() -> None:
    """A code that the publication does not have is a KeyError, not an empty report."""
    with pytest.raises(KeyError):
        report_of(company.publication(), "NOWHERE", "ko")


@pytest.mark.parametrize("code", ["ALL", "SEOUL", "CARE", "LAB"])
def test_headings_never_skip_a_level(code: str) -> None:
    """A reader who moves by headings finds one title, and below each heading only the next level."""
    html = page("report.html", "ko", r=report_of(company.publication(), code, "ko"))
    levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("code", ["SEOUL", "LAB"])
def test_every_image_has_a_text(code: str) -> None:
    """Each chart stands with words for those who do not see it."""
    html = page("report.html", "ko", r=report_of(company.publication(), code, "ko"))
    images = re.findall(r"<img[^>]*>", html)
    assert images
    assert all(re.search(r'alt="[^"]+"', image) for image in images)
