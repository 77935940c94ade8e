"""Who is told of results: leaders and observers who may see any of them, by letter, once HR says so."""

import datetime as dt
import hashlib
from collections.abc import Callable, Collection

import msgspec
from msgspec.structs import replace
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey import models
from survey.database import reading, writing
from survey.mail import Letter
from survey.privacy.thaw import Publication
from survey.services import audit_log
from survey.services.accounts import account_letters, invited
from survey.services.accounts.account_letters import Sender
from survey.services.filing import files
from survey.services.invitations.letters import Reader
from survey.services.invitations.sending import Outbox, Sending, send_each
from survey.services.publication import publication
from survey.services.waves import waves

SHARED = ("leader", "observer")
"""Who is told; HR publishes, and auditors see no results."""


class Listener(msgspec.Struct, frozen=True):
    """An account that may see some of a publication, and since when it has been told."""

    account: int
    name: str
    email: str
    language: str
    role: str
    units: tuple[str, ...]
    """Codes of the granted units that this publication has; whatever is below them is meant too."""
    told_on: dt.date | None


def audience(session: Session, published: Publication) -> tuple[Listener, ...]:
    """Return everybody who may see some of a publication and can sign in, by name."""
    wave = waves.wave(session, published.wave.code)
    told = dict(
        session.execute(select(models.Share.account_id, models.Share.sent_on).where(models.Share.wave_id == wave.id))
        .tuples()
        .all()
    )
    holders = joined_into(published)
    accounts = session.execute(
        select(models.Account, models.Grant.unit_code)
        .join(models.Grant, models.Grant.account_id == models.Account.id)
        .where(models.Account.role.in_(SHARED), models.Account.active)
        .order_by(models.Account.name, models.Account.id, models.Grant.unit_code)
    ).tuples()
    granted: dict[int, tuple[models.Account, dict[str, None]]] = {}
    for account, code in accounts:
        held = code if code in published else holders.get(code)
        if held is not None:
            granted.setdefault(account.id, (account, {}))[1][held] = None
    return tuple(
        Listener(
            account.id, account.name, account.email, account.language, account.role, tuple(units), told.get(account.id)
        )
        for account, units in granted.values()
    )


def share(
    engine: Engine,
    code: str,
    outbox: Outbox,
    now: dt.datetime,
    *,
    each: Callable[[int, int], None] = lambda _done, _all: None,
    by: int | None = None,
) -> Sending:
    """Write to everybody of the audience who has not been told; run it again after a failure.

    Raises:
        Refused: the wave is not published, its results were withdrawn, nobody waits, or another run is under way.
    """
    with files.alone(outbox.home / "sharing.lock"):
        with reading(engine) as session:
            found = publication.publication(session, code)
            waiting = {one.account: one for one in audience(session, found) if one.told_on is None}
            wave, about = waves.wave(session, code).id, invited.sender(session, outbox.base_url)

        def hand_over(reader: Reader) -> None:
            outbox.post.send(letter(about, waiting[reader.person], found), now)
            with writing(engine) as session:
                session.add(models.Share(wave_id=wave, account_id=reader.person, sent_on=now.date()))

        readers = [Reader(one.account, one.name, one.email, one.language) for one in waiting.values()]
        sending = send_each(outbox.post, readers, hand_over, each)
        with writing(engine) as session:
            audit_log.write(session, now, by, "results shared", wave=code, accepted=str(sending.accepted))
        return sending


def letter(about: Sender, listener: Listener, published: Publication) -> Letter:
    """Write the letter that tells somebody of results; no number stands in it."""
    reader = account_letters.Reader(listener.account, listener.email, listener.name, listener.role, listener.language)
    units = [published.unit(code).name(listener.language) for code in listener.units]
    written = account_letters.results(about, reader, published.wave.code, units, published.policy.k)
    # A second copy, after a run that was cut off, is known by its name as the same letter.
    name = f"results\0{published.digest}\0{listener.account}"
    return replace(written, identity=hashlib.sha256(name.encode()).hexdigest()[:32])


def joined_into(published: Publication) -> dict[str, str]:
    """Return the code of the joined group that holds a unit's people, by the unit's code."""
    groups: Collection[tuple[str, dict[str, dict[str, str]]]] = [(unit.code, unit.joined) for unit in published.units]
    return {member: code for code, members in groups for member in members}
