"""What a publication is made from: the frozen tree, its answers, and who moved since the wave before."""

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from survey import models
from survey.i18n import Refused
from survey.instruments.model import Instrument
from survey.models import Wave
from survey.privacy.inputs import UnitFacts, WaveInputs
from survey.privacy.policy import Policy
from survey.privacy.record import WaveFacts
from survey.privacy.strict import Move
from survey.privacy.tree import TreeUnit
from survey.scoring.answers import AnswerTable
from survey.services.company import company
from survey.services.here import day_of, zone_of
from survey.services.instruments import registry
from survey.services.marks import frozen_marks
from survey.services.outcomes.outcomes import frozen_outcomes
from survey.services.practices.library import frozen as frozen_practices
from survey.services.practices.register import adoptions, over_before
from survey.services.responses import responses
from survey.services.roster import moves, origins
from survey.services.waves import frozen, waves
from survey.services.waves.joining import adopted_by_all


def before(session: Session, wave: Wave) -> Wave | None:
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


def as_asked(session: Session, wave: Wave) -> Instrument:
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


def inputs(session: Session, wave: Wave, before: Wave | None) -> WaveInputs:
    """Return what a wave is published from, as long as its answers are kept; `before` is what changes are counted from.

    Raises:
        Refused: another version of the questionnaire was asked than this program has.
    """
    instrument, firm = as_asked(session, wave), company(session)
    moved, came = _since(session, wave, before)
    facts = _facts(session, wave, None if moved is None else moves.count(moved), came)
    place = {fact.unit.code: position for position, fact in enumerate(facts)}
    rows = list(responses.answer_rows(session, wave))
    return WaveInputs(
        {"ko": firm.name_ko, "en": firm.name_en},
        firm.unit_word,
        _wave_facts(session, wave, demo=firm.demo),
        Policy(wave.k, wave.detail_k),
        facts,
        AnswerTable.of(instrument, (answers for _, answers in rows), (place[unit] for unit, _ in rows)),
        strict=wave.strict,
        moves=moved,
        outcomes=frozen_outcomes(session, wave, [fact.unit.code for fact in facts]),
        own_practices=frozen_practices(session, {each for fact in facts for each in (*fact.adopted, *fact.over)}),
    )


def _since(
    session: Session, wave: Wave, before: Wave | None
) -> tuple[tuple[Move, ...] | None, Mapping[str, origins.Came]]:
    """Return who moved and where each unit's people came from; None and nothing where that is not known."""
    if before is None or wave.kind != "native":
        return None, {}
    now, then = moves.roster(session, wave), moves.roster(session, before)
    return moves.moves(now, then), origins.origins(now, then)


def _days(session: Session, wave: Wave) -> tuple[dt.date, dt.date]:
    """Return the company's days on which a wave opened and closed."""
    zone = zone_of(session)
    return day_of(wave.opens_at, zone), day_of(wave.closes_at, zone)


def _wave_facts(session: Session, wave: Wave, *, demo: bool) -> WaveFacts:
    opened, closed = _days(session, wave)
    return WaveFacts(
        code=wave.code,
        kind="imported" if wave.kind == "imported" else "native",
        opened_on=opened.isoformat(),
        closed_on=closed.isoformat(),
        practices=list(registry.practices_of(wave)),
        promise_digest=wave.promise_digest,
        demo=demo,
    )


def _facts(
    session: Session, wave: Wave, moved: Mapping[str, int] | None, came: Mapping[str, origins.Came]
) -> tuple[UnitFacts, ...]:
    units = frozen.frozen_tree(session, wave)
    spares = dict(
        session.execute(
            select(models.WaveUnit.code, models.WaveUnit.spares_drawn).where(models.WaveUnit.wave_id == wave.id)
        ).all()
    )
    opened, closed = _days(session, wave)
    adopted: dict[str, dict[str, str]] = {}
    if wave.kind == "native":
        for adoption in adoptions(session, closed, opened):
            adopted.setdefault(adoption.unit, {})[adoption.practice] = adoption.since.isoformat()
    over = over_before(session, opened) if wave.kind == "native" else {}
    marks = frozen_marks(session, closed)
    return tuple(
        UnitFacts(
            TreeUnit(unit.code, unit.parent, dict(unit.names), unit.kind, unit.leads),
            invited=unit.invited,
            spares=spares[unit.code],
            languages=dict(unit.languages),
            adopted=adopted_by_all(unit.joined or [unit.code], adopted),
            moved=None if moved is None else moved.get(unit.code, 0),
            joined=unit.joined,
            marks=marks.get(unit.code, ()),
            over=over.get(unit.code, {}),
            origin=came[unit.code].origin if unit.code in came else None,
            crossed=came[unit.code].crossed if unit.code in came else None,
        )
        for unit in units
    )
