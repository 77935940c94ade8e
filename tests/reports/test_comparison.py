"""Comparisons of units over waves: what is told, in which order, and the sentence that stands above it."""

from collections.abc import Sequence
from dataclasses import replace as changed_in
from functools import partial
from itertools import product

import pytest
from msgspec.structs import replace

from reports.comparison.building import comparison
from reports.comparison.changed import NOT_LOOKED, NOT_TESTED, Told
from reports.comparison.contents import Choice
from reports.comparison.measures import Measure, measures
from reports.comparison.said import sentence
from reports.svg import draw
from survey.charts.multiples import Dot, panel_figure
from survey.i18n import Sentence
from survey.privacy.record import Detail, Origin, Verdict
from survey.privacy.register import Outcome, OutcomeValues
from survey.privacy.thaw import Publication, dump, read, thaw
from tests.reports import company

ALL = ("SALES", "SEOUL", "BUSAN", "CARE", "LAB")
INDEX = Measure("index", "Total motivation", "index", -100, 100)
PLAY = Measure("play", "Play", "motive", 1, 7)
CALM = Measure("creativity", "Creativity", "behaviour", 1, 7)


def before() -> Publication:
    """The wave before, in which everybody was asked the same."""
    return company.with_change(wave=replace(company.record().wave, code="2026-Q2"), previous="", previous_wave="")


def waves(**units: dict[str, object]) -> tuple[Publication, Publication]:
    """Two waves; `units` says what is different in a unit of the later one."""
    record = company.record()
    made = [replace(unit, **units.get(unit.code, {})) for unit in record.units]
    first = before()
    return first, thaw(*dump(replace(record, units=made, previous=first.digest, previous_wave="2026-Q2")))


def compared(choice: Choice, of: Sequence[Publication], language: str = "en", seen: Sequence[str] = ALL) -> list[str]:
    """The codes of what is compared, as somebody sees it who may see these units."""
    found = comparison(choice, of, lambda _, code: code in seen, language)
    return [line.code for line in found.lines]


def _sees_all_but(hidden: tuple[str, ...], _: Publication, code: str) -> bool:
    return code not in hidden


def verdict(word: Verdict | None, why: Sentence = NOT_LOOKED) -> Told:
    """A change with this verdict, or none for this reason."""
    return Told(None, why) if word is None else Told(replace(company.CHANGE, verdict=word))


def said(words: Sequence[Verdict | None], measure: Measure = INDEX, language: str = "en") -> str:
    """The first sentence about units with these verdicts."""
    names = ["Logistics", "Care", "Stores", "Products", "Lab"][: len(words)]
    return sentence(names, [verdict(word, Sentence("x")) for word in words], measure, waves()[1], language)


def test_units_stand_in_the_order_of_the_tree_however_they_were_chosen() -> None:
    """Never by their numbers; each once."""
    pair = waves()
    assert compared(Choice(("SEOUL", "CARE", "BUSAN", "SEOUL", "SALES")), pair) == ["CARE", "SALES", "BUSAN", "SEOUL"]


def test_a_gap_has_its_reason_and_the_numbers_are_those_of_the_record() -> None:
    """A hidden unit shows no number in any wave and why; a shown one the published strings."""
    first, second = waves()
    found = comparison(Choice(("LAB", "SEOUL")), (first, second), lambda *_: True, "en")
    hidden, shown = (next(line for line in found.lines if line.code == code) for code in ("LAB", "SEOUL"))
    assert [(cell.shown, cell.hidden, cell.why) for cell in hidden.cells] == 2 * [
        ("", True, "Fewer than 5 people answered.")
    ]
    assert not hidden.shown
    assert shown.cells[1].figure is not None
    assert shown.cells[1].shown == shown.cells[1].figure.text
    assert shown.cells[1].n == "12"
    assert found.axis[0] <= min(cell.figure.low or 0 for cell in shown.cells if cell.figure)


