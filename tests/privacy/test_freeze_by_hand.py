"""A record is put together from its parts, and let through by the people who were counted."""

from dataclasses import replace

import msgspec
import pytest

from survey.instruments.practices import library
from survey.privacy.audit import AuditFailed
from survey.privacy.changes import changes
from survey.privacy.company_evidence import evidence
from survey.privacy.company_figures import link_of, link_record, quality, reliability, variances
from survey.privacy.detail import details
from survey.privacy.freeze import check, freeze
from survey.privacy.gate import decide
from survey.privacy.missing import missing
from survey.privacy.pairs import families
from survey.privacy.record import Column, PolicyFacts
from survey.privacy.register import Outcome, OwnPractice
from survey.privacy.rests import rests
from survey.privacy.scored import score
from survey.privacy.shrunken import shrunken
from survey.scoring.link import Link
from tests.privacy.companies import company, with_spares
from tests.privacy.records import as_publication
from tests.privacy.test_axes_evidence import answering
from tests.privacy.test_units_told import invited

OWN = OwnPractice(library()[0], retired=True)
OUTCOME = Outcome("csat", {"en": "Satisfaction"}, "higher", "%", "2026-01-01")


def test_every_part_of_a_record_is_its_own() -> None:
    """Two waves of a company whose axes are two: facts, figures, details, rests, evidence and what they follow."""
    previous = as_publication(freeze(answering()))
    inputs = invited(answering(seed=4), T00=4, T21=9)
    inputs = replace(inputs, outcomes=(OUTCOME,), own_practices=(OWN,), strict=True, moves=())
    record, scored = freeze(inputs, previous), score(inputs, decide(inputs))
    link = link_of(scored)
    assert isinstance(link, Link)
    assert link.two_axes
    assert (record.format, record.company, record.unit_word) == (1, dict(inputs.company), "team")
    assert (record.wave, record.policy) == (inputs.wave, PolicyFacts(5, 10, strict=True))
    assert record.columns == [Column(spec.scale, spec.denominator, spec.low, spec.high) for spec in scored.specs]
    assert (record.within_variance, record.reliability) == (variances(scored), reliability(scored))
    assert (record.link, record.quality) == (link_record(link), quality(scored))
    assert (record.previous, record.previous_wave) == (previous.digest, previous.wave.code)
    assert (record.outcomes, record.own_practices) == ([OUTCOME], [OWN])
    pairs = families(scored, record.units, variances(scored)["total_motivation"])
    made = evidence(scored, link)
    assert record.evidence is not None
    assert record.evidence.pairs == pairs != []
    assert (record.evidence.groups, record.evidence.drivers) == (made.groups, made.drivers)
    drawn, absent, left = shrunken(scored), missing(scored), rests(scored)
    told = details(scored, changes(scored, previous), two_axes=True)
    assert absent
    for unit in record.units:
        assert (unit.detail, unit.rest) == (told.get(unit.code), left.get(unit.code))
        if unit.figures is not None:
            assert (unit.figures.shrunken, unit.figures.missing) == (drawn[unit.code], absent.get(unit.code))
    assert {unit.detail.label for unit in record.units if unit.detail} != {"cannot tell yet"}


def test_a_first_record_follows_nothing() -> None:
    """Without an earlier wave there is neither its code nor its digest; a rest stands with its unit."""
    inputs = company("Company\n  East 9\n  North 3\n  South 3\n")
    record = freeze(inputs)
    assert (record.previous, record.previous_wave, record.outcomes, record.own_practices) == ("", "", [], [])
    assert record.policy == PolicyFacts(5, 10, strict=False)
    assert record.units[0].rest == rests(score(inputs, decide(inputs)))["Company"]


def test_a_record_is_held_against_the_people_who_were_counted() -> None:
    """One spare code more at a unit of five, and nothing is published: its numbers may be those of four."""
    inputs = company()
    record, gate = freeze(inputs), decide(inputs)
    check(inputs, gate, record)
    with pytest.raises(AuditFailed) as failed:
        check(with_spares(inputs, {"South": 1}), gate, record)
    assert not failed.value.verdict.safe
    without = replace(inputs, wave=msgspec.structs.replace(inputs.wave, practices=[]))
    record, gate = freeze(without), decide(without)
    assert gate.practices == {}
    with pytest.raises(AuditFailed):
        check(with_spares(without, {"South": 1}), gate, record)


def test_pairs_of_small_units_rest_on_the_spread_within_all() -> None:
    """Teams below ten have no spread of their own; they are compared by that of the company."""
    inputs = company("Company\n  A 9\n  B 8\n  C 7\n  D 12\n")
    record, scored = freeze(inputs), score(inputs, decide(inputs))
    assert record.evidence is not None
    assert record.evidence.pairs == families(scored, record.units, variances(scored)["total_motivation"])
    assert record.evidence.pairs != families(scored, record.units, None)
