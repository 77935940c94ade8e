"""What is told: a closed wave is published once, as one audited record; everything shown comes from it."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import models
from survey.i18n import Refused, Sentence
from survey.models import Wave
from survey.privacy.audit import AuditFailed, AuditVerdict
from survey.privacy.freeze import freeze
from survey.privacy.lately import Lately
from survey.privacy.notices import Afterwards, told_digest
from survey.privacy.record_audit import MEANS, Family, audit_record
from survey.privacy.released import Released, Suppressed
from survey.privacy.second_cut import counted
from survey.privacy.thaw import Publication, PublishedUnit
from survey.services import audit_log
from survey.services.publication import kept, notices, second_try, wave_inputs
from survey.services.publication.cut_records import cut_records
from survey.services.responses import responses
from survey.services.sealing import sealing
from survey.services.waves import frozen_facts, waves

VERDICTS: Final = 24
_audited: Final = Lately[tuple[str, ...], tuple[tuple[Family, AuditVerdict], ...]](VERDICTS)
"""Verdicts by the digests of what was audited: where groups cross, the counts behind them take seconds to make."""


def publish(session: Session, code: str, now: dt.datetime, by: int | None = None, k: int | None = None) -> Publication:
    """Publish a closed wave: freeze, audit, keep; all or nothing with the caller's transaction.

    A threshold `k` above the wave's own may be given, after an audit that failed.

    Raises:
        Refused: the wave is not closed, was changed after it had opened, or has been published; a publication is never
            computed again.
        AuditFailed: somebody could be given away; the wave stays closed, and the log says so.
    """
    wave = waves.locked(session, code)
    if wave.rehearsal:
        raise Refused("%(wave)s is a rehearsal: its answers are deleted, and nothing of it is published.", wave=code)
    if wave.state == "published":
        raise Refused("Wave %(wave)s has been published already; a publication is never made again.", wave=code)
    if wave.state != "closed":
        raise Refused("Wave %(wave)s is not closed yet. Results appear once, after the close.", wave=code)
    if sealing.is_sealed(wave):
        raise Refused("Wave %(wave)s is still sealed: unseal it with the key of a keyholder first.", wave=code)
    if k is not None:
        second_try.raise_floor(session, wave, k, now, by)
    wave_inputs.as_asked(session, wave)
    frozen_facts.require(session, wave, now, by)
    before, floor = wave_inputs.before(session, wave), wave.k
    previous = None if before is None else _read(session, before, notices.said(session))
    try:
        record = freeze(wave_inputs.inputs(session, wave, before), previous)
    except AuditFailed:
        second_try.log(session, code, floor, now, by)
        raise
    digest = kept.keep(session, wave, record, now.date())
    wave.state = "published"
    audit_log.write(session, now, by, "wave published", wave=code, digest=digest)
    session.flush()
    return _read(session, wave, notices.said(session))


def publication(session: Session, code: str) -> Publication:
    """Return what a wave shows, with what was said since.

    Raises:
        Withdrawn: its numbers are shown nowhere any more.
        Refused: it has not been published, or its record was changed afterwards.
    """
    wave, said = waves.wave(session, code), notices.said(session)
    withdrawn = said.withdrawal(wave.id)
    if withdrawn is not None:
        raise notices.Withdrawn(withdrawn)
    return _read(session, wave, said)


def publications(session: Session) -> list[Publication]:
    """Return every publication that was not withdrawn, the earliest wave first."""
    return kept.publications(session, [(wave.code, digest, after) for wave, digest, after in _told(session)])


def read(session: Session, publications: Iterable[Publication], codes: Iterable[str]) -> None:
    """Read units of several publications in one query, before they are looked at one by one.

    Raises:
        Refused: one of them was changed after it was published, or is gone.
    """
    kept.read(session, publications, codes)


def told_digests(session: Session) -> frozenset[str]:
    """Return what names the printed reports of every publication that was not withdrawn."""
    return frozenset(told_digest(digest, after) for _, digest, after in _told(session))


def digests(session: Session) -> dict[str, str]:
    """Return what names each publication, withdrawn or not, by wave; no record is read for it."""
    rows = session.execute(
        select(Wave.code, models.Publication.digest).join(models.Publication, Wave.id == models.Publication.wave_id)
    )
    return dict(rows.all())


def audit(session: Session, code: str, colluders: int = 0) -> tuple[tuple[Family, AuditVerdict], ...]:
    """Audit a publication and all second cuts of it again; with `colluders`, so many put their own answers together.

    From the kept records; where groups cross, with the people that were counted, as long as the answers are kept.

    Raises:
        Refused: nothing was published, a record was changed, or nobody would be left beside so many.
    """
    wave = waves.wave(session, code)
    frame, cuts = kept.frame(session, wave), cut_records(session, wave)
    if colluders >= frame.head.policy.k:
        raise Refused(
            "Results are shown from %(k)s people on: ask about fewer than that who put their answers together.",
            k=frame.head.policy.k,
        )
    at_hand = bool(cuts and responses.counts(session, wave))
    asked = (frame.digest, *(digest for _, digest in cuts), str(colluders), str(at_hand))
    found = _audited.get(asked)
    if found is not None:
        return found
    known = {MEANS: counted(wave_inputs.inputs(session, wave, None))} if at_hand else {}
    record, _ = kept.record(session, wave)
    found = audit_record(record, known, cuts=[cut for cut, _ in cuts], colluders=colluders)
    _audited.put(asked, found)
    return found


def verdict(verdicts: tuple[tuple[Family, AuditVerdict], ...]) -> Sentence:
    """Say in one sentence what an audit found."""
    unsafe = [found for _, found in verdicts if not found.safe]
    return (unsafe or [found for _, found in verdicts])[0].sentence


def results(publication: Publication) -> dict[str, object]:
    """Return everything that a publication releases, and what it suppresses with the reason, as plain data."""
    return {
        "wave": msgspec.to_builtins(publication.wave),
        "policy": msgspec.to_builtins(publication.policy),
        "company": {language: publication.company_name(language) for language in ("ko", "en")},
        "unit_word": publication.unit_word,
        "instrument": msgspec.json.decode(publication.instrument.to_json()),
        "digest": publication.digest,
        "errata": [msgspec.to_builtins(said) for said in publication.errata],
        "previous": {"wave": publication.previous_wave, "digest": publication.previous_digest},
        "columns": [msgspec.to_builtins(column) for column in publication.columns],
        "units": {unit.code: _unit(unit) for unit in publication.units},
        "within_variance": publication.within_variance.value,
        "reliability": [msgspec.to_builtins(found) for found in publication.reliability.value],
        "link": msgspec.to_builtins(publication.link.value),
        "quality": msgspec.to_builtins(publication.quality.value),
        "evidence": None if publication.evidence is None else msgspec.to_builtins(publication.evidence.value),
        "outcomes": [msgspec.to_builtins(outcome) for outcome in publication.outcomes],
    }


def _unit(unit: PublishedUnit) -> dict[str, object]:
    return {
        "parent": unit.parent,
        "names": unit.names,
        "kind": unit.kind,
        "leads": unit.leads,
        "depth": unit.depth,
        "invited": unit.invited,
        "participation": unit.participation,
        "adopted": unit.adopted,
        "marks": [msgspec.to_builtins(mark) for mark in unit.marks],
        "language_note": unit.language_note,
        "joined": unit.joined,
        "origin": None if unit.origin is None else msgspec.to_builtins(unit.origin),
        "figures": _shown(unit.figures),
        "detail": _shown(unit.detail),
        "sums": _shown(unit.sums),
        "rest": None if unit.rest is None else _shown(unit.rest),
    }


def _shown(value: Released[msgspec.Struct] | Suppressed) -> object:
    if isinstance(value, Suppressed):
        return {"suppressed": value.reason}
    return msgspec.to_builtins(value.value)


def _told(session: Session) -> Iterator[tuple[Wave, str, Afterwards]]:
    """Yield wave, digest and what was said since, of every publication that was not withdrawn, by wave."""
    said = notices.said(session)
    digests = (
        select(Wave, models.Publication.digest)
        .join(models.Publication, Wave.id == models.Publication.wave_id)
        .where(Wave.state == "published")
        .order_by(Wave.opens_at, Wave.id)
    )
    for wave, digest in session.execute(digests):
        if said.withdrawal(wave.id) is None:
            yield wave, digest, said.afterwards(wave)


def _read(session: Session, wave: Wave, said: notices.Said) -> Publication:
    digest = session.scalar(select(models.Publication.digest).where(models.Publication.wave_id == wave.id))
    if digest is None:
        raise Refused("Wave %(wave)s has not been published yet.", wave=wave.code)
    (found,) = kept.publications(session, [(wave.code, digest, said.afterwards(wave))])
    return found
