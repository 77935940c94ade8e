"""Why a unit has no label, how probable each quarter is, and what the link allows to say."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from reports import leaning
from reports.pdf import render
from survey.charts import map_figure
from survey.privacy import link_evidence
from survey.privacy.evidence import Axes, Evidence, LinkDetails
from survey.privacy.figures import NotEstimable
from survey.privacy.record import Position, Quadrant
from survey.privacy.released import Released, Suppressed, release
from survey.privacy.thaw import Publication
from tests.reports import company, reading

TWO = Axes(company.figure(0.31, 0.12, digits=2), two=True)
ONE = Axes(company.figure(0.86, 0.08, digits=2), two=False)
FEW = NotEstimable("Fewer than ten units answered, too few to say what goes together in this company.")
QUARTERS: dict[Quadrant, float] = {"both": 0.716, "neither": 0.001, "tactical only": 0.28, "adaptive only": 0.003}
LONGEST = max(
    (each.text for each in vars(link_evidence).values() if isinstance(each, type(link_evidence.WITHIN))), key=len
)


def details(sentence: str) -> LinkDetails:
    """Return the link's details with a sentence."""
    none = NotEstimable("The units differ too little to say what goes together between them.")
    return LinkDetails({}, {}, {}, 0, {}, none, none, sentence)


def publication(
    axes: Axes | NotEstimable, quadrants: dict[Quadrant, float] | None = None, sentence: str = LONGEST
) -> Publication:
    """Return the publication made by hand, with evidence and with a true place of Seoul's."""
    units = [
        replace(
            unit, detail=replace(unit.detail, shrunken=Position(4.5, 4.1, 0.5, 0.3, 20.0), quadrants=quadrants or {})
        )
        if unit.code == "SEOUL" and unit.detail
        else unit
        for unit in company.record().units
    ]
    return company.with_change(units=units, evidence=Evidence(axes=axes, link=details(sentence)))


def why(of: Publication) -> str:
    """Return why Seoul has no label."""
    return str(leaning.label(of.unit("SEOUL").detail, of)[1])


@pytest.mark.parametrize(
    ("probability", "told"), [(0.996, "above 95"), (0.9501, "above 95"), (0.95, "95"), (0.869, "86")]
)
def test_no_label_is_told_to_be_surer_than_labels_were_right(probability: float, told: str) -> None:
    """A label has its probability in whole per cent, and above 95 per cent no more than that."""
    of = publication(TWO, QUARTERS)
    unit = of.unit("SEOUL")
    assert isinstance(unit.detail, Released)
    sure = release(replace(unit.detail.value, label="both", label_probability=probability))
    assert str(leaning.label(sure, of)[1]).startswith(f"Probability {told}\N{NO-BREAK SPACE}%. Labels")


def test_a_unit_without_a_label_says_why() -> None:
    """The axes may be one, or not known to be two, or no quarter probable enough, or true places unknown."""
    assert "not shown to be two" in why(publication(ONE, QUARTERS))
    assert "0.86 (0.78 to 0.94)" in why(publication(ONE, QUARTERS))
    assert why(publication(FEW, QUARTERS)) == f"No unit gets a label. {FEW.reason}"
    assert "the most probable one has 71\N{NO-BREAK SPACE}%" in why(publication(TWO, QUARTERS))
    assert "has 79\N{NO-BREAK SPACE}%" in why(publication(TWO, {"both": 0.7999, "neither": 0.2001}))
    assert "How far units truly lie apart cannot be told" in why(publication(TWO))
    assert "may not be two" in why(company.publication())


def test_quarters_are_told_the_most_probable_first() -> None:
    """Four quarters in words and whole per cent; none where the axes are not two, nor for units without details."""
    of = publication(TWO, QUARTERS)
    told = [f"{name} {' '.join(shown.split())}" for name, shown in leaning.quarters(of.unit("SEOUL").detail, of)]
    assert told == ["Both 71 %", "Leaning on the plan 28 %", "Adaptive only < 5 %", "Neither < 5 %"]
    for other in (publication(ONE, QUARTERS), publication(FEW, QUARTERS), company.publication()):
        assert leaning.quarters(other.unit("SEOUL").detail, other) == ()
    assert leaning.quarters(of.unit("BUSAN").detail, of) == ()


def test_the_link_is_told_at_its_levels() -> None:
    """The frozen sentence stands between the correlations and the comparison, which needs two axes."""
    told = [str(sentence) for sentence in leaning.link(publication(TWO, sentence=link_evidence.WITHIN.text))]
    assert told[1] == link_evidence.WITHIN.text
    assert "more closely with adaptive work" in told[2]
    one = [str(sentence) for sentence in leaning.link(publication(ONE))]
    assert "cannot be said" in one[2]
    assert len(leaning.link(company.publication())) == 2


def test_the_region_on_the_map_is_that_of_the_true_place() -> None:
    """From tier two on the region lies around the true place, the dot stays where the answers are."""
    of = publication(TWO, QUARTERS)
    unit = of.unit("SEOUL")
    assert isinstance(unit.figures, Released)
    seen = unit.figures.value.position
    assert seen is not None
    drawn = map_figure(unit, of, "en")
    assert drawn is not None
    _, region, dot = drawn.data
    assert (max(region.x) + min(region.x)) / 2 == pytest.approx(4.5, abs=0.01)
    assert (dot.x[0], dot.y[0]) == (seen.tactical, seen.adaptive)
    plain = map_figure(company.publication().unit("SEOUL"), company.publication(), "en")
    assert plain is not None
    assert (max(plain.data[1].x) + min(plain.data[1].x)) / 2 == pytest.approx(seen.tactical, abs=0.01)


def longest() -> Iterator[tuple[str, Publication]]:
    """Yield what takes most room on page three."""
    yield "nothing is two", publication(ONE, QUARTERS)
    yield "no quarter is probable enough", publication(TWO, QUARTERS)


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize(("name", "of"), list(longest()))
def test_the_longest_words_fit_on_the_page(name: str, of: Publication, language: str) -> None:
    """Whatever the evidence says, a report stays within four pages, and page three holds the whole of it."""
    printed = render(of, "SEOUL", language)
    assert reading.pages(printed) <= 4, name
    text = reading.page_text(printed, 2).replace(" ", "")
    for sentence in (*leaning.label(of.unit("SEOUL").detail, of), *leaning.link(of)):
        assert "".join(sentence.to(language).split()) in text


def test_a_suppressed_unit_has_no_label() -> None:
    """A unit without details says from how many answers on a label is given."""
    of = publication(TWO, QUARTERS)
    assert "from 10 answers" in str(leaning.label(Suppressed("small"), of)[1])
