"""A whole wave in a few numbers: the published ones, verified as they are read, and no record of it kept."""

from collections.abc import Iterator

import msgspec
import pytest

from survey.i18n import Refused
from survey.privacy import briefly, cells
from survey.privacy.briefly import brief
from survey.privacy.notices import NOTHING
from survey.privacy.released import Released
from survey.privacy.thaw import CHANGED, LACKS, Publication, dump, thaw
from tests.privacy.test_cells import Rows, kept, record
from tests.sample import sample_publication


@pytest.fixture(autouse=True)
def _nothing_was_read() -> Iterator[None]:
    """Begin and end as a process does that has just started."""
    for each in (cells._lately, briefly._lately):
        each.clear()
    yield
    for each in (cells._lately, briefly._lately):
        each.clear()


def test_numbers_are_the_published_ones() -> None:
    """Index and motives of every unit that is shown; a hidden one has none, whatever stands in its record."""
    publication = sample_publication()
    found = brief(publication)
    for unit in publication.units:
        assert (unit.code in found.rows) == isinstance(unit.figures, Released)
        if isinstance(unit.figures, Released):
            figures = unit.figures.value
            assert found.value(unit.code) == figures.index.value
            assert found.value(unit.code, "inertia") == figures.scales["inertia"].value
        assert dict(found.adopted.get(unit.code, {})) == unit.adopted


def test_the_ends_of_the_tree_are_those_without_units_below() -> None:
    """Groups of leads are none; each has its declared type."""
    publication = sample_publication()
    assert dict(brief(publication).ends) == {
        unit.code: unit.kind for unit in publication.units if not publication.children(unit.code) and not unit.leads
    }


def test_a_wave_is_read_once_and_its_records_are_not_kept() -> None:
    """A company of thousands would push out whatever other pages show."""
    frame, rows = kept()
    source = Rows(rows)
    publication = Publication(frame, source, NOTHING)
    assert brief(publication) is brief(publication)
    assert (source.asked, len(cells._lately)) == (1, 0)


def test_a_record_that_was_changed_or_lacks_is_refused() -> None:
    """Numbers in bulk are verified as those of one unit are."""
    frame, rows = kept()
    with pytest.raises(Refused) as changed:
        brief(Publication(frame, Rows({**rows, "A": rows["A"].replace(b"1", b"2", 1)}), NOTHING))
    with pytest.raises(Refused) as lacking:
        brief(Publication(frame, Rows({code: row for code, row in rows.items() if code != "D"}), NOTHING))
    assert (changed.value.sentence, lacking.value.sentence) == (CHANGED, LACKS.fill(unit="D"))


def test_a_hidden_unit_has_no_numbers_whatever_stands_in_its_record() -> None:
    """A record that held figures of a hidden unit gives none of them away in bulk either."""
    made = record()
    held = next(unit.figures for unit in made.units if unit.code == "A")
    units = [msgspec.structs.replace(unit, figures=held) if unit.code == "C" else unit for unit in made.units]
    assert units[3].hidden == "small"
    found = brief(thaw(*dump(msgspec.structs.replace(made, units=units))))
    assert set(found.rows) == {"CO", "A", "B", "D"}
