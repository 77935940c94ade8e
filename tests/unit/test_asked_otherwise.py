"""Two waves that asked the same, and two that did not, as pages tell them."""

from msgspec.structs import replace

from reports.asked_otherwise import asked_otherwise, since_the_last
from reports.comparison.building import comparison
from reports.comparison.contents import Choice
from survey.instruments.model import Instrument
from survey.privacy.thaw import Publication
from tests.reports import company
from tests.unit.test_versions import reworded

BEFORE = company.with_change(wave=replace(company.record().wave, code="2026-Q2"))


def after(instrument: Instrument) -> Publication:
    """The next wave, with another instrument."""
    return company.with_change(instrument=instrument.to_json(), previous=BEFORE.digest)


def drawn(now: Publication) -> list[tuple[bool, bool]]:
    """Whether a line leads to the newest wave, and whether the two asked otherwise."""
    (line,) = comparison(Choice(("SALES",)), [BEFORE, now], lambda *_: True, "en").lines
    return [(cell.joined, cell.apart) for cell in line.cells]


def test_a_wave_that_asked_the_same_goes_on() -> None:
    """The line leads on, and nothing is said."""
    now = after(company.INSTRUMENT)
    assert asked_otherwise([BEFORE, now], "en") == ()
    assert drawn(now) == [(False, False), (True, False)]


def test_a_changed_motive_ends_the_line_and_is_said() -> None:
    """No line joins the two waves, the company's neither, and the page says which questions changed."""
    now = after(reworded("play"))
    assert drawn(now) == [(False, False), (False, True)]
    (said,) = asked_otherwise([BEFORE, now], "en")
    assert said.startswith("2026-Q3 asked otherwise than 2026-Q2; no change is told of: Total motivation")
    assert said.endswith("Play (1 item changed).")
    assert since_the_last(now, [BEFORE, now], "ko")[0].startswith("2026-Q3 조사는 2026-Q2 조사와 다르게")
    assert since_the_last(BEFORE, [BEFORE, now], "en") == ()


def test_a_changed_facet_leaves_the_index_its_line() -> None:
    """What changed is named; the index goes on."""
    now = after(reworded(company.INSTRUMENT.items_of("creativity")[0].id))
    assert drawn(now)[1] == (True, False)
    assert "Adaptive performance (1 item changed), Creativity" in asked_otherwise([BEFORE, now], "en")[0]


def test_another_questionnaire_is_said_to_be_one() -> None:
    """Nothing is compared scale by scale between two questionnaires."""
    now = after(replace(company.INSTRUMENT, id="ours"))
    assert asked_otherwise([BEFORE, now], "en") == (
        "2026-Q3 asked another questionnaire than 2026-Q2, so no change is told between the two.",
    )
