"""What is told: a closed wave is published once, as one audited record; everything shown comes from it."""

import datetime as dt
from threading import Lock
from typing import Final

import msgspec
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from survey import models
from survey.i18n import Refused, Sentence
from survey.instruments.model import Instrument
from survey.models import RosterEntry, Wave
from survey.privacy import thaw
from survey.privacy.audit import AuditFailed, AuditVerdict
from survey.privacy.freeze import freeze
from survey.privacy.inputs import UnitFacts, WaveInputs
from survey.privacy.notices import Afterwards
from survey.privacy.policy import Policy
from survey.privacy.record import WaveFacts
from survey.privacy.record_audit import Family, audit_record
from survey.privacy.released import Released, Suppressed
from survey.privacy.thaw import Publication, PublishedUnit
from survey.privacy.tree import Tree, TreeUnit
from survey.scoring.answers import AnswerTable
from survey.services import audit_log, frozen, frozen_facts, notices, responses, sealing, second_try, waves
from survey.services.company import company
from survey.services.joining import adopted_by_all
from survey.services.practices import adoptions

KEPT: Final = 24
"""Publications kept thawed: they never change, and a page shows a few waves at a time."""

_thawed: dict[tuple[str, Afterwards], Publication] = {}
_lock = Lock()


def publish(session: Session, code: str, now: dt.datetime, by: int | None = None, k: int | None = None) -> Publication:
    """Publish a closed wave: freeze, audit, keep; all or nothing with the caller's transaction.

    A threshold `k` above the wave's own may be given, after an audit that failed.

    Raises:
        Refused: the wave is not closed, was changed after it had opened, or has been published; a publication is never
            computed again.
        AuditFailed: somebody could be given away; the wave stays closed, and the log says so.
    """
    wave = waves.locked(session, code)
    if wave.state == "published":
        raise Refused("Wave %(wave)s has been published already; a publication is never made again.", wave=code)
    if wave.state != "closed":
        raise Refused("Wave %(wave)s is not closed yet. Results appear once, after the close.", wave=code)
    if sealing.is_sealed(wave):
        raise Refused("Wave %(wave)s is still sealed: unseal it with the key of a keyholder first.", wave=code)
    if k is not None:
        second_try.raise_floor(session, wave, k, now, by)
    _as_asked(session, wave)
    frozen_facts.require(session, wave, now, by)
    before, floor = _before(session, wave), wave.k
    previous = None if before is None else _read(session, before, notices.said(session))
    try:
        data, digest = thaw.dump(freeze(_inputs(session, wave, before), previous))
    except AuditFailed:
        second_try.log(session, code, floor, now, by)
        raise
    session.add(models.Publication(wave_id=wave.id, record=data, digest=digest, published_on=now.date()))
    wave.state = "published"
    audit_log.write(session, now, by, "wave published", wave=code, digest=digest)
    session.flush()
    return thaw.thaw(data, digest)


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
    said = notices.said(session)
    digests = (
        select(Wave, models.Publication.digest)
        .join(models.Publication, Wave.id == models.Publication.wave_id)
        .where(Wave.state == "published")
        .order_by(Wave.opens_at, Wave.id)
    )
    return [
        _thaw(session, wave, digest, said.afterwards(wave))
        for wave, digest in session.execute(digests)
        if said.withdrawal(wave.id) is None
    ]


def audit(session: Session, code: str) -> tuple[tuple[Family, AuditVerdict], ...]:
    """Audit a publication again as an outsider would, from the kept record alone; raises Refused as `publication`."""
    kept = _kept(session, waves.wave(session, code))
    return audit_record(thaw.read(kept.record, kept.digest))


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
        "language_note": unit.language_note,
        "joined": unit.joined,
        "figures": _shown(unit.figures),
        "detail": _shown(unit.detail),
        "sums": _shown(unit.sums),
        "rest": None if unit.rest is None else _shown(unit.rest),
    }


def _shown(value: Released[msgspec.Struct] | Suppressed) -> object:
    if isinstance(value, Suppressed):
        return {"suppressed": value.reason}
    return msgspec.to_builtins(value.value)


def _kept(session: Session, wave: Wave) -> models.Publication:
    kept = session.get(models.Publication, wave.id)
    if kept is None:
        raise Refused("Wave %(wave)s has not been published yet.", wave=wave.code)
    return kept


def _read(session: Session, wave: Wave, said: notices.Said) -> Publication:
    digest = session.scalar(select(models.Publication.digest).where(models.Publication.wave_id == wave.id))
    if digest is None:
        raise Refused("Wave %(wave)s has not been published yet.", wave=wave.code)
    return _thaw(session, wave, digest, said.afterwards(wave))


