"""From a closed wave to its record: gate, bounds, moments, figures, audit. The same inputs give the same bytes."""

from msgspec.structs import replace

from survey.privacy.audit import AuditFailed
from survey.privacy.changes import changes
from survey.privacy.company_evidence import evidence
from survey.privacy.company_figures import link_of, link_record, quality, reliability, variances
from survey.privacy.detail import details
from survey.privacy.gate import Gate, decide, gate_counts
from survey.privacy.inputs import WaveInputs
from survey.privacy.missing import missing
from survey.privacy.pairs import families
from survey.privacy.practice_figures import practices_seen
from survey.privacy.record import Column, PolicyFacts, Record, UnitRecord
from survey.privacy.record_audit import DETAILS, MEANS, audit_record
from survey.privacy.rests import rests
from survey.privacy.scored import Scored, score
from survey.privacy.shrunken import shrunken
from survey.privacy.surroundings import Shown, Surroundings
from survey.privacy.thaw import Publication
from survey.privacy.unit_figures import gaps, unit_figures
from survey.scoring import link


def freeze(inputs: WaveInputs, previous: Publication | None = None) -> Record:
    """Make the record of a wave; `previous` is the publication that changes are counted from.

    Raises:
        AuditFailed: A group below the threshold could be worked out. Nothing may be published then.
        Refused: The tree is none, or the wave did not ask for all motives.
    """
    gate = decide(inputs)
    scored = score(inputs, gate)
    found, spread = link_of(scored), variances(scored)
    units = _units(scored, previous, two_axes=isinstance(found, link.Link) and found.two_axes)
    pairs = families(scored, units, spread.get(scored.index.name))
    record = Record(
        format=1,
        company=dict(inputs.company),
        unit_word=inputs.unit_word,
        wave=inputs.wave,
        policy=PolicyFacts(inputs.policy.k, inputs.policy.detail_k, inputs.strictly),
        instrument=inputs.table.instrument.to_json(),
        columns=[Column(spec.scale, spec.denominator, spec.low, spec.high) for spec in scored.specs],
        units=units,
        within_variance=spread,
        reliability=reliability(scored),
        link=link_record(found),
        quality=quality(scored),
        previous="" if previous is None else previous.digest,
        previous_wave="" if previous is None else previous.wave.code,
        evidence=replace(evidence(scored, found), pairs=pairs),
        outcomes=list(inputs.outcomes),
        own_practices=list(inputs.own_practices),
    )
    check(inputs, gate, record)
    return record


def _units(scored: Scored, previous: Publication | None, *, two_axes: bool) -> list[UnitRecord]:
    family, seen = gaps(scored), practices_seen(scored.inputs, scored.gate)
    drawn, absent = shrunken(scored), missing(scored)
    figures = {
        code: replace(unit_figures(scored, code, family, seen[code]), shrunken=drawn[code], missing=absent.get(code))
        for code in scored.partition.shown
    }
    more = details(scored, changes(scored, previous), two_axes=two_axes)
    surroundings, left = Surroundings.of(scored.inputs, scored.gate), rests(scored)
    return [
        surroundings.unit(code, scored, Shown(figures.get(code), more.get(code), left.get(code)))
        for code in scored.inputs.tree.codes
    ]


def check(inputs: WaveInputs, gate: Gate, record: Record) -> None:
    """Let the record through, or raise AuditFailed.

    It is audited twice: with the people that were counted, and as an outsider sees it.
    """
    people = gate_counts(inputs, gate.places[gate.base])
    counted = {MEANS: people, DETAILS: people}
    counted |= {item: gate_counts(inputs, gate.places[own]) for item, (_, own) in gate.practices.items()}
    for _, verdict in (*audit_record(record, counted), *audit_record(record)):
        if not verdict.safe:
            raise AuditFailed(verdict)
