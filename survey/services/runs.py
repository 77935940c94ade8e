"""Runs as rows: who asked, who has it and until when, what came of it. What does the work stands in `survey.runs`.

A run is under way from the moment it is asked for, in the transaction that asks. Whoever takes it up has it for a
while (a lease) and moves that on as long as the work goes on; where the process is killed the lease passes, and the
next one that looks takes the run up again. Leases are told by the database's clock, which all machines share.
"""

import datetime as dt
import secrets
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Engine, delete, func, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey import models
from survey.database import writing
from survey.i18n import Sentence

LEASE: Final = dt.timedelta(minutes=1)
WAITS: Final = dt.timedelta(hours=1)
"""How long a run that was cut into parts waits for the next one to be finished."""
KEPT: Final = dt.timedelta(days=7)
"""How long the outcome of a run is told; it may name somebody whose letter was refused."""
CLOCKS: Final = {
    "postgresql": text("SELECT timezone('utc', clock_timestamp())"),
    "sqlite": text("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')"),
}
"""The time in UTC, as the database knows it."""

Outcome = tuple[str, Sentence]
"""How it is told ("done" or "problem"), and the sentence."""


class Key(NamedTuple):
    """What kind of run, and about what: ("letters", "2026-Q4")."""

    kind: str
    about: str


class Run(msgspec.Struct, frozen=True):
    """The last run of a key."""

    running: bool = False
    """Asked for and not over, whoever has it."""
    outcome: Outcome | None = None
    """What came of it; None while it is under way, and where there never was one."""
    seconds: float = 0
    """How long it has been under way."""
    done: int = 0
    """How much was done when it began."""
    asked_by: int | None = None
    """The account that asked for it."""
    tries: int = 0
    """How often it was taken up, this time included."""


NONE: Final = Run()


class _Told(msgspec.Struct):
    """A sentence as it is kept: facts are sentences, numbers, or text."""

    text: str
    facts: dict[str, Any]


def ask(session: Session, key: Key, by: int | None = None, done: int = 0) -> bool:
    """Let a run begin once this session commits; tell whether it was asked for now, or is under way already."""
    now = clock(session)
    fresh = {
        "asked_by": by, "began_at": now, "done": done, "tries": 0, "holder": "", "lease_until": now, "outcome": "",
        "told": "",
    }  # fmt: skip
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    asked = insert(models.Run).values(kind=key.kind, about=key.about, **fresh)
    again = asked.on_conflict_do_update(index_elements=["kind", "about"], set_=fresh, where=models.Run.outcome != "")
    return session.scalar(again.returning(models.Run.kind)) is not None


def find(session: Session, key: Key) -> Run:
    """Return the last run of a key."""
    found = session.scalars(_one(key)).one_or_none()
    return NONE if found is None else _run(session, found)


def under_way(session: Session, kind: str) -> int:
    """Count the runs of a kind that are not over."""
    return session.scalar(select(func.count()).where(models.Run.kind == kind, models.Run.outcome == "")) or 0


def left(session: Session) -> list[Key]:
    """Return the runs that nobody has: just asked for, or their process is gone."""
    waiting = select(models.Run.kind, models.Run.about).where(models.Run.outcome == "", _nobodys(clock(session)))
    return [Key(kind, about) for kind, about in session.execute(waiting.order_by(models.Run.began_at))]


def take(engine: Engine, key: Key, holder: str) -> Run | None:
    """Have a run for the length of a lease; None where somebody else has it, or it is over."""
    with writing(engine) as session:
        now = clock(session)
        free = _change(key).where(models.Run.outcome == "", _nobodys(now))
        taken = free.values(holder=holder, lease_until=now + LEASE, tries=models.Run.tries + 1)
        if session.scalar(taken.returning(models.Run.kind)) is None:
            return None
        return _run(session, session.scalars(_one(key)).one())


def keep(engine: Engine, key: Key, holder: str) -> bool:
    """Move the lease on; False where somebody else has taken the run up meanwhile."""
    with writing(engine) as session:
        mine = _change(key).where(models.Run.outcome == "", models.Run.holder == holder)
        kept = mine.values(lease_until=clock(session) + LEASE)
        return session.scalar(kept.returning(models.Run.kind)) is not None


def end(engine: Engine, key: Key, holder: str, outcome: Outcome | None) -> bool:
    """Say what came of a run, or forget it where nobody is to be told; False where somebody else has taken it up."""
    with writing(engine) as session:
        if outcome is not None:
            return tell(session, key, holder, outcome)
        mine = delete(models.Run).where(*_is(key), models.Run.outcome == "", models.Run.holder == holder)
        return session.scalar(mine.returning(models.Run.kind)) is not None


def tell(session: Session, key: Key, holder: str, outcome: Outcome) -> bool:
    """Say what came of a run, with whatever else this session writes; False where it is not the holder's any more."""
    told = msgspec.json.encode(_plain(outcome[1])).decode()
    ended = _change(key).where(models.Run.outcome == "", models.Run.holder == holder)
    return session.scalar(ended.values(outcome=outcome[0], told=told).returning(models.Run.kind)) is not None


def give_back(engine: Engine, key: Key, holder: str) -> None:
    """Leave a run to the next one that looks, since this process is asked to stop."""
    with writing(engine) as session:
        mine = _change(key).where(models.Run.outcome == "", models.Run.holder == holder)
        session.execute(mine.values(lease_until=clock(session), tries=models.Run.tries - 1))


