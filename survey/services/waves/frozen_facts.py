"""What a wave promised, against what the database and the program say now: whatever was loosened is found and told.

The database refuses to loosen an opened wave (`survey.models.frozen`). Somebody with the right to change tables can
switch that off; so thresholds stand in the frozen promise, tree and roster under a digest of their own, both digests in
the hash-chained log, whose head is with the auditor. `broken` compares them all.

A wave that was opened before texts were kept (revision 0001) goes on: the log says that it kept none, so there is
nothing to compare, and whoever answers reads today's words for its facts.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.i18n import Refused, Sentence
from survey.instruments.model import Instrument
from survey.models import RosterEntry, Wave, WaveUnit
from survey.services import audit_log
from survey.services.instruments import registry
from survey.services.sealing import sealing
from survey.services.waves import extension, frozen_promise
from survey.services.waves.frozen_promise import Facts, Promise
from survey.services.waves.waves import instrument_of

OPENED: Final = "wave opened"
BROKEN: Final = "promise broken"
AT_ONCE: Final = 2_000
"""People of a roster that are read and put into a digest in one go."""
WORDING: Final = Sentence("the questions, or their wording")


class WordingChanged(Refused):
    """The questions of an open wave are not those any more that were frozen: they are not asked."""


def seal_promise(session: Session, wave: Wave, instrument: Instrument) -> None:
    """Write the promise and both digests into a wave whose tree and roster are stored; the last act of its opening."""
    wave.promise = _words(session, wave, instrument)
    wave.promise_digest = frozen_promise.digest(wave.promise)
    session.flush()
    wave.frozen_digest = _digest(session, wave)


def would_promise(session: Session, wave: Wave) -> Promise:
    """Return what a wave would promise if it were opened now, for those who plan it."""
    return frozen_promise.read(_words(session, wave, instrument_of(session, wave)))


def newest(session: Session) -> Wave | None:
    """Return the wave whose promise stands now: the open one, or the last that was."""
    # Of a rehearsal that is over nothing stands any more.
    said = Wave.rehearsal.is_(False) | (Wave.state == "open")
    opened = select(Wave).where(Wave.kind == "native", Wave.state != "draft", said)
    return session.scalars(opened.order_by(Wave.opens_at.desc(), Wave.id.desc()).limit(1)).first()


def promise_of(wave: Wave) -> Promise:
    """Return the promise of an opened wave, as it was frozen.

    Raises:
        Refused: its text is damaged, or there is none.
    """
    try:
        return frozen_promise.read(wave.promise)
    except msgspec.DecodeError:
        raise Refused("The promise of wave %(wave)s cannot be read.", wave=wave.code) from None


def read_by(session: Session, wave: Wave) -> Promise:
    """Return what whoever answers reads: the frozen promise, or today's words where the wave kept none.

    Raises:
        Refused: its text is damaged.
    """
    if _kept_none(session, wave):
        return frozen_promise.read(_words(session, wave, instrument_of(session, wave)))
    return promise_of(wave)


def promised_rehearsal(wave: Wave) -> bool:
    """Tell whether an open wave said that its answers will be deleted: a mark set later deletes no real answers."""
    try:
        return wave.rehearsal and frozen_promise.read(wave.promise).facts.rehearsal
    except msgspec.DecodeError:
        return False


def fingerprint(wave: Wave) -> str:
    """Return the digest of a wave's promise; "" where it kept no text that anybody could hash again."""
    return wave.promise_digest if wave.promise else ""


def read_with(session: Session, wave: Wave, instrument: Instrument) -> Promise:
    """Return the promise that goes with what an open wave asks.

    Raises:
        WordingChanged: this program, or the company's word for a unit, would ask it in other words than were frozen.
    """
    promise = read_by(session, wave)
    if _worded(instrument) != promise.facts.instrument_digest:
        raise WordingChanged(Sentence("The questions of wave %(wave)s were changed after it opened."), wave=wave.code)
    return promise


def is_worded(session: Session, wave: Wave, instrument: Instrument) -> bool:
    """Tell whether an open wave asks what it promised, in the same words (`read_with`)."""
    try:
        read_with(session, wave, instrument)
    except Refused:
        return False
    return True


def broken(session: Session, wave: Wave) -> Sentence | None:
    """Return what differs from what an opened wave promised; None where it stands, and for imported waves."""
    if wave.kind != "native" or wave.state == "draft" or _kept_none(session, wave):
        return None
    return next(_differences(session, wave), None)


def require(session: Session, wave: Wave, now: dt.datetime, by: int | None = None) -> None:
    """Let nothing be published of a wave that is not what it promised; the log says what differs.

    Raises:
        Refused: something was changed after the opening; what the session did is undone.
    """
    found = broken(session, wave)
    if found is None:
        return
    code, what = wave.code, found.to("en")
    if audit_log.find(session, BROKEN, wave=code, what=what) is None:
        audit_log.write_apart(session, now, by, BROKEN, wave=code, what=what)
    raise Refused(
        "Wave %(wave)s is not published: %(what)s differs from what was promised when it opened. Put it back as it "
        "was, from a backup if need be, and read the audit log.",
        wave=code,
        what=found,
    )


