import msgspec

from survey.privacy.freeze import freeze
from survey.privacy.record import Record, UnitRecord
from survey.privacy.record_audit import audit_record, families, report_units
from tests.privacy.companies import company
from tests.sample import sample_record


def changed(record: Record, code: str, **facts: object) -> Record:
    """The record with something else of one unit."""
    units = [msgspec.structs.replace(unit, **facts) if unit.code == code else unit for unit in record.units]
    return msgspec.structs.replace(record, units=units)


def unit(record: Record, code: str) -> UnitRecord:
    """The unit's record."""
    return next(unit for unit in record.units if unit.code == code)


def unsafe(record: Record) -> list[str]:
    """Names of the families of cells that give somebody away."""
    return [family.name for family, verdict in audit_record(record) if not verdict.safe]


def test_the_sample_is_safe() -> None:
    """The record alone, without any answers, is found safe, family by family."""
    record = sample_record()
    assert unsafe(record) == []
    titles = [str(family.title) for family, _ in audit_record(record)]
    assert titles[:3] == ["Means of scales", "Details of scales", "Practice feedback_to_all"]


def test_whatever_holds_a_number_is_published() -> None:
    """A hidden unit that holds figures, or sums, is caught, whatever it says of itself."""
    record = freeze(company())
    south = unit(record, "South")
    assert south.figures is not None
    assert south.sums is not None
    assert "" in unsafe(changed(record, "Chat", figures=msgspec.structs.replace(south.figures, n=2)))
    assert "" in unsafe(changed(record, "Chat", sums=msgspec.structs.replace(south.sums, n=2)))


def test_spreads_in_a_small_unit_are_caught() -> None:
    """Details of a unit of tier one only give its spread away."""
    record = freeze(company())
    sales = unit(record, "Sales")
    assert "details" in unsafe(changed(record, "South", detail=sales.detail))


def test_a_practice_of_too_few_is_caught() -> None:
    """Each practice question is a family of its own, counted by those who answered it."""
    record = freeze(company())
    south = unit(record, "South")
    assert south.figures is not None
    practice = next(iter(south.figures.practices))
    few = msgspec.structs.replace(south.figures, practices_n={**south.figures.practices_n, practice: 4})
    assert unsafe(changed(record, "South", figures=few)) == [practice]
    none = msgspec.structs.replace(south.figures, practices={}, practices_n={})
    sizes = {family.name: family.sizes for family in families(changed(record, "South", figures=none))}
    assert "South" not in sizes[practice]
    assert sizes[practice]["Sales"] == south.figures.practices_n[practice] + 12


def test_details_without_sums_are_counted_by_their_figures() -> None:
    """Details count as a published cell even where the record holds no sums beside them."""
    record = freeze(company())
    sales = unit(record, "Sales")
    bare = changed(record, "Sales", sums=None)
    (details,) = [family for family in families(bare) if family.name == "details"]
    assert sales.sums is not None
    assert details.sizes["Sales"] == sales.sums.n


def test_sizes_that_contradict_are_not_safe() -> None:
    """A record whose sizes cannot be true is not judged safe."""
    record = freeze(company())
    sums = unit(record, "Sales").sums
    assert sums is not None
    verdicts = audit_record(changed(record, "Sales", sums=msgspec.structs.replace(sums, n=3)))
    assert any(verdict.undecided for _, verdict in verdicts)


def test_who_puts_answers_together_is_asked_of_every_family() -> None:
    """So many colluders are thought of in every family of cells, with people counted and with sizes alone."""
    record = freeze(company())
    for verdicts in (audit_record(record, colluders=2), audit_record(record)):
        assert all(verdict.safe for _, verdict in verdicts)
    assert {verdict.colluders for _, verdict in audit_record(record, colluders=2)} == {2}
    people = {unit.code: 5 for unit in record.units}
    counted = {family.name: people for family in families(record)}
    assert {verdict.colluders for _, verdict in audit_record(record, counted, colluders=3)} == {3}


def test_people_answer_for_units_to_which_somebody_was_invited() -> None:
    """One person is enough, nobody is not; where nobody was invited anywhere it is not known, and all units count."""
    record = freeze(company("Company\n  A 1\n  B 9\n  C 0\n"))
    assert report_units(record) == {"A", "B"}
    unknown = [msgspec.structs.replace(unit, invited=0) for unit in record.units]
    assert report_units(msgspec.structs.replace(record, units=unknown)) == {"Company", "A", "B", "C"}
    means, *_ = families(record)
    assert means.cells["Company"] == ("Company", "A", "B", "C")