def share_out(session: Session, key: Key, holder: str, parts: Sequence[str]) -> list[str]:
    """Cut a run into parts, and return their ids; older ones go. No part where the run is not the holder's any more."""
    mine = _change(key).where(models.Run.outcome == "", models.Run.holder == holder)
    if session.scalar(mine.values(lease_until=clock(session) + WAITS).returning(models.Run.kind)) is None:
        return []
    session.execute(delete(models.RunPart).where(*_parts(key)).execution_options(synchronize_session=False))
    made = [models.RunPart(id=secrets.token_hex(16), what=what, over=False, problem="") for what in parts]
    for each in made:
        each.kind, each.about = key
    session.add_all(made)
    session.flush()
    return [each.id for each in made]


def part(session: Session, part_id: str) -> tuple[Key, str] | None:
    """Return what run a part belongs to, and what is to be done; None where it is done, or not wanted any more."""
    found = session.get(models.RunPart, part_id)
    return None if found is None or found.over else (Key(found.kind, found.about), found.what)


def finish(session: Session, part_id: str, problem: str) -> tuple[Key, str, list[str]] | None:
    """Note that a part is over; after the last one, return the run, who has it, and every problem, and forget them.

    Whoever finishes waits for the others, so that exactly one is the last.
    """
    waited = _whole(session, part_id)
    if waited is None:
        return None
    found, whole = waited
    key = Key(found.kind, found.about)
    found.over, found.problem = True, problem
    session.flush()
    parts = session.scalars(select(models.RunPart).where(*_parts(key))).all()
    if not all(each.over for each in parts):
        whole.lease_until = clock(session) + WAITS
        return None
    session.execute(delete(models.RunPart).where(*_parts(key)).execution_options(synchronize_session=False))
    return key, whole.holder, [each.problem for each in parts if each.problem]


def call_off(session: Session, part_id: str) -> tuple[Key, str] | None:
    """Forget every part of a run, since none can be done; return the run and who has it. None where one else did so."""
    waited = _whole(session, part_id)
    if waited is None:
        return None
    key = Key(waited[0].kind, waited[0].about)
    session.execute(delete(models.RunPart).where(*_parts(key)).execution_options(synchronize_session=False))
    return key, waited[1].holder


def forget_old(session: Session) -> None:
    """Forget what came of runs that began a while ago."""
    past = models.Run.began_at < clock(session) - KEPT
    session.execute(delete(models.Run).where(models.Run.outcome != "", past))


def forget_told(session: Session) -> None:
    """Forget what came of every run, since it may name somebody who is to be named nowhere."""
    session.execute(delete(models.Run).where(models.Run.outcome != ""))


def _run(session: Session, row: models.Run) -> Run:
    outcome = (row.outcome, _sentence(msgspec.json.decode(row.told, type=_Told))) if row.outcome else None
    seconds = (clock(session) - row.began_at).total_seconds() if outcome is None else 0
    return Run(not row.outcome, outcome, seconds, row.done, row.asked_by, row.tries)


def _whole(session: Session, part_id: str) -> tuple[models.RunPart, models.Run] | None:
    """Return a part and its run, which is held; None where another worker has ended it while this one waited."""
    found = session.get(models.RunPart, part_id)
    if found is None:
        return None
    whole = session.scalars(_one(Key(found.kind, found.about)).with_for_update()).one()
    session.expire_all()
    found = session.get(models.RunPart, part_id)
    return None if found is None else (found, whole)


def _is(key: Key) -> tuple[Any, Any]:
    return models.Run.kind == key.kind, models.Run.about == key.about


def _nobodys(now: dt.datetime) -> ColumnElement[bool]:
    """Say that a lease has passed, or lies further ahead than any can: the clock was, and went back."""
    return or_(models.Run.lease_until <= now, models.Run.lease_until > now + WAITS)


def _parts(key: Key) -> tuple[Any, Any]:
    return models.RunPart.kind == key.kind, models.RunPart.about == key.about


def _one(key: Key) -> Any:  # noqa: ANN401 - a SELECT of rows, whose type names SQLAlchemy's own
    return select(models.Run).where(*_is(key)).execution_options(populate_existing=True)


def _change(key: Key) -> Any:  # noqa: ANN401 - the same of an UPDATE
    return update(models.Run).where(*_is(key)).execution_options(synchronize_session=False)


def clock(session: Session) -> dt.datetime:
    """Return the time in UTC, as all who share the database see it."""
    found = session.scalar(CLOCKS[session.get_bind().dialect.name])
    return dt.datetime.fromisoformat(found) if isinstance(found, str) else found


def _plain(sentence: Sentence) -> _Told:
    facts = {
        name: _plain(fact) if isinstance(fact, Sentence) else fact if isinstance(fact, int | float) else str(fact)
        for name, fact in sentence.facts.items()
    }
    return _Told(sentence.text, facts)


def _sentence(kept: _Told) -> Sentence:
    facts = {
        name: _sentence(msgspec.convert(fact, _Told)) if isinstance(fact, dict) else fact
        for name, fact in kept.facts.items()
    }
    return Sentence(kept.text, facts)