def test_what_lies_out_of_sight_stays_so() -> None:
    """A unit that could not be seen in the wave before shows nothing of it."""
    pair = waves()
    found = comparison(Choice(("SEOUL",)), pair, lambda wave, _: wave is pair[1], "en")
    assert [cell.shown != "" for cell in found.lines[0].cells] == [False, True]
    assert found.lines[0].cells[0].why == "Then in a part of the company that you cannot see"
    assert found.lines[0].where == "Sales division"


def test_an_outcome_stands_beside_waves_that_show_results_to_the_reader() -> None:
    """With its verdict; not beside a hidden unit, nor beside a wave in which the reader could not see the unit."""
    values = OutcomeValues("2026-Q2", "2026-Q3", {"SEOUL": 70.5, "LAB": 66.25})
    counted = Outcome("csat", {"ko": "만족도", "en": "Satisfaction"}, "higher", "points", "", [values])
    first, second = waves()
    second = thaw(*dump(replace(read(*second.frozen()), outcomes=[counted])))
    choice = Choice(("SEOUL", "LAB"), beside="csat")
    for sees, shown in ((lambda *_: True, "70.5"), (lambda wave, _: wave is second, "")):
        found = comparison(choice, (first, second), sees, "en").outcome
        assert found is not None
        assert {code: [each.shown for each in row] for code, row in found.values.items()} == {
            "LAB": ["", ""],
            "SEOUL": [shown, ""],
        }
        assert found.verdict == "In the whole company: too few points to say anything (1 of 10 units for a plot)."
        assert (found.wave, found.better) == ("2026-Q2", "Higher is better")


def test_who_was_there_before_is_a_badge_only_where_many_are_new() -> None:
    """Below four in five a word, below half a break of the line with the share."""
    for stayed, badge, broken in ((95, False, False), (80, False, False), (79, True, False), (49, True, True)):
        pair = waves(SALES={"origin": Origin(stayed, "SALES", stayed)})
        (line,) = comparison(Choice(("SALES",)), pair, lambda *_: True, "en").lines
        assert (line.badge != "", line.cells[1].broken) == (badge, broken)
        assert line.cells[1].stayed == stayed
        assert line.cells[1].joined is not broken


def test_every_measure_is_told_and_nothing_that_was_not_tested_has_a_verdict() -> None:
    """The index has the frozen verdict; motives where the index changed; behaviour never; pairs for the index alone."""
    higher = replace(company.CHANGE, verdict="higher")
    detail = company.record().units[1].detail
    assert isinstance(detail, Detail)
    moved = replace(detail, change=higher, motive_changes={"play": replace(company.CHANGE, verdict="lower")})
    still, moving = waves(), waves(SALES={"detail": moved})
    for measure in measures(still[1], "en"):
        found = comparison(Choice(("SALES", "CARE"), measure.code), moving, lambda *_: True, "en")
        calm = comparison(Choice(("SALES", "CARE"), measure.code), still, lambda *_: True, "en")
        sales = next(line for line in found.lines if line.code == "SALES")
        calm_sales = next(line for line in calm.lines if line.code == "SALES")
        assert found.apart is not None
        assert found.apart.tested is (measure.kind == "index")
        assert bool(found.apart.lines) is (measure.kind == "index")
        assert not found.apart.bands or measure.kind == "index"
        if measure.kind == "behaviour":
            assert {sales.verdict, calm_sales.verdict} == {str(NOT_TESTED)}
            assert "was not tested" in found.sentence
        elif measure.kind == "motive":
            assert calm_sales.verdict == str(NOT_LOOKED)
            assert sales.verdict.startswith("Fell since 2026-Q2" if measure.code == "play" else "Not tested")
        else:
            assert sales.verdict.startswith("Rose since 2026-Q2: +6.3 (−2.8 to +15.4)")
            assert "rose in Sales division between 2026-Q2 and 2026-Q3" in found.sentence