def tell(session: Session, wave: Wave, now: dt.datetime, by: int | None = None) -> bool:
    """Write a broken promise into the log, once for each thing that differs; tell whether it was written now."""
    found = broken(session, wave)
    if found is None:
        return False
    what = found.to("en")
    if audit_log.find(session, BROKEN, wave=wave.code, what=what) is not None:
        return False
    audit_log.write(session, now, by, BROKEN, wave=wave.code, what=what)
    return True


def _kept_none(session: Session, wave: Wave) -> bool:
    """Tell whether a wave was opened before texts were kept; the log must say so, not the wave's empty field."""
    if wave.promise:
        return False
    entry = audit_log.find(session, OPENED, wave=wave.code)
    return entry is not None and "promise" not in entry.facts and audit_log.is_whole(entry)


def _words(session: Session, wave: Wave, instrument: Instrument) -> str:
    """Return a wave's promise in the words of today's program."""
    facts = Facts(
        wave=wave.code,
        k=wave.k,
        detail_k=wave.detail_k,
        retention_months=wave.retention_months,
        strict=wave.strict,
        sealed=wave.sealed,
        seal_key=wave.seal_key.hex() if wave.seal_key else "",
        keyholders=tuple(sealing.holders_of(session, wave)),
        instrument=instrument.id,
        instrument_version=instrument.version,
        instrument_digest=instrument.digest(),
        practices=registry.practices_of(wave),
        rehearsal=wave.rehearsal,
    )
    return frozen_promise.write(facts, instrument.title)


def _differences(session: Session, wave: Wave) -> Iterator[Sentence]:
    """Yield what differs, the most telling first."""
    if frozen_promise.digest(wave.promise) != wave.promise_digest:
        yield Sentence("the text of the promise")
        return
    entry = audit_log.find(session, OPENED, wave=wave.code)
    told = {} if entry is None else entry.facts
    if told.get("promise") != wave.promise_digest or entry is None or not audit_log.is_whole(entry):
        yield Sentence("the promise that the log names")
        return
    yield from (what for what, differs in _loosened(wave, promise_of(wave).facts) if differs)
    if _digest(session, wave) != wave.frozen_digest or told.get("frozen") != wave.frozen_digest:
        yield Sentence("the frozen units, or who belongs to which")
    if _later(session, wave, told):
        yield Sentence("until when answers are taken")
    if _worded(instrument_of(session, wave)) != promise_of(wave).facts.instrument_digest:
        yield WORDING


def _later(session: Session, wave: Wave, told: Mapping[str, str]) -> bool:
    """Tell whether an end lies later than the log says: the entry of the opening, or that of the one extension."""
    extended = audit_log.find(session, extension.EXTENDED, wave=wave.code)
    logged = told if extended is None else extended.facts
    return "closes" in logged and extension.said(wave.closes_at) > logged["closes"]


def _loosened(wave: Wave, facts: Facts) -> Iterator[tuple[Sentence, bool]]:
    yield Sentence("from how many people on results are shown"), wave.k < facts.k or wave.detail_k < facts.detail_k
    yield Sentence("when answers are deleted"), wave.retention_months > facts.retention_months
    yield Sentence("the stricter rule for small teams"), facts.strict and not wave.strict
    yield Sentence("whether it is a rehearsal"), wave.rehearsal != facts.rehearsal
    keys = {facts.seal_key, ""} if wave.state != "open" else {facts.seal_key}
    key = wave.seal_key.hex() if wave.seal_key else ""
    yield Sentence("how answers are sealed"), wave.sealed != facts.sealed or key not in keys
    asked = (wave.code, wave.instrument_id, wave.instrument_version, registry.practices_of(wave))
    yield WORDING, asked != (facts.wave, facts.instrument, facts.instrument_version, facts.practices)


def _digest(session: Session, wave: Wave) -> str:
    """Return the SHA-256 of what was frozen beside the promise: tree, roster, the day it opened."""
    units = session.execute(
        select(
            WaveUnit.code,
            WaveUnit.parent_code,
            WaveUnit.name_ko,
            WaveUnit.name_en,
            WaveUnit.kind,
            WaveUnit.invited,
            WaveUnit.spares,
            WaveUnit.joined,
        ).where(WaveUnit.wave_id == wave.id)
    )
    said = {"opened": wave.opens_at.isoformat(timespec="microseconds"), "promise": wave.promise_digest}
    found = hashlib.sha256(f'{_text(said)[:-1]}, "roster": ['.encode())
    for place, some in enumerate(_roster(session, wave)):
        found.update(f"{', ' if place else ''}{_text(some)[1:-1]}".encode())
    # Sorted here: the databases sort text by rules of their own.
    found.update(f'], "units": {_text(sorted(list(row) for row in units))}}}'.encode())
    return found.hexdigest()


def _roster(session: Session, wave: Wave) -> Iterator[list[list[object]]]:
    """Yield who is invited, by number, some at a time: each tick reads all of them, a hundred thousand perhaps."""
    entry = RosterEntry
    asked = select(entry.person_id, entry.report_unit, entry.language).where(entry.wave_id == wave.id)
    rows = session.execute(asked.order_by(entry.person_id), execution_options={"yield_per": AT_ONCE})
    for some in rows.partitions():
        yield [list(row) for row in some]


def _text(said: object) -> str:
    return json.dumps(said, ensure_ascii=False)


@lru_cache(maxsize=16)
def _worded(instrument: Instrument) -> str:
    return instrument.digest()
