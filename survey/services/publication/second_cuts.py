"""Second cuts: a published wave's report units grouped in another way, once, and audited with all that was told."""

import datetime as dt
import re
from typing import Final

import msgspec
from sqlalchemy.orm import Session

from survey.i18n import Refused, Sentence
from survey.models import SecondCut, Wave
from survey.privacy.cut_plan import CutPlan
from survey.privacy.cut_thaw import Cut, PublishedGroup, dump_cut, thaw_cut
from survey.privacy.record_audit import report_units
from survey.privacy.released import Reason, Released, Suppressed
from survey.privacy.second_cut import Told, freeze_cut
from survey.privacy.tree import Tree, TreeUnit
from survey.services import audit_log
from survey.services.publication import cut_records, kept, notices, wave_inputs
from survey.services.publication.cut_file import read_cut
from survey.services.responses import responses
from survey.services.waves import waves

CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


class Grouping(msgspec.Struct, frozen=True):
    """A second cut as HR asks for it."""

    code: str
    """What people call it: "by-place"."""
    data: bytes
    filename: str


def make(session: Session, wave_code: str, grouping: Grouping, now: dt.datetime, by: int | None = None) -> Cut:
    """Make a second cut of a published wave from HR's file; all or nothing with the caller's transaction.

    `by` is the account that asks for it; None on the command line.

    Raises:
        CutErrors: cells of the file must be mended.
        Refused: the wave is not published, was withdrawn, or its answers have been deleted; the name is taken.
        AuditFailed: the audit could not come to an end.
    """
    wave = waves.locked(session, wave_code)
    code = grouping.code
    _check(session, wave, code)
    record, digest = kept.record(session, wave)
    told = Told(record, digest, cut_records.cut_records(session, wave))
    tree = Tree(TreeUnit(unit.code, unit.parent) for unit in record.units)
    plan = _of_report_units(read_cut(grouping.data, grouping.filename, code, tree), report_units(record))
    made, made_digest = dump_cut(freeze_cut(wave_inputs.inputs(session, wave, None), told, plan))
    session.add(SecondCut(wave_id=wave.id, code=code, record=made, digest=made_digest, published_on=now.date()))
    audit_log.write(session, now, by, "second cut made", wave=wave_code, cut=code, digest=made_digest)
    session.flush()
    return thaw_cut(made, made_digest)


def _check(session: Session, wave: Wave, code: str) -> None:
    if wave.state != "published":
        raise Refused("Wave %(wave)s has not been published yet.", wave=wave.code)
    withdrawn = notices.said(session).withdrawal(wave.id)
    if withdrawn is not None:
        raise notices.Withdrawn(withdrawn)
    if not CODE.fullmatch(code):
        raise Refused("A second cut's name has up to 40 letters A-Z, digits, dots and hyphens, such as by-place.")
    if session.get(SecondCut, (wave.id, code)) is not None:
        raise Refused(
            "There is a second cut %(cut)s of wave %(wave)s already, and it is never made again.",
            cut=code,
            wave=wave.code,
        )
    if not can_be_made(session, wave.code):
        raise Refused(
            "The answers of wave %(wave)s have been deleted, as promised. No second cut can be made of it any more.",
            wave=wave.code,
        )


def _of_report_units(plan: CutPlan, units: frozenset[str]) -> CutPlan:
    """Leave out units for which nobody answers: they are no part of any group."""
    return CutPlan(plan.code, plan.groups, {unit: group for unit, group in plan.places.items() if unit in units})


def can_be_made(session: Session, wave_code: str) -> bool:
    """Whether a second cut of a published wave can still be made: as long as its answers are kept."""
    return bool(responses.counts(session, waves.wave(session, wave_code)))


def cuts(session: Session, wave_code: str) -> tuple[Cut, ...]:
    """Return the second cuts of a wave in the order in which they were made.

    Raises:
        Withdrawn: what was published of the wave is shown nowhere any more.
        Refused: there is no such wave, or one of its second cuts was changed after it was made.
    """
    wave = waves.wave(session, wave_code)
    withdrawn = notices.said(session).withdrawal(wave.id)
    if withdrawn is not None:
        raise notices.Withdrawn(withdrawn)
    return cut_records.cuts(session, wave)


def why_hidden(reason: Reason, k: int) -> Sentence:
    """Say why a group of a second cut is not shown."""
    if reason == "small":
        return Sentence("Fewer than %(k)s people answered.", {"k": k})
    return Sentence(
        "Together with what was told before, these results would give too much away about fewer than %(k)s people.",
        {"k": k},
    )


def results(cut: Cut) -> dict[str, object]:
    """Return everything that a second cut releases, and what it suppresses with the reason, as plain data."""
    return {
        "cut": cut.code,
        "wave": cut.wave,
        "publication": cut.publication,
        "earlier": list(cut.earlier),
        "digest": cut.digest,
        "k": cut.k,
        "colluders": cut.colluders,
        "groups": {group.code: _group(group) for group in cut.groups},
        "left_out": list(cut.left_out),
    }


def _group(group: PublishedGroup) -> dict[str, object]:
    return {
        "parent": group.parent,
        "names": group.names,
        "depth": group.depth,
        "units": list(group.units),
        "figures": _shown(group.figures),
        "sums": _shown(group.sums),
    }


def _shown(value: Released[msgspec.Struct] | Suppressed) -> object:
    if isinstance(value, Suppressed):
        return {"suppressed": value.reason}
    return msgspec.to_builtins(value.value)