def test_where_people_came_from_says_nothing_to_those_who_may_not_see_it() -> None:
    """Through the lens of origins the change is told against that unit; unseen, only that there is one."""
    change = replace(company.CHANGE, verdict="higher", difference=company.figure(9.9, 3.0, signed=True))
    detail = company.record().units[1].detail
    assert isinstance(detail, Detail)
    pair = waves(SALES={"origin": Origin(10, "SEOUL", 80), "detail": replace(detail, origin_change=change)})
    choice = Choice(("SALES",), lens="origin")
    told, untold = (
        comparison(choice, pair, partial(_sees_all_but, hidden), "en").lines[0] for hidden in ((), ("SEOUL",))
    )
    assert told.verdict == "Rose since 2026-Q2: +9.9 (+6.9 to +12.9)"
    assert told.cells[0].name == "Seoul sales team"
    assert "9.9" not in str(untold)
    assert "Seoul" not in str(untold)
    assert comparison(changed_in(choice, lens="code"), pair, lambda *_: True, "en").lines[0].cells[0].name == ""


def test_the_waves_can_begin_later_and_unknown_words_are_refused() -> None:
    """`since` leaves out earlier waves, and nothing leads into the first one shown."""
    pair = waves(SALES={"origin": Origin(20, "SALES", 20)})
    found = comparison(Choice(("SALES",), since="2026-Q3"), pair, lambda *_: True, "en")
    assert found.waves == ("2026-Q3",)
    assert found.title == "Total motivation, 2026-Q3"
    assert not found.lines[0].cells[0].broken
    for wrong in (Choice(("SALES",), since="1999"), Choice(("SALES",), what="zeal"), Choice(("NOWHERE",))):
        with pytest.raises(KeyError):
            comparison(wrong, pair, lambda *_: True, "en")


def test_the_first_sentence_says_what_changed_and_what_cannot_be_told() -> None:
    """One sentence for every pattern of verdicts; the second names those without one."""
    alike: Verdict = "no detectable difference"
    between = "between 2026-Q2 and 2026-Q3"
    assert said(["higher", alike, alike, alike]) == (
        f"Total motivation rose in Logistics {between}; for the other 3 no change can be told."
    )
    assert said(["higher", "lower", alike]) == (
        f"Total motivation rose in Logistics and fell in Care {between}; for Stores no change can be told."
    )
    assert said(["lower", "lower"]) == f"Total motivation fell in Logistics and Care {between}."
    assert said([alike, alike, alike]) == (f"Total motivation: {between} no change can be told for any of the 3 units.")
    assert said(["higher", alike, alike, alike, None]) == (
        f"Total motivation rose in Logistics {between}; for 3 others no change can be told. "
        "No verdict was published for Lab; the reason stands with each."
    )
    assert said([None, None]) == "No verdict on a change was published for these units; the reason stands with each."


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_pattern_of_verdicts_reads_well(language: str) -> None:
    """All patterns of up to five units: whole sentences, nothing left to fill in, no two spaces, nothing ranked."""
    words: tuple[Verdict | None, ...] = ("higher", "lower", "no detectable difference", None)
    for count, measure in product((1, 2, 5), (INDEX, PLAY, CALM)):
        for pattern in product(words, repeat=min(count, 3)):
            text = said([*pattern, *(pattern[-1:] * (count - len(pattern)))], measure, language)
            assert text.endswith((".", "다."))
            assert "%(" not in text
            assert "  " not in text
            assert not any(word in text for word in ("best", "worst", "first place", "순위", "1위"))


def test_a_chart_is_the_same_for_all_and_print_can_draw_it() -> None:
    """Gap, break, another unit and another question are drawn, in the subset that the SVG back end knows."""
    own, whole = company.figure(10, 5, signed=True), company.figure(8, signed=True)
    dots = [
        Dot("2026-Q1", own, whole, name="Then"),
        Dot("2026-Q2", None, whole, hidden=True),
        Dot("2026-Q3", own, whole, broken=True, stayed=38),
        Dot("2026-Q4", own, whole, apart=True),
    ]
    figure = panel_figure(dots, (-20, 40), "en")
    svg = draw(figure)
    for text in ("Not shown", "38 %", "≠", "Company", "+10.0"):
        assert text in svg
    other = panel_figure([Dot("2026-Q1", None, None)], (-20, 40), "ko")
    assert (other.layout.width, other.layout.height) == (figure.layout.width, figure.layout.height)
    assert tuple(other.layout.yaxis.range) == tuple(figure.layout.yaxis.range)
