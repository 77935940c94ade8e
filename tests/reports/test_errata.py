from pathlib import Path

import pytest

from reports.pdf import render
from reports.pool import Job, frozen, place, render_one
from reports.store.folder import Folder
from survey.privacy.notices import Afterwards, Erratum
from survey.privacy.released import Released
from survey.privacy.thaw import Publication
from tests.reports import company, reading
from tests.reports.test_trend import waves

ERRATUM = Erratum(
    "2026-10-20",
    "서울매장의 이름이 부산매장으로 잘못 적혔습니다. <b>수치</b>는 맞습니다.",
    "The name of the Seoul store was given as that of the Busan store. The <b>numbers</b> are right.",
)
LONG = Erratum("2026-11-02", "가나다라 " * 120, "wordy " * 100)
"""As long as an erratum can be."""


def corrected(*errata: Erratum) -> Publication:
    """Return the publication made by hand, with errata."""
    return company.publication().followed_by(Afterwards(errata))


def first_page(pdf: bytes) -> str:
    """Return the text of page one."""
    return reading.page_text(pdf, 0)


@pytest.mark.parametrize("code", ["SEOUL", "LAB", "ALL"])
@pytest.mark.parametrize(
    ("language", "heading"), [("ko", "2026년 10월 20일에 바로잡은 내용"), ("en", "Erratum of 20 October 2026")]
)
def test_an_erratum_stands_on_page_one(code: str, language: str, heading: str) -> None:
    """Every report carries it, a hidden unit's too, in the report's language, as the text it is; no page is added."""
    pdf = render(corrected(ERRATUM), code, language)
    page = first_page(pdf)
    assert heading in page
    assert ERRATUM.text(language) in page
    assert reading.pages(pdf) == reading.pages(render(company.publication(), code, language))


def test_a_brief_erratum_leaves_the_page_as_it_is() -> None:
    """What stands on which page is said beside a short erratum, too, and gives way to a long one."""
    says = "The reasons for working, and what makes the gap"
    assert says in first_page(render(corrected(ERRATUM), "SALES", "en"))
    assert says not in first_page(render(corrected(LONG), "SALES", "en"))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_beside_earlier_waves_there_is_room_too(language: str) -> None:
    """Page one with the chart of four waves is the fullest there is; an erratum of a few lines fits it."""
    *earlier, newest = waves(4)
    pdf = render(newest.followed_by(Afterwards((ERRATUM,))), "SALES", language, earlier)
    assert ERRATUM.text(language) in first_page(pdf)
    assert reading.pages(pdf) == reading.pages(render(newest, "SALES", language, earlier))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_long_erratum_breaks_nothing(language: str) -> None:
    """One as long as it can be, beside a short one, stands there in full and costs a page at most."""
    pdf = render(corrected(ERRATUM, LONG), "SALES", language)
    # Without spaces: a line may break inside a Korean word.
    assert "".join(LONG.text(language).split()) in "".join(reading.text(pdf).split())
    assert reading.pages(pdf) <= reading.pages(render(company.publication(), "SALES", language)) + 1


def test_the_data_inside_carries_it_too() -> None:
    """Whoever recomputes the numbers reads the erratum in both languages."""
    annex = reading.annex(render(corrected(ERRATUM), "SEOUL", "ko"))
    assert annex["errata"] == [{"said_on": "2026-10-20", "ko": ERRATUM.ko, "en": ERRATUM.en}]
    assert reading.annex(render(company.publication(), "SEOUL", "ko"))["errata"] == []


def test_an_old_file_is_not_handed_out(tmp_path: Path) -> None:
    """A report printed before the erratum stays where it is; asked for again, another file is printed."""
    job = Job("LAB", "ko")
    store = Folder(tmp_path)
    before = render_one(frozen(company.publication(), ()), job, store)
    after = render_one(frozen(corrected(ERRATUM), ()), job, store)
    assert before != after
    assert after == store.read(place(corrected(ERRATUM).told_digest, job))
    assert ERRATUM.ko not in reading.text(before)
    assert ERRATUM.ko in reading.text(after)


def test_no_change_since_a_withdrawn_wave_is_printed() -> None:
    """Where the wave before was withdrawn, the report says so and prints no change, though the record holds one."""
    publication = company.publication()
    detail = publication.unit("SALES").detail
    assert isinstance(detail, Released)
    assert detail.value.change is not None
    since = publication.followed_by(Afterwards(withdrawn=(publication.previous_wave,)))
    pdf = render(since, "SALES", "ko")
    assert "지난 조사의 결과가 철회되어" in reading.text(pdf)
    assert detail.value.change.difference.low_text not in first_page(pdf)
    assert reading.annex(pdf)["unit"]["detail"]["change"] is None
