import numpy as np
import pytest

from survey.privacy.freeze import freeze
from survey.privacy.record import Record, Rest
from survey.privacy.released import Released
from survey.scoring.index import index_measure
from tests.privacy.companies import answered, company, instrument
from tests.privacy.records import as_publication, figures, moments, sums

TEAMS = """
    Company
      East 9
      North 3
      South 3
"""


def rest_of(record: Record, code: str) -> Rest | None:
    """The rest of a unit."""
    return next(unit.rest for unit in record.units if unit.code == code)


def test_two_small_teams_are_shown_together() -> None:
    """North and South, three people each, are the rest of the company, and nobody else is."""
    record = freeze(company(TEAMS))
    found = rest_of(record, "Company")
    assert found is not None
    assert (found.n, found.units) == (6, ["North", "South"])
    assert rest_of(record, "East") is None


def test_a_rest_is_what_subtraction_gives() -> None:
    """The numbers of a rest are those that anybody can work out: the unit's sums minus those shown below it."""
    record = freeze(company(TEAMS))
    publication = as_publication(record)
    whole, east = (moments(publication, sums(record, code)) for code in ("Company", "East"))
    left = moments(publication, type(sums(record, "East"))(6, (whole.totals - east.totals).tolist()))
    found = rest_of(record, "Company")
    assert found is not None
    assert found.index.value == pytest.approx(float(left.mean(index_measure(instrument(), whole.columns))), abs=1e-6)
    for scale, figure in found.scales.items():
        assert figure.value == pytest.approx(float(left.mean(scale)), abs=1e-6)
    assert np.all(left.totals > 0)


def test_a_rest_carries_its_flag() -> None:
    """Where everybody in the rest gives the lowest answer, the rest says "or less" and East does not."""
    record = freeze(answered(answered(company(TEAMS), "North", "play", [1] * 3), "South", "play", [1] * 3))
    found = rest_of(record, "Company")
    assert found is not None
    assert (found.scales["play"].text, found.scales["play"].bound) == ("1.50", "or less")
    assert figures(record, "East").scales["play"].bound == ""


def test_where_everything_is_shown_there_is_no_rest() -> None:
    """A unit whose units below are all shown has nothing left over."""
    record = freeze(company(TEAMS.replace("3", "8")))
    assert [unit.rest for unit in record.units] == [None] * 4


def test_a_rest_is_released() -> None:
    """Pages get a rest as they get every other value."""
    publication = as_publication(freeze(company(TEAMS)))
    assert isinstance(publication.root.rest, Released)
    assert publication.unit("East").rest is None
