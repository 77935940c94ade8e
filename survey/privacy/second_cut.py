"""Second cuts (design 6.2, rule 8): a published wave's report units grouped in another way.

A second cut is frozen once, as the publication was, and is bound to it and to the cuts before it by their digests. Its
groups are unions of the wave's report units. They are chosen in `cut_choice`, audited with everything ever told of the
wave; their sums are made from the answers as the publication bounded them, and leave everybody room (`cut_room`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from survey.i18n import Refused, Sentence
from survey.privacy.audit import AuditFailed
from survey.privacy.cut_alike import narrowed
from survey.privacy.cut_choice import Known, protect_groups, smallest
from survey.privacy.cut_figures import group_figures, group_sums, sums_of
from survey.privacy.cut_layers import Layer, Responses, cells_of
from survey.privacy.cut_plan import EVERYTHING, CutPlan
from survey.privacy.cut_record import CutRecord, GroupRecord
from survey.privacy.cut_room import NoRoom
from survey.privacy.gate import decide, gate_counts
from survey.privacy.inputs import WaveInputs
from survey.privacy.record import Record
from survey.privacy.record_audit import MEANS, audit_record, families, report_units
from survey.privacy.released import Reason
from survey.privacy.scored import Scored, score

__all__ = ["CutRecord", "Told", "freeze_cut", "remake"]

DIFFERENT: Final = Sentence(
    "The answers kept of wave %(wave)s do not give what was published of it, so no second cut can be made."
)


@dataclass(frozen=True)
class Told:
    """What has been told of a wave: its publication and the second cuts of it, in order, each with its digest."""

    publication: Record
    digest: str
    cuts: tuple[tuple[CutRecord, str], ...] = ()


@dataclass(frozen=True)
class Choice:
    """The groups of a cut, which of them are shown, and the sums told of what they leave of each other."""

    hidden: dict[str, Reason | None]
    layer: Layer

    @property
    def shown(self) -> list[str]:
        """The groups that are shown, in order."""
        return [code for code, reason in self.hidden.items() if reason is None]


def freeze_cut(inputs: WaveInputs, told: Told, plan: CutPlan) -> CutRecord:
    """Make the record of a second cut.

    Raises:
        Refused: the answers do not give what was told before, nothing was published, or the groups are no tree.
        AuditFailed: the audit cannot come to an end, or what was told before is unsafe by itself.
    """
    scored = remake(inputs, told.publication)
    responses, units = Responses(scored), _units(scored)
    layers = [responses.published(scored)]
    for record, _ in told.cuts:
        layers.append(_again(responses, scored, layers, units, record))
    known = _known(inputs, scored, told)
    choice = _choose(scored, layers, units, known, plan)
    record = _record(scored, told, plan, choice, known)
    check(told, record)
    return record


def remake(inputs: WaveInputs, publication: Record) -> Scored:
    """Score a wave again exactly as it was published; raises Refused where that is not what comes out."""
    hidden = {unit.code: unit.hidden for unit in publication.units}
    details = {unit.code: unit.detail_hidden for unit in publication.units}
    if inputs.tree.codes != tuple(hidden) or hidden[inputs.tree.root] is not None:
        raise Refused(DIFFERENT, wave=publication.wave.code)
    scored = score(inputs, replace(decide(inputs), hidden=hidden, detail_hidden=details))
    for unit in publication.units:
        if unit.sums is not None and unit.sums != sums_of(scored.moments[unit.code]):
            raise Refused(DIFFERENT, wave=publication.wave.code)
    return scored


def _units(scored: Scored) -> list[str]:
    """The report unit of each response that counts."""
    rows, _ = scored.gate.rows(scored.gate.base, scored.partition)
    return [scored.inputs.tree.codes[place] for place in scored.gate.places[rows]]


def _again(
    responses: Responses, scored: Scored, layers: Sequence[Layer], units: Sequence[str], record: CutRecord
) -> Layer:
    """Make the sums of an earlier cut again; raises Refused where they are not those that were told."""
    plan = CutPlan.of(record)
    shown = [group.code for group in record.groups if group.hidden is None]
    layer = responses.settled(layers, cells_of(plan, shown, units))
    made = group_sums(scored, responses, layer, plan, shown)
    for group in record.groups:
        if group.sums != made.get(group.code):
            raise Refused(DIFFERENT, wave=record.wave)
    return layer


def counted(inputs: WaveInputs) -> dict[str, int]:
    """Count the people of the one base at each report unit, at least."""
    gate = decide(inputs)
    return gate_counts(inputs, gate.places[gate.base])


def _known(inputs: WaveInputs, scored: Scored, told: Told) -> Known:
    means = families(told.publication, [record for record, _ in told.cuts])[0]
    return Known(gate_counts(inputs, scored.gate.places[scored.gate.base]), means.cells, means.k)


def _choose(scored: Scored, layers: Sequence[Layer], units: Sequence[str], known: Known, plan: CutPlan) -> Choice:
    """Show as many groups as safety and room allow; each turn that fails bars the smallest group with a part in it."""
    responses, barred = Responses(scored), set[str]()
    while True:
        hidden = protect_groups(plan, known, barred)
        shown = [code for code, reason in hidden.items() if reason is None]
        cells = cells_of(plan, shown, units)
        rows = responses.fixed(layers, cells) or narrowed(scored, layers, cells)
        trouble = {units[row] for row in rows}
        try:
            if not trouble:
                return Choice(hidden, responses.settled(layers, cells))
        except NoRoom:
            trouble = set(units)
        barred.add(smallest(plan, known, shown, trouble))


def _record(scored: Scored, told: Told, plan: CutPlan, choice: Choice, known: Known) -> CutRecord:
    responses, shown = Responses(scored), choice.shown
    sums = group_sums(scored, responses, choice.layer, plan, shown)
    figures = group_figures(scored, responses, choice.layer, plan, shown)
    groups = [
        GroupRecord(
            code=group.code,
            parent=group.parent or None,
            names=dict(group.names),
            depth=plan.tree.depth(group.code) - 1,
            units=sorted(unit for unit, place in plan.places.items() if place == group.code),
            hidden=choice.hidden[group.code],
            sums=sums.get(group.code),
            figures=figures.get(group.code),
        )
        for group in plan.tree.units
        if group.code != EVERYTHING
    ]
    return CutRecord(
        format=1,
        code=plan.code,
        wave=told.publication.wave.code,
        publication=told.digest,
        earlier=[digest for _, digest in told.cuts],
        k=known.k,
        colluders=known.colluders,
        groups=groups,
        left_out=sorted(report_units(told.publication) - plan.places.keys()),
    )


def check(told: Told, record: CutRecord) -> None:
    """Let the record through as an outsider sees it, from published sizes alone, or raise AuditFailed."""
    cuts = [*(earlier for earlier, _ in told.cuts), record]
    for family, verdict in audit_record(told.publication, cuts=cuts):
        if family.name == MEANS and not verdict.safe:
            raise AuditFailed(verdict)
