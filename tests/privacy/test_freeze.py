from dataclasses import replace

import msgspec
import numpy as np
import pytest

from survey.i18n import Refused
from survey.instruments.answers import SKIPPED
from survey.instruments.load import builtin
from survey.privacy.figures import Figure, NotEstimable
from survey.privacy.flagged import NEARLY_ALL
from survey.privacy.freeze import freeze
from survey.privacy.record import Contribution
from survey.privacy.released import Released, Suppressed
from survey.privacy.thaw import dump
from survey.scoring.answers import AnswerTable
from survey.scoring.index import index_measure
from tests.privacy.companies import answered, company, instrument, shuffled
from tests.privacy.records import detail, figures, moments, sums
from tests.sample import EXTREME, SMALL, sample_inputs, sample_publication, sample_record

MOTIVES = [scale.id for scale in instrument().motives]


def test_who_is_shown() -> None:
    """The record shows what the gate lets through, and the reason for everything else."""
    record = freeze(company())
    assert {unit.code: unit.hidden for unit in record.units} == {
        "Company": None,
        "Care": None,
        "Chat": "small",
        "Phone": "complementary",
        "Sales": None,
        "North": None,
        "South": None,
    }
    assert {unit.code: unit.detail_hidden for unit in record.units} == {
        "Company": None,
        "Care": None,
        "Chat": "small",
        "Phone": "small",
        "Sales": None,
        "North": "complementary",
        "South": "small",
    }
    for unit in record.units:
        assert (unit.hidden is None) == (unit.figures is not None) == (unit.sums is not None)
        assert (unit.detail_hidden is None) == (unit.detail is not None)


def test_the_same_answers_give_the_same_bytes() -> None:
    """A record does not depend on how responses were stored, and canonical JSON makes one text of it."""
    inputs = answered(company(), "South", "play", [1, 1, 1, 1, 1])
    assert dump(freeze(inputs)) == dump(freeze(shuffled(inputs, 3))) == dump(freeze(shuffled(inputs, 4)))


def test_the_first_wave_has_no_wave_before_it() -> None:
    """Without an earlier publication a record names none."""
    record = freeze(company())
    assert (record.previous, record.previous_wave) == ("", "")
    whole = detail(record, "Company")
    assert (whole.change, whole.change_hidden) == (None, "There is no earlier wave to compare with.")


def test_children_add_up_to_parents() -> None:
    """Sums of units are exact: North and South make Sales, to the last digit."""
    record = freeze(company())
    north, south, sales = (sums(record, code) for code in ("North", "South", "Sales"))
    assert north.n + south.n == sales.n == 17
    assert [a + b for a, b in zip(north.totals, south.totals, strict=True)] == sales.totals


def test_figures_follow_from_the_sums() -> None:
    """Every mean and the index of a unit can be computed again from its published sums."""
    publication = sample_publication()
    root = publication.root.sums
    assert isinstance(root, Released)
    index = index_measure(publication.instrument, moments(publication, root.value).columns)
    for unit in publication.units:
        if not isinstance(unit.figures, Released) or not isinstance(unit.sums, Released):
            continue
        again = moments(publication, unit.sums.value)
        assert unit.figures.value.index.value == pytest.approx(float(again.mean(index)), abs=1e-6)
        for scale, figure in unit.figures.value.scales.items():
            assert figure.value == pytest.approx(float(again.mean(scale)), abs=1e-6)


def test_parts_add_up_to_the_gap() -> None:
    """The motives' parts of the gap to the rest of the company add up to the gap."""
    for unit in sample_record().units:
        if unit.figures and isinstance(unit.figures.contribution, Contribution):
            found = unit.figures.contribution
            parts = sum(part.value for part in found.parts.values())
            assert found.gap.value == pytest.approx(parts, abs=1e-5)
            assert list(found.parts) == MOTIVES


def test_the_company_has_no_rest() -> None:
    """The company is compared with nobody, and says so; with all people in one team so does the team."""
    record = freeze(company("Company\n  Only 12"))
    for code in ("Company", "Only"):
        found = figures(record, code)
        reason = "This is the whole company: there is no rest to compare it with."
        assert found.contribution == found.balance == NotEstimable(reason)


def test_set_aside_is_told_as_a_count() -> None:
    """A response without a motive counts nowhere but in the number of those set aside."""
    record = freeze(answered(company(), "North", "play", [SKIPPED, SKIPPED]))
    assert (record.quality.received, record.quality.counted, record.quality.set_aside) == (27, 25, 2)
    assert figures(record, "North").n == 10


