"""Before a wave: whoever leads units with running practices is asked to mend the register. No respondent is written to.

One letter for each planned wave, within the two weeks before it opens, and never two within a week. A letter counts
once it was accepted; a second copy, after a run that was cut off, carries the name of the first.
"""

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import Final

import msgspec
from msgspec.structs import replace
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey import models
from survey.database import reading, writing
from survey.mail import Letter, LetterRefused
from survey.services import audit_log
from survey.services.accounts import account_letters, invited
from survey.services.accounts.account_letters import Sender
from survey.services.filing import files
from survey.services.here import day_of, zone_of
from survey.services.invitations.letters import Reader
from survey.services.invitations.sending import Outbox, Sending, send_each
from survey.services.practices.library import every
from survey.services.practices.places import Places, places
from survey.services.practices.register import Adoption, entries

BEFORE: Final = dt.timedelta(days=14)
APART: Final = dt.timedelta(days=7)
MOST_LINES: Final = 12
SENT: Final = "practice letters sent"


class Waiting(msgspec.Struct, frozen=True):
    """An account that is to be asked, and what runs in its units."""

    account: int
    name: str
    email: str
    language: str
    lines: tuple[str, ...]
    """A practice and its unit each, a dozen at most."""
    more: int
    """How many practices besides these run there."""


def due(session: Session, now: dt.datetime) -> tuple[str, dt.datetime, tuple[Waiting, ...]]:
    """Return the planned wave that opens within two weeks, when, and who is to be asked; "" where none does."""
    wave = _planned(session, now)
    if wave is None:
        return "", now, ()
    today = day_of(now, zone_of(session))
    running = entries(session, state="running")
    tree, names = places(session), {one.id: one.name for one in every(session)}
    found = list[Waiting]()
    for account, units in _leaders(session, today, wave):
        below = frozenset[str]().union(*(tree.below(unit) for unit in units))
        theirs = sorted((each for each in running if each.unit in below), key=lambda each: tree.order[each.unit])
        if theirs:
            lines = tuple(_line(each, tree, names, account.language) for each in theirs)
            found.append(
                Waiting(
                    account.id, account.name, account.email, account.language,
                    lines[:MOST_LINES], max(0, len(lines) - MOST_LINES),
                )
            )  # fmt: skip
    return wave.code, wave.opens_at, tuple(found)


def remind(
    engine: Engine,
    outbox: Outbox,
    now: dt.datetime,
    *,
    each: Callable[[int, int], None] = lambda _done, _all: None,
) -> Sending:
    """Write to everybody who is to be asked; run it again after a failure.

    Raises:
        Refused: another run is under way.
    """
    with files.alone(outbox.home / "practices.lock"):
        with reading(engine) as session:
            wave, opens, found = due(session, now)
            about = invited.sender(session, outbox.base_url)
        waiting = {one.account: one for one in found}
        if not waiting:
            return Sending(0, (), None, 0)

        def hand_over(reader: Reader) -> None:
            try:
                outbox.post.send(letter(about, waiting[reader.person], wave, opens), now)
            except LetterRefused:
                _note(engine, reader.person, day_of(now, about.zone))  # so that an address is not tried every hour
                raise
            _note(engine, reader.person, day_of(now, about.zone))

        readers = [Reader(one.account, one.name, one.email, one.language) for one in found]
        sending = send_each(outbox.post, readers, hand_over, each)
        if sending.accepted or sending.refused:
            with writing(engine) as session:
                audit_log.write(session, now, None, SENT, wave=wave, accepted=str(sending.accepted))
        return sending


def letter(about: Sender, one: Waiting, wave: str, opens: dt.datetime) -> Letter:
    """Write the letter that asks somebody what is still going on; no result stands in it."""
    reader = account_letters.Reader(one.account, one.email, one.name, "leader", one.language)
    written = account_letters.practices(about, reader, opens, one.lines, one.more)
    name = f"practices\0{wave}\0{opens:%Y-%m-%d}\0{one.account}"
    return replace(written, identity=hashlib.sha256(name.encode()).hexdigest()[:32])


def wanted(session: Session, account: int) -> bool:
    """Tell whether an account wants these letters: everybody does who has not said otherwise."""
    kept = session.get(models.PracticeLetter, account)
    return kept is None or not kept.unwanted


def want(session: Session, account: int, *, wanted: bool) -> None:
    """Note whether an account wants these letters."""
    _kept(session, account).unwanted = not wanted
    session.flush()


def _note(engine: Engine, account: int, today: dt.date) -> None:
    with writing(engine) as session:
        _kept(session, account).sent_on = today


def _kept(session: Session, account: int) -> models.PracticeLetter:
    session.get(models.Account, account, with_for_update={"key_share": True})  # one at a time keeps it first
    found = session.get(models.PracticeLetter, account)
    if found is None:
        found = models.PracticeLetter(account_id=account, unwanted=False)
        session.add(found)
    return found


def _planned(session: Session, now: dt.datetime) -> models.Wave | None:
    kept = models.Wave
    soon = (kept.state == "draft", kept.rehearsal.is_(False), kept.opens_at > now, kept.opens_at <= now + BEFORE)
    return session.scalar(select(kept).where(*soon).order_by(kept.opens_at).limit(1))


def _leaders(session: Session, today: dt.date, wave: models.Wave) -> list[tuple[models.Account, list[str]]]:
    """Return who leads units, wants letters and has had none for this wave, nor in the last week; by name."""
    account, letters = models.Account, session.scalars(select(models.PracticeLetter))
    rows = session.execute(
        select(account, models.Grant.unit_code)
        .join(models.Grant, models.Grant.account_id == account.id)
        .where(account.role == "leader", account.active)
        .order_by(account.name, account.id, models.Grant.unit_code)
    )
    since = min(day_of(wave.opens_at - BEFORE, zone_of(session)), today - APART + dt.timedelta(1))
    spared = {each.account_id for each in letters if each.unwanted or (each.sent_on and each.sent_on >= since)}
    found: dict[int, tuple[models.Account, list[str]]] = {}
    for one, unit in rows:
        if one.id not in spared:
            found.setdefault(one.id, (one, []))[1].append(unit)
    return list(found.values())


def _line(one: Adoption, tree: Places, names: dict[str, dict[str, str]], language: str) -> str:
    called = names[one.practice][language] if one.practice in names else one.practice
    return f"{tree.name(one.unit, language)}: {called}"
