"""The instruments of a company: brought in as files, never changed, deleted only while no wave uses them."""

import datetime as dt
import hashlib
from collections import defaultdict

import msgspec
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from survey.i18n import Refused
from survey.instruments.load import DEFAULT, available, builtin, source
from survey.instruments.model import Instrument
from survey.instruments.uploads import brought_in, unusable
from survey.models import Instrument as Kept
from survey.models import Wave
from survey.services import audit_log
from survey.services.instruments import registry


class Version(msgspec.Struct, frozen=True):
    """One version of an instrument."""

    instrument: Instrument
    ours: bool
    """It ships with the product."""
    added_on: dt.date | None
    waves: tuple[str, ...]
    """Codes of the waves that use it, drafts among them, the earliest first."""

    @property
    def askable(self) -> bool:
        """Whether a wave may ask it: definitions without wording may not."""
        return next(unusable(self.instrument), None) is None


def look(session: Session, data: bytes, file: str) -> Instrument:
    """Return the instrument of a file as it could be kept; nothing is stored.

    Raises:
        InstrumentError: the file cannot be used; the error says where and what to do.
        Refused: this version is there already, with other words.
    """
    found = brought_in(data, file)
    here = session.get(Kept, (found.id, found.version))
    if here is not None and here.digest != _digest(_tidy(data)):
        raise Refused(
            "Version %(version)s of %(name)s is here already, with another text. Versions never change: give this file "
            "a new version.",
            version=found.version,
            name=found.id,
        )
    ships = found.id in available() and builtin(found.id).version == found.version
    if ships and builtin(found.id).digest() != found.worded_for().digest():
        raise Refused(
            "Version %(version)s of %(name)s ships with this program, with another text: give your file a version of "
            "its own, such as %(example)s.",
            version=found.version,
            name=found.id,
            example=f"{found.version}-a",
        )
    if ships:
        raise Refused("This file is version %(version)s of %(name)s as it ships with this program: there is nothing to "
                      "bring in.", version=found.version, name=found.id)  # fmt: skip
    return found


def add(session: Session, data: bytes, file: str, now: dt.datetime, by: int | None = None) -> Instrument:
    """Keep an instrument for good; the same file again changes nothing.

    Raises:
        InstrumentError: as `look`.
        Refused: as `look`.
    """
    found, text = look(session, data, file), _tidy(data)
    if session.get(Kept, (found.id, found.version)) is None:
        row = {"id": found.id, "version": found.version, "text": text, "digest": _digest(text), "added_on": now.date()}
        session.execute(insert(Kept).values(**row))
        audit_log.write(session, now, by, "instrument added", instrument=_name(found), digest=_digest(text))
    return found


def remove(session: Session, instrument_id: str, version: str, now: dt.datetime, by: int | None = None) -> None:
    """Delete a version that no wave uses.

    Raises:
        Refused: it ships with the program, is not here, or a wave uses it.
    """
    here = session.get(Kept, (instrument_id, version))
    if here is None:
        raise Refused("There is no version %(version)s of %(name)s that your company brought in.",
                      version=version, name=instrument_id)  # fmt: skip
    using = _uses(session)[instrument_id, version]
    if using:
        raise Refused(
            "Version %(version)s of %(name)s is used by %(waves)s: what was asked is kept.",
            version=version,
            name=instrument_id,
            waves=", ".join(using),
        )
    session.delete(here)
    session.flush()
    audit_log.write(session, now, by, "instrument deleted", instrument=f"{instrument_id} {version}")


def versions(session: Session) -> list[Version]:
    """Return every version there is: those that ship with the program first, then the company's, the newest last."""
    uses = _uses(session)
    ships = [Version(builtin(name), True, None, tuple(uses[name, builtin(name).version])) for name in available()]
    rows = session.execute(select(Kept.digest, Kept.added_on).order_by(Kept.added_on, Kept.id, Kept.version))
    own = [(registry.kept(session, digest), added_on) for digest, added_on in rows]
    return [*ships, *(Version(each, False, day, tuple(uses[each.id, each.version])) for each, day in own)]


def version(session: Session, instrument_id: str, number: str) -> Version:
    """Return one version; raises Refused where there is none."""
    for each in versions(session):
        if (each.instrument.id, each.instrument.version) == (instrument_id, number):
            return each
    raise Refused("There is no questionnaire %(name)s, version %(version)s.", name=instrument_id, version=number)


def text_of(session: Session, instrument_id: str, number: str) -> str:
    """Return the file of a version, ours as well, as a starting point; raises Refused where there is none."""
    found = version(session, instrument_id, number)
    if found.ours:
        return source(instrument_id)
    return session.get_one(Kept, (instrument_id, number)).text


def last_used(session: Session, instrument_id: str = DEFAULT) -> Instrument | None:
    """Return the version that the last wave of this instrument asked, without its extra items; None where none did."""
    asked = (
        select(Wave)
        .where(Wave.state != "draft", Wave.kind == "native", Wave.rehearsal.is_(False))
        .where(Wave.instrument_id == instrument_id)
        .order_by(Wave.opens_at.desc(), Wave.id.desc())
        .limit(1)
    )
    wave = session.scalar(asked)
    if wave is None:
        return None
    return registry.instrument(session, wave.instrument_id, wave.instrument_version)


def _uses(session: Session) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, number, code in session.execute(
        select(Wave.instrument_id, Wave.instrument_version, Wave.code).order_by(Wave.opens_at, Wave.id)
    ):
        found[name, number].append(code)
    return found


def _tidy(data: bytes) -> str:
    """Return a file's text with one kind of line end; only for files that were read."""
    return data.decode("utf-8-sig").replace("\r\n", "\n")


def _digest(text: str | bytes) -> str:
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def _name(instrument: Instrument) -> str:
    return f"{instrument.id} {instrument.version}"