def test_straight_answers_are_flagged() -> None:
    """The same answer to all six motives is flagged and counted; the company's index without it is shown."""
    inputs = company()
    for motive in MOTIVES:
        inputs = answered(inputs, "North", motive, [4, 4, 4])
    quality = freeze(inputs).quality
    assert quality.straight == 3
    assert isinstance(quality.index_without_straight, Figure)


def test_nobody_but_straight_answers() -> None:
    """Where everybody answers straight there is no index without them, it is not said so, and no word is made up."""
    inputs = company()
    for motive in MOTIVES:
        for unit, people in (("North", 12), ("South", 5), ("Phone", 8), ("Chat", 2)):
            inputs = answered(inputs, unit, motive, [4] * people)
    record = freeze(inputs)
    assert record.quality.straight == record.quality.index_without_straight == NotEstimable(NEARLY_ALL.reason.text)
    found = figures(record, "North").contribution
    assert isinstance(found, Contribution)
    assert found.verdict == "no detectable difference"
    assert found.gap.low is None


def test_spreads_count_everybody() -> None:
    """The distribution of a motive counts each person of the unit once."""
    record = freeze(company())
    for motive, spread in detail(record, "Sales").spreads.items():
        assert sum(spread.counts) == 17
        mean = sum(answer * count for answer, count in enumerate(spread.counts, start=1)) / 17
        assert mean == pytest.approx(figures(record, "Sales").scales[motive].value, abs=1e-6)


def test_practices_have_a_base_of_their_own() -> None:
    """A practice item is shown where enough people answered it, whatever is shown of the unit otherwise."""
    practice = instrument().practices[0].id
    record = freeze(answered(company(), "South", practice, [SKIPPED, SKIPPED]))
    assert practice not in figures(record, "South").practices
    assert practice not in figures(record, "South").practices_n
    assert figures(record, "Company").practices_n[practice] == 25
    assert figures(record, "South").n == 5


def test_another_shape_of_instrument() -> None:
    """A wave of the W-SDI, with three items a motive and no performance, is published the same way."""
    record = freeze(company(asked=builtin("w-sdi")))
    sales = figures(record, "Sales")
    assert sales.position is None
    assert isinstance(sales.balance, NotEstimable)
    assert sales.weakest_facet == ""
    assert detail(record, "Sales").label == "cannot tell yet"
    assert sum(next(iter(detail(record, "Sales").spreads.values())).counts) == 17


def test_without_all_motives_nothing_is_published() -> None:
    """A wave that did not ask for a motive has no index, and is refused with a sentence."""
    inputs = company()
    inputs = replace(inputs, wave=msgspec.structs.replace(inputs.wave, kind="imported"))
    for unit, people in (("North", 12), ("South", 5), ("Phone", 8), ("Chat", 2)):
        inputs = answered(inputs, unit, "inertia", [SKIPPED] * people)
    with pytest.raises(Refused, match="did not ask for all motives"):
        freeze(inputs)


def test_an_imported_wave_asked_what_was_answered() -> None:
    """Of answers collected elsewhere, scales without any answer are left out instead of setting everybody aside."""
    inputs = company()
    table = inputs.table.answers.copy()
    items = [item.scale for item in instrument().items]
    table[:, [scale not in MOTIVES for scale in items]] = SKIPPED
    imported = replace(
        inputs,
        wave=msgspec.structs.replace(inputs.wave, kind="imported", practices=[]),
        table=AnswerTable(instrument(), table, inputs.table.units),
    )
    record = freeze(imported)
    assert list(figures(record, "Sales").scales) == MOTIVES
    assert record.link == NotEstimable(
        "The link needs the motives, adaptive and tactical performance, two items each at least."
    )
    assert record.reliability == []


def test_the_sample_holds_every_case() -> None:
    """The publication that other tests rely on has what they need."""
    publication = sample_publication()
    assert {unit.depth for unit in publication.units} == {0, 1, 2, 3}
    details = [unit.detail.value for unit in publication.units if isinstance(unit.detail, Released)]
    assert any(found.change for found in details)
    assert any("One or two" in found.change_hidden for found in details)
    assert len({found.label for found in details}) >= 3
    extreme = publication.unit(EXTREME).figures
    assert isinstance(extreme, Released)
    assert extreme.value.scales["play"].bound == "or less"
    hidden = {unit.code: unit.figures.reason for unit in publication.units if isinstance(unit.figures, Suppressed)}
    assert set(hidden.values()) == {"small", "complementary"}
    assert hidden[SMALL] == "small"
    assert any(unit.language_note for unit in publication.units)
    assert len(sample_inputs().table) == publication.quality.value.received
    assert np.isfinite(publication.within_variance.value["play"])