def _thaw(session: Session, wave: Wave, digest: str, afterwards: Afterwards) -> Publication:
    """Return a publication, thawed at the first call; the record is loaded only then."""
    with _lock:
        if (digest, afterwards) in _thawed:
            return _thawed[digest, afterwards]
    kept = session.get_one(models.Publication, wave.id)
    read = thaw.thaw(kept.record, kept.digest, afterwards)
    with _lock:
        while len(_thawed) >= KEPT:
            del _thawed[next(iter(_thawed))]
        _thawed[kept.digest, afterwards] = read
    return read


def _before(session: Session, wave: Wave) -> Wave | None:
    """Return the published wave that changes are counted from: the last of its kind, asked with the same instrument.

    A wave that was withdrawn is none to count from.
    """
    withdrawn = select(models.Notice.wave_id).where(models.Notice.kind == "withdrawal")
    return session.scalar(
        select(Wave)
        .where(
            Wave.state == "published",
            Wave.id.not_in(withdrawn),
            Wave.kind == wave.kind,
            Wave.instrument_id == wave.instrument_id,
            or_(Wave.opens_at < wave.opens_at, and_(Wave.opens_at == wave.opens_at, Wave.id < wave.id)),
        )
        .order_by(Wave.opens_at.desc(), Wave.id.desc())
        .limit(1)
    )


def _as_asked(session: Session, wave: Wave) -> Instrument:
    """Return what the wave asked; raises Refused where this program asks another version of it."""
    instrument = waves.instrument_of(session, wave)
    if instrument.version != wave.instrument_version:
        raise Refused(
            "Wave %(wave)s was asked with version %(asked)s of the questionnaire; here is version %(here)s. "
            "Publish it with the version of this program that asked it.",
            wave=wave.code,
            asked=wave.instrument_version,
            here=instrument.version,
        )
    return instrument


def _inputs(session: Session, wave: Wave, before: Wave | None) -> WaveInputs:
    instrument, firm = _as_asked(session, wave), company(session)
    facts = _facts(session, wave, before)
    place = {fact.unit.code: position for position, fact in enumerate(facts)}
    rows = list(responses.answer_rows(session, wave))
    return WaveInputs(
        {"ko": firm.name_ko, "en": firm.name_en},
        firm.unit_word,
        _wave_facts(wave, demo=firm.demo),
        Policy(wave.k, wave.detail_k),
        facts,
        AnswerTable.of(instrument, (answers for _, answers in rows), (place[unit] for unit, _ in rows)),
    )


def _wave_facts(wave: Wave, *, demo: bool) -> WaveFacts:
    return WaveFacts(
        code=wave.code,
        kind="imported" if wave.kind == "imported" else "native",
        opened_on=wave.opens_at.date().isoformat(),
        closed_on=wave.closes_at.date().isoformat(),
        practices=list(wave.practices),
        promise_digest=wave.promise_digest,
        demo=demo,
    )


def _facts(session: Session, wave: Wave, before: Wave | None) -> tuple[UnitFacts, ...]:
    units = frozen.frozen_tree(session, wave)
    spares = dict(
        session.execute(
            select(models.WaveUnit.code, models.WaveUnit.spares_drawn).where(models.WaveUnit.wave_id == wave.id)
        ).all()
    )
    adopted: dict[str, dict[str, str]] = {}
    if wave.kind == "native":
        for adoption in adoptions(session, wave.closes_at.date()):
            adopted.setdefault(adoption.unit, {})[adoption.practice] = adoption.since.isoformat()
    moved = None if before is None or wave.kind != "native" else _moved(session, wave, before)
    return tuple(
        UnitFacts(
            TreeUnit(unit.code, unit.parent, dict(unit.names), unit.kind, unit.leads),
            invited=unit.invited,
            spares=spares[unit.code],
            languages=dict(unit.languages),
            adopted=adopted_by_all(unit.joined or [unit.code], adopted),
            moved=None if moved is None else moved.get(unit.code, 0),
            joined=unit.joined,
        )
        for unit in units
    )


def _moved(session: Session, wave: Wave, before: Wave) -> dict[str, int]:
    """Count for each unit the people who joined or left it, or anything below it, between two frozen rosters."""
    above = [_paths(session, each) for each in (wave, before)]
    rosters = [_roster(session, each) for each in (wave, before)]
    moved: dict[str, int] = {}
    for person in rosters[0].keys() | rosters[1].keys():
        now, then = (
            paths.get(roster.get(person, ""), frozenset()) for paths, roster in zip(above, rosters, strict=True)
        )
        for code in now ^ then:
            moved[code] = moved.get(code, 0) + 1
    return moved


def _roster(session: Session, wave: Wave) -> dict[int, str]:
    rows = session.execute(select(RosterEntry.person_id, RosterEntry.report_unit).where(RosterEntry.wave_id == wave.id))
    return dict(rows.all())


def _paths(session: Session, wave: Wave) -> dict[str, frozenset[str]]:
    tree = Tree(TreeUnit(unit.code, unit.parent) for unit in frozen.frozen_tree(session, wave))
    return {code: frozenset(tree.path(code)) for code in tree.codes}
