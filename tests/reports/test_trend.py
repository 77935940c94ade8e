"""The waves so far: drawn as far back as the publications show each change, and no further."""

import json

from msgspec.structs import replace

from reports.pdf import render
from reports.pool import frozen
from reports.trend import WAVES, chain, points, trail
from survey.charts.multiples import Dot, panel_figure
from survey.charts.trend import Point, trend_figure
from survey.privacy.thaw import Publication, dump, thaw
from tests.reports import company, reading


def waves(count: int) -> list[Publication]:
    """Return publications that follow one another, the last of them `company`'s own wave."""
    made: list[Publication] = []
    for place in range(count):
        record = company.record(first_wave=place == 0)
        code = "2026-Q3" if place == count - 1 else f"W{place + 1}"
        units = [
            replace(unit, detail=replace(unit.detail, change=replace(company.CHANGE, since=made[-1].wave.code)))
            if made and unit.detail and unit.detail.change
            else unit
            for unit in record.units
        ]
        before = {"previous": made[-1].digest, "previous_wave": made[-1].wave.code} if made else {}
        facts = replace(record.wave, code=code)
        made.append(thaw(*dump(replace(record, wave=facts, units=units, **before))))
    return made


def test_the_chain_follows_the_digests() -> None:
    """What came before is what the publication itself names, whatever else lies in the database."""
    one, two, three = waves(3)
    assert chain(three, [three, one, two, company.publication()]) == (one, two)
    assert chain(three, [one]) == ()
    assert frozen(three, [two, one]).records == (one.frozen(), two.frozen(), three.frozen())


def test_no_more_waves_than_the_chart_has_room_for() -> None:
    """The earliest waves give way."""
    made = waves(WAVES + 2)
    assert chain(made[-1], made) == tuple(made[2:-1])


def test_a_unit_is_drawn_as_far_back_as_its_changes_are_shown() -> None:
    """A small unit, and one where a change would give somebody away, have no line."""
    one, two = waves(2)
    assert trail(two, [one], "SALES") == (one, two)
    assert trail(two, [one], "SEOUL") == trail(two, [one], "BUSAN") == trail(two, [one], "LAB") == ()
    assert [point.joined for point in points((one, two), "SALES")] == [False, True]
    assert [point.company for point in points((one, two), "ALL")] == [None, None]


def test_the_report_draws_and_lists_the_waves() -> None:
    """Chart, table and annex carry the same earlier wave; a unit without a line says nothing of it."""
    one, two = waves(2)
    pdf = render(two, "SALES", "en", [one])
    assert "Over the waves" in reading.text(pdf)
    assert list(json.loads(reading.attachment(pdf, "results.json"))["waves"]) == ["W1"]
    assert "index in W1" in reading.attachment(pdf, "results.csv").decode("utf-8-sig")
    assert "Over the waves" not in reading.text(render(two, "BUSAN", "en", [one]))


def test_the_company_is_drawn_alike_in_both_charts_over_waves() -> None:
    """By itself and beside others: its line ends where nothing is known, and where a wave asked otherwise."""
    known = [company.figure(value) for value in (3.0, 4.0, 5.0, 6.0, 7.0)]
    seen = [(f"W{place}", None if place == 2 else known[place], place == 4) for place in range(5)]
    one = trend_figure([Point(wave, None, of, joined=False, apart=apart) for wave, of, apart in seen], (-20, 20), "en")
    other = panel_figure([Dot(wave, None, of, apart=apart) for wave, of, apart in seen], (-20.0, 20.0), "en")
    for drawn in (one, other):
        lines = [trace for trace in drawn.data if trace.mode == "lines"]
        assert [(tuple(line.x), tuple(line.y), line.line.dash) for line in lines] == [((0, 1), (3.0, 4.0), "dot")]
